"""The working days of the year."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installflow.france.workdays import day_off, holiday, working_days_after, working_days_between

EASTER_MONDAY = dt.date(2027, 3, 29)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (EASTER_MONDAY, "jour férié (Lundi de Pâques)"),
        (dt.date(2027, 7, 14), "jour férié (Fête nationale)"),
        (dt.date(2027, 4, 17), "samedi"),
        (dt.date(2027, 4, 18), "dimanche"),
        (dt.date(2027, 5, 1), "jour férié (Fête du Travail)"),
        (dt.date(2027, 3, 26), None),
        (dt.date(2027, 4, 14), None),
    ],
)
def test_days_off(one: dt.date, why: str | None):
    assert day_off(one) == why


def test_eleven_national_holidays():
    days = [dt.date(2027, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    assert sum(holiday(one) is not None for one in days) == 11


def test_working_days_step_over_week_ends_and_holidays():
    assert working_days_after(dt.date(2027, 3, 26), 1) == dt.date(2027, 3, 30)
    assert working_days_after(dt.date(2027, 3, 26), 3) == dt.date(2027, 4, 1)
    assert working_days_between(dt.date(2027, 3, 26), dt.date(2027, 3, 30)) == 1
    assert working_days_between(dt.date(2027, 4, 15), dt.date(2027, 4, 14)) == 0
    assert working_days_after(EASTER_MONDAY, 0) == EASTER_MONDAY


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 30))
def test_counting_forth_and_back_agree(start: dt.date, count: int):
    end = working_days_after(start, count)
    assert working_days_between(start, end) == count
    assert day_off(end) is None


def test_a_saturday_is_worked_where_it_counts_as_ouvrable():
    saturday, sunday, first_of_may = dt.date(2027, 4, 17), dt.date(2027, 4, 18), dt.date(2027, 5, 1)
    assert day_off(saturday, saturday=True) is None
    assert day_off(sunday, saturday=True) == "dimanche"
    assert first_of_may.weekday() == 5
    assert day_off(first_of_may, saturday=True) == "jour férié (Fête du Travail)"
    assert working_days_after(dt.date(2027, 4, 16), 1, saturday=True) == saturday


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 30))
def test_with_saturdays_it_is_never_later(start: dt.date, count: int):
    assert working_days_after(start, count, saturday=True) <= working_days_after(start, count)
