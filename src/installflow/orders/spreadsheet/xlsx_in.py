"""Reading a board from a workbook, line by line, with the cells as a person sees them."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from installflow.errors import ImportRejected
from installflow.orders.spreadsheet.board import CELL_REFUSED, Board, IgnoredSheet, SheetReader
from installflow.orders.spreadsheet.formula import Formula
from installflow.orders.spreadsheet.headers import NO_HEADERS, SEARCH_DEPTH, find_columns
from installflow.orders.spreadsheet.identity import EXTRACT, IDS_SHEET, Exported, give_ids
from installflow.orders.spreadsheet.writing import CREATOR
from installflow.orders.spreadsheet.xlsx_guard import check_workbook, parsing
from installflow.orders.spreadsheet.xlsx_text import unspelt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_LAST_ROW = 1_048_576
_MAX_CELLS = 30_000_000
_EXCEL_DIGITS = 15
_MOST_COLUMNS = 16_384
_COMMENT_SHOWN = 240
"""Characters of a cell's comment, or of a formula's result, that a remark shows."""
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_THREAD = re.compile(r"\A\[[^\]]*\].*?\b(?:comment|commentaire)\s?:", re.IGNORECASE | re.DOTALL)
"""What Excel writes above a discussion for readers that know simple comments only."""
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
    extract = False
    for sheet in book.worksheets:
        if sheet.title == IDS_SHEET and sheet.sheet_state != "visible":
            ids = [line for line, *_ in _lines(sheet, place)]
            extract = bool(ids) and EXTRACT in ids[0]
            exported = [e for line in ids if (e := Exported.of_line(line))]
        elif sheet.sheet_state != "visible":
            ignored.append(IgnoredSheet(sheet.title, "feuille masquée", board=_has_headers(sheet, place)))
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
        extract=frozenset(one.order_id for one in exported) if extract else None,
    )


def _has_headers(sheet: Any, place: str) -> bool:
    first = [line for line, *_ in itertools.islice(_lines(sheet, place), SEARCH_DEPTH)]
    try:
        return find_columns(first, place) is not None
    except ImportRejected:
        return False


def _read_sheet(sheet: Any, place: str, title: str) -> SheetReader | None:
    lines = _lines(sheet, place)
    first = list(itertools.islice(lines, SEARCH_DEPTH))
    columns = find_columns([line for line, *_ in first], place)
    if columns is None:
        return None
    reader = SheetReader(columns, title)
    for taken in itertools.chain(first[columns.index + 1 :], lines):
        reader.take(*taken)
    reader.see_merged(_merged(sheet.merged))
    reader.see_comments(_comments(sheet))
    return reader


def _merged(ranges: Iterable[str]) -> dict[int, list[tuple[int, int]]]:
    """The rows, first and last, of the cells merged downwards in each column."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place in ranges:
        first, _, last = place.partition(":")
        start, end = _cell(first), _cell(last)
        if start and end and start[0] < end[0] and end[1] < _MOST_COLUMNS:
            for column in range(start[1], end[1] + 1):
                found[column].append((start[0], end[0]))
    return {column: sorted(spans) for column, spans in found.items()}


def _comments(sheet: Any) -> dict[int, list[tuple[int, str]]]:
    """The comments on each row, by column; those of our own report are left out."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for place, author, typed in sheet.comments():
        text = " ".join(_THREAD.sub("", unspelt(typed)).split())
        if (cell := _cell(place)) and text and author != CREATOR:
            shown = text if len(text) <= _COMMENT_SHOWN else f"{text[:_COMMENT_SHOWN]}…"
            found[cell[0]].append((cell[1], shown))
    return found


def _cell(place: str) -> tuple[int, int] | None:
    """Row, from 1, and column, from 0, of ``B3``."""
    match = _PLACE.fullmatch(place)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column - 1


def _lines(sheet: Any, place: str) -> Iterator[tuple[list[str], list[tuple[int, str]], dict[int, str]]]:
    """Each line's texts, what only Excel's own types can tell of them, and what its formulas showed."""
    cells = 0
    for count, values in enumerate(sheet.lines()):
        cells += len(values)
        if count >= _LAST_ROW or cells > _MAX_CELLS:
            sentence = (
                f"{place} : des cellules sont éparpillées très loin à droite ou en bas ; "
                "supprimez les lignes et colonnes vides, puis réenregistrez"
            )
            raise ImportRejected(sentence)
        line: list[str] = []
        notes: list[tuple[int, str]] = []
        shown: dict[int, str] = {}
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
            if type(value) is Formula and value.shown is not None:
                shown[column] = cell_text(value.shown)[:_COMMENT_SHOWN]
        yield line, notes, shown


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
        case Formula():
            return cell_text(value.text)
        case _:
            return ""


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
