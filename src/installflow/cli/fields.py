"""The fields of an event as a planner types them: which must be filled in, what may stand there, an example."""

from __future__ import annotations

import datetime as dt
import shlex
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from installflow.orders.field_names import french
from installflow.workflow.status import Labelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from installflow.workflow.event import Event

_KINDS: dict[type, tuple[str, str]] = {
    bool: ("oui ou non", "oui"),
    int: ("un nombre entier (6)", "6"),
    dt.date: ("un jour (24/11/2026, 24/11, demain, lundi)", "24/11/2026"),
    dt.datetime: ("un moment (2026-11-24T14:00+01:00)", "2026-11-24T14:00+01:00"),
    str: ("un texte", "…"),
}
"""What stands in a field of each type, and an example; a boolean is an integer to Python, so it stands first."""

_SEPARATORS = {"origin": "+"}
"""What separates several values, where it is not a slash."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its names, whether it must be filled in, what it is about, what may stand there, an example."""

    name: str
    french: str
    required: bool
    about: str
    values: str
    example: str

    @property
    def starred(self) -> str:
        """The names, the French one first, with a star when it must be filled in."""
        return starred(self.name, required=self.required)


def starred(name: str, *, required: bool) -> str:
    """A field's names, the French one first, with a star when it must be filled in."""
    said = french(name)
    return f"{said}{'*' if required else ''}" + (f" ({name})" if said != name else "")


def fields_of(event: type[Event]) -> list[Field]:
    """The fields of an event but those the application fills in."""
    return [_field(name, info) for name, info in event.model_fields.items() if name not in event.filled]


def typed_example(event: type[Event]) -> str:
    """A whole command that records it: the fields that must be filled in, or the first one where none must."""
    fields = fields_of(event)
    usual = [field for field in fields if field.name != "override_reason"]
    shown = [field for field in fields if field.required] or usual[:1]
    words = [f"{field.french}={field.example}" for field in shown]
    return " ".join(("installflow record COMMANDE", event.trigger or event.__name__, *map(shlex.quote, words)))


def _field(name: str, info: FieldInfo) -> Field:
    several = any(get_origin(one) is tuple for one in (info.annotation, *get_args(info.annotation)))
    leaves = [leaf for leaf in _leaves(info.annotation) if leaf is not type(None) and leaf is not Ellipsis]
    choices = list(dict.fromkeys(choice for leaf in leaves for choice in _choices(leaf)))
    if any(isinstance(leaf, type) and issubclass(leaf, BaseModel) for leaf in leaves):
        values, example = "ce qu'une page du portail en dit (installflow openip observe)", "…"
    elif choices:
        values, example = " | ".join(choices), choices[0]
    else:
        kind = next((kind for kind in _KINDS if kind in leaves), str)
        values, example = _KINDS[kind]
        given = [str(one) for one in info.examples or ()]
        if given:
            values, example = f"{values}, par exemple : {' | '.join(given)}", given[0]
    if several:
        values += f" ; plusieurs : séparés par « {_SEPARATORS.get(name, '/')} »"
    return Field(name, french(name), info.is_required(), info.description or "", values, example)


def _leaves(annotation: Any) -> Iterator[Any]:
    """The types an annotation is made of; a `Literal` is one of them."""
    inside = get_args(annotation)
    if not inside or get_origin(annotation) is Literal:
        yield annotation
        return
    for one in inside:
        yield from _leaves(one)


def _choices(leaf: Any) -> Iterator[str]:
    if get_origin(leaf) is Literal:
        yield from map(str, get_args(leaf))
    elif isinstance(leaf, type) and issubclass(leaf, Labelled):
        yield from (word.label for word in leaf)
    elif isinstance(leaf, type) and issubclass(leaf, Enum):
        yield from (str(word.value) for word in leaf)
