"""The pages as MyOpenIP's own guide prints them, read field by field."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from installflow.openip.page import (
    Amounts,
    CatalogueOffer,
    Client,
    Commitment,
    Contact,
    Contract,
    Conversation,
    Duration,
    OfferLine,
    OrderedSheet,
    Price,
    Scope,
    Sheet,
    SheetTotals,
    Site,
    Termination,
)
from installflow.openip.portal import read_page
from installflow.openip.said import UNSAID
from installflow.openip.terms import FpStatus, OcStatus, OrderKind
from tests.openip.portal.printed import page_text

ZERO, THREE, SIX, FIFTY, SIXTY_FOUR, WHOLE = map(Decimal, ("0.00", "3.00", "6.00", "50.00", "64.00", "100.00"))
DELIVERY = dt.date(2020, 7, 30)


def test_the_list_of_offers():
    page = read_page(page_text("offres_contractees"))

    assert page.offers == (
        OfferLine(
            pilot=None,
            ref="OC",
            order_ref="COM",
            site="Siège Social",
            delivery=None,
            status=OcStatus.DEPOSEE,
            kind=OrderKind.CREATION,
        ),
    )
    assert not page.offers[0].says("name")
    assert not page.offers[0].says("client")
    assert not page.offers[0].says("company")
    assert (page.offer_pages, page.order_pages) == ((), ())
    assert page.conversations is UNSAID
    assert "Offres contractées, ligne 1 : la référence « OC » est coupée, elle ne désigne rien" in page.remarks


def test_the_header_of_an_offer():
    [offer] = read_page(page_text("bandeau_haut")).offer_pages

    assert offer.contract == Contract(ref="OC", status=OcStatus.DEPOSEE, created=dt.date(2020, 7, 22), delivery=None)
    assert offer.client == Client(account="VTA-0000", phones=("OIP-0000", "0173"))
    assert offer.site == Site(name="Siège Social", extra=None)
    assert offer.sheets is offer.prices is offer.scope is offer.history is UNSAID


def test_the_header_says_what_it_lacks():
    page = read_page(page_text("bandeau_haut"))

    assert "Offre OC, Client : « Client final » : pas de valeur lue" in page.missing
    assert "Offre OC, Site d'installation : « Adresse » : pas de valeur lue" in page.missing
    assert "Client : N° téléphone « OIP-0000 » n'a pas la forme d'un numéro" in page.remarks


def test_the_product_sheets_of_an_offer():
    page = read_page(page_text("details"))
    [offer] = page.offer_pages

    sheet = Sheet(
        ref="FPC8",
        supplier_ref="OPI-205",
        accountcode=None,
        status=FpStatus.EN_COURS,
        delivery=DELIVERY,
        taxation=None,
        service=None,
        subscription=ZERO,
        setup_fee=THREE,
        documents="BL",
    )
    assert offer.sheets
    assert offer.sheets.rows == (sheet, sheet)
    assert offer.sheets.totals == SheetTotals(subscription=ZERO, setup_fee=SIX)
    assert page.remarks == ("Détails : la référence « FPC8 » figure 2 fois ; chaque ligne est gardée, dans l'ordre",)
    assert "on ne sait de quelle offre il s'agit" in page.missing[0]


def test_the_prices_of_an_offer():
    page = read_page(page_text("tarifs"))
    [offer] = page.offer_pages

    amounts = {
        "client_subscription": SIXTY_FOUR,
        "client_setup": FIFTY,
        "operator_subscription": ZERO,
        "operator_setup": ZERO,
        "subscription_margin": WHOLE,
        "setup_margin": WHOLE,
    }
    assert offer.prices
    assert offer.prices.rows == (Price(ref="FPC9", **amounts),)
    assert offer.prices.totals == offer.prices.overall == Amounts(**amounts)
    assert page.remarks == ()


@pytest.mark.parametrize("name", ["perimetre", "perimetre_en_prose"])
def test_the_scope_of_an_offer_in_rows_or_told_under_its_picture(name: str):
    page = read_page(page_text(name))
    [offer] = page.offer_pages

    month = Duration(count=1, unit="mois")
    assert offer.scope == Scope(
        offer=CatalogueOffer(ref="OFO", name="Portabilité de numéros", may_change=False, packaged=True),
        commitment=Commitment(period=None, renewed=True, renewal=month),
        termination=Termination(allowed=True, notice=month, fee=None),
        main_site=Site(name="Siège Social", extra=None, country="FRANCE"),
        billing_site=Site(name="DEFAULT", extra=None),
        contacts=(Contact(name="Quentin", others=("Rémi",)),),
    )
    assert offer.scope.billing_site
    assert offer.scope.billing_site.is_default
    assert offer.conversation_count == 0


def test_the_page_of_an_order():
    page = read_page(page_text("commande"))
    [order] = page.order_pages

    assert order.best_ref == order.title_ref == "COM155756"
    assert order.ref == "COM"
    assert order.quote == "1811"
    assert order.adv_pilot == "Lucie D."
    assert order.production_pilot is None
    assert order.deposited == dt.datetime(2020, 7, 22, 12, 10)
    assert order.delivery is None
    assert order.status == "Commande en cours"
    assert order.comments is None
    sheet = OrderedSheet(
        contracted_ref="FPC872",
        ordered_ref="CFP8",
        name="Numéro(s) isolé(s) à porter 001",
        supplier_ref="OPI-205",
        status=FpStatus.EN_COURS,
        delivery=DELIVERY,
    )
    assert order.sheets == (sheet, sheet)
    assert page.missing == ()


def test_the_list_of_conversations():
    page = read_page(page_text("conversations"))

    assert page.conversations == (
        Conversation(
            adv_pilot="Cécilia",
            order_ref="COM",
            created=dt.datetime(2020, 9, 4, 14, 45),
            last_exchange=dt.datetime(2020, 9, 9, 12, 6),
            last_speaker="M Anthony",
            subject="Commande en attente information client",
            status="En cours",
        ),
    )


def test_all_the_pages_in_one_text_are_told_apart():
    names = ("offres_contractees", "bandeau_haut", "details", "tarifs", "perimetre", "commande", "conversations")

    page = read_page("\n\n".join(map(page_text, names)))

    assert page.offers == read_page(page_text("offres_contractees")).offers
    [offer] = page.offer_pages
    assert offer.contract
    assert all([offer.client, offer.site, offer.sheets, offer.prices, offer.scope])
    assert page.order_pages == read_page(page_text("commande")).order_pages
    assert page.conversations == read_page(page_text("conversations")).conversations
