"""The same order on plain `eventsourcing`: its Application and Aggregate, its default mapper and transcoder.

The events carry the payload of ours and nothing of our envelope (who, when known, facts, digest, command id), so
this side writes fewer bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.sqlite import SQLiteFactory

from benchmarks.life import JANUARY

SQLITE_MODULE = "eventsourcing.sqlite"


class PlainOrder(Aggregate):
    """An order, with what its guards read."""

    @event("Received")
    def __init__(self, client: str, partner: str, phones: int, ref: str) -> None:
        self.client, self.partner, self.phones, self.ref = client, partner, phones, ref
        self.status = "new"
        self.collected = False
        self.date = self.origin = ""

    @event("CollecteStarted")
    def start_collecte(self) -> None:
        """Move to Collecte."""
        self.status = "collecte"

    @event("CollecteCompleted")
    def complete_collecte(self, phones: int) -> None:
        """Move to Staging."""
        self.status, self.collected, self.phones = "staging", True, phones

    @event("StagingCompleted")
    def complete_staging(self) -> None:
        """Wait for planning."""
        self.status = "to_plan"

    @event("ReminderSet")
    def set_reminder(self, date: str, check: str) -> None:
        """Keep nothing: no guard reads it."""

    @event("CommentAdded")
    def comment(self, text: str) -> None:
        """Keep nothing: no guard reads it."""

    @event("ParcelSent")
    def send_parcel(self, tracking: list[str]) -> None:
        """Keep nothing: no guard reads it."""

    @event("VisitScheduled")
    def schedule_visit(self, date: str, slot: str, origin: str, project_manager: str) -> None:
        """Plan the visit."""
        self.date, self.slot, self.origin, self.project_manager = date, slot, origin, project_manager

    def request_technician(self) -> None:
        """Ask for a technician, under the guards of our own transition."""
        allowed = self.status in ("staging", "to_plan") and self.phones is not None
        allowed = allowed and (self.phones <= 4 or self.collected)
        if not (allowed and self.origin in ("direct", "occitech") and self.date):
            msg = "refused"
            raise ValueError(msg)
        self._technician_requested()

    @event("TechnicianRequested")
    def _technician_requested(self) -> None:
        self.status = "attente_tech"


def lived(number: int, day: int) -> PlainOrder:
    """The order of `benchmarks.life.life`."""
    order = PlainOrder(client=f"Boulangerie {number:09d}", partner="HIGHCOM", phones=6, ref=f"CMD-{number:09d}")
    order.start_collecte()
    order.complete_collecte(phones=6)
    order.complete_staging()
    order.set_reminder(date=JANUARY.isoformat(), check="rappeler le client")
    order.comment(text="Le client préfère le matin, accès par la cour.")
    order.send_parcel(tracking=[f"XY{number:09d}FR"])
    date = (JANUARY + dt.timedelta(day)).isoformat()
    order.schedule_visit(date=date, slot="09:30", origin="occitech", project_manager=f"CP {number:09d}")
    return order


class PlainOrders(Application[UUID]):
    """Orders on plain `eventsourcing`, in a file or a schema."""

    def __init__(self, env: Mapping[str, str] | None = None, synchronous: Literal["FULL", "NORMAL"] = "FULL") -> None:
        super().__init__(dict(env or {}))
        if isinstance(self.factory, SQLiteFactory):
            # The library leaves durability to how SQLite was compiled. One thread uses one connection of its pool.
            with self.factory.datastore.get_connection(commit=True) as connection:
                connection.cursor().execute(f"PRAGMA synchronous = {synchronous}")

    def request_technician(self, *ids: UUID) -> None:
        """Load, decide, append, all in one transaction."""
        orders: list[PlainOrder] = [self.repository.get(one) for one in ids]
        for order in orders:
            order.request_technician()
        self.save(*orders)
