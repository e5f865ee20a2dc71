from __future__ import annotations

import datetime as dt

import pytest

from installflow.store import engine, unit_of_work
from tests.faults.clocks import OTHER_SIDE, WENT_BACK, clock_steps_back, strange_days
from tests.faults.places import Place


def test_an_order_belongs_to_the_day_paris_was_in_whatever_that_days_length(any_place: Place):
    assert strange_days(any_place).broken == []


def test_days_that_end_at_midnight_utc_are_caught(in_memory: Place):
    broken = strange_days(in_memory, asked=lambda day: dt.datetime.combine(day, dt.time.max, dt.UTC)).broken
    assert any(finding.startswith(OTHER_SIDE) for finding in broken)


def test_a_clock_that_steps_back_takes_no_order_back_in_time(any_place: Place):
    assert clock_steps_back(any_place, events=15).broken == []


def test_a_unit_of_work_that_believes_the_clock_is_caught(in_memory: Place, monkeypatch: pytest.MonkeyPatch):
    class Believing(unit_of_work.UnitOfWork):
        def _moment(self, aggregate: object) -> dt.datetime:
            return self.engine.clock()

    monkeypatch.setattr(engine, "UnitOfWork", Believing)
    broken = clock_steps_back(in_memory, events=15).broken
    assert any(finding.startswith(WENT_BACK) for finding in broken)
