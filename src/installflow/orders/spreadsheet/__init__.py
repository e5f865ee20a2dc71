"""The planning board as a spreadsheet: read from what planners type, written back for them.

The names below are imported when they are first used: a screen takes its cells' formats from here, and reads no file.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from installflow.orders.spreadsheet.board import Board, IgnoredSheet, Layout, Skipped
    from installflow.orders.spreadsheet.cells import read_row
    from installflow.orders.spreadsheet.checks import cross_check
    from installflow.orders.spreadsheet.comments import says_we_called
    from installflow.orders.spreadsheet.files import read_board
    from installflow.orders.spreadsheet.report import write_report
    from installflow.orders.spreadsheet.row import RawRow, ReadPorta, ReadReminder, ReadRow, Remark
    from installflow.orders.spreadsheet.writing import AgendaLine, AlertLine, BoardLine, write_csv
    from installflow.orders.spreadsheet.xlsx_out import write_xlsx

_HOMES = {
    "board": ("Board", "IgnoredSheet", "Layout", "Skipped"),
    "cells": ("read_row",),
    "checks": ("cross_check",),
    "comments": ("says_we_called",),
    "files": ("read_board",),
    "report": ("write_report",),
    "row": ("RawRow", "ReadPorta", "ReadReminder", "ReadRow", "Remark"),
    "writing": ("AgendaLine", "AlertLine", "BoardLine", "write_csv"),
    "xlsx_out": ("write_xlsx",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

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


def __getattr__(name: str) -> Any:
    """Import a name from its home on first use."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    return value
