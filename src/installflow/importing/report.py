"""What an import did, for its reader and for programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from installflow.orders.spreadsheet import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from installflow.orders.planning_row import PlanningRow
    from installflow.orders.spreadsheet import Board, Layout, ReadRow

BLANK = "ligne vide"
HIDDEN = "feuille masquée, non lue : elle a les en-têtes du planning ; affichez-la et réimportez si ses lignes comptent"


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """A line that was recorded: the order it opened or changed, and what it changed, in words."""

    line: int
    client: str
    what: tuple[str, ...] = ()
    sheet: str = ""


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
    created_lines: list[RecordedLine] = field(default_factory=list)
    updated_lines: list[RecordedLine] = field(default_factory=list)
    urgent: list[Remark] = field(default_factory=list)
    """Those of the remarks that say of something that it was not recorded: conflicts, refusals."""
    layouts: list[Layout] = field(default_factory=list)
    """Where the sheets that were read keep their lines."""
    known_lines: set[tuple[str, int]] = field(default_factory=set)
    """The lines (sheet, number) that brought nothing new: what there is to say of them was said before."""

    @property
    def news(self) -> list[Remark]:
        """The remarks to read: the urgent ones first, then those on lines that brought something new."""
        urgent = set(self.urgent)
        fresh = (one for one in self.remarks if one not in urgent and (one.sheet, one.line) not in self.known_lines)
        return [*self.urgent, *fresh]

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """The remarks under the keys of the public contract, line by line; line 1 is the header."""
        return [{"line": r.line, "column": r.column, "value": r.value, "message": r.message} for r in self.remarks]

    def as_json(self) -> dict[str, Any]:
        """The report under the keys of the public contract."""
        counts = ("rows", "created", "updated", "unchanged", "skipped", "absent", "conflicts")
        return {**{name: getattr(self, name) for name in counts}, "warnings": self.warnings}

    @property
    def absences(self) -> list[Remark]:
        """A remark on each open order that the file has not; it stands on no line."""
        return [
            Remark(0, "CLIENT", one.client, f"absente du fichier, gardée ({one.partner or 'sans partenaire'})")
            for one in self.absent_orders
        ]

    def count_lines(self, board: Board) -> None:
        """Count a board's lines and those that are no order; blank ones below the last line are no lines at all."""
        self.layouts = list(board.layouts)
        self.remarks += [Remark(1, "", "", HIDDEN, sheet.name) for sheet in board.ignored_sheets if sheet.board]
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

    def place(self, line: int, sheet: str) -> str:
        """A line's place as a person finds it: the row Excel shows, and the sheet when several were read."""
        layout = next((one for one in self.layouts if one.sheet == sheet), None)
        if layout is None and sheet:
            return f"feuille « {sheet} »"
        row = line + layout.header_row - 1 if layout else line
        return f"ligne {row} de « {sheet} »" if len(self.layouts) > 1 else f"ligne {row}"

    def say(self, row: ReadRow, notes: Iterable[tuple[str, str]], *, urgent: bool = False) -> None:
        """Add remarks on a line: columns and sentences."""
        raw = row.raw
        told = [Remark(raw.line, header, raw.cells.get(header, ""), said, raw.sheet) for header, said in notes]
        self.remarks += told
        if urgent:
            self.urgent += told

    def skip(self, row: ReadRow, why: str) -> None:
        """Count a line that was not imported, with the reason."""
        self.skipped += 1
        self.say(row, [("CLIENT", f"ligne non importée : {why}")], urgent=True)

    def sort(self) -> None:
        """Put everything in the file's order."""
        self.remarks.sort(key=lambda one: (one.sheet, one.line))
        self.urgent.sort(key=lambda one: (one.sheet, one.line))


class ImportInterrupted(KeyboardInterrupt):
    """An import was stopped from the keyboard: what it recorded stays, and running it again finishes it."""

    def __init__(self, report: ImportReport, *, exact: bool) -> None:
        super().__init__()
        self.report = report
        self.exact = exact
        """Whether the report counts all that is recorded: not so in the middle of a commit."""

    @property
    def recorded(self) -> int:
        """How many lines are recorded."""
        return self.report.created + self.report.updated


def reason_of(error: Exception) -> str:
    """Why something was refused, in one sentence."""
    if isinstance(error, ValidationError):
        return " ; ".join(dict.fromkeys(fault["msg"] for fault in error.errors()))
    reasons = getattr(error, "reasons", ())
    return " ; ".join(dict.fromkeys(reason.sentence for reason in reasons)) or str(error)
