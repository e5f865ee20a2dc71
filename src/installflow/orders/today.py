"""The list of the day: what a planner has to look at this morning, under its headings (R-BOARD-43)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from installflow.orders.absences import Absence, Away, away_alike, by_day
from installflow.orders.alerts import overdue, unread_cells
from installflow.orders.awaited import awaited, lacks_for_the_day, lacks_to_be_planned, people
from installflow.orders.calendar import TechnicianAbsent
from installflow.orders.lookalikes import Technicians, taken_told
from installflow.orders.naming import is_among, people_of, squeezed
from installflow.orders.planning_row import PlanningRow, Reminder
from installflow.orders.terms import OrderStatus
from installflow.workflow.zone import PARIS

NEXT_DAYS = dt.timedelta(days=3)
CLASH_DAYS = dt.timedelta(days=30)
"""How far ahead absences and double bookings are listed: there is still time to find somebody else."""

STILL_DAYS = 10
QUOTED = 80
"""How much of the last comment stands in a line."""

REMINDERS = "Rappels à faire"
NEAR = "RDV des trois prochains jours"
CLASHES = "Absences et doubles réservations"
PORTABILITIES = "Portabilités du jour"
LATE = "Réponses en retard"
AGREED = "Technicien d'accord, RDV à confirmer"
STILL = "Sans rappel ni mouvement depuis dix jours"
TO_CLOSE = "À clôturer"
TO_BILL = "À facturer"
TO_MEND = "Cellules à corriger"

SECTIONS = (REMINDERS, NEAR, CLASHES, PORTABILITIES, LATE, AGREED, STILL, TO_CLOSE, TO_BILL, TO_MEND)


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One thing to do, under its heading."""

    section: str
    id: UUID
    ref: str
    client: str
    partner: str
    status: OrderStatus
    what: str
    people: tuple[str, ...]
    date: dt.date | None

    def as_json(self) -> dict[str, Any]:
        """The item for programs."""
        return {
            "section": self.section,
            "id": str(self.id),
            "ref": self.ref,
            "client": self.client,
            "partner": self.partner,
            "status": self.status.label,
            "what": self.what,
            "date": self.date.isoformat() if self.date else None,
        }


def today_list(
    rows: Iterable[PlanningRow], today: dt.date, person: str = "", absences: Iterable[Absence] = ()
) -> list[TodayItem]:
    """The list of a day, heading by heading, the oldest first; of one person's orders when named."""
    everything = list(rows)
    taken = _taken(everything)
    technicians = Technicians((row.id, row.client, row.visit) for row in everything if not row.is_final)
    away = by_day(absences)
    items = [
        TodayItem(section, row.id, row.ref, row.client, row.partner, row.status, what, people_of(row), date)
        for row in everything
        for section, what, date in (*_of(row, today), *_clashes(row, today, taken, technicians, away))
    ]
    kept = [item for item in items if not squeezed(person) or is_among(person, item.people)]
    return sorted(kept, key=lambda i: (SECTIONS.index(i.section), i.date or today, i.client, str(i.id)))


Told = tuple[str, str, dt.date | None]
Taken = Mapping[tuple[str, dt.date], Sequence[PlanningRow]]


def _of(row: PlanningRow, today: dt.date) -> Iterator[Told]:
    yield from _to_chase(row, today)
    yield from _visit(row, today)
    if row.porta.date == today and row.status is not OrderStatus.ANNULER:
        operator = f", {row.porta.operator}" if row.porta.operator else ""
        yield PORTABILITIES, f"portabilité {row.porta.state.label}{operator}", today
    if row.status is OrderStatus.CLOTUREE and not row.billed:
        trips = f", {row.billable_trips} déplacement(s) à facturer" if row.billable_trips else ""
        yield TO_BILL, f"installation clôturée{trips}", row.moved_at.astimezone(PARIS).date()
    mend = "" if row.is_final else " ; ".join(_to_mend(row, today))
    if mend:
        yield TO_MEND, mend, None


def _to_chase(row: PlanningRow, today: dt.date) -> Iterator[Told]:
    """What somebody has to be asked: reminders due, late answers, orders nobody looks at."""
    if row.is_final:
        return
    due = [reminder for reminder in row.reminders if reminder.date <= today]
    if due:
        yield REMINDERS, f"{_dated(due)} : {_to_check(row, due)}", due[0].date
    if row.status is not OrderStatus.STAND_BY:
        for kind, of, days in overdue(row, today):
            since = next(wait.since for wait in row.waits if wait.kind == kind)
            late = f"{kind} : {of or 'réponse'} attendu(e) depuis {days} jours ouvrés"
            yield LATE, late, since.astimezone(PARIS).date()
    last = row.last_at.astimezone(PARIS).date()
    if not row.reminders and (today - last).days >= STILL_DAYS:
        yield STILL, f"rien depuis le {last:%d/%m/%Y} : relancer ou poser un IMPER", last


