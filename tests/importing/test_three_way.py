from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from installflow.importing import import_board
from installflow.orders import (
    CollecteStarted,
    CommentAdded,
    DetailsChanged,
    OrderReceived,
    ReminderSet,
    StatusCorrected,
    VisitScheduled,
)
from installflow.orders.terms import HEADERS, OrderStatus
from tests.importing.boards import PLANNER, Board, counts, line, told

MOREL = "Boulangerie Morel"


def plain(**cells: str) -> dict[str, str]:
    return line(MOREL, **({"DATE": "14/04/2027", "HEURE": "9H30", "TECH": "Direct", "NOM": "Karim"} | cells))


# The cells, each changed in the file alone: what is recorded, and what the cell shows then.
EDITS: dict[str, tuple[dict[str, str], list[str], str, str]] = {
    "a date": ({"DATE": "15/04/2027"}, ["VisitScheduled"], "DATE", "15/04/2027"),
    "a date removed": ({"DATE": "", "HEURE": ""}, ["VisitScheduled"], "DATE", ""),
    "a slot removed": ({"HEURE": ""}, ["VisitScheduled", "VisitScheduled"], "HEURE", ""),
    "a slot": ({"HEURE": "14 h 30"}, ["VisitScheduled"], "HEURE", "14H 30"),
    "an origin": ({"TECH": "5com"}, ["VisitScheduled"], "TECH", "5 com"),
    "a technician": ({"NOM": "Nadia"}, ["VisitScheduled"], "NOM TECH", "Nadia"),
    "no technician": ({"NOM": ""}, ["TechnicianUnassigned"], "NOM TECH", ""),
    "a project manager": ({"CP": "Inès"}, ["VisitScheduled"], "NOM CP", "Inès"),
    "a reminder": ({"IMPER": "30/11/2026 rappeler"}, ["ReminderSet"], "IMPER", "30/11/2026 rappeler"),
    "a comment": ({"COMMENT": "6 postes"}, ["CommentAdded", "DetailsChanged"], "COMMENTAIRES PLANIF", "6 postes"),
    "a bill": ({"INFOS": "à facturer"}, ["BillingNoted"], "INFOS FACTURATION", "à facturer"),
    "a parcel": ({"MATERIEL": "ENVOYÉ", "CHRONO": "XW004123875FR"}, ["ParcelSent"], "N° CHRONO", "XW004123875FR"),
    "a delivery": ({"MATERIEL": "livré"}, ["ParcelDelivered"], "MATÉRIEL REÇU", "LIVRÉ"),
    "a portability": ({"PORTA": "14/04/2027"}, ["PortabilityNoted"], "PORTA PRÉVUE LE", "14/04/2027"),
    "a reliable portability": (
        {"PORTA": "14/04/2027 confirmée"},
        ["PortabilityConfirmed", "PortabilityNoted"],
        "PORTA PRÉVUE LE",
        "14/04/2027 confirmée",
    ),
    "a client spelt otherwise": ({"CLIENT": "Boulangerie MOREL"}, ["DetailsChanged"], "CLIENT", "Boulangerie MOREL"),
    "a status the workflow reaches": ({"STATUT": "Collecte"}, ["CollecteStarted"], "STATUT", "Collecte"),
    "a status held": ({"STATUT": "stand by -"}, ["PutOnStandBy"], "STATUT", "Stand BY"),
    "a status out of reach": ({"STATUT": "Installation"}, ["StatusCorrected"], "STATUT", "Installation"),
}


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_what_the_file_alone_changed_is_recorded_once(board: Board, edit: str) -> None:
    cells, events, header, shown = EDITS[edit]
    board.imports(plain())
    report = board.imports(plain(**cells))
    client = cells.get("CLIENT", MOREL)
    assert counts(report) == {"updated": 1}
    assert board.events(client) == [*events, "RowReimported"]
    assert board.cells(client)[header].endswith(shown)
    position = board.position
    assert counts(board.imports(plain(**cells))) == {"unchanged": 1}
    assert board.position == position


def test_a_status_the_workflow_does_not_reach_is_alerted_until_settled(board: Board) -> None:
    board.imports(plain())
    board.imports(plain(STATUT="Installation"))
    assert any("par l'import (import du tableau) : à régulariser" in said for said in board.one(MOREL).alerts)


