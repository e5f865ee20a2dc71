"""Made-up pages of the portal, for Hypothesis: any value a page may print, a blank and a word for nothing included."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from installflow.openip.page import (
    Amounts,
    CatalogueOffer,
    Client,
    Commitment,
    Contact,
    Contract,
    Conversation,
    Duration,
    HistoryLine,
    OfferLine,
    OfferPage,
    OrderedSheet,
    OrderPage,
    Page,
    Price,
    Prices,
    Scope,
    Sheet,
    Sheets,
    SheetTotals,
    Site,
    Termination,
)
from installflow.openip.said import UNSAID
from installflow.openip.terms import FpStatus, OcStatus, OrderKind

_WORDS = (
    "Aubry",
    "Siège",
    "l'atelier",
    "n° 4",
    "A-205",
    "Œuvre & Cie",
    "à porter",
    "(lot 2)",
    "SARL",
    "12,5",
    "été",
    "Nord/Est",
)
texts = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join)
days = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
moments = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 12, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
euros = st.integers(-10_000_00, 999_999_99).map(lambda cents: Decimal(cents) / 100)
durations = st.builds(Duration, count=st.integers(0, 9999), unit=st.sampled_from(["jour", "semaine", "mois", "an"]))
numbers = st.integers(1, 10**8)
oc_words = st.sampled_from(OcStatus) | st.just("En pause")
fp_words = st.sampled_from(FpStatus) | st.just("En pause")
addresses = st.lists(texts.map("12 {}".format), min_size=1, max_size=3).map("\n".join)


def said(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return values | st.none() | st.just(UNSAID)


def refs(prefix: str) -> st.SearchStrategy[str]:
    return numbers.map(lambda number: f"{prefix}{number}")


def sites(**more: Any) -> st.SearchStrategy[Site]:
    return st.builds(Site, name=texts | st.just("DEFAULT"), address=said(addresses), extra=said(texts), **more)


amounts = {
    name: said(euros) for name in ("client_subscription", "client_setup", "operator_subscription", "operator_setup")
} | {name: said(euros) for name in ("subscription_margin", "setup_margin")}

offer_lines = st.builds(
    OfferLine,
    pilot=said(texts),
    ref=refs("OC"),
    name=said(texts),
    order_ref=said(refs("COM")),
    client=said(texts),
    company=said(texts),
    site=said(texts),
    delivery=said(days),
    status=oc_words,
    kind=st.just(OrderKind.CREATION) | st.just("Modification"),
)
sheet_rows = st.builds(
    Sheet,
    ref=refs("FPC"),
    supplier_ref=said(texts),
    accountcode=said(texts),
    status=fp_words,
    delivery=said(days),
    taxation=said(texts),
    service=said(texts),
    subscription=euros,
    setup_fee=said(euros),
    documents=st.just("BL"),
)
scopes = st.builds(
    Scope,
    offer=st.builds(
        CatalogueOffer, ref=refs("OFO"), name=said(texts), may_change=said(st.booleans()), packaged=said(st.booleans())
    ),
    commitment=st.builds(Commitment, period=said(durations), renewed=st.booleans(), renewal=said(durations)),
    termination=st.builds(Termination, allowed=st.booleans(), notice=said(durations), fee=said(euros)),
    main_site=sites(country=said(texts)),
    billing_site=sites(),
    contacts=st.lists(
        st.builds(Contact, name=texts, others=st.lists(texts, max_size=2).map(tuple), email=said(texts)),
        min_size=1,
        max_size=3,
    ).map(tuple),
    attachments=st.lists(texts.map(lambda name: name.replace("/", " ") + ".pdf"), max_size=3).map(tuple),
)
prices = st.builds(
    Prices,
    rows=st.lists(
        st.builds(Price, ref=refs("FPC"), **amounts | {"client_setup": euros, "operator_setup": euros}), max_size=4
    ).map(tuple),
    totals=st.builds(Amounts, **amounts | {"client_setup": euros}),
    overall=st.builds(Amounts, **amounts | {"client_setup": euros}),
)
history = st.lists(
    st.tuples(moments, texts).map(
        lambda told: HistoryLine(
            cells=(f"{told[0]:%d/%m/%Y - %H:%M}", told[1]), day=told[0].date(), time=told[0].time()
        )
    ),
    min_size=1,
    max_size=3,
).map(tuple)
offer_pages = st.builds(
    OfferPage,
    contract=st.builds(Contract, ref=refs("OC"), status=said(oc_words), created=said(days), delivery=said(days)),
    client=st.builds(
        Client,
        name=said(texts),
        account=texts,
        phones=said(st.lists(numbers.map("01 99 00 {}".format), min_size=1, max_size=3).map(tuple)),
    ),
    site=sites(),
    sheets=st.just(UNSAID)
    | st.builds(
        Sheets,
        rows=st.lists(sheet_rows, max_size=4).map(tuple),
        totals=st.builds(SheetTotals, subscription=euros, setup_fee=euros),
    ),
    prices=st.just(UNSAID) | prices,
    scope=st.just(UNSAID) | scopes,
    history=st.just(UNSAID) | history,
    conversation_count=st.just(0),
)
_ordered = st.builds(
    OrderedSheet,
    contracted_ref=refs("FPC"),
    ordered_ref=refs("CFP"),
    name=said(texts),
    supplier_ref=said(texts),
    status=fp_words,
    delivery=said(days),
)


@st.composite
def order_pages(draw: st.DrawFn) -> OrderPage:
    ref = draw(refs("COM"))
    return OrderPage(
        title_ref=ref,
        ref=ref,
        quote=draw(said(texts)),
        adv_pilot=draw(said(texts)),
        production_pilot=draw(said(texts)),
        deposited=draw(said(moments)),
        delivery=draw(said(days)),
        status=draw(texts),
        comments=draw(said(texts | addresses)),
        sheets=tuple(draw(st.lists(_ordered, min_size=1, max_size=4))),
    )


conversations = st.builds(
    Conversation,
    adv_pilot=said(texts),
    order_ref=refs("COM"),
    created=moments,
    last_exchange=said(moments),
    last_speaker=said(texts),
    subject=said(texts),
    status=texts,
)
pages = st.builds(
    Page,
    offers=st.just(UNSAID) | st.lists(offer_lines, min_size=1, max_size=4).map(tuple),
    offer_pages=st.lists(offer_pages, max_size=2, unique_by=lambda page: page.contract and page.contract.ref).map(
        tuple
    ),
    order_pages=st.lists(order_pages(), max_size=2, unique_by=lambda page: page.ref).map(tuple),
    conversations=st.lists(conversations, min_size=1, max_size=3).map(tuple),
)
