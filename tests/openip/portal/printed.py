"""The portal's pages, printed from their values as a browser copies them: a table row a line, cells between tabs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installflow.openip.said import UNSAID

if TYPE_CHECKING:
    from installflow.openip.page import OfferPage, OrderPage, Page

PAGES = Path(__file__).parents[1] / "pages"


def page_text(name: str) -> str:
    return (PAGES / f"{name}.txt").read_text(encoding="utf-8")


def whole(page: Page) -> str:
    parts: list[str] = []
    if page.offers is not UNSAID:
        parts.append(offers(page))
    parts += map(offer_page, page.offer_pages)
    parts += map(order_page, page.order_pages)
    if page.conversations is not UNSAID:
        parts.append(conversations(page))
    return "\n\n".join(parts)


def cell(value: Any, nothing: str = "Aucun") -> str:
    words = {None: nothing, UNSAID: "", True: "Oui", False: "Non"}
    if value is None or value is UNSAID or isinstance(value, bool):
        return words[value]
    if isinstance(value, Decimal):
        return f"{value:.2f} €"
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y %H:%M" if isinstance(value, dt.datetime) else "%d/%m/%Y")
    return str(value)


def percent(value: Any) -> str:
    return cell(value, "—").replace("€", "%")


def delivery(value: Any) -> str:
    return cell(value, "Pas encore livrée")


def table(titles: str, rows: list[list[str]]) -> str:
    return "\n".join(["\t".join(titles.split("|")), *("\t".join(row) for row in rows)])


def form(title: str, *rows: tuple[str, str]) -> str:
    return "\n".join([f"{title}\t", *(f"{label}\t{value}" for label, value in rows)])


def offers(page: Page) -> str:
    return table(
        "Pilote|Réf. ↕|Nom de l'offre ↕|Réf. commande ↕|Client final|Entreprise référente ↕|Site d'installation|"
        "Date de livraison ↕|État|Type commande|Action",
        [
            [
                cell(o.pilot),
                cell(o.ref),
                cell(o.name),
                cell(o.order_ref),
                cell(o.client),
                cell(o.company),
                cell(o.site),
                delivery(o.delivery),
                cell(o.status),
                cell(o.kind),
                "Détail >",
            ]
            for o in page.offers or ()
        ],
    )


def conversations(page: Page) -> str:
    return table(
        "Pilote ADV|Commande|Création|Dernier échange|Dernier intervenant|Sujet|État|Action",
        [
            [
                cell(c.adv_pilot),
                cell(c.order_ref),
                cell(c.created),
                cell(c.last_exchange),
                cell(c.last_speaker),
                cell(c.subject),
                cell(c.status),
                "Consulter >",
            ]
            for c in page.conversations or ()
        ],
    )


def offer_page(page: OfferPage) -> str:
    parts: list[str] = []
    if page.contract:
        c = page.contract
        parts.append(
            form(
                "Offre contractée",
                ("Réf. offre contractée", cell(c.ref)),
                ("État", cell(c.status)),
                ("Date de création", cell(c.created)),
                ("Date de livraison", delivery(c.delivery)),
            )
        )
    if page.client:
        phones = page.client.phones
        numbers = "\n\t".join(phones) if isinstance(phones, tuple) else cell(phones)
        parts.append(
            form(
                "Client",
                ("Client final", cell(page.client.name)),
                ("Compte client", cell(page.client.account)),
                ("N° téléphone", numbers),
            )
        )
    if page.site:
        parts.append(site("Site d'installation", page.site))
    parts.append("Détails\tTarifs\tPérimètre\tHistorique\tConversations (0)")
    if page.sheets:
        parts.append(sheets(page.sheets))
    if page.prices:
        parts += prices(page.prices)
    if page.scope:
        parts += scope(page.scope)
    if isinstance(page.history, tuple):
        parts.append("\n".join(["Historique", *("\t".join(line.cells) for line in page.history)]))
    return "\n\n".join(parts)


def site(title: str, value: Any, *more: tuple[str, str]) -> str:
    return form(
        title, ("Nom", cell(value.name)), ("Adresse", cell(value.address)), ("Complément", cell(value.extra)), *more
    )


def sheets(value: Any) -> str:
    rows = [
        [
            cell(s.ref),
            cell(s.supplier_ref),
            cell(s.accountcode, "Aucune"),
            cell(s.status),
            delivery(s.delivery),
            cell(s.taxation, "Aucune taxation"),
            cell(s.service, "Aucun service"),
            cell(s.subscription),
            cell(s.setup_fee),
            cell(s.documents),
        ]
        for s in value.rows
    ]
    if value.totals:
        rows.append(["Totaux", *[""] * 6, cell(value.totals.subscription), cell(value.totals.setup_fee), ""])
    return table(
        "Ref.|Ref. fournisseur|Ref. accountcode|Statut fiche produit|Livraison|Taxation|Service|Abonnement|FMS|Détails",
        rows,
    )


def amounts(value: Any) -> list[str]:
    return [
        cell(value.client_subscription),
        cell(value.client_setup),
        cell(value.operator_subscription),
        cell(value.operator_setup),
        percent(value.subscription_margin),
        percent(value.setup_margin),
    ]


def prices(value: Any) -> list[str]:
    titles = "Abonnement client|FMS client|Abonnement Opé.|FMS Opé.|Marge Abonnement|Marge FMS"
    rows = [[cell(p.ref), *amounts(p)] for p in value.rows]
    parts = [table(f"Ref.|{titles}", rows + ([["Totaux", *amounts(value.totals)]] if value.totals else []))]
    if value.overall:
        parts.append(table(f"$ Montants totaux\t\t\t\t\t\t\n|{titles}", [["Totaux", *amounts(value.overall)]]))
    return parts


def scope(value: Any) -> list[str]:
    offer, commitment, termination = value.offer, value.commitment, value.termination
    parts = [
        form(
            "Offre",
            ("Réf.", cell(offer.ref)),
            ("Nom", cell(offer.name)),
            ('"Upgrade / Downgrade" autorisé', cell(offer.may_change)),
            ("Offre packagée", cell(offer.packaged)),
        ),
        form(
            "Engagement / Reconduction",
            ("Période", cell(commitment.period, "Aucune")),
            ("Tacite reconduction", cell(commitment.renewed)),
            ("Durée de la tacite reconduction", cell(commitment.renewal, "Aucune")),
        ),
        form(
            "Résiliation",
            ("Résiliation", cell(termination.allowed)),
            ("Préavis de résiliation", cell(termination.notice)),
            ("Frais de résiliation (€ HT)", cell(termination.fee)),
        ),
        site("Site principal", value.main_site, ("Pays", cell(value.main_site.country))),
        site("Site de facturation", value.billing_site) + "\nEditer",
    ]
    rows: list[tuple[str, str]] = []
    for contact in value.contacts:
        rows += [
            ("Nom", cell(contact.name)),
            *(("", other) for other in contact.others),
            ("Email", cell(contact.email)),
        ]
    return [*parts, form("Contacts", *rows), "\n".join(["Pièces jointes", *(value.attachments or ["Aucune"])])]


def order_page(page: OrderPage) -> str:
    details = form(
        "Détails",
        ("Réf.", cell(page.ref)),
        ("Devis", cell(page.quote)),
        ("Pilote ADV", cell(page.adv_pilot)),
        ("Pilote production", cell(page.production_pilot)),
        ("Date de dépôt", cell(page.deposited).replace(" ", " - ")),
        ("Date de livraison", delivery(page.delivery)),
        ("État", cell(page.status)),
        ("Commentaires", cell(page.comments)),
    )
    parts = [f"Commande : {page.title_ref}", details, "Fiches produits"]
    if isinstance(page.sheets, tuple):
        parts.append(
            table(
                "Réf. contractée|Réf. commandée|Nom|Réf. fournisseur|Statut fiche produit|Livraison",
                [
                    [
                        cell(s.contracted_ref),
                        cell(s.ordered_ref),
                        cell(s.name),
                        cell(s.supplier_ref),
                        cell(s.status),
                        delivery(s.delivery),
                    ]
                    for s in page.sheets
                ],
            )
        )
    return "\n\n".join(parts)
