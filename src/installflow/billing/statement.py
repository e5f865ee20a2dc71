"""What the billing back office reads: notes, trips to bill, and the orders ready to be billed (R-BOARD-36)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from installflow.orders import Order, OrderStatus
from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.workflow.event import Recorded
from installflow.workflow.view import Frozen, view
from installflow.workflow.zone import PARIS


class BillingNote(Frozen):
    """Something written for the billing back office."""

    at: dt.datetime
    by: str
    text: str


class BillingRow(Frozen):
    """What is to be known of one order to bill it."""

    id: UUID
    ref: str = ""
    client: str = ""
    partner: str = ""
    phones: int | None = None
    status: OrderStatus = OrderStatus.NEW
    notes: tuple[BillingNote, ...] = ()
    billable_trips: tuple[str, ...] = ()
    closed_at: dt.datetime | None = None
    cancelled_at: dt.datetime | None = None
    billed_at: dt.datetime | None = None


def _change(row: BillingRow, event: Any, recorded: Recorded) -> dict[str, Any]:
    at, by = recorded.occurred_at, recorded.by.on_behalf_of or recorded.by.name
    match event:
        case e.OrderReceived():
            return {"client": event.client, "partner": event.partner, "ref": event.ref, "phones": event.phones}
        case e.OrderImported():
            notes = (BillingNote(at=at, by="", text=event.billing),) if event.billing else ()
            return {"client": event.client, "partner": event.partner, "phones": event.phones, "notes": notes}
        case n.DetailsChanged():
            phones = row.phones if event.phones is None else event.phones
            return {
                "client": event.client or row.client,
                "partner": event.partner or row.partner,
                "ref": event.ref or row.ref,
                "phones": phones,
            }
        case n.BillingNoted():
            note = BillingNote(at=at, by=by, text=event.text)
            return {"notes": (*row.notes, note), "billed_at": at if event.billed else row.billed_at}
        case e.VisitFailed() if event.billable:
            return {
                "billable_trips": (
                    *row.billable_trips,
                    f"{at.astimezone(PARIS):%d/%m/%Y} : {event.cause}, {event.reason}",
                )
            }
    return {}


_ABOUT = {e.OrderReceived, e.OrderImported, n.DetailsChanged, n.BillingNoted, e.VisitFailed}
_TOPICS = [event.topic for event in Order.workflow.events]

DEALT_WITH = ("facturée", "annulée")
"""The states in which nothing is left to bill."""


def _archived(row: BillingRow) -> tuple[str, ...] | None:
    return () if BillingLine(row).state in DEALT_WITH else None


@view("billing", version=2, row=BillingRow, archived=_archived, topics=_TOPICS)
def BILLING(row: BillingRow | None, recorded: Recorded) -> BillingRow | None:  # noqa: N802  # a view is a constant
    """Fold one event of an order into its billing row."""
    row = BillingRow.begun(id=recorded.id) if row is None else row
    change = _change(row, recorded.event, recorded) if recorded.event_type in _ABOUT else {}
    if recorded.status is not None:
        status = recorded.status_among(OrderStatus)
        at = recorded.occurred_at
        change["status"] = status
        change["closed_at"] = at if status is OrderStatus.CLOTUREE else None
        change["cancelled_at"] = at if status is OrderStatus.ANNULER else None
    return row.changed(change) if change else row


@dataclass(frozen=True, slots=True)
class BillingLine:
    """One order for the billing back office, with what there is to do."""

    row: BillingRow

    @property
    def state(self) -> str:
        """``à facturer`` once closed, ``facturée``, ``avoir à établir`` if cancelled after that; else ``en cours``."""
        row = self.row
        if row.closed_at and not (row.billed_at and row.billed_at >= row.closed_at):
            return "à facturer"
        if row.billed_at:
            return "avoir à établir" if row.cancelled_at else "facturée" if row.closed_at else "en cours"
        if row.cancelled_at:
            return "déplacement à facturer" if row.billable_trips else "annulée"
        return "en cours"

    def as_json(self) -> dict[str, Any]:
        """The line for programs."""
        row = self.row
        return {
            "id": str(row.id),
            "ref": row.ref,
            "client": row.client,
            "partner": row.partner,
            "phones": row.phones,
            "status": row.status.label,
            "state": self.state,
            "closed_at": row.closed_at.isoformat() if row.closed_at else None,
            "billed_at": row.billed_at.isoformat() if row.billed_at else None,
            "notes": [note.model_dump(mode="json") for note in row.notes],
            "billable_trips": list(row.billable_trips),
        }


_ORDER = ("à facturer", "avoir à établir", "déplacement à facturer", "en cours", "facturée", "annulée")


def statement(rows: Iterable[BillingRow], *, every: bool = False) -> list[BillingLine]:
    """What is to be billed first, then orders in progress with a note or a trip; those dealt with on demand."""
    lines = [BillingLine(row) for row in rows]
    shown = [line for line in lines if every or _is_to_do(line)]
    return sorted(shown, key=lambda line: (_ORDER.index(line.state), line.row.client, str(line.row.id)))


def _is_to_do(line: BillingLine) -> bool:
    if line.state == "en cours":
        return bool(line.row.notes or line.row.billable_trips)
    return line.state not in DEALT_WITH
