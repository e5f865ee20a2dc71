"""The technicians an import names whose names may be one person's, spelt twice: they stay two, and that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installflow.orders import PLANNING
from installflow.orders.calendar import technician_key
from installflow.orders.lookalikes import Technicians, known_told, named_on, taken_told

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from installflow.app import InstallFlow
    from installflow.importing.recording import Job
    from installflow.importing.report import ImportReport
    from installflow.orders.planning_row import PlanningRow
    from installflow.orders.spreadsheet import ReadRow

Pair = frozenset[str]
"""Two technicians, by their keys."""


def tell_lookalikes(
    flow: InstallFlow, report: ImportReport, recorded: Sequence[Job], lines: Mapping[UUID, ReadRow]
) -> None:
    """Say of two spellings, once a day both are taken, and once in all where one of them is new on the board."""
    jobs = {job.order: job for job in recorded if job.after is not job.before and named_on(job.after)}
    if not jobs:
        return
    rows: list[PlanningRow] = flow.projections.rows(PLANNING)
    now = [(row.id, row.client, row.visit) for row in rows if row.id not in jobs and not row.is_final]
    technicians = Technicians([*now, *((job.order, job.row.client, job.after) for job in jobs.values())])
    before = {key for visit in (*(row[2] for row in now), *(job.before for job in recorded)) for key in named_on(visit)}
    told: set[Pair] = set()
    for order, sentence in (*_taken(jobs.values(), technicians, told), *_new(jobs.values(), technicians, told, before)):
        report.say(lines[order], [("NOM TECH", sentence)])


def _taken(jobs: Iterable[Job], technicians: Technicians, told: set[Pair]) -> Iterator[tuple[UUID, str]]:
    """The pairs that are both taken on a day."""
    days: set[tuple[Pair, dt.date]] = set()
    for job in jobs:
        held = job.before.days()
        news = {day: name for day, (name, _) in job.after.days().items() if day not in held}
        for (key, day), name in news.items():
            for near, holding in technicians.taken(name, day, job.order):
                pair = frozenset((key, technician_key(near)))
                if (pair, day) not in days:
                    yield job.order, taken_told(name, near, day, holding.values())
                days.add((pair, day))
                told.add(pair)


def _new(
    jobs: Iterable[Job], technicians: Technicians, told: set[Pair], before: Collection[str]
) -> Iterator[tuple[UUID, str]]:
    """The pairs one of which nobody bore before, and of which nothing was told."""
    for job in jobs:
        names = {key: name for key, name in named_on(job.after).items() if key not in before}
        for key, name in names.items():
            for near in technicians.near(name):
                pair = frozenset((key, technician_key(near)))
                clients = technicians.bearing(near, job.order)
                if clients and pair not in told:
                    yield job.order, known_told(name, near, clients.values())
                told.add(pair)