def test_back_from_stand_by_is_a_resumption(board: Board) -> None:
    board.imports(plain(STATUT="Collecte"))
    board.imports(plain(STATUT="Stand BY"))
    board.imports(plain(STATUT="Collecte", IMPER="12/01/2027"))
    assert board.events(MOREL) == ["PutOnStandBy", "RowReimported", "ReminderSet", "Resumed", "RowReimported"]


def test_an_old_file_never_reverts_what_a_newer_one_brought(board: Board) -> None:
    board.imports(plain())
    board.imports(plain(DATE="08/12/2026", STATUT="Staging"))
    before = board.events(MOREL)
    report = board.imports(plain())
    assert board.events(MOREL) == before
    assert report.conflicts == 2
    assert all("le fichier est-il ancien" in warning["message"] for warning in report.warnings[-2:])
    assert board.imports(plain(DATE="08/12/2026", STATUT="Staging")).unchanged == 1


def test_a_cancellation_the_partner_confirmed_is_one(board: Board) -> None:
    board.imports(plain())
    board.imports(plain(STATUT="Annulé", COMMENT="perte du contrat, confirmé par Highcom le 16/11"))
    assert board.events(MOREL) == ["CommentAdded", "CancellationRequested", "OrderCancelled", "RowReimported"]


def test_a_cancellation_without_confirmation_is_a_correction(board: Board) -> None:
    board.imports(plain())
    board.imports(plain(STATUT="Annulé"))
    assert board.events(MOREL) == ["StatusCorrected", "RowReimported"]


def test_what_was_recorded_here_is_not_reverted_by_the_old_file(board: Board) -> None:
    board.imports(plain())
    board.record(MOREL, VisitScheduled(date=dt.date(2027, 4, 20), technician=("Nadia",)))
    board.record(MOREL, CollecteStarted())
    position = board.position
    assert counts(board.imports(plain())) == {"unchanged": 1}
    assert board.position == position


def test_work_done_and_undone_is_still_work(board: Board) -> None:
    board.imports(plain())
    board.record(MOREL, VisitScheduled(date=dt.date(2027, 4, 20)))
    board.record(MOREL, VisitScheduled(date=dt.date(2027, 4, 14)))
    report = board.imports(plain(DATE="21/04/2027"))
    assert counts(report) == {"unchanged": 1, "conflicts": 1}
    assert board.cells(MOREL)["DATE"] == "14/04/2027"


def test_a_cell_changed_on_both_sides_is_reported_each_time_and_records_nothing(board: Board) -> None:
    board.imports(plain())
    board.record(MOREL, VisitScheduled(date=dt.date(2027, 4, 20)))
    report = board.imports(plain(DATE="21/04/2027"))
    assert counts(report) == {"unchanged": 1, "conflicts": 1}
    assert "« 21/04/2027 » dans le fichier, « 20/04/2027 » ici" in told(report, "DATE")[-1]
    assert board.cells(MOREL)["DATE"] == "20/04/2027"
    assert board.events(MOREL) == ["VisitScheduled"]
    assert board.imports(plain(DATE="21/04/2027")).warnings == report.warnings


def test_a_conflict_stays_one_when_another_cell_is_recorded(board: Board) -> None:
    board.imports(plain())
    board.record(MOREL, VisitScheduled(date=dt.date(2027, 4, 20)))
    mixed = plain(DATE="21/04/2027", INFOS="à facturer")
    assert counts(board.imports(mixed)) == {"updated": 1, "conflicts": 1}
    position = board.position
    assert counts(board.imports(mixed)) == {"unchanged": 1, "conflicts": 1}
    assert board.position == position
    assert board.cells(MOREL)["DATE"] == "20/04/2027"


def test_a_conflict_ends_when_the_file_takes_the_value_kept(board: Board) -> None:
    board.imports(plain())
    board.record(MOREL, VisitScheduled(date=dt.date(2027, 4, 20)))
    board.imports(plain(DATE="21/04/2027"))
    assert counts(board.imports(plain(DATE="20/04/2027"))) == {"unchanged": 1}


def test_a_cell_worked_on_here_and_edited_later_in_the_file_is_a_conflict(board: Board) -> None:
    board.imports(plain())
    board.record(MOREL, VisitScheduled(date=dt.date(2027, 4, 20)))
    board.imports(plain(INFOS="à facturer"))  # moves the base of what file and order agree on, not of DATE
    assert counts(board.imports(plain(INFOS="à facturer", DATE="22/04/2027"))) == {"unchanged": 1, "conflicts": 1}


