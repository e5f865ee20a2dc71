"""What deserves a planner's eyes on a row, told for the day it is read; nothing here refuses.

What a row alone shows is worked out for any day and stored before it (`Brief`): whoever changes a condition or a
sentence raises the version of the planning view.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from installflow.france.workdays import day_off, working_days_after, working_days_between
from installflow.orders.spreadsheet import formatting as write
from installflow.orders.spreadsheet.tracking import s10_warning
from installflow.orders.terms import Material, OrderStatus, Origin, Porta, key_of
from installflow.orders.waits import SHOWN_WAIT, TECHNICIAN
from installflow.workflow.view import once_a_row
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from installflow.orders.planning_row import PlanningRow
    from installflow.workflow.reading import Line

ANSWER_DAYS = 2
"""Working days after which a silent wait is overdue, and a reminder is proposed; portability takes one more."""

NEAR = 3
NAMED_BY = 2
"""Days before an appointment on which its parcel and staging, and its technician's name, are missed."""

NAMED_TOGETHER = 5
"""How many of the other orders a clash names: a whole board may bear the same number by mistake."""


NEVER = 10_000_000
"""The number of a day later than any there is; the first day there is has number 1."""


class Dated(NamedTuple):
    """An alert of some days only, the first and the last by their number: those a calendar ends with have no next."""

    sentence: str
    first: int = 0
    last: int = NEVER


def alerts_of(row: PlanningRow, today: dt.date, parameters: Mapping[str, Any]) -> list[str]:
    """Every alert of one row on a day, in French; ``parameters`` are those of its partner's policy."""
    return told_on(today.toordinal(), alerts_on_any_day(row, parameters))


def told_on(day: int, alerts: Iterable[str | Dated | list[Any]]) -> list[str]:
    """What is told of these alerts on the day of a number; `Dated` ones may have been lists of JSON meanwhile."""
    return [
        one if isinstance(one, str) else one[0] for one in alerts if isinstance(one, str) or one[1] <= day <= one[2]
    ]


def alerts_on_any_day(row: PlanningRow, parameters: Mapping[str, Any]) -> Iterator[str | Dated]:
    """Every alert of one row, whatever the day."""
    for notice in row.notices:
        yield notice.sentence
    if row.is_final:
        yield from _at_the_end(row)
        return
    if not row.partner:
        yield "PARTENAIRE à préciser"
    if parameters["lookalike"]:
        yield f"PARTENAIRE « {row.partner} » sans règles à lui : plutôt {parameters['lookalike']} ?"
    if row.cancel_asked:
        yield f"annulation demandée ({row.cancel_reason}) : la confirmer avec le partenaire ou la retirer"
    yield from _steps(row, parameters["collecte_threshold"])
    yield from _visit(row)
    if row.status is OrderStatus.TO_PLAN:
        yield from _ready(row)
    if row.status is OrderStatus.RDV_POSE:
        yield from _confirmer(row, parameters["confirmer"])
    yield from _porta(row)
    yield from _reminders(row)
    yield from _parcels(row)
    yield from unread_cells(row)
    if row.status is OrderStatus.STAND_BY:
        yield from _undone(row)


def unread_cells(row: PlanningRow) -> Iterator[str]:
    """The cells nobody could read, those that hold something first."""
    if row.unread:
        yield from (f"{header} illisible : « {text} »" for header, text in row.unread.items() if text)
        yield from (f"{header} vide dans le tableau : à préciser" for header, text in row.unread.items() if not text)


def _steps(row: PlanningRow, threshold: int) -> Iterator[str]:
    unknown = row.phones is None and not row.collected
    required = (row.phones or 0) > threshold and not row.collected
    early = row.status in (OrderStatus.NEW, OrderStatus.COLLECTE)
    if row.presumed:
        why = "reprise du tableau" if row.imported else "correction du statut"
        about = f", obligatoire au-delà de {threshold} téléphones : à vérifier" if required else ""
        about = ", nombre de téléphones inconnu" if unknown else about
        yield f"collecte et étapes précédentes présumées faites ({why}){about}"
    elif unknown:
        yield "nombre de téléphones inconnu"
    elif required and not early:
        yield f"collecte obligatoire (plus de {threshold} téléphones) non faite"
    if row.billed:
        yield "facturée avant la clôture"


