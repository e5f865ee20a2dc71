"""« Étant donné »: what is so, and what happened before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytest_bdd import given, parsers

from installflow import Policy
from installflow.orders.terms import OrderStatus
from installflow.testing.routes import Appointment, put
from installflow.testing.world import Table, World, rows_of, status_of

SONIA = "Sonia"

_PROCESS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "seuil de collecte": ("collecte_threshold", int),
    "à confirmer par": ("confirmer", str),
    "contact client": ("client_contact", lambda text: text == "permis"),
    "portabilité avant l'installation": ("porta_before_installation", lambda text: text == "exigée"),
    "réservation": ("booking_unit", lambda text: "half_day" if text == "demi-journée" else "day"),
}
"""What may differ from one partner to the next, in the words of the features."""


@given(parsers.re(r'le partenaire "(?P<name>[^"]+)", dont la marche à suivre est ?:'))
def a_partner(world: World, name: str, datatable: Table) -> None:
    """Add a partner's policy, as an embedding application would."""
    parameters: dict[str, Any] = {}
    for word, value in datatable:
        parameter, read = _PROCESS[word]
        parameters[parameter] = read(value)
    world.partner(Policy(name, parameters=parameters))


@given(parsers.re(r"nous sommes le (?P<day>[^:]+)"))
def today_is(world: World, day: str) -> None:
    """Set the clock to nine in the morning of a day."""
    world.clock.set(world.day(day))


@given(
    parsers.re(
        r'(?:une commande|la commande "(?P<client>[^"]+)")'
        r"(?: d(?:e |'un nombre )(?P<phones>\d+|inconnu)(?: de)? téléphones?)?"
        r'(?: de (?P<partner>[A-Z][^"]*?))? en "(?P<status>[^"]+)"'
        r"(?:, (?P<collecte>sans|avec) collecte)?"
        r"(?:, RDV le (?P<day>\d+(?:er)? \w+(?: \d{4})?)(?: à (?P<slot>\w+))?"
        r"(?: avec (?P<technician>\w+))?(?: \((?P<origin>[^)]+)\))?)?"
    )
)
def an_order(  # noqa: PLR0913, PLR0917  # as many words as the sentence may have
    world: World,
    client: str | None,
    phones: str | None,
    partner: str | None,
    status: str,
    collecte: str | None,
    day: str | None,
    slot: str | None,
    technician: str | None,
    origin: str | None,
) -> None:
    """Lead a new order to a status by what really happens to an order."""
    client, wanted = client or "Boulangerie Morel", status_of(status)
    world.clock.advance(minutes=1)
    ordinary = Appointment(origin="5 com", technician="") if wanted is OrderStatus.ATT_5COM else Appointment()
    today = wanted is OrderStatus.CLOTUREE
    appointment = Appointment(
        date=f"{world.day(day) if day else world.clock.today:%d/%m/%Y}" if day or today else ordinary.date,
        slot=slot or ordinary.slot,
        origin=origin or ordinary.origin,
        technician=technician or ("" if origin in {"5 com", "Occitech"} else ordinary.technician),
    )
    order = put(
        world.flow,
        wanted,
        world.actor(SONIA),
        client=client,
        partner=partner or "HIGHCOM",
        phones=3 if phones is None else None if phones == "inconnu" else int(phones),
        collecte=collecte == "avec",
        appointment=appointment,
    )
    world.know(client, order)


@given(parsers.re(r'l\'histoire de la commande "(?P<client>[^"]+)" ?:'))
def a_history(world: World, client: str, datatable: Table) -> None:
    """Record a dated table of sentences, in the order of its lines."""
    latest = world.clock.now
    for line in rows_of(datatable):
        world.clock.set(world.day(line["le"]))
        world.past(line["ce qui s'est passé"], line.get("qui") or SONIA, client)
        latest = max(latest, world.clock.now)
    world.clock.now = latest


@given(parsers.re(r'(?P<who>[^"]+?) a noté(?: sur "(?P<client>[^"]+)")?(?: le (?P<day>[^"]+?))? "(?P<sentence>.+)"'))
def somebody_noted(world: World, who: str, client: str | None, day: str | None, sentence: str) -> None:
    """Record one more thing that happened."""
    if day:
        world.clock.set(world.day(day))
    world.past(sentence, who, client)


@given(parsers.re(r'(?P<who>[^",]+) a noté, pour le (?P<day>[^",]+), "(?P<sentence>.+)"'))
def noted_late(world: World, who: str, day: str, sentence: str) -> None:
    """Record today what happened on a day already past."""
    event = world.event(sentence)
    world.flow.record(world.id_of(), event, by=world.actor(who), occurred_at=world.day(day))