def test_what_an_import_entails_is_not_somebody_elses_work(board: Board) -> None:
    board.imports(plain())
    board.imports(plain(CHRONO="XW004123875FR"))  # shows ENVOYÉ, which the file does not say
    assert counts(board.imports(plain(CHRONO="XW004123875FR", MATERIEL="LIVRÉ"))) == {"updated": 1}
    assert board.cells(MOREL)["MATÉRIEL REÇU"] == "LIVRÉ"


def test_another_spelling_of_the_same_value_is_no_change_and_is_not_read_again(board: Board) -> None:
    board.imports(line(MOREL, IMPER="23/11/2026"))
    board.imports(line(MOREL, "Highcom ", "new", IMPER="lundi 23 nov"))
    assert board.events(MOREL) == ["RowReimported"]
    position = board.position
    path = board.file("later.csv", line(MOREL, "Highcom ", "new", IMPER="lundi 23 nov"))
    later = import_board(board.flow, path, by=PLANNER, today=dt.date(2027, 11, 20))
    assert counts(later) == {"unchanged": 1}
    assert board.position == position
    assert board.cells(MOREL)["IMPER"] == "23/11/2026"


def test_another_spelling_of_the_base_does_not_undo_what_was_done_since(board: Board) -> None:
    board.imports(line(MOREL, IMPER="lundi 23 nov"))
    board.record(MOREL, ReminderSet(date=dt.date(2026, 12, 1)))
    assert counts(board.imports(line(MOREL, IMPER="23/11/2026"))) == {"unchanged": 1}


def test_a_cell_that_cannot_be_read_stays_as_typed(board: Board) -> None:
    board.imports(line(MOREL))
    report = board.imports(line(MOREL, DATE="à confirmer"))
    assert told(report, "DATE")
    assert board.cells(MOREL)["DATE"] == "à confirmer"
    assert "DATE illisible : « à confirmer »" in board.one(MOREL).alerts
    board.imports(line(MOREL, DATE="14/04/2027"))
    assert board.cells(MOREL)["DATE"] == "14/04/2027"
    assert not [said for said in board.one(MOREL).alerts if "illisible" in said]


def test_an_unreadable_status_gives_way_to_the_first_regular_move(board: Board) -> None:
    board.imports(line(MOREL, status="RDV KO"))
    assert board.one(MOREL).status.label == "New"
    board.record(MOREL, CollecteStarted())
    assert not [said for said in board.one(MOREL).alerts if "STATUT" in said]


@pytest.mark.parametrize(
    ("header", "before"),
    [("PARTENAIRE", "HIGHCOM"), ("STATUT", "New"), ("TECH", "Direct"), ("NOM CP", "Inès"), ("MATÉRIEL REÇU", "LIVRÉ"),
     ("COMMENTAIRES PLANIF", "6 postes"), ("PORTA PRÉVUE LE", "14/04/2027")],
)  # fmt: skip
def test_a_cell_emptied_that_no_event_empties_is_said(board: Board, header: str, before: str) -> None:
    board.imports(plain(**{header: before}))
    report = board.imports(plain(**{header: ""}))
    assert [said for said in told(report, header) if "gardé" in said]
    assert board.cells(MOREL)[header] == before
    position = board.position
    assert not counts(board.imports(plain(**{header: ""}))).get("updated")
    assert board.position == position


def test_what_is_added_to_a_comment_is_one_more_comment(board: Board) -> None:
    board.imports(plain(COMMENT="switch à prévoir"))
    board.record(MOREL, CommentAdded(text="vu avec le gérant"))
    report = board.imports(plain(COMMENT="switch à prévoir\nbadge à l'accueil"))
    assert counts(report) == {"unchanged": 1, "conflicts": 1}
    board.imports(line("Garage Petit", COMMENT="un"))
    board.imports(line("Garage Petit", COMMENT="un\ndeux"))
    assert board.cells("Garage Petit")["COMMENTAIRES PLANIF"].endswith("Sonia : deux")


def test_a_technician_already_taken_comes_in_with_the_take_over_as_reason(board: Board) -> None:
    board.imports(plain(), line("Garage Petit", DATE="20/04/2027", NOM="Karim"))
    report = board.imports(plain(), line("Garage Petit", DATE="14/04/2027", NOM="Karim"))
    assert counts(report) == {"updated": 1, "unchanged": 1}
    assert any("double réservation" in said for said in board.one(MOREL).alerts)
    (scheduled,) = [
        entry.recorded.event
        for entry in board.flow.history(board.one("Garage Petit").id)
        if isinstance(entry.recorded.event, VisitScheduled)
    ]
    assert scheduled.override_reason == "reprise du tableau"


