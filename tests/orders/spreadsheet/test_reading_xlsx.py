from __future__ import annotations

import datetime as dt
import io
import re
import sys
import time
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.formula import ArrayFormula

from installflow.errors import ImportRejected
from installflow.orders.spreadsheet import read_board, xlsx_in
from installflow.orders.spreadsheet.xlsx_guard import MAX_UNPACKED
from installflow.orders.spreadsheet.xlsx_in import cell_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    MakeXlsx = Callable[..., Path]

TOP: list[object] = ["CLIENT", "STATUT", "DATE", "HEURE", "N° CHRONO"]


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The workbook with its parts changed, as someone unkind would."""
    source = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return path


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.datetime(2026, 12, 8), "08/12/2026"),
        (dt.datetime(2026, 12, 8, 9, 30), "08/12/2026 9H30"),
        (dt.date(2026, 12, 8), "08/12/2026"),
        (dt.time(9, 30), "9H30"),
        (dt.time(14), "14H"),
        (dt.time(14, 0, 1), "14:00:01"),
        (dt.timedelta(hours=26), "26H"),
        (True, "VRAI"),
        (False, "FAUX"),
        (12, "12"),
        (12.0, "12"),
        (0.39583333333333331, "0,395833333333333"),
        (8.5, "8,5"),
        ("a_x000D_\nb\r\nc", "a\nb\nc"),
    ],
)
def test_cells_read_as_a_french_excel_shows_them(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_formulas_stay_as_typed(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [TOP, ["c", "New", "=A1+1", None, None]]})
    assert read_board(path).rows[0].cells["DATE"] == "=A1+1"


def test_titles_other_sheets_and_extra_columns(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx(
        {
            "Notes": [["à faire"], [None]],
            "Planning": [["Planning 2026"], [], [*TOP, "Zone"], ["c", "New", None, None, None, "Sud"]],
            "Archive": [TOP, ["d", "Annuler"]],
        }
    )
    board = read_board(path)
    assert [(r.sheet, r.line, r.cells["CLIENT"], r.extra) for r in board.rows] == [
        ("Planning", 2, "c", {"Zone": "Sud"}),
        ("Archive", 2, "d", {}),
    ]
    assert [(s.name, s.reason) for s in board.ignored_sheets] == [("Notes", "aucune ligne d'en-têtes du planning")]
    assert board.layouts[0].header_row == 3


def test_a_hidden_sheet_is_not_read_but_listed(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"Planning": [TOP, ["c", "New"]], "Vieux": [TOP, ["d", "New"]]})
    book = openpyxl.load_workbook(path)
    book["Vieux"].sheet_state = "hidden"
    book.save(path)
    board = read_board(path)
    assert [r.cells["CLIENT"] for r in board.rows] == ["c"]
    assert [(s.name, s.reason) for s in board.ignored_sheets] == [("Vieux", "feuille masquée")]


def test_a_long_number_is_read_whole_and_said(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [TOP, ["c", "New", None, None, 6123456789012], ["d", "New", None, None, 12345678901234567]]})
    first, second = read_board(path).rows
    assert first.cells["N° CHRONO"] == "6123456789012"
    assert "vérifiez ses chiffres" in first.remarks[0].message
    assert "15 chiffres" in second.remarks[0].message


@pytest.mark.no_cover  # a million times the same lines
def test_a_sheet_sparse_to_its_last_cell_is_read_at_once(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [TOP, ["c", "New"]]})
    book = openpyxl.load_workbook(path)
    book["P"]["XFD1048576"] = "x"
    book.save(path)
    start = time.process_time()
    board = read_board(path)
    assert time.process_time() - start < 10
    assert len(board.rows) == 1
    assert [(s.line, s.last) for s in board.skipped] == [(3, 1_048_575), (1_048_576, 1_048_576)]


def test_cells_scattered_far_on_every_line_are_refused(make_xlsx: MakeXlsx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_in, "_MAX_CELLS", 100_000)  # the same refusal, hundreds of times sooner
    path = make_xlsx({"P": [TOP, ["c", "New"]]})
    far = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(3, 100)).encode()
    change = lambda name, data: data.replace(b"</sheetData>", far + b"</sheetData>") if "sheet1" in name else data  # noqa: E731
    with pytest.raises(ImportRejected, match="éparpillées"):
        read_board(repacked(path, change))


def test_a_zip_bomb_is_refused_before_it_unfolds(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [TOP, ["c", "New"]]})
    bomb = b"<row/>" + b" " * MAX_UNPACKED
    repacked(
        path, lambda name, data: data.replace(b"</sheetData>", bomb + b"</sheetData>") if "sheet1" in name else data
    )
    assert path.stat().st_size < MAX_UNPACKED / 100
    with pytest.raises(ImportRejected, match="démesuré"):
        read_board(path)


def test_a_size_declared_falsely_is_refused(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [TOP, ["c", "New"]]})
    repacked(path, lambda _, data: data)
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    data = path.read_bytes()
    path.write_bytes(data.replace(size, (40).to_bytes(4, "little")))
    with pytest.raises(ImportRejected, match="abîmé"):
        read_board(path)


@pytest.mark.parametrize(
    "prologue",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b"<!-- " + b" " * 100_000 + b'--><!DOCTYPE x [<!ENTITY a "aaaa">]>',
    ],
)
def test_xml_entities_are_refused(make_xlsx: MakeXlsx, prologue: bytes) -> None:
    path = make_xlsx({"P": [TOP, ["c", "New"]]})

    def with_entities(name: str, data: bytes) -> bytes:
        body = re.sub(rb"<\?xml[^>]*\?>", b"", data)
        return prologue + body if name.endswith("sheet1.xml") else data

    with pytest.raises(ImportRejected):
        read_board(repacked(path, with_entities))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/styles.xml"]
)
def test_a_damaged_part_is_one_sentence(make_xlsx: MakeXlsx, part: str) -> None:
    path = make_xlsx({"P": [TOP, ["c", "New"]]})
    with pytest.raises(ImportRejected, match="abîmé"):
        read_board(repacked(path, lambda name, data: data[: len(data) // 2] if name == part else data))


def test_other_archives(tmp_path: Path) -> None:
    for names, sentence in (
        (["a.txt"], "archive"),
        (["content.xml", "mimetype"], "LibreOffice"),
        (["xl/workbook.bin"], "xlsb"),
    ):
        path = tmp_path / "a.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        with pytest.raises(ImportRejected, match=sentence):
            read_board(path)


def test_a_workbook_without_headers_names_the_hidden_sheets(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"Autre": [["x"]], "Vieux": [TOP]})
    book = openpyxl.load_workbook(path)
    book["Vieux"].sheet_state = "hidden"
    book.save(path)
    with pytest.raises(ImportRejected, match="feuilles masquées non lues : Vieux"):
        read_board(path)


def test_an_outsized_cell_is_refused(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [TOP, ["c", "New"]]})
    long = b'<c r="A9" t="inlineStr"><is><t>' + b"x" * 2_000_000 + b"</t></is></c>"
    change = lambda name, data: data.replace(b"</row>", long + b"</row>", 1) if "sheet1" in name else data  # noqa: E731
    with pytest.raises(ImportRejected, match="démesurée"):
        read_board(repacked(path, change))


def test_without_openpyxl_the_sentence_names_the_extra(make_xlsx: MakeXlsx, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_xlsx({"P": [TOP, ["c", "New"]]})
    monkeypatch.delitem(sys.modules, "installflow.orders.spreadsheet.xlsx_reader", raising=False)
    for module in ("openpyxl", "openpyxl.cell.text"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportRejected, match=r"installflow\[xlsx\]"):
        read_board(path)


def test_an_encrypted_archive_is_refused(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [TOP, ["c", "New"]]})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(signature, place + 4)
    path.write_bytes(data)
    with pytest.raises(ImportRejected, match="mot de passe"):
        read_board(path)


def test_array_formulas_and_charts(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx({"P": [TOP, ["c", "New"]]})
    book = openpyxl.load_workbook(path)
    book["P"]["C2"] = ArrayFormula("C2:C2", "=SUM(A1:A3)")
    chart = BarChart()
    chart.add_data(Reference(book["P"], min_col=1, min_row=1))
    book.create_chartsheet("Courbe").add_chart(chart)
    book.save(path)
    board = read_board(path)
    assert board.rows[0].cells["DATE"] == "=SUM(A1:A3)"
    assert [(s.name, s.reason) for s in board.ignored_sheets] == [("Courbe", "feuille de graphique")]
