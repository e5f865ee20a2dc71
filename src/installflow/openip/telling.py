"""What a look recorded, in French: the words the portal uses for each field, before and after."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from installflow.openip.money import write_money, write_percent
from installflow.openip.page import Duration
from installflow.openip.said import UNSAID, Part
from installflow.openip.values import write_day, write_moment
from installflow.workflow.status import Labelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LABELS = {
    "pilot": "Pilote",
    "name": "Nom",
    "order_ref": "Réf. commande",
    "kind": "Type commande",
    "client": "Client final",
    "account": "Compte client",
    "phones": "N° téléphone",
    "company": "Entreprise référente",
    "site": "Site d'installation",
    "created": "Date de création",
    "delivery": "Livraison",
    "catalogue": "Offre",
    "commitment": "Engagement",
    "termination": "Résiliation",
    "main_site": "Site principal",
    "billing_site": "Site de facturation",
    "contacts": "Contacts",
    "attachments": "Pièces jointes",
    "sheets": "Fiches produits",
    "sheet_totals": "Totaux (Détails)",
    "totals": "Totaux (Tarifs)",
    "overall": "Montants totaux",
    "history": "Historique",
    "conversation_count": "Conversations",
    "unknown_status": "Libellé inconnu",
    "ordered_ref": "Réf. commandée",
    "offer_ref": "Offre contractée",
    "offer_name": "Nom de l'offre",
    "supplier_ref": "Réf. fournisseur",
    "accountcode": "Réf. accountcode",
    "taxation": "Taxation",
    "service": "Service",
    "subscription": "Abonnement",
    "setup_fee": "FMS",
    "documents": "Documents",
    "client_subscription": "Abonnement client",
    "client_setup": "FMS client",
    "operator_subscription": "Abonnement Opé.",
    "operator_setup": "FMS Opé.",
    "subscription_margin": "Marge Abonnement",
    "setup_margin": "Marge FMS",
    "quote": "Devis",
    "adv_pilot": "Pilote ADV",
    "production_pilot": "Pilote production",
    "deposited": "Date de dépôt",
    "state": "État",
    "comments": "Commentaires",
    "address": "Adresse",
    "extra": "Complément",
    "country": "Pays",
    "ref": "Réf.",
    "may_change": "« Upgrade / Downgrade » autorisé",
    "packaged": "Offre packagée",
    "period": "Période",
    "renewed": "Tacite reconduction",
    "renewal": "Durée de la tacite reconduction",
    "allowed": "Résiliation",
    "notice": "Préavis de résiliation",
    "fee": "Frais de résiliation",
    "email": "Email",
    "last_exchange": "Dernier échange",
    "last_speaker": "Dernier intervenant",
}
"""Each field as the portal calls it."""

MARGINS = frozenset({"subscription_margin", "setup_margin"})
SHORT = 80
"""Characters a value is told in."""


def told(before: Part | None, now: Part) -> Iterator[str]:
    """Each field a look changed: its name, its value, and the one before where there was one."""
    for field in type(now).model_fields:
        value = getattr(now, field)
        if value is UNSAID:
            continue
        was = getattr(before, field) if before is not None else UNSAID
        said = f"{LABELS.get(field, field)} : {_value(field, value)}"
        yield said if was is UNSAID or isinstance(value, Part) else f"{said} (avant : {_value(field, was)})"


def sentence(event: Any) -> str:
    """What an event of OpenIP says, for a history."""
    facts = getattr(event, "said_now", None)
    details = [*told(None, facts)] if isinstance(facts, Part) else []
    if order := getattr(event, "order", None):
        details.append(f"commande d'installation {order.hex[:8]}")
    return f"{event.said} ({' ; '.join(details)})" if details else str(event.said)


def written(field: str, value: Any) -> str:
    """A value as the portal would print it; blank for what no page told."""
    return "" if value is UNSAID else _value(field, value)


def _value(field: str, value: Any) -> str:
    if value is None or value is UNSAID:
        return write_percent(None) if field in MARGINS else write_day(None) if field == "delivery" else "aucun"
    if field in MARGINS:
        return write_percent(value)
    for kind, write in WRITTEN:
        if isinstance(value, kind):
            return write(value)
    return _short(str(value))


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHORT else f"{flat[: SHORT - 1]}…"


WRITTEN: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (Decimal, write_money),
    (bool, lambda yes: "oui" if yes else "non"),
    (dt.datetime, write_moment),  # which is a day, too
    (dt.date, write_day),
    (tuple, lambda several: str(len(several))),
    (Duration, str),
    (Part, lambda part: _short(", ".join(told(None, part)) or "vu")),
    (Labelled, lambda word: word.label),
)
"""How a value of each type is written."""
