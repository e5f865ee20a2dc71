"""How one cell is read: a value, `None` for the portal's words for nothing, or `Unread`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from installflow.openip.money import read_money, read_percent
from installflow.openip.page import Duration
from installflow.openip.terms import fp_status, oc_status, order_kind
from installflow.openip.unread import Unread
from installflow.openip.values import is_nothing, is_reference, read_day, read_duration, read_moment, read_yes_no
from installflow.workflow.fields import LONG_TEXT_LIMIT, TEXT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

Reader: TypeAlias = "Callable[[str], Any]"

_ACTIONS = ("détail", "consulter")
_TYPED = re.compile(
    r"[0-9]{2}/[0-9]{2}/[0-9]{4}.*|[-+]?[0-9 .,]+(?:[€%]|€ ?HT)|oui|non|pas encore livrée?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of cell: how it is read, and whether a text of unknown place may be one.

    ``strict`` kinds are told by their shape, so that a cell cut short does not pass for one; ``free`` ones may hold
    any text where the place is known.
    """

    read: Reader
    fits: Callable[[str], bool]
    strict: bool = False
    free: bool = False


def _text(of: str = "", limit: int = TEXT_LIMIT) -> Reader:
    def read(text: str) -> str | None:
        if is_nothing(text, of=of):
            return None
        if len(text) > limit:
            msg = f"est trop long (au plus {limit} caractères)"
            raise Unread(msg)
        return text

    return read


def _worded(word: Callable[[str], str]) -> Reader:
    plain = _text()

    def read(text: str) -> str | None:
        kept = plain(text)
        return None if kept is None else word(kept)

    return read


def _or_nothing(read_value: Reader, *, delivery: bool = False) -> Reader:
    def read(text: str) -> Any:
        return None if is_nothing(text, delivery=delivery) else read_value(text)

    return read


def _duration(text: str) -> Duration:
    count, unit = read_duration(text)
    return Duration(count=count, unit=unit)


def _is_free(text: str) -> bool:
    return not (is_reference(text) or is_action(text) or (len(text) <= TEXT_LIMIT and _TYPED.fullmatch(text)))


def is_action(text: str) -> bool:
    """Whether a cell is the button at the end of a line (`Détail >`, `Consulter >`)."""
    return text.rstrip(" >›»→").casefold() in _ACTIONS


def _strict(read: Reader) -> Kind:
    def fits(text: str) -> bool:
        try:
            read(text)
        except Unread:
            return False
        return True

    return Kind(read, fits, strict=True)


def reference(prefix: str) -> Kind:
    """The kind of a reference that begins by ``prefix``; where its place is known any text is kept as printed."""
    shape = re.compile(rf"{prefix}[-_ ]?[0-9]*", re.IGNORECASE)
    return Kind(_text(), lambda text: bool(shape.fullmatch(text)) or is_nothing(text))


TEXT = Kind(_text(), _is_free, free=True)
TEXTS = Kind(_text(limit=LONG_TEXT_LIMIT), _is_free, free=True)
TAXATION = Kind(_text("taxation"), _is_free, free=True)
SERVICE = Kind(_text("service"), _is_free, free=True)
DOCUMENTS = Kind(_text(), lambda text: text == "BL" or is_nothing(text))
ACTION = Kind(_text(), is_action)
OC_STATUS = Kind(_worded(oc_status), _is_free, free=True)
FP_STATUS = Kind(_worded(fp_status), _is_free, free=True)
ORDER_KIND = Kind(_worded(order_kind), _is_free, free=True)
DAY = _strict(_or_nothing(read_day))
DELIVERY = _strict(_or_nothing(read_day, delivery=True))
MOMENT = _strict(_or_nothing(read_moment))
MONEY = _strict(_or_nothing(read_money))
PERCENT = _strict(_or_nothing(read_percent))
YES_NO = _strict(_or_nothing(read_yes_no))
DURATION = _strict(_or_nothing(_duration))
