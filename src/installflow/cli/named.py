"""The order somebody means: by its id, the beginning of its id, its reference or its client's name."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from installflow.errors import InstallflowError, Invalid, NotFound, Reason
from installflow.finding import SHORT_ID
from installflow.orders import PLANNING
from installflow.orders.terms import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from installflow.app import InstallFlow
    from installflow.orders import PlanningRow

LEAST = 3
"""Letters of a client's name that may stand for it."""

_HEX = frozenset("0123456789abcdef")


def order_of(flow: InstallFlow, text: str, *, whole: bool = False) -> UUID:
    """The order of an id, its beginning, a reference, a client's name or, where none fits, the beginning of a name.

    With ``whole`` a name counts only as a whole. Raises `NotFound`, or `Invalid` (code ``ambiguous``) with the
    candidates as its reasons: nothing is taken by guess, an order that is over is a candidate as any other, and a
    name that reads like a reference or like the beginning of an id may be either.
    """
    try:
        one = flow.find(text)
    except NotFound:
        found = _named(flow, text, whole=whole)
        if not found:
            msg = (
                f"aucune commande « {text.strip()[:80]} » : vérifier l'identifiant, la référence ou le nom du client "
                "(installflow board)"
            )
            raise NotFound(msg) from None
        if len(found) > 1:
            raise _ambiguous(text, map(_candidate, found)) from None
        return found[0].id
    except Invalid as error:
        if error.code == "ambiguous" and (also := _also_named(flow, text)):
            raise _ambiguous(text, [*error.reasons, *map(_candidate, also)]) from None
        raise
    others = [row for row in _also_named(flow, text) if row.id != one]
    if others:
        raise _ambiguous(text, map(_candidate, [*flow.projections.rows(PLANNING, [one]), *others]))
    return one


def orders_meant(flow: InstallFlow, words: Sequence[str]) -> tuple[str, ...]:
    """The orders several words name: together one client, or each an order; raises `Invalid` where they may be both."""
    if len(words) > 1:
        together = " ".join(words)
        if not all(_is_known(flow, word) for word in words):
            with suppress(NotFound):
                return (str(order_of(flow, together)),)
        elif not all(map(_is_meant_as_id, words)) and (found := _also_named(flow, together)):
            each = flow.projections.rows(PLANNING, [flow.find(word) for word in words])
            raise _ambiguous(together, map(_candidate, [*each, *found]))
    return tuple(words)


def _is_meant_as_id(text: str) -> bool:
    """Whether as many digits are typed as screens show, or more."""
    digits = text.strip().replace("-", "").lower()
    return len(digits) >= SHORT_ID and set(digits) <= _HEX


def _candidate(row: PlanningRow) -> Reason:
    return Reason(str(row.id), f"{row.id} {row.client} ({row.status.label})")


def _ambiguous(text: str, candidates: Iterable[Reason]) -> Invalid:
    msg = f"« {text.strip()[:80]} » désigne plusieurs commandes : en choisir une par son identifiant"
    return Invalid(msg, code="ambiguous", reasons=list(dict.fromkeys(candidates)))


def _is_known(flow: InstallFlow, word: str) -> bool:
    """Whether a word is an id, a beginning of one or a reference."""
    try:
        flow.find(word)
    except NotFound:
        return False
    except InstallflowError:  # what is wrong with it is told when its turn comes
        return True
    return True


def _also_named(flow: InstallFlow, text: str) -> list[PlanningRow]:
    """The orders of a client of that very name, finished ones included; none of what can only be meant as an id."""
    return [] if _is_meant_as_id(text) else _named(flow, text, whole=True)


def _named(flow: InstallFlow, text: str, *, whole: bool) -> list[PlanningRow]:
    """The orders of a client of that name; where there is none, of those whose name begins so."""
    wanted = key_of(text)
    if not wanted:
        return []
    rows: list[PlanningRow] = flow.projections.rows(PLANNING)
    exact = [row for row in rows if key_of(row.client) == wanted]
    if exact or whole or len(wanted) < LEAST:
        return exact
    return [row for row in rows if key_of(row.client).startswith(wanted)]
