"""« Quand »: what one person does; a refusal is kept for the « Alors »."""

from __future__ import annotations

from pytest_bdd import parsers, when

from installflow.orders import (
    CancellationRequested,
    OrderCancelled,
    OrderReceived,
    PortabilityConfirmed,
    VisitScheduled,
)
from installflow.testing.passages import reached
from installflow.testing.routes import pass_to
from installflow.testing.world import World, status_of

WHO = r'(?P<who>[^"]+?)'


@when(parsers.re(WHO + r' passe la commande(?: "(?P<client>[^"]+)")? en "(?P<status>[^"]+)"(?: : "(?P<reason>.+)")?'))
def pass_the_order(world: World, who: str, client: str | None, status: str, reason: str | None) -> None:
    """Record the event that leads there from where the order is, with the reason given."""
    fields = {"reason": reason} if reason else {}
    world.act(lambda: pass_to(world.flow, world.id_of(client), status_of(status), world.actor(who), fields))


@when(parsers.re(WHO + r' note(?: sur "(?P<client>[^"]+)")? "(?P<sentence>.+)"'))
def note(world: World, who: str, client: str | None, sentence: str) -> None:
    """Record what a sentence of the history says."""
    world.note(sentence, who, client)


@when(parsers.re(WHO + r' apprend aujourd\'hui ce qui s\'est passé le (?P<day>[^:]+) : "(?P<sentence>.+)"'))
def note_late(world: World, who: str, day: str, sentence: str) -> None:
    """Record what happened on a day already past."""
    event, occurred = world.event(sentence), world.day(day)
    world.act(lambda: world.flow.record(world.id_of(), event, by=world.actor(who), occurred_at=occurred))


@when(
    parsers.re(
        WHO + r' reçoit la commande "(?P<client>[^"]*)" de (?P<partner>.+?)(?: pour (?P<phones>\d+) téléphones?)?'
    )
)
def receive(world: World, who: str, client: str, partner: str, phones: str | None) -> None:
    """Open an order as a form would: with whatever was typed."""

    def opened() -> object:
        fields = {"client": client, "partner": partner if partner != "personne" else "", "phones": phones or ""}
        event = world.flow.event(OrderReceived.__name__, fields)
        receipt = world.flow.open(event, by=world.actor(who))
        world.know(client, receipt.id)
        return receipt

    world.act(opened)


@when(
    parsers.re(
        WHO + r' réserve (?P<technician>\w+) le (?P<day>[^":]+?)(?: à (?P<slot>\w+))?'
        r'(?: pour "(?P<client>[^"]+)")?(?: : "(?P<reason>.+)")?'
    )
)
def book(
    world: World, who: str, technician: str, day: str, slot: str | None, client: str | None, reason: str | None
) -> None:
    """Plan an appointment with a technician, over another booking where a reason is given."""
    fields = {"date": f"{world.day(day):%d/%m/%Y}", "technician": technician, "slot": slot or ""}
    event = world.flow.event(VisitScheduled.__name__, {**fields, "override_reason": reason or ""})
    world.act(lambda: world.flow.record(world.id_of(client), event, by=world.actor(who)))


@when(parsers.re(r"l'opérateur confirme la portabilité pour le (?P<day>.+)"))
def porta_confirmed(world: World, day: str) -> None:
    """The operator makes the portability date reliable."""
    event = PortabilityConfirmed(date=world.day(day), source="l'opérateur")
    world.act(lambda: world.flow.record(world.id_of(), event, by=world.actor("l'opérateur")))


@when(parsers.re(WHO + r' demande l\'annulation : "(?P<reason>.+)"'))
def ask_to_cancel(world: World, who: str, reason: str) -> None:
    """Ask for a cancellation, which the partner has to confirm."""
    event = CancellationRequested(reason=reason)
    world.act(lambda: world.flow.record(world.id_of(), event, by=world.actor(who)))


@when(parsers.re(r"(?P<who>\w+) note que (?P<partner>.+) confirme l'annulation"))
def cancel(world: World, who: str, partner: str) -> None:
    """Record that the partner confirmed the cancellation."""
    event = OrderCancelled(confirmed_by=partner, how="mail")
    world.act(lambda: world.flow.record(world.id_of(), event, by=world.actor(who)))


@when(parsers.re(r"(?P<who>\w+) essaie chaque passage d'un statut à un autre"))
def try_every_passage(world: World, who: str) -> None:
    """Try every event, typed in every way, from each status, whatever was prepared before."""
    world.act(lambda: reached(world.flow, world.actor(who)))
