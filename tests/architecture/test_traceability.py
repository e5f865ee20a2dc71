"""Every requirement is shown by an example, every example's tag is a requirement."""

from __future__ import annotations

import re

import pytest

from tests.architecture.specs import read, read_all
from tests.architecture.traceability import Requirement, gaps, read_requirements
from tests.conftest import FEATURES, ROOT

REQUIREMENTS = ROOT / "docs" / "reference" / "requirements.csv"

ACCEPTED = """\
# language: fr
Fonctionnalité: La collecte
  @R-BOARD-24
  Règle: La collecte est obligatoire au-delà de 4 téléphones
    Scénario: Quatre téléphones
      Quand Sonia passe la commande en "Staging"
      Alors la commande est en "Staging"
"""
REFUSED = (
    ACCEPTED
    + """\
    Scénario: Cinq téléphones
      Quand Sonia passe la commande en "Staging"
      Alors c'est refusé : "la collecte est obligatoire"
"""
)
BY_A_TABLE = (
    ACCEPTED
    + """\
    Plan du scénario: <téléphones> téléphones
      Quand Sonia passe la commande de <téléphones> téléphones en "Staging"
      Alors le passage est <décision>
      Exemples:
        | téléphones | décision |
        | 5          | refusé   |
"""
)
QUESTION = """\
# language: fr
Fonctionnalité: La collecte
  @R-BOARD-24
  Règle: La collecte est obligatoire au-delà de 4 téléphones
    @question
    Scénario: Les bases comptent-elles ?
"""


def requirement(number="R-BOARD-24", status="built", *, refusable=False):
    return Requirement(number, "the threshold of the collecte", status, refusable)


def test_an_example_shows_its_requirement():
    assert gaps([requirement()], [read(ACCEPTED)]) == []


def test_a_built_requirement_without_example_is_a_gap():
    assert gaps([requirement(), requirement("R-BOARD-25")], [read(ACCEPTED)]) == [
        "R-BOARD-25 (the threshold of the collecte): no example"
    ]


def test_a_question_is_no_example():
    assert gaps([requirement()], [read(QUESTION)]) == ["R-BOARD-24 (the threshold of the collecte): no example"]


def test_a_requirement_to_come_needs_none_and_has_none():
    to_come = requirement(status="to come")
    assert gaps([to_come], []) == []
    assert "no longer to come" in gaps([to_come], [read(ACCEPTED)])[0]


def test_a_tag_of_no_requirement_is_a_gap():
    assert gaps([], [read(ACCEPTED)]) == ["@R-BOARD-24: no such requirement"]


@pytest.mark.parametrize(("text", "told"), [(ACCEPTED, False), (REFUSED, True), (BY_A_TABLE, True)])
def test_what_can_be_broken_is_shown_refused(text, told):
    problems = gaps([requirement(refusable=True)], [read(text)])
    assert problems == ([] if told else ["R-BOARD-24 (the threshold of the collecte): no example of a refusal"])


def test_a_refusal_in_the_past_is_no_refusal_shown():
    past = ACCEPTED.replace("      Quand Sonia", "      Étant donné une demande refusée\n      Quand Sonia")
    assert gaps([requirement(refusable=True)], [read(past)]) != []


def test_a_malformed_line_is_refused(tmp_path):
    file = tmp_path / "requirements.csv"
    file.write_text("number;title;status;refusable\nR-BOARD-01;the columns;done;no\n", encoding="utf-8")
    with pytest.raises(ValueError, match="R-BOARD-01"):
        read_requirements(file)


def test_the_list_is_complete():
    numbers = [requirement.number for requirement in read_requirements(REQUIREMENTS)]
    lengths = {"BOARD": 43, "OPENIP": 21, "PARC": 21, "REQ": 14}
    assert numbers == [f"R-{kind}-{n:02}" for kind, length in lengths.items() for n in range(1, length + 1)]


def test_the_board_is_built():
    built = {each.number for each in read_requirements(REQUIREMENTS) if each.status == "built"}
    assert {number for number in built if re.match("R-BOARD", number)} == {f"R-BOARD-{n:02}" for n in range(1, 44)}


def test_every_requirement_is_shown():
    assert gaps(read_requirements(REQUIREMENTS), read_all(FEATURES).values()) == []
