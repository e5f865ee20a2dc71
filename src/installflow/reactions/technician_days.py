"""An order's visits book and release technicians' days; a technician's absence is told to the orders it hits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installflow.orders import Order
from installflow.orders.calendar import (
    AbsenceCancelled,
    DayBooked,
    DayReleased,
    TechnicianAbsent,
    TechnicianDay,
    day_id,
    part_of,
)
from installflow.orders.events import OrderImported, StatusCorrected
from installflow.orders.notes import AlertRaised, AlertSettled
from installflow.workflow.reaction import Change, Effect, reaction

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

TAKE_OVER = "reprise du tableau"
"""The reason under which the double bookings of a taken-over board come in (2.1)."""


@reaction(*Order.workflow.events, required=True)
def book_technician_days(change: Change) -> Iterator[Effect]:
    """Book the days the order now holds and release those it gave back; a day already taken refuses the command."""
    if change.after.visit is change.before.visit:
        return  # as most events leave it
    held, wanted = change.before.visit.days(), change.after.visit.days()
    if held == wanted:
        return
    event = change.recorded.event
    unit = change.parameters["booking_unit"]
    for key, day in sorted(held.keys() - wanted.keys()):
        yield Effect(TechnicianDay, day_id(key, day), DayReleased(order=change.after.id))
    taken_over = isinstance(event, (OrderImported, StatusCorrected)) and getattr(event, "imported", True)
    reason = TAKE_OVER if taken_over else getattr(event, "override_reason", "")
    for (key, day), (name, slots) in wanted.items():
        part = part_of(slots, unit)
        before = held.get((key, day))
        if before is not None and part_of(before[1], unit) == part:
            continue
        booked = DayBooked(
            technician=name,
            day=day,
            order=change.after.id,
            client=change.after.client,
            part=part,
            override_reason=reason,
        )
        yield Effect(TechnicianDay, day_id(key, day), booked)


@reaction(TechnicianAbsent)
def alert_the_orders_of_an_absent_technician(change: Change) -> Iterator[Effect]:
    """Every order that held the day keeps an alert."""
    event = change.recorded.event
    assert isinstance(event, TechnicianAbsent)  # noqa: S101  # the declaration above says so
    if change.before.absent:
        return  # they were told already
    for held in change.after.held:
        yield Effect(Order, held.order, _absent(event.technician, event.day, event.reason))


@reaction(AbsenceCancelled)
def tell_the_orders_of_a_technician_who_is_back(change: Change) -> Iterator[Effect]:
    """The orders that still hold the day are no longer alerted."""
    event = change.recorded.event
    assert isinstance(event, AbsenceCancelled)  # noqa: S101  # the declaration above says so
    for held in change.after.held:
        back = f"{event.technician} est de nouveau là le {event.day:%d/%m/%Y}"
        yield Effect(Order, held.order, AlertSettled(note=back, about=TechnicianAbsent.trigger))


@reaction(DayBooked)
def alert_the_order_that_books_an_absent_technician(change: Change) -> Iterator[Effect]:
    """A reason overrides an absence too, the take-over of a board above all: the order says so."""
    event = change.recorded.event
    assert isinstance(event, DayBooked)  # noqa: S101  # the declaration above says so
    if change.before.absent:
        yield Effect(Order, event.order, _absent(event.technician, event.day, change.before.absent))


def _absent(technician: str, day: dt.date, reason: str) -> AlertRaised:
    absent = f"{technician} est absent le {day:%d/%m/%Y} ({reason})"
    return AlertRaised(sentence=f"{absent} : reporter le RDV ou changer de technicien", about=TechnicianAbsent.trigger)
