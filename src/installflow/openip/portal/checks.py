"""What there is to say of a page that was read: sums that are not, words not known, references cut short, gaps."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from installflow.openip.money import margin, total, write_money, write_percent
from installflow.openip.portal.layout import (
    CATALOGUE,
    CLIENT,
    COMMITMENT,
    CONTRACT,
    MAIN_SITE,
    ORDER,
    SCOPE,
    TERMINATION,
)
from installflow.openip.said import Part, Unsaid
from installflow.workflow.status import Labelled

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from installflow.openip.page import Amounts, Conversation, OfferPage, OrderPage, Page, Prices, Sheets

T = TypeVar("T")

_TITLES = {block.name: block.title for block in SCOPE}
_LABELS = {
    block.model.__name__: [(field.name, field.label) for field in block.fields]
    for block in (CONTRACT, CLIENT, CATALOGUE, COMMITMENT, TERMINATION, MAIN_SITE, ORDER)
}
_MARGINS = (
    ("Marge Abonnement", "client_subscription", "operator_subscription", "subscription_margin"),
    ("Marge FMS", "client_setup", "operator_setup", "setup_margin"),
)
_AMOUNTS = (
    ("Abonnement client", "client_subscription"),
    ("FMS client", "client_setup"),
    ("Abonnement Opé.", "operator_subscription"),
    ("FMS Opé.", "operator_setup"),
)


def remarks_on(page: Page) -> Iterator[str]:
    """The remarks a page calls for, as French sentences; nothing on it is changed."""
    offers = page.offers or ()
    for number, line in enumerate(offers, 1):
        where = f"Offres contractées, ligne {number}"
        yield from _cut_short(where, line.ref, line.order_ref)
        yield from _unknown(where, "État", line.status)
        yield from _unknown(where, "Type commande", line.kind)
    yield from _twice("Offres contractées", (line.ref for line in offers))
    for offer in page.offer_pages:
        yield from _on_offer(offer)
    for order in page.order_pages:
        yield from _on_order(order)
    for number, conversation in enumerate(page.conversations or (), 1):
        yield from _on_conversation(number, conversation)


def missing_of(page: Page) -> Iterator[str]:
    """What a whole page would have had besides, as French sentences."""
    for offer in page.offer_pages:
        yield from _missing_of_offer(offer)
    for order in page.order_pages:
        where = f"Commande {_known(order.best_ref) or 'sans référence'}"
        if not _known(order.best_ref):
            yield f"{where} : « Réf. » n'est pas sur la page, on ne sait de quelle commande il s'agit"
        yield from _fields_missing(where, order)
        if isinstance(order.sheets, Unsaid):
            yield f"{where} : le tableau « Fiches produits » n'est pas sur la page"


def _on_offer(offer: OfferPage) -> Iterator[str]:
    created = None
    if contract := offer.contract:
        created = _known(contract.created)
        yield from _cut_short("Offre contractée", contract.ref)
        yield from _unknown("Offre contractée", "État", contract.status)
        yield from _out_of_order("Offre contractée", "la livraison", _known(contract.delivery), "la création", created)
    if client := offer.client:
        for text in _known(client.phones) or ():
            if not any(c.isdecimal() for c in text) or any(c.isalpha() for c in text):
                yield f"Client : N° téléphone « {text} » n'a pas la forme d'un numéro"
    if offer.sheets:
        yield from _on_sheets(offer.sheets, created)
    if offer.prices:
        yield from _on_prices(offer.prices)


def _on_sheets(sheets: Sheets, created: dt.date | None) -> Iterator[str]:
    for number, sheet in enumerate(sheets.rows, 1):
        where = f"Détails, ligne {number}"
        yield from _cut_short(where, sheet.ref)
        yield from _unknown(where, "Statut fiche produit", sheet.status)
        yield from _out_of_order(where, "la livraison", _known(sheet.delivery), "la création", created)
    yield from _twice("Détails", (sheet.ref for sheet in sheets.rows))
    if sheets.totals:
        for label, name in (("Abonnement", "subscription"), ("FMS", "setup_fee")):
            yield from _sum("Détails", label, name, sheets.rows, sheets.totals)


def _on_prices(prices: Prices) -> Iterator[str]:
    for number, price in enumerate(prices.rows, 1):
        yield from _cut_short(f"Tarifs, ligne {number}", price.ref)
        yield from _margins(f"Tarifs, ligne {number}", price)
    yield from _twice("Tarifs", (price.ref for price in prices.rows))
    if prices.totals:
        yield from _margins("Tarifs, totaux", prices.totals)
        for label, name in _AMOUNTS:
            yield from _sum("Tarifs", label, name, prices.rows, prices.totals)
    if prices.overall:
        yield from _margins("Montants totaux", prices.overall)
        if prices.totals:
            for label, name in _AMOUNTS:
                yield from _sum("Montants totaux", label, name, [prices.totals], prices.overall)


def _on_order(order: OrderPage) -> Iterator[str]:
    ref, title = _known(order.ref), order.title_ref
    if ref and title and not title.startswith(ref):
        yield f"Commande : le titre dit « {title} » et la page « {ref} »"
    yield from _cut_short("Commande", order.best_ref)
    deposited = _known(order.deposited)
    day = deposited.date() if deposited else None
    yield from _out_of_order("Commande", "la livraison", _known(order.delivery), "le dépôt", day)
    rows = order.sheets or ()
    for number, sheet in enumerate(rows, 1):
        where = f"Fiches produits, ligne {number}"
        yield from _cut_short(where, sheet.contracted_ref, sheet.ordered_ref)
        yield from _unknown(where, "Statut fiche produit", sheet.status)
        yield from _out_of_order(where, "la livraison", _known(sheet.delivery), "le dépôt", day)
    yield from _twice("Fiches produits", (sheet.contracted_ref for sheet in rows))
    yield from _twice("Fiches produits", (sheet.ordered_ref for sheet in rows))


def _on_conversation(number: int, conversation: Conversation) -> Iterator[str]:
    where = f"Conversations, ligne {number}"
    yield from _cut_short(where, conversation.order_ref)
    created, last = _known(conversation.created), _known(conversation.last_exchange)
    if created and last and last < created:
        yield f"{where} : le dernier échange est avant la création ; lu comme affiché"


def _missing_of_offer(offer: OfferPage) -> Iterator[str]:
    contract = offer.contract
    ref = _known(contract.ref) if contract else None
    where = f"Offre {ref}" if ref else "Offre sans référence"
    if not ref:
        yield f"{where} : « Réf. offre contractée » n'est pas sur la page, on ne sait de quelle offre il s'agit"
    header: tuple[tuple[str, Part | Unsaid], ...] = (
        ("Offre contractée", offer.contract),
        ("Client", offer.client),
        ("Site d'installation", offer.site),
    )
    if any(part for _, part in header):
        yield from _missing_blocks(where, header, "n'est pas sur la page")
    yield from _missing_tabs(where, offer)


def _missing_tabs(where: str, offer: OfferPage) -> Iterator[str]:
    absent = "n'est pas sur la page, des fiches peuvent manquer"
    if offer.sheets and not offer.sheets.totals:
        yield f"{where} : la ligne « Totaux » de l'onglet Détails {absent}"
    if offer.prices and not offer.prices.totals:
        yield f"{where} : la ligne « Totaux » de l'onglet Tarifs {absent}"
    if offer.scope:
        blocks = [(_TITLES[name], getattr(offer.scope, name)) for name in type(offer.scope).model_fields]
        yield from _missing_blocks(where, blocks, "de l'onglet Périmètre n'est pas sur la page")
    elif not (offer.sheets or offer.prices or not isinstance(offer.history, Unsaid)):
        yield f"{where} : aucun onglet n'est sur la page (Détails, Tarifs, Périmètre, Historique)"


def _missing_blocks(where: str, blocks: Iterable[tuple[str, Any]], absent: str) -> Iterator[str]:
    for title, block in blocks:
        if isinstance(block, Unsaid):
            yield f"{where} : le bloc « {title} » {absent}"
        elif isinstance(block, Part):
            without = () if title == MAIN_SITE.title else ("country",)
            yield from _fields_missing(f"{where}, {title}", block, without=without)


def _fields_missing(where: str, part: Part, *, without: tuple[str, ...] = ()) -> Iterator[str]:
    unsaid = [label for name, label in _LABELS[type(part).__name__] if name not in without and not part.says(name)]
    if unsaid:
        yield f"{where} : {', '.join(f'« {label} »' for label in unsaid)} : pas de valeur lue"


def _known(value: T | Unsaid | None) -> T | None:
    return None if isinstance(value, Unsaid) else value


def _unknown(where: str, label: str, word: object) -> Iterator[str]:
    if isinstance(word, str) and not isinstance(word, Labelled):
        yield f"{where} : {label} « {word} » n'est pas un libellé connu ; gardé tel quel"


def _cut_short(where: str, *refs: str | Unsaid | None) -> Iterator[str]:
    for ref in refs:
        if (text := _known(ref)) and not any(c.isdecimal() for c in text):
            yield f"{where} : la référence « {text} » est coupée, elle ne désigne rien"


def _twice(title: str, refs: Iterable[str | Unsaid | None]) -> Iterator[str]:
    for ref, count in Counter(filter(None, refs)).items():
        if count > 1:
            yield f"{title} : la référence « {ref} » figure {count} fois ; chaque ligne est gardée, dans l'ordre"


def _out_of_order(where: str, late: str, end: dt.date | None, early: str, start: dt.date | None) -> Iterator[str]:
    if start and end and end < start:
        yield f"{where} : {late} ({end:%d/%m/%Y}) est avant {early} ({start:%d/%m/%Y}) ; lu comme affiché"


def _sum(title: str, label: str, name: str, rows: Iterable[Part], printed: Part) -> Iterator[str]:
    amounts: list[Any] = [getattr(row, name) for row in rows]
    told = getattr(printed, name)
    if told is None or isinstance(told, Unsaid) or any(isinstance(amount, Unsaid) for amount in amounts):
        return
    if (summed := total(amount for amount in amounts if amount is not None)) != told:
        yield f"{title} : le total {label} affiché est {write_money(told)}, la somme des lignes {write_money(summed)}"


def _margins(where: str, amounts: Amounts) -> Iterator[str]:
    for label, client, operator, name in _MARGINS:
        paid: Decimal | None = _known(getattr(amounts, client))
        cost: Decimal | None = _known(getattr(amounts, operator))
        printed = getattr(amounts, name)
        if paid is None or cost is None or isinstance(printed, Unsaid):
            continue
        if (computed := margin(paid, cost)) != printed:
            yield f"{where} : {label} affichée {write_percent(printed)}, calculée {write_percent(computed)}"
