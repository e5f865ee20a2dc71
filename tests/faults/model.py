"""Orders and technicians' days as a planner would tell them, in plain values: what the machine compares with.

Nothing here is taken from the orders' own rules: these few lines are a second reading of the requirements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from uuid import UUID

NEW, COLLECTE, STAGING, TO_PLAN = "New", "Collecte", "Staging", "En attente de planification"
STAND_BY, CANCELLED = "Stand BY", "Annuler"

STEPS = {
    "CollecteStarted": {NEW: COLLECTE},
    "CollecteCompleted": {NEW: NEW, COLLECTE: STAGING, STAGING: STAGING, TO_PLAN: TO_PLAN},
    "StagingStarted": {NEW: STAGING},
    "StagingCompleted": {NEW: NEW, COLLECTE: COLLECTE, STAGING: TO_PLAN, TO_PLAN: TO_PLAN},
}
"""What each step of the preparation makes of a status; where it is not named, it is refused."""


class DayOf(NamedTuple):
    """A technician on a day."""

    technician: str
    date: str


@dataclass(frozen=True)
class OrderModel:
    """An order as the board shows it."""

    client: str
    status: str = NEW
    left: str = ""
    date: str = ""
    technician: str = ""
    booked: bool = False
    comments: tuple[str, ...] = ()
    cancel_asked: bool = False

    @property
    def is_idle(self) -> bool:
        """Whether it may hold nobody's day: put off, or over."""
        return self.status in {STAND_BY, CANCELLED}

    @property
    def held(self) -> DayOf | None:
        """The day it holds."""
        whole = self.booked and self.date and self.technician
        return DayOf(self.technician, self.date) if whole else None

    @property
    def shown(self) -> tuple[str, str, str, str, tuple[str, ...]]:
        """Its line of the board."""
        return self.client, self.status, self.date, self.technician, self.comments


@dataclass
class Model:
    """All the orders there are, who is away, and how many events it took."""

    orders: dict[UUID, OrderModel] = field(default_factory=dict)
    away: set[DayOf] = field(default_factory=set)
    events: int = 0

    def holders(self, day: DayOf) -> set[UUID]:
        """The orders that hold a day."""
        return {one for one, order in self.orders.items() if order.held == day}

    def board(self) -> Mapping[UUID, tuple[str, str, str, str, tuple[str, ...]]]:
        """What the board shows."""
        return {one: order.shown for one, order in self.orders.items()}

    def put(self, one: UUID, order: OrderModel) -> None:
        """An order as it is now: one event, one more for the day given back, one for the day taken."""
        before = self.orders[one].held if one in self.orders else None
        self.orders[one] = order
        self.events += 1
        if order.held != before:
            self.events += (before is not None) + (order.held is not None) + (order.held in self.away)

    def step(self, one: UUID, name: str) -> bool:
        """A step of the preparation; ``False`` when it is refused."""
        order = self.orders[one]
        reached = STEPS[name].get(order.status)
        if reached is None:
            return False
        self.put(one, replace(order, status=reached))
        return True

    def plan(self, one: UUID, day: DayOf, *, override: bool) -> bool:
        """A technician and a date are given; refused when somebody else has that day, or he is away."""
        order = self.orders[one]
        later = replace(order, technician=day.technician, date=day.date, booked=not order.is_idle)
        takes = later.held is not None and later.held != order.held
        if takes and not override and (self.holders(day) - {one} or day in self.away):
            return False
        self.put(one, later)
        return True

    def put_off(self, one: UUID) -> bool:
        """Stand BY: the day is given back."""
        order = self.orders[one]
        if order.is_idle:
            return False
        self.put(one, replace(order, status=STAND_BY, left=order.status, booked=False))
        return True

    def resume(self, one: UUID) -> bool:
        """Back to the status it had; the day is not taken again by itself."""
        order = self.orders[one]
        if order.status != STAND_BY:
            return False
        self.put(one, replace(order, status=order.left))
        return True

    def ask_to_cancel(self, one: UUID) -> bool:
        """Asked for once."""
        order = self.orders[one]
        if order.cancel_asked or order.status == CANCELLED:
            return False
        self.put(one, replace(order, cancel_asked=True))
        return True

    def cancel(self, one: UUID) -> bool:
        """Only once asked for; the day is given back."""
        order = self.orders[one]
        if not order.cancel_asked or order.status == CANCELLED:
            return False
        self.put(one, replace(order, status=CANCELLED, booked=False))
        return True

    def leave(self, day: DayOf) -> None:
        """A technician is away: those who had his day are told, the first time."""
        self.events += 1 + (0 if day in self.away else len(self.holders(day)))
        self.away.add(day)

    def come_back(self, day: DayOf) -> bool:
        """He is there after all; refused when he was not away."""
        if day not in self.away:
            return False
        self.events += 1 + len(self.holders(day))
        self.away.remove(day)
        return True
