"""Lines are recorded by batches: each is a unit of work of its own, several are committed together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from installflow.errors import Conflict, Invalid, NotFound, Refused
from installflow.importing.known import Compared
from installflow.importing.report import ImportReport, RecordedLine, reason_of
from installflow.orders import Order, TechnicianDay
from installflow.orders.calendar import day_id
from installflow.orders.notes import AlertRaised
from installflow.orders.terms import key_of
from installflow.orders.visit import UNPLANNED
from installflow.store.engine import ATTEMPTS
from installflow.store.store import VersionTaken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from installflow.app import InstallFlow
    from installflow.orders.spreadsheet import ReadRow
    from installflow.orders.visit import Visit
    from installflow.store.unit_of_work import Outcome, Request, UnitOfWork
    from installflow.workflow.aggregate import Aggregate
    from installflow.workflow.event import Recorded

BATCH_EVENTS = 80
BATCH_BYTES = 100 * 1024
"""What one commit takes at most, with room left below the store's own limits."""

AHEAD = 50
"""Lines whose orders and days are loaded together."""


@dataclass(slots=True)
class Job:
    """One line to record; ``again`` compares it afresh with its order, when somebody else wrote on that meanwhile."""

    row: ReadRow
    compared: Compared
    again: Callable[[], Compared] | None = None
    """None for a line that opens an order: there is nothing to compare."""
    alerts: list[tuple[str, str]] = field(default_factory=list)
    """What recording it raised on its own order."""
    before: Visit = UNPLANNED
    after: Visit = UNPLANNED
    """The visits of its order, before the line and with it."""
    partner: str = ""

    @property
    def order(self) -> UUID:
        """The order it is about."""
        return self.request.commands[0].id

    def noted(self, outcomes: Sequence[Outcome], decided: Sequence[Recorded]) -> None:
        """Keep what its order has become, and the alerts among the events decided for this line."""
        self.before, self.after = outcomes[0].before.visit, outcomes[-1].after.visit
        self.partner = outcomes[-1].after.partner
        raised = (one.event for one in decided if one.id == self.order and one.event_type is AlertRaised)
        self.alerts = [("NOM TECH", event.sentence) for event in raised if isinstance(event, AlertRaised)]

    @property
    def request(self) -> Request:
        """What to ask for."""
        assert self.compared.request is not None  # noqa: S101  # a line without a request is no job
        return self.compared.request

    @property
    def events(self) -> int:
        """How many events that may come to: each may free a day and book another."""
        if self.again is None:
            return 1 + (len(self.row.technicians) if self.row.date else 0)
        return 3 * len(self.request.commands)

    @property
    def weight(self) -> int:
        """Bytes that may come to: the line is stored as typed and as read."""
        texts = (*self.row.raw.cells.values(), *self.row.raw.extra.values())
        return 1500 * self.events + 3 * sum(len(text.encode()) for text in texts)

    def days(self) -> list[UUID]:
        """The technicians' days the line speaks of."""
        row = self.row
        return [day_id(name, row.date) for name in row.technicians if key_of(name)] if row.date else []


@dataclass(slots=True)
class Recorder:
    """Takes the lines of one import and commits them; in a rehearsal everything but the commit."""

    flow: InstallFlow
    report: ImportReport
    dry_run: bool
    recorded: list[Job] = field(default_factory=list)
    met: list[Job] = field(default_factory=list)
    """The lines that were to open an order which by then was there: somebody else opened it."""
    committing: bool = False
    """Whether a commit has begun whose lines are not counted yet."""
    _waiting: list[Job] = field(default_factory=list)

    def take(self, job: Job) -> None:
        """One more line; recorded now or with later ones."""
        self._waiting.append(job)
        if len(self._waiting) >= AHEAD:
            self.flush()

    def flush(self) -> None:
        """Record what is waiting."""
        jobs, self._waiting = self._waiting, []
        unit, together, weight = self._unit(jobs), list[Job](), 0
        for place, job in enumerate(jobs):
            if together and (unit.size + job.events > BATCH_EVENTS or weight + job.weight > BATCH_BYTES):
                self._commit(unit, together)
                unit, together, weight = self._unit(jobs[place:]), [], 0
            before = unit.size
            try:
                outcomes = unit.add(job.request)
            except (Conflict, Refused):
                # Somebody else's doing, or another line's of this batch.
                self._commit(unit, together)
                self._alone(job)
                unit, together, weight = self._unit(jobs[place + 1 :]), [], 0
            except (Invalid, NotFound) as error:
                self.report.skip(job.row, reason_of(error))
            else:
                if outcomes[0].repeated:
                    self._settle(job, recorded=False)
                else:
                    job.noted(outcomes, unit.decided[before:])
                    together.append(job)
                    weight += job.weight
        self._commit(unit, together)

    def _unit(self, jobs: Sequence[Job]) -> UnitOfWork:
        unit = self.flow.unit()
        wanted: dict[UUID, type[Aggregate]] = {job.order: Order for job in jobs}
        unit.load(wanted | dict.fromkeys((day for job in jobs for day in job.days()), TechnicianDay))
        return unit

    def _commit(self, unit: UnitOfWork, jobs: Sequence[Job]) -> None:
        self.committing = bool(jobs) and not self.dry_run
        try:
            if not self.dry_run:
                unit.commit()
        except (VersionTaken, Invalid):
            self.committing = False
            for job in jobs:
                self._alone(job)
            return
        for job in jobs:
            self._settle(job, recorded=True)
        self.committing = False

    def _alone(self, job: Job) -> None:
        """Record one line by itself, compared again with what others wrote."""
        why = "quelqu'un d'autre écrit sur cette commande : importez à nouveau"
        for _ in range(ATTEMPTS):
            unit = self.flow.unit()
            try:
                outcomes = unit.add(job.request)
                job.noted(outcomes, unit.decided)
                if not self.dry_run:
                    unit.commit()
            except (VersionTaken, Conflict, Refused) as error:
                why = why if isinstance(error, VersionTaken) else reason_of(error)
                if job.again is None:
                    if self._is_there(job.order):
                        self.met.append(job)
                        return
                    continue
                job.compared = job.again()
                if job.compared.request is None:
                    self._settle(job, recorded=False)
                    return
            except (Invalid, NotFound) as error:
                why = reason_of(error)
                break
            else:
                self._settle(job, recorded=not outcomes[0].repeated)
                return
        self.report.skip(job.row, why)

    def _is_there(self, one: UUID) -> bool:
        try:
            self.flow.load(one)
        except NotFound:
            return False
        return True

    def _settle(self, job: Job, *, recorded: bool) -> None:
        """Count a line, and say what is to be said of it."""
        report, raw, compared = self.report, job.row.raw, job.compared
        report.say(job.row, compared.urgent, urgent=True)
        report.say(job.row, compared.notes)
        report.conflicts += compared.conflicts
        line = RecordedLine(raw.line, job.row.client, compared.what, raw.sheet)
        if not recorded:
            report.unchanged += 1
            report.known_lines.add((raw.sheet, raw.line))
            return
        self.recorded.append(job)
        report.say(job.row, job.alerts)
        if job.again is None:
            report.created += 1
            report.created_lines.append(line)
        else:
            report.updated += 1
            report.updated_lines.append(line)
