"""The pages of a pasted text while they are being read: their blocks and tables, put together when the text is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from installflow.openip.page import Amounts, OfferPage, OrderPage, Prices, Scope, Sheets, SheetTotals
from installflow.openip.portal.layout import BLOCKS, SCOPE
from installflow.openip.said import UNSAID

if TYPE_CHECKING:
    from installflow.openip.portal.tables import TableRead

_BLOCKS = {block.name: block for block in BLOCKS}


@dataclass(slots=True)
class Draft:
    """One page of an offer or of an order: its blocks by name, each a mapping of fields, and what its tabs hold."""

    blocks: dict[str, dict[str, Any]] = field(default_factory=dict)
    blank: list[str] = field(default_factory=list)
    contacts: list[dict[str, Any]] | None = None
    attachments: list[str] | None = None
    tables: dict[str, TableRead] = field(default_factory=dict)
    history: list[Any] | None = None
    conversation_count: int | None = None
    title_ref: str = ""

    def names(self, name: str) -> Any:
        """The reference of the page as its block ``name`` gives it, blank where it does not."""
        return self.blocks.get(name, {}).get("ref") or ""


def is_whole(ref: str) -> bool:
    """Whether a reference names one thing: a bare `OC`, cut short by the portal or by hand, does not."""
    return any(character.isdecimal() for character in ref)


def merged(drafts: list[Draft], name: str, remarks: list[str]) -> list[Draft]:
    """The drafts, those of one page pasted several times (one tab after the other) made one."""
    pages: dict[str, Draft] = {}
    kept = []
    for draft in drafts:
        ref = draft.names(name) or draft.title_ref
        ref = draft.title_ref if not is_whole(ref) and draft.title_ref else ref
        if (first := pages.get(ref)) is None:
            kept.append(draft)
            if is_whole(ref):
                pages[ref] = draft
            continue
        differing = _merge(first, draft)
        remarks.extend(
            f"{ref} : « {what} » est collé deux fois et diffère ; le premier est gardé" for what in differing
        )
    return kept


def _merge(first: Draft, again: Draft) -> list[str]:
    differing = []
    for name, fields in again.blocks.items():
        known = first.blocks.setdefault(name, {})
        if any(known.get(key, value) != value for key, value in fields.items()):
            differing.append(_BLOCKS[name].title)
        first.blocks[name] = fields | known
    for name, table in again.tables.items():
        known_table = first.tables.setdefault(name, table)
        if (known_table.rows, known_table.totals) != (table.rows, table.totals):
            differing.append(table.header.table.title)
    for attribute in ("contacts", "attachments", "history", "conversation_count"):
        if getattr(first, attribute) is None:
            setattr(first, attribute, getattr(again, attribute))
    first.title_ref = first.title_ref or again.title_ref
    first.blank += again.blank
    return differing


def offer_page(draft: Draft) -> OfferPage:
    """The page of an offer, of its draft."""
    parts: dict[str, Any] = {
        name: _BLOCKS[name].model(**draft.blocks[name])
        for name in ("contract", "client", "site")
        if name in draft.blocks
    }
    scope: dict[str, Any] = {
        block.name: block.model(**draft.blocks[block.name]) for block in SCOPE if block.name in draft.blocks
    }
    if draft.contacts is not None:
        scope["contacts"] = tuple(_BLOCKS["contacts"].model(**fields) for fields in draft.contacts)
    if draft.attachments is not None:
        scope["attachments"] = tuple(draft.attachments)
    if scope:
        parts["scope"] = Scope(**scope)
    if sheets := draft.tables.get("sheets"):
        totals = UNSAID if sheets.totals is None else SheetTotals(**sheets.totals)
        parts["sheets"] = Sheets(rows=_rows(sheets), totals=totals)
    prices, overall = draft.tables.get("prices"), draft.tables.get("overall")
    if prices or overall:
        parts["prices"] = Prices(rows=_rows(prices), totals=_amounts(prices), overall=_amounts(overall))
    if draft.history is not None:
        parts["history"] = tuple(draft.history)
    if draft.conversation_count is not None:
        parts["conversation_count"] = draft.conversation_count
    return OfferPage(**parts)


def order_page(draft: Draft) -> OrderPage:
    """The page of an order, of its draft."""
    parts = dict(draft.blocks.get("order", {}))
    if draft.title_ref:
        parts["title_ref"] = draft.title_ref
    if sheets := draft.tables.get("ordered"):
        parts["sheets"] = _rows(sheets)
    return OrderPage(**parts)


def _rows(table: TableRead | None) -> tuple[Any, ...]:
    return tuple(table.header.table.model(**row) for row in table.rows) if table else ()


def _amounts(table: TableRead | None) -> Any:
    return UNSAID if table is None or table.totals is None else Amounts(**table.totals)
