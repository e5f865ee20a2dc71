"""The same order on Protean, as its own guide writes one; runs in an environment that has it.

Its event stores are memory, and Message DB (functions installed into PostgreSQL): this one is in memory.
"""

# ruff: noqa: ARG002, D101 - an event's name says what happened; what a method takes tells which event it is for

import datetime as dt
import logging
from collections.abc import Callable
from uuid import uuid4

from protean import Domain, apply, current_domain, handle
from protean.fields import Boolean, Date, Identifier, Integer, List, String

domain = Domain(name="orders")


@domain.event(part_of="Order")
class Received:
    order_id: Identifier(required=True)
    client: String(required=True)
    partner: String(required=True)
    phones: Integer(required=True)
    ref: String()


@domain.event(part_of="Order")
class CollecteStarted:
    order_id: Identifier(required=True)


@domain.event(part_of="Order")
class CollecteCompleted:
    order_id: Identifier(required=True)
    phones: Integer(required=True)


@domain.event(part_of="Order")
class StagingCompleted:
    order_id: Identifier(required=True)


@domain.event(part_of="Order")
class ReminderSet:
    order_id: Identifier(required=True)
    date: Date(required=True)
    check: String(required=True)


@domain.event(part_of="Order")
class CommentAdded:
    order_id: Identifier(required=True)
    text: String(required=True)


@domain.event(part_of="Order")
class ParcelSent:
    order_id: Identifier(required=True)
    tracking: List(content_type=str)


@domain.event(part_of="Order")
class VisitScheduled:
    order_id: Identifier(required=True)
    date: Date(required=True)
    slot: String(required=True)
    origin: String(required=True)
    project_manager: String()


@domain.event(part_of="Order")
class TechnicianRequested:
    order_id: Identifier(required=True)


@domain.aggregate(is_event_sourced=True)
class Order:
    order_id: Identifier(identifier=True)
    phones: Integer()
    status: String()
    collected: Boolean(default=False)
    date: Date()
    origin: String()

    @classmethod
    def live(cls, order_id: str, number: int) -> "Order":
        """The first eight events."""
        order = cls._create_new(order_id=order_id)
        order.raise_(
            Received(
                order_id=order_id,
                client=f"Boulangerie {number:09d}",
                partner="HIGHCOM",
                phones=6,
                ref=f"CMD-{number:09d}",
            )
        )
        order.raise_(CollecteStarted(order_id=order_id))
        order.raise_(CollecteCompleted(order_id=order_id, phones=6))
        order.raise_(StagingCompleted(order_id=order_id))
        order.raise_(ReminderSet(order_id=order_id, date=dt.date(2027, 1, 4), check="rappeler le client"))
        order.raise_(CommentAdded(order_id=order_id, text="Le client préfère le matin, accès par la cour."))
        order.raise_(ParcelSent(order_id=order_id, tracking=[f"XY{number:09d}FR"]))
        date = dt.date(2027, 1, 4) + dt.timedelta(number % 90)
        order.raise_(
            VisitScheduled(order_id=order_id, date=date, slot="09:30", origin="occitech", project_manager="Inès")
        )
        return order

    def request_technician(self) -> None:
        """Under the guards of our own transition."""
        if self.status not in {"staging", "to_plan"} or (self.phones > 4 and not self.collected):
            raise ValueError("refused")
        if self.origin not in {"direct", "occitech"} or not self.date:
            raise ValueError("refused")
        self.raise_(TechnicianRequested(order_id=self.order_id))

    @apply
    def received(self, event: Received) -> None:
        """New."""
        self.order_id, self.phones, self.status = event.order_id, event.phones, "new"

    @apply
    def collecte_started(self, event: CollecteStarted) -> None:
        """In Collecte."""
        self.status = "collecte"

    @apply
    def collecte_completed(self, event: CollecteCompleted) -> None:
        """In Staging."""
        self.status, self.collected, self.phones = "staging", True, event.phones

    @apply
    def staging_completed(self, event: StagingCompleted) -> None:
        """To be planned."""
        self.status = "to_plan"

    @apply
    def reminder_set(self, event: ReminderSet) -> None:
        """No guard reads it."""

    @apply
    def comment_added(self, event: CommentAdded) -> None:
        """No guard reads it."""

    @apply
    def parcel_sent(self, event: ParcelSent) -> None:
        """No guard reads it."""

    @apply
    def visit_scheduled(self, event: VisitScheduled) -> None:
        """Planned."""
        self.date, self.origin = event.date, event.origin

    @apply
    def technician_requested(self, event: TechnicianRequested) -> None:
        """Waiting for a technician."""
        self.status = "attente_tech"


@domain.command(part_of=Order)
class RequestTechnician:
    order_id: Identifier(required=True)


@domain.command_handler(part_of=Order)
class Requests:
    @handle(RequestTechnician)
    def request(self, command: RequestTechnician) -> None:
        """Load, decide, append."""
        repository = current_domain.repository_for(Order)
        order = repository.get(command.order_id)
        order.request_technician()
        repository.add(order)


def orders(count: int) -> Callable[[int], int]:
    """A store of that many orders; asked for a number, it carries out as many commands, each on an order of its own."""
    domain.config["command_processing"] = domain.config["event_processing"] = "sync"
    domain.init(traverse=False)
    logging.disable(logging.INFO)  # it says every command: that is not what is measured
    ids = [str(uuid4()) for _ in range(count)]
    with domain.domain_context():
        for number, one in enumerate(ids):
            current_domain.repository_for(Order).add(Order.live(one, number))

    def request(commands: int) -> int:
        with domain.domain_context():
            for _ in range(commands):
                domain.process(RequestTechnician(order_id=ids.pop()), asynchronous=False)
        return commands

    return request
