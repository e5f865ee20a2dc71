"""Plain tables for other screens than the board: a header line and values, as CSV or as a workbook."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

from installflow.orders.spreadsheet.formatting import format_date
from installflow.orders.spreadsheet.formula import shielded
from installflow.orders.spreadsheet.headers import column_name
from installflow.orders.spreadsheet.typed import CUT
from installflow.orders.spreadsheet.writing import written
from installflow.orders.spreadsheet.xlsx_out import EXCEL_CELL, Styles, new_workbook

Value: TypeAlias = str | dt.date | None

_WIDEST = 60
_NARROWEST = 10


def write_table_csv(path: str | Path, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """The table as Excel in French opens it: ``;``, UTF-8 with BOM, dates as ``dd/mm/yyyy``.

    :raises Invalid: it cannot be written there.
    """
    with written(path) as temporary, temporary.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(headers)
        writer.writerows([shielded(_text(value)) for value in row] for row in rows)


def write_table_xlsx(path: str | Path, title: str, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """The table as a workbook of one sheet, its header frozen and filtered, dates as dates.

    :raises Invalid: it cannot be written there, or openpyxl is not installed.
    """
    book, styles = new_workbook(), Styles()
    lines = [tuple(row) for row in rows]
    with written(path) as temporary:
        sheet = book.create_sheet(title)
        try:
            for place, header in enumerate(headers):
                widest = max((len(_text(line[place])) for line in lines), default=0)
                width = min(max(widest, len(header), _NARROWEST) + 2, _WIDEST)
                sheet.column_dimensions[column_name(place)].width = width
            sheet.freeze_panes = "A2"
            sheet.append([styles.cell(sheet, header, fill="FFD9E1F2", bold=True) for header in headers])
            for line in lines:
                sheet.append([_cell(styles, sheet, value) for value in line])
            sheet.auto_filter.ref = f"A1:{column_name(len(headers) - 1)}{len(lines) + 1}"
            book.save(temporary)
        except BaseException:
            sheet.close()  # a sheet left open complains when it is thrown away
            raise


def _cell(styles: Styles, sheet: object, value: Value) -> object:
    if isinstance(value, dt.date):
        return styles.cell(sheet, dt.datetime.combine(value, dt.time()))
    text = value or ""
    if len(text) > EXCEL_CELL:
        text = text[: EXCEL_CELL - len(CUT)] + CUT  # never read back: the screen and the .csv have it whole
    return styles.cell(sheet, text, wrap=True)


def _text(value: Value) -> str:
    return format_date(value) if isinstance(value, dt.date) else value or ""
