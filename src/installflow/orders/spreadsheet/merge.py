"""Three texts a cell, as last imported, as the order shows it now, as the file has it: who changed it.

A cell of the file equal to the order's, or to the one last imported, asks for nothing. Texts are equal when they are
alike but for blanks, or when they are read as the same value. Changed in the file alone, it is to be recorded; changed
on both sides, it is a conflict, and the order's value stays.

**What an import leaves behind as the next one's base.** ``PlanningRow.typed`` holds the text last imported of each
cell, and ``touched`` the cells that changed in the order since, each with the text it had then. "Changed since" is
remembered as such and not worked out by comparing texts: a cell changed and changed back was worked on, and an old
file must not undo that. `RowReimported.typed` moves the base, and forgets ``touched``, for the cells it names:

- a cell changed in the file alone, or equal to the order's: file and order agree, or the order took the file's. The
  cell is named.
- a cell the file left alone: it is named if the order left it alone too (an event of this very import may have
  changed it as a consequence: that is no work of others). If the order changed it, it is *not* named: the planner who
  edits that cell next has not seen the order's value, and that must be a conflict then.
- a conflict: it is *not* named. Named, the next import would take the order's value for agreed, find the cell changed
  in the file alone, and overwrite the newer work; or, its text being the base, would no longer report it. Left
  unnamed, the same file meets the same three texts, records nothing and reports the same conflict, until either side
  gives way.

Nothing at all is recorded for a line whose every cell has the order's text or the base's: so an export imported again
is no event, and the base stays where it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from installflow.orders.spreadsheet.cells import read_row
from installflow.orders.spreadsheet.identity import digest_of
from installflow.orders.spreadsheet.matching import same_text
from installflow.orders.spreadsheet.row import RawRow
from installflow.orders.terms import HEADERS, OrderStatus

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from installflow.orders.planning_row import PlanningRow
    from installflow.orders.spreadsheet.row import ReadRow

UNKNOWN = "\x00"
"""The text of a base nobody kept: it equals no cell."""


class Verdict(Enum):
    """Who changed a cell since the base."""

    LEFT = "the file left it alone"
    AGREED = "the file says what the order says"
    CHANGED = "the file alone changed it"
    CONFLICT = "both changed it"


@dataclass(frozen=True, slots=True)
class Base:
    """What a line of the file is compared with: the texts it started from, and the cells the order changed since."""

    typed: Mapping[str, str]
    moved: frozenset[str]
    shown: Mapping[str, str] = field(default_factory=dict)
    """How the order wrote the base's value, where that differs."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A line compared with its order: the verdict on each of its cells, and the base it was compared with."""

    verdicts: dict[str, Verdict]
    base: Base

    def of(self, verdict: Verdict) -> list[str]:
        """The headers of that verdict."""
        return [header for header, one in self.verdicts.items() if one is verdict]


def base_of(row: PlanningRow, cells: Mapping[str, str], raw: RawRow) -> Base:
    """The base of a line: what our export wrote, when the line carries it, else what was last imported.

    An order never imported has none: a blank cell is then taken for its base, so what was recorded here is never
    overwritten, and what the file adds to a blank cell is taken.
    """
    if raw.exported:
        return _exported(cells, raw)
    typed, moved, shown = {}, set(), {}
    for header in HEADERS:
        if header in row.typed or row.imported:
            typed[header] = row.typed.get(header, "")
            shown[header] = row.touched.get(header, cells[header])
            if header in row.touched:
                moved.add(header)
        else:
            typed[header] = ""
            if cells[header]:
                moved.add(header)
    return Base(typed, frozenset(moved), shown)


def _exported(cells: Mapping[str, str], raw: RawRow) -> Base:
    moved = frozenset(header for header in HEADERS if digest_of(cells[header]) != raw.exported[header])
    typed = {header: cells[header] if header not in moved else UNKNOWN for header in HEADERS}
    typed |= {header: text for header, text in raw.cells.items() if digest_of(text) == raw.exported[header]}
    return Base(typed, moved)


