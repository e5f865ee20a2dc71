from __future__ import annotations

import datetime as dt
from typing import Any

import openpyxl
import pytest

from installflow.importing import import_board
from installflow.orders import (
    CancellationRequested,
    CollecteStarted,
    CommentAdded,
    DetailsChanged,
    OrderCancelled,
    OrderReceived,
    PutOnStandBy,
    StatusCorrected,
)
from installflow.orders.calendar import TechnicianAbsent
from installflow.orders.spreadsheet import BoardLine, write_csv
from installflow.orders.terms import HEADERS, OrderStatus
from tests.importing.boards import PLANNER, TODAY, Board, counts, line, told
from tests.importing.test_which_order import export_file

MOREL = "Boulangerie Morel"
DAY = dt.date(2027, 4, 20)


def exported(board: Board, name: str = "export.csv") -> Any:
    write_csv(board.folder / name, [BoardLine(str(row.id), row.cells) for row in board.flow.planning(all=True)])
    return board.folder / name


def test_an_older_export_never_reverts_a_newer_file(board: Board) -> None:
    board.imports(line(MOREL, DATE="14/04/2027", NOM="Karim"))
    board.record(MOREL, CommentAdded(text="rappeler"))
    old = exported(board)
    board.imports(line(MOREL, DATE="20/04/2027", NOM="Nadia"))
    board.record(MOREL, CommentAdded(text="rappelé"))
    position = board.position
    report = import_board(board.flow, old, by=PLANNER, today=TODAY)
    assert board.position == position
    assert counts(report) == {"unchanged": 1, "conflicts": 3}
    assert (
        "la commande disait cela le 21/11/2026 et a changé depuis : le fichier est-il ancien ?"
        in told(report, "DATE")[-1]
    )


def test_an_older_export_that_brings_something_new_is_no_old_file(board: Board) -> None:
    board.imports(line(MOREL, DATE="14/04/2027"))
    board.imports(line(MOREL, DATE="20/04/2027"))
    assert counts(board.imports(line(MOREL, DATE="14/04/2027", INFOS="à facturer"))) == {"updated": 1}


def test_an_old_file_is_known_by_its_values_too(board: Board) -> None:
    old = line(MOREL, "Highcom", "att porta", DATE="14/04/2027", HEURE="9h30", IMPER="lundi 23 nov")
    board.imports(old)
    board.imports(line(MOREL, status="Stand BY", DATE="20/04/2027", HEURE="10H", IMPER="30/11/2026"))
    position = board.position
    spelt = {"HEURE": "0,395833333333333", "DATE": "2027-04-14 00:00:00", "IMPER": "23/11/2026"}
    report = board.imports(old | spelt)
    assert board.position == position
    assert report.conflicts == 4


def test_the_state_in_the_middle_of_a_unit_of_work_was_never_shown(board: Board) -> None:
    board.imports(line(MOREL, DATE="14/04/2027", HEURE="9H"))
    board.imports(line(MOREL, DATE="20/04/2027"))  # without HEURE: the date is removed, then set again
    assert board.events(MOREL)[:2] == ["VisitScheduled", "VisitScheduled"]
    assert counts(board.imports(line(MOREL))) == {"updated": 1}


def test_an_old_extra_column_does_not_come_back(board: Board) -> None:
    headers = (*HEADERS, "Devis")
    board.imports(line(MOREL) | {"Devis": "2417"}, headers=headers)
    board.imports(line(MOREL) | {"Devis": "2418"}, headers=headers)
    assert counts(board.imports(line(MOREL) | {"Devis": "2417"}, headers=headers)) == {"unchanged": 1, "conflicts": 1}
    assert board.one(MOREL).as_json()["raw"]["Devis"] == "2418"


def test_with_the_file_it_started_from_going_back_is_a_change(board: Board) -> None:
    board.imports(line(MOREL, DATE="14/04/2027"))
    board.imports(line(MOREL, DATE="20/04/2027"))
    started = board.file("started.csv", line(MOREL, DATE="20/04/2027"))
    assert counts(board.imports(line(MOREL, DATE="14/04/2027"), base=started)) == {"updated": 1}


