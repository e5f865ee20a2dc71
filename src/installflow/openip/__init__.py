"""What OpenIP's portal says of an installation: offers, orders and product sheets, observed and never decided here."""

from __future__ import annotations

from installflow.openip.offer import Offer, OfferLinked, OfferObserved, OfferStatusObserved, OfferUnlinked, offer_id
from installflow.openip.page import Page, page_schema
from installflow.openip.portal import read_json, read_page
from installflow.openip.rows import VIEWS
from installflow.openip.sheet import Sheet, SheetLinked, SheetObserved, SheetStatusObserved, SheetUnlinked, sheet_id
from installflow.openip.status import OfferLine, OfferQuery
from installflow.openip.supply_order import (
    Conversation,
    ConversationObserved,
    SupplyOrder,
    SupplyOrderLinked,
    SupplyOrderObserved,
    SupplyOrderUnlinked,
    supply_order_id,
)
from installflow.openip.terms import FpStatus, OcStatus

KINDS = (Offer, Sheet, SupplyOrder, Conversation)
"""What is observed at OpenIP."""

__all__ = [
    "KINDS",
    "VIEWS",
    "Conversation",
    "ConversationObserved",
    "FpStatus",
    "OcStatus",
    "Offer",
    "OfferLine",
    "OfferLinked",
    "OfferObserved",
    "OfferQuery",
    "OfferStatusObserved",
    "OfferUnlinked",
    "Page",
    "Sheet",
    "SheetLinked",
    "SheetObserved",
    "SheetStatusObserved",
    "SheetUnlinked",
    "SupplyOrder",
    "SupplyOrderLinked",
    "SupplyOrderObserved",
    "SupplyOrderUnlinked",
    "offer_id",
    "page_schema",
    "read_json",
    "read_page",
    "sheet_id",
    "supply_order_id",
]
