"""Follows each requirement to the examples that show it, and back."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.architecture.specs import Feature, Scenario

BUILT = "built"
TO_COME = "to come"


@dataclass(frozen=True)
class Requirement:
    """One line of docs/reference/requirements.csv."""

    number: str
    title: str
    status: str
    refusable: bool


def read_requirements(file: Path) -> list[Requirement]:
    """The project's own list; a malformed line is an error, never skipped."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";", strict=True))
    for row in rows:
        if row["status"] not in {BUILT, TO_COME} or row["refusable"] not in {"yes", "no"} or not row["title"]:
            message = f"{row['number']}: a title, {BUILT!r} or {TO_COME!r}, then yes or no"
            raise ValueError(message)
    return [Requirement(row["number"], row["title"], row["status"], row["refusable"] == "yes") for row in rows]


def shows_a_refusal(scenario: Scenario) -> bool:
    """Whether an outcome, or an example's row that fills one in, speaks of a refusal."""
    told = [text for step in scenario.steps if step.kind == "Outcome" for text in (step.text, *step.cells)]
    if any("<" in text for text in told):
        told += [cell for row in scenario.rows for cell in row]
    return any("refus" in text.casefold() for text in told)


def gaps(requirements: Iterable[Requirement], features: Iterable[Feature]) -> list[str]:
    """What does not join up: requirements without examples, built ones never refused, tags of no requirement."""
    shown: dict[str, list[Scenario]] = {}
    tags: set[str] = set()
    for feature in features:
        tags |= feature.tags.union(*(rule.tags for rule in feature.rules))
        for scenario in feature.scenarios:
            tags |= scenario.own_tags
            for tag in scenario.tags | feature.tags:
                if not scenario.question:
                    shown.setdefault(tag, []).append(scenario)
    known = {requirement.number: requirement for requirement in requirements}
    problems = [f"@{tag}: no such requirement" for tag in sorted(tags) if tag.startswith("R-") and tag not in known]
    for number, requirement in known.items():
        examples = shown.get(number, [])
        if requirement.status == BUILT and not examples:
            problems.append(f"{number} ({requirement.title}): no example")
        elif requirement.status == BUILT and requirement.refusable and not any(map(shows_a_refusal, examples)):
            problems.append(f"{number} ({requirement.title}): no example of a refusal")
        elif requirement.status == TO_COME and examples:
            problems.append(f"{number} ({requirement.title}): has examples, so it is no longer to come")
    return problems
