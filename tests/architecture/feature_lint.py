"""The rules the French feature files keep, so that a planner can read and correct them.

They are those of docs/reference/features.md; what only a person can judge (real values, one idea per
example) is not here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from gherkin.errors import ParserError

from tests.architecture.specs import Background, Feature, Rule, Scenario, read

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_LINE = "# language: fr"
MOST_STEPS = 5
MOST_CONTEXT = 2
REQUIREMENT = re.compile(r"R-(BOARD|OPENIP|PARC|REQ)-\d\d")
KEYWORD_BEFORE_BLANK = re.compile(
    r"^\s*(Fonctionnalité|Règle|Contexte|Scénario|Plan du scénario|Exemples)[\s\u00a0\u202f]+:", re.MULTILINE
)
ODD_CHARACTERS = {
    "\u00a0": "a no-break space",
    "\u202f": "a narrow no-break space",
    "\u2007": "a figure space",
    "\u2009": "a thin space",
    "\u200b": "a zero-width space",
    "\ufeff": "a byte order mark",
    "\u2018": "a curly quote",
    "\u2019": "a curly apostrophe",
    "\u201c": "a curly quote",
    "\u201d": "a curly quote",
    "\t": "a tab",
}
# Words of the machine, not of the board.
BANNED = re.compile(
    r"\b(events?|événements?|évènements?|champs?|écrans?|boutons?|ids?|uuid|json|api|payload|null|none|true|false"
    r"|clique[rz]?|base de données)\b",
    re.IGNORECASE,
)
EMPTY_TITLE = re.compile(r"^\s*$|cas (nominal|passant|normal|d'erreur)|happy path|^(test|exemple)\b", re.IGNORECASE)
ORDER = {"Context": 0, "Action": 1, "Outcome": 2}


def lint(text: str) -> list[str]:
    """Every fault of one feature file, as `line: what is wrong`."""
    problems = [*_typography(text)]
    if text.split("\n", 1)[0].rstrip("\r") != FIRST_LINE:
        problems.append(f"1: the first line is not `{FIRST_LINE}`")
        return problems
    try:
        feature = read(text)
    except ParserError as error:
        return [*problems, f"1: not Gherkin: {' '.join(str(error).split())}"]
    problems += _words(text)
    problems += _feature(feature)
    for rule in feature.rules:
        problems += _rule(rule)
    for background in feature.backgrounds:
        problems += _background(background)
    for scenario in feature.scenarios:
        problems += _scenario(scenario)
    return problems


def _typography(text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n"), start=1):
        for character, name in ODD_CHARACTERS.items():
            if character in line:
                yield f"{number}: {name}, as word processors put"
        if unicodedata.normalize("NFC", line) != line:
            yield f"{number}: an accent written as two characters"
        if KEYWORD_BEFORE_BLANK.match(line):
            yield f"{number}: a blank before the colon of a keyword"


def _words(text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith(("#", "@")):
            continue
        for word in BANNED.findall(line):
            yield f"{number}: « {word} » is no word of the planners"


def _feature(feature: Feature) -> Iterator[str]:
    if not feature.scenarios:
        yield "1: no scenario"
    titles = Counter(scenario.title for scenario in feature.scenarios)
    for scenario in feature.scenarios:
        if titles[scenario.title] > 1:
            yield f"{scenario.line}: « {scenario.title} » stands twice in the file, one of them would not run"


def _rule(rule: Rule) -> Iterator[str]:
    if not rule.title:
        yield f"{rule.line}: a Règle without its sentence"
    if not any(tag.startswith("R-") for tag in rule.tags):
        yield f"{rule.line}: the Règle « {rule.title} » carries no requirement (@R-…)"
    yield from _requirement_tags(rule.line, rule.tags)


def _requirement_tags(line: int, tags: frozenset[str]) -> Iterator[str]:
    for tag in sorted(tags):
        if tag.upper().startswith("R-") and not REQUIREMENT.fullmatch(tag):
            yield f"{line}: @{tag} is no requirement's number (@R-BOARD-07)"


def _background(background: Background) -> Iterator[str]:
    if len(background.steps) > MOST_CONTEXT:
        yield f"{background.line}: a Contexte of {len(background.steps)} lines hides state (at most {MOST_CONTEXT})"
    if any(step.kind != "Context" for step in background.steps):
        yield f"{background.line}: a Contexte holds « Étant donné » only"


def _scenario(scenario: Scenario) -> Iterator[str]:
    line, title = scenario.line, scenario.title
    if EMPTY_TITLE.search(title):
        yield f"{line}: the title « {title} » does not say what the example adds to the rule"
    if scenario.rule is None:
        yield f"{line}: « {title} » illustrates no Règle"
    yield from _requirement_tags(line, scenario.own_tags)
    if scenario.question:
        if scenario.steps:
            yield f"{line}: « {title} » is a question: it has no steps until it is answered"
        return
    if len(scenario.steps) > MOST_STEPS:
        yield f"{line}: « {title} » has {len(scenario.steps)} steps (at most {MOST_STEPS})"
    kinds = [step.kind for step in scenario.steps]
    if kinds.count("Action") != 1:
        yield f"{line}: « {title} » has {kinds.count('Action')} « Quand » (« Et » after it included), not one"
    if "Outcome" not in kinds:
        yield f"{line}: « {title} » has no « Alors »: it cannot fail"
    places = [ORDER.get(kind, -1) for kind in kinds]
    if -1 in places or places != sorted(places):
        yield f"{line}: « {title} » is not in the order Étant donné, Quand, Alors"
    if scenario.outline != bool(scenario.rows):
        yield f"{line}: « {title} »: a Plan du scénario goes with its Exemples, a Scénario has none"
