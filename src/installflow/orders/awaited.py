"""What an order waits for, of whom, and what it still lacks before its appointment: the words of the day's list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installflow.orders.terms import Material, OrderStatus, Origin, Porta
from installflow.orders.waits import PARTNER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from installflow.orders.planning_row import PlanningRow

_STEPS = {
    OrderStatus.NEW: "collecte ou staging à lancer",
    OrderStatus.COLLECTE: "collecte à terminer avec le client",
    OrderStatus.STAGING: "staging à terminer par l'atelier",
    OrderStatus.STAND_BY: "en Stand BY : à reprendre, ou à annuler",
    OrderStatus.CLOTUREE: "clôturée : à facturer",
    OrderStatus.ANNULER: "annulée",
}


def awaited(row: PlanningRow) -> str:
    """What the order waits for and of whom: its open waits, else the next thing its status asks for."""
    if row.waits:
        return "attend " + ", ".join(wait.said for wait in row.waits)
    if row.status is OrderStatus.RDV_POSE:
        return f"RDV {planned(row)}"
    if row.status is OrderStatus.TO_PLAN:
        lacks = ", ".join(lacks_to_be_planned(row))
        return f"à planifier : il manque {lacks}" if lacks else "à planifier : demander le technicien ou confirmer"
    return _STEPS.get(row.status, f"« {row.status.label} » : réponse à obtenir")


def planned(row: PlanningRow) -> str:
    """The visit planned, in a few words: day, start, technicians, project manager."""
    visit = row.visit
    when = f"le {visit.date:%d/%m/%Y}" if visit.date else "sans DATE"
    slot = f" à {visit.slot.label}" if visit.slot else ""
    return ", ".join((when + slot, *people(row)))


def people(row: PlanningRow) -> Iterator[str]:
    """Who goes there: the technicians, or where they come from, and the project manager."""
    visit = row.visit
    who = " / ".join(visit.technicians) or " + ".join(origin.label for origin in visit.origins)
    if who:
        yield who
    if visit.project_manager:
        yield f"CP {visit.project_manager}"


def lacks_to_be_planned(row: PlanningRow) -> Iterator[str]:
    """The cells that must be filled in, and the agreement that must hold, before the appointment can be set."""
    visit = row.visit
    cells = (
        ("DATE", visit.date),
        ("HEURE", visit.slot),
        ("TECH", visit.origins),
        ("NOM CP", visit.project_manager),
        ("NOM TECH", visit.technicians or Origin.DIRECT not in visit.origins),
    )
    yield from (header for header, filled in cells if not filled)
    if visit.technician_agreed is not None and not visit.technician_holds:
        yield "l'accord du technicien pour cette DATE et cette HEURE"


def lacks_for_the_day(row: PlanningRow) -> Iterator[str]:
    """What an appointment still lacks: parcel, name, project manager, portability, partner, technician."""
    visit = row.visit
    if row.equipment is not False and row.material is not Material.DELIVERED:
        yield "le colis (matériel non livré)"
    if not visit.technicians:
        yield "le NOM TECH" + ("" if Origin.DIRECT in visit.origins else " (à donner par le sous-traitant)")
    if not visit.project_manager:
        yield "le NOM CP"
    if row.porta.state in (Porta.TO_ASK, Porta.ASKED):
        yield "la portabilité (non confirmée)"
    if row.porta.state is Porta.UNKNOWN:
        yield "l'état de la portabilité (inconnu)"
    if any(wait.kind == PARTNER for wait in row.waits):
        yield "la réponse du partenaire"
    if not visit.technician_holds:
        yield "la confirmation du technicien"
