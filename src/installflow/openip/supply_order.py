"""The order at OpenIP (commande, COM), and the conversations held about it (R-OPENIP-13, 16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from installflow.openip.news import merged
from installflow.openip.offer import OBSERVERS, SheetKey
from installflow.openip.said import UNSAID, Day, Line, Moment, Part, PersonalLine, PersonalLines, Said, Unsaid
from installflow.workflow.aggregate import Aggregate, evolves
from installflow.workflow.event import Event
from installflow.workflow.fields import FilledPersonal, FilledText, Text
from installflow.workflow.status import Status
from installflow.workflow.table import SAME, Transition, Workflow

if TYPE_CHECKING:
    import datetime as dt

    from installflow.workflow.event import Recorded

ORDERS = UUID("0f6f8f6e-0f0b-5b59-8b39-6b5b3b8f0d52")
"""Namespace of the orders; frozen: an order's id is derived from its reference for ever."""

CONVERSATIONS = UUID("c3f6d9ab-77e0-5f6f-9d1c-2f6a0a3be913")
"""Namespace of the conversations; frozen, as above."""


class Seen(Status):
    """The portal's own word for the state of an order or of a conversation is an open list: it is kept as text."""

    SEEN = "seen", "Vue"


class OrderFacts(Part):
    """What the portal says of an order (R-OPENIP-13)."""

    quote: Said[Line] = UNSAID
    adv_pilot: Said[PersonalLine] = UNSAID
    production_pilot: Said[PersonalLine] = UNSAID
    deposited: Said[Moment] = UNSAID
    delivery: Said[Day] = UNSAID
    state: Said[Line] = UNSAID
    """As printed: « Commande en cours »."""
    comments: Said[PersonalLines] = UNSAID
    sheets: tuple[SheetKey, ...] | Unsaid = UNSAID


class SupplyOrderObserved(Event, topic="supply_order.observed", trigger="observer_com", said="Commande observée"):
    """The portal says something new of an order: only what differs from the last look is kept."""

    ref: FilledText
    said_now: OrderFacts = OrderFacts()


class SupplyOrderLinked(Event, topic="supply_order.linked", trigger="rattacher_com", said="Commande rattachée"):
    """The order serves an installation order of ours, by somebody's decision (R-OPENIP-20)."""

    order: UUID


class SupplyOrderUnlinked(Event, topic="supply_order.unlinked", trigger="detacher_com", said="Commande détachée"):
    """The order does not serve that installation order after all."""

    order: UUID


class SupplyOrder(
    Aggregate,
    kind="supply_order",
    workflow=Workflow(
        "supply_order",
        statuses=Seen,
        opens={SupplyOrderObserved: Seen.SEEN},
        transitions=tuple(
            Transition(event, {Seen.SEEN}, SAME)
            for event in (SupplyOrderObserved, SupplyOrderLinked, SupplyOrderUnlinked)
        ),
        finals={Seen.SEEN},
        every_role=OBSERVERS,
    ),
):
    """One order at OpenIP, as the portal last showed it."""

    def __init__(self, id: UUID) -> None:  # noqa: A002  # the envelope's own word
        super().__init__(id)
        self.said = OrderFacts()
        self.seen: dt.datetime | None = None
        """When it was last looked at with something new."""
        self.orders: tuple[UUID, ...] = ()

    @staticmethod
    def id_for(event: Any) -> UUID:
        """The id of the order an opening event is about."""
        return supply_order_id(event.ref)

    @property
    def label(self) -> str:
        """Its reference."""
        return self.ref or super().label

    @evolves(SupplyOrderObserved)
    def _observed(self, event: SupplyOrderObserved, recorded: Recorded) -> None:
        self.seen = recorded.occurred_at
        self.ref = event.ref
        self.said = merged(self.said, event.said_now)

    @evolves(SupplyOrderLinked)
    def _linked(self, event: SupplyOrderLinked, _recorded: Recorded) -> None:
        self.orders = (*(one for one in self.orders if one != event.order), event.order)

    @evolves(SupplyOrderUnlinked)
    def _unlinked(self, event: SupplyOrderUnlinked, _recorded: Recorded) -> None:
        self.orders = tuple(one for one in self.orders if one != event.order)


class ConversationFacts(Part):
    """What the portal says of a conversation beside what tells it apart (R-OPENIP-16)."""

    offer_ref: Said[Line] = UNSAID
    """The offer on whose page it was read, where it was."""
    adv_pilot: Said[PersonalLine] = UNSAID
    last_exchange: Said[Moment] = UNSAID
    last_speaker: Said[PersonalLine] = UNSAID
    state: Said[Line] = UNSAID


class ConversationObserved(
    Event, topic="conversation.observed", trigger="observer_conversation", said="Conversation observée"
):
    """The portal says something new of a conversation; order, moment and subject tell one from another."""

    order_ref: Text
    created: Moment
    subject: FilledPersonal
    said_now: ConversationFacts = ConversationFacts()


class Conversation(
    Aggregate,
    kind="conversation",
    workflow=Workflow(
        "conversation",
        statuses=Seen,
        opens={ConversationObserved: Seen.SEEN},
        transitions=(Transition(ConversationObserved, {Seen.SEEN}, SAME),),
        finals={Seen.SEEN},
        every_role=OBSERVERS,
    ),
):
    """One conversation with OpenIP, as the portal last showed it."""

    def __init__(self, id: UUID) -> None:  # noqa: A002  # the envelope's own word
        super().__init__(id)
        self.subject = ""
        self.said = ConversationFacts()
        self.seen: dt.datetime | None = None
        """When it was last looked at with something new."""

    @staticmethod
    def id_for(event: Any) -> UUID:
        """The id of the conversation an opening event is about."""
        return conversation_id(event.order_ref, f"{event.created:%Y-%m-%dT%H:%M}", event.subject)

    @property
    def label(self) -> str:
        """Its subject."""
        return self.subject or super().label

    @evolves(ConversationObserved)
    def _observed(self, event: ConversationObserved, recorded: Recorded) -> None:
        self.seen = recorded.occurred_at
        self.ref, self.subject = event.order_ref, event.subject
        self.said = merged(self.said, event.said_now)


def supply_order_id(ref: str) -> UUID:
    """The id of an order: the same for every spelling of its reference."""
    return uuid5(ORDERS, "".join(ref.split()).upper())


def conversation_id(order_ref: str, created: str, subject: str) -> UUID:
    """The id of a conversation, of what tells it apart."""
    return uuid5(CONVERSATIONS, "\n".join(("".join(order_ref.split()).upper(), created, " ".join(subject.split()))))
