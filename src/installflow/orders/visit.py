"""The visits of an order: what is planned, agreed and booked. Agreements lapse when what they confirm changes.

Pure and shared: the aggregate folds it for its guards, the views for their screens.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from installflow.orders import events, notes
from installflow.orders.calendar import technician_key
from installflow.orders.terms import OrderStatus, Origin, Slot, key_of
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    from collections.abc import Callable

    from installflow.workflow.event import Event


@dataclass(frozen=True, slots=True)
class Agreement:
    """Somebody said yes for this day, this slot and, for a technician, these people or this origin."""

    date: dt.date | None
    slot: Slot | None
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FurtherVisit:
    """One more visit booked beside the present one (R-BOARD-42)."""

    date: dt.date
    slot: Slot | None
    technicians: tuple[str, ...]
    booked: bool = True


class Plan(TypedDict, total=False):
    """What may be planned anew of a visit."""

    date: dt.date | None
    slot: Slot | None
    origins: tuple[Origin, ...]
    technicians: tuple[str, ...]
    project_manager: str
    booked: bool


UNBOOKED = frozenset({OrderStatus.STAND_BY, OrderStatus.CLOTUREE, OrderStatus.ANNULER})
"""Statuses in which planning a visit books nobody (A-14)."""


@dataclass(frozen=True, slots=True)
class Visit:
    """DATE, HEURE, TECH, NOM TECH, NOM CP of the visit being planned, and who agreed to it (guards G3, G5, G6)."""

    date: dt.date | None = None
    slot: Slot | None = None
    origins: tuple[Origin, ...] = ()
    technicians: tuple[str, ...] = ()
    project_manager: str = ""
    technician_agreed: Agreement | None = None
    partner_agreed: Agreement | None = None
    booked: bool = False
    """Whether the technicians' day is held; a date may stay shown without it."""
    further: tuple[FurtherVisit, ...] = ()

    @property
    def who(self) -> tuple[str, ...]:
        """Whose availability counts: the technicians named, else where they come from."""
        return tuple(sorted(map(key_of, self.technicians))) or tuple(origin.value for origin in self.origins)

    @property
    def is_5com(self) -> bool:
        """Whether a 5COM technician takes part, who is waited for in a status of its own (R-BOARD-29)."""
        return Origin.CINQ_COM in self.origins

    @property
    def technician_holds(self) -> bool:
        """Whether the technician's agreement is for the visit as it stands (guard G6)."""
        return self.date is not None and self.technician_agreed == Agreement(self.date, self.slot, self.who)

    @property
    def partner_holds(self) -> bool:
        """Whether the partner's agreement is for the visit as it stands (guard G5)."""
        return self.date is not None and self.partner_agreed == Agreement(self.date, self.slot)

    def after(self, event: Event | None) -> Visit:
        """The visit as this event would leave it; events that say nothing of it leave it alone."""
        change = _CHANGES.get(type(event))  # type: ignore[arg-type]  # None has no change
        return self if change is None else change(self, event)

    def settled(self, event: Event, status: OrderStatus, at: dt.datetime, *, moved: bool) -> Visit:
        """The visit after an event of that moment left, or moved, the order in that status.

        Nobody is booked in Stand BY or at the end, nor for a day already past. A partner who declines while STATUT
        shows another wait moves nothing: its agreement falls, the day is kept (T108).
        """
        if isinstance(event, events.PartnerDeclined) and not moved:
            return replace(self, partner_agreed=None)
        later = self.after(event)
        if status is OrderStatus.CLOTUREE:
            further = tuple(one for one in self.further if one.date <= _day(at))
            same_people = later.technicians == self.technicians and later.date == self.date
            return replace(later, further=further, booked=self.booked and same_people)
        if status in UNBOOKED:
            if not (later.booked or later.further):
                return later
            return replace(later, booked=False, further=tuple(replace(one, booked=False) for one in later.further))
        newly = later.booked and (not self.booked or later.date != self.date)
        if later.booked and (later.date is None or (newly and _is_past(later.date, at))):
            later = replace(later, booked=False)
        return later

    def days(self) -> dict[tuple[str, dt.date], tuple[str, tuple[Slot | None, ...]]]:
        """The technicians' days held: (technician key, day) → the name as typed, the slots of its visits."""
        held: dict[tuple[str, dt.date], tuple[str, tuple[Slot | None, ...]]] = {}
        visits = [(further.date, further.slot, further.technicians) for further in self.further if further.booked]
        if self.booked and self.date:
            visits.append((self.date, self.slot, self.technicians))
        for date, slot, technicians in visits:
            for name in technicians:
                key = (technician_key(name), date)
                _, slots = held.get(key, (name, ()))
                held[key] = (name, (*slots, slot))
        return held

    def changed(self, **values: Unpack[Plan]) -> Visit:
        """The visit with new values, without the agreements they make void.

        Naming a technician where only the origin had agreed completes that agreement.
        """
        later = Visit(  # by place: half the time of `replace`, and this is what most of a replay folds
            values.get("date", self.date),
            values.get("slot", self.slot),
            values.get("origins", self.origins),
            values.get("technicians", self.technicians),
            values.get("project_manager", self.project_manager),
            self.technician_agreed,
            self.partner_agreed,
            values.get("booked", self.booked),
            self.further,
        )
        if self.technician_agreed and (later.date, later.slot, later.who) != (self.date, self.slot, self.who):
            named_now = self.technicians == () and later.technicians != () and later.origins == self.origins
            same_time = (later.date, later.slot) == (self.date, self.slot)
            kept = Agreement(later.date, later.slot, later.who) if named_now and same_time else None
            later = replace(later, technician_agreed=kept)
        if self.partner_agreed and (later.date, later.slot) != (self.date, self.slot):
            later = replace(later, partner_agreed=None)
        return later

    def unconfirmed(self) -> Visit:
        """The visit still shown, with nobody's agreement nor day left."""
        if self.technician_agreed is None and self.partner_agreed is None and not self.booked:
            return self
        return replace(self, technician_agreed=None, partner_agreed=None, booked=False)

    def agreed(self) -> Visit:
        """The visit with everybody's agreement presumed (take-over, correction, a further visit's turn)."""
        if self.date is None:
            return self
        technician = Agreement(self.date, self.slot, self.who)
        return replace(self, technician_agreed=technician, partner_agreed=Agreement(self.date, self.slot))


