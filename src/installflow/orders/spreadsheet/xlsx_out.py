"""Writing the board as a workbook a planner works in: lists, colours, filters, and the orders' ids out of sight."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installflow.errors import Invalid
from installflow.orders.spreadsheet.formatting import format_date
from installflow.orders.spreadsheet.formula import shielded
from installflow.orders.spreadsheet.headers import column_name
from installflow.orders.spreadsheet.identity import EXTRACT, IDS_SHEET, IDS_TITLE, Exported
from installflow.orders.spreadsheet.writing import CREATOR, AgendaLine, AlertLine, BoardLine, other_headers, written
from installflow.orders.spreadsheet.xlsx_text import spelt
from installflow.orders.terms import HEADERS, Material, OrderStatus, Origin, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator

EXCEL_CELL = 32_767
"""Excel holds no more characters in a cell; openpyxl would cut the rest in silence."""
_OWN_WIDTH = 20
_WIDTHS = (22, 32, 20, 12, 28, 9, 18, 24, 18, 26, 60, 14, 30, 30)
_WRAPPED = {"COMMENTAIRES PLANIF", "PORTA PRÉVUE LE", "IMPER"}
_LISTS: dict[str, tuple[str, ...]] = {
    "HEURE": tuple(slot.label for slot in Slot),
    "TECH": tuple(origin.label for origin in Origin),
    "STATUT": tuple(dict.fromkeys(status.label for status in OrderStatus)),
    "MATÉRIEL REÇU": tuple(material.label for material in Material),
}
_LISTS_SHEET = "Listes"
_SPARE_LINES = 500
"""The lists also serve the lines a planner adds under the board."""
_HEADER, _DUE, _ALERT = "FFD9E1F2", "FFFFE699", "FFF8CBAD"


def write_xlsx(
    path: str | Path,
    rows: Iterable[BoardLine],
    *,
    today: dt.date,
    agenda: Iterable[AgendaLine] = (),
    alerts: Iterable[AlertLine] = (),
    extract: bool = False,
) -> None:
    """The board, the list of the day and the alerts; yellow: a reminder is due, orange: the order has alerts.

    ``extract`` says that not all orders were meant to be in it: read again, none is told absent for that.

    :raises Invalid: it cannot be written there, a cell is longer than Excel holds, or openpyxl is not installed.
    """
    book, styles = new_workbook(), Styles()
    with written(path) as temporary:
        try:
            ids = _write_board(book.create_sheet("Planning"), styles, rows)
            _write_agenda(book.create_sheet("Aujourd'hui"), styles, today, agenda)
            _write_alerts(book.create_sheet("Alertes"), styles, today, alerts)
            _write_hidden(book, styles, ids, extract=extract)
            book.save(temporary)
        except BaseException:
            for sheet in book.worksheets:
                sheet.close()  # a sheet left open complains when it is thrown away
            raise


def import_openpyxl() -> Any:
    """openpyxl, or the sentence that says how to get it."""
    try:
        import openpyxl  # noqa: PLC0415  an extra
    except ImportError as error:
        sentence = "pour écrire un classeur Excel, installez l'extra « xlsx » : pip install 'installflow[xlsx]'"
        raise Invalid(sentence) from error
    return openpyxl


def new_workbook() -> Any:
    """A workbook to write line by line, that says whose it is."""
    book = import_openpyxl().Workbook(write_only=True)
    book.properties.creator = CREATOR
    return book


class Styles:
    """The few looks of a workbook's cells, each made once: hashing a style costs openpyxl more than a cell."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Any] = {}

    def cell(self, sheet: Any, value: object, *, fill: str = "", bold: bool = False, wrap: bool = False) -> Any:
        """A cell; a text stays text whatever it looks like, now and when someone edits it."""
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

        is_text = isinstance(value, str)
        text = _fitting(value) if isinstance(value, str) else ""
        quoted = is_text and shielded(text) != text
        cell: Any = WriteOnlyCell(sheet)
        cell.value = (text or None) if is_text else value
        if text:
            cell.data_type = "s"
        look = (sheet.parent, fill, bold, wrap, quoted, is_text)
        if look not in self._made:
            _dress(cell, fill=fill, bold=bold, wrap=wrap)
            cell.quotePrefix = quoted
            if not is_text:
                cell.number_format = "DD/MM/YYYY"
            self._made[look] = cell._style  # noqa: SLF001  openpyxl's own way to share a style
        cell._style = self._made[look]  # noqa: SLF001
        return cell


def _dress(cell: Any, *, fill: str, bold: bool, wrap: bool) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415

    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
    if bold:
        cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)


def _fitting(text: str) -> str:
    if len(text) > EXCEL_CELL:
        sentence = f"« {text[:40]}... » dépasse ce qu'une cellule Excel tient ({EXCEL_CELL} signes) : exportez en .csv"
        raise Invalid(sentence)
    return spelt(text)


