"""Reading a board from delimited text: whatever Excel, LibreOffice or a portal call a CSV."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
from typing import TYPE_CHECKING

from installflow.errors import ImportRejected
from installflow.orders.spreadsheet.board import CELL_REFUSED, Board, SheetReader
from installflow.orders.spreadsheet.formula import bared
from installflow.orders.spreadsheet.headers import NO_HEADERS, SEARCH_DEPTH, Columns, find_columns

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_csv(data: bytes, place: str) -> Board:
    """The board a delimited text holds: ``;``, ``,`` or tab, UTF-8, UTF-16 or Windows-1252."""
    text = _decoded(data, place)
    delimiter, columns = _delimiter(text, place)
    reader = SheetReader(columns)
    for line in itertools.islice(records(text, delimiter, place), columns.index + 1, None):
        reader.take(line)
    return Board(tuple(reader.rows), tuple(reader.skipped), (), (reader.layout,))


def csv_lines(data: bytes, place: str) -> Iterator[list[str]]:
    """Every record of the text, titles and headers included, as read."""
    text = _decoded(data, place)
    return records(text, _delimiter(text, place)[0], place)


def records(text: str, delimiter: str, place: str) -> Iterator[list[str]]:
    """The text's records; a stray quote is refused, since it would swallow the lines that follow it."""
    # strict: without it a quote left open makes one cell of the rest of the file, in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            line = next(reader, None)
        except csv.Error as error:
            reason = (
                "une cellule est démesurée, ou un guillemet n'est pas refermé"
                if "larger" in str(error)
                else "un guillemet est mal placé ou n'est pas refermé"
            )
            sentence = f"{place} : {reason} vers la ligne {start} du texte ; corrigez-la ou réenregistrez depuis Excel"
            raise ImportRejected(sentence) from error
        if line is None:
            return
        if any(len(cell) > CELL_REFUSED for cell in line):
            sentence = f"{place} : une cellule est démesurée vers la ligne {start} du texte ; raccourcissez-la"
            raise ImportRejected(sentence)
        yield [bared(cell.replace("\r\n", "\n").replace("\r", "\n")) for cell in line]


def _decoded(data: bytes, place: str) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # Excel's "Unicode text"
        return data.decode("utf-16", errors="replace")
    if data.count(0) * 100 > len(data):
        sentence = f"{place} : ce n'est pas du texte ; exportez le planning en .csv ou en .xlsx"
        raise ImportRejected(sentence)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    mended = data.decode("utf-8-sig", errors="replace")
    broken = mended.count("�")
    sound = sum(1 for c in mended if c > "\x7f") - broken
    # One damaged character must not turn every accent of a UTF-8 file into two letters.
    return mended if sound > broken else data.decode("cp1252", errors="replace")


def _delimiter(text: str, place: str) -> tuple[str, Columns]:
    best: tuple[str, Columns] | None = None
    refusal: ImportRejected | None = None
    for delimiter in (";", ",", "\t"):
        try:
            columns = find_columns(_first_lines(text, delimiter, place), place)
        except ImportRejected as error:
            refusal = refusal or error
            continue
        if columns and (best is None or len(columns.known) > len(best[1].known)):
            best = delimiter, columns
    if best is None:
        raise refusal or ImportRejected(NO_HEADERS.format(place=place))
    return best


def _first_lines(text: str, delimiter: str, place: str) -> list[list[str]]:
    lines: list[list[str]] = []
    # Read with the wrong delimiter, sound text may look badly quoted; with the right one the full reading says it.
    with contextlib.suppress(ImportRejected):
        lines.extend(itertools.islice(records(text, delimiter, place), SEARCH_DEPTH))
    return lines
