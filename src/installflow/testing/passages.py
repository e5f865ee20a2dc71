"""The whole table of passages, tried: where an order really gets to from each status, whatever was prepared before."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from installflow import Invalid, Refused
from installflow.orders.events import PartnerAwaited, PortabilityAwaited, PutOnStandBy
from installflow.orders.lifecycle import WORKFLOW
from installflow.orders.terms import OrderStatus as S
from installflow.testing.routes import ASKED, CANCELLED, COLLECTED, STAGED, Appointment, variants
from installflow.testing.sentences import PHASES, event_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from installflow import Actor, Event, InstallFlow

OUTSIDE = {*WORKFLOW.takeovers, *WORKFLOW.corrections, *WORKFLOW.opens}
"""What moves an order to any status, apart from the table, or opens it."""

AWAITED = "Partenaire attendu (motif : accord sur la date)"
HELD = "Mise en Stand BY (motif : travaux chez le client)"
VIP = "VIP TELECOM"
DEFAULT = "HIGHCOM"
PORTA_FIRST = "Porta d'abord"
"""A partner that wants portability before installation; the flow has to know its policy."""


def labels() -> list[str]:
    """The names the features give the 12 stored statuses, in their order."""
    phases = {value: name for name, value in PHASES.items()}
    return [phases.get(status.value, status.label) for status in S]


def reached(flow: InstallFlow, by: Actor) -> dict[tuple[S, S], Event]:
    """Every passage some event really made, with that event, which was recorded on an order prepared for it.

    Every event is tried from each preparation of each status, in every way it can be typed and with every target
    named; those that lead to another status are then recorded for good on an order prepared alike.
    """
    numbers = count(1)
    made: dict[tuple[S, S], Event] = {}
    for status, partner, sentences in preparations():
        order = _prepared(flow, by, next(numbers), status, partner, sentences)
        for event in _all_events():
            try:
                target = flow.record(order, event, by=by, dry_run=True).status
            except (Refused, Invalid):
                continue
            if target is status or (status, target) in made:
                continue
            fresh = _prepared(flow, by, next(numbers), status, partner, sentences)
            made[status, target] = event
            if flow.record(fresh, event, by=by).status is not target:
                msg = f"« {event.said} » mène ailleurs qu'à « {target.label} » depuis « {status.label} »"
                raise AssertionError(msg)
    return made


def declared() -> set[tuple[S, S]]:
    """The passages of the workflow's own table."""
    return {(S(source), S(to)) for source, _, to in WORKFLOW.passages() if source is not to}  # type: ignore[call-arg]


def _all_events() -> Iterator[Event]:
    for event_type in WORKFLOW.events:
        if event_type not in OUTSIDE:
            yield from variants(event_type)


def _prepared(flow: InstallFlow, by: Actor, number: int, status: S, partner: str, sentences: tuple[str, ...]) -> UUID:
    first = event_of(flow, f"Commande reçue de {partner} pour 3 téléphones", client=f"Client {number}")
    order = flow.open(first, by=by).id
    for sentence in sentences:
        # Each order has a technician of its own, or one would be taken by the order before.
        flow.record(order, event_of(flow, sentence.replace("Karim", f"Karim {number}")), by=by)
    found = flow.load(order).status
    if found is not status:
        msg = f"préparée pour « {status.label} », la commande est en « {found.label} » : {sentences}"
        raise AssertionError(msg)
    return order


def preparations() -> Iterator[tuple[S, str, tuple[str, ...]]]:
    """Each status, with the partner and the sentences that lead there: every way of getting there that matters."""
    ours, theirs = Appointment().planned, Appointment(origin="5 com", technician="").planned
    asked, asked_5com = (*STAGED, ours, "Technicien demandé"), (*STAGED, theirs, "Technicien demandé")
    agreed = (*asked, "Technicien confirmé")
    today = (*asked, "RDV planifié (date : 02/03/2027)", "Technicien confirmé")
    ways: dict[S, tuple[tuple[str, ...], ...]] = {
        S.NEW: ((),),
        S.COLLECTE: (COLLECTED[:1],),
        S.STAGING: (STAGED[:1], (*STAGED[:1], ours), (*STAGED[:1], theirs)),
        S.TO_PLAN: (STAGED, (*STAGED, ours), (*STAGED, theirs), (*STAGED, ours, "Technicien confirmé")),
        S.ATTENTE_TECH: (asked, (*asked, *ASKED)),
        S.ATT_5COM: (asked_5com, (*asked_5com, *ASKED)),
        S.RDV_POSE: (agreed, (*asked_5com, "Technicien confirmé"), today),
    }
    ways[S.ATT_PORTA] = (
        *((*way, *ASKED, "Portabilité attendue") for way in _from_each(PortabilityAwaited, ways)),
        (*agreed, "Portabilité reportée (ensuite : Att porta)"),
    )
    ways[S.ATTENTE_PARTE] = tuple((*way, AWAITED) for way in _from_each(PartnerAwaited, ways))
    ways[S.STAND_BY] = tuple((*way, HELD) for way in _from_each(PutOnStandBy, ways))
    for status, several in ways.items():
        for way in several:
            yield status, DEFAULT, way
        yield status, DEFAULT, (*several[0], CANCELLED[0])
    for partner in (VIP, PORTA_FIRST):
        yield S.ATTENTE_TECH, partner, asked
        yield S.ATT_5COM, partner, asked_5com
    yield S.RDV_POSE, VIP, (*asked, "Partenaire : confirmé", "Technicien confirmé")
    yield S.CLOTUREE, DEFAULT, (*today, "Installation clôturée (compte rendu : posé)")
    yield S.ANNULER, DEFAULT, CANCELLED


def _from_each(event: type[Event], ways: Mapping[S, tuple[tuple[str, ...], ...]]) -> list[tuple[str, ...]]:
    """The first way into each status the event is possible from."""
    sources = WORKFLOW.sources_of(event)
    return [several[0] for status, several in ways.items() if status in sources]
