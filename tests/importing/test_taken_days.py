"""A technician's day that an order of the store has already: the import takes it all the same, and says whose it is."""

from __future__ import annotations

import datetime as dt

import pytest

from installflow.importing import ImportReport
from installflow.orders import TechnicianUnassigned, VisitScheduled
from installflow.orders.terms import Slot
from tests.importing.boards import Board, counts, line, told

MONDAY, TUESDAY = "14/12/2026", "15/12/2026"


def visit(client: str, day: str = MONDAY, hour: str = "9H", name: str = "Karim") -> dict[str, str]:
    return line(client, status="En attente de planification", DATE=day, HEURE=hour, NOM=name)


def taken(report: ImportReport) -> list[str]:
    return [said for said in told(report, "NOM TECH") if "double réservation" in said or "déjà bloqué" in said]


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_new_line_names_the_order_that_holds_the_day(board: Board, dry_run: bool) -> None:
    board.imports(visit("Hôtel"), visit("Lycée", TUESDAY))
    report = board.imports(visit("Mairie", hour="14H"), visit("Crèche", TUESDAY, name="KARIM"), dry_run=dry_run)
    assert taken(report) == [
        "technicien déjà bloqué ce jour : Karim le 14/12/2026, par Hôtel",
        "double réservation : KARIM le 15/12/2026 à 9H, déjà pris par Lycée",
    ]
    assert (report.created, [remark.line for remark in report.news if "Karim" in remark.message]) == (2, [2])


def test_a_line_moved_onto_a_taken_day_says_so(board: Board) -> None:
    board.imports(visit("Hôtel"), visit("Mairie", TUESDAY))
    assert taken(board.imports(visit("Mairie"))) == [
        "double réservation : Karim le 14/12/2026 à 9H, déjà pris par Hôtel"
    ]
    assert "double réservation" in " ".join(board.one("Hôtel").alerts)


def test_a_line_moved_onto_the_day_of_an_unchanged_line_below_says_so_itself(board: Board) -> None:
    board.imports(visit("Mairie", TUESDAY), visit("Hôtel"))
    report = board.imports(visit("Mairie"), visit("Hôtel"))
    assert [remark.line for remark in report.news if "déjà pris par Hôtel" in remark.message] == [2]


def test_two_lines_of_one_file_are_told_of_each_other_once(board: Board) -> None:
    assert taken(board.imports(visit("Hôtel"), visit("Mairie"))) == [
        "double réservation : Karim le 14/12/2026 à 9H, déjà pris ligne 2"
    ]


def test_a_day_that_the_file_itself_frees_is_not_taken(board: Board) -> None:
    board.imports(visit("Hôtel"))
    assert taken(board.imports(visit("Mairie"), visit("Hôtel", TUESDAY))) == []


def test_a_day_given_back_is_not_taken(board: Board) -> None:
    board.imports(visit("Hôtel"))
    board.record("Hôtel", TechnicianUnassigned(reason="malade"))
    assert taken(board.imports(visit("Mairie"))) == []


def test_the_order_moved_here_counts_and_not_its_old_line(board: Board) -> None:
    board.imports(visit("Hôtel", TUESDAY))
    board.record("Hôtel", VisitScheduled(date=dt.date(2026, 12, 14), slot=Slot.H1400))
    report = board.imports(visit("Hôtel", TUESDAY), visit("Mairie"), visit("Crèche", TUESDAY))
    assert taken(report) == [
        "technicien déjà bloqué ce jour : Karim le 14/12/2026, par Hôtel",
        "double réservation : Karim le 15/12/2026 à 9H, déjà pris ligne 2",
    ]


def test_what_was_told_once_is_not_told_of_a_line_that_changes_otherwise(board: Board) -> None:
    board.imports(visit("Hôtel"))
    board.imports(visit("Mairie"))
    report = board.imports(visit("Mairie") | {"COMMENTAIRES PLANIF": "rappeler"})
    assert (counts(report), taken(report)) == ({"updated": 1, "absent": 1}, [])


def test_many_holders_are_not_all_named(board: Board) -> None:
    board.imports(*(visit(f"Client {number}", hour="10H") for number in range(7)))
    (said,) = taken(board.imports(visit("Mairie")))
    assert said.endswith(", par Client 0, Client 1, Client 2, Client 3, Client 4 et 2 de plus")
