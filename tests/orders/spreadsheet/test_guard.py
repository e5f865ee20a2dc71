"""What a workbook may weigh, however its parts are named."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from installflow.errors import ImportRejected
from installflow.orders.spreadsheet import read_board, xlsx_guard, xlsx_xml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    MakeXlsx = Callable[..., Path]

TOP = ["CLIENT", "PARTENAIRE", "STATUT"]
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
PIECE, PIECES, ELEMENTS = 5_000, 50_000, 100_000
MANY = PIECE + 1_000


@pytest.fixture(autouse=True)
def smaller_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real limits take seconds to reach."""
    monkeypatch.setattr(xlsx_xml, "MAX_PIECE", PIECE)
    monkeypatch.setattr(xlsx_xml, "MAX_PIECES", PIECES)
    monkeypatch.setattr(xlsx_xml, "MAX_ELEMENTS", ELEMENTS)


@pytest.fixture
def packed(make_xlsx: MakeXlsx) -> Callable[..., Path]:
    """A workbook with parts changed by name, and parts renamed wherever they are spoken of."""

    def packing(changes: dict[str, Callable[[bytes], bytes]], renamed: dict[str, str] | None = None) -> Path:
        path = make_xlsx({"P": [TOP, ["c", "HIGHCOM", "New"]]})
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, data in parts.items():
                for old, new in (renamed or {}).items():
                    if name.endswith((".rels", "Types].xml")):
                        data = data.replace(old.rpartition("/")[2].encode(), new.rpartition("/")[2].encode())  # noqa: PLW2901
                archive.writestr((renamed or {}).get(name, name), changes.get(name, bytes)(data))
            for name in changes.keys() - parts.keys():
                archive.writestr((renamed or {}).get(name, name), changes[name](b""))
        return path

    return packing


def in_sheet(more: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b"</sheetData>", more + b"</sheetData>")


def after_lines(more: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b"</sheetData>", b"</sheetData>" + more)


def in_strings(more: bytes) -> Callable[[bytes], bytes]:
    return lambda _: b"<sst " + MAIN + b">" + more + b"</sst>"


OUTSIZED = {
    "a line": {SHEET: in_sheet(b"<row>" + b"<c/>" * MANY + b"</row>")},
    "a line in a line": {SHEET: in_sheet(b"<row>" + b"<c/><row/>" * (MANY // 2) + b"</row>")},
    "a shared text": {STRINGS: in_strings(b"<si>" + b"<r/>" * MANY + b"</si>")},
    "merged cells": {SHEET: after_lines(b"<mergeCells>" + b"<mergeCell/>" * MANY + b"</mergeCells>")},
    "unknown pieces": {SHEET: after_lines(b"<a><b/></a>" * (MANY // 2))},
    "lines that are none": {SHEET: in_sheet(b'<row xmlns="x"><c/></row>' * (MANY // 2))},
    "a list of sheets": {"xl/workbook.xml": lambda data: data.replace(b"</workbook>", b"<a/>" * MANY + b"</workbook>")},
    "a sheet of another kind": {SHEET: lambda data: data.replace(MAIN, b'xmlns="x"').replace(
        b"</sheetData>", b"<row><c/></row>" * (MANY // 2) + b"</sheetData>")},
    "one text": {SHEET: in_sheet(b"<row><c><is><t>" + b"x" * 18_000_000 + b"</t></is></c></row>")},
    "shared texts": {STRINGS: in_strings(b"<si/>" * (PIECES + 100))},
}  # fmt: skip


@pytest.mark.parametrize("what", OUTSIZED)
def test_what_would_be_built_as_one_whole_is_bounded(packed: Callable[..., Path], what: str) -> None:
    with pytest.raises(ImportRejected, match="démesuré"):
        read_board(packed(OUTSIZED[what]))


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.bin", "xl/media/image1.png"])
def test_a_part_counts_whatever_its_name(
    packed: Callable[..., Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_guard, "MAX_UNPACKED", 300_000)
    renamed = {SHEET: name} if "worksheets" in name else {}
    assert len(read_board(packed({}, renamed)).rows) == 1
    for change in (
        lambda data: data + b"<!--" + b" " * 300_000 + b"-->",
        in_sheet(b"<row>" + b"<c/>" * MANY + b"</row>"),
    ):
        with pytest.raises(ImportRejected, match="démesuré"):
            read_board(packed({SHEET: change}, {SHEET: name}))


def test_a_large_sheet_under_another_role_is_refused(packed: Callable[..., Path]) -> None:
    lines = in_sheet(b"<row><c/></row>" * (MANY // 2))
    assert len(read_board(packed({SHEET: lines})).rows) == 1
    as_chart = {
        SHEET: lines,
        "xl/_rels/workbook.xml.rels": lambda data: data.replace(b'/worksheet"', b'/chartsheet"'),
    }
    with pytest.raises(ImportRejected, match="démesuré"):
        read_board(packed(as_chart))


def test_all_the_elements_together_are_bounded(packed: Callable[..., Path]) -> None:
    line = b"<row>" + b"<c/>" * 999 + b"</row>"
    with pytest.raises(ImportRejected, match="démesuré"):
        read_board(packed({SHEET: in_sheet(line * (ELEMENTS // 1000 + 1))}))


def test_the_printer_settings_of_a_mac_are_no_matter(packed: Callable[..., Path]) -> None:
    path = packed({})
    plist = b'<?xml version="1.0"?><!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "x.dtd"><plist/>'
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/printerSettings/printerSettings1.bin", plist)
        archive.writestr("xl/media/image1.png", b"\x89PNG" + b"\0" * 1000)
    assert len(read_board(path).rows) == 1


@pytest.mark.parametrize("number", [b"-5", b"0", b"1"])
def test_a_line_out_of_place_is_no_line_left_out(packed: Callable[..., Path], number: bytes) -> None:
    with pytest.raises(ImportRejected, match="abîmé"):
        read_board(packed({SHEET: lambda data: data.replace(b'<row r="2"', b'<row r="' + number + b'"')}))
