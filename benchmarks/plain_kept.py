"""The plain order keeping in each event what an envelope of ours keeps, dates as dates: the same job, like for like.

It is what somebody on plain `eventsourcing` writes who has to say later who recorded an event, for whom, when it was
true, under which command and which rules. It reads nothing of it when it replays, as ours does not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID, uuid4

from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import JSONTranscoder, Transcoding

from benchmarks.life import BY, JANUARY, NOW
from benchmarks.plain import PlainOrders

Kept = dict[str, Any]


def kept(status: str | None) -> Kept:
    """What is kept of one event beside its payload."""
    by = {
        "name": BY.name,
        "role": BY.role,
        "id": BY.id,
        "kind": BY.kind,
        "on_behalf_of": BY.on_behalf_of,
        "source": BY.source,
    }
    return {
        "status": status,
        "by": by,
        "occurred_at": NOW,
        "command_id": str(uuid4()),
        "workflow": "c1bab209997a0a9d",
        "facts": {"today": NOW.date()},
    }


class DateAsISO(Transcoding):
    """A date as text, as the library's documentation shows it."""

    type = dt.date
    name = "date_iso"

    def encode(self, obj: dt.date) -> str:
        """The text of a date."""
        return obj.isoformat()

    def decode(self, data: str) -> dt.date:
        """The date of a text."""
        return dt.date.fromisoformat(data)


class KeptOrder(Aggregate):
    """An order, with what its guards read."""

    @event("Received")
    def __init__(self, client: str, partner: str, phones: int, ref: str, kept: Kept) -> None:
        self.client, self.partner, self.phones, self.ref = client, partner, phones, ref
        self.status = kept["status"]
        self.collected = False
        self.date: dt.date | None = None
        self.origin = ""

    @event("CollecteStarted")
    def start_collecte(self, kept: Kept) -> None:
        """Move to Collecte."""
        self.status = kept["status"]

    @event("CollecteCompleted")
    def complete_collecte(self, phones: int, kept: Kept) -> None:
        """Move to Staging."""
        self.status, self.collected, self.phones = kept["status"], True, phones

    @event("StagingCompleted")
    def complete_staging(self, kept: Kept) -> None:
        """Wait for planning."""
        self.status = kept["status"]

    @event("ReminderSet")
    def set_reminder(self, date: dt.date, check: str, kept: Kept) -> None:
        """Keep nothing: no guard reads it."""

    @event("CommentAdded")
    def comment(self, text: str, kept: Kept) -> None:
        """Keep nothing: no guard reads it."""

    @event("ParcelSent")
    def send_parcel(self, tracking: list[str], kept: Kept) -> None:
        """Keep nothing: no guard reads it."""

    @event("VisitScheduled")
    def schedule_visit(self, date: dt.date, slot: str, origin: str, project_manager: str, kept: Kept) -> None:
        """Plan the visit."""
        del kept
        self.date, self.slot, self.origin, self.project_manager = date, slot, origin, project_manager

    def request_technician(self) -> None:
        """Ask for a technician, under the guards of our own transition."""
        allowed = self.status in ("staging", "to_plan") and self.phones is not None
        allowed = allowed and (self.phones <= 4 or self.collected)
        if not (allowed and self.origin in ("direct", "occitech") and self.date):
            msg = "refused"
            raise ValueError(msg)
        self._technician_requested(kept("attente_tech"))

    @event("TechnicianRequested")
    def _technician_requested(self, kept: Kept) -> None:
        self.status = kept["status"]


def lived(number: int, day: int) -> KeptOrder:
    """The order of `benchmarks.life.life`."""
    client, ref = f"Boulangerie {number:09d}", f"CMD-{number:09d}"
    order = KeptOrder(client=client, partner="HIGHCOM", phones=6, ref=ref, kept=kept("new"))
    order.start_collecte(kept("collecte"))
    order.complete_collecte(6, kept("staging"))
    order.complete_staging(kept("to_plan"))
    order.set_reminder(JANUARY, "rappeler le client", kept(None))
    order.comment("Le client préfère le matin, accès par la cour.", kept(None))
    order.send_parcel([f"XY{number:09d}FR"], kept(None))
    date = JANUARY + dt.timedelta(day)
    order.schedule_visit(date, "09:30", "occitech", f"CP {number:09d}", kept(None))
    return order


class KeptOrders(PlainOrders):
    """These orders on plain `eventsourcing`, in the tables of the others."""

    name = PlainOrders.__name__

    def __init__(self, env: Mapping[str, str] | None = None, synchronous: Literal["FULL", "NORMAL"] = "FULL") -> None:
        super().__init__(env, synchronous)

    def register_transcodings(self, transcoder: JSONTranscoder) -> None:
        """The library's own, and the one for dates."""
        super().register_transcodings(transcoder)
        transcoder.register(DateAsISO())

    def request_technician(self, *ids: UUID) -> None:
        """Load, decide, append, all in one transaction."""
        orders: list[KeptOrder] = [self.repository.get(one) for one in ids]
        for order in orders:
            order.request_technician()
        self.save(*orders)
