"""The words of the planning board: statuses, slots, origins and the other closed lists, labels to the letter."""

from __future__ import annotations

from installflow.workflow.spelling import key_of
from installflow.workflow.status import Labelled, Status

__all__ = ["HEADERS", "CommentKind", "Material", "OrderStatus", "Origin", "Porta", "Slot", "key_of"]


class OrderStatus(Status):
    """The 12 stored statuses of an order and their 11 labels (R-BOARD-13 to 23); values are for ever."""

    NEW = "new", "New"
    COLLECTE = "collecte", "Collecte"
    STAGING = "staging", "Staging"
    ATTENTE_TECH = "attente_tech", "Attente tech"
    ATTENTE_PARTE = "attente_parte", "Attente Parte"
    ATT_PORTA = "att_porta", "Att porta"
    ATT_5COM = "att_5com", "Att 5COM"
    STAND_BY = "stand_by", "Stand BY"
    TO_PLAN = "en_attente_de_planification", "En attente de planification"
    RDV_POSE = "installation.rdv_pose", "Installation", "RDV posé"
    CLOTUREE = "installation.cloturee", "Installation", "clôturée"
    ANNULER = "annuler", "Annuler"


class Slot(Labelled):
    """HEURE: the nine starts of an installation (R-BOARD-09); a start, not a duration."""

    H0900 = "09:00", "9H"
    H0930 = "09:30", "9H30"
    H1000 = "10:00", "10H"
    H1030 = "10:30", "10H30"
    H1100 = "11:00", "11H"
    H1400 = "14:00", "14H"
    H1430 = "14:30", "14H 30"
    H1500 = "15:00", "15H"
    H1530 = "15:30", "15H30"


class Origin(Labelled):
    """TECH: where the technician comes from (R-BOARD-10)."""

    DIRECT = "direct", "Direct"
    CINQ_COM = "5com", "5 com"
    OCCITECH = "occitech", "Occitech"


class Porta(Labelled):
    """What is known of the order's number portability (guard G4)."""

    UNKNOWN = "inconnue", "inconnue"
    NONE = "sans", "sans"
    TO_ASK = "a_demander", "à demander"
    ASKED = "demandee", "demandée"
    CONFIRMED = "confirmee", "confirmée"


class Material(Labelled):
    """MATÉRIEL REÇU (R-BOARD-34); blank means nothing was sent."""

    SENT = "envoye", "ENVOYÉ"
    DELIVERED = "livre", "LIVRÉ"


class CommentKind(Labelled):
    """The six things COMMENTAIRES PLANIF holds (R-BOARD-33)."""

    MATERIAL = "materiel", "matériel à prévoir"
    CLIENT = "client", "échanges avec client"
    DURATION = "duree", "durée estimée"
    BLOCKER = "blocage", "blocages"
    TECHNICIAN = "technicien", "info du tech terrain"
    IMPERATIVE = "imperatif", "impératif client"


HEADERS = (
    "IMPER",
    "CLIENT",
    "PARTENAIRE",
    "DATE",
    "PORTA PRÉVUE LE",
    "HEURE",
    "TECH",
    "NOM TECH",
    "NOM CP",
    "STATUT",
    "COMMENTAIRES PLANIF",
    "MATÉRIEL REÇU",
    "N° CHRONO",
    "INFOS FACTURATION",
)
"""The board's 14 columns, in their order (R-BOARD-01)."""
