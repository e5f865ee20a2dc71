"""How an order gets into a status by what really happens to it, and which event leads from one status to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from installflow import Invalid, Reason, Refused
from installflow.orders.events import Choosing
from installflow.orders.lifecycle import WORKFLOW
from installflow.orders.terms import OrderStatus as S
from installflow.testing.sentences import event_of
from installflow.workflow.table import SAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from installflow import Actor, Event, InstallFlow, Receipt


@dataclass(frozen=True, slots=True)
class Appointment:
    """The appointment of an order put somewhere: what a sentence of a feature leaves unsaid."""

    date: str = "14/04/2027"
    slot: str = "9H30"
    origin: str = "Direct"
    technician: str = "Karim"
    project_manager: str = "Inès"

    @property
    def planned(self) -> str:
        """The sentence that plans it."""
        named = f", NOM TECH : {self.technician}" if self.technician else ""
        return (
            f"RDV planifié (date : {self.date}, heure : {self.slot}, TECH : {self.origin}{named}"
            f", NOM CP : {self.project_manager})"
        )


COLLECTED = ("Collecte démarrée", "Collecte terminée")
STAGED = ("Staging démarré", "Staging terminé")
ASKED = ("Portabilité notée (état : demandée)",)
CANCELLED = (
    "Annulation demandée (motif : perte du contrat)",
    "Commande annulée (confirmé par : Mme Roux, par : mail)",
)


def route(status: S, appointment: Appointment, *, collecte: bool = False, confirmer: str = "") -> tuple[str, ...]:
    """The sentences that lead a new order to a status, the shortest way; a confirmer, where there is one, says yes."""
    staging = COLLECTED if collecte else ("Staging démarré",)
    ready = (*staging, "Staging terminé")
    asked = (*ready, appointment.planned, "Technicien demandé")
    said = (f"Partenaire : confirmé (confirmé par : {confirmer})",) if confirmer else ()
    agreed = (*asked, *said, "Technicien confirmé")
    return {
        S.NEW: (),
        S.COLLECTE: ("Collecte démarrée",),
        S.STAGING: staging,
        S.TO_PLAN: ready,
        S.ATTENTE_TECH: asked,
        S.ATT_5COM: asked,
        S.ATTENTE_PARTE: (*ready, "Partenaire attendu (motif : accord sur la date)"),
        S.ATT_PORTA: (*ready, *ASKED, "Portabilité attendue"),
        S.STAND_BY: (*ready, "Mise en Stand BY (motif : travaux chez le client)"),
        S.RDV_POSE: agreed,
        S.CLOTUREE: (*agreed, "Installation clôturée (compte rendu : posé)"),
        S.ANNULER: CANCELLED,
    }[status]  # fmt: skip


_TYPED = {
    "reason": "à la demande du client",
    "report": "tout est posé",
    "source": "OpenIP",
    "confirmed_by": "Mme Roux",
    "how": "mail",
    "result": "vu",
    "text": "à voir",
    "note": "vu",
    "sentence": "à voir",
    "project_manager": "Inès",
    "technician": "Moussa",
    "origin": "Direct",
    "date": "22/04/2027",
    "client": "Boulangerie Morel",
    "typed": {},
    "status": S.NEW,
}
"""What people type in the fields an event asks for."""

_RICHER: dict[str, tuple[dict[str, Any], ...]] = {
    "CollecteCompleted": ({"phones": 3},),
    "CollecteReopened": ({"phones": 12},),
    "PortabilityAwaited": ({"asked_on": "02/03/2027"},),
    "PortabilityPostponed": ({"date": "22/04/2027"},),
    "TechnicianConfirmed": ({"technician": "Moussa"},),
    "TechnicianOriginChanged": ({"origin": "5 com"}, {"origin": "Occitech"}),
    "TechnicianWithdrew": ({"origin": "5 com"}, {"origin": "Direct"}),
    "VisitRescheduled": (
        {"date": "22/04/2027"},
        {"date": "22/04/2027", "technician_confirmed": True},
        {"date": "22/04/2027", "technician_confirmed": True, "partner_confirmed": True},
    ),
    "VisitDone": ({"result": "à finir"},),
    "InstallationClosed": ({"report": "tout est posé", "waiver": "fiches livrées demain"},),
}
"""What they may add where it changes where the event leads."""


_ASKED: dict[str, dict[str, Any]] = {
    "VisitDone": {"result": "terminé"},
    "VisitScheduled": {"date": "22/04/2027"},
    "DetailsChanged": {"phones": 3},
    "PortabilityNoted": {"state": "demandée"},
}
_TOWARDS: dict[S, dict[str, Any]] = {S.ATT_5COM: {"origin": "5 com"}, S.ATTENTE_TECH: {"origin": "Direct"}}


def plain(event_type: type[Event], fields: Mapping[str, Any] | None = None) -> Event:
    """The event with nothing typed but what it asks for, and these fields where it has them."""
    asked = {name: _TYPED[name] for name, field in event_type.model_fields.items() if field.is_required()}
    given = {name: value for name, value in (fields or {}).items() if name in event_type.model_fields}
    return event_type(**{**asked, **_ASKED.get(event_type.__name__, {}), **given})


def variants(event_type: type[Event]) -> Iterator[Event]:
    """The event in every way that may lead elsewhere: each answer, each target that can be named."""
    for fields in ({}, *_RICHER.get(event_type.__name__, ())):
        event = plain(event_type, fields)
        yield event
        if isinstance(event, Choosing):
            yield from (event.model_copy(update={"next": status}) for status in S)


def moving_events() -> list[type[Event]]:
    """The events that move an order from one status to another."""
    return list(dict.fromkeys(t.event for t in WORKFLOW.transitions if any(x.to is not SAME for x in t.targets)))


def pass_to(flow: InstallFlow, order: UUID, target: S, by: Actor, fields: Mapping[str, Any]) -> Receipt:
    """Record the event that leads an order from where it is to a status; raises `Refused` with what is missing.

    Where no event of the table leads there from here, the refusal is what each event that does elsewhere answers.
    """
    here = flow.load(order).status
    leads = {event for _, event, to in WORKFLOW.passages() if to is target}
    fits = {event for source, event, to in WORKFLOW.passages() if to is target and source is here}
    reasons: list[Reason] = []
    for event_type in (each for each in moving_events() if each in (fits or leads)):
        event = plain(event_type, {**_TOWARDS.get(target, {}), **fields})
        if isinstance(event, Choosing):
            event = event.model_copy(update={"next": target})
        try:
            receipt = flow.record(order, event, by=by, dry_run=True)
        except (Refused, Invalid) as refusal:
            reasons += refusal.reasons
            continue
        if receipt.status is target:
            return flow.record(order, event, by=by)
        warned = [Reason("next", warning) for warning in receipt.warnings]
        reasons += warned or _why_not(flow, order, event_type, target)
    raise Refused(f"le passage en « {target.label} » est refusé", reasons=dict.fromkeys(reasons))


def _why_not(flow: InstallFlow, order: UUID, event_type: type[Event], target: S) -> tuple[Reason, ...]:
    """Why an event that leads elsewhere from here does not lead to a status."""
    options = (option for option in flow.options(order) if option.event is event_type and option.target is target)
    return tuple(reason for option in options for reason in option.reasons)


def put(  # noqa: PLR0913  # an order is told by these
    flow: InstallFlow,
    status: S,
    by: Actor,
    *,
    client: str = "Boulangerie Morel",
    partner: str = "HIGHCOM",
    phones: int | None = 3,
    collecte: bool = False,
    appointment: Appointment | None = None,
) -> UUID:
    """Open an order and lead it to a status."""
    known = "" if phones is None else f" pour {phones} téléphones"
    first = f"Commande reçue de {partner}{known} (portabilité : sans)"
    order = flow.open(event_of(flow, first, client=client), by=by).id
    if status is S.ATT_5COM and appointment is None:
        appointment = Appointment(origin="5 com", technician="")
    confirmer = flow.policies.named(partner).parameters["confirmer"]
    for sentence in route(status, appointment or Appointment(), collecte=collecte, confirmer=confirmer):
        flow.record(order, event_of(flow, sentence), by=by)
    found = flow.load(order).status
    if found is not status:
        msg = f"la commande de {client} est en « {found.label} », pas en « {status.label} »"
        raise AssertionError(msg)
    return order
