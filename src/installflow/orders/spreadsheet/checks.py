"""What only several cells, or several lines, tell together; remarks, never a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from installflow.france.workdays import day_off
from installflow.orders.spreadsheet import comments
from installflow.orders.spreadsheet.choices import CLOSED
from installflow.orders.spreadsheet.formatting import format_slot
from installflow.orders.spreadsheet.row import ReadRow, Remark
from installflow.orders.terms import Material, OrderStatus, Origin, Porta, key_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

COLLECTE_ABOVE = 4
_BEFORE_COLLECTE = {OrderStatus.NEW, OrderStatus.COLLECTE}
_RELEASED = {OrderStatus.STAND_BY, OrderStatus.ANNULER}
"""A technician is not blocked for these (A-14)."""
_INSTALLATION = {OrderStatus.RDV_POSE, OrderStatus.CLOTUREE}


def check_row(row: ReadRow, today: dt.date) -> tuple[OrderStatus | None, list[Remark]]:
    """The status the row's other cells suggest, if any, and the remarks on what does not hold together."""
    remarks = [
        Remark(row.raw.line, header, row.raw.cells.get(header, ""), message, row.raw.sheet)
        for check in (_dates, _porta, _people, _parcels, _collecte, _cancellation)
        for header, message in check(row, today)
    ]
    suggested = _suggested(row, today)
    if suggested in {OrderStatus.ATT_5COM, OrderStatus.ATTENTE_TECH} and row.status:
        origin = " + ".join(o.label for o in row.origins)
        message = f"TECH={origin} mais statut {row.status.label} : « {suggested.label} » est proposé"
        remarks.append(Remark(row.raw.line, "STATUT", row.raw.cells.get("STATUT", ""), message, row.raw.sheet))
    return suggested, remarks


def cross_check(rows: Iterable[ReadRow]) -> list[Remark]:
    """The remarks that need the whole board: bookings, parcels and orders that appear on an earlier line already."""
    seen = _Seen()
    return [
        Remark(row.raw.line, header, row.raw.cells.get(header, ""), message, row.raw.sheet)
        for row in rows
        if not row.refused
        for look in (seen.order, seen.parcels, seen.bookings)
        for header, message in look(row)
    ]


@dataclass(slots=True)
class _Seen:
    """The first row each thing was seen on, as the board is read from top to bottom."""

    rows: dict[tuple[object, ...], ReadRow] = field(default_factory=dict)

    def order(self, row: ReadRow) -> Iterator[tuple[str, str]]:
        if earlier := self._before(row, "order", key_of(row.client), key_of(row.partner)):
            yield "CLIENT", f"doublon possible de la ligne {_place(earlier, row)} : même CLIENT, même PARTENAIRE"

    def parcels(self, row: ReadRow) -> Iterator[tuple[str, str]]:
        for number in row.tracking:
            if earlier := self._before(row, "parcel", number):
                yield "N° CHRONO", f"N° CHRONO en double : {number} est déjà ligne {_place(earlier, row)}"

    def bookings(self, row: ReadRow) -> Iterator[tuple[str, str]]:
        if row.date is None or row.status in _RELEASED:
            return
        day, start = f"le {row.date:%d/%m/%Y}", format_slot(row.slot)
        for name in row.technicians:
            at_once = self._before(row, "slot", key_of(name), row.date, row.slot) if row.slot else None
            that_day = self._before(row, "day", key_of(name), row.date)
            if at_once:
                yield "NOM TECH", f"double réservation : {name} {day} à {start}, déjà pris ligne {_place(at_once, row)}"
            elif that_day:
                yield "NOM TECH", f"technicien déjà bloqué ce jour : {name} {day}, ligne {_place(that_day, row)}"
        name = row.project_manager
        if name and row.slot and (earlier := self._before(row, "manager", key_of(name), row.date, row.slot)):
            yield "NOM CP", f"{name} est déjà CP {day} à {start}, ligne {_place(earlier, row)}"

    def _before(self, row: ReadRow, *key: object) -> ReadRow | None:
        earlier = self.rows.setdefault(key, row)
        return None if earlier is row else earlier


def _place(earlier: ReadRow, row: ReadRow) -> str:
    sheet = f" de « {earlier.raw.sheet} »" if earlier.raw.sheet != row.raw.sheet else ""
    return f"{earlier.raw.place}{sheet}"


