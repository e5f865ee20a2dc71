"""The events of OpenIP: each with every field filled in, and with only what it cannot do without."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from installflow.openip import offer as o
from installflow.openip import page as p
from installflow.openip import sheet as s
from installflow.openip import supply_order as c
from installflow.openip.terms import FpStatus, OcStatus, OrderKind
from installflow.workflow.event import Event

DAY, LATER = dt.date(2027, 4, 14), dt.date(2027, 4, 15)
MOMENT = dt.datetime(2027, 3, 1, 14, 45)  # as the portal's clock shows it
ORDER = UUID("0b8a1b52-6c19-4f5e-9f0b-64c1d2f3a4b5")
DOCUMENT = UUID("1f6b1d0a-58c1-5b0e-8c7d-9a4e2b3c4d5e")
AMOUNTS = {
    "client_subscription": Decimal("64.00"), "client_setup": Decimal("50.00"),
    "operator_subscription": Decimal("70.50"), "operator_setup": Decimal("0.00"),
    "subscription_margin": Decimal("-10.16"), "setup_margin": Decimal("100.00"),
}  # fmt: skip
SITE = p.Site(name="Atelier", address="12 rue des Tilleuls\n57000 Metz", extra=None, country="FRANCE")
SHEETS = (o.SheetKey(ref="FPC90211"), o.SheetKey(ref="FPC90211", nth=2))

FULL: tuple[Event, ...] = (
    o.OfferObserved(
        ref="OC204817",
        said_now=o.OfferFacts(
            pilot="Lucie D.", name="Centrex Premium", order_ref="COM155901", kind=OrderKind.CREATION,
            client="Menuiserie Aubry", account="VTA-4410", phones=("01 99 00 12 34", "01 99 00 12 35"),
            company="Aubry SAS", site=SITE, created=DAY, delivery=None,
            catalogue=p.CatalogueOffer(ref="OFO3120", name="Centrex Premium", may_change=True, packaged=False),
            commitment=p.Commitment(
                period=p.Duration(count=36, unit="mois"), renewed=True, renewal=p.Duration(count=1, unit="an"),
            ),
            termination=p.Termination(
                allowed=True, notice=p.Duration(count=90, unit="jour"), fee=Decimal("150.00"),
            ),
            main_site=SITE, billing_site=p.Site(name="DEFAULT", address="1 place du Marché", extra="2e étage"),
            contacts=(p.Contact(name="Aubry", others=("Claire",), email="claire@exemple.test"),),
            attachments=("mandat signé.pdf",), sheets=SHEETS,
            sheet_totals=p.SheetTotals(subscription=Decimal("1262.50"), setup_fee=Decimal("3.00")),
            totals=p.Amounts(**AMOUNTS), overall=p.Amounts(**AMOUNTS | {"setup_margin": None}),
            history=(p.HistoryLine(cells=("03/02/2026 - 09:15", "Lucie D.", "Dépôt"), day=DAY, time=dt.time(9, 15)),),
            conversation_count=2, unknown_status="En pause",
        ),
    ),
    o.OfferStatusObserved(ref="OC204817", status=OcStatus.EN_COURS),
    o.OfferLinked(order=ORDER),
    o.OfferUnlinked(order=ORDER),
    s.SheetObserved(
        ref="FPC90211", nth=2,
        said_now=s.SheetFacts(
            **AMOUNTS, ordered_ref="CFP8101", offer_ref="OC204817", offer_name="Centrex Premium",
            order_ref="COM155901", name="Numéro(s) isolé(s) à porter 001", supplier_ref="OPI-205", accountcode="AC-77",
            delivery=LATER, taxation="TVA 20 %", service=None, subscription=Decimal("12.50"),
            setup_fee=Decimal("3.00"), documents="BL", unknown_status="En pause",
        ),
    ),
    s.SheetStatusObserved(ref="FPC90211", nth=2, status=FpStatus.PORTA_CONFIRMEE),
    s.SheetLinked(order=ORDER, through=DOCUMENT),
    s.SheetUnlinked(order=ORDER, through=DOCUMENT),
    c.SupplyOrderObserved(
        ref="COM155901",
        said_now=c.OrderFacts(
            quote="1904", adv_pilot="Lucie D.", production_pilot="Karim", deposited=MOMENT, delivery=DAY,
            state="Commande en cours", comments="Appeler\navant de passer", sheets=SHEETS,
        ),
    ),
    c.SupplyOrderLinked(order=ORDER),
    c.SupplyOrderUnlinked(order=ORDER),
    c.ConversationObserved(
        order_ref="COM155901", created=MOMENT, subject="RIO manquant",
        said_now=c.ConversationFacts(
            offer_ref="OC204817", adv_pilot="Cécilia", last_exchange=MOMENT, last_speaker="M Anthony", state="Clôturée",
        ),
    ),
)  # fmt: skip

LEAST: tuple[Event, ...] = (
    o.OfferObserved(ref="OC1"),
    o.OfferStatusObserved(ref="OC1", status=OcStatus.DEPOSEE),
    o.OfferLinked(order=ORDER),
    o.OfferUnlinked(order=ORDER),
    s.SheetObserved(ref="FPC1"),
    s.SheetStatusObserved(ref="FPC1", status=FpStatus.NON_DEFINI),
    s.SheetLinked(order=ORDER, through=DOCUMENT),
    s.SheetUnlinked(order=ORDER, through=DOCUMENT),
    c.SupplyOrderObserved(ref="COM1"),
    c.SupplyOrderLinked(order=ORDER),
    c.SupplyOrderUnlinked(order=ORDER),
    c.ConversationObserved(order_ref="", created=MOMENT, subject="x"),
)
