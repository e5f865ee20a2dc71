"""The product sheet (fiche produit, FP): 12 statuses OpenIP sets and we observe (R-OPENIP-05, 06)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from pydantic import Field

from installflow.openip.news import merged
from installflow.openip.offer import OBSERVERS
from installflow.openip.page import Amounts
from installflow.openip.said import UNSAID, Day, Euros, Line, PersonalLine, Said
from installflow.openip.terms import FpStatus
from installflow.workflow.aggregate import Aggregate, evolves
from installflow.workflow.event import Event
from installflow.workflow.fields import FilledText
from installflow.workflow.spelling import key_of
from installflow.workflow.table import SAME, Target, Transition, Workflow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from installflow.workflow.event import Recorded

SHEETS = UUID("b6b3a0a5-3c0e-5b44-9a5a-5c3f2d6f7a10")
"""Namespace of the product sheets; frozen: a sheet's id is derived from its reference for ever."""

F = FpStatus

EXPECTED: Mapping[FpStatus, frozenset[FpStatus]] = {
    F.NON_DEFINI: frozenset({F.EN_COURS, F.ATTENTE_CLIENT, F.ANNULEE, F.LIVRAISON_IMPOSSIBLE}),
    F.ATTENTE_CLIENT: frozenset({F.EN_COURS, F.ANNULEE, F.LIVRAISON_IMPOSSIBLE}),
    F.EN_COURS: frozenset(
        {
            F.ATTENTE_CLIENT,
            F.PORTA_CONFIRMEE,
            F.RDV_PLANIFIE,
            F.LIVRAISON_EN_COURS,
            F.ANNULEE,
            F.LIVRAISON_IMPOSSIBLE,
        }
    ),
    F.PORTA_CONFIRMEE: frozenset(
        {F.EN_COURS, F.ATTENTE_CLIENT, F.LIVRAISON_EN_COURS, F.LIVREE, F.ANNULEE, F.LIVRAISON_IMPOSSIBLE}
    ),
    F.RDV_PLANIFIE: frozenset({F.RDV_EN_ECHEC, F.LIVRAISON_EN_COURS, F.LIVREE, F.ANNULEE, F.LIVRAISON_IMPOSSIBLE}),
    F.RDV_EN_ECHEC: frozenset({F.RDV_PLANIFIE, F.ATTENTE_CLIENT, F.EN_COURS, F.ANNULEE, F.LIVRAISON_IMPOSSIBLE}),
    F.LIVRAISON_EN_COURS: frozenset({F.LIVREE, F.ATTENTE_CLIENT, F.RDV_EN_ECHEC, F.ANNULEE, F.LIVRAISON_IMPOSSIBLE}),
    F.LIVREE: frozenset({F.EN_RESILIATION}),
    F.EN_RESILIATION: frozenset({F.RESILIEE, F.LIVREE}),
}
"""What is expected to follow (2.2); anything else is recorded too, and shown as unexpected."""

FINALS = frozenset(FpStatus) - EXPECTED.keys()

OURS_TO_ANSWER = {
    F.ATTENTE_CLIENT: "OpenIP attend des informations du client : y répondre",
    F.RDV_EN_ECHEC: "le dernier RDV a échoué et OpenIP attend notre réponse : y répondre",
}
"""The two statuses in which OpenIP waits for us: a task on our side (R-OPENIP-06)."""


def unexpected(before: FpStatus | None, after: FpStatus) -> bool:
    """Whether a step is one nobody expects; the first status seen is none."""
    return before is not None and before != after and after not in EXPECTED.get(before, frozenset())


class SheetFacts(Amounts):
    """What the portal says of a sheet besides its status: on the tabs Détails and Tarifs, and on its order's page."""

    ordered_ref: Said[Line] = UNSAID
    offer_ref: Said[Line] = UNSAID
    offer_name: Said[Line] = UNSAID
    order_ref: Said[Line] = UNSAID
    name: Said[Line] = UNSAID
    supplier_ref: Said[Line] = UNSAID
    accountcode: Said[PersonalLine] = UNSAID
    delivery: Said[Day] = UNSAID
    taxation: Said[Line] = UNSAID
    service: Said[Line] = UNSAID
    subscription: Said[Euros] = UNSAID
    setup_fee: Said[Euros] = UNSAID
    documents: Said[Line] = UNSAID
    unknown_status: Said[Line] = UNSAID
    """The label the portal shows, where it is none of the 12."""