def test_the_old_line_of_a_cancelled_order_opens_no_other(board: Board) -> None:
    old = line(MOREL, status="Staging", COMMENT="3 postes")
    board.imports(old)
    board.imports(line(MOREL, status="Stand BY", COMMENT="3 postes"))
    board.record(MOREL, CancellationRequested(reason="perte du contrat"))
    board.record(MOREL, OrderCancelled(confirmed_by="HIGHCOM", how="mail"))
    report = board.imports(old)
    assert counts(report) == {"unchanged": 1, "conflicts": 1}
    assert any("installflow open" in said for said in told(report, "CLIENT"))
    assert counts(board.imports(line(MOREL, COMMENT="6 postes"))) == {"created": 1}


def test_the_old_line_of_a_finished_order_is_not_taken_for_the_open_one(board: Board) -> None:
    board.imports(line(MOREL, DATE="14/04/2027"))
    board.imports(line(MOREL, DATE="20/04/2027"))
    board.record(MOREL, StatusCorrected(status=OrderStatus.CLOTUREE, reason="erreur de saisie"))
    board.imports(line(MOREL, COMMENT="une autre"))
    before = board.position
    assert counts(board.imports(line(MOREL, DATE="14/04/2027"))) == {"unchanged": 1, "conflicts": 1, "absent": 1}
    assert board.position == before


@pytest.mark.parametrize("comment", ["", "appeler avant"])
def test_a_former_name_is_reported_and_opens_no_other_order(board: Board, comment: str) -> None:
    board.flow.open(OrderReceived(client=MOREL, partner="HIGHCOM"), by=PLANNER)
    board.record(MOREL, DetailsChanged(client="Fournil Morel"))
    position = board.position
    report = board.imports(line(MOREL, COMMENT=comment))
    assert board.position == position
    assert report.conflicts == 1
    if comment:
        assert any("renommée depuis en « Fournil Morel »" in said for said in told(report, "CLIENT"))


def test_a_former_name_may_be_borne_by_another_order_of_the_same_file(board: Board) -> None:
    board.flow.open(OrderReceived(client=MOREL, partner="HIGHCOM"), by=PLANNER)
    board.record(MOREL, DetailsChanged(client="Fournil Morel"))
    assert counts(board.imports(line("Fournil Morel"), line(MOREL, COMMENT="la nouvelle"))).get("created") == 1


def test_what_an_exported_file_adds_to_a_comment_is_taken_once(board: Board) -> None:
    board.imports(line(MOREL, COMMENT="3 postes"))
    export_file(board)
    book = openpyxl.load_workbook(board.folder / "export.xlsx")
    book["Planning"].cell(2, HEADERS.index("COMMENTAIRES PLANIF") + 1).value = "3 postes\nrappelé, ok"
    book.save(board.folder / "edited.xlsx")
    reports = [import_board(board.flow, board.folder / "edited.xlsx", by=PLANNER, today=TODAY) for _ in range(2)]
    assert [counts(report) for report in reports] == [{"updated": 1}, {"unchanged": 1}]


def test_what_the_import_concludes_from_a_status_is_said_and_signed_by_the_file(board: Board) -> None:
    visit = {"DATE": "14/04/2027", "HEURE": "9H", "TECH": "Direct", "NOM": "Karim", "CP": "Inès", "PORTA": "sans porta"}
    board.imports(line(MOREL, status="Attente tech", **visit))
    report = board.imports(line(MOREL, status="Installation", **visit))
    assert board.events(MOREL) == ["TechnicianConfirmed", "RowReimported"]
    assert board.flow.history(board.one(MOREL).id)[1].recorded.by.source == "tableau planning.csv"
    said = (
        "STATUT : Attente tech → Installation enregistré comme « Technicien confirmé » (le tableau le dit), à vérifier"
    )
    assert said in told(report, "STATUT")


def test_an_emptied_reminder_is_said(board: Board) -> None:
    board.imports(line(MOREL, IMPER="30/11/2026"))
    report = board.imports(line(MOREL))
    assert told(report, "IMPER") == [
        "rappel du 30/11/2026 retiré dans le fichier : enregistré comme « IMPER fait », à vérifier"
    ]


