"""The whole board: read, each line matched with its order, compared and recorded."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from pydantic import ValidationError

from installflow.app import OPENED
from installflow.importing.bookings import tell_taken_days
from installflow.importing.known import Compared, Comparing
from installflow.importing.lookalikes import tell_lookalikes
from installflow.importing.past import Pasts
from installflow.importing.recording import Job, Recorder
from installflow.importing.report import ImportInterrupted, ImportReport, reason_of
from installflow.orders import PLANNING, Order
from installflow.orders.cells import cells_of
from installflow.orders.events import OrderImported
from installflow.orders.spreadsheet import cross_check, read_board, read_row, says_we_called
from installflow.orders.spreadsheet.changes import opening_of
from installflow.orders.spreadsheet.matching import match
from installflow.orders.spreadsheet.typed import cleaned, tidy
from installflow.orders.terms import key_of
from installflow.store.engine import ATTEMPTS
from installflow.store.unit_of_work import Command, Request

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from installflow.app import InstallFlow
    from installflow.orders.planning_row import PlanningRow
    from installflow.orders.spreadsheet import RawRow, ReadRow
    from installflow.orders.spreadsheet.matching import Known, Matches
    from installflow.workflow.event import Actor

Place = tuple[str, int]
"""A line's sheet and number."""

SOURCE_LIMIT = 200
"""Characters of an actor's source."""

REMARKS_KEPT = 12
"""Remarks of a new line that its order keeps in its history."""

_BEING_OPENED = (
    "une commande de ce client est enregistrée mais ne se lit pas encore : importez à nouveau, "
    "et si cela dure voyez « installflow views »"
)


