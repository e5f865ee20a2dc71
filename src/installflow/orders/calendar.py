"""The technicians' calendar: one small aggregate per technician and day, whose version arbitrates bookings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from uuid import UUID, uuid5

from installflow.orders.entry import Day
from installflow.orders.terms import Slot, key_of
from installflow.workflow.aggregate import Aggregate, evolves
from installflow.workflow.event import Event
from installflow.workflow.fields import FilledPersonal, Personal
from installflow.workflow.guard import reads_event
from installflow.workflow.status import Status
from installflow.workflow.table import SAME, Target, Transition, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from installflow.workflow.event import Recorded
    from installflow.workflow.guard import Facts

DAYS = UUID("6f0b7c1e-5f43-5d0c-9a57-1d3c7a1f2e64")
"""Namespace of the technicians' days; frozen: a day's id is derived from it for ever."""

Part = Literal["journée", "matin", "après-midi"]

WHOLE = "journée"

WHOLE_DAY = "day"
HALF_DAY = "half_day"


class DayBooked(Event, topic="technician_day.booked", trigger="reserver_journee", said="Journée réservée"):
    """A technician's day, or half of it, is held for an order; taken already, only with a reason."""

    technician: FilledPersonal
    day: Day
    order: UUID
    client: Personal = ""
    part: Literal["journée", "matin", "après-midi"] = "journée"
    override_reason: Personal = ""


class DayReleased(Event, topic="technician_day.released", trigger="liberer_journee", said="Journée libérée"):
    """An order gave a technician's day back."""

    order: UUID


class TechnicianAbsent(Event, topic="technician_day.absent", trigger="technicien_absent", said="Technicien absent"):
    """The technician is away that day: nobody may book it, and every order that had is alerted."""

    technician: FilledPersonal
    day: Day
    reason: FilledPersonal


class AbsenceCancelled(
    Event, topic="technician_day.absence_cancelled", trigger="annuler_absence", said="Absence annulée"
):
    """The technician is there that day after all: the day may be booked again."""

    technician: FilledPersonal
    day: Day


def technician_is_absent(day: TechnicianDay, _facts: Facts) -> str | None:
    """An absence is cancelled only where there is one."""
    return None if day.absent else "aucune absence n'est enregistrée ce jour-là"


class DayStatus(Status):
    """A technician's day has no life of its own: it exists, and holds bookings."""

    OPEN = "open", "Ouverte"


@dataclass(frozen=True, slots=True)
class Held:
    """One order's hold on a day, or on a part of it."""

    order: UUID
    client: str
    part: str

    def meets(self, part: str) -> bool:
        """Whether this hold and another of that part overlap."""
        return WHOLE in (self.part, part) or self.part == part


@reads_event(DayBooked)
def technician_is_free(day: TechnicianDay, _facts: Facts, event: DayBooked | None) -> str | None:
    """A technician is not booked twice for one day, unless a reason overrides it (R-BOARD-07)."""
    if event is None or event.override_reason:
        return None
    if day.absent:
        return f"{event.technician} est absent ce jour-là ({day.absent}) : choisir un autre jour ou un autre technicien"
    taken = sorted({held.client for held in day.held if held.order != event.order and held.meets(event.part)})
    if taken:
        return (
            f"{event.technician} est déjà pris ce jour-là par {', '.join(taken)} : "
            "autre jour, autre technicien, ou une raison de passer outre (malgré=…)"
        )
    return None


ABOUT_PEOPLE = (TechnicianAbsent, AbsenceCancelled)
"""What people record on a day; bookings are recorded by the orders that hold them, never by hand."""

WORKFLOW = Workflow(
    "technician_day",
    statuses=DayStatus,
    opens={
        DayBooked: Target(DayStatus.OPEN, guards=(technician_is_free,)),
        TechnicianAbsent: DayStatus.OPEN,
    },
    transitions=(
        Transition(DayBooked, {DayStatus.OPEN}, SAME, guards=(technician_is_free,)),
        Transition(DayReleased, {DayStatus.OPEN}, SAME),
        Transition(TechnicianAbsent, {DayStatus.OPEN}, SAME),
        Transition(AbsenceCancelled, {DayStatus.OPEN}, SAME, guards=(technician_is_absent,)),
    ),
    finals={DayStatus.OPEN},
    roles={event: {"planner", "project_manager", "technician", "supervisor"} for event in ABOUT_PEOPLE},
)


class TechnicianDay(Aggregate, kind="technician_day", workflow=WORKFLOW):
    """One technician's day: which orders hold it, and whether the technician is away."""

    def __init__(self, id: UUID) -> None:  # noqa: A002  # the envelope's own word
        super().__init__(id)
        self.technician = ""
        self.day: dt.date | None = None
        self.held: tuple[Held, ...] = ()
        self.absent = ""

    @staticmethod
    def id_for(event: DayBooked | TechnicianAbsent | AbsenceCancelled) -> UUID:
        """The id of the day an opening event is about."""
        return day_id(event.technician, event.day)

    @property
    def label(self) -> str:
        """The technician and the day."""
        return f"{self.technician} le {self.day:%d/%m/%Y}" if self.day else super().label

    @evolves(DayBooked)
    def _booked(self, event: DayBooked, _recorded: Recorded) -> None:
        self.technician, self.day = event.technician, event.day
        others = tuple(held for held in self.held if held.order != event.order)
        self.held = (*others, Held(event.order, event.client, event.part))

    @evolves(DayReleased)
    def _released(self, event: DayReleased, _recorded: Recorded) -> None:
        self.held = tuple(held for held in self.held if held.order != event.order)

    @evolves(TechnicianAbsent)
    def _is_absent(self, event: TechnicianAbsent, _recorded: Recorded) -> None:
        self.technician, self.day, self.absent = event.technician, event.day, event.reason

    @evolves(AbsenceCancelled)
    def _is_back(self, _event: AbsenceCancelled, _recorded: Recorded) -> None:
        self.absent = ""


def technician_key(name: str) -> str:
    """What tells technicians apart: the same for every spelling of a name; a name without letters is its own."""
    return key_of(name) or name.strip()


def day_id(technician: str, day: dt.date) -> UUID:
    """The id of a technician's day: the same for every spelling of the name."""
    return uuid5(DAYS, f"{technician_key(technician)} {day.isoformat()}")


def part_of(slots: Iterable[Slot | None], unit: str) -> Part:
    """What installations starting at these slots hold: the day, or by policy the half they all are in (A-09)."""
    halves: set[Part] = {"matin" if slot and slot.value < "12:00" else "après-midi" for slot in slots}
    if unit != HALF_DAY or None in slots or len(halves) > 1:
        return "journée"
    return halves.pop()
