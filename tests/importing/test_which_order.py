from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from installflow.importing import ImportReport, import_board
from installflow.orders import InstallationClosed, OrderReceived, PutOnStandBy, Resumed, VisitDone
from installflow.orders.spreadsheet import BoardLine, write_xlsx
from installflow.orders.terms import HEADERS
from tests.importing.boards import PLANNER, TODAY, Board, counts, line, told

GARAGE = "Garage Beauvallon SARL"


def opened(board: Board, client: str = GARAGE, ref: str = "") -> str:
    return str(board.flow.open(OrderReceived(client=client, partner="HIGHCOM", ref=ref), by=PLANNER).id)


def export(board: Board) -> list[BoardLine]:
    return [BoardLine(str(row.id), row.cells) for row in board.flow.planning(all=True)]


@pytest.mark.parametrize("client", [GARAGE, "  garage  beauvallon sarl ", "GARAGE BEAUVALLON S.A.R.L".replace(".", "")])
def test_client_and_partner_in_any_spelling_are_the_same_order(board: Board, client: str) -> None:
    board.imports(line(GARAGE))
    assert "created" not in counts(board.imports(line(client, " Highcom")))


def test_two_lines_of_one_client_are_two_orders_and_find_them_again(board: Board) -> None:
    two = (line(GARAGE, COMMENT="3 postes"), line(GARAGE, COMMENT="doublon ?"))
    report = board.imports(*two)
    assert counts(report) == {"created": 2}
    assert "doublon possible de la ligne 2 : même CLIENT, même PARTENAIRE" in told(report, "CLIENT")
    position = board.position
    assert counts(board.imports(*two)) == {"unchanged": 2}
    assert counts(board.imports(*reversed(two))) == {"unchanged": 2}
    assert board.position == position


def test_two_lines_alike_to_the_letter_are_two_orders(board: Board) -> None:
    assert counts(board.imports(line(GARAGE), line(GARAGE))) == {"created": 2}
    assert counts(board.imports(line(GARAGE), line(GARAGE))) == {"unchanged": 2}
    assert counts(board.imports(line(GARAGE))) == {"unchanged": 1, "absent": 1}


def test_the_one_of_two_that_changed_is_told_by_the_other(board: Board) -> None:
    board.imports(line(GARAGE, COMMENT="un"), line(GARAGE, COMMENT="deux"))
    report = board.imports(line(GARAGE, COMMENT="un"), line(GARAGE, COMMENT="deux\ntrois"))
    assert counts(report) == {"unchanged": 1, "updated": 1}


def test_a_line_added_for_a_client_we_know_is_a_new_order(board: Board) -> None:
    board.imports(line(GARAGE, COMMENT="un"))
    report = board.imports(line(GARAGE, COMMENT="un"), line(GARAGE, COMMENT="deux"))
    assert counts(report) == {"unchanged": 1, "created": 1}


def test_several_orders_that_nothing_tells_apart_are_reported(board: Board) -> None:
    board.imports(line(GARAGE, COMMENT="un"), line(GARAGE, COMMENT="deux"))
    position = board.position
    report = board.imports(line(GARAGE, COMMENT="trois"))
    assert counts(report) == {"skipped": 1, "conflicts": 1}
    assert any("2 commandes de ce CLIENT et de ce PARTENAIRE" in said for said in told(report, "CLIENT"))
    assert board.position == position


@pytest.mark.parametrize(
    ("mine", "other"),
    [({"CHRONO": "XW004123875FR"}, {"CHRONO": "EE550187324FR"}), ({"PORTA": "14/04/2027"}, {"PORTA": "15/04/2027"})],
)
def test_a_parcel_or_a_portability_tells_two_orders_apart(
    board: Board, mine: dict[str, str], other: dict[str, str]
) -> None:
    board.imports(line(GARAGE, COMMENT="un", **mine), line(GARAGE, COMMENT="deux", **other))
    report = board.imports(line(GARAGE, COMMENT="un\nplus", **mine))
    assert counts(report) == {"updated": 1, "absent": 1}
    assert [row.row.comments[0].text for row in board.flow.planning() if len(row.row.comments) > 1] == ["un"]


def test_a_reference_in_a_column_of_its_own_tells_two_orders_apart(board: Board) -> None:
    opened(board, ref="CMD-1")
    second = opened(board, ref="CMD-2")
    headers = (*HEADERS, "Réf")
    board.imports(line(GARAGE, IMPER="30/11/2026") | {"Réf": "cmd-2"}, headers=headers)
    assert [str(row.id) for row in board.flow.planning() if row.row.reminders] == [second]


