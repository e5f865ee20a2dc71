"""What is read from one line of a board: the text as typed, the values that are certain, the warnings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from installflow.orders.terms import Material, OrderStatus, Origin, Porta, Slot


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning about one cell: file line (the header is line 1), column header, value as typed, French sentence."""

    line: int
    column: str
    value: str
    message: str
    sheet: str = ""
    """The workbook's sheet; blank for a CSV file."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One line of the file as typed: a text per known header (absent columns are absent), other columns apart."""

    line: int
    cells: dict[str, str]
    extra: dict[str, str] = field(default_factory=dict)
    order_id: str | None = None
    """The id our own export wrote in its hidden sheet, when there is one."""
    sheet: str = ""
    remarks: tuple[Remark, ...] = ()
    """What only the file itself could tell (a number Excel had stored as such)."""
    exported: dict[str, str] = field(default_factory=dict)
    """The digest of each cell as that export wrote it, by header."""
    exported_extra: frozenset[str] = frozenset()
    """The same for other columns, the header in the digest."""
    row: int = 0
    """The row Excel shows it under; 0 when the line is of no file."""
    shown: dict[str, str] = field(default_factory=dict)
    """What Excel last showed in the cells that hold a formula, by header."""
    aside: str = ""
    """Why this line is not taken, as one French sentence: another line is its order's already."""

    @property
    def place(self) -> int:
        """The line's number as a person finds it in the file."""
        return self.row or self.line


@dataclass(frozen=True, slots=True)
class ReadReminder:
    """One reminder date of IMPER, with whatever else the cell says about it."""

    date: dt.date
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReadPorta:
    """PORTA PRÉVUE LE in its three pieces (R-BOARD-08); ``raw`` is the cell as typed."""

    state: Porta = Porta.UNKNOWN
    date: dt.date | None = None
    operator: str = ""
    remarks: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One line read: only what is certain is filled in; ``unread`` keeps, by header, the cells that were not."""

    raw: RawRow
    """The line as typed, without the characters no store can keep."""
    client: str = ""
    partner: str = ""
    confirmer: str = ""
    """Who beside the partner must confirm, when the row names them (BVC Orange, R-BOARD-27)."""
    reminders: tuple[ReadReminder, ...] = ()
    date: dt.date | None = None
    porta: ReadPorta = field(default_factory=ReadPorta)
    slot: Slot | None = None
    origins: tuple[Origin, ...] = ()
    technicians: tuple[str, ...] = ()
    project_manager: str = ""
    status: OrderStatus | None = None
    suggested: OrderStatus | None = None
    """The status the row seems to mean where STATUT does not say it; a proposal, never applied."""
    comments: str = ""
    material: Material | None = None
    tracking: tuple[str, ...] = ()
    billing: str = ""
    phones: int | None = None
    """Telephones read in the comment (A-03): a proposal, always with a warning."""
    cancel_reason: str = ""
    cancel_confirmed: bool = False
    """Whether the row says the partner confirmed the cancellation (R-BOARD-32)."""
    unread: dict[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    refused: str = ""
    """Why the row cannot be imported at all, as one French sentence; blank when it can."""