def base_given(row: PlanningRow, cells: Mapping[str, str], given: ReadRow, canonical: Callable[[str], str]) -> Base:
    """The base of a line is the same line of another file: the one the planner started from."""
    theirs, ours = values_read(given, canonical), values_of(row)
    moved = frozenset(
        header
        for header, text in given.raw.cells.items()
        if not same_text(text, cells[header]) and not _equal(theirs, ours, header)
    )
    typed = {header: given.raw.cells.get(header, UNKNOWN) for header in HEADERS}
    return Base(typed, moved | (set(HEADERS) - set(given.raw.cells)))


def merge(
    row: PlanningRow,
    cells: Mapping[str, str],
    read: ReadRow,
    base: Base,
    canonical: Callable[[str], str],
    today: dt.date,
) -> Merged:
    """The verdict on each cell of a line."""
    ours: dict[str, Any] | None = None
    theirs: dict[str, Any] | None = None
    verdicts = {}
    for header, text in read.raw.cells.items():
        if same_text(text, cells[header]):
            verdicts[header] = Verdict.AGREED
            continue
        if same_text(text, base.typed[header]) or same_text(text, base.shown.get(header, UNKNOWN)):
            verdicts[header] = Verdict.LEFT
            continue
        if header in row.typed and header not in row.touched and same_text(text, row.typed[header]):
            # Imported already: what was added to an exported comment is shown dated and signed since.
            verdicts[header] = Verdict.LEFT
            continue
        if ours is None or theirs is None:
            ours, theirs = values_of(row), values_read(read, canonical)
        if _equal(theirs, ours, header):
            verdicts[header] = Verdict.AGREED
        elif header not in base.moved:
            verdicts[header] = Verdict.CHANGED
        elif _reads_as_base(header, theirs, base, canonical, today):
            verdicts[header] = Verdict.LEFT
        else:
            verdicts[header] = Verdict.CONFLICT
    return Merged(verdicts, base)


def _reads_as_base(
    header: str, theirs: Mapping[str, Any], base: Base, canonical: Callable[[str], str], today: dt.date
) -> bool:
    text = base.shown.get(header, base.typed[header])
    if text == UNKNOWN or not text:
        return False
    return _equal(theirs, values_read(read_row(RawRow(0, {header: text}), today), canonical), header)


def says(
    line: Mapping[str, str],
    theirs: Mapping[str, Any],
    cells: Mapping[str, str],
    typed: Mapping[str, str],
    ours: Mapping[str, Any],
) -> bool:
    """Whether an order with these cells, last imported as ``typed``, says all that a line says."""
    return all(
        same_text(text, cells[header]) or same_text(text, typed.get(header, "")) or _equal(theirs, ours, header)
        for header, text in line.items()
    )


def _equal(one: Mapping[str, Any], other: Mapping[str, Any], header: str) -> bool:
    return header in one and header in other and bool(one[header] == other[header])


def values_of(row: PlanningRow) -> dict[str, Any]:
    """The values of an order's cells, to compare with those read from a file."""
    visit, porta = row.visit, row.porta
    status = OrderStatus.RDV_POSE if row.status is OrderStatus.CLOTUREE else row.status
    return {
        "IMPER": sorted((reminder.date, reminder.note) for reminder in row.reminders),
        "PARTENAIRE": row.partner,
        "DATE": visit.date,
        "PORTA PRÉVUE LE": (porta.state, porta.date, porta.operator, porta.remarks),
        "HEURE": visit.slot,
        "TECH": visit.origins,
        "NOM TECH": visit.technicians,
        "NOM CP": visit.project_manager,
        "STATUT": status,
        "MATÉRIEL REÇU": row.material,
        "N° CHRONO": tuple(parcel.number for parcel in row.parcels),
    }


def values_read(read: ReadRow, canonical: Callable[[str], str]) -> dict[str, Any]:
    """The values read from a line, without the cells that could not be."""
    porta = read.porta
    values = {
        "IMPER": sorted((reminder.date, reminder.note) for reminder in read.reminders),
        "PARTENAIRE": canonical(read.partner) if read.partner else "",
        "DATE": read.date,
        "PORTA PRÉVUE LE": (porta.state, porta.date, porta.operator, porta.remarks),
        "HEURE": read.slot,
        "TECH": read.origins,
        "NOM TECH": read.technicians,
        "NOM CP": read.project_manager,
        "STATUT": read.status,
        "MATÉRIEL REÇU": read.material,
        "N° CHRONO": read.tracking,
    }
    return {header: value for header, value in values.items() if header not in read.unread}
