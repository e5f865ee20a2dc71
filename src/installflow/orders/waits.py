"""What an order waits for, of whom, since when; opened and closed by events only.

Pure and shared: the aggregate folds it for its guards, the views for their screens.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.terms import OrderStatus, Porta

if TYPE_CHECKING:
    from installflow.orders.visit import Visit
    from installflow.workflow.event import Event

TECHNICIAN = "technicien"
PARTNER = "partenaire"
PORTABILITY = "portabilité"
CANCELLATION = "annulation"

SHOWN_WAIT = {
    OrderStatus.ATTENTE_TECH: TECHNICIAN,
    OrderStatus.ATT_5COM: TECHNICIAN,
    OrderStatus.ATTENTE_PARTE: PARTNER,
    OrderStatus.ATT_PORTA: PORTABILITY,
}
"""The wait a status shows; several may be open at once (A-07)."""

FINALS = frozenset({OrderStatus.CLOTUREE, OrderStatus.ANNULER})


@dataclass(frozen=True, slots=True)
class Wait:
    """One open wait; ``since`` is when what opened it happened."""

    kind: str
    of: str
    since: dt.datetime

    @property
    def said(self) -> str:
        """The wait in words."""
        return f"{self.kind} ({self.of})" if self.of else self.kind


class Situation(NamedTuple):
    """Where the order stands once the event is folded: its status, whether it moved, its visits, its partner, when."""

    status: OrderStatus
    moved: bool
    visit_before: Visit
    visit: Visit
    partner: str
    at: dt.datetime


Waits = tuple[Wait, ...]

_CLOSES: dict[type[Event], str] = {
    e.PartnerConfirmed: PARTNER,
    e.PartnerDeclined: PARTNER,
    e.TechnicianConfirmed: TECHNICIAN,
    e.TechnicianOriginChanged: TECHNICIAN,
    e.PortabilityConfirmed: PORTABILITY,
    e.CancellationWithdrawn: CANCELLATION,
}


def waits_after(waits: Waits, event: Event, now: Situation) -> Waits:
    """The open waits after an event; a wait already open keeps its date, those a policy asked for are in the event."""
    if now.status in FINALS:
        return ()
    closes = _CLOSES.get(type(event))
    change = _CHANGES.get(type(event))
    if change is not None:
        waits = change(waits, event, now)
    if closes is not None:
        waits = _closed(waits, closes)
    for asked in vars(event).get("waits", ()):  # most events have none, and a model is slow to say so
        waits = _opened(waits, asked.kind, asked.of, now.at)
    shown = SHOWN_WAIT.get(now.status) if now.moved else None
    return _opened(waits, shown, _of(shown, now), now.at) if shown else waits


def _corrected(waits: Waits, event: e.StatusCorrected, now: Situation) -> Waits:
    kept = {*(event.open_waits or ()), SHOWN_WAIT.get(event.status, "")}
    waits = tuple(wait for wait in waits if wait.kind in kept)
    for kind in event.open_waits or ():
        waits = _opened(waits, kind, _of(kind, now), now.at)
    return waits


def _portability_fell(waits: Waits, _event: Event, now: Situation) -> Waits:
    return _opened(waits, PORTABILITY, "", now.at)


def _portability_awaited(waits: Waits, event: e.PortabilityAwaited, now: Situation) -> Waits:
    return _opened(waits, PORTABILITY, event.operator, now.at)


def _portability_noted(waits: Waits, event: n.PortabilityNoted, _now: Situation) -> Waits:
    return _closed(waits, PORTABILITY) if event.state is Porta.NONE else waits


def _cancellation_requested(waits: Waits, _event: Event, now: Situation) -> Waits:
    return _opened(waits, CANCELLATION, now.partner, now.at)


def _partner_awaited(waits: Waits, event: e.PartnerAwaited, now: Situation) -> Waits:
    return _opened(waits, PARTNER, event.confirmer, now.at) if event.confirmer else waits


def _imported(waits: Waits, event: e.OrderImported, now: Situation) -> Waits:
    confirmer = event.confirmer or event.partner
    return _opened(waits, PARTNER, confirmer, now.at) if now.status is OrderStatus.ATTENTE_PARTE else waits


def _partner_declined(waits: Waits, _event: Event, now: Situation) -> Waits:
    """Where STATUT showed it, the technician is released with the partner's refusal: nobody is waited for (T94)."""
    return _closed(waits, TECHNICIAN) if now.moved else waits


def _technician_declined(waits: Waits, _event: Event, now: Situation) -> Waits:
    """Where STATUT showed it the wait is over; elsewhere a technician who was counted on is waited for again."""
    counted_on = any(wait.kind == TECHNICIAN for wait in waits) or now.visit_before.technician_agreed is not None
    waits = _closed(waits, TECHNICIAN)
    return _opened(waits, TECHNICIAN, _of(TECHNICIAN, now), now.at) if counted_on and not now.moved else waits


_CHANGES: dict[type[Event], Callable[[Waits, Any, Situation], Waits]] = {
    e.StatusCorrected: _corrected,
    e.PortabilityPostponed: _portability_fell,
    e.PortabilityRefused: _portability_fell,
    e.PortabilityAwaited: _portability_awaited,
    n.PortabilityNoted: _portability_noted,
    e.CancellationRequested: _cancellation_requested,
    e.PartnerAwaited: _partner_awaited,
    e.OrderImported: _imported,
    e.PartnerDeclined: _partner_declined,
    e.TechnicianDeclined: _technician_declined,
}


CHANGE_WAITS = frozenset({*_CLOSES, *_CHANGES})
"""The events that open or close waits by themselves; a policy, or the status reached, may open others."""


def _of(kind: str, now: Situation) -> str:
    if kind == PARTNER:
        return now.partner
    if kind == TECHNICIAN:
        return " / ".join(now.visit.technicians) or " + ".join(origin.label for origin in now.visit.origins)
    return ""


def _closed(waits: Waits, kind: str) -> Waits:
    return tuple(wait for wait in waits if wait.kind != kind)


def _opened(waits: Waits, kind: str, of: str, since: dt.datetime) -> Waits:
    for wait in waits:
        if wait.kind == kind:
            return waits
    return (*waits, Wait(kind, of, since))
