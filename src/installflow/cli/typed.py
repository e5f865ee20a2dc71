"""What is typed after a command's name: fields, events, and the orders they are about."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from installflow.cli.moments import no_day, spoken_day, tell_read
from installflow.cli.writing import warn
from installflow.errors import Invalid
from installflow.orders.field_names import field_named, french
from installflow.orders.spreadsheet.people import counted, is_no_name, names_in
from installflow.workflow.entry import event_named, parse_event

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from installflow.workflow.event import Event, Registry

STDIN = "-"

HAPPENED = frozenset({"confirmed_on", "asked_on"})
"""Days that are over when they are told: the last one of a name is meant."""

TECHNICIANS = frozenset({"technician", "technicians"})
PEOPLE = TECHNICIANS | {"project_manager"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What `record` was asked: the orders as typed, the event's class, its fields as typed."""

    orders: tuple[str, ...]
    event: type[Event]
    fields: dict[str, str]


def fields_of(event: type[Event], words: Sequence[str]) -> dict[str, str]:
    """``field=value`` words as a dict, a field named in French or in English.

    Raises `Invalid` for a word of another form or a field given twice.
    """
    asked = [name for name in event.model_fields if name not in event.filled]
    fields: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            msg = f"« {word[:60]} » n'est pas de la forme champ=valeur"
            raise Invalid(msg, code="usage")
        field = field_named(asked, name.strip()) or name.strip()
        if field in fields:
            msg = f"{french(field)[:60]} est donné deux fois : n'en garder qu'un"
            raise Invalid(msg, code="usage")
        fields[field] = value
    return fields


DIGITS = 9
"""Those of the longest number anybody means."""


def is_choice_of_several(schema: Mapping[str, Any]) -> bool:
    """Whether a field's JSON schema is a list of words from a closed list."""
    return any("enum" in one.get("items", {}) for one in (schema, *schema.get("anyOf", ())))


def number_of(option: str, text: str | None, least: int = 0) -> int | None:
    """A whole number given to an option, ``None`` for none; raises `Invalid`."""
    if text is None:
        return None
    # Python itself refuses to read a number of several thousand digits.
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS) or int(text) < least:
        msg = f"{option} : « {text[:60]} » n'est pas un nombre entier" + (f" d'au moins {least}" if least else "")
        raise Invalid(msg, code="usage")
    return int(text)


def event_of(event: type[Event], fields: Mapping[str, str], today: dt.date) -> Event:
    """The event of fields as typed; a day said without its year is read from today, and told."""
    schema = event.model_json_schema().get("properties", {})
    read: dict[str, Any] = dict(fields)
    for name, text in fields.items():
        if name in PEOPLE:
            read[name] = _people(event, name, text)
        if is_choice_of_several(schema.get(name, {})):
            read[name] = tuple(part.strip() for part in text.split("/") if part.strip())
        day = spoken_day(text, today, past=name in HAPPENED) if is_day(schema.get(name, {})) else None
        if day is not None:
            tell_read(text, day, today)
            read[name] = day.isoformat()
        elif is_day(schema.get(name, {})) and (why := no_day(text)):
            msg = f"{event.said} : {french(name)} : {why}"
            raise Invalid(msg)
    return parse_event(event, read, french)


def _people(event: type[Event], field: str, text: str) -> str:
    """Names as typed, technicians of whom two stand in one text read apart as an import does, and told.

    Raises `Invalid` for what an import would not take for a name either.
    """
    if text.strip() and is_no_name(text):
        msg = (
            f"{event.said} : {french(field)} : « {text.strip()[:60]} » ne nomme personne avec certitude : ne donner "
            "que le nom, ou laisser ce champ de côté tant que personne n'est désigné"
        )
        raise Invalid(msg)
    names = names_in(text)
    if field not in TECHNICIANS or len(names) == len(text.split("/")):
        return text
    warn(f"« {text.strip()[:60]} » : {counted(names)}")
    return " / ".join(names)


def is_day(schema: Mapping[str, Any]) -> bool:
    """Whether a field's JSON schema is that of a day."""
    return any(one.get("format") == "date" for one in (schema, *schema.get("anyOf", ())))


def asked_of(registry: Registry, words: Sequence[str]) -> Asked:
    """Orders, event and fields from ``ORDER… EVENT [field=value …]``; the event is the first word that names one.

    Raises `Invalid`, with near names when no word is an event.
    """
    place = next((place for place, word in enumerate(words) if registry.named(word)), None)
    if place is None:
        bare = [word for word in words if "=" not in word]
        if len(bare) == 1:
            msg = f"il manque l'événement : installflow record {bare[0][:80]} ÉVÉNEMENT (la liste : installflow events)"
            raise Invalid(msg, code="usage")
        if bare:
            event_named(registry, bare[-1])  # of words that name none, the last stands where the event should
    if not place:
        msg = "il manque la commande d'installation : installflow record COMMANDE ÉVÉNEMENT [champ=valeur …]"
        raise Invalid(msg, code="usage")
    event = event_named(registry, words[place])
    if event.kind() != "order":
        msg = (
            f"« {event.said} » ne se dit pas d'une commande d'installation (un technicien absent : installflow absent)"
        )
        raise Invalid(msg, code="unknown_event")
    fields = fields_of(event, words[place + 1 :])
    return Asked(tuple(dict.fromkeys(_orders(words[:place]))), event, fields)


def _orders(words: Sequence[str]) -> list[str]:
    """The orders as typed; ``-`` stands for those on standard input, one a line."""
    orders: list[str] = []
    for word in words:
        if word == STDIN:
            try:
                orders += [line.strip() for line in sys.stdin if line.strip()]
            except UnicodeDecodeError as error:
                msg = "l'entrée standard n'est pas du texte UTF-8 : un identifiant par ligne"
                raise Invalid(msg, code="usage") from error
            except OSError as error:
                msg = "l'entrée standard ne peut pas être lue : un identifiant par ligne"
                raise Invalid(msg, code="usage") from error
        elif word.strip():
            orders.append(word.strip())
    if not orders:
        msg = "aucune commande d'installation n'est donnée : un identifiant par ligne sur l'entrée standard"
        raise Invalid(msg, code="usage")
    return orders
