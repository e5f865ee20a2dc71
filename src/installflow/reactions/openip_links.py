"""An offer or an order at OpenIP linked to an installation order links the product sheets it lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from installflow.openip import (
    OfferLinked,
    OfferUnlinked,
    Sheet,
    SheetLinked,
    SheetUnlinked,
    SupplyOrderLinked,
    SupplyOrderUnlinked,
    sheet_id,
)
from installflow.workflow.reaction import Change, Effect, reaction

if TYPE_CHECKING:
    from collections.abc import Iterator


AT_ONCE = 90
"""Sheets linked with their offer, which a unit of work has room for; the others are when they are next observed."""


@reaction(OfferLinked, OfferUnlinked, SupplyOrderLinked, SupplyOrderUnlinked)
def link_the_sheets(change: Change) -> Iterator[Effect]:
    """Each sheet the document lists serves that installation order, or does no more."""
    document = change.after
    event: Any = change.recorded.event
    linked = isinstance(event, OfferLinked | SupplyOrderLinked)
    if (event.order in change.before.orders) == linked:
        return  # they know
    said = SheetLinked if linked else SheetUnlinked
    for key in (document.said.sheets or ())[:AT_ONCE]:
        yield Effect(Sheet, sheet_id(key.ref, key.nth), said(order=event.order, through=document.id))
