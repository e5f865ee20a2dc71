"""The portal's tables and blocks, declared: their titles, their columns or fields, and what each is read as."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from installflow.openip.page import (
    CatalogueOffer,
    Client,
    Commitment,
    Contact,
    Contract,
    Conversation,
    OfferLine,
    OrderedSheet,
    OrderPage,
    Price,
    Sheet,
    Site,
    Termination,
)
from installflow.openip.portal import readers as kind
from installflow.openip.portal.readers import Kind
from installflow.openip.said import Part
from installflow.workflow.spelling import key_of


@dataclass(frozen=True, slots=True)
class Field:
    """A column or a row of a form: the portal's label, our field (blank: not kept), its kind.

    ``tells`` a label that stands in one block alone, ``long`` a text that may go on over the next lines.
    """

    label: str
    name: str
    kind: Kind
    tells: bool = False
    long: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys its label is looked up by."""
        return tuple(map(key_of, (self.label, *self.aliases)))


@dataclass(frozen=True)
class Table:
    """A table: its rows' model, its columns in order, how a row begins or ends where cells stand one a line."""

    name: str
    title: str
    model: type[Part]
    columns: tuple[Field, ...]
    ends_with_action: bool = False
    totals: bool = False

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """The columns by the keys of their titles."""
        return {key: column for column in self.columns for key in column.keys}


