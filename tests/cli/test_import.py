"""What `installflow import` says to the person who types it."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import openpyxl
import pytest

from installflow.orders.terms import HEADERS
from installflow.store.unit_of_work import UnitOfWork
from tests.importing.boards import Lines, line, write

DAY = ("--today", "2026-11-21")


def board(name: str, lines: Lines, headers: tuple[str, ...] = HEADERS) -> str:
    return str(write(Path(name), lines, headers))


def clients(many: int) -> Lines:
    return [line(f"Boutique {number:03}") for number in range(many)]


@pytest.mark.parametrize(
    ("step", "time", "told", "left"),
    [("add", 60, "50 lignes enregistrées", 70), ("commit", 2, "au moins 50 lignes enregistrées", 20)],
)
def test_ctrl_c_says_what_is_recorded_and_how_to_finish(
    sonia, monkeypatch, step: str, time: int, told: str, left: int
) -> None:
    path, whole, times = board("planning.csv", clients(120)), getattr(UnitOfWork, step), count(1)

    def interrupted(unit: UnitOfWork, *asked: object) -> object:
        done = whole(unit, *asked)
        if next(times) == time:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as at_the_keyboard:
        at_the_keyboard.setattr(UnitOfWork, step, interrupted)
        ran = sonia("import", path, *DAY)
    again = "relancer la même commande pour finir, elle n'enregistrera que le reste"
    assert (ran.code, ran.out, ran.err) == (130, "", f"interrompu : {told} ; {again}\n")
    assert f"{left} créée(s), {120 - left} inchangée(s)" in sonia("import", path, *DAY).out


def test_ctrl_c_in_a_trial_says_that_nothing_is_recorded(sonia, monkeypatch) -> None:
    def interrupted(_unit: UnitOfWork, _request: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(UnitOfWork, "add", interrupted)
    ran = sonia("import", board("planning.csv", clients(1)), "--dry-run", *DAY)
    assert (ran.code, ran.err) == (130, "interrompu : c'était un essai, rien n'est enregistré\n")


@pytest.mark.parametrize(("known", "left"), [(13, "et 2 autres absentes"), (12, "et 1 autre absente"), (11, "")])
def test_orders_the_file_has_not_do_not_bury_the_answer(sonia, known: int, left: str) -> None:
    sonia("import", board("all.csv", clients(known)), *DAY)
    out = sonia("import", board("one.csv", clients(1)), "--report", "remarques.xlsx", *DAY).out
    assert out.count("(HIGHCOM) : absente") == 10
    assert (left or "(HIGHCOM) : absente") in out
    assert bool(left) == ("--report FICHIER.xlsx les donne toutes" in out)
    listed = openpyxl.load_workbook("remarques.xlsx")["Remarques"]
    absent = [row for row in listed.iter_rows(values_only=True) if str(row[5]).startswith("absente du fichier, gardée")]
    assert [(row[1], row[4]) for row in absent] == [(None, f"Boutique {number:03}") for number in range(1, known)]


def test_a_line_without_a_client_is_told_once(sonia) -> None:
    out = sonia("import", board("planning.csv", [line("", COMMENT="par téléphone"), line("Hôtel")]), *DAY).out
    assert out.count("CLIENT vide") == 1
    assert "ligne non importée : CLIENT vide" in out


def test_a_blank_cell_is_called_blank(sonia) -> None:
    sonia("import", board("planning.csv", [line("Hôtel")]), *DAY)
    out = sonia("import", board("planning.csv", [line("Hôtel", CP="Inès")]), *DAY).out
    assert "NOM CP : vide → « Inès »" in out


def test_a_column_of_the_planners_own_is_searched(sonia, cli) -> None:
    lines = [line("Hôtel") | {"Ville": "Quimperlé"}, line("Lycée") | {"Ville": "Brest"}]
    sonia("import", board("planning.csv", lines, (*HEADERS, "Ville")), *DAY)
    assert [row["client"] for row in cli("board", "--search", "quimperle", "--json").json] == ["Hôtel"]
    assert [row["client"] for row in cli("board", "--search", "hotel quimperle", "--json").json] == ["Hôtel"]


def test_the_import_and_the_board_agree_on_a_collecte_that_was_not_done(sonia, cli) -> None:
    typed = line("Lycée", status="Staging", COMMENT="22 téléphones, collecte pas faite")
    out = " ".join(sonia("import", board("planning.csv", [typed]), *DAY).out.split())
    assert "absente d'après le commentaire, mais présumée faite" in out
    (row,) = cli("board", "--json").json
    assert any("présumées faites" in alert for alert in row["alerts"])
