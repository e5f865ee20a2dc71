"""The list of the day: what a planner has to look at this morning, under eight headings (R-BOARD-43)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from installflow.orders.alerts import overdue
from installflow.orders.planning_row import PlanningRow
from installflow.orders.terms import Material, OrderStatus, Origin, Porta, key_of

PARIS = ZoneInfo("Europe/Paris")
NEXT_DAYS = dt.timedelta(days=3)
STILL_DAYS = 10

SECTIONS = (
    "Rappels à faire",
    "RDV des trois prochains jours",
    "Portabilités du jour",
    "Réponses en retard",
    "Sans rappel ni mouvement depuis dix jours",
    "À clôturer",
    "À facturer",
)


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One thing to do, under its heading."""

    section: str
    id: UUID
    ref: str
    client: str
    partner: str
    status: OrderStatus
    what: str
    people: tuple[str, ...]
    date: dt.date | None

    def as_json(self) -> dict[str, Any]:
        """The item for programs."""
        return {
            "section": self.section,
            "id": str(self.id),
            "ref": self.ref,
            "client": self.client,
            "partner": self.partner,
            "status": self.status.label,
            "what": self.what,
            "date": self.date.isoformat() if self.date else None,
        }


def today_list(rows: Iterable[PlanningRow], today: dt.date, person: str = "") -> list[TodayItem]:
    """The list of a day, heading by heading, the oldest first; of one person's orders when named."""
    items = [
        TodayItem(section, row.id, row.ref, row.client, row.partner, row.status, what, _people(row), date)
        for row in rows
        for section, what, date in _of(row, today)
    ]
    wanted = key_of(person)
    kept = [item for item in items if not wanted or any(wanted in key_of(name) for name in item.people)]
    return sorted(kept, key=lambda i: (SECTIONS.index(i.section), i.date or today, i.client, str(i.id)))


def _people(row: PlanningRow) -> tuple[str, ...]:
    return (row.visit.project_manager, *row.visit.technicians, row.partner)


def _of(row: PlanningRow, today: dt.date) -> Iterator[tuple[str, str, dt.date | None]]:
    visit = row.visit
    for reminder in row.reminders:
        if reminder.date <= today and not row.is_final:
            what = reminder.note or f"vérifier par rapport à « {row.status.label} »"
            yield SECTIONS[0], what, reminder.date
    if row.status is OrderStatus.RDV_POSE and visit.date and today <= visit.date <= today + NEXT_DAYS:
        lacks = ", ".join(_lacks(row))
        slot = f" à {visit.slot.label}" if visit.slot else ""
        yield (
            SECTIONS[1],
            f"{visit.date:%d/%m}{slot} : " + (f"il manque {lacks}" if lacks else "tout est prêt"),
            visit.date,
        )
    if row.porta.date == today and row.status is not OrderStatus.ANNULER:
        yield (
            SECTIONS[2],
            f"portabilité {row.porta.state.label}" + (f", {row.porta.operator}" if row.porta.operator else ""),
            today,
        )
    if not row.is_final and row.status is not OrderStatus.STAND_BY:
        for kind, of, days in overdue(row, today):
            since = next(wait.since for wait in row.waits if wait.kind == kind)
            yield (
                SECTIONS[3],
                f"{kind} : {of or 'réponse'} attendu(e) depuis {days} jours ouvrés",
                since.astimezone(PARIS).date(),
            )
    last = row.last_at.astimezone(PARIS).date()
    if not row.is_final and not row.reminders and (today - last).days >= STILL_DAYS:
        yield SECTIONS[4], f"rien depuis le {last:%d/%m/%Y} : relancer ou poser un IMPER", last
    if row.status is OrderStatus.RDV_POSE and visit.date and visit.date < today:
        yield SECTIONS[5], f"RDV du {visit.date:%d/%m/%Y} passé : visite faite, à finir ou en échec ?", visit.date
    if row.status is OrderStatus.CLOTUREE and not row.billed:
        yield (
            SECTIONS[6],
            "installation clôturée"
            + (f", {row.billable_trips} déplacement(s) à facturer" if row.billable_trips else ""),
            row.moved_at.astimezone(PARIS).date(),
        )


def _lacks(row: PlanningRow) -> Iterator[str]:
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
    if any(wait.kind == "partenaire" for wait in row.waits):
        yield "la réponse du partenaire"
    if not visit.technician_holds:
        yield "la confirmation du technicien"
