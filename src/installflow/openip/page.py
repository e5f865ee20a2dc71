"""What a page of MyOpenIP says, part by part, as frozen models; their JSON schema is published."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field

from installflow.openip.said import (
    UNSAID,
    Day,
    Euros,
    FpWord,
    KindWord,
    Line,
    Moment,
    OcWord,
    Part,
    Percent,
    PersonalLine,
    PersonalLines,
    Said,
    Unsaid,
)
from installflow.openip.values import DEFAULT_SITE, Unit


class OfferLine(Part):
    """A line of the list « Offres contractées » (R-OPENIP-02)."""

    pilot: Said[PersonalLine] = UNSAID
    ref: Said[Line] = UNSAID
    name: Said[Line] = UNSAID
    order_ref: Said[Line] = UNSAID
    client: Said[PersonalLine] = UNSAID
    company: Said[PersonalLine] = UNSAID
    site: Said[PersonalLine] = UNSAID
    delivery: Said[Day] = UNSAID
    status: Said[OcWord] = UNSAID
    kind: Said[KindWord] = UNSAID


class Contract(Part):
    """The block « Offre contractée » of an offer's page (R-OPENIP-03); ``created`` is when the order was submitted."""

    ref: Said[Line] = UNSAID
    status: Said[OcWord] = UNSAID
    created: Said[Day] = UNSAID
    delivery: Said[Day] = UNSAID


class Client(Part):
    """The block « Client »; what stands under « N° téléphone » is kept line by line, as printed."""

    name: Said[PersonalLine] = UNSAID
    account: Said[Line] = UNSAID
    phones: Said[tuple[PersonalLine, ...]] = UNSAID


class Site(Part):
    """A site: of the installation, main, or of billing; ``country`` stands on the main one."""

    name: Said[PersonalLine] = UNSAID
    address: Said[PersonalLines] = UNSAID
    extra: Said[PersonalLines] = UNSAID
    country: Said[Line] = UNSAID

    @property
    def is_default(self) -> bool:
        """Whether it is the portal's default billing site."""
        return self.name == DEFAULT_SITE


class Sheet(Part):
    """A product sheet (FP) of the tab « Détails »; ``delivery`` is a forecast (R-OPENIP-07)."""

    ref: Said[Line] = UNSAID
    supplier_ref: Said[Line] = UNSAID
    accountcode: Said[PersonalLine] = UNSAID
    status: Said[FpWord] = UNSAID
    delivery: Said[Day] = UNSAID
    taxation: Said[Line] = UNSAID
    service: Said[Line] = UNSAID
    subscription: Said[Euros] = UNSAID
    setup_fee: Said[Euros] = UNSAID
    documents: Said[Line] = UNSAID


class SheetTotals(Part):
    """The line « Totaux » of the tab « Détails »."""

    subscription: Said[Euros] = UNSAID
    setup_fee: Said[Euros] = UNSAID


class Sheets(Part):
    """The tab « Détails »; without its totals the list may have been cut."""

    rows: tuple[Sheet, ...] = ()
    totals: SheetTotals | Unsaid = UNSAID


class Amounts(Part):
    """What the client pays, what the operator is paid, and the margins, by month and once (R-OPENIP-10, 11)."""

    client_subscription: Said[Euros] = UNSAID
    client_setup: Said[Euros] = UNSAID
    operator_subscription: Said[Euros] = UNSAID
    operator_setup: Said[Euros] = UNSAID
    subscription_margin: Said[Percent] = UNSAID
    setup_margin: Said[Percent] = UNSAID


class Price(Amounts):
    """The amounts of one product sheet, a line of the tab « Tarifs »."""

    ref: Said[Line] = UNSAID


class Prices(Part):
    """The tab « Tarifs »; ``overall`` is its block « Montants totaux »."""

    rows: tuple[Price, ...] = ()
    totals: Amounts | Unsaid = UNSAID
    overall: Amounts | Unsaid = UNSAID


class Duration(Part):
    """A commitment, a renewal or a notice: `36 mois`."""

    count: int = Field(ge=0, le=9999)
    unit: Unit

    def __str__(self) -> str:
        plural = "s" if self.count > 1 and self.unit != "mois" else ""
        return f"{self.count} {self.unit}{plural}"


class CatalogueOffer(Part):
    """The block « Offre » of the tab « Périmètre »; its reference is the catalogue's (OFO)."""

    ref: Said[Line] = UNSAID
    name: Said[Line] = UNSAID
    may_change: Said[bool] = UNSAID
    packaged: Said[bool] = UNSAID


