"""A planning board, as planners typed it, into events: each line an order, compared with what the flow knows of it.

What is read, matched and compared is pure and lives in ``orders.spreadsheet``; here it meets the flow. One line is one
unit of work, under a command id that the same line gives again, and lines are committed by batches: an import killed
half-way is finished by running it again.
"""

from __future__ import annotations

from installflow.importing.board import import_board
from installflow.importing.report import ImportReport

__all__ = ["ImportReport", "import_board"]