def test_a_partner_that_asks_more_is_said(board: Board) -> None:
    board.imports(line(MOREL, "", DATE="14/04/2027"))
    report = board.imports(line(MOREL, "VIP", DATE="14/04/2027"))
    assert any(
        said.startswith("VIP TELECOM demande plus que les règles de tous") for said in told(report, "PARTENAIRE")
    )


def test_a_partner_without_rules_is_said_once_a_file(board: Board) -> None:
    report = board.imports(line(MOREL, "HC"), line("Hôtel", "hc"), line("Crèche", "HIGHCOMM"), line("Lycée", "Highcom"))
    assert told(report, "PARTENAIRE") == [
        "aucune règle propre à « HC » : celles de tous",
        "aucune règle propre à « HIGHCOMM » : celles de tous ; plutôt HIGHCOM ?",
    ]


def test_a_day_on_which_the_technician_is_absent_is_alerted(board: Board) -> None:
    board.flow.open(TechnicianAbsent(technician="Karim", day=DAY, reason="congés"), by=PLANNER)
    report = board.imports(line(MOREL, DATE="20/04/2027", NOM="karim"), line("Hôtel", DATE="21/04/2027", NOM="Karim"))
    absent = "karim est absent le 20/04/2027 (congés) : reporter le RDV ou changer de technicien"
    assert absent in told(report, "NOM TECH")
    assert absent in board.one(MOREL).alerts
    report = board.imports(line(MOREL, DATE="20/04/2027", NOM="karim"), line("Hôtel", DATE="20/04/2027", NOM="Karim"))
    assert any("Karim est absent le 20/04/2027" in said for said in told(report, "NOM TECH"))
    assert any("Karim est absent le 20/04/2027" in said for said in board.one("Hôtel").alerts)


def test_the_report_names_the_lines_and_tells_first_what_was_not_recorded(board: Board) -> None:
    board.imports(line(MOREL, CHRONO="XW004123876FR"), line("Hôtel", IMPER="lundi"))
    board.record("Hôtel", CollecteStarted())
    report = board.imports(
        line(MOREL, CHRONO="XW004123876FR", DATE="14/04/2027"),
        line("Hôtel", status="Staging", IMPER="lundi"),
        line("Crèche", IMPER="??"),
    )
    assert [(one.line, one.client, one.what) for one in report.updated_lines] == [
        (2, MOREL, ("DATE : vide → « 14/04/2027 »",))
    ]
    assert [(one.line, one.client) for one in report.created_lines] == [(4, "Crèche")]
    assert [one.line for one in report.news] == [3, 2, 4]
    assert len(report.warnings) > len(report.news)


def test_a_status_that_cannot_be_read_is_shown_as_typed_until_one_is_recorded(board: Board) -> None:
    board.imports(line(MOREL, status="RDV KO"))
    assert board.cells(MOREL)["STATUT"] == "RDV KO"
    assert "STATUT illisible : « RDV KO »" in board.one(MOREL).alerts
    assert counts(import_board(board.flow, exported(board), by=PLANNER, today=TODAY)) == {"unchanged": 1}
    board.record(MOREL, PutOnStandBy(reason="travaux"))
    assert board.cells(MOREL)["STATUT"] == "Stand BY"


def test_who_confirms_by_the_comment_is_not_written_beside_the_partner(board: Board) -> None:
    report = board.imports(line(MOREL, "Entreprise Pro", "Attente Parte", COMMENT="att BVC orange"))
    assert board.cells(MOREL)["PARTENAIRE"] == "Entreprise Pro"
    assert any("BVC Orange est lu en commentaire" in said for said in told(report, "COMMENTAIRES PLANIF"))
    board.imports(line("Hôtel", "Entreprise Pro / BVC", "Attente Parte"))
    assert board.cells("Hôtel")["PARTENAIRE"] == "Entreprise Pro/BVC Orange"


def test_a_line_of_totals_is_no_order(board: Board) -> None:
    report = board.imports(line(MOREL), {"CLIENT": "Total :", "INFOS FACTURATION": "1 250"}, {"CLIENT": "Sous-total"})
    assert counts(report) == {"created": 1, "skipped": 2}
    assert counts(board.imports(line(MOREL), line("Total"))) == {"unchanged": 1, "created": 1}  # a client of that name
