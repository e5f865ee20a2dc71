"""What an import did, for its reader and for programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from installflow.orders.spreadsheet import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from installflow.orders.planning_row import PlanningRow
    from installflow.orders.spreadsheet import Board, ReadRow

BLANK = "ligne vide"


@dataclass(slots=True)
class ImportReport:
    """What an import did: counts of lines, the remarks on their cells, and the orders the file does not have."""

    rows: int = 0
    """Lines under the headers: each was created, updated, unchanged or skipped."""
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    absent: int = 0
    conflicts: int = 0
    """Cells changed on both sides, and lines whose order cannot be told."""
    remarks: list[Remark] = field(default_factory=list)
    absent_orders: list[PlanningRow] = field(default_factory=list)
    """The open orders that no line of the file is: they stay as they are."""

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """The remarks under the keys of the public contract, line by line; line 1 is the header."""
        return [{"line": r.line, "column": r.column, "value": r.value, "message": r.message} for r in self.remarks]

    def as_json(self) -> dict[str, Any]:
        """The report under the keys of the public contract."""
        counts = ("rows", "created", "updated", "unchanged", "skipped", "absent", "conflicts")
        return {**{name: getattr(self, name) for name in counts}, "warnings": self.warnings}

    def count_lines(self, board: Board) -> None:
        """Count a board's lines and those that are no order; blank ones below the last line are no lines at all."""
        last: dict[str, int] = {}
        for row in board.rows:
            last[row.sheet] = max(row.line, last.get(row.sheet, 1))
        for skipped in board.skipped:
            if skipped.reason != BLANK:
                message = f"ligne laissée de côté : {skipped.reason}"
                self.remarks.append(Remark(skipped.line, "CLIENT", "", message, skipped.sheet))
            elif skipped.line > last.get(skipped.sheet, 1):
                continue
            self.skipped += skipped.count
            self.rows += skipped.count
        self.rows += len(board.rows)

    def say(self, row: ReadRow, notes: Iterable[tuple[str, str]]) -> None:
        """Add remarks on a line: columns and sentences."""
        raw = row.raw
        self.remarks += [Remark(raw.line, header, raw.cells.get(header, ""), said, raw.sheet) for header, said in notes]

    def skip(self, row: ReadRow, why: str) -> None:
        """Count a line that was not imported, with the reason."""
        self.skipped += 1
        self.say(row, [("CLIENT", f"ligne non importée : {why}")])


def reason_of(error: Exception) -> str:
    """Why something was refused, in one sentence."""
    if isinstance(error, ValidationError):
        return " ; ".join(dict.fromkeys(fault["msg"] for fault in error.errors()))
    reasons = getattr(error, "reasons", ())
    return " ; ".join(dict.fromkeys(reason.sentence for reason in reasons)) or str(error)
