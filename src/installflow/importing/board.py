"""The whole board: read, each line matched with its order, compared and recorded."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid5

from pydantic import ValidationError

from installflow.app import OPENED
from installflow.importing.known import Compared, Comparing
from installflow.importing.past import Pasts
from installflow.importing.recording import Job, Recorder
from installflow.importing.report import ImportReport, reason_of
from installflow.orders import PLANNING, Order
from installflow.orders.cells import cells_of
from installflow.orders.events import OrderImported
from installflow.orders.spreadsheet import cross_check, read_board, read_row, says_we_called
from installflow.orders.spreadsheet.changes import opening_of
from installflow.orders.spreadsheet.matching import match
from installflow.orders.spreadsheet.typed import cleaned, tidy
from installflow.orders.terms import key_of
from installflow.store.unit_of_work import Command, Request

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from installflow.app import InstallFlow
    from installflow.orders.planning_row import PlanningRow
    from installflow.orders.spreadsheet import RawRow, ReadRow
    from installflow.orders.spreadsheet.matching import Known, Matches
    from installflow.workflow.event import Actor

SOURCE_LIMIT = 200
"""Characters of an actor's source."""

REMARKS_KEPT = 12
"""Remarks of a new line that its order keeps in its history."""


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
    when a file cannot be read as a board, `Forbidden` when the actor's role may not import.
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
    run = _Import(flow, by, report, comparing, Recorder(flow, report, dry_run), _Told(report))
    run.record(rows, given, progress or (lambda _done, _of: None))
    report.sort()
    return report


def _remark(flow: InstallFlow, report: ImportReport, rows: Sequence[ReadRow]) -> None:
    report.remarks += [remark for row in rows for remark in row.remarks]
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

    def record(self, rows: Sequence[ReadRow], given: Sequence[ReadRow], progress: Callable[[int, int], None]) -> None:
        usable = [row for row in rows if not row.refused]
        orders: list[PlanningRow] = self.flow.projections.rows(PLANNING)
        matches = match(usable, orders, self.flow.policies.canonical, self._was)
        bases = self._bases(usable, given)
        fates = iter(zip(_fates(matches, len(usable)), bases, strict=True))
        occurrences: Counter[str] = Counter()
        for done, row in enumerate(rows, 1):
            digest = _digest(row.raw)
            occurrences[digest] += 1
            if row.refused:
                self.report.skip(row, row.refused)
            else:
                fate, base = next(fates)
                if isinstance(fate, str):
                    self.report.conflicts += 1
                    self.report.skip(row, fate)
                elif fate:
                    self._update(row, fate, base, digest)
                else:
                    self._create(row, f"{digest}:{occurrences[digest]}")
            progress(done, len(rows))
        self.recorder.flush()
        refused = {row.raw.order_id for row in rows if row.refused}
        self.report.absent_orders = [one.row for one in matches.absent if str(one.row.id) not in refused]
        self.report.absent = len(self.report.absent_orders)

    def _was(self, order: PlanningRow, row: ReadRow) -> bool:
        return self.comparing.pasts.day_of(order, row) is not None

    def _create(self, row: ReadRow, key: str) -> None:
        partner = self.flow.policies.canonical(row.partner) if row.partner else ""
        try:
            event = opening_of(row, partner, self.told.of(row.raw))
        except ValidationError as error:
            self.report.skip(row, reason_of(error))
            return
        command_id = f"import:{key}"
        command = Command(Order, uuid5(OPENED, command_id), event, opens=True)
        self.recorder.take(Job(row, Compared(Request([command], self.by, command_id, repeatable=True))))

    def _update(self, row: ReadRow, known: Known, base: ReadRow | None, digest: str) -> None:
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


def _digest(raw: RawRow) -> str:
    texts = [f"{name}={text}" for cells in (raw.cells, raw.extra) for name, text in sorted(cells.items()) if text]
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:40]