def _dated(due: Sequence[Reminder]) -> str:
    *others, last = [f"{reminder.date:%d/%m/%Y}" for reminder in due]
    return f"IMPER des {', '.join(others)} et {last}" if others else f"IMPER du {last}"


def _to_check(row: PlanningRow, due: Sequence[Reminder]) -> str:
    """What the reminders ask; where they say nothing, what the order waits for and the last thing said of it."""
    notes = list(dict.fromkeys(reminder.note for reminder in due if reminder.note))
    if notes:
        return " ; ".join(notes)
    last = " ".join(row.comments[-1].text.split()) if row.comments else ""
    quoted = last if len(last) <= QUOTED else last[:QUOTED].rsplit(" ", 1)[0] + " …"
    return awaited(row) + (f" (« {quoted} »)" if quoted else "")


def _visit(row: PlanningRow, today: dt.date) -> Iterator[Told]:
    """The appointments that are near, that are past, and those that only need to be set."""
    visit = row.visit
    if row.status is OrderStatus.TO_PLAN and visit.date and visit.technician_agreed is not None:
        lacks = ", ".join(lacks_to_be_planned(row))
        yield AGREED, f"il manque {lacks}" if lacks else "plus rien ne manque : confirmer l'installation", visit.date
    if row.status is not OrderStatus.RDV_POSE or visit.date is None:
        return
    if visit.date < today:
        done = "visite terminée : clôturer" if row.reported else "passé : visite faite, à finir ou en échec ?"
        yield TO_CLOSE, f"RDV du {visit.date:%d/%m/%Y} {done}", visit.date
    elif visit.date <= today + NEXT_DAYS:
        slot = f" à {visit.slot.label}" if visit.slot else ""
        lacks = ", ".join(lacks_for_the_day(row))
        who = ", ".join((f"{visit.date:%d/%m}{slot}", *people(row)))
        yield NEAR, f"{who} : " + (f"il manque {lacks}" if lacks else "tout est prêt"), visit.date


def _to_mend(row: PlanningRow, today: dt.date) -> Iterator[str]:
    """The cells nobody could read, which hide the order from lists or columns, and a DATE that is no longer true."""
    yield from unread_cells(row)
    date = row.visit.date
    if date and date < today and row.status is not OrderStatus.RDV_POSE:
        yield f"DATE passée ({date:%d/%m/%Y}) : en donner une autre, ou la retirer"


def _taken(rows: Iterable[PlanningRow]) -> Taken:
    """The technicians' days, each with the orders that hold it."""
    taken: dict[tuple[str, dt.date], list[PlanningRow]] = defaultdict(list)
    for row in rows:
        for day in () if row.is_final else row.visit.days():
            taken[day].append(row)
    return taken


def _clashes(row: PlanningRow, today: dt.date, taken: Taken, technicians: Technicians, away: Away) -> Iterator[Told]:
    """A technician who is away, or expected in two places, in the days that come; under two spellings, too."""
    if row.is_final:
        return
    for (technician, day), (name, *_) in row.visit.days().items():
        if not today <= day <= today + CLASH_DAYS:
            continue
        yield from ((CLASHES, absence, day) for absence in _absences(row, day))
        others = dict.fromkeys(other.client for other in taken[technician, day] if other is not row)
        if others:
            yield CLASHES, f"{name} le {day:%d/%m} : double réservation avec {', '.join(others)}", day
        for near, holding in technicians.taken(name, day, row.id):
            yield CLASHES, taken_told(name, near, day, holding.values()), day
    for day, told in away_alike(row.visit, away):
        if today <= day <= today + CLASH_DAYS:
            yield CLASHES, told, day


def _absences(row: PlanningRow, day: dt.date) -> list[str]:
    """What was raised of an absence on a day the order still counts on."""
    about = (notice for notice in row.notices if notice.about == TechnicianAbsent.trigger)
    return [f"RDV du {day:%d/%m} : {notice.sentence}" for notice in about if f"{day:%d/%m/%Y}" in notice.sentence]