def test_two_lines_of_one_file_that_take_the_same_day(board: Board) -> None:
    board.imports(line("A", DATE="19/04/2027", NOM="Karim"), line("B", DATE="20/04/2027", NOM="Karim"))
    report = board.imports(line("A", DATE="21/04/2027", NOM="Karim"), line("B", DATE="21/04/2027", NOM="Karim"))
    assert counts(report) == {"updated": 2}
    assert board.cells("A")["DATE"] == board.cells("B")["DATE"] == "21/04/2027"


def test_a_column_the_file_does_not_have_is_not_emptied(board: Board) -> None:
    board.imports(plain())
    few = ("CLIENT", "PARTENAIRE", "STATUT")
    assert counts(board.imports(plain(), headers=few)) == {"unchanged": 1}
    assert counts(board.imports(plain(), headers=HEADERS)) == {"unchanged": 1}


def test_extra_columns_are_kept_as_typed(board: Board) -> None:
    headers = (*HEADERS, "Devis")
    board.imports(plain() | {"Devis": "2417"}, headers=headers)
    assert board.one(MOREL).as_json()["raw"]["Devis"] == "2417"
    assert counts(board.imports(plain() | {"Devis": "2418"}, headers=headers)) == {"updated": 1}
    assert board.one(MOREL).as_json()["raw"]["Devis"] == "2418"
    assert counts(board.imports(plain())) == {"unchanged": 1}


def test_the_file_the_planner_started_from_may_be_given(board: Board) -> None:
    board.imports(plain())
    board.record(MOREL, VisitScheduled(date=dt.date(2027, 4, 20)))
    started = board.file("export.csv", plain(DATE="20/04/2027"))
    report = board.imports(plain(DATE="21/04/2027"), base=started)
    assert counts(report) == {"updated": 1}
    assert board.cells(MOREL)["DATE"] == "21/04/2027"


def test_an_order_opened_here_is_not_overwritten_but_completed(board: Board) -> None:
    board.flow.open(OrderReceived(client=MOREL, partner="HIGHCOM", phones=6), by=PLANNER)
    board.record(MOREL, CollecteStarted())
    report = board.imports(line(MOREL, status="New", IMPER="30/11/2026"))
    assert counts(report) == {"updated": 1, "conflicts": 1}
    assert (board.cells(MOREL)["STATUT"], board.cells(MOREL)["IMPER"]) == ("Collecte", "30/11/2026")


def test_a_closed_order_does_not_reopen_by_its_old_line(board: Board) -> None:
    board.imports(plain(STATUT="Installation"))
    board.record(MOREL, StatusCorrected(status=OrderStatus.CLOTUREE, reason="erreur de saisie"))
    position = board.position
    assert counts(board.imports(plain(STATUT="Installation"))) == {"unchanged": 1}
    assert board.position == position


def test_a_line_cancelled_still_takes_notes(board: Board) -> None:
    board.imports(plain(STATUT="Annulé"))
    assert counts(board.imports(plain(STATUT="Annulé", INFOS="avoir à prévoir"))) == {"updated": 1}
    assert board.events(MOREL) == ["BillingNoted", "RowReimported"]


def test_details_put_right_here_leave_the_old_line_to_its_order(board: Board) -> None:
    board.imports(line(MOREL, ""))
    board.record(MOREL, DetailsChanged(client="Boulangerie Morel SARL", partner="HIGHCOM"))
    assert counts(board.imports(line(MOREL, ""))) == {"unchanged": 1}


def test_a_text_too_long_for_its_event_is_said_and_the_other_lines_go_on(board: Board) -> None:
    long: Any = line("C" * 600)
    report = board.imports(long, line(MOREL))
    assert counts(report) == {"created": 1, "skipped": 1}
    assert any("ligne non importée" in said for said in told(report, "CLIENT"))


def test_a_long_comment_fits(board: Board) -> None:
    comment = "é" * 7_900
    assert counts(board.imports(line(MOREL, COMMENT=comment))) == {"created": 1}
    assert counts(board.imports(line(MOREL, COMMENT=comment))) == {"unchanged": 1}
