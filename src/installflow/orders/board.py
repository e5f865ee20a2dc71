"""The board as people and programs read it: cells of the 14 columns, JSON, filters, search and order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from installflow.errors import Invalid
from installflow.orders.alerts import clashes_with, clashing
from installflow.orders.brief import alerted
from installflow.orders.naming import is_among, squeezed, technicians_of
from installflow.orders.spreadsheet import formatting as write
from installflow.orders.terms import HEADERS, OrderStatus, key_of
from installflow.orders.waits import FINALS

if TYPE_CHECKING:
    from uuid import UUID

    from installflow.orders.planning_row import PlanningRow
    from installflow.workflow.reading import Line

PHASES = {OrderStatus.RDV_POSE: "rdv_pose", OrderStatus.CLOTUREE: "cloturee"}
"""The two moments of Installation (R-BOARD-31)."""

_STATUSES = {status.value: status for status in OrderStatus}
_FINALS = frozenset(status.value for status in FINALS)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One order on the board on a given day: its line, and the alerts of that day."""

    line: Line[PlanningRow]
    alerts: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        """Whether both show the same, read from wherever."""
        return isinstance(other, BoardRow) and (self.row, self.alerts) == (other.row, other.alerts)

    def __hash__(self) -> int:
        """Of one order and day, the same."""
        return hash((self.id, self.alerts))

    @property
    def row(self) -> PlanningRow:
        """The whole row, read from the store on the first asking."""
        return self.line.row

    @property
    def id(self) -> UUID:
        """The order's id."""
        return self.line.id

    @property
    def status(self) -> OrderStatus:
        """STATUT."""
        return _STATUSES[self.line.brief.status]

    @property
    def cells(self) -> dict[str, str]:
        """The text of the 14 cells, in their order."""
        return dict(zip(HEADERS, self.line.brief.cells, strict=True))

    def as_json(self) -> dict[str, Any]:
        """The row under the keys of the public contract."""
        row, visit, cells = self.row, self.row.visit, self.cells
        return {
            "id": str(row.id),
            "ref": row.ref,
            "imper": [reminder.date.isoformat() for reminder in row.reminders],
            "client": row.client,
            "partner": row.partner,
            "date": _iso(visit.date),
            "porta": {
                "state": row.porta.state.value,
                "date": _iso(row.porta.date),
                "operator": row.porta.operator,
                "remarks": row.porta.remarks,
                "raw": row.porta.raw,
            },
            "slot": visit.slot.value if visit.slot else None,
            "technician_origin": cells["TECH"],
            "technician": cells["NOM TECH"],
            "project_manager": cells["NOM CP"],
            "status": row.status.label,
            "phase": PHASES.get(row.status),
            "comments": cells["COMMENTAIRES PLANIF"],
            "material": cells["MATÉRIEL REÇU"],
            "tracking": [parcel.number for parcel in row.parcels],
            "billing_info": cells["INFOS FACTURATION"],
            "phones": row.phones,
            "visits": [*map(_past, row.visits), *_planned(row)],
            "waits": [{"kind": w.kind, "of": w.of, "since": w.since.isoformat()} for w in row.waits],
            "alerts": list(self.alerts),
            "raw": {**row.typed, **row.extra},
        }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _past(visit: Any) -> dict[str, Any]:
    return visit.model_dump(mode="json")  # type: ignore[no-any-return]  # a row's part is a pydantic model


def _planned(row: PlanningRow) -> list[dict[str, Any]]:
    visit = row.visit
    origin = write.format_origins(visit.origins)
    planned = [(visit.date, visit.slot, visit.technicians)] if visit.date and not (row.is_final or row.reported) else []
    planned += [(further.date, further.slot, further.technicians) for further in visit.further]
    return [
        {
            "date": _iso(date),
            "slot": slot.value if slot else None,
            "origin": origin,
            "technician": write.format_names(technicians),
            "outcome": None,
        }
        for date, slot, technicians in planned
    ]