def _ready(row: PlanningRow) -> Iterator[str]:
    """A technician who agreed waits for the appointment to be set: what is missing for it."""
    visit = row.visit
    if visit.date is None or visit.technician_agreed is None:
        return
    agreed = visit.technician_agreed
    if agreed.date != visit.date or agreed.slot != visit.slot:
        when = f"{agreed.date:%d/%m/%Y}" if agreed.date else "un autre jour"
        when += f" à {agreed.slot.label}" if agreed.slot else ""
        yield f"le technicien a dit oui pour le {when}, pas pour la DATE affichée : l'accorder (planifier_rdv)"
        return
    needs = {"HEURE": visit.slot, "TECH": visit.origins, "NOM CP": visit.project_manager}
    lacks = " et ".join(name for name, value in needs.items() if not value)
    yield "technicien d'accord : " + (f"il manque {lacks}" if lacks else "confirmer l'installation")


def _visit(row: PlanningRow) -> Iterator[str | Dated]:
    visit, date = row.visit, row.visit.date
    if row.status is OrderStatus.ATTENTE_TECH and visit.is_5com:
        yield "TECH est 5 com mais le statut est Attente tech : plutôt Att 5COM"
    if row.status is OrderStatus.ATT_5COM and visit.origins and not visit.is_5com:
        yield "TECH n'est pas 5 com mais le statut est Att 5COM : plutôt Attente tech"
    if date is None:
        if row.status is OrderStatus.RDV_POSE:
            yield "RDV posé sans DATE : la poser, ou corriger le statut"
        return
    off = day_off(date)
    if off:
        yield f"DATE le {date:%d/%m/%Y} : {off}"
    if row.status is OrderStatus.RDV_POSE:
        yield from _appointment(row, date)
    elif row.day_kept and visit.days():
        yield f"journée du {date:%d/%m/%Y} gardée pendant l'attente : la confirmer ou la libérer"
    else:
        day = date.toordinal()
        yield Dated(f"DATE passée ({write.format_date(date)})", first=day + 1)
        if visit.technicians and not visit.booked and row.status is not OrderStatus.STAND_BY:
            yield Dated(f"DATE affichée mais journée non réservée ({date:%d/%m/%Y})", last=day)


def _appointment(row: PlanningRow, date: dt.date) -> Iterator[str | Dated]:
    visit, day = row.visit, date.toordinal()
    over = (
        "visite terminée : clôturer"
        if row.reported
        else f"RDV du {write.format_date(date)} passé : clôture à confirmer"
    )
    yield Dated(over, first=day + 1)
    if not visit.technician_holds:
        yield "disponibilité du technicien à reconfirmer pour ce RDV"
    if not visit.project_manager:
        yield "NOM CP manquant"
    if visit.slot is None and "HEURE" not in row.unread:
        yield "HEURE manquante"
    if not visit.technicians:
        yield Dated("NOM TECH manquant", first=0 if Origin.DIRECT in visit.origins else day - NAMED_BY)
    if row.equipment is not False and row.material is not Material.DELIVERED:
        yield Dated("matériel non livré à moins de trois jours du RDV", day - NEAR, day)
    if row.equipment is not False and not row.staged:
        yield Dated("staging non terminé à moins de trois jours du RDV", day - NEAR, day)


def _confirmer(row: PlanningRow, confirmer: str) -> Iterator[str]:
    if confirmer and row.visit.date and not row.visit.partner_holds:
        yield f"confirmation de {confirmer} à reprendre pour ce RDV"


def _porta(row: PlanningRow) -> Iterator[str]:
    porta, date = row.porta, row.visit.date
    if row.status is OrderStatus.RDV_POSE:
        if porta.state is Porta.UNKNOWN:
            yield "portabilité inconnue : sans, à demander, demandée ou confirmée ?"
        if porta.state in (Porta.TO_ASK, Porta.ASKED):
            yield "portabilité non confirmée"
    if porta.date and date and porta.date != date:
        order = "après" if porta.date > date else "avant"
        yield f"portabilité le {porta.date:%d/%m/%Y}, {order} l'installation du {date:%d/%m/%Y}"


def _reminders(row: PlanningRow) -> Iterator[str | Dated]:
    for reminder in row.reminders:
        yield Dated(f"IMPER dépassé ({write.format_date(reminder.date)})", first=reminder.date.toordinal() + 1)
    proposed = proposed_reminder(row)
    if proposed:
        yield f"aucun IMPER : en poser un, par exemple le {proposed:%d/%m/%Y}"


def proposed_reminder(row: PlanningRow) -> dt.date | None:
    """The reminder proposed in a waiting status that has none: three working days for Att porta, two for others."""
    waiting = row.status in SHOWN_WAIT or row.status is OrderStatus.STAND_BY
    if not waiting or row.reminders:
        return None
    days = ANSWER_DAYS + (row.status is OrderStatus.ATT_PORTA)
    return working_days_after(row.moved_at.astimezone(PARIS).date(), days)


