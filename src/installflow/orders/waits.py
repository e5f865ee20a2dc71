"""What an order waits for, of whom, since when; opened and closed by events only.

Pure and shared: the aggregate folds it for its guards, the views for their screens.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class Situation:
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
    counted_on = any(wait.kind == TECHNICIAN for wait in waits) or now.visit_before.technician_agreed is not None
    closes = _CLOSES.get(type(event))
    if closes:
        waits = tuple(wait for wait in waits if wait.kind != closes)
    if isinstance(event, e.StatusCorrected):
        kept = {*(event.open_waits or ()), SHOWN_WAIT.get(event.status, "")}
        waits = tuple(wait for wait in waits if wait.kind in kept)
        for kind in event.open_waits or ():
            waits = _opened(waits, kind, _of(kind, now), now.at)
    elif isinstance(event, (e.PortabilityPostponed, e.PortabilityRefused)):
        waits = _opened(waits, PORTABILITY, "", now.at)
    elif isinstance(event, e.PortabilityAwaited):
        waits = _opened(waits, PORTABILITY, event.operator, now.at)
    elif isinstance(event, e.CancellationRequested):
        waits = _opened(waits, CANCELLATION, now.partner, now.at)
    elif isinstance(event, e.PartnerAwaited) and event.confirmer:
        waits = _opened(waits, PARTNER, event.confirmer, now.at)
    elif isinstance(event, e.OrderImported) and now.status is OrderStatus.ATTENTE_PARTE:
        waits = _opened(waits, PARTNER, event.confirmer or event.partner, now.at)
    elif isinstance(event, n.PortabilityNoted) and event.state is Porta.NONE:
        waits = tuple(wait for wait in waits if wait.kind != PORTABILITY)
    elif isinstance(event, e.TechnicianDeclined):
        waits = tuple(wait for wait in waits if wait.kind != TECHNICIAN)
        if not now.moved and counted_on:
            waits = _opened(waits, TECHNICIAN, _of(TECHNICIAN, now), now.at)
    for asked in getattr(event, "waits", ()):
        waits = _opened(waits, asked.kind, asked.of, now.at)
    shown = SHOWN_WAIT.get(now.status) if now.moved else None
    return _opened(waits, shown, _of(shown, now), now.at) if shown else waits


def _of(kind: str, now: Situation) -> str:
    if kind == PARTNER:
        return now.partner
    if kind == TECHNICIAN:
        return " / ".join(now.visit.technicians) or " + ".join(origin.label for origin in now.visit.origins)
    return ""


def _opened(waits: Waits, kind: str, of: str, since: dt.datetime) -> Waits:
    return waits if any(wait.kind == kind for wait in waits) else (*waits, Wait(kind, of, since))