def test_a_client_renamed_is_reported_and_not_guessed(board: Board) -> None:
    board.imports(line(GARAGE, CHRONO="XW004123875FR", MATERIEL="LIVRÉ"))
    position = board.position
    report = board.imports(line("Garage du Val", CHRONO="XW 004 123 875 FR", MATERIEL="LIVRÉ"))
    assert counts(report) == {"skipped": 1, "conflicts": 1}
    assert any("client renommé ?" in said for said in told(report, "CLIENT"))
    assert board.position == position


def test_a_portability_of_its_own_gives_a_renamed_client_away(board: Board) -> None:
    porta = "10/12/2026 - 4 numéros + SDA 01 99 00 45 10 à 19"
    board.imports(line(GARAGE, PORTA=porta))
    assert counts(board.imports(line("Garage du Val", PORTA=porta))) == {"skipped": 1, "conflicts": 1}


def test_the_same_day_of_portability_makes_nobody_the_same_client(board: Board) -> None:
    board.imports(line(GARAGE, PORTA="10/12/2026"))
    assert counts(board.imports(line("Hôtel", PORTA="10/12/2026"))) == {"created": 1, "absent": 1}


def test_a_parcel_shared_with_an_order_still_in_the_file_is_no_renaming(board: Board) -> None:
    first = line(GARAGE, CHRONO="XW004123875FR")
    board.imports(first)
    assert counts(board.imports(first, line("Hôtel", CHRONO="XW004123875FR"))) == {"unchanged": 1, "created": 1}


def test_a_partner_filled_in_later_is_the_same_order(board: Board) -> None:
    board.imports(line(GARAGE, ""))
    assert counts(board.imports(line(GARAGE, "HIGHCOM"))) == {"updated": 1}
    assert board.one(GARAGE).row.partner == "HIGHCOM"


def test_an_order_gone_from_the_file_stays_and_is_listed(board: Board) -> None:
    board.imports(line(GARAGE), line("Hôtel"))
    position = board.position
    report = board.imports(line("Hôtel"))
    assert counts(report) == {"unchanged": 1, "absent": 1}
    assert [row.client for row in report.absent_orders] == [GARAGE]
    assert board.position == position


def test_the_old_line_of_a_finished_order_stays_its_line(board: Board) -> None:
    old = line(GARAGE, status="Installation", DATE="20/11/2026", HEURE="9H", TECH="Direct", NOM="Karim", CP="Inès")
    board.imports(old)
    board.record(GARAGE, VisitDone(report="posé"))
    board.record(GARAGE, InstallationClosed())
    assert counts(board.imports(old)) == {"unchanged": 1}
    assert counts(board.imports(line(GARAGE, COMMENT="une autre"))) == {"created": 1}
    assert counts(board.imports(old, line(GARAGE, COMMENT="une autre"))) == {"unchanged": 2}


def test_a_line_without_a_client_is_skipped_and_said(board: Board) -> None:
    report = board.imports(line("", COMMENT="reçu par téléphone"), line(GARAGE))
    assert (report.rows, counts(report)) == (2, {"created": 1, "skipped": 1})
    assert any("CLIENT vide" in said for said in told(report, "CLIENT"))


def test_blank_lines_below_the_last_are_no_lines(board: Board) -> None:
    blank = dict.fromkeys(HEADERS, "")
    report = board.imports(blank, line(GARAGE), blank, line("Hôtel"), blank, blank)
    assert (report.rows, counts(report)) == (4, {"created": 2, "skipped": 2})


def test_an_exported_workbook_tells_what_was_changed_in_it(board: Board) -> None:
    board.imports(line(GARAGE, status="Stand BY"))
    board.record(GARAGE, Resumed())  # since the last import, but before the export
    opened(board, "Hôtel")  # never imported
    export_file(board)
    assert counts(edited(board, "Stand BY")) == {"updated": 2}
    assert {row.status.label for row in board.flow.planning()} == {"Stand BY"}


def test_an_edited_export_does_not_undo_what_was_done_meanwhile(board: Board) -> None:
    board.imports(line(GARAGE))
    export_file(board)
    board.record(GARAGE, PutOnStandBy(reason="travaux"))
    assert counts(edited(board, "Collecte")) == {"unchanged": 1, "conflicts": 1}
    assert board.one(GARAGE).status.label == "Stand BY"


def export_file(board: Board) -> None:
    write_xlsx(board.folder / "export.xlsx", export(board), today=dt.date(2026, 11, 21))


def edited(board: Board, status: str) -> ImportReport:
    book = openpyxl.load_workbook(board.folder / "export.xlsx")
    sheet = book["Planning"]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, HEADERS.index("STATUT") + 1).value = status
    book.save(board.folder / "edited.xlsx")
    return import_board(board.flow, board.folder / "edited.xlsx", by=PLANNER, today=TODAY)
