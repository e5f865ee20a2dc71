"""Which orders the everyday screens leave unread, and by what those few are found that they still show or compare."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from installflow.orders.terms import OrderStatus, key_of
from installflow.workflow.view import key_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from installflow.orders.planning_row import PlanningRow

_NUMBER = "chrono"
TO_BILL = key_for("facturation", "à facturer")


def archived(row: PlanningRow) -> list[str] | None:
    """The keys of an order that is over; ``None`` for one under way.

    By its reference it is found, by its tracking numbers it clashes with orders under way, and the list of the day
    shows it as long as it is to be billed, and on the day of its portability.
    """
    if not row.is_final:
        return None
    keys = numbers_of([row])
    if row.ref:
        keys.append(reference(row.ref))
    if row.status is OrderStatus.CLOTUREE:
        keys += [] if row.billed else [TO_BILL]
        keys += [] if row.porta.date is None else [_portability(row.porta.date)]
    return keys


def reference(text: str) -> str:
    """The key of a reference, whatever its case."""
    return key_for("ref", text.casefold())


def numbers_of(rows: Iterable[PlanningRow]) -> list[str]:
    """The keys of the tracking numbers on some orders."""
    return [key_for(_NUMBER, key_of(parcel.number)) for row in rows for parcel in row.parcels]


def is_number(key: str) -> bool:
    """Whether a key is that of a tracking number."""
    return key.startswith(_NUMBER)


def of_the_day(today: dt.date) -> list[str]:
    """The keys of what the list of a day shows of orders that are over."""
    return [TO_BILL, _portability(today)]


def _portability(day: dt.date) -> str:
    return key_for("porta", day.isoformat())