def _suggested(row: ReadRow, today: dt.date) -> OrderStatus | None:
    five_com = Origin.CINQ_COM in row.origins
    if row.status is OrderStatus.ATTENTE_TECH and set(row.origins) == {Origin.CINQ_COM}:
        return OrderStatus.ATT_5COM
    if row.status is OrderStatus.ATT_5COM and row.origins and not five_com:
        return OrderStatus.ATTENTE_TECH
    if row.status is OrderStatus.RDV_POSE and row.date and row.date < today:
        return OrderStatus.CLOTUREE
    return None


def _dates(row: ReadRow, today: dt.date) -> Iterator[tuple[str, str]]:
    if row.date:
        if rest := day_off(row.date):
            yield "DATE", f"le {row.date:%d/%m/%Y} est un {rest} : vérifiez avec le technicien"
        if row.date < today and row.status is OrderStatus.RDV_POSE:
            yield "DATE", "date passée : clôture à confirmer"
        elif row.date < today and row.status is None and row.suggested is not OrderStatus.ANNULER:
            yield "DATE", f"date passée : écrivez « {CLOSED} » en STATUT si c'est fait, sinon reportez l'installation"
        elif row.date < today and row.status not in {None, OrderStatus.ANNULER, OrderStatus.CLOTUREE}:
            yield "DATE", "date passée : reportez l'installation ou videz la cellule"
    if row.status is OrderStatus.ANNULER:
        return
    if row.reminders and max(r.date for r in row.reminders) < today:
        last = max(r.date for r in row.reminders)
        yield "IMPER", f"IMPER dépassé ({last:%d/%m/%Y}) : faites le point et fixez le rappel suivant"
    if row.status is OrderStatus.STAND_BY and not row.reminders and "IMPER" not in row.unread:
        yield "IMPER", "IMPER vide en Stand BY : fixez une date de rappel"


def _porta(row: ReadRow, today: dt.date) -> Iterator[tuple[str, str]]:
    header = "PORTA PRÉVUE LE"
    porta = row.porta
    if porta.date and row.date and porta.date > row.date:
        yield (
            header,
            f"porta après l'installation ({porta.date:%d/%m/%Y}, DATE {row.date:%d/%m/%Y}) : vérifiez les deux",
        )
    postponed = comments.postponed_to(row.comments, today)
    if porta.date and postponed and postponed != porta.date:
        yield header, f"report {postponed:%d/%m} en commentaire, {porta.date:%d/%m/%Y} dans la colonne : accordez-les"
    if porta.state not in {Porta.CONFIRMED, Porta.NONE} and comments.says_porta_confirmed(row.comments):
        yield header, "le commentaire dit la porta fiabilisée, pas la colonne : ajoutez-y « confirmée » si c'est acquis"


def _people(row: ReadRow, _today: dt.date) -> Iterator[tuple[str, str]]:
    if row.status not in _INSTALLATION:
        return
    read = {"DATE": row.date, "HEURE": row.slot, "NOM TECH": row.technicians, "NOM CP": row.project_manager}
    for header, value in read.items():
        if not value and header not in row.unread:
            yield header, f"{header} vide en Installation : à compléter"


def _parcels(row: ReadRow, _today: dt.date) -> Iterator[tuple[str, str]]:
    if row.material and not row.tracking and "N° CHRONO" not in row.unread:
        label = "LIVRÉ" if row.material is Material.DELIVERED else "ENVOYÉ"
        yield "MATÉRIEL REÇU", f"{label} sans N° CHRONO : notez le numéro du colis"


def _collecte(row: ReadRow, _today: dt.date) -> Iterator[tuple[str, str]]:
    over = row.phones is not None and row.phones > COLLECTE_ABOVE
    past = row.status is not None and row.status not in _BEFORE_COLLECTE | _RELEASED
    if not (over and past):
        return
    if comments.says_no_collecte(row.comments):
        absent = f"Collecte obligatoire (> {COLLECTE_ABOVE} téléphones) absente d'après le commentaire"
        yield "STATUT", f"{absent}, mais présumée faite d'après le statut : à vérifier, la reprendre s'il le faut"
    else:
        yield "STATUT", f"Collecte présumée faite ({row.phones} téléphones) : le tableau ne le dit pas, à confirmer"


def _cancellation(row: ReadRow, _today: dt.date) -> Iterator[tuple[str, str]]:
    if row.status is not OrderStatus.ANNULER:
        return
    if not row.cancel_confirmed:
        yield "STATUT", "annulation sans confirmation du partenaire : demandez-la"
    if not row.cancel_reason:
        yield "STATUT", "annulation sans motif lu : perte du contrat, changement d'avis du client, ou autre"
