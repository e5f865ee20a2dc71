"""What people type in an event's fields, read into the board's words: dates, slots, origins, names, statuses."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, TypeVar

from installflow.orders.terms import CommentKind, OrderStatus, Origin, Porta, Slot, key_of
from installflow.workflow.fields import FilledPersonal, FilledText, before_recording, on_recording, wrong
from installflow.workflow.status import Labelled

T = TypeVar("T", bound=Labelled)

_FRENCH_DATE = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_TIME = re.compile(r"0?(\d{1,2})\s*[hH:]\s*(\d{2})?")


def _term(words: type[T], what: str) -> Any:
    """A reader of one closed list: its stored value, its label or its name in any spelling."""
    index = {key_of(text).replace(" ", ""): word for word in words for text in (word.value, word.label, word.name)}

    def read(value: Any) -> Any:
        if not isinstance(value, str) or isinstance(value, words):
            return value
        word = index.get(key_of(value).replace(" ", ""))
        if word is None:
            known = ", ".join(word.label for word in words)
            msg = f"« {value[:60]} » n'est pas {what} ; au choix : {known}"
            raise wrong(msg)
        return word

    return read


def read_slot(value: Any) -> Any:
    """A start time in any spelling (``9H30``, ``9 h 30``, ``09:30``) as a slot, nothing between them (R-BOARD-09)."""
    if not isinstance(value, str) or isinstance(value, Slot):
        return value
    match = _TIME.fullmatch(value.strip())
    known = {slot.value: slot for slot in Slot}
    slot = known.get(f"{int(match[1]):02d}:{match[2] or '00'}") if match else None
    if slot is None:
        msg = f"« {value[:60]} » n'est pas un créneau ; au choix : {', '.join(s.label for s in Slot)}"
        raise wrong(msg)
    return slot


def _read_date(value: Any) -> Any:
    """A French date (``14/04/2027``) or an ISO one; anything else is left for the type to refuse."""
    if isinstance(value, str) and (match := _FRENCH_DATE.fullmatch(value.strip())):
        try:
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        except ValueError:
            msg = f"« {value} » n'est pas un jour du calendrier"
            raise wrong(msg) from None
    return value


def _read_several(value: Any, separators: str) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in re.split(separators, value) if part.strip())
    return value


def _read_origins(value: Any) -> Any:
    if isinstance(value, Origin):
        return (value,)
    return tuple(_read_origin(part) for part in _read_several(value, r"[+/]"))


_read_origin_term = _term(Origin, "une origine de technicien (TECH)")


def _read_origin(value: Any) -> Any:
    return Origin.DIRECT if isinstance(value, str) and key_of(value) == "direct a nous" else _read_origin_term(value)


def read_status(value: Any) -> Any:
    """A status by its stored value or its label; "Installation" is the appointment set."""
    if not isinstance(value, str) or isinstance(value, OrderStatus):
        return value
    wanted = key_of(value)
    for status in OrderStatus:
        if wanted in (key_of(status.value), key_of(status.label), key_of(status.name)):
            return status
    labels = ", ".join(dict.fromkeys(status.label for status in OrderStatus))
    msg = f"« {value[:60]} » n'est pas un statut ; au choix : {labels}"
    raise wrong(msg)


def _of_this_century(day: dt.date) -> dt.date:
    """Refuse a year nobody plans in: a slip of the keyboard."""
    if day.year not in YEARS:
        typed = f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
        msg = f"« {typed} » n'est pas une année de {YEARS[0]} à {YEARS[-1]} : la retaper"
        raise wrong(msg)
    return day


YEARS = range(2000, 2100)

Day = Annotated[dt.date, before_recording(_read_date), on_recording(_of_this_century)]
"""A day, typed as ``2027-04-14`` or ``14/04/2027``."""

SlotField = Annotated[Slot, before_recording(read_slot)]
Origins = Annotated[tuple[Origin, ...], before_recording(_read_origins)]
"""TECH: one origin, or several typed with ``+`` between them."""

Names = Annotated[tuple[FilledPersonal, ...], before_recording(lambda value: _read_several(value, r"\s*/\s*"))]
"""Names of people: one, or several typed with ``/`` between them."""

Numbers = Annotated[tuple[FilledText, ...], before_recording(lambda value: _read_several(value, r"\s*[/;]\s*"))]
"""Tracking numbers: one, or several typed with ``/`` between them."""

PortaField = Annotated[Porta, before_recording(_term(Porta, "un état de portabilité"))]
KindField = Annotated[CommentKind, before_recording(_term(CommentKind, "une catégorie de commentaire"))]
StatusField = Annotated[OrderStatus, before_recording(read_status)]
