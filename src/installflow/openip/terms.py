"""The words of MyOpenIP: what it calls the states of an offer and of a product sheet, labels to the letter."""

from __future__ import annotations

from typing import TypeVar

from installflow.workflow.spelling import key_of
from installflow.workflow.status import Labelled, Status

__all__ = ["FpStatus", "OcStatus", "OrderKind", "fp_status", "oc_status", "order_kind"]

W = TypeVar("W", bound=Labelled)


class OcStatus(Status):
    """The 6 statuses of a contracted offer (R-OPENIP-04), set by OpenIP; values are for ever."""

    DEPOSEE = "deposee_en_cours", "Déposée / en cours"
    EN_COURS = "en_cours", "En cours"
    LIVREE = "livree", "Livrée"
    ANNULEE = "annulee", "Annulée"
    EN_RESILIATION = "en_cours_de_resiliation", "En cours de résiliation"
    RESILIEE = "resiliee", "Résiliée"

    @property
    def meaning(self) -> str:
        """What the portal says the status means; blank where it says nothing."""
        return _OC_MEANINGS.get(self, "")


class FpStatus(Status):
    """The 12 statuses of a product sheet (R-OPENIP-05), set by OpenIP; values are for ever."""

    NON_DEFINI = "non_defini", "Non défini"
    ATTENTE_CLIENT = "en_attente_d_informations_client", "En attente d'informations client"
    EN_COURS = "en_cours", "En cours"
    PORTA_CONFIRMEE = "date_de_portabilite_confirmee", "Date de portabilité confirmée"
    RDV_PLANIFIE = "rdv_planifie", "RDV planifié"
    RDV_EN_ECHEC = "rdv_en_echec", "RDV en échec"
    LIVRAISON_EN_COURS = "livraison_en_cours", "Livraison en cours"
    LIVREE = "livree", "Livrée"
    ANNULEE = "annulee", "Annulée"
    LIVRAISON_IMPOSSIBLE = "livraison_impossible", "Livraison impossible"
    EN_RESILIATION = "resiliation_en_cours", "Résiliation en cours"
    RESILIEE = "resiliee", "Résiliée"

    @property
    def meaning(self) -> str:
        """What the portal says the status means; blank where it says nothing."""
        return _FP_MEANINGS.get(self, "")


class OrderKind(Labelled):
    """``Type commande``: the one kind the portal is known to print; the list is open (R-OPENIP-18)."""

    CREATION = "creation", "Création"


def oc_status(label: str) -> OcStatus | str:
    """The status of that label however it is typed, the text as it is where the portal has a new one.

    >>> oc_status("Déposée / En cours")
    <OcStatus.DEPOSEE: 'deposee_en_cours'>
    """
    return _word(OcStatus, label)


def fp_status(label: str) -> FpStatus | str:
    """The sheet's status of that label however it is typed, the text as it is where the portal has a new one.

    >>> fp_status("En pause")
    'En pause'
    """
    return _word(FpStatus, label)


def order_kind(label: str) -> OrderKind | str:
    """The kind of that label however it is typed, the text as it is otherwise."""
    return _word(OrderKind, label)


def _word(words: type[W], label: str) -> W | str:
    if isinstance(label, words):
        return label
    key = key_of(label)
    return next((word for word in words if key_of(word.label) == key), label)


_OC_MEANINGS = {
    OcStatus.DEPOSEE: "L'ADV n'a pas encore pris en charge la commande",
    OcStatus.EN_COURS: "La commande est en cours de traitement à l'ADV ou en Production",
    OcStatus.ANNULEE: "Commande annulée car impossible ou annulée à la demande du client",
}
_FP_MEANINGS = {
    FpStatus.NON_DEFINI: "L'ADV n'a pas encore pris en charge la commande",
    FpStatus.ATTENTE_CLIENT: "l'ADV attend un retour de votre part",
    FpStatus.EN_COURS: "La FP est en cours de traitement à l'ADV",
    FpStatus.PORTA_CONFIRMEE: (
        "date convenue avec l'opérateur concerné pouvant être modifiée en cas de demande de report"
    ),
    FpStatus.RDV_PLANIFIE: "Le RDV d'un lien Data a été planifié",
    FpStatus.RDV_EN_ECHEC: (
        "Le dernier RDV n'a pas permis de mettre en service la FP, l'ADV attend une réponse de votre part."
    ),
    FpStatus.LIVRAISON_EN_COURS: "La FP est en cours de production",
    FpStatus.ANNULEE: "FP annulée car impossible ou annulée à la demande du client",
    FpStatus.LIVRAISON_IMPOSSIBLE: "FP annulée car impossible",
}
