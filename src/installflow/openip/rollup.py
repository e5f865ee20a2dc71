"""The state of an order and of an offer as its product sheets tell it, beside the one the portal shows (2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installflow.openip.terms import FpStatus, OcStatus

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

GONE = frozenset({FpStatus.ANNULEE, FpStatus.LIVRAISON_IMPOSSIBLE})
"""A sheet that will not be delivered: it weighs on no roll-up unless all are gone."""

ENDING = frozenset({FpStatus.EN_RESILIATION, FpStatus.RESILIEE})
DELIVERED = ENDING | {FpStatus.LIVREE}

ORDER_LABELS = {
    OcStatus.DEPOSEE: "Commande déposée",
    OcStatus.EN_COURS: "Commande en cours",
    OcStatus.LIVREE: "Commande livrée",
    OcStatus.ANNULEE: "Commande annulée",
}
"""What an order (COM) is called in each state; only « Commande en cours » was ever seen, the others are inferred."""


def rolled_up(statuses: Iterable[FpStatus]) -> OcStatus:
    """The state of an offer (all its sheets) or of an order (those it ordered); the first rule that holds (2.3).

    >>> rolled_up([FpStatus.LIVREE, FpStatus.ANNULEE])
    <OcStatus.LIVREE: 'livree'>
    """
    found = set(statuses)
    alive = found - GONE
    if found <= {FpStatus.NON_DEFINI}:
        return OcStatus.DEPOSEE
    if not alive:
        return OcStatus.ANNULEE
    if alive == {FpStatus.RESILIEE}:
        return OcStatus.RESILIEE
    if alive <= ENDING:
        return OcStatus.EN_RESILIATION
    if alive <= DELIVERED:
        return OcStatus.LIVREE
    return OcStatus.EN_COURS


def delivered_on(sheets: Iterable[tuple[FpStatus, dt.date | None]]) -> dt.date | None:
    """The delivery date of an offer: the last of its live sheets', once all are delivered (rule 5)."""
    sheets = list(sheets)
    if rolled_up(status for status, _ in sheets) is not OcStatus.LIVREE:
        return None
    return max((day for status, day in sheets if status in DELIVERED and day), default=None)