def _parcels(row: PlanningRow) -> Iterator[str]:
    if row.material is not None and not row.parcels:
        yield f"{row.material.label} sans N° CHRONO"
    for parcel in row.parcels:
        fault = s10_warning(parcel.number.replace(" ", "").upper())
        if fault:
            yield fault


def _undone(row: PlanningRow) -> Iterator[str]:
    if row.porta.state in (Porta.ASKED, Porta.CONFIRMED):
        yield "portabilité toujours en cours chez l'opérateur : la suspendre"
    away = any(parcel.state != "retourné" for parcel in row.parcels) if row.parcels else not row.returned
    if row.material is not None and away:
        yield "matériel parti chez le client : à récupérer"


def _at_the_end(row: PlanningRow) -> Iterator[str]:
    if row.status is not OrderStatus.ANNULER:
        return
    if not row.cancel_confirmed:
        yield "annulation sans confirmation du partenaire : la lui demander"
    yield from _undone(row)
    if row.billed:
        yield "déjà facturée : avoir à établir"


def overdue(row: PlanningRow, today: dt.date) -> list[tuple[str, str, int]]:
    """The answers that are late: what, from whom, for how many working days."""
    late = []
    for wait in row.waits:
        silent = working_days_between(wait.since.astimezone(PARIS).date(), today)
        if silent > ANSWER_DAYS + (wait.kind not in (TECHNICIAN, "partenaire", "annulation")):
            late.append((wait.kind, wait.of, silent))
    return late


class Held(NamedTuple):
    """Something only one order may hold at once: which kind of thing, what it is, and what to say when two do."""

    kind: int
    what: str
    sentence: str


TECHNICIAN_DAY, MANAGER_SLOT, NUMBER, CLIENT = range(4)
"""The kinds of things that two orders may hold, in the order they are told."""


@once_a_row
def held(row: PlanningRow) -> tuple[Held, ...]:
    """What an order holds that no other should."""
    things = [Held(NUMBER, key_of(parcel.number), "N° CHRONO en double") for parcel in row.parcels]
    if row.is_final:
        return tuple(things)
    for technician, day in row.visit.days():
        said = write.format_date(day)
        things.append(Held(TECHNICIAN_DAY, f"{technician} {said}", f"double réservation du technicien le {said}"))
    visit = row.visit
    if visit.date and visit.slot and visit.project_manager and row.status is not OrderStatus.STAND_BY:
        when = f"{write.format_date(visit.date)} à {visit.slot.value}"
        who = key_of(visit.project_manager)
        things.append(Held(MANAGER_SLOT, f"{who} {when}", f"le chef de projet a deux installations le {when}"))
    who = f"{key_of(row.client)}/{key_of(row.partner)}"  # a key has no stroke
    things.append(Held(CLIENT, who, "doublon possible : même CLIENT, même PARTENAIRE"))
    return tuple(things)


def clashes(rows: Iterable[PlanningRow]) -> dict[UUID, list[str]]:
    """What only several rows together show: a technician, a project manager or a tracking number twice."""
    first: dict[Held, PlanningRow] = {}
    several: dict[Held, list[PlanningRow]] = {}
    for row in rows:
        for thing in held(row):
            other = first.setdefault(thing, row)
            if other is not row:
                several.setdefault(thing, [other]).append(row)
    found: dict[UUID, list[str]] = defaultdict(list)
    if several:
        for thing in sorted(filter(several.__contains__, first), key=attrgetter("kind")):
            _tell(found, several[thing], thing.sentence)
    return found


def clashing(lines: Sequence[Line[PlanningRow]]) -> dict[UUID, list[str]]:
    """`clashes` of the rows of these lines; none is read that clashes with nothing."""
    keys = [key for line in lines for key in line.brief.keys]
    if len(set(keys)) == len(keys):
        return {}
    twice = {key for key, times in Counter(keys).items() if times > 1}
    return clashes([line.row for line in lines if not twice.isdisjoint(line.brief.keys)])


def clashes_with(one: Line[PlanningRow], lines: Iterable[Line[PlanningRow]]) -> list[str]:
    """What `clashing` of all the lines says of one of them."""
    keys = frozenset(one.brief.keys)
    return clashes([line.row for line in lines if not keys.isdisjoint(line.brief.keys)]).get(one.id, [])


def _tell(found: dict[UUID, list[str]], several: list[PlanningRow], sentence: str) -> None:
    together = {row.id: row for row in several}
    others = len(together) - 1
    if not others:
        return
    more = f" et {others - NAMED_TOGETHER} de plus" if others > NAMED_TOGETHER else ""
    for row in together.values():
        named = islice((other.client for other in together.values() if other is not row), NAMED_TOGETHER)
        found[row.id].append(f"{sentence} (aussi : {', '.join(named)}{more})")
