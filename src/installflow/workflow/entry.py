"""From what people type to an event: names, fields as text, and refusals in French."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from installflow.errors import Invalid, Reason

if TYPE_CHECKING:
    from installflow.workflow.event import Event, Registry

NEAR = 3
LONGEST_NAME = 80
ROOT = 5
"""Letters in which words of one family begin alike."""

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
        near = _near(registry, name)
        hint = f" ; peut-être : {', '.join(near)}" if near else " ; la liste : installflow options COMMANDE"
        msg = f"« {name[:80]} » n'est pas un événement{hint}"
        raise Invalid(msg, code="unknown_event")
    return event_type


def _near(registry: Registry, name: str) -> list[str]:
    """The triggers that are near, first those of which a word begins alike: of ``facturer`` ``noter_facturation``."""
    typed = name.strip()[:LONGEST_NAME]
    triggers = [one.trigger for one in registry if one.trigger]
    if typed not in (typed.casefold(), typed.upper()):  # a class's name, then
        classes = {one.__name__: one.trigger or one.__name__ for one in registry}
        return [classes[one] for one in difflib.get_close_matches(typed, classes, n=NEAR, cutoff=0.5)]
    typed = typed.casefold()
    akin = [one for one in triggers if len(typed) >= ROOT and any(w.startswith(typed[:ROOT]) for w in one.split("_"))]
    first = difflib.get_close_matches(typed, akin, n=NEAR, cutoff=0)
    close = difflib.get_close_matches(typed, triggers, n=NEAR, cutoff=0.8 if first else 0.5)
    return list(dict.fromkeys([*first, *close]))[:NEAR]


def parse_event(event_type: type[Event], fields: object, shown: Callable[[str], str] = str) -> Event:
    """The event of fields typed as text; raises `Invalid` with one French sentence a field that does not fit.

    ``shown`` is the name a sentence gives a field.
    """
    if not isinstance(fields, Mapping) or not all(isinstance(name, str) for name in fields):
        msg = f"{event_type.said or event_type.__name__} : donner les champs par leur nom (un objet JSON)"
        raise Invalid(msg)
    given = {name: _typed(event_type, name, value) for name, value in fields.items()}
    given = {name: value for name, value in given.items() if value is not _ABSENT}
    reserved = sorted(event_type.filled & given.keys())
    try:
        if reserved:
            msg = f"{shown(reserved[0])} : ce champ est rempli par l'application"
            raise Invalid(msg)
        return event_type(**given)
    except ValidationError as error:
        raise explained(error, event_type, shown) from None


def explained(error: ValidationError, event_type: type[Event], shown: Callable[[str], str] = str) -> Invalid:
    """Pydantic's errors as one `Invalid`, its reasons a French sentence a field."""
    reasons = []
    faults = error.errors(include_url=False, include_input=False)
    strange = [fault for fault in faults if fault["type"] == "extra_forbidden"]
    for fault in faults:
        place = str(fault["loc"][0]) if fault["loc"] else ""
        sentence = _sentence(fault)
        if strange and fault is strange[-1]:  # once is enough
            sentence += f" ; au choix : {', '.join(_known(event_type, shown)) or 'aucun champ'}"
        reasons.append(Reason(place or event_type.__name__, f"{shown(place)} : {sentence}" if place else sentence))
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


def _known(event_type: type[Event], shown: Callable[[str], str]) -> Iterator[str]:
    return (shown(name) for name in event_type.model_fields if name not in event_type.filled)


def _sentence(fault: Any) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "refused_value":
        return str(context["sentence"])
    if kind in ("literal_error", "enum"):
        return f"au choix : {context['expected']}".replace(" or ", " ou ")
    if kind in ("greater_than_equal", "less_than_equal"):
        word, limit = ("moins", context.get("ge")) if kind.startswith("greater") else ("plus", context.get("le"))
        return f"doit être un nombre d'au {word} {limit}"
    return _SENTENCES.get(kind, "n'a pas la forme attendue")