A_DAY = dt.timedelta(days=1)
"""No two zones are further apart than that."""

UNPLANNED = Visit()
"""The visit of an order about which nothing was said yet."""


def _is_past(day: dt.date, at: dt.datetime) -> bool:
    """Whether a day is over in Paris; of most days that is plain without asking the time zone, which is slow."""
    return day <= at.date() + A_DAY and day < _day(at)


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(PARIS).date()


def _scheduled(visit: Visit, event: notes.VisitScheduled) -> Visit:
    if event.extra and event.date:
        one_more = FurtherVisit(event.date, event.slot or visit.slot, event.technician or visit.technicians)
        return replace(visit, further=(*visit.further, one_more))
    if event.remove_date:
        visit = replace(visit.changed(date=None, slot=None), booked=False)
    date = event.date or visit.date
    return visit.changed(
        date=date,
        slot=event.slot or visit.slot,
        origins=event.origin or visit.origins,
        technicians=event.technician or visit.technicians,
        project_manager=event.project_manager or visit.project_manager,
        booked=date is not None if event.date or event.technician else visit.booked,
    )


def _assigned(visit: Visit, event: notes.TechnicianAssigned) -> Visit:
    return _book(visit.changed(technicians=event.technician, origins=event.origin or visit.origins))


def _unassigned(visit: Visit, event: notes.TechnicianUnassigned) -> Visit:
    gone = set(map(key_of, event.technician))
    return visit.changed(technicians=tuple(n for n in visit.technicians if gone and key_of(n) not in gone))


def _technician_confirmed(visit: Visit, event: events.TechnicianConfirmed) -> Visit:
    if event.technician:
        visit = visit.changed(technicians=event.technician)
    agreed = Agreement(event.date or visit.date, event.slot or visit.slot, visit.who)
    visit = replace(visit, technician_agreed=agreed)
    return _book(visit) if visit.technician_holds else visit


