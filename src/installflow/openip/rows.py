"""What was seen of each offer, sheet, order and conversation: one view a kind, joined by the screens (`status`)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from installflow.openip import offer as o
from installflow.openip import sheet as s
from installflow.openip import supply_order as c
from installflow.openip.news import merged
from installflow.openip.terms import FpStatus, OcStatus
from installflow.workflow.view import Frozen, view

if TYPE_CHECKING:
    from typing import Any

    from installflow.workflow.event import Recorded


class Step(Frozen):
    """A status seen: since when, and whether nobody expected it there (2.2)."""

    at: dt.datetime
    status: str
    unexpected: bool = False


class Forecast(Frozen):
    """A delivery date seen, and when: it is a forecast, so every one is kept (R-OPENIP-07)."""

    at: dt.datetime
    day: dt.date | None


class SheetRow(Frozen):
    """One product sheet, as the portal last showed it, and every status and date it ever had."""

    id: UUID
    ref: str = ""
    nth: int = 1
    status: FpStatus = FpStatus.NON_DEFINI
    steps: tuple[Step, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    said: s.SheetFacts = s.SheetFacts()
    links: tuple[tuple[UUID, UUID], ...] = ()
    """The installation orders it serves, each with what it is linked through."""
    seen: dt.datetime | None = None


class OfferRow(Frozen):
    """One contracted offer, as the portal last showed it, and every state and date it ever had."""

    id: UUID
    ref: str = ""
    status: OcStatus = OcStatus.DEPOSEE
    steps: tuple[Step, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    said: o.OfferFacts = o.OfferFacts()
    orders: tuple[UUID, ...] = ()
    seen: dt.datetime | None = None


class SupplyOrderRow(Frozen):
    """One order (COM), as the portal last showed it."""

    id: UUID
    ref: str = ""
    said: c.OrderFacts = c.OrderFacts()
    orders: tuple[UUID, ...] = ()
    seen: dt.datetime | None = None


class ConversationRow(Frozen):
    """One conversation, as the portal last showed it."""

    id: UUID
    order_ref: str = ""
    created: dt.datetime | None = None
    subject: str = ""
    said: c.ConversationFacts = c.ConversationFacts()
    seen: dt.datetime | None = None


LINKS = (o.OfferLinked, c.SupplyOrderLinked)
UNLINKS = (o.OfferUnlinked, c.SupplyOrderUnlinked)
STATUSES = (s.SheetStatusObserved, o.OfferStatusObserved)


@view("sheets", version=1, row=SheetRow, topics=[event.topic for event in s.WORKFLOW.events])
def SHEETS(row: SheetRow | None, recorded: Recorded) -> SheetRow | None:  # noqa: N802  # a view is a constant
    """Fold one event of a product sheet."""
    row = SheetRow.begun(id=recorded.id) if row is None else row
    event: Any = recorded.event
    if isinstance(event, s.SheetLinked | s.SheetUnlinked):
        others = tuple(one for one in row.links if one != (event.order, event.through))
        linked = isinstance(event, s.SheetLinked)
        return row.changed({"links": (*others, (event.order, event.through)) if linked else others})
    named = {"ref": event.ref, "nth": event.nth} if hasattr(event, "nth") else {}
    return row.changed({**named, **_changed(row, event, recorded, s.unexpected)})


@view("offers", version=1, row=OfferRow, topics=[event.topic for event in o.WORKFLOW.events])
def OFFERS(row: OfferRow | None, recorded: Recorded) -> OfferRow | None:  # noqa: N802  # a view is a constant
    """Fold one event of an offer."""
    row = OfferRow.begun(id=recorded.id) if row is None else row
    event: Any = recorded.event
    named = {"ref": event.ref} if hasattr(event, "ref") else {}
    return row.changed({**named, **_changed(row, event, recorded, o.unexpected)})


@view("supply_orders", version=1, row=SupplyOrderRow, topics=[event.topic for event in c.SupplyOrder.workflow.events])
def SUPPLY_ORDERS(row: SupplyOrderRow | None, recorded: Recorded) -> SupplyOrderRow | None:  # noqa: N802  # as above
    """Fold one event of an order at OpenIP."""
    row = SupplyOrderRow.begun(id=recorded.id) if row is None else row
    event: Any = recorded.event
    if isinstance(event, c.SupplyOrderObserved):
        return row.changed({"ref": event.ref, "said": merged(row.said, event.said_now), "seen": recorded.occurred_at})
    return row.changed({"orders": _linked(row.orders, event)})


@view("conversations", version=1, row=ConversationRow, topics=[c.ConversationObserved.topic])
def CONVERSATIONS(row: ConversationRow | None, recorded: Recorded) -> ConversationRow | None:  # noqa: N802  # as above
    """Fold one event of a conversation."""
    row = ConversationRow.begun(id=recorded.id) if row is None else row
    event: Any = recorded.event
    return row.changed(
        {
            "order_ref": event.order_ref,
            "created": event.created,
            "subject": event.subject,
            "said": merged(row.said, event.said_now),
            "seen": recorded.occurred_at,
        }
    )


VIEWS = (OFFERS, SHEETS, SUPPLY_ORDERS, CONVERSATIONS)


def _changed(row: Any, event: Any, recorded: Recorded, unexpected: Any) -> dict[str, Any]:
    """What an event changes in the row of an offer or of a sheet: both are told in the same words."""
    if isinstance(event, (*LINKS, *UNLINKS)):
        return {"orders": _linked(row.orders, event)}
    if isinstance(event, STATUSES):
        before = row.status if row.steps else None
        step = Step(at=recorded.occurred_at, status=event.status.label, unexpected=unexpected(before, event.status))
        return {"status": event.status, "steps": (*row.steps, step), "seen": recorded.occurred_at}
    change: dict[str, Any] = {"said": merged(row.said, event.said_now), "seen": recorded.occurred_at}
    if event.said_now.says("delivery"):
        forecast = Forecast(at=recorded.occurred_at, day=event.said_now.delivery)
        change["forecasts"] = (*row.forecasts, forecast)
    return change


def _linked(orders: tuple[UUID, ...], event: Any) -> tuple[UUID, ...]:
    others = tuple(one for one in orders if one != event.order)
    return (*others, event.order) if isinstance(event, LINKS) else others
