"""The same order on `eventsource-py`, as its own guide writes one; runs in an environment that has it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from eventsource import AggregateRepository, AggregateRoot, DomainEvent, register_event
from eventsource.adapters.sqlite import SQLiteEventStore
from pydantic import BaseModel


class _Told(DomainEvent):
    aggregate_type: str = "Order"


@register_event
class Received(_Told):
    """The order came in."""

    event_type: str = "Received"
    client: str
    partner: str
    phones: int
    ref: str


@register_event
class CollecteStarted(_Told):
    """The equipment is being collected."""

    event_type: str = "CollecteStarted"


@register_event
class CollecteCompleted(_Told):
    """It is there."""

    event_type: str = "CollecteCompleted"
    phones: int


@register_event
class StagingCompleted(_Told):
    """It is prepared."""

    event_type: str = "StagingCompleted"


@register_event
class ReminderSet(_Told):
    """Somebody wants to be reminded."""

    event_type: str = "ReminderSet"
    date: dt.date
    check: str


@register_event
class CommentAdded(_Told):
    """Somebody said something."""

    event_type: str = "CommentAdded"
    text: str


@register_event
class ParcelSent(_Told):
    """A parcel is under way."""

    event_type: str = "ParcelSent"
    tracking: list[str]


@register_event
class VisitScheduled(_Told):
    """A visit is planned."""

    event_type: str = "VisitScheduled"
    date: dt.date
    slot: str
    origin: str
    project_manager: str


@register_event
class TechnicianRequested(_Told):
    """A technician is asked for."""

    event_type: str = "TechnicianRequested"


class State(BaseModel):
    """What the guards read."""

    status: str = ""
    phones: int = 0
    collected: bool = False
    date: dt.date | None = None
    origin: str = ""


class Order(AggregateRoot[State]):
    """An order."""

    aggregate_type = "Order"

    def _get_initial_state(self) -> State:
        return State()

    def _apply(self, event: DomainEvent) -> None:
        match event:
            case Received():
                self._to(status="new", phones=event.phones)
            case CollecteStarted():
                self._to(status="collecte")
            case CollecteCompleted():
                self._to(status="staging", collected=True, phones=event.phones)
            case StagingCompleted():
                self._to(status="to_plan")
            case VisitScheduled():
                self._to(date=event.date, origin=event.origin)
            case TechnicianRequested():
                self._to(status="attente_tech")
            case _:
                self._to()

    def _to(self, **update: Any) -> None:
        state = self._state or self._get_initial_state()
        self._state = state.model_copy(update=update) if update else state

    def live(self, number: int) -> None:
        """The first eight events."""
        self.create_event(
            Received, client=f"Boulangerie {number:09d}", partner="HIGHCOM", phones=6, ref=f"CMD-{number:09d}"
        )
        self.create_event(CollecteStarted)
        self.create_event(CollecteCompleted, phones=6)
        self.create_event(StagingCompleted)
        self.create_event(ReminderSet, date=dt.date(2027, 1, 4), check="rappeler le client")
        self.create_event(CommentAdded, text="Le client préfère le matin, accès par la cour.")
        self.create_event(ParcelSent, tracking=[f"XY{number:09d}FR"])
        self.create_event(
            VisitScheduled,
            date=dt.date(2027, 1, 4) + dt.timedelta(number % 90),
            slot="09:30",
            origin="occitech",
            project_manager="Inès",
        )

    def request_technician(self) -> None:
        """Under the guards of our own transition."""
        state = self.state
        if state is None or state.status not in {"staging", "to_plan"} or (state.phones > 4 and not state.collected):
            raise ValueError("refused")
        if state.origin not in {"direct", "occitech"} or not state.date:
            raise ValueError("refused")
        self.create_event(TechnicianRequested)


def orders(path: str, synchronous: str, count: int) -> Callable[[int], int]:
    """A store of that many orders; asked for a number, it carries out as many commands, each on an order of its own."""
    loop = asyncio.new_event_loop()
    store = SQLiteEventStore(path)
    repository = AggregateRepository(event_store=store, aggregate_factory=Order, aggregate_type="Order")
    ids: list[UUID] = []

    async def fill() -> None:
        connection = await store._conn()  # noqa: SLF001  # it offers no way to set durability
        await connection.execute("PRAGMA synchronous = OFF")
        for number in range(count):
            order = repository.create_new(uuid4())
            order.live(number)
            await repository.save(order)
            ids.append(order.aggregate_id)
        await connection.execute(f"PRAGMA synchronous = {synchronous}")

    async def request(commands: int) -> int:
        for _ in range(commands):
            order = await repository.load(ids.pop())
            order.request_technician()
            await repository.save(order)
        return commands

    loop.run_until_complete(fill())
    return lambda commands: loop.run_until_complete(request(commands)) if commands else 0
