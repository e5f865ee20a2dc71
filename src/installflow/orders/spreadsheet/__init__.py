"""The planning board as a spreadsheet: read from what planners type, written back for them."""

from installflow.orders.spreadsheet.board import Board, IgnoredSheet, Layout, Skipped
from installflow.orders.spreadsheet.cells import read_row
from installflow.orders.spreadsheet.checks import cross_check
from installflow.orders.spreadsheet.comments import says_we_called
from installflow.orders.spreadsheet.files import read_board
from installflow.orders.spreadsheet.report import write_report
from installflow.orders.spreadsheet.row import RawRow, ReadPorta, ReadReminder, ReadRow, Remark
from installflow.orders.spreadsheet.writing import AgendaLine, AlertLine, BoardLine, write_csv
from installflow.orders.spreadsheet.xlsx_out import write_xlsx

__all__ = [
    "AgendaLine",
    "AlertLine",
    "Board",
    "BoardLine",
    "IgnoredSheet",
    "Layout",
    "RawRow",
    "ReadPorta",
    "ReadReminder",
    "ReadRow",
    "Remark",
    "Skipped",
    "cross_check",
    "read_board",
    "read_row",
    "says_we_called",
    "write_csv",
    "write_report",
    "write_xlsx",
]
