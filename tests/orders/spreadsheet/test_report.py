from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import openpyxl
import pytest

from installflow.errors import ImportRejected, Invalid
from installflow.orders.spreadsheet import Remark, cross_check, read_board, read_row, report, write_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("name", ["planning.csv", "planning.xlsx"])
def test_the_planners_own_file_comes_back_with_the_remarks(
    boards: Path, tmp_path: Path, today: dt.date, name: str
) -> None:
    board = read_board(boards / name)
    rows = [read_row(raw, today) for raw in board.rows]
    remarks = [r for row in rows for r in row.remarks] + cross_check(rows)
    write_report(boards / name, remarks, tmp_path / "r.xlsx")
    assert [r.cells for r in read_board(tmp_path / "r.xlsx").rows] == [r.cells for r in board.rows]
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    sheet = book.worksheets[0]
    assert sheet["D13"].comment.text == "date passée : clôture à confirmer"
    assert sheet["D13"].fill.fgColor.rgb == "FFFFD966"
    assert sheet["D12"].comment is None
    assert (sheet["N36"].value, sheet["N36"].data_type) == ("=SOMME(150;36)", "s")
    listed = list(book["Remarques"].iter_rows(min_row=2, values_only=True))
    assert len(listed) == len(remarks)
    assert (sheet.title, 13, "D13", "DATE", "12/11/2026", "date passée : clôture à confirmer") in listed


def test_positions_formats_and_earlier_comments_are_kept(make_xlsx: Callable[..., Path], tmp_path: Path) -> None:
    path = make_xlsx({"Notes": [["x"]], "L'an 1": [["Titre"], [], ["DATE", "STATUT", "CLIENT"], ["S51", "New", "c"]]})
    book = openpyxl.load_workbook(path)
    book["L'an 1"]["A4"].comment = openpyxl.comments.Comment("à moi", "moi")
    book["L'an 1"]["A4"].number_format = "0.00"
    book.save(path)
    remarks = [
        Remark(2, "DATE", "S51", "imprécise", "L'an 1"),
        Remark(2, "DATE", "S51", "imprécise", "L'an 1"),
        Remark(2, "N° CHRONO", "", "absent", "L'an 1"),
        Remark(0, "", "", "une commande du tableau n'est plus dans le fichier"),
    ]
    write_report(path, remarks, tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["L'an 1"]
    assert sheet["A4"].comment.text == "à moi\nimprécise"
    assert sheet["A4"].number_format == "0.00"
    assert sheet["C4"].comment.text == "absent"
    listed = openpyxl.load_workbook(tmp_path / "r.xlsx")["Remarques"]
    assert listed["C2"].hyperlink.location == "'L''an 1'!A4"
    assert listed["F5"].value == "une commande du tableau n'est plus dans le fichier"


def test_a_sheet_already_called_remarques_is_kept(make_xlsx: Callable[..., Path], tmp_path: Path) -> None:
    path = make_xlsx({"P": [["DATE", "STATUT", "CLIENT"], ["", "New", "c"]], "Remarques": [["à moi"]]})
    write_report(path, [], tmp_path / "r.xlsx")
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames == ["P", "Remarques", "Remarques (2)"]


def test_a_merged_cell_takes_its_comment_where_it_begins(make_xlsx: Callable[..., Path], tmp_path: Path) -> None:
    path = make_xlsx({"P": [["DATE", "STATUT", "CLIENT"], ["S51", "New", "c"], [None, "New", "d"]]})
    book = openpyxl.load_workbook(path)
    book["P"].merge_cells("A2:A3")
    book.save(path)
    write_report(path, [Remark(3, "DATE", "", "vide", "P")], tmp_path / "r.xlsx")
    assert openpyxl.load_workbook(tmp_path / "r.xlsx")["P"]["A2"].comment.text == "vide"


def test_what_is_no_board_or_cannot_be_written_is_refused(boards: Path, tmp_path: Path) -> None:
    with pytest.raises(ImportRejected, match="introuvable"):
        write_report(tmp_path / "absent.csv", [], tmp_path / "r.xlsx")
    with pytest.raises(Invalid, match="n'existe pas"):
        write_report(boards / "planning.csv", [], tmp_path / "absent" / "r.xlsx")
    with pytest.raises(Invalid, match="est le fichier lu"):
        write_report(boards / "planning.csv", [], boards / ".." / "board" / "planning.csv")
    assert list(tmp_path.iterdir()) == []


def test_very_many_remarks_are_all_listed_and_the_first_are_notes(
    make_xlsx: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "MAX_COMMENTS", 50)
    lines = [["S51", "New", "c"] for _ in range(60)]
    path = make_xlsx({"P": [["DATE", "STATUT", "CLIENT"], *lines]})
    remarks = [Remark(line, "DATE", "S51", "imprécise", "P") for line in range(2, len(lines) + 2)]
    write_report(path, remarks, tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    last = f"A{len(lines) + 1}"
    assert book["P"]["A2"].comment.text == "imprécise"
    assert (book["P"][last].comment, book["P"][last].fill.fgColor.rgb) == (None, "FFFFD966")
    assert book["Remarques"].max_row == len(remarks) + 1
