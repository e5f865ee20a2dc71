"""The contracted offer (offre contractée, OC): 6 statuses OpenIP sets and we observe (R-OPENIP-01 to 04)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from pydantic import Field

from installflow.openip.news import merged
from installflow.openip.page import (
    Amounts,
    CatalogueOffer,
    Commitment,
    Contact,
    HistoryLine,
    SheetTotals,
    Site,
    Termination,
)
from installflow.openip.said import UNSAID, Day, KindWord, Line, Part, PersonalLine, Said, Unsaid
from installflow.openip.terms import OcStatus
from installflow.workflow.aggregate import Aggregate, evolves
from installflow.workflow.event import Event
from installflow.workflow.fields import FilledText
from installflow.workflow.table import SAME, Target, Transition, Workflow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from installflow.workflow.event import Recorded

OFFERS = UUID("5b0a7e0c-8a56-5f0e-8a4c-0d1d9f4b7c21")
"""Namespace of the offers; frozen: an offer's id is derived from its reference for ever."""

OBSERVERS = frozenset({"planner", "project_manager", "supervisor", "billing", "operator", "system"})
"""Who may tell what the portal shows."""

S = OcStatus

EXPECTED: Mapping[OcStatus, frozenset[OcStatus]] = {
    S.DEPOSEE: frozenset({S.EN_COURS, S.ANNULEE}),
    S.EN_COURS: frozenset({S.LIVREE, S.ANNULEE}),
    S.LIVREE: frozenset({S.EN_RESILIATION}),
    S.EN_RESILIATION: frozenset({S.RESILIEE, S.LIVREE}),
}
"""What is expected to follow (2.3); anything else is recorded too, and shown as unexpected."""

FINALS = frozenset(OcStatus) - EXPECTED.keys()


def unexpected(before: OcStatus | None, after: OcStatus) -> bool:
    """Whether a step is one nobody expects; the first state seen is none."""
    return before is not None and before != after and after not in EXPECTED.get(before, frozenset())


class SheetKey(Part):
    """A sheet of an offer: its contracted reference, and which of those printed under it."""

    ref: Line
    nth: int = Field(default=1, ge=1)


class OfferFacts(Part):
    """What the portal says of an offer besides its status, on the list and on its own page."""

    pilot: Said[PersonalLine] = UNSAID
    name: Said[Line] = UNSAID
    order_ref: Said[Line] = UNSAID
    kind: Said[KindWord] = UNSAID
    client: Said[PersonalLine] = UNSAID
    account: Said[Line] = UNSAID
    phones: Said[tuple[PersonalLine, ...]] = UNSAID
    company: Said[PersonalLine] = UNSAID
    site: Site | Unsaid = UNSAID
    created: Said[Day] = UNSAID
    """When its order was submitted (R-OPENIP-03)."""
    delivery: Said[Day] = UNSAID
    catalogue: CatalogueOffer | Unsaid = UNSAID
    commitment: Commitment | Unsaid = UNSAID
    termination: Termination | Unsaid = UNSAID
    main_site: Site | Unsaid = UNSAID
    billing_site: Site | Unsaid = UNSAID
    contacts: tuple[Contact, ...] | Unsaid = UNSAID
    attachments: tuple[PersonalLine, ...] | Unsaid = UNSAID
    sheets: tuple[SheetKey, ...] | Unsaid = UNSAID
    sheet_totals: SheetTotals | Unsaid = UNSAID
    totals: Amounts | Unsaid = UNSAID
    overall: Amounts | Unsaid = UNSAID
    history: tuple[HistoryLine, ...] | Unsaid = UNSAID
    conversation_count: int | Unsaid = UNSAID
    unknown_status: Said[Line] = UNSAID
    """The label the portal shows, where it is none of the 6."""


class OfferObserved(Event, topic="offer.observed", trigger="observer_oc", said="Offre contractée observée"):
    """The portal says something new of an offer: only what differs from the last look is kept."""

    ref: FilledText
    said_now: OfferFacts = OfferFacts()


class OfferStatusObserved(
    Event, topic="offer.status_observed", trigger="observer_statut_oc", said="État de l'offre observé"
):
    """The portal shows another state: a fact, whatever it was before; an unexpected step is flagged, never refused."""

    ref: FilledText
    status: OcStatus


class OfferLinked(Event, topic="offer.linked", trigger="rattacher_oc", said="Offre rattachée"):
    """The offer serves an installation order, by somebody's decision (R-OPENIP-20)."""

    order: UUID


class OfferUnlinked(Event, topic="offer.unlinked", trigger="detacher_oc", said="Offre détachée"):
    """The offer does not serve that installation order after all."""

    order: UUID


WORKFLOW = Workflow(
    "offer",
    statuses=OcStatus,
    opens={OfferObserved: OcStatus.DEPOSEE},
    transitions=(
        *(
            Transition(OfferStatusObserved, {source}, tuple(Target(to, only_named=True) for to in sorted(expected)))
            for source, expected in EXPECTED.items()
        ),
        *(Transition(event, frozenset(OcStatus), SAME) for event in (OfferObserved, OfferLinked, OfferUnlinked)),
    ),
    finals=FINALS,
    takeovers=(OfferStatusObserved,),
    corrections=(OfferStatusObserved,),
    every_role=OBSERVERS,
)


class Offer(Aggregate, kind="offer", workflow=WORKFLOW):
    """One contracted offer, as the portal last showed it."""

    def __init__(self, id: UUID) -> None:  # noqa: A002  # the envelope's own word
        super().__init__(id)
        self.said = OfferFacts()
        self.status_seen = False
        """Whether the portal ever showed a state we know: one opened without stands as `Déposée / en cours`."""
        self.orders: tuple[UUID, ...] = ()
        self.seen: dt.datetime | None = None
        """When it was last looked at with something new."""

    @staticmethod
    def id_for(event: Any) -> UUID:
        """The id of the offer an opening event is about."""
        return offer_id(event.ref)

    @property
    def label(self) -> str:
        """Its reference."""
        return self.ref or super().label

    @evolves(OfferObserved)
    def _observed(self, event: OfferObserved, recorded: Recorded) -> None:
        self.seen = recorded.occurred_at
        self.ref = event.ref
        self.said = merged(self.said, event.said_now)

    @evolves(OfferStatusObserved)
    def _status_observed(self, event: OfferStatusObserved, recorded: Recorded) -> None:
        self.seen = recorded.occurred_at
        self.ref, self.status_seen = event.ref, True

    @evolves(OfferLinked)
    def _linked(self, event: OfferLinked, _recorded: Recorded) -> None:
        self.orders = (*(one for one in self.orders if one != event.order), event.order)

    @evolves(OfferUnlinked)
    def _unlinked(self, event: OfferUnlinked, _recorded: Recorded) -> None:
        self.orders = tuple(one for one in self.orders if one != event.order)


def offer_id(ref: str) -> UUID:
    """The id of an offer: the same for every spelling of its reference."""
    return uuid5(OFFERS, "".join(ref.split()).upper())
