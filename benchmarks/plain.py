"""The same order on plain `eventsourcing`: its Application and Aggregate, its default mapper and transcoder.

The events carry the payload of ours and nothing of our envelope (who, when known, facts, digest, command id), so
this side writes fewer bytes.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.sqlite import SQLiteFactory

from benchmarks.life import UNIT, Synchronous


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


def lived(number: int) -> PlainOrder:
    """The order of `benchmarks.life.life`."""
    order = PlainOrder(client=f"Boulangerie {number}", partner="HIGHCOM", phones=6, ref=f"CMD-{number}")
    order.start_collecte()
    order.complete_collecte(phones=6)
    order.complete_staging()
    order.set_reminder(date="2027-01-04", check="rappeler le client")
    order.comment(text="Le client préfère le matin, accès par la cour.")
    order.send_parcel(tracking=[f"XY{number:09d}FR"])
    order.schedule_visit(date="2027-01-12", slot="09:30", origin="occitech", project_manager="Inès")
    return order


class PlainOrders(Application[UUID]):
    """Orders on plain `eventsourcing`, one SQLite file."""

    def __init__(self, path: Path, synchronous: Synchronous) -> None:
        super().__init__({"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})
        # The library leaves durability to how SQLite was compiled. One thread uses one connection of its pool.
        assert isinstance(self.factory, SQLiteFactory)
        with self.factory.datastore.get_connection(commit=True) as connection:
            connection.cursor().execute(f"PRAGMA synchronous = {synchronous}")

    def fill(self, orders: int) -> list[UUID]:
        """Save that many orders, several a transaction."""
        lives = [lived(number) for number in range(orders)]
        for start in range(0, orders, UNIT // 8):
            self.save(*lives[start : start + UNIT // 8])
        return [order.id for order in lives]

    def request_technician(self, one: UUID) -> None:
        """Load, decide, append."""
        order: PlainOrder = self.repository.get(one)
        order.request_technician()
        self.save(order)
