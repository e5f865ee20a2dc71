"""The feature lint, on texts that must and must not pass, then on the project's own files."""

from __future__ import annotations

import pytest

from tests.architecture.feature_lint import lint
from tests.architecture.specs import read_all
from tests.conftest import FEATURES

GOOD = """\
# language: fr
Fonctionnalité: La collecte

  @R-BOARD-24
  Règle: La collecte est obligatoire au-delà de 4 téléphones

    Contexte:
      Étant donné la commande "Étude Lambert" de VIP TELECOM

    Plan du scénario: <téléphones> téléphones, <collecte> collecte
      Étant donné une commande de <téléphones> téléphones, <collecte> collecte
      Quand Sonia passe la commande en "Staging"
      Alors le passage est <décision>

      Exemples:
        | téléphones | collecte | décision |
        | 4          | sans     | accepté  |
        | 5          | sans     | refusé   |

    Scénario: Le planificateur lit pourquoi c'est refusé
      Étant donné une commande de 12 téléphones
      Quand Sonia passe la commande en "Staging"
      Alors c'est refusé : "la collecte est obligatoire au-delà de 4 téléphones"
      Et la commande est en "New"

    @question
    Scénario: Les bases DECT comptent-elles ?
"""


def changed(old: str, new: str) -> str:
    assert old in GOOD, "the example must hold what the test changes"
    return GOOD.replace(old, new)


def test_a_good_file_has_no_fault():
    assert lint(GOOD) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (changed("# language: fr\n", ""), "the first line is not"),
        (changed("# language: fr", "# language: en"), "the first line is not"),
        (changed("Fonctionnalité: ", "Fonctionnalité : "), "a blank before the colon"),
        (changed("  Règle:", "  Regle:"), "not Gherkin"),
        (
            changed("Le planificateur lit pourquoi c'est refusé", "<téléphones> téléphones, <collecte> collecte"),
            "twice",
        ),
        (changed("la collecte est obligatoire", "la collecte\u00a0est obligatoire"), "a no-break space"),
        (changed("c'est refusé :", "c\u2019est refusé :"), "a curly apostrophe"),
        (changed('"Staging"', "\u201cStaging\u201d"), "a curly quote"),
        (changed("de 12 téléphones", "de 12 te\u0301le\u0301phones"), "two characters"),
        (changed("Sonia passe la commande", "Sonia clique sur le bouton de la commande"), "« bouton »"),
        (changed("VIP TELECOM", "l'Id 12"), "« Id »"),
        (changed("    | 5          | sans     |", "    | 5          | json     |"), "« json »"),
        (changed("  @R-BOARD-24\n", ""), "carries no requirement"),
        (changed("@R-BOARD-24", "@R-BOARD-4"), "no requirement's number"),
        (changed("    @question\n", "    @question @r-board-24\n"), "no requirement's number"),
        (
            changed("  @R-BOARD-24\n  Règle: La collecte est obligatoire au-delà de 4 téléphones\n", ""),
            "illustrates no Règle",
        ),
        (changed("Le planificateur lit pourquoi c'est refusé", "Cas nominal"), "does not say"),
        (changed("Scénario: Le planificateur lit pourquoi c'est refusé", "Scénario:"), "does not say"),
        (changed("    @question\n", ""), "has 0 « Quand »"),
        (GOOD + "      Alors on ne sait pas\n", "no steps until it is answered"),
        (changed('      Et la commande est en "New"\n', "      Quand Sonia attend\n"), "has 2 « Quand »"),
        (
            changed('passe la commande en "Staging"\n      Alors c', "passe\n      Et Karim passe\n      Alors c"),
            "has 2",
        ),
        (changed("      Alors le passage est <décision>\n", ""), "it cannot fail"),
        (changed("      Étant donné une commande de 12 téléphones\n", ""), None),
        (changed('      Et la commande est en "New"\n', "      Étant donné Karim\n"), "not in the order"),
        (changed('      Et la commande est en "New"\n', '      * la commande est en "New"\n'), "not in the order"),
        (changed('      Et la commande est en "New"\n', "      Et a\n      Et b\n      Et c\n"), "has 6 steps"),
        (changed("de VIP TELECOM\n", "de VIP TELECOM\n      Et Karim\n      Et Sonia\n"), "hides state"),
        (changed("de VIP TELECOM\n", "de VIP TELECOM\n      Quand Karim part\n"), "« Étant donné » only"),
        (changed("Plan du scénario:", "Scénario:"), "goes with its Exemples"),
        ("# language: fr\nFonctionnalité: Vide\n", "no scenario"),
    ],
)
def test_each_fault_is_told(text, fault):
    problems = lint(text)
    if fault is None:
        assert problems == []
    else:
        assert any(fault in problem for problem in problems), problems


def test_a_word_inside_another_is_no_fault():
    assert lint(changed("Étude Lambert", "Champollion, Ideal et Eventail")) == []


@pytest.mark.parametrize(
    "file", sorted(FEATURES.rglob("*.feature")), ids=lambda file: file.relative_to(FEATURES).as_posix()
)
def test_the_features_keep_the_rules(file):
    assert lint(file.read_text(encoding="utf-8")) == []


def test_every_scenario_is_run_once_on_each_store(collected_scenarios):
    written = {
        (file.resolve(), scenario.title): len(scenario.rows) or 1
        for file, feature in read_all(FEATURES).items()
        for scenario in feature.scenarios
    }
    assert written, "there is no feature file"
    assert collected_scenarios == dict.fromkeys(("memory", "file", "postgres"), written)
