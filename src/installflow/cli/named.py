"""The order somebody means: by its id, the beginning of its id or its reference, else by its client's name."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from installflow.errors import InstallflowError, Invalid, NotFound, Reason
from installflow.orders import PLANNING
from installflow.orders.terms import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from installflow.app import InstallFlow
    from installflow.orders import PlanningRow

LEAST = 3
"""Letters of a client's name that may stand for it."""


def order_of(flow: InstallFlow, text: str, *, whole: bool = False) -> UUID:
    """The order of an id, its beginning, a reference or, where none fits, of a client's name or its beginning.

    With ``whole`` a name counts only as a whole. Raises `NotFound`, or `Invalid` (code ``ambiguous``) with the
    candidates as its reasons: nothing is taken by guess, and an order that is over is a candidate as any other.
    """
    try:
        return flow.find(text)
    except NotFound:
        found = _named(flow, text, whole=whole)
        if not found:
            msg = (
                f"aucune commande « {text.strip()[:80]} » : vérifier l'identifiant, la référence ou le nom du client "
                "(installflow board)"
            )
            raise NotFound(msg) from None
    if len(found) > 1:
        candidates = [Reason(str(row.id), f"{row.id} {row.client} ({row.status.label})") for row in found]
        msg = f"« {text.strip()[:80]} » désigne plusieurs commandes : en choisir une par son identifiant"
        raise Invalid(msg, code="ambiguous", reasons=candidates)
    return found[0].id


def orders_meant(flow: InstallFlow, words: Sequence[str]) -> tuple[str, ...]:
    """The orders several words name: together one client, or each an order."""
    if len(words) > 1 and not all(_is_known(flow, word) for word in words):
        with suppress(NotFound):
            return (str(order_of(flow, " ".join(words))),)
    return tuple(words)


def _is_known(flow: InstallFlow, word: str) -> bool:
    """Whether a word is an id, a beginning of one or a reference."""
    try:
        flow.find(word)
    except NotFound:
        return False
    except InstallflowError:  # what is wrong with it is told when its turn comes
        return True
    return True


def _named(flow: InstallFlow, text: str, *, whole: bool) -> list[PlanningRow]:
    """The orders of a client of that name; where there is none, of those whose name begins so."""
    wanted = key_of(text)
    if len(wanted) < LEAST:
        return []
    rows: list[PlanningRow] = flow.projections.rows(PLANNING)
    exact = [row for row in rows if key_of(row.client) == wanted]
    return exact or ([] if whole else [row for row in rows if key_of(row.client).startswith(wanted)])
