"""The French names of the events' fields, as people type them: those the receipts show, and a few more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installflow.orders.narrative import WORDS
from installflow.workflow.spelling import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_NO_NAMES = {
    "how": ("comment", "moyen"),
    "confirmed_on": ("confirmé le",),
    "declined_by": ("refusé par",),
    "confirmer": ("à confirmer par", "confirmateur"),
    "override_reason": ("malgré", "raison de passer outre"),
    "who": ("interlocuteur",),
    "day": ("jour",),
    "text": ("texte",),
    "category": ("catégorie",),
    "direction": ("sens",),
    "status": ("statut",),
    "open_waits": ("attentes",),
}
"""Fields whose word in a receipt is no name by itself (« par »), or which receipts tell without naming them."""

_ALSO = {
    "technician": ("technicien", "tech terrain"),
    "project_manager": ("cp", "chef de projet"),
    "origin": ("origine",),
    "slot": ("créneau",),
    "reason": ("raison",),
    "partner": ("parte",),
    "ref": ("réf",),
    "tracking": ("chrono", "numéro"),
    "check": ("vérifier",),
    "next": ("prochain", "suite"),
    "extra": ("en plus",),
}
"""Other words for a field than its receipt's."""


def names_of(field: str) -> tuple[str, ...]:
    """The French names a field is typed under, the one to show first; its own name where it has none."""
    shown = _NO_NAMES.get(field) or ((WORDS[field],) if field in WORDS else (field,))
    return tuple(map(_typed, (*shown, *_ALSO.get(field, ()))))


def french(field: str) -> str:
    """The French name of a field, as it may be typed."""
    return names_of(field)[0]


def field_named(fields: Iterable[str], typed: str) -> str | None:
    """Which of some fields a name stands for, French or English, whatever its case, accents and blanks."""
    if typed in (known := list(fields)):
        return typed
    wanted = key_of(typed)
    return next((field for field in known if wanted in map(key_of, (field, *names_of(field)))), None)


def _typed(name: str) -> str:
    """A name as one word: ``nom_tech``, ``n_chrono``, ``technicien_d_accord``."""
    word = "_".join("".join(c if c.isalnum() else " " for c in name).split())
    return word if word.islower() else word.casefold()