def typed_of(row: PlanningRow) -> dict[str, dt.date | dt.time]:
    """The cells of a row that are one date or one time."""
    typed: dict[str, dt.date | dt.time] = {}
    if row.visit.date:
        typed["DATE"] = row.visit.date
    if len(row.reminders) == 1 and not row.reminders[0].note:
        typed["IMPER"] = row.reminders[0].date
    return typed


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """Which orders to show, and in which order (R-BOARD-01); every filter given must hold.

    ``sort`` is a column header, a JSON key, or ``-`` and one of them for the other way round.
    """

    status: str = ""
    partner: str = ""
    technician: str = ""
    project_manager: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    search: str = ""
    sort: str = ""
    all: bool = False

    @property
    def shows_finished(self) -> bool:
        """Whether finished orders may be among those it shows."""
        return self.all or key_of(self.status) in {key_of(name) for one in FINALS for name in (one.label, one.value)}

    def __post_init__(self) -> None:
        """Raise `Invalid` for a status nobody has, a day that is none, or a value of another kind."""
        for name in ("status", "partner", "technician", "project_manager", "search", "sort"):
            if not isinstance(getattr(self, name), str):
                msg = f"{name} est un texte, pas {str(getattr(self, name))[:40]!r}"
                raise Invalid(msg)
        for name in ("start", "end"):
            object.__setattr__(self, name, _day(name, getattr(self, name)))
        known = {key_of(name) for status in OrderStatus for name in (status.label, status.value)}
        if self.status and key_of(self.status) not in known:
            labels = ", ".join(dict.fromkeys(status.label for status in OrderStatus))
            msg = f"« {self.status[:60]} » n'est pas un statut ; au choix : {labels}"
            raise Invalid(msg)
        object.__setattr__(self, "all", _answer("all", self.all))


_ANSWERS = {"true": True, "1": True, "oui": True, "false": False, "0": False, "non": False}


def _answer(name: str, value: Any) -> bool:
    """A yes or a no, in a text as a web page's query or a person writes it."""
    answer = _ANSWERS.get(key_of(value)) if isinstance(value, str) else value
    if answer not in (True, False):
        msg = f'{name} se répond par oui ou non (True, False, "1", "0"), pas {str(value)[:40]!r}'
        raise Invalid(msg)
    return bool(answer)


def _day(name: str, value: Any) -> dt.date | None:
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        msg = f"{name} est un jour (une date, ou 2027-04-14), pas {str(value)[:40]!r}"
        raise Invalid(msg) from None


def board(
    lines: Iterable[Line[PlanningRow]],
    today: dt.date,
    query: BoardQuery,
    parameters: Callable[[str], Mapping[str, Any]],
) -> list[BoardRow]:
    """The rows of a query as they stand on a day; finished orders are left out unless asked for.

    ``lines`` are every order, or those under way and all that share a tracking number with one of them.
    """
    kept = list(lines)
    together = clashing(kept)
    for holds in _asked(query):
        kept = list(filter(holds, kept))
    policies, day = cache(parameters), today.toordinal()
    shown = [BoardRow(line, alerted(line, day, policies(line.brief.partner))) for line in kept]
    if together:
        shown = [BoardRow(one.line, (*one.alerts, *together.get(one.id, ()))) for one in shown]
    return _sorted(shown, query.sort)


def one_on_board(
    one: UUID, lines: Iterable[Line[PlanningRow]], today: dt.date, parameters: Callable[[str], Mapping[str, Any]]
) -> BoardRow | None:
    """The row of one order as `board` shows it among all, finished or not."""
    everything = list(lines)
    line = next((line for line in everything if line.id.int == one.int), None)
    if line is None:
        return None
    alerts = alerted(line, today.toordinal(), parameters(line.brief.partner))
    return BoardRow(line, (*alerts, *clashes_with(line, everything)))


