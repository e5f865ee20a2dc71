"""Reads feature files into what the lint and the traceability check look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gherkin.parser import Parser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Step:
    """One step: Context, Action, Outcome or Unknown (a bullet), an « Et » taking the kind before it."""

    line: int
    kind: str
    text: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A blue card, with its tags."""

    line: int
    title: str
    tags: frozenset[str]


@dataclass(frozen=True)
class Background:
    """A Contexte."""

    line: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Scenario:
    """One example (or a table of them), with the tags it has itself and the rule it illustrates."""

    line: int
    title: str
    own_tags: frozenset[str]
    rule: Rule | None
    steps: tuple[Step, ...]
    outline: bool
    rows: tuple[tuple[str, ...], ...]

    @property
    def tags(self) -> frozenset[str]:
        """Its tags and its rule's."""
        return self.own_tags | (self.rule.tags if self.rule else frozenset())

    @property
    def question(self) -> bool:
        """Whether it is a red card."""
        return "question" in self.tags


@dataclass(frozen=True)
class Feature:
    """One feature file."""

    title: str
    tags: frozenset[str]
    rules: tuple[Rule, ...]
    backgrounds: tuple[Background, ...]
    scenarios: tuple[Scenario, ...]


def read(text: str) -> Feature:
    """Read one feature file; raises gherkin's ParserError where it is not one."""
    document: Any = Parser().parse(text)
    feature = document.get("feature")
    if feature is None:
        return Feature("", frozenset(), (), (), ())
    rules: list[Rule] = []
    backgrounds: list[Background] = []
    scenarios: list[Scenario] = []
    for child in feature["children"]:
        if "rule" in child:
            node = child["rule"]
            rule = Rule(node["location"]["line"], node["name"].strip(), _tags(node))
            rules.append(rule)
            _read_children(node["children"], rule, backgrounds, scenarios)
        else:
            _read_children([child], None, backgrounds, scenarios)
    return Feature(feature["name"].strip(), _tags(feature), tuple(rules), tuple(backgrounds), tuple(scenarios))


def read_all(folder: Path) -> dict[Path, Feature]:
    """Every feature file of a folder, by path."""
    return {file: read(file.read_text(encoding="utf-8")) for file in sorted(folder.rglob("*.feature"))}


def _read_children(
    children: list[dict[str, Any]], rule: Rule | None, backgrounds: list[Background], scenarios: list[Scenario]
) -> None:
    for child in children:
        if "background" in child:
            node = child["background"]
            backgrounds.append(Background(node["location"]["line"], tuple(_steps(node))))
        elif "scenario" in child:
            node = child["scenario"]
            rows = tuple(
                tuple(cell["value"] for cell in row["cells"])
                for examples in node["examples"]
                for row in examples["tableBody"]
            )
            outline = "plan" in node["keyword"].casefold()
            scenarios.append(
                Scenario(
                    node["location"]["line"],
                    node["name"].strip(),
                    _tags(node),
                    rule,
                    tuple(_steps(node)),
                    outline,
                    rows,
                )
            )


def _steps(node: dict[str, Any]) -> Iterator[Step]:
    kind = "Unknown"
    for step in node["steps"]:
        if step["keywordType"] != "Conjunction":
            kind = step["keywordType"]
        rows = step.get("dataTable", {}).get("rows", [])
        cells = tuple(cell["value"] for row in rows for cell in row["cells"])
        yield Step(step["location"]["line"], kind, step["text"], cells)


def _tags(node: dict[str, Any]) -> frozenset[str]:
    return frozenset(tag["name"].removeprefix("@") for tag in node["tags"])
