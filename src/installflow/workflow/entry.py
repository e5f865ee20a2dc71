"""From what people type to an event: names, fields as text, and refusals in French."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from installflow.errors import Invalid, Reason

if TYPE_CHECKING:
    from installflow.workflow.event import Event, Registry

_YES_NO = {"oui": True, "vrai": True, "non": False, "faux": False}
_SENTENCES = {
    "missing": "est obligatoire",
    "extra_forbidden": "n'est pas un champ de cet événement",
    "date_from_datetime_parsing": "n'est pas une date (écrire 2027-04-14 ou 14/04/2027)",
    "date_parsing": "n'est pas une date (écrire 2027-04-14 ou 14/04/2027)",
    "date_type": "n'est pas une date (écrire 2027-04-14 ou 14/04/2027)",
    "date_from_datetime_inexact": "est une date sans heure (écrire 2027-04-14 ou 14/04/2027)",
    "int_parsing": "est un nombre entier",
    "int_type": "est un nombre entier",
    "int_from_float": "est un nombre entier",
    "int_parsing_size": "est un nombre trop grand",
    "bool_parsing": "se répond par oui ou par non",
    "bool_type": "se répond par oui ou par non",
    "string_type": "est un texte",
    "string_unicode": "n'est pas un texte lisible (Unicode)",
    "uuid_parsing": "n'est pas un identifiant",
    "tuple_type": "est une liste",
    "too_short": "est obligatoire",
}


def event_named(registry: Registry, name: str) -> type[Event]:
    """The event type of a class name or French trigger; raises `Invalid` naming the nearest ones."""
    given: object = name  # what a caller without types may pass
    if not isinstance(given, str):
        msg = "un événement se nomme par un texte : son nom de classe ou son déclencheur français"
        raise Invalid(msg, code="unknown_event")
    event_type = registry.named(name)
    if event_type is None:
        near = difflib.get_close_matches(name, registry.names(), n=3, cutoff=0.5)
        hint = f" ; peut-être : {', '.join(near)}" if near else " ; la liste : installflow options COMMANDE"
        msg = f"« {name[:80]} » n'est pas un événement{hint}"
        raise Invalid(msg, code="unknown_event")
    return event_type


def parse_event(event_type: type[Event], fields: object) -> Event:
    """The event of fields typed as text; raises `Invalid` with one French sentence a field that does not fit."""
    if not isinstance(fields, Mapping) or not all(isinstance(name, str) for name in fields):
        msg = f"{event_type.said or event_type.__name__} : donner les champs par leur nom (un objet JSON)"
        raise Invalid(msg)
    given = {name: _typed(event_type, name, value) for name, value in fields.items()}
    given = {name: value for name, value in given.items() if value is not _ABSENT}
    reserved = sorted(event_type.filled & given.keys())
    try:
        if reserved:
            msg = f"{reserved[0]} : ce champ est rempli par l'application"
            raise Invalid(msg)
        return event_type(**given)
    except ValidationError as error:
        raise explained(error, event_type) from None


def explained(error: ValidationError, event_type: type[Event]) -> Invalid:
    """Pydantic's errors as one `Invalid`, its reasons a French sentence a field."""
    reasons = []
    for fault in error.errors(include_url=False, include_input=False):
        place = str(fault["loc"][0]) if fault["loc"] else ""
        sentence = _sentence(fault, event_type)
        reasons.append(Reason(place or event_type.__name__, f"{place} : {sentence}" if place else sentence))
    sentences = " ; ".join(dict.fromkeys(reason.sentence for reason in reasons))
    return Invalid(f"{event_type.said or event_type.__name__} : {sentences}", reasons=dict.fromkeys(reasons))


_ABSENT = object()


def _typed(event_type: type[Event], name: str, value: Any) -> Any:
    """A typed text made ready for its field: ``oui``/``non`` for a boolean, a blank for "nothing given"."""
    field = event_type.model_fields.get(name)
    if field is None or not isinstance(value, str):
        return value
    if bool in (field.annotation, *get_args(field.annotation)):
        return _YES_NO.get(value.strip().casefold(), value)
    texts = field.annotation is str or str in get_args(field.annotation)
    return _ABSENT if not value.strip() and not texts and not field.is_required() else value


def _sentence(fault: Any, event_type: type[Event]) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "refused_value":
        return str(context["sentence"])
    if kind == "extra_forbidden":
        known = ", ".join(name for name in event_type.model_fields if name not in event_type.filled)
        return f"{_SENTENCES[kind]} ; au choix : {known or 'aucun champ'}"
    if kind in ("literal_error", "enum"):
        return f"au choix : {context['expected']}".replace(" or ", " ou ")
    if kind in ("greater_than_equal", "less_than_equal"):
        word, limit = ("moins", context.get("ge")) if kind.startswith("greater") else ("plus", context.get("le"))
        return f"doit être un nombre d'au {word} {limit}"
    return _SENTENCES.get(kind, "n'a pas la forme attendue")
