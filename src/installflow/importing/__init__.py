"""A planning board, as planners typed it, into events: each line an order, compared with what the flow knows of it.

What is read, matched and compared is pure and lives in ``orders.spreadsheet``; here it meets the flow. One line is one
unit of work and lines are committed by batches: an import killed half-way is finished by running it again. Two imports
at once open each order once: they ask for the same id, and who comes second matches the line again.
"""

from __future__ import annotations

from installflow.importing.board import import_board
from installflow.importing.report import ImportInterrupted, ImportReport

__all__ = ["ImportInterrupted", "ImportReport", "import_board"]
