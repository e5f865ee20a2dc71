"""The OpenIP screen: each offer as the portal lists it, what its sheets make of it, and what waits for us."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from installflow.errors import Invalid
from installflow.openip.money import margin, total
from installflow.openip.rollup import delivered_on, rolled_up
from installflow.openip.sheet import OURS_TO_ANSWER
from installflow.openip.terms import FpStatus, OcStatus
from installflow.workflow.spelling import key_of

if TYPE_CHECKING:
    from uuid import UUID

    from installflow.openip.rows import ConversationRow, OfferRow, SheetRow, SupplyOrderRow

CLOSED = frozenset({OcStatus.LIVREE, OcStatus.ANNULEE, OcStatus.RESILIEE})
"""The states in which nothing is awaited any more: such offers are shown on demand."""


class Rows(NamedTuple):
    """What the screens of OpenIP are joined from."""

    offers: Iterable[OfferRow]
    sheets: Iterable[SheetRow]
    orders: Iterable[SupplyOrderRow]
    conversations: Iterable[ConversationRow]


class Sum(NamedTuple):
    """What is paid by month and once, by the client and to the operator, with the margins (R-OPENIP-10, 11)."""

    client_subscription: Decimal
    client_setup: Decimal
    operator_subscription: Decimal
    operator_setup: Decimal

    @property
    def subscription_margin(self) -> Decimal | None:
        """In percent of what the client pays a month; ``None`` where that is nothing."""
        return margin(self.client_subscription, self.operator_subscription)

    @property
    def setup_margin(self) -> Decimal | None:
        """In percent of what the client pays once; ``None`` where that is nothing."""
        return margin(self.client_setup, self.operator_setup)


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One offer of the screen."""

    row: OfferRow
    sheets: tuple[SheetRow, ...]
    conversations: tuple[ConversationRow, ...]

    @property
    def shown(self) -> str:
        """The state the portal shows, to the letter where it is none of the 6."""
        return str(self.row.said.unknown_status or self.row.status.label)

    @property
    def computed(self) -> OcStatus:
        """The state its sheets make of it (2.3)."""
        return rolled_up(sheet.status for sheet in self.sheets)

    @property
    def gap(self) -> str:
        """What the portal shows and what its sheets say, where the two differ (R-OPENIP-21); blank without sheets."""
        if not self.sheets or (not self.row.said.unknown_status and self.computed is self.row.status):
            return ""
        return f"le portail dit « {self.shown} », ses fiches « {self.computed.label} »"

    @property
    def delivery(self) -> dt.date | None:
        """The date the portal shows, else the last one of its sheets once all are delivered."""
        return self.row.said.delivery or delivered_on((x.status, x.said.delivery or None) for x in self.sheets)

    @property
    def tasks(self) -> tuple[str, ...]:
        """What OpenIP waits for from us, sheet by sheet (R-OPENIP-06)."""
        return tuple(f"{x.ref} : {OURS_TO_ANSWER[x.status]}" for x in self.sheets if x.status in OURS_TO_ANSWER)

    @property
    def flags(self) -> tuple[str, ...]:
        """What nobody expected: the last step of the offer and of each sheet, labels we do not know, the gap."""
        seen: tuple[OfferRow | SheetRow, ...] = (self.row, *self.sheets)
        told = [
            f"{row.ref} : transition inattendue vers « {row.steps[-1].status} »"
            for row in seen
            if row.steps and row.steps[-1].unexpected
        ]
        told += [
            f"{row.ref} : libellé inconnu « {row.said.unknown_status} »" for row in seen if row.said.unknown_status
        ]
        return (*told, *([self.gap] if self.gap else ()))

    @property
    def amounts(self) -> Sum:
        """The sum of its sheets' prices; what the portal does not say counts for nothing."""
        said = [sheet.said for sheet in self.sheets if sheet.status is not FpStatus.ANNULEE]
        return Sum(*(total(getattr(one, name) or Decimal(0) for one in said) for name in Sum._fields))

    def as_json(self) -> dict[str, Any]:
        """The line for programs, under the portal's own words where it has them."""
        amounts = self.amounts
        return {
            "id": str(self.row.id),
            "ref": self.row.ref,
            "name": _json(self.row.said.name),
            "order_ref": _json(self.row.said.order_ref),
            "client": _json(self.row.said.client),
            "company": _json(self.row.said.company),
            "site": _json(self.row.said.site.name) if self.row.said.site else None,
            "pilot": _json(self.row.said.pilot),
            "kind": _json(self.row.said.kind),
            "delivery": self.delivery.isoformat() if self.delivery else None,
            "status": self.shown,
            "computed": self.computed.label if self.sheets else None,
            "gap": self.gap or None,
            "tasks": list(self.tasks),
            "flags": list(self.flags),
            "orders": [str(one) for one in self.row.orders],
            "amounts": {name: str(getattr(amounts, name)) for name in Sum._fields},
            "sheets": [_sheet_json(sheet) for sheet in self.sheets],
            "conversations": [
                {"subject": talk.subject, "created": talk.created.isoformat() if talk.created else None}
                | talk.said.model_dump(mode="json")
                for talk in self.conversations
            ],
        }