def import_board(
    flow: InstallFlow,
    path: str | Path,
    *,
    by: Actor,
    today: dt.date | None = None,
    base: str | Path | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Import a board, ``.csv`` or ``.xlsx``; the same file again records nothing.

    ``today`` settles dates without a year; ``base`` is the file the planner started from, compared with instead of
    what was last imported; ``dry_run`` reports the same and stores nothing; ``progress`` is told the lines done and
    their number. A line that is refused is reported and the others go on. Raises `ImportRejected` (nothing is stored)
    when a file cannot be read as a board, `Forbidden` when the actor's role may not import, `ImportInterrupted` (a
    `KeyboardInterrupt`) with what was recorded by then.
    """
    flow.policies.named("").check_role(OrderImported, by.role)
    today = today or flow.today_is
    if not by.source:
        by = replace(by, source=f"tableau {tidy(cleaned(Path(path).name)[0])}"[:SOURCE_LIMIT])
    board = read_board(path)
    given = [read_row(raw, today) for raw in read_board(base).rows] if base else []
    rows = [read_row(raw, today) for raw in board.rows]
    report = ImportReport()
    report.count_lines(board)
    _remark(flow, report, rows)
    comparing = Comparing(flow, by, today, Pasts(flow))
    recorder = Recorder(flow, report, dry_run)
    run = _Import(flow, by, report, comparing, recorder, _Told(report), board.extract)
    try:
        run.record(rows, given, progress or (lambda _done, _of: None))
        tell_taken_days(flow, report, recorder.recorded, run.lines)
        tell_lookalikes(flow, report, recorder.recorded, run.lines)
    except KeyboardInterrupt as interrupt:
        raise ImportInterrupted(report, exact=not recorder.committing) from interrupt
    report.sort()
    return report


def _remark(flow: InstallFlow, report: ImportReport, rows: Sequence[ReadRow]) -> None:
    for row in rows:
        # Why a line is refused is said when it is left out: once is enough.
        report.remarks += [one for one in row.remarks if not (row.refused and row.refused.startswith(one.message))]
    report.remarks += cross_check(rows)
    default, met = flow.policies.named(""), set[str]()
    for row in rows:
        key = key_of(row.partner)
        if not row.refused and key and key not in met and flow.policies.named(row.partner) is default:
            met.add(key)
            plutot = f" ; plutôt {alike} ?" if (alike := flow.policies.lookalike(row.partner)) else ""
            report.say(row, [("PARTENAIRE", f"aucune règle propre à « {row.partner} » : celles de tous{plutot}")])
    for row in rows:
        policy = flow.policies.named(row.partner)
        if row.partner and not policy.parameters["client_contact"] and says_we_called(row.comments):
            name = policy.policy.name
            called = f"contact direct d'un client {name} : {name} seul contacte le client, prévenez-le"
            report.say(row, [("COMMENTAIRES PLANIF", called)])


class _Told:
    """The remarks on each line before anything is recorded."""

    def __init__(self, report: ImportReport) -> None:
        self._lines: dict[tuple[str, int], list[str]] = defaultdict(list)
        for remark in report.remarks:
            self._lines[remark.sheet, remark.line].append(f"{remark.column} : {remark.message}"[:300])

    def of(self, raw: RawRow) -> list[str]:
        return self._lines.get((raw.sheet, raw.line), [])[:REMARKS_KEPT]


@dataclass(slots=True)
class _Import:
    flow: InstallFlow
    by: Actor
    report: ImportReport
    comparing: Comparing
    recorder: Recorder
    told: _Told
    extract: frozenset[str] | None = None
    """The orders a filtered export had: no other is absent from it."""
    lines: dict[UUID, ReadRow] = field(default_factory=dict)
    """The order of each line that has one, with the line."""
    bases: dict[Place, ReadRow | None] = field(default_factory=dict)
    _unsure: list[ReadRow] = field(default_factory=list)
    _known: set[UUID] = field(default_factory=set)
    """The orders there were when lines were last matched."""
    _numbers: Counter[str] = field(default_factory=Counter)

    def record(self, rows: Sequence[ReadRow], given: Sequence[ReadRow], progress: Callable[[int, int], None]) -> None:
        usable = [row for row in rows if not row.refused]
        self.bases = dict(zip(map(_place, usable), self._bases(usable, given), strict=True))
        matches = self._match(usable)
        fates = _fates(matches, len(usable))
        for done, row in enumerate(rows, 1):
            if row.refused:
                self.report.skip(row, row.refused)
            else:
                self._take(row, next(fates))
            progress(done, len(rows))
        self.recorder.flush()
        self._meet()
        named = {row.raw.order_id for row in rows if row.refused} | {str(one) for one in self.lines}
        meant = self.extract
        absent = [one.row for one in matches.absent if str(one.row.id) not in named]
        absent = [order for order in absent if meant is None or str(order.id) in meant]
        self.report.absent_orders = sorted(absent, key=lambda order: key_of(order.client))
        self.report.absent = len(self.report.absent_orders)

    def _match(self, rows: Sequence[ReadRow]) -> Matches:
        """Pair lines with the orders there are now and that no line of this import has."""
        orders: list[PlanningRow] = self.flow.projections.rows(PLANNING)
        self._known = {one.id for one in orders}
        self._numbers.clear()
        free = [one for one in orders if one.id not in self.lines]
        return match(rows, free, self.flow.policies.canonical, self._was)

    def _meet(self) -> None:
        """Match again the lines whose order another import opened meanwhile: what is known now decides."""
        for _ in range(ATTEMPTS):
            met = [job.row for job in self.recorder.met]
            if not met:
                return
            for job in self.recorder.met:
                del self.lines[job.request.commands[0].id]
            self.recorder.met.clear()
            # Lines whose order could not be told still may be any of the orders left.
            matches = self._match([*met, *self._unsure])
            for row, fate in zip(met, _fates(matches, len(met)), strict=True):
                self._take(row, fate)
            self.recorder.flush()
        for job in self.recorder.met:
            self.report.skip(job.row, _BEING_OPENED)

    def _take(self, row: ReadRow, fate: Known | str | None) -> None:
        if isinstance(fate, str):
            self._unsure.append(row)
            self.report.conflicts += 1
            self.report.skip(row, fate)
        elif fate:
            self.lines[fate.row.id] = row
            self._update(row, fate)
        else:
            self._create(row)

    def _was(self, order: PlanningRow, row: ReadRow) -> bool:
        return self.comparing.pasts.day_of(order, row) is not None

    def _create(self, row: ReadRow) -> None:
        partner = self.flow.policies.canonical(row.partner) if row.partner else ""
        try:
            event = opening_of(row, partner, self.told.of(row.raw))
        except ValidationError as error:
            self.report.skip(row, reason_of(error))
            return
        command_id, one = self._next_of(row.client)
        self.lines[one] = row
        command = Command(Order, one, event, opens=True)
        self.recorder.take(Job(row, Compared(Request([command], self.by, command_id, repeatable=True))))

    def _next_of(self, client: str) -> tuple[str, UUID]:
        """The command that opens a client's next order, and the order's id.

        Derived from the client's name and the first number nobody has: two imports that open an order of one client
        at once ask for the same id, one of them gets it, and the other matches its line again. Nothing else of the
        line counts, for a line may be completed from one file to the next, its partner included.
        """
        digest = hashlib.sha256((key_of(client) or client).encode()).hexdigest()[:40]
        while True:
            self._numbers[digest] += 1
            command_id = f"import:{digest}:{self._numbers[digest]}"
            one = uuid5(OPENED, command_id)
            if one not in self._known and one not in self.lines:
                return command_id, one

    def _update(self, row: ReadRow, known: Known) -> None:
        base, digest = self.bases[_place(row)], _digest(row.raw)

        def again() -> Compared:
            now: PlanningRow = self.flow.projections.rows(PLANNING, [known.row.id])[0]
            return self.comparing.compare(now, cells_of(now), row, base, digest)

        try:
            compared = self.comparing.compare(known.row, known.cells, row, base, digest)
        except ValidationError as error:
            self.report.skip(row, reason_of(error))
            return
        if compared.request:
            self.recorder.take(Job(row, compared, again))
        else:
            self.report.unchanged += 1
            self.report.known_lines.add((row.raw.sheet, row.raw.line))
            self.report.conflicts += compared.conflicts
            self.report.say(row, compared.urgent, urgent=True)
            self.report.say(row, compared.notes)

    def _bases(self, rows: Sequence[ReadRow], given: Sequence[ReadRow]) -> list[ReadRow | None]:
        """For each line, the same line of the file the planner started from, where one only can be meant."""
        if not given:
            return [None] * len(rows)

        def name(row: ReadRow) -> tuple[str, str]:
            return key_of(row.client), key_of(self.flow.policies.canonical(row.partner))

        by_id = {row.raw.order_id: row for row in given if row.raw.order_id}
        by_name: dict[tuple[str, str], list[ReadRow]] = defaultdict(list)
        for row in given:
            by_name[name(row)].append(row)
        counts, seen = Counter(map(name, rows)), Counter[tuple[str, str]]()
        found: list[ReadRow | None] = []
        for row in rows:
            alike = by_name[name(row)]
            # As many lines of that name in both files: they are taken in their order.
            same = alike[seen[name(row)]] if len(alike) == counts[name(row)] else None
            seen[name(row)] += 1
            found.append(by_id.get(row.raw.order_id or "", same))
        return found


def _fates(matches: Matches, count: int) -> Iterator[Known | str | None]:
    """For each line its order, or why it cannot be told, or nothing: it is new."""
    for index in range(count):
        yield matches.found.get(index) or matches.unsure.get(index)


def _place(row: ReadRow) -> Place:
    return row.raw.sheet, row.raw.line


def _digest(raw: RawRow) -> str:
    texts = [f"{name}={text}" for cells in (raw.cells, raw.extra) for name, text in sorted(cells.items()) if text]
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:40]
