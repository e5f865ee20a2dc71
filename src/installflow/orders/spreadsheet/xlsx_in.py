"""Reading a board from a workbook, line by line, with the cells as a person sees them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from installflow.errors import ImportRejected
from installflow.orders.spreadsheet.board import CELL_REFUSED, Board, IgnoredSheet, SheetReader
from installflow.orders.spreadsheet.headers import NO_HEADERS, SEARCH_DEPTH, find_columns
from installflow.orders.spreadsheet.identity import IDS_SHEET, Exported, give_ids
from installflow.orders.spreadsheet.xlsx_guard import check_workbook, parsing
from installflow.orders.spreadsheet.xlsx_text import unspelt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LAST_ROW = 1_048_576
_MAX_CELLS = 30_000_000
_EXCEL_DIGITS = 15
_SHOWN_AS_POWER = 12
"""From this many digits on, Excel shows a number as 6,12346E+12 unless told otherwise."""


def read_xlsx(path: Path) -> Board:
    """The board a workbook holds: every visible sheet that has the headers; the others are listed as ignored."""
    check_workbook(path)
    with parsing(path):
        book = _opened(path)
        try:
            return _read(book, path.name)
        finally:
            book.close()


def _opened(path: Path) -> Any:
    from installflow.orders.spreadsheet.xlsx_reader import Reader  # noqa: PLC0415  needs openpyxl, an extra

    reader = Reader(str(path), read_only=True, keep_links=False)
    reader.read()
    return reader.wb


def _read(book: Any, place: str) -> Board:
    readers: list[SheetReader] = []
    ignored: list[IgnoredSheet] = []
    exported: list[Exported] = []
    for sheet in book.worksheets:
        if sheet.title == IDS_SHEET and sheet.sheet_state != "visible":
            exported = [e for line, _ in _lines(sheet, place) if (e := Exported.of_line(line))]
        elif sheet.sheet_state != "visible":
            ignored.append(IgnoredSheet(sheet.title, "feuille masquée"))
        elif reader := _read_sheet(sheet, f"{place}, feuille « {sheet.title} »", sheet.title):
            readers.append(reader)
        else:
            ignored.append(IgnoredSheet(sheet.title, "aucune ligne d'en-têtes du planning"))
    ignored += [IgnoredSheet(sheet.title, "feuille de graphique") for sheet in book.chartsheets]
    if not readers:
        sentence = NO_HEADERS.format(place=place)
        hidden = [sheet.name for sheet in ignored if sheet.reason == "feuille masquée"]
        raise ImportRejected(sentence + (f" (feuilles masquées non lues : {', '.join(hidden)})" if hidden else ""))
    rows = [row for reader in readers for row in reader.rows]
    return Board(
        rows=tuple(give_ids(rows, exported)),
        skipped=tuple(skipped for reader in readers for skipped in reader.skipped),
        ignored_sheets=tuple(ignored),
        layouts=tuple(reader.layout for reader in readers),
    )


def _read_sheet(sheet: Any, place: str, title: str) -> SheetReader | None:
    lines = _lines(sheet, place)
    first = []
    for numbered in lines:
        first.append(numbered)
        if len(first) == SEARCH_DEPTH:
            break
    columns = find_columns([line for line, _ in first], place)
    if columns is None:
        return None
    reader = SheetReader(columns, title)
    for line, notes in first[columns.index + 1 :]:
        reader.take(line, notes)
    for line, notes in lines:
        reader.take(line, notes)
    return reader


def _lines(sheet: Any, place: str) -> Iterator[tuple[list[str], list[tuple[int, str]]]]:
    """Each line's texts, and what only Excel's own types can tell of them."""
    cells = 0
    for count, values in enumerate(sheet.lines()):
        cells += len(values)
        if count >= _LAST_ROW or cells > _MAX_CELLS:
            sentence = (
                f"{place} : des cellules sont éparpillées très loin à droite ou en bas ; "
                "supprimez les lignes et colonnes vides, puis réenregistrez"
            )
            raise ImportRejected(sentence)
        line, notes = [], []
        for column, value in enumerate(values):
            if value is None:
                line.append("")
                continue
            text = cell_text(value)
            if len(text) > CELL_REFUSED:
                sentence = f"{place} : une cellule est démesurée à la ligne {count + 1} ; raccourcissez-la"
                raise ImportRejected(sentence)
            line.append(text)
            if type(value) in {int, float} and (note := _destroyed(text)):
                notes.append((column, note))
        yield line, notes


def cell_text(value: object) -> str:  # noqa: PLR0911  one case per type of cell
    """A cell's value as a French Excel shows it: dates ``dd/mm/yyyy``, times ``9H30``, decimal comma, ``VRAI``."""
    match value:
        case str():
            return unspelt(value).replace("\r\n", "\n").replace("\r", "\n")
        case bool():
            return "VRAI" if value else "FAUX"
        case dt.datetime():
            day = f"{value:%d/%m/}{value.year:04d}"
            return day if value.time() == dt.time() else f"{day} {cell_text(value.time())}"
        case dt.date():
            return f"{value:%d/%m/}{value.year:04d}"
        case dt.time():
            shown = f"{value.hour}H{value.minute:02d}" if value.minute else f"{value.hour}H"
            return shown if not value.second else f"{value.hour}:{value.minute:02d}:{value.second:02d}"
        case dt.timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}H{minutes % 60:02d}" if minutes % 60 else f"{minutes // 60}H"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e21 else _decimal(value)  # noqa: PLR2004
        case _:  # an array formula keeps its text apart
            return str(getattr(value, "text", "") or "")


def _decimal(value: float) -> str:
    return f"{value:.{_EXCEL_DIGITS}g}".upper().replace(".", ",")


def _destroyed(text: str) -> str:
    digits = text.lstrip("-")
    if not digits.isdecimal() or len(digits) < _SHOWN_AS_POWER:
        return ""
    if len(digits) > _EXCEL_DIGITS:
        return (
            f"Excel n'a gardé que {_EXCEL_DIGITS} chiffres de ce nombre : retapez-le dans une cellule au format Texte"
        )
    return "nombre long tenu par Excel comme un calcul (il l'affiche peut-être 6,12E+12) : vérifiez ses chiffres"
