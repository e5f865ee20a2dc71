"""What a page tells of which offer, sheet, order and conversation, and what of it is new."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from installflow.openip.news import merged, news
from installflow.openip.offer import (
    Offer,
    OfferFacts,
    OfferObserved,
    OfferStatusObserved,
    SheetKey,
    offer_id,
)
from installflow.openip.page import Site
from installflow.openip.said import UNSAID, Part, Unsaid
from installflow.openip.sheet import Sheet, SheetFacts, SheetObserved, SheetStatusObserved, sheet_id
from installflow.openip.supply_order import (
    Conversation,
    ConversationFacts,
    ConversationObserved,
    OrderFacts,
    SupplyOrder,
    SupplyOrderObserved,
    conversation_id,
    supply_order_id,
)
from installflow.openip.terms import FpStatus, OcStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from installflow.openip import page as p
    from installflow.workflow.aggregate import Aggregate
    from installflow.workflow.event import Event
    from installflow.workflow.status import Status

_WHOLE = re.compile(r"[A-Za-z]+[0-9][0-9A-Za-z-]*")
"""A reference that designates something: the letters alone (`OC`) are one that was cut short."""


@dataclass(slots=True)
class Look:
    """What one page tells of one aggregate; several that tell of the same one are put together."""

    aggregate: type[Aggregate]
    id: UUID
    names: dict[str, Any]
    """The fields of its events that say which one it is."""
    facts: Any
    status: Status | None = None

    def and_then(self, later: Look) -> None:
        """Add what stands further down the page."""
        self.facts = merged(self.facts, later.facts)
        self.status = later.status or self.status


def looks(page: p.Page) -> tuple[list[Look], list[str]]:
    """What a page tells, aggregate by aggregate in its order, and French sentences on what designates nothing."""
    found: dict[UUID, Look] = {}
    left: list[str] = []
    for look in _looks(page, left):
        known = found.setdefault(look.id, look)
        if known is not look:
            known.and_then(look)
    return list(found.values()), left


def events_of(look: Look, known: Any | None) -> Iterator[Event]:
    """The events that record what a look adds to an aggregate, ``None`` for one never seen; none where nothing is new.

    The status comes first: it opens an aggregate in the state it was first seen in.
    """
    if look.status is not None and (known is None or look.status != known.status):
        yield STATUS_EVENTS[look.aggregate](**look.names, status=look.status)  # type: ignore[call-arg]
    facts = look.facts
    if look.status is not None and known is not None and known.said.unknown_status:
        facts = facts.model_copy(update={"unknown_status": None})  # a label we know stands there now
    new = news(known.said if known is not None else type(facts)(), facts)
    if new is not None or (known is None and look.status is None):
        yield FACT_EVENTS[look.aggregate](**look.names, said_now=new or type(facts)())  # type: ignore[call-arg]


FACT_EVENTS: dict[type[Aggregate], type[Event]] = {
    Offer: OfferObserved,
    Sheet: SheetObserved,
    SupplyOrder: SupplyOrderObserved,
    Conversation: ConversationObserved,
}
STATUS_EVENTS: dict[type[Aggregate], type[Event]] = {Offer: OfferStatusObserved, Sheet: SheetStatusObserved}


def _looks(page: p.Page, left: list[str]) -> Iterator[Look]:
    for line in page.offers or ():
        yield from _offer(line.ref, _listed(line), line.status, "une ligne de la liste", left)
    for one in page.offer_pages:
        yield from _offer_page(one, left)
    for order in page.order_pages:
        yield from _order_page(order, left)
    for talk in page.conversations or ():
        yield from _conversation(talk, left)


def _offer(ref: Any, facts: OfferFacts, status: Any, where: str, left: list[str]) -> Iterator[Look]:
    if not designates(ref):
        left.append(f"{where} ne dit pas de quelle offre (OC) il s'agit : copier aussi le haut de la page")
        return
    if isinstance(status, str) and not isinstance(status, OcStatus):
        facts = facts.model_copy(update={"unknown_status": status})
    known = status if isinstance(status, OcStatus) else None
    yield Look(Offer, offer_id(ref), {"ref": ref}, facts, known)


def _listed(line: p.OfferLine) -> OfferFacts:
    return OfferFacts.model_construct(
        **_same(line, "pilot", "name", "order_ref", "kind", "client", "company", "delivery"),
        **_unless(line.site is UNSAID, site=Site(name=line.site)),
    )


def _offer_page(one: p.OfferPage, left: list[str]) -> Iterator[Look]:
    ref = one.contract.ref if one.contract else UNSAID
    status = one.contract.status if one.contract else UNSAID
    said = {**_header(one), **_scope(one.scope), **_prices(one), **_sheets(one)}
    if said or status:
        yield from _offer(ref, OfferFacts.model_construct(**said), status, "une page d'offre", left)
    whole = _unless(not designates(ref), offer_ref=ref) | _unless("name" not in said, offer_name=said.get("name"))
    for rows in (one.sheets.rows if one.sheets else (), one.prices.rows if one.prices else ()):
        for row, key in zip(rows, _keys(row.ref for row in rows), strict=True):
            yield from _sheet(key, row, SheetFacts.model_construct(**whole, **_shared(row)), left)


def _header(one: p.OfferPage) -> dict[str, Any]:
    said = _same(one, "site", "history", "conversation_count")
    if one.contract:
        said |= _same(one.contract, "created", "delivery")
    if one.client:
        said |= _same(one.client, "account", "phones") | _unless(one.client.name is UNSAID, client=one.client.name)
    return said


def _scope(scope: p.Scope | Unsaid) -> dict[str, Any]:
    if not scope:
        return {}
    said = _same(scope, "commitment", "termination", "main_site", "billing_site", "attachments")
    if scope.contacts and all(contact.says("name", "email") for contact in scope.contacts):
        said["contacts"] = scope.contacts  # a list cut short would give up those it does not reach
    if scope.offer:
        said |= {"catalogue": scope.offer} | _unless(not scope.offer.name, name=scope.offer.name)
    return said


def _prices(one: p.OfferPage) -> dict[str, Any]:
    return _same(one.prices, "totals", "overall") if one.prices else {}


def _sheets(one: p.OfferPage) -> dict[str, Any]:
    if not one.sheets or one.sheets.totals is UNSAID:  # without its totals the list may have been cut
        return {}
    keys = tuple(key for key in _keys(sheet.ref for sheet in one.sheets.rows) if key)
    return {"sheet_totals": one.sheets.totals, "sheets": keys}


def _order_page(one: p.OrderPage, left: list[str]) -> Iterator[Look]:
    ref = one.best_ref
    rows = one.sheets or ()
    keys = list(_keys(row.contracted_ref for row in rows))
    facts = OrderFacts.model_construct(
        **_same(one, "quote", "adv_pilot", "production_pilot", "deposited", "delivery", "comments"),
        **_unless(one.status is UNSAID, state=one.status),
        **_unless(one.sheets is UNSAID, sheets=tuple(key for key in keys if key)),
    )
    if designates(ref):
        yield Look(SupplyOrder, supply_order_id(ref), {"ref": ref}, facts)
    else:
        left.append("une page de commande ne dit pas de quelle commande (COM) il s'agit : copier aussi son titre")
    whole: dict[str, Any] = {"order_ref": ref} if designates(ref) else {}
    for row, key in zip(rows, keys, strict=True):
        yield from _sheet(key, row, SheetFacts.model_construct(**whole, **_shared(row)), left)


def _sheet(key: SheetKey | None, row: Any, facts: SheetFacts, left: list[str]) -> Iterator[Look]:
    if key is None:
        left.append("une fiche produit n'a pas de référence entière (FPC…) : rien n'en est enregistré")
        return
    status = getattr(row, "status", UNSAID)
    if isinstance(status, str) and not isinstance(status, FpStatus):
        facts = facts.model_copy(update={"unknown_status": status})
    names = {"ref": key.ref} | ({"nth": key.nth} if key.nth > 1 else {})
    known = status if isinstance(status, FpStatus) else None
    yield Look(Sheet, sheet_id(key.ref, key.nth), names, facts, known)


def _conversation(talk: p.Conversation, left: list[str]) -> Iterator[Look]:
    if not talk.created or not talk.subject:
        left.append("une conversation n'a ni sujet ni date de création lisibles : rien n'en est enregistré")
        return
    order = talk.order_ref if designates(talk.order_ref) else ""
    one = conversation_id(order, f"{talk.created:%Y-%m-%dT%H:%M}", talk.subject)
    facts = ConversationFacts.model_construct(
        **_same(talk, "adv_pilot", "last_exchange", "last_speaker"),
        **_unless(talk.status is UNSAID, state=talk.status),
    )
    yield Look(Conversation, one, {"order_ref": order, "created": talk.created, "subject": talk.subject}, facts)


def designates(ref: Any) -> TypeGuard[str]:
    """Whether a reference designates one document of the portal: one cut short (`OC`) does not."""
    return isinstance(ref, str) and bool(_WHOLE.fullmatch(ref))


def _keys(refs: Iterable[Any]) -> Iterator[SheetKey | None]:
    """Each sheet's key: those printed under one reference are counted."""
    seen: Counter[str] = Counter()
    for ref in refs:
        if not designates(ref):
            yield None
            continue
        seen[ref.upper()] += 1
        yield SheetKey(ref=ref, nth=seen[ref.upper()])


def _same(part: Part, *fields: str) -> dict[str, Any]:
    """What a part says under names both sides share."""
    return {field: value for field in fields if (value := getattr(part, field)) is not UNSAID}


def _unless(missing: bool, **said: Any) -> dict[str, Any]:  # noqa: FBT001  # reads as it is called
    return {} if missing else said


_OF_A_SHEET = frozenset(SheetFacts.model_fields)


def _shared(part: Part) -> dict[str, Any]:
    return _same(part, *(field for field in type(part).model_fields if field in _OF_A_SHEET))
