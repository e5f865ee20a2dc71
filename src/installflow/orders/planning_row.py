"""One order as the planning board shows it: the row, and its parts."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from pydantic import Field

from installflow.orders.terms import Material, OrderStatus, Porta
from installflow.orders.visit import Visit
from installflow.orders.waits import FINALS, Wait
from installflow.workflow.view import Frozen


class Reminder(Frozen):
    """A date to check the order on, and what to check."""

    date: dt.date
    note: str = ""


class Comment(Frozen):
    """A dated, signed remark; one taken over from a board is signed by nobody and stands as typed."""

    at: dt.datetime
    by: str
    text: str
    category: str = ""


class PortaCell(Frozen):
    """PORTA PRÉVUE LE in its pieces."""

    state: Porta = Porta.UNKNOWN
    date: dt.date | None = None
    operator: str = ""
    remarks: str = ""
    raw: str = ""


class Parcel(Frozen):
    """One tracking number and where its parcel is: sent, delivered or returned."""

    number: str
    state: str


class PastVisit(Frozen):
    """A visit that took place, failed or was moved, with what came of it."""

    date: dt.date | None
    slot: str | None
    origin: str
    technician: str
    outcome: str


class Notice(Frozen):
    """Something raised on the order that stays until what it is about moves on, or somebody settles it."""

    at: dt.datetime
    sentence: str
    about: str = ""


class PlanningRow(Frozen):
    """One order as the planning board shows it; what depends on today is worked out when it is read."""

    id: UUID
    version: int
    ref: str = ""
    client: str = ""
    partner: str = ""
    names: tuple[tuple[str, str], ...] = ()
    """CLIENT and PARTENAIRE as they were before, each time they changed."""
    phones: int | None = None
    equipment: bool | None = None
    status: OrderStatus = OrderStatus.NEW
    visit: Visit = Visit()
    waits: tuple[Wait, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    porta: PortaCell = PortaCell()
    comments: tuple[Comment, ...] = ()
    material: Material | None = None
    returned: bool = False
    parcels: tuple[Parcel, ...] = ()
    billing: tuple[Comment, ...] = ()
    billed: bool = False
    visits: tuple[PastVisit, ...] = ()
    notices: tuple[Notice, ...] = ()
    day_kept: bool = False
    """An appointment went back to waiting for an answer, and its day is kept meanwhile (T63, T64)."""
    reported: bool = False
    collected: bool = False
    staged: bool = False
    presumed: bool = False
    """Taken over past Collecte: the steps before are presumed done (2.1)."""
    imported: bool = False
    cancel_reason: str = ""
    cancel_asked: dt.datetime | None = None
    cancel_confirmed: bool = True
    billable_trips: int = 0
    unread: dict[str, str] = Field(default_factory=dict)
    typed: dict[str, str] = Field(default_factory=dict)
    """The line as last imported, by header: the base of the next import."""
    touched: dict[str, str] = Field(default_factory=dict)
    """The cells that changed since that import, each with the text it had then."""
    extra: dict[str, str] = Field(default_factory=dict)
    opened_at: dt.datetime
    moved_at: dt.datetime
    last_at: dt.datetime
    """When somebody last did anything on the order."""

    @property
    def is_final(self) -> bool:
        """Whether the order is closed or cancelled."""
        return self.status in FINALS
