"""An exported workbook knows its orders again, whatever the planner did to the sheet."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import openpyxl
import pytest

from installflow.orders.spreadsheet import BoardLine, read_board, write_xlsx
from installflow.orders.terms import HEADERS

if TYPE_CHECKING:
    from pathlib import Path

CLIENT, COMMENT = HEADERS.index("CLIENT") + 1, HEADERS.index("COMMENTAIRES PLANIF") + 1


def line(order_id: str, client: str, comment: str = "rien", **cells: str) -> BoardLine:
    named = {
        "CLIENT": client,
        "PARTENAIRE": "HIGHCOM",
        "STATUT": "New",
        "COMMENTAIRES PLANIF": comment,
        "TECH": "Direct",
    }
    return BoardLine(order_id, dict.fromkeys(HEADERS, "") | named | cells)


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    lines = [line("a", "Alpha"), line("b", "Bêta", "clé"), line("g1", "Gamma", "un"), line("g2", "Gamma", "deux")]
    write_xlsx(tmp_path / "a.xlsx", lines, today=dt.date(2026, 11, 21))
    return tmp_path / "a.xlsx"


def ids(path: Path) -> list[tuple[str, str, str | None]]:
    return [(r.cells["CLIENT"], r.cells["COMMENTAIRES PLANIF"], r.order_id) for r in read_board(path).rows]


def edited(path: Path, *changes: tuple[int, int, str], deleted: int = 0) -> Path:
    book = openpyxl.load_workbook(path)
    for row, column, text in changes:
        book["Planning"].cell(row, column).value = text
    if deleted:
        book["Planning"].delete_rows(deleted)
    book.save(path)
    return path


def test_untouched(exported: Path) -> None:
    assert [i for *_, i in ids(exported)] == ["a", "b", "g1", "g2"]


def test_sorted_cut_and_added_to(exported: Path) -> None:
    book = openpyxl.load_workbook(exported)
    sheet = book["Planning"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    sheet.delete_rows(2, 10)
    sheet.append([])
    for row in (lines[3], ["", "Nouveau", "HIGHCOM", *[""] * 11], lines[0], lines[2]):
        sheet.append(row)
    book.save(exported)
    assert [i for *_, i in ids(exported)] == ["g2", None, "a", "g1"]


def test_changed_cells(exported: Path) -> None:
    assert ids(edited(exported, (2, COMMENT, "autre")))[0] == ("Alpha", "autre", "a")


def test_one_of_two_alike_by_name_changed(exported: Path) -> None:
    assert [i for *_, i in ids(edited(exported, (4, COMMENT, "autre")))][2:] == ["g1", "g2"]


def test_both_changed_are_not_guessed(exported: Path) -> None:
    assert [i for *_, i in ids(edited(exported, (4, COMMENT, "x"), (5, COMMENT, "y")))][2:] == [None, None]


def test_a_renamed_client_is_known_by_the_rest_of_its_line(exported: Path) -> None:
    assert ids(edited(exported, (3, CLIENT, "Bêta et fils")))[1] == ("Bêta et fils", "clé", "b")


def test_a_renamed_and_changed_line_is_not_guessed(exported: Path) -> None:
    assert ids(edited(exported, (3, CLIENT, "Delta"), (3, COMMENT, "autre")))[1][2] is None


def copied(path: Path, times: int = 1) -> Path:
    book = openpyxl.load_workbook(path)
    for _ in range(times):
        book["Planning"].append([cell.value for cell in book["Planning"][2]])
    book.save(path)
    return path


def aside(path: Path) -> list[str]:
    return [row.aside for row in read_board(path).rows]


def test_a_line_copied_stands_aside(exported: Path) -> None:
    assert [i for *_, i in ids(copied(exported))] == ["a", "b", "g1", "g2", None]
    assert [line for line, why in enumerate(aside(exported), 2) if "copie de la ligne 2" in why] == [6]


@pytest.mark.parametrize(("changed", "whose"), [(2, ["a", None]), (6, [None, "a"])])
def test_a_line_copied_and_edited_is_the_one_edited(exported: Path, changed: int, whose: list[str | None]) -> None:
    path = edited(copied(exported), (changed, HEADERS.index("DATE") + 1, "30/11/2026"))
    assert [i for c, _, i in ids(path) if c == "Alpha"] == whose
    assert [bool(why) for why in (aside(path)[0], aside(path)[-1])] == [i is None for i in whose]


def test_copies_each_edited_are_not_guessed(exported: Path) -> None:
    date = HEADERS.index("DATE") + 1
    path = edited(copied(exported, 2), (6, date, "30/11/2026"), (7, date, "01/12/2026"))
    assert [i for *_, i in ids(path)] == ["a", "b", "g1", "g2", None, None]
    assert ["plusieurs copies" in why for why in aside(path)[-2:]] == [True, True]


def test_another_order_of_a_client_is_no_copy(exported: Path) -> None:
    book = openpyxl.load_workbook(exported)
    book["Planning"].append(["", "Alpha", "HIGHCOM", *[""] * 6, "New", "6 postes"])
    book.save(exported)
    assert [i for *_, i in ids(exported)] == ["a", "b", "g1", "g2", None]
    assert not any(aside(exported))


def test_two_orders_alike_to_the_letter_keep_their_ids(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [line("x", "Alpha"), line("y", "Alpha")], today=dt.date(2026, 11, 21))
    assert [i for *_, i in ids(tmp_path / "a.xlsx")] == ["x", "y"]
    assert [i for *_, i in ids(edited(tmp_path / "a.xlsx", deleted=2))] == [None]


def test_a_visible_sheet_of_that_name_gives_no_ids(exported: Path) -> None:
    book = openpyxl.load_workbook(exported)
    book["installflow"].sheet_state = "visible"
    book.save(exported)
    assert {i for *_, i in ids(exported)} == {None}