class Commitment(Part):
    """The block « Engagement / Reconduction »."""

    period: Said[Duration] = UNSAID
    renewed: Said[bool] = UNSAID
    renewal: Said[Duration] = UNSAID


class Termination(Part):
    """The block « Résiliation »; the fee is without VAT."""

    allowed: Said[bool] = UNSAID
    notice: Said[Duration] = UNSAID
    fee: Said[Euros] = UNSAID


class Contact(Part):
    """A contact; ``others`` is what the portal prints beside the name without saying what it is (a first name)."""

    name: Said[PersonalLine] = UNSAID
    others: tuple[PersonalLine, ...] = ()
    email: Said[PersonalLine] = UNSAID


class Scope(Part):
    """The tab « Périmètre » (R-OPENIP-12), block by block."""

    offer: CatalogueOffer | Unsaid = UNSAID
    commitment: Commitment | Unsaid = UNSAID
    termination: Termination | Unsaid = UNSAID
    main_site: Site | Unsaid = UNSAID
    billing_site: Site | Unsaid = UNSAID
    contacts: tuple[Contact, ...] | Unsaid = UNSAID
    attachments: tuple[PersonalLine, ...] | Unsaid = UNSAID


class HistoryLine(Part):
    """A line of the tab « Historique »: its cells as printed, and its day and hour where one cell is one."""

    cells: tuple[PersonalLine, ...]
    day: Day | Unsaid = UNSAID
    time: dt.time | Unsaid = UNSAID


class OfferPage(Part):
    """The page of one contracted offer (OC), with whichever of its tabs were copied."""

    contract: Contract | Unsaid = UNSAID
    client: Client | Unsaid = UNSAID
    site: Site | Unsaid = UNSAID
    sheets: Sheets | Unsaid = UNSAID
    prices: Prices | Unsaid = UNSAID
    scope: Scope | Unsaid = UNSAID
    history: tuple[HistoryLine, ...] | Unsaid = UNSAID
    conversation_count: int | Unsaid = UNSAID


class OrderedSheet(Part):
    """A product sheet as its order (COM) lists it, with its two references (R-OPENIP-01)."""

    contracted_ref: Said[Line] = UNSAID
    ordered_ref: Said[Line] = UNSAID
    name: Said[Line] = UNSAID
    supplier_ref: Said[Line] = UNSAID
    status: Said[FpWord] = UNSAID
    delivery: Said[Day] = UNSAID


class OrderPage(Part):
    """The page of one order (COM, R-OPENIP-13); ``title_ref`` is the reference its title gives."""

    title_ref: Line | Unsaid = UNSAID
    ref: Said[Line] = UNSAID
    quote: Said[Line] = UNSAID
    adv_pilot: Said[PersonalLine] = UNSAID
    production_pilot: Said[PersonalLine] = UNSAID
    deposited: Said[Moment] = UNSAID
    delivery: Said[Day] = UNSAID
    status: Said[Line] = UNSAID
    comments: Said[PersonalLines] = UNSAID
    sheets: tuple[OrderedSheet, ...] | Unsaid = UNSAID

    @property
    def best_ref(self) -> Said[str]:
        """Its reference: the field's, or the title's where the field is cut short or not there."""
        field, title = self.ref, self.title_ref
        if title and (not field or (title.startswith(field) and len(title) > len(field))):
            return title
        return field


class Conversation(Part):
    """A line of a list of conversations (R-OPENIP-16)."""

    adv_pilot: Said[PersonalLine] = UNSAID
    order_ref: Said[Line] = UNSAID
    created: Said[Moment] = UNSAID
    last_exchange: Said[Moment] = UNSAID
    last_speaker: Said[PersonalLine] = UNSAID
    subject: Said[PersonalLine] = UNSAID
    status: Said[Line] = UNSAID


class Page(Part):
    """Everything one text pasted from the portal says, in the order it stands there.

    ``remarks`` are French sentences on what was read (a sum that is not one, a word not known, a value not understood);
    ``missing`` are those on what a whole page would have had besides.
    """

    offers: tuple[OfferLine, ...] | Unsaid = UNSAID
    offer_pages: tuple[OfferPage, ...] = ()
    order_pages: tuple[OrderPage, ...] = ()
    conversations: tuple[Conversation, ...] | Unsaid = UNSAID
    remarks: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def page_schema() -> dict[str, Any]:
    """The JSON schema of what `read_json` accepts: a field left out was not on the page, ``null`` is "the portal says
    none".
    """
    return Page.model_json_schema()