@dataclass(frozen=True)
class Block:
    """A form: where it belongs (``page``: offer, scope or order), its headings, its fields."""

    name: str
    page: str
    title: str
    model: type[Part]
    fields: tuple[Field, ...]
    headings: tuple[str, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """The fields by the keys of their labels."""
        return {key: field for field in self.fields for key in field.keys}


_STATUS = Field("Statut fiche produit", "status", kind.FP_STATUS)
_FORECAST = Field("Livraison", "delivery", kind.DELIVERY)
_SUPPLIER = Field("Réf. fournisseur", "supplier_ref", kind.TEXT)

OFFERS = Table(
    "offers", "Offres contractées", OfferLine,
    (
        Field("Pilote", "pilot", kind.TEXT),
        Field("Réf.", "ref", kind.reference("OC")),
        Field("Nom de l'offre", "name", kind.TEXT),
        Field("Réf. commande", "order_ref", kind.reference("COM")),
        Field("Client final", "client", kind.TEXT),
        Field("Entreprise référente", "company", kind.TEXT),
        Field("Site d'installation", "site", kind.TEXT),
        Field("Date de livraison", "delivery", kind.DELIVERY),
        Field("État", "status", kind.OC_STATUS),
        Field("Type commande", "kind", kind.ORDER_KIND),
        Field("Action", "", kind.ACTION),
    ),
    ends_with_action=True,
)  # fmt: skip
SHEETS = Table(
    "sheets", "Détails", Sheet,
    (
        Field("Ref.", "ref", kind.reference("FPC")),
        _SUPPLIER,
        Field("Ref. accountcode", "accountcode", kind.TEXT),
        _STATUS,
        _FORECAST,
        Field("Taxation", "taxation", kind.TAXATION),
        Field("Service", "service", kind.SERVICE),
        Field("Abonnement", "subscription", kind.MONEY),
        Field("FMS", "setup_fee", kind.MONEY),
        Field("Détails", "documents", kind.DOCUMENTS),
    ),
    totals=True,
)  # fmt: skip
PRICES = Table(
    "prices", "Tarifs", Price,
    (
        Field("Ref.", "ref", kind.reference("FPC")),
        Field("Abonnement client", "client_subscription", kind.MONEY),
        Field("FMS client", "client_setup", kind.MONEY),
        Field("Abonnement Opé.", "operator_subscription", kind.MONEY),
        Field("FMS Opé.", "operator_setup", kind.MONEY),
        Field("Marge Abonnement", "subscription_margin", kind.PERCENT),
        Field("Marge FMS", "setup_margin", kind.PERCENT),
    ),
    totals=True,
)  # fmt: skip
OVERALL = Table("overall", "Montants totaux", Price, PRICES.columns[1:], totals=True)
ORDERED = Table(
    "ordered", "Fiches produits", OrderedSheet,
    (
        Field("Réf. contractée", "contracted_ref", kind.reference("FPC")),
        Field("Réf. commandée", "ordered_ref", kind.reference("CFP")),
        Field("Nom", "name", kind.TEXT),
        _SUPPLIER,
        _STATUS,
        _FORECAST,
    ),
)  # fmt: skip
CONVERSATIONS = Table(
    "conversations", "Conversations", Conversation,
    (
        Field("Pilote ADV", "adv_pilot", kind.TEXT),
        Field("Commande", "order_ref", kind.reference("COM")),
        Field("Création", "created", kind.MOMENT),
        Field("Dernier échange", "last_exchange", kind.MOMENT),
        Field("Dernier intervenant", "last_speaker", kind.TEXT),
        Field("Sujet", "subject", kind.TEXT),
        Field("État", "status", kind.TEXT),
        Field("Action", "", kind.ACTION),
    ),
    ends_with_action=True,
)  # fmt: skip
TABLES = (OFFERS, SHEETS, PRICES, OVERALL, ORDERED, CONVERSATIONS)

_SITE = (
    Field("Nom", "name", kind.TEXT),
    Field("Adresse", "address", kind.TEXTS, long=True),
    Field("Complément", "extra", kind.TEXTS, long=True),
)
CONTRACT = Block(
    "contract", "offer", "Offre contractée", Contract,
    (
        Field("Réf. offre contractée", "ref", kind.TEXT, tells=True),
        Field("État", "status", kind.OC_STATUS),
        Field("Date de création", "created", kind.DAY, tells=True),
        Field("Date de livraison", "delivery", kind.DELIVERY),
    ),
)  # fmt: skip
CLIENT = Block(
    "client", "offer", "Client", Client,
    (
        Field("Client final", "name", kind.TEXT, tells=True),
        Field("Compte client", "account", kind.TEXT, tells=True),
        Field("N° téléphone", "phones", kind.TEXT, tells=True, long=True, aliases=("Nº téléphone", "No téléphone")),
    ),
)  # fmt: skip
SITE = Block("site", "offer", "Site d'installation", Site, _SITE)
CATALOGUE = Block(
    "offer", "scope", "Offre", CatalogueOffer,
    (
        Field("Réf.", "ref", kind.TEXT),
        Field("Nom", "name", kind.TEXT),
        Field('"Upgrade / Downgrade" autorisé', "may_change", kind.YES_NO, tells=True),
        Field("Offre packagée", "packaged", kind.YES_NO, tells=True),
    ),
)  # fmt: skip
COMMITMENT = Block(
    "commitment", "scope", "Engagement / Reconduction", Commitment,
    (
        Field("Période", "period", kind.DURATION),
        Field("Tacite reconduction", "renewed", kind.YES_NO, tells=True),
        Field("Durée de la tacite reconduction", "renewal", kind.DURATION, tells=True),
    ),
)  # fmt: skip
TERMINATION = Block(
    "termination", "scope", "Résiliation", Termination,
    (
        Field("Résiliation", "allowed", kind.YES_NO),
        Field("Préavis de résiliation", "notice", kind.DURATION, tells=True),
        Field("Frais de résiliation (€ HT)", "fee", kind.MONEY, tells=True, aliases=("Frais de résiliation",)),
    ),
)  # fmt: skip
MAIN_SITE = Block("main_site", "scope", "Site principal", Site, (*_SITE, Field("Pays", "country", kind.TEXT)))
BILLING_SITE = Block("billing_site", "scope", "Site de facturation", Site, _SITE)
CONTACTS = Block(
    "contacts", "scope", "Contacts", Contact,
    (
        Field("Nom", "name", kind.TEXT),
        Field("Prénom", "others", kind.TEXT),
        Field("Email", "email", kind.TEXT, aliases=("E-mail",)),
    ),
    headings=("Contact",),
)  # fmt: skip
ATTACHMENTS = Block("attachments", "scope", "Pièces jointes", Part, ())
ORDER = Block(
    "order", "order", "Détails", OrderPage,
    (
        Field("Réf.", "ref", kind.TEXT),
        Field("Devis", "quote", kind.TEXT, tells=True),
        Field("Pilote ADV", "adv_pilot", kind.TEXT, tells=True),
        Field("Pilote production", "production_pilot", kind.TEXT, tells=True),
        Field("Date de dépôt", "deposited", kind.MOMENT, tells=True),
        Field("Date de livraison", "delivery", kind.DELIVERY),
        Field("État", "status", kind.TEXT),
        Field("Commentaires", "comments", kind.TEXTS, tells=True, long=True),
    ),
)  # fmt: skip
SCOPE = (CATALOGUE, COMMITMENT, TERMINATION, MAIN_SITE, BILLING_SITE, CONTACTS, ATTACHMENTS)
BLOCKS = (CONTRACT, CLIENT, SITE, *SCOPE, ORDER)

HEADINGS = {key_of(title): block for block in BLOCKS for title in (block.title, *block.headings)}
"""The block each heading begins; « Détails » is a tab's name too."""
TELLING = {key: block for block in BLOCKS for field in block.fields if field.tells for key in field.keys}
"""The block of each label that stands in no other."""
LABELS = frozenset(key for block in BLOCKS for key in block.by_key)
TABS = frozenset({"details", "tarifs", "perimetre", "perimetres", "historique"})
TITLES = frozenset({"fiches produits", "montants totaux"})
BUTTONS = frozenset(
    map(key_of, ("Éditer", "Obtenir le bon de livraison", "Voir les formulaires", "Télécharger", "Modifier", "Détail",
                 "Consulter", "BL"))
)  # fmt: skip
"""Buttons that may stand among a block's rows: they neither end it nor belong to it."""
