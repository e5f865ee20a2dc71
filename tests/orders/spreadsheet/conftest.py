from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from installflow.orders.spreadsheet import RawRow, ReadRow, read_row
from installflow.orders.terms import HEADERS

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = dt.date(2026, 11, 21)
BOARDS = Path(__file__).parents[2] / "data" / "board"


@pytest.fixture
def today() -> dt.date:
    return TODAY


@pytest.fixture
def boards() -> Path:
    return BOARDS


@pytest.fixture
def read() -> Callable[..., ReadRow]:
    """Reads a line of the board given as ``read(STATUT="New", HEURE="9H")``; client and partner are given."""

    def reading(cells: dict[str, str], line: int = 2) -> ReadRow:
        typed = dict.fromkeys(HEADERS, "") | {"CLIENT": "Garage du Pont", "PARTENAIRE": "HIGHCOM", "STATUT": "New"}
        return read_row(RawRow(line, typed | cells), TODAY)

    return reading


@pytest.fixture
def make_xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Saves a workbook given as ``{"sheet": [[cell, ...], ...]}``."""

    def making(sheets: dict[str, list[list[object]]], name: str = "planning.xlsx") -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for title, lines in sheets.items():
            sheet = book.create_sheet(title)
            for line in lines:
                sheet.append(line)
        path = tmp_path / name
        book.save(path)
        return path

    return making