@dataclass(frozen=True, slots=True)
class OfferQuery:
    """Filters and sort of the portal's list (R-OPENIP-02), and ours."""

    search: str = ""
    status: str = ""
    sort: str = "ref"
    all: bool = False
    """The offers in which nothing is awaited any more, too."""
    gaps: bool = False
    tasks: bool = False


SORTS: Mapping[str, Any] = {
    "ref": lambda line: key_of(line.row.ref),
    "name": lambda line: key_of(str(line.row.said.name or "")),
    "order_ref": lambda line: key_of(str(line.row.said.order_ref or "")),
    "company": lambda line: key_of(str(line.row.said.company or "")),
    "delivery": lambda line: line.delivery or dt.date.max,
}
"""The five columns the portal sorts on."""


def offers(rows: Rows, query: OfferQuery | None = None) -> list[OfferLine]:
    """Every offer with its sheets and conversations, filtered and sorted."""
    query = query or OfferQuery()
    if query.sort not in SORTS:
        msg = f"« {str(query.sort)[:60]} » n'est pas un tri ; au choix : {', '.join(SORTS)}"
        raise Invalid(msg)
    wanted = key_of(query.search)
    found = [line for line in _joined(rows) if _shown(line, query, wanted)]
    return sorted(found, key=lambda line: (SORTS[query.sort](line), line.row.ref))


def _joined(rows: Rows) -> Iterable[OfferLine]:
    by_offer: dict[str, list[SheetRow]] = {}
    for sheet in rows.sheets:
        if sheet.said.offer_ref:
            by_offer.setdefault(sheet.said.offer_ref.upper(), []).append(sheet)
    by_order: dict[str, list[ConversationRow]] = {}
    for talk in rows.conversations:
        by_order.setdefault(talk.order_ref.upper(), []).append(talk)
    for offer in rows.offers:
        sheets = sorted(by_offer.get(offer.ref.upper(), []), key=lambda sheet: (sheet.ref, sheet.nth))
        order = str(offer.said.order_ref or "").upper()
        talks = sorted(by_order.get(order, []) if order else [], key=lambda talk: str(talk.created))
        yield OfferLine(offer, tuple(sheets), tuple(talks))


def _shown(line: OfferLine, query: OfferQuery, wanted: str) -> bool:
    if not query.all and not query.status and line.row.status in CLOSED and not line.flags:
        return False
    if query.status and key_of(query.status) != key_of(line.shown):
        return False
    if (query.gaps and not line.gap) or (query.tasks and not line.tasks):
        return False
    said = line.row.said
    texts = (line.row.ref, said.name, said.order_ref, said.client, said.company, *(sheet.ref for sheet in line.sheets))
    return not wanted or any(wanted in key_of(str(text)) for text in texts if text)


def of_order(lines: Iterable[OfferLine], order: UUID) -> list[OfferLine]:
    """The offers that serve one installation order."""
    return [line for line in lines if order in line.row.orders]


def _sheet_json(sheet: SheetRow) -> dict[str, Any]:
    return {
        "ref": sheet.ref,
        "status": str(sheet.said.unknown_status or sheet.status.label),
        "forecasts": [
            {"seen": one.at.isoformat(), "delivery": one.day.isoformat() if one.day else None}
            for one in sheet.forecasts
        ],
        "said": sheet.said.model_dump(mode="json"),
    }


def _json(value: Any) -> Any:
    return str(value) if value else None