def _write_board(sheet: Any, styles: Styles, rows: Iterable[BoardLine]) -> list[tuple[str, ...]]:
    rows = list(rows)
    others = other_headers(rows)
    for index, width in enumerate((*_WIDTHS, *[_OWN_WIDTH] * len(others))):
        sheet.column_dimensions[column_name(index)].width = width
    sheet.freeze_panes = "C2"
    sheet.append([styles.cell(sheet, header, fill=_HEADER, bold=True, wrap=True) for header in (*HEADERS, *others)])
    ids: list[tuple[str, ...]] = []
    for row in rows:
        sheet.append(list(_cells(sheet, row, styles, others)))
        exported = Exported.of_cells(row.id, row.cells, row.extra)
        ids.append((exported.order_id, exported.who, exported.rest, exported.cells, exported.others))
    sheet.auto_filter.ref = f"A1:{column_name(len(HEADERS) + len(others) - 1)}{len(ids) + 1}"
    _add_lists(sheet, len(ids) + 1 + _SPARE_LINES)
    return ids


def _cells(sheet: Any, row: BoardLine, styles: Styles, others: Sequence[str]) -> Iterator[Any]:
    colour = _ALERT if row.alerts else _DUE if row.due else ""
    for header in HEADERS:
        text, value = row.cells.get(header, ""), row.typed.get(header)
        fill = _DUE if row.due and header == "IMPER" else colour
        if isinstance(value, dt.date) and text == format_date(value):
            yield styles.cell(sheet, dt.datetime.combine(value, dt.time()), fill=fill)
        else:
            yield styles.cell(sheet, text, fill=fill, wrap=header in _WRAPPED)
    for name in others:
        yield styles.cell(sheet, row.extra.get(name, ""), fill=colour, wrap=True)


def _add_lists(sheet: Any, last: int) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    for place, (header, values) in enumerate(_LISTS.items()):
        column = column_name(place)
        # A cell may rightly hold two origins: Excel asks, it does not forbid.
        rule = DataValidation(
            type="list",
            formula1=f"{_LISTS_SHEET}!${column}$1:${column}${len(values)}",
            allow_blank=True,
            errorStyle="warning",
            errorTitle=header,
            error=f"{header} : ce n'est pas une valeur de la liste ; la garder quand même ?",
            showErrorMessage=True,
        )
        letter = column_name(HEADERS.index(header))
        rule.add(f"{letter}2:{letter}{last}")
        sheet.data_validations.append(rule)


def _write_agenda(sheet: Any, styles: Styles, today: dt.date, agenda: Iterable[AgendaLine]) -> None:
    lines = [(a.section, a.client, a.partner, a.status, format_date(a.date), a.text) for a in agenda]
    names = ("Quoi", "Pour", "De la part de", "État", "Quand", "À faire")
    _write_list(sheet, styles, f"À faire le {format_date(today)}", names, lines, (26, 32, 20, 26, 12, 70))


def _write_alerts(sheet: Any, styles: Styles, today: dt.date, alerts: Iterable[AlertLine]) -> None:
    lines = [(a.client, a.partner, a.status, a.text) for a in alerts]
    names = ("Pour", "De la part de", "État", "Alerte")
    _write_list(sheet, styles, f"Alertes au {format_date(today)}", names, lines, (32, 20, 26, 90))


def _write_list(
    sheet: Any, styles: Styles, title: str, names: Sequence[str], lines: Sequence[Sequence[str]], widths: Sequence[int]
) -> None:
    # These names are none of the board's headers on purpose: read again, the sheet is not taken for a board.
    for index, width in enumerate(widths):
        sheet.column_dimensions[column_name(index)].width = width
    sheet.freeze_panes = "A3"
    sheet.append([styles.cell(sheet, title, bold=True)])
    sheet.append([styles.cell(sheet, name, fill=_HEADER, bold=True) for name in names])
    for line in lines:
        sheet.append([styles.cell(sheet, text, wrap=True) for text in line])
    sheet.auto_filter.ref = f"A2:{column_name(len(names) - 1)}{max(len(lines) + 2, 3)}"


def _write_hidden(book: Any, styles: Styles, ids: list[tuple[str, ...]], *, extract: bool) -> None:
    lists = book.create_sheet(_LISTS_SHEET)
    lists.sheet_state = "hidden"
    for values in itertools.zip_longest(*_LISTS.values(), fillvalue=""):
        lists.append([styles.cell(lists, value) for value in values])
    hidden = book.create_sheet(IDS_SHEET)
    hidden.sheet_state = "veryHidden"
    for line in ((*IDS_TITLE, EXTRACT) if extract else IDS_TITLE, *ids):
        hidden.append([styles.cell(hidden, text) for text in line])