class SheetObserved(Event, topic="sheet.observed", trigger="observer_fp", said="Fiche produit observée"):
    """The portal says something new of a sheet: only what differs from the last look is kept.

    ``ref`` is the contracted reference (FPC…); ``nth`` tells apart sheets printed under one reference.
    """

    ref: FilledText
    nth: int = Field(default=1, ge=1)
    said_now: SheetFacts = SheetFacts()


class SheetStatusObserved(
    Event, topic="sheet.status_observed", trigger="observer_statut_fp", said="Statut de la fiche produit observé"
):
    """The portal shows another status: a fact, whatever it was before; an unexpected step is flagged, never refused."""

    ref: FilledText
    status: FpStatus
    nth: int = Field(default=1, ge=1)


class SheetLinked(Event, topic="sheet.linked", trigger="rattacher_fp", said="Fiche produit rattachée"):
    """The sheet serves an installation order: from now on what happens to it is told to that order.

    ``through`` is the offer or the order at OpenIP that was linked: a sheet is under both.
    """

    order: UUID
    through: UUID


class SheetUnlinked(Event, topic="sheet.unlinked", trigger="detacher_fp", said="Fiche produit détachée"):
    """The sheet does not serve that installation order any more through that offer or order at OpenIP."""

    order: UUID
    through: UUID


WORKFLOW = Workflow(
    "sheet",
    statuses=FpStatus,
    opens={SheetObserved: FpStatus.NON_DEFINI},
    transitions=(
        *(
            Transition(SheetStatusObserved, {source}, tuple(Target(to, only_named=True) for to in sorted(expected)))
            for source, expected in EXPECTED.items()
        ),
        *(Transition(event, frozenset(FpStatus), SAME) for event in (SheetObserved, SheetLinked, SheetUnlinked)),
    ),
    finals=FINALS,
    takeovers=(SheetStatusObserved,),
    corrections=(SheetStatusObserved,),
    internal={SheetLinked, SheetUnlinked},
    every_role=OBSERVERS,
)


class Sheet(Aggregate, kind="sheet", workflow=WORKFLOW):
    """One product sheet, as the portal last showed it."""

    def __init__(self, id: UUID) -> None:  # noqa: A002  # the envelope's own word
        super().__init__(id)
        self.nth = 1
        self.said = SheetFacts()
        self.status_seen = False
        """Whether the portal ever showed a status we know: one opened without stands as `Non défini`."""
        self.links: frozenset[tuple[UUID, UUID]] = frozenset()
        """The installation orders it serves, each with what it is linked through."""
        self.seen: dt.datetime | None = None
        """When it was last looked at with something new."""

    @staticmethod
    def id_for(event: Any) -> UUID:
        """The id of the sheet an opening event is about."""
        return sheet_id(event.ref, event.nth)

    @property
    def label(self) -> str:
        """Its contracted reference, and which of those printed under it."""
        return (self.ref if self.nth == 1 else f"{self.ref} ({self.nth})") or super().label

    @property
    def orders(self) -> frozenset[UUID]:
        """The installation orders it serves."""
        return frozenset(order for order, _ in self.links)

    @property
    def portability(self) -> bool:
        """Whether numbers are ported under it: its name or its offer's says so, or its status does."""
        names = key_of(f"{self.said.name or ''} {self.said.offer_name or ''}")
        return "porter" in names or "portabilite" in names or self.status is FpStatus.PORTA_CONFIRMEE

    @evolves(SheetObserved)
    def _observed(self, event: SheetObserved, recorded: Recorded) -> None:
        self.seen = recorded.occurred_at
        self.ref, self.nth = event.ref, event.nth
        self.said = merged(self.said, event.said_now)

    @evolves(SheetStatusObserved)
    def _status_observed(self, event: SheetStatusObserved, recorded: Recorded) -> None:
        self.seen = recorded.occurred_at
        self.ref, self.nth, self.status_seen = event.ref, event.nth, True

    @evolves(SheetLinked)
    def _linked(self, event: SheetLinked, _recorded: Recorded) -> None:
        self.links |= {(event.order, event.through)}

    @evolves(SheetUnlinked)
    def _unlinked(self, event: SheetUnlinked, _recorded: Recorded) -> None:
        self.links -= {(event.order, event.through)}


def sheet_id(ref: str, nth: int = 1) -> UUID:
    """The id of a sheet: the same for every spelling of its contracted reference."""
    name = "".join(ref.split()).upper()
    return uuid5(SHEETS, name if nth == 1 else f"{name} {nth}")
