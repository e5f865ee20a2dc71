"""The technicians' days that an import took though another order holds them: both keep them, and the planner is told.

Two lines of one file are told of each other by `installflow.orders.spreadsheet.cross_check`; here it is the orders the
flow has that count, as they stand once the whole file is recorded.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from installflow.orders import PLANNING
from installflow.orders.calendar import Held, part_of, technician_key
from installflow.orders.spreadsheet.formatting import format_slot

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from installflow.app import InstallFlow
    from installflow.importing.recording import Job
    from installflow.importing.report import ImportReport
    from installflow.orders.planning_row import PlanningRow
    from installflow.orders.spreadsheet import ReadRow
    from installflow.orders.terms import Slot
    from installflow.orders.visit import Visit

NAMED = 5
"""How many of the orders that hold a day are named."""

Day = tuple[str, "dt.date"]


class Holding(NamedTuple):
    """An order's hold on a technician's day."""

    held: Held
    technician: str
    slots: tuple[Slot | None, ...]


def tell_taken_days(
    flow: InstallFlow, report: ImportReport, recorded: Sequence[Job], lines: Mapping[UUID, ReadRow]
) -> None:
    """Say of each line that took a technician's day which orders hold it too; ``lines`` are the orders' lines."""

    def holdings(one: UUID, client: str, partner: str, visit: Visit) -> dict[Day, Holding]:
        unit = flow.policies.named(partner).parameters["booking_unit"]
        return {
            day: Holding(Held(one, client, part_of(slots, unit)), name, slots)
            for day, (name, slots) in visit.days().items()
        }

    taken: dict[UUID, dict[Day, Holding]] = {}
    after: dict[UUID, dict[Day, Holding]] = {}
    for job in recorded:
        before = job.before.days()
        after[job.order] = mine = holdings(job.order, job.row.client, job.partner, job.after)
        news = {day: one for day, one in mine.items() if day not in before or before[day][1] != one.slots}
        if news:
            taken[job.order] = news
    if not taken:
        return
    wanted = {day for news in taken.values() for day in news}
    holders: dict[Day, list[Holding]] = defaultdict(list)
    rows: list[PlanningRow] = flow.projections.rows(PLANNING)
    stored = (holdings(row.id, row.client, row.partner, row.visit) for row in rows if row.id not in after)
    for days in (*stored, *after.values()):
        for day in wanted & days.keys():
            holders[day].append(days[day])
    for order, news in taken.items():
        row = lines[order]
        for day, new in news.items():
            others = [
                other
                for other in holders[day]
                if other.held.order != order
                and other.held.meets(new.held.part)
                and not _told(row, day, lines.get(other.held.order), recorded=other.held.order in after)
            ]
            if others:
                report.say(row, [("NOM TECH", _sentence(day[1], new, others))])


def _told(row: ReadRow, day: Day, other: ReadRow | None, *, recorded: bool) -> bool:
    """Whether the two lines say it of each other already, on one of them that is shown."""
    if other is None or other.date != day[1] or day[0] not in map(technician_key, other.technicians):
        return False
    return recorded or (other.raw.sheet == row.raw.sheet and other.raw.line < row.raw.line)


def _sentence(date: dt.date, mine: Holding, others: Sequence[Holding]) -> str:
    at_once = {slot for other in others for slot in other.slots if slot} & set(mine.slots)
    clients = sorted({other.held.client for other in others})
    more = f" et {len(clients) - NAMED} de plus" if len(clients) > NAMED else ""
    named, when = f"{', '.join(clients[:NAMED])}{more}", f"{mine.technician} le {date:%d/%m/%Y}"
    if at_once:
        return f"double réservation : {when} à {format_slot(min(at_once))}, déjà pris par {named}"
    return f"technicien déjà bloqué ce jour : {when}, par {named}"