def _partner_confirmed(visit: Visit, event: events.PartnerConfirmed) -> Visit:
    agreed = Agreement(event.date or visit.date, event.slot or visit.slot)
    return replace(visit, partner_agreed=agreed if agreed.date else None)


def _rescheduled(visit: Visit, event: events.VisitRescheduled) -> Visit:
    if event.date is None:
        return visit.unconfirmed()
    slot = event.slot or visit.slot
    agreed_before = (visit.technician_agreed, visit.partner_agreed)
    moved = visit.changed(date=event.date, slot=slot)
    technician, partner = Agreement(event.date, slot, moved.who), Agreement(event.date, slot)
    # An answer given beforehand for the new day (recorded as a fact) counts as much as one typed with the move.
    if event.technician_confirmed or agreed_before[0] == technician:
        moved = replace(moved, technician_agreed=technician)
    if event.partner_confirmed or agreed_before[1] == partner:
        moved = replace(moved, partner_agreed=partner)
    return _book(moved)


def _origin_changed(visit: Visit, event: events.TechnicianOriginChanged) -> Visit:
    return visit.changed(origins=event.origin, technicians=event.technician)


def _withdrew(visit: Visit, event: events.TechnicianWithdrew) -> Visit:
    moved = visit.changed(technicians=event.technician, origins=event.origin or visit.origins)
    return replace(moved, technician_agreed=None)


def _done(visit: Visit, event: events.VisitDone) -> Visit:
    if event.result == "terminé":
        return visit
    if not visit.further:
        return visit.unconfirmed()
    following, *rest = sorted(visit.further, key=lambda further: further.date)
    moved = visit.changed(date=following.date, slot=following.slot, technicians=following.technicians)
    return replace(moved.agreed(), further=tuple(rest), booked=True)


def _imported(visit: Visit, event: events.OrderImported) -> Visit:
    planned = replace(
        visit,
        date=event.date,
        slot=event.slot,
        origins=event.origins,
        technicians=event.technicians,
        project_manager=event.project_manager,
    )
    return _book(planned.agreed() if event.status is OrderStatus.RDV_POSE else planned)


def _corrected(visit: Visit, event: events.StatusCorrected) -> Visit:
    if event.status in UNBOOKED:
        return visit.unconfirmed()
    if event.status is OrderStatus.RDV_POSE:
        return _book(visit.agreed())
    return _book(visit) if event.status in {OrderStatus.ATTENTE_TECH, OrderStatus.ATT_5COM} else visit


def _book(visit: Visit, _event: object = None) -> Visit:
    booked = visit.date is not None
    return visit if visit.booked is booked else replace(visit, booked=booked)


def _release(visit: Visit, _event: object) -> Visit:
    return visit.unconfirmed()


_CHANGES: dict[type[Event], Callable[[Visit, Any], Visit]] = {
    events.OrderImported: _imported,
    notes.VisitScheduled: _scheduled,
    notes.TechnicianAssigned: _assigned,
    notes.TechnicianUnassigned: _unassigned,
    notes.ProjectManagerAssigned: lambda visit, event: visit.changed(project_manager=event.project_manager),
    events.TechnicianRequested: _book,
    events.TechnicianConfirmed: _technician_confirmed,
    events.PartnerConfirmed: _partner_confirmed,
    events.InstallationConfirmed: _book,
    events.VisitRescheduled: _rescheduled,
    events.TechnicianOriginChanged: _origin_changed,
    events.TechnicianWithdrew: _withdrew,
    events.VisitDone: _done,
    events.StatusCorrected: _corrected,
    events.TechnicianDeclined: _release,
    events.PartnerDeclined: _release,
    events.PutOnStandBy: _release,
    events.VisitFailed: _release,
    events.OrderCancelled: _release,
}
CHANGE_VISITS = frozenset(_CHANGES)
"""The events that change the visit by themselves; the status reached may change it too."""

READ_BY_VISIT = tuple(event for event, change in _CHANGES.items() if change not in (_book, _release))
"""The events whose fields say something of the visit: what guards that look at it read."""
