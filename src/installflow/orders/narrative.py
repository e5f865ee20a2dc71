"""What each event says in French, as the history tells it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import Enum
from typing import Any

from installflow.orders import calendar as c
from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.terms import OrderStatus
from installflow.workflow.event import Event

WORDS = {
    "reason": "motif",
    "phones": "téléphones",
    "date": "date",
    "slot": "heure",
    "origin": "TECH",
    "technician": "NOM TECH",
    "project_manager": "NOM CP",
    "operator": "opérateur",
    "source": "source",
    "how": "par",
    "confirmed_by": "confirmé par",
    "confirmed_on": "le",
    "declined_by": "par",
    "confirmer": "de",
    "override_reason": "malgré une journée déjà prise, parce que",
    "result": "résultat",
    "report": "compte rendu",
    "cause": "cause",
    "billable": "déplacement facturable",
    "waiver": "dérogation",
    "check": "à vérifier",
    "next": "ensuite",
    "tracking": "N° CHRONO",
    "state": "état",
    "remarks": "remarques",
    "client": "client",
    "partner": "partenaire",
    "ref": "référence",
    "who": "avec",
    "note": "note",
    "asked_on": "demandée le",
    "remove_date": "date retirée",
    "extra": "visite de plus",
    "technician_confirmed": "technicien d'accord",
    "partner_confirmed": "partenaire d'accord",
    "collecte_completed": "collecte complète",
    "equipment": "matériel à préparer",
    "porta": "portabilité",
    "billed": "facture faite",
    "day": "le",
    "part": "pour",
    "about": "à propos de",
    "raw": "tel que saisi",
}


def _received(event: e.OrderReceived) -> str:
    several = "s" if event.phones and event.phones > 1 else ""
    phones = "" if event.phones is None else f" pour {event.phones} téléphone{several}"
    return f"Commande reçue de {event.partner}{phones}"


def _imported(event: e.OrderImported) -> str:
    presumed = (
        "" if event.status in (OrderStatus.NEW, OrderStatus.COLLECTE) else ", étapes précédentes présumées faites"
    )
    return f"Commande reprise du tableau en « {event.status.label} »{presumed}"


def _corrected(event: e.StatusCorrected) -> str:
    how = " par l'import du tableau" if event.imported else ""
    return f"CORRECTION : statut mis à « {event.status.label} »{how} (motif : {event.reason})"


def _commented(event: n.CommentAdded) -> str:
    about = f" [{event.category.label}]" if event.category else ""
    return f"Commentaire{about} : {event.text}"


def _contacted(event: n.ClientContacted) -> str:
    return f"Contact {event.direction} avec le client" + (f" : {event.note}" if event.note else "")


def _reimported(event: n.RowReimported) -> str:
    return "Ligne du tableau relue" + (f", conflits : {', '.join(event.conflicts)}" if event.conflicts else "")


def _portability_confirmed(event: e.PortabilityConfirmed) -> str:
    return f"Portabilité confirmée pour le {event.date:%d/%m/%Y} (source : {event.source})"


def _withdrew(event: e.TechnicianWithdrew) -> str:
    following = " / ".join(event.technician) or " + ".join(origin.label for origin in event.origin)
    return f"Technicien désisté (motif : {event.reason}" + (f", suivant demandé : {following})" if following else ")")


def _booked(event: c.DayBooked) -> str:
    despite = f" malgré tout : {event.override_reason}" if event.override_reason else ""
    return f"Journée du {event.day:%d/%m/%Y} réservée pour {event.technician}{despite}"


_TOLD: dict[type[Event], Callable[[Any], str]] = {
    e.OrderReceived: _received,
    e.OrderImported: _imported,
    e.StatusCorrected: _corrected,
    n.CommentAdded: _commented,
    n.BillingNoted: lambda event: f"Infos facturation : {event.text}" + (" (facture faite)" if event.billed else ""),
    n.AlertRaised: lambda event: f"Alerte : {event.sentence}",
    n.AlertSettled: lambda event: f"Alertes réglées : {event.note}",
    n.ClientContacted: _contacted,
    n.RowReimported: _reimported,
    e.PortabilityConfirmed: _portability_confirmed,
    c.DayBooked: _booked,
    c.DayReleased: lambda _event: "Journée libérée",
    c.AbsenceCancelled: lambda event: f"{event.technician} de nouveau là le {event.day:%d/%m/%Y}",
    e.TechnicianWithdrew: _withdrew,
    c.TechnicianAbsent: lambda event: f"{event.technician} absent le {event.day:%d/%m/%Y} : {event.reason}",
}


def told(event: Event) -> str:
    """What happened, in French: the event's own words, and the fields that were filled in."""
    tell = _TOLD.get(type(event))
    if tell is not None:
        return tell(event)
    filled = [
        f"{WORDS.get(name, name)} : {_said(value)}"
        for name, value in event
        if name not in event.filled and value is not False and value not in ("", None, (), {})
    ]
    return event.said + (f" ({', '.join(filled)})" if filled else "")


def _said(value: Any) -> str:
    if value is True:
        return "oui"
    if isinstance(value, tuple):
        return " / ".join(_said(item) for item in value)
    if isinstance(value, Enum):
        return str(value)
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)
