"""The planner's own file given back with the remarks on its cells."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installflow.errors import Invalid
from installflow.orders.spreadsheet.csv_in import csv_lines
from installflow.orders.spreadsheet.files import read_board, read_bytes
from installflow.orders.spreadsheet.formula import shielded
from installflow.orders.spreadsheet.headers import column_name
from installflow.orders.spreadsheet.writing import CREATOR, place_of, written
from installflow.orders.spreadsheet.xlsx_guard import parsing
from installflow.orders.spreadsheet.xlsx_out import EXCEL_CELL, import_openpyxl
from installflow.orders.spreadsheet.xlsx_text import spelt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from installflow.orders.spreadsheet.board import Layout
    from installflow.orders.spreadsheet.row import Remark

_COLOUR = "FFFFD966"
MAX_COMMENTS = 5_000
"""Excel crawls under more notes than this, and opens no file with over 65,530 links: the others are only listed."""
_BOX, _CHARACTERS, _LINE, _MARGIN = 360, 48, 18, 16
"""A note's width, the characters that fit in it, the height of a line, and what the borders take."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TITLE = ("Feuille", "Ligne", "Cellule", "Colonne", "Valeur", "Remarque")
_WIDTHS = (16, 8, 9, 24, 40, 100)


def refuse_place(source_path: str | Path, out_path: str | Path) -> None:
    """Raise `Invalid` where no report can be written, as far as that can be told beforehand."""
    source, out = Path(source_path), Path(out_path)
    if source.resolve() == out.resolve():
        raise Invalid(f"« {source.name} » est le fichier lu : donnez un autre nom au fichier des remarques")
    if not os.access(place_of(out).parent, os.W_OK):
        raise Invalid(f"le dossier de « {out.name} » ne peut pas être écrit : choisissez-en un autre")


def write_report(source_path: str | Path, remarks: Iterable[Remark], out_path: str | Path) -> None:
    """A workbook like the source, each remark a note on its coloured cell, and a sheet "Remarques" with them all.

    A workbook keeps its sheets, positions and formats; a CSV file becomes a workbook of one sheet, cells in place.
    Beyond ``MAX_COMMENTS`` a remark is coloured and listed, without a note.

    :raises ImportRejected: the source is no board. :raises Invalid: the report cannot be written there.
    """
    source = Path(source_path)
    openpyxl = import_openpyxl()
    from openpyxl.styles import PatternFill  # noqa: PLC0415

    refuse_place(source, out_path)
    layouts = {layout.sheet: layout for layout in read_board(source).layouts}
    data = read_bytes(source)
    remarks = list(remarks)
    with written(out_path) as temporary:
        with parsing(source):
            book = openpyxl.load_workbook(source) if data is None else _from_csv(openpyxl, data, source.name)
        titles = {sheet: sheet or book.worksheets[0].title for sheet in layouts}
        places = [_place(remark, layouts) for remark in remarks]
        told: dict[tuple[str, str], list[str]] = defaultdict(list)
        for remark, place in zip(remarks, places, strict=True):
            if place:
                told[titles[remark.sheet], place].append(remark.message)
        fill = PatternFill("solid", fgColor=_COLOUR)
        for count, ((title, place), messages) in enumerate(told.items()):
            cell = _shown(book[title], place)
            cell.fill = fill
            if count < MAX_COMMENTS:
                _annotate(cell, messages)
        _list(book, remarks, places, titles)
        book.save(temporary)


def _from_csv(openpyxl: Any, data: bytes, name: str) -> Any:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Planning"
    for row, line in enumerate(csv_lines(data, name), 1):
        for column, text in enumerate(line, 1):
            if text:
                _put(sheet, row, column, text)
    return book


def _put(sheet: Any, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column)
    text = text[:EXCEL_CELL]  # what is cut here stands whole in the planner's own file
    cell.value, cell.data_type = spelt(text), "s"
    if shielded(text) != text:
        cell.quotePrefix = True


def _place(remark: Remark, layouts: Mapping[str, Layout]) -> str:
    """The remark's cell; one about a column the file has not stands on CLIENT."""
    layout = layouts.get(remark.sheet)
    if layout is None or remark.line < 1:
        return ""
    column = layout.columns.get(remark.column, layout.columns["CLIENT"])
    return f"{column_name(column)}{layout.header_row + remark.line - 1}"


def _shown(sheet: Any, place: str) -> Any:
    """The cell at that place, or the one that shows it when it is merged into another."""
    from openpyxl.cell.cell import MergedCell  # noqa: PLC0415

    cell = sheet[place]
    if isinstance(cell, MergedCell):
        merged = next(merged for merged in sheet.merged_cells.ranges if place in merged)
        cell = sheet.cell(merged.min_row, merged.min_col)
    return cell


def _annotate(cell: Any, messages: list[str]) -> None:
    from openpyxl.comments import Comment  # noqa: PLC0415

    text = "\n".join(dict.fromkeys(messages))
    if cell.comment:
        text = f"{cell.comment.text}\n{text}"
    comment = Comment(text, CREATOR)
    lines = sum(1 + len(one) // _CHARACTERS for one in text.split("\n"))
    comment.width, comment.height = _BOX, _MARGIN + _LINE * lines
    cell.comment = comment


def _list(book: Any, remarks: list[Remark], places: list[str], titles: Mapping[str, str]) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink  # noqa: PLC0415

    name, count = "Remarques", 1
    while name in book.sheetnames:
        count += 1
        name = f"Remarques ({count})"
    sheet = book.create_sheet(name)
    for index, width in enumerate(_WIDTHS):
        sheet.column_dimensions[column_name(index)].width = width
    sheet.freeze_panes = "A2"
    for column, title in enumerate(_TITLE, 1):
        _put(sheet, 1, column, title)
    for row, (remark, place) in enumerate(zip(remarks, places, strict=True), 2):
        title = titles.get(remark.sheet, remark.sheet)
        for column, text in enumerate((title, "", place, remark.column, remark.value, remark.message), 1):
            if text:
                _put(sheet, row, column, text)
        sheet.cell(row, 2).value = int(place.lstrip(_LETTERS)) if place else remark.line or None
        if place and row <= MAX_COMMENTS:
            quoted = title.replace("'", "''")
            sheet.cell(row, 3).hyperlink = Hyperlink(ref=f"C{row}", location=f"'{quoted}'!{place}")
    sheet.auto_filter.ref = f"A1:F{max(len(remarks) + 1, 2)}"
