"""The installation order somebody means, by its id or its reference."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from installflow.errors import Invalid, NotFound, Reason
from installflow.orders import PLANNING, Order
from installflow.orders.archive import reference

if TYPE_CHECKING:
    from installflow.orders import PlanningRow
    from installflow.projections import Projections
    from installflow.store.store import Store

SHORT_ID = 8
"""Digits of an id as the screens show it."""

_HEX = frozenset("0123456789abcdef")


def find_order(projections: Projections, store: Store, text: UUID | str) -> UUID:
    """The order of an id, an unambiguous id prefix, or a reference; see `InstallFlow.find`."""
    given: object = text  # what a caller without types may pass
    wanted = str(given).strip() if isinstance(given, UUID | str) else ""
    prefix = wanted.replace("-", "").lower()
    found: list[PlanningRow] = []
    if wanted:
        mentioned = projections.everyday_with(PLANNING, wanted, [reference(wanted)])
        found = [row for row in mentioned if row.ref.casefold() == wanted.casefold()]
        # A short reference is the beginning of many ids: beside one, only an id meant as such counts.
        if set(prefix) <= _HEX and (not found or len(prefix) >= SHORT_ID):
            ids = set(store.ids(prefix, Order.kind)) - {row.id for row in found}
            shown = projections.rows(PLANNING, sorted(ids))
            if len(ids) == 1 and not (found or shown):  # no view can follow it: reading it will say why
                return ids.pop()
            found += shown
    if not found:
        asked = str(given).strip()[:80]
        msg = f"aucune commande « {asked} » : vérifier l'identifiant ou la référence (installflow board)"
        raise NotFound(msg)
    if len(found) > 1:
        candidates = [Reason(str(row.id), f"{row.id} {row.client} ({row.status.label})") for row in found]
        msg = f"« {wanted[:80]} » désigne plusieurs commandes : en choisir une par son identifiant"
        raise Invalid(msg, code="ambiguous", reasons=candidates)
    return found[0].id
