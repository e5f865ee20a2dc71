"""Clocks that step back, days of 23 and 25 hours, and the 29th of February."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from installflow.orders import CommentAdded
from installflow.testing.clock import FixedClock
from tests.faults.oracles import caught_up
from tests.faults.places import Place
from tests.faults.report import Report
from tests.flow.acts import SONIA, opened_order

PARIS = ZoneInfo("Europe/Paris")
DAYS = {dt.date(2027, 3, 28): 23, dt.date(2027, 10, 31): 25, dt.date(2028, 2, 29): 24}
"""The days the hour changes, and the leap day, each with its hours."""

A_DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)
WENT_BACK, OTHER_SIDE = "time went back", "on the other side of midnight"


def strange_days(place: Place, *, asked: Callable[[dt.date], dt.date | dt.datetime] = lambda day: day) -> Report:
    """An order every hour around a strange day, and a tick before midnight: each belongs to the day Paris was in."""
    broken: list[str] = []
    moments = 0
    for day, hours in DAYS.items():
        clock = FixedClock()
        midnight = dt.datetime.combine(day, dt.time(), PARIS).astimezone(dt.UTC)
        times = [midnight + dt.timedelta(hours=number) for number in range(-3, hours + 3)]
        times += [midnight - TICK, midnight + dt.timedelta(hours=hours) - TICK]
        with place.open(clock=clock, synchronous="NORMAL") as flow:
            opened: dict[UUID, dt.date] = {}
            for moment in sorted(times):
                clock.set(moment)
                opened[opened_order(flow)] = moment.astimezone(PARIS).date()
            if sum(date == day for date in opened.values()) != hours + 1:
                broken.append(f"{day} has not {hours} hours")
            for date in (day - A_DAY, day):
                due = {one for one, of in opened.items() if of <= date}
                for name, screens in (("as of", flow.as_of(asked(date))), ("known on", flow.known_on(asked(date)))):
                    shown = {row.id for row in screens.planning(all=True)} & opened.keys()
                    broken += [f"{OTHER_SIDE}: {name} {date}, {opened[one]}" for one in shown ^ due]
            moments += len(times)
            broken += caught_up(flow)
    said = ", ".join(f"{day} of {hours} h" for day, hours in DAYS.items())
    misplaced = sum(finding.startswith(OTHER_SIDE) for finding in broken)
    return Report(f"{moments} moments around {said}: {misplaced} {OTHER_SIDE}", broken)


def clock_steps_back(place: Place, *, events: int) -> Report:
    """The clock goes back an hour every few events: an order's time stands still, and the past stays a prefix."""
    broken: list[str] = []
    clock = FixedClock(dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC))
    with place.open(clock=clock, synchronous="NORMAL") as flow:
        one = opened_order(flow)
        steps = 0
        for number in range(events):
            back = number % 7 == 6
            steps += back
            clock.advance(hours=-1 if back else 0, minutes=0 if back else 13)
            flow.record(one, CommentAdded(text=str(number)), by=SONIA)
        history = [entry.recorded for entry in flow.history(one)]
        for before, after in pairwise(history):
            if after.recorded_at < before.recorded_at or after.occurred_at < before.occurred_at:
                broken.append(f"{WENT_BACK}: {before.recorded_at} then {after.recorded_at}")
        for recorded in history:
            known = len(flow.known_on(recorded.recorded_at).row(one).row.comments)
            if known != sum(later.recorded_at <= recorded.recorded_at for later in history) - 1:
                broken.append(f"{WENT_BACK}: {known} remarks known on {recorded.recorded_at}")
            if known < recorded.version - 1:
                broken.append(f"{WENT_BACK}: version {recorded.version} is not known when it was recorded")
        broken += caught_up(flow)
    return Report(f"{events} events, the clock an hour back {steps} times: {len(broken)} times {WENT_BACK}", broken)
