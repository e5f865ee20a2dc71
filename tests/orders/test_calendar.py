"""A technician's day: who may hold it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from installflow.orders.calendar import (
    HALF_DAY,
    WHOLE_DAY,
    DayBooked,
    DayReleased,
    Held,
    TechnicianAbsent,
    TechnicianDay,
    day_id,
    part_of,
    technician_is_free,
)
from installflow.orders.terms import Slot
from installflow.workflow.event import Event
from tests.orders.told import APRIL_14, APRIL_15, history

ONE, TWO = UUID(int=1), UUID(int=2)


def booked(order: UUID = ONE, **fields: Any) -> DayBooked:
    return DayBooked(
        **{"technician": "Karim", "day": APRIL_14, "order": order, "client": f"client {order.int}", **fields}
    )


def day(*events: Event) -> TechnicianDay:
    id_ = day_id("Karim", APRIL_14)
    return TechnicianDay.replay(id_, history(*events, id=id_))


def test_a_free_day_may_be_booked():
    assert technician_is_free(day(), None, booked()) is None
    assert technician_is_free(day(booked(), DayReleased(order=ONE)), None, booked(TWO)) is None


def test_a_taken_day_may_not_and_says_by_whom():
    said = technician_is_free(day(booked()), None, booked(TWO))
    assert said is not None
    assert said.startswith("Karim est déjà pris ce jour-là par client 1 : autre jour")


def test_a_reason_the_same_order_or_another_half_may():
    assert technician_is_free(day(booked()), None, booked(TWO, override_reason="renfort")) is None
    assert technician_is_free(day(booked()), None, booked(part="matin")) is None
    assert technician_is_free(day(booked(part="matin")), None, booked(TWO, part="après-midi")) is None
    assert technician_is_free(day(booked(part="matin")), None, booked(TWO, part="matin")) is not None
    assert technician_is_free(day(booked(part="matin")), None, booked(TWO)) is not None
    assert technician_is_free(day(booked()), None, None) is None, "nothing typed yet"


def test_an_absence_bars_the_day():
    absent = day(TechnicianAbsent(technician="Karim", day=APRIL_14, reason="congés"))
    said = technician_is_free(absent, None, booked())
    assert said is not None
    assert "est absent ce jour-là (congés)" in said
    assert technician_is_free(absent, None, booked(override_reason="accord du technicien")) is None


def test_a_day_holds_each_order_once_and_keeps_the_others():
    one = day(booked(), booked(TWO, override_reason="x"), booked(part="matin"))
    assert one.held == (Held(TWO, "client 2", "journée"), Held(ONE, "client 1", "matin"))
    assert day(booked(), booked(TWO, override_reason="x"), DayReleased(order=ONE)).held == (
        Held(TWO, "client 2", "journée"),
    )


def test_a_day_is_called_by_its_technician():
    assert day(booked()).label == "Karim le 14/04/2027"
    assert day().label == str(day_id("Karim", APRIL_14))[:8]


def test_one_id_for_all_spellings_of_a_name():
    assert day_id("KARIM b.", APRIL_14) == day_id(" karim  B ", APRIL_14)
    assert len({day_id("Karim", APRIL_14), day_id("Karim", APRIL_15), day_id("Léa", APRIL_14)}) == 3


@pytest.mark.parametrize(
    ("slots", "unit", "part"),
    [
        ((Slot.H0930,), WHOLE_DAY, "journée"), ((Slot.H1100,), HALF_DAY, "matin"),
        ((Slot.H1400,), HALF_DAY, "après-midi"), ((None,), HALF_DAY, "journée"),
        ((Slot.H0900, Slot.H1100), HALF_DAY, "matin"), ((Slot.H0900, Slot.H1400), HALF_DAY, "journée"),
    ],
)  # fmt: skip
def test_a_start_holds_the_day_or_by_policy_its_half(slots: tuple[Slot | None, ...], unit: str, part: str):
    assert part_of(slots, unit) == part
