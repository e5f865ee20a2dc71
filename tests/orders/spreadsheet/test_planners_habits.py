"""What planners do to a sheet that is no cell's text: merged cells, comments, formulas, titles between the lines."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.comments import Comment

from installflow.orders.spreadsheet import RawRow, read_board, read_row, write_report
from installflow.orders.terms import OrderStatus
from tests.orders.spreadsheet.test_reading_xlsx import TOP, repacked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from installflow.orders.spreadsheet import ReadRow

    MakeXlsx = Callable[..., Path]

TODAY = dt.date(2026, 11, 21)


def edited(path: Path, change: Callable[[Worksheet], object]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def said(row: ReadRow) -> list[tuple[str, str]]:
    return [(remark.column, remark.message) for remark in row.remarks]


def test_a_line_under_a_merged_client_says_so_and_nothing_else(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [["Planning"], [], TOP, ["Bâtimont", "New"], [None, "New", dt.date(2026, 12, 15), "9H"]]})
    first, second = read_board(edited(path, lambda sheet: sheet.merge_cells("A4:A5"))).rows
    assert not read_row(first, TODAY).refused
    row = read_row(second, TODAY)
    assert row.refused.startswith("CLIENT est fusionné avec la ligne 4 (« Bâtimont »)")
    assert "planifier_rdv extra=oui" in row.refused
    assert row.remarks == ()


def test_another_merged_cell_belongs_to_its_first_line(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [TOP, ["a", "Collecte"], ["b", None], ["c", "New"]]})
    rows = read_board(edited(path, lambda sheet: sheet.merge_cells("B2:C3"))).rows
    assert [[remark.message for remark in row.remarks] for row in rows] == [
        [],
        ["STATUT est fusionné avec la ligne 2 (« Collecte »), qui l'a seule : défusionnez et retapez-le ici"],
        [],
    ]


@pytest.mark.parametrize("span", [b"B:B", b"2:3", b"B2", b"b2:zz9", b"B9:B2"])
def test_a_merged_range_that_is_none_is_left(make_xlsx: MakeXlsx, span: bytes) -> None:
    path = edited(make_xlsx({"P": [TOP, ["a", "New"], ["b", None]]}), lambda sheet: sheet.merge_cells("B2:B3"))
    broken = repacked(path, lambda _, part: part.replace(b'ref="B2:B3"', b'ref="' + span + b'"'))
    assert [row.remarks for row in read_board(broken).rows] == [(), ()]


def test_a_comment_is_told_with_its_text(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [["Titre"], [*TOP, "Zone"], ["a", "New", None, None, None, "Sud"], ["b", "New"]]})

    def comment(sheet: Worksheet) -> None:
        sheet["A3"].comment = Comment("appeler avant 10h", "Sonia")
        sheet["F3"].comment = Comment("[Threaded comment]\n\nYour version…\n\nComment:\n    voir le plan", "tc")
        sheet["A4"].comment = Comment("d'un rapport", "installflow")
        sheet["B2"].comment = Comment("légende", "Sonia")

    rows = read_board(edited(path, comment)).rows
    assert [(r.line, r.column, r.value, r.message.partition(" ; ")[0]) for row in rows for r in row.remarks] == [
        (2, "CLIENT", "a", "note sur la cellule, pas dans la commande : « appeler avant 10h »"),
        (2, "Zone", "", "note sur la cellule, pas dans la commande : « voir le plan »"),
    ]


def test_comments_that_are_missing_are_no_reason_to_refuse_the_board(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [TOP, ["a", "New"]]})
    edited(path, lambda sheet: setattr(sheet["A2"], "comment", Comment("perdu", "Sonia")))
    path = repacked(path, lambda name, part: part.replace(b"comment1.xml", b"gone.xml") if "sheet" in name else part)
    assert read_board(path).rows[0].remarks == ()


def test_a_long_comment_is_cut(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [TOP, ["a", "New"]]})
    edited(path, lambda sheet: setattr(sheet["A2"], "comment", Comment("x" * 1000, "Sonia")))
    (remark,) = read_board(path).rows[0].remarks
    assert "x…" in remark.message
    assert len(remark.message) < 400


def test_a_formula_is_not_calculated_but_what_excel_showed_is_proposed(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [TOP, ["a", "New", dt.date(2026, 12, 15)], ["b", "New", "=C2+7", None, "=1+1"]]})
    edited(path, lambda sheet: setattr(sheet["C3"], "number_format", "DD/MM/YYYY"))
    path = repacked(path, lambda _, part: re.sub(rb"(<f>C2\+7</f>)<v ?/?>(</v>)?", rb"\1<v>46378</v>", part))
    raw = read_board(path).rows[1]
    assert raw.cells["DATE"] == "=C2+7"
    row = read_row(raw, TODAY)
    assert row.date is None
    kept = "cellule commençant par = : gardée comme texte, la formule n'est jamais calculée"
    assert [message for column, message in said(row) if column == "DATE"] == [
        f"{kept} ; Excel y montrait « 22/12/2026 » : tapez-le s'il est juste"
    ]
    assert [message for column, message in said(row) if column == "N° CHRONO"] == [kept]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"IMPER": "SEMAINE 47"}, "« SEMAINE 47 » : un titre n'est pas une commande"),
        ({"CLIENT": "Semaine 49 du 30/11 au 4/12", "STATUT": "=COUNTA(J5:J9)"}, "un titre n'est pas une commande"),
        ({"CLIENT": "Novembre 2026", "DATE": "12"}, "un titre n'est pas une commande"),
        ({"CLIENT": "S 48"}, "un titre n'est pas une commande"),
        ({"CLIENT": "TOTAL", "STATUT": "=NBVAL(J5:J9)"}, "une ligne de total n'est pas une commande"),
        ({"INFOS FACTURATION": "Sous-total", "HEURE": "12"}, "une ligne de total n'est pas une commande"),
        ({"CLIENT": "Sous-total HIGHCOM", "DATE": "38"}, "une ligne de total n'est pas une commande"),
    ],
)
def test_a_title_or_a_total_is_left_out_in_one_sentence(cells: dict[str, str], why: str) -> None:
    row = read_row(RawRow(5, cells), TODAY)
    assert row.refused.endswith(why)
    assert row.remarks == ()


@pytest.mark.parametrize(
    "cells",
    [
        {"CLIENT": "TOTAL", "PARTENAIRE": "HIGHCOM"},
        {"CLIENT": "Garage Mars", "DATE": "12/12/2026"},
        {"CLIENT": "Garage", "IMPER": "S47"},
        {"CLIENT": "Semaine 47", "STATUT": "New"},
    ],
)
def test_a_line_that_says_more_is_an_order(cells: dict[str, str]) -> None:
    assert not read_row(RawRow(5, cells), TODAY).refused


@pytest.mark.parametrize("status", ["Clos", "facturé", "", "Livré"])
def test_a_past_date_does_not_ask_to_postpone_what_may_be_done(status: str) -> None:
    row = read_row(RawRow(5, {"CLIENT": "a", "PARTENAIRE": "b", "STATUT": status, "DATE": "09/11/2026"}), TODAY)
    asked = "date passée : écrivez « Installation clôturée » en STATUT si c'est fait, sinon reportez l'installation"
    assert [message for column, message in said(row) if column == "DATE"] == [asked]


def test_a_past_date_without_installation_is_to_be_postponed_as_ever() -> None:
    row = read_row(RawRow(5, {"CLIENT": "a", "PARTENAIRE": "b", "STATUT": "New", "DATE": "09/11/2026"}), TODAY)
    assert row.status is OrderStatus.NEW
    assert ("DATE", "date passée : reportez l'installation ou videz la cellule") in said(row)


@pytest.mark.parametrize(("lines", "board"), [([TOP, ["d", "New"]], True), ([["CLIENT", "CLIENT", "STATUT"]], False),
                                              ([["x"]], False)])  # fmt: skip
def test_a_hidden_sheet_is_told_apart_by_its_headers(make_xlsx: MakeXlsx, lines: list[object], board: bool) -> None:
    book = openpyxl.load_workbook(path := make_xlsx({"Planning": [TOP, ["c", "New"]], "Vieux": lines}))
    book["Vieux"].sheet_state = "hidden"
    book.save(path)
    (sheet,) = read_board(path).ignored_sheets
    assert sheet.board is board


def test_the_report_lists_the_rows_excel_shows(make_xlsx: MakeXlsx, tmp_path: Path) -> None:
    path = make_xlsx({"P": [["Titre"], [], TOP, ["a", "??"]]})
    row = read_row(read_board(path).rows[0], TODAY)
    write_report(path, row.remarks, tmp_path / "r.xlsx")
    listed = list(openpyxl.load_workbook(tmp_path / "r.xlsx")["Remarques"].iter_rows(min_row=2, values_only=True))
    assert {line[1:3] for line in listed if line[3] == "STATUT"} == {(4, "B4")}
    assert row.remarks[0].line == 2