def _asked(query: BoardQuery) -> list[Callable[[Line[PlanningRow]], bool]]:
    """What a query asks of each row; nothing for what it leaves blank."""
    status, partner = key_of(query.status), squeezed(query.partner)
    words = key_of(query.search).split()
    start, end = query.start or dt.date.min, query.end or dt.date.max
    wanted = {one.value for one in OrderStatus if status in (key_of(one.label), key_of(one.value))}
    filters: tuple[tuple[Any, Callable[[Line[PlanningRow]], bool]], ...] = (
        (not (query.all or query.status), lambda line: line.brief.status not in _FINALS),
        (query.status, lambda line: line.brief.status in wanted),
        (query.partner, lambda line: partner == squeezed(line.brief.partner)),
        (query.technician, lambda line: is_among(query.technician, technicians_of(line.row))),
        (query.project_manager, lambda line: is_among(query.project_manager, [line.row.visit.project_manager])),
        (query.start or query.end, lambda line: _is_between(line.row.visit.date, start, end)),
        (query.search, lambda line: _mentions(line, words)),
    )
    return [holds for asked, holds in filters if asked]


def _is_between(day: dt.date | None, start: dt.date, end: dt.date) -> bool:
    return day is not None and start <= day <= end


def _mentions(line: Line[PlanningRow], words: Iterable[str]) -> bool:
    """Whether every word is somewhere in the row, whatever its case and accents."""
    text = key_of(" ".join((*line.brief.cells, line.brief.beside)))
    return all(word in text for word in words)


_SORTS: Mapping[str, Callable[[BoardRow], Any]] = {
    "IMPER": lambda b: b.row.reminders[0].date if b.row.reminders else None,
    "CLIENT": lambda b: key_of(b.row.client) or None,
    "PARTENAIRE": lambda b: key_of(b.row.partner) or None,
    "DATE": lambda b: b.row.visit.date,
    "PORTA PRÉVUE LE": lambda b: b.row.porta.date,
    "HEURE": lambda b: b.row.visit.slot.value if b.row.visit.slot else None,
    "TECH": lambda b: b.cells["TECH"] or None,
    "NOM TECH": lambda b: key_of(b.cells["NOM TECH"]) or None,
    "NOM CP": lambda b: key_of(b.row.visit.project_manager) or None,
    "STATUT": lambda b: list(OrderStatus).index(b.row.status),
    "N° CHRONO": lambda b: b.cells["N° CHRONO"] or None,
    "PHONES": lambda b: b.row.phones,
    "REF": lambda b: b.row.ref or None,
}
_JSON_NAMES = {
    "client": "CLIENT", "partner": "PARTENAIRE", "date": "DATE", "porta": "PORTA PRÉVUE LE", "slot": "HEURE",
    "technician_origin": "TECH", "technician": "NOM TECH", "project_manager": "NOM CP", "status": "STATUT",
    "imper": "IMPER", "tracking": "N° CHRONO",
}  # fmt: skip


def _sorted(rows: list[BoardRow], sort: str) -> list[BoardRow]:
    if not sort:
        rows.sort(key=lambda b: b.line.id.int)  # in two steps: rows are stored by id, so the first finds it done
        return sorted(rows, key=lambda b: b.line.brief.opened)
    backwards, name = sort.startswith("-"), sort.removeprefix("-")
    wanted = key_of(_JSON_NAMES.get(name, name))
    key = next((function for header, function in _SORTS.items() if key_of(header) == wanted), None)
    if key is None:
        msg = f"on ne trie pas par « {name[:60]} » ; au choix : {', '.join(_SORTS)}"
        raise Invalid(msg)
    rows = sorted(rows, key=lambda b: (key_of(b.row.client), b.id.int))  # what is equal stands by client
    known = [row for row in rows if key(row) is not None]
    blank = [row for row in rows if key(row) is None]
    return [*sorted(known, key=key, reverse=backwards), *blank]
