"""Views: live, rebuilt and past are one fold; readers at once fold each event once; a bad event stops one row only."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from installflow import InstallFlow, StoreUnavailable
from installflow.app import VIEWS
from installflow.orders import CollecteStarted, CommentAdded, Order, TechnicianDay
from installflow.orders.planning import PLANNING
from installflow.projections import Projections
from installflow.screens import Moments
from installflow.store.sqlite import SQLiteStore
from installflow.store.store import NOTHING_PARKED, Parked, ViewSnapshot
from installflow.testing.clock import FixedClock
from installflow.testing.story import recorded_since
from installflow.workflow.event import Recorded
from installflow.workflow.view import View, view
from tests.flow.acts import SONIA, opened_order
from tests.flow.wander import Wander

SEEDS = st.integers(0, 2**32)
TOPICS = [event.topic for event in Order.workflow.events]


def live(flow: InstallFlow, one: View[Any]) -> dict[UUID, Any]:
    return {row.id: row for row in flow.projections.rows(one)}


# One fold, four ways


@settings(max_examples=15)
@given(SEEDS)
def test_a_view_rebuilt_is_the_view_kept_up_to_date(seed: int):
    clock = FixedClock()
    with InstallFlow(clock=clock) as flow:
        for number, _ in enumerate(Wander(flow, clock, seed, clock_may_step_back=True).steps(30)):
            if number % 7 == 0:
                flow.planning()
        for one in VIEWS:
            kept = live(flow, one)
            assert flow.rebuild(one.name) == {one.name: len(kept)}
            assert live(flow, one) == kept
            assert one.fold_all(recorded_since(flow, 0)) == kept
        assert flow.projections.parked() == []


@settings(max_examples=10)
@given(SEEDS)
def test_what_was_known_on_a_day_is_what_the_screen_said_that_day(seed: int):
    clock = FixedClock()
    with InstallFlow(clock=clock) as flow:
        said: dict[dt.datetime, Any] = {}
        for _ in Wander(flow, clock, seed).steps(25):
            said[clock.now] = flow.planning(all=True)
        for moment, board in list(said.items())[::4]:
            assert flow.known_on(moment).planning(all=True) == board


@settings(max_examples=15)
@given(SEEDS, st.integers(0, 40), st.integers(0, 40))
def test_the_past_is_folded_from_the_events_that_then_applied(seed: int, days: int, known: int):
    clock = FixedClock()
    with InstallFlow(clock=clock) as flow:
        start = clock.now
        for _ in Wander(flow, clock, seed, clock_may_step_back=True).steps(25):
            pass
        moments = Moments(start + dt.timedelta(days=days), start + dt.timedelta(days=known))
        applied = [
            recorded
            for recorded in recorded_since(flow, 0)
            if recorded.occurred_at <= start + dt.timedelta(days=days)
            and recorded.recorded_at <= start + dt.timedelta(days=known)
        ]
        opened = {recorded.id for recorded in applied if recorded.version == 1}
        for one in VIEWS:
            rows = {row.id: row for row in flow.past_rows(one, moments)}
            assert rows == one.fold_all(recorded for recorded in applied if recorded.id in opened)


@settings(max_examples=15)
@given(SEEDS)
def test_the_board_and_the_guards_see_one_order_and_the_calendar_holds_its_days(seed: int):
    clock = FixedClock()
    with InstallFlow(clock=clock) as flow:
        wander = Wander(flow, clock, seed)
        for _ in wander.steps(30):
            pass
        rows = live(flow, PLANNING)
        held: set[tuple[UUID, str, dt.date]] = set()
        for one in wander.orders:
            order, row = flow.load(one), rows[one]
            assert (order.status, order.visit, order.waits) == (row.status, row.visit, row.waits)
            assert (order.phones, order.partner, order.client) == (row.phones, row.partner, row.client)
            assert order.reported == row.reported
            assert row.is_final or order.cancellation == (row.cancel_asked is not None)
            held |= {(one, key, day) for key, day in order.visit.days()}
        days = {recorded.id for recorded in recorded_since(flow, 0) if recorded.event_type.kind() == TechnicianDay.kind}
        assert held == {
            (holding.order, day.technician.casefold().replace("é", "e"), day.day)
            for day in map(flow.load, days)
            for holding in day.held
        }


def test_random_lives_go_everywhere():
    """The control of the four tests above: what they walk through is nearly the whole table."""
    taken: set[str] = set()
    for seed in range(30):
        clock = FixedClock()
        with InstallFlow(clock=clock) as flow:
            wander = Wander(flow, clock, seed)
            for _ in wander.steps(40):
                pass
            taken |= wander.taken
    never = {f"order.{name}" for name in ("received", "imported", "status_corrected", "row_reimported", "alert_raised")}
    untaken = {event.topic for event in Order.workflow.events} - taken - never
    assert len(untaken) < 9, sorted(untaken)


# Several readers at once


class Count(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: UUID
    events: int = 0


@view("count", version=1, row=Count, topics=TOPICS)
def COUNT(row: Count | None, recorded: Recorded) -> Count:  # noqa: N802  # a view is a constant
    row = row or Count(id=recorded.id)
    return row.model_copy(update={"events": row.events + 1})


class SlowReader(SQLiteStore):
    """A store whose first reader is held up between reading a view and writing it."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"sqlite:///{path}", path, synchronous="NORMAL", lock_timeout=5)
        self.has_read, self.may_write = threading.Event(), threading.Event()

    def view_snapshot(self, view: str, limit: int, topics: Any = ()) -> ViewSnapshot:
        snapshot = super().view_snapshot(view, limit, topics)
        if not self.has_read.is_set():
            self.has_read.set()
            assert self.may_write.wait(10)
        return snapshot


class Careless(SlowReader):
    """The same, writing wherever the view stands now: what `expected` is there to prevent."""

    def view_advance(
        self,
        view: str,
        expected: int,
        position: int,
        changed: Mapping[UUID, bytes | None],
        parked: Parked = NOTHING_PARKED,
        *,
        unparked: Collection[UUID] = (),
        generation: int | None = None,
    ) -> bool:
        del expected, generation
        now = self.view_position(view)
        return super().view_advance(view, now, position, changed, parked, unparked=unparked)


def counted_by_two_readers(flow: InstallFlow, store: SlowReader) -> dict[UUID, int]:
    """One reader is overtaken by another between its reading and its writing; then a third looks."""
    projections = Projections(store, flow._mapper, (COUNT,))
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(projections.catch_up, COUNT)
        assert store.has_read.wait(10)
        opened_order(flow, CommentAdded(text="x"))
        projections.catch_up(COUNT)
        store.may_write.set()
        first.result(10)
    return {row.id: row.events for row in projections.rows(COUNT)}


@pytest.mark.parametrize(("kind", "each_once"), [(SlowReader, True), (Careless, False)])
def test_two_readers_at_once_fold_each_event_once(opened, tmp_path: Path, kind: type[SlowReader], each_once: bool):
    flow = opened(f"sqlite:///{tmp_path}/orders.db")
    opened_order(flow, CommentAdded(text="x"))
    store = kind(tmp_path / "orders.db")
    try:
        counted = counted_by_two_readers(flow, store)
    finally:
        store.may_write.set()
        store.close()
    assert (set(counted.values()) == {2}) is each_once, counted


def test_many_readers_and_writers_at_once(opened, file_url: str):
    flow = opened(file_url)
    projections = Projections(flow._store, flow._mapper, (COUNT,))
    orders = [opened_order(flow) for _ in range(3)]
    gate = threading.Barrier(6)

    def write(one: UUID) -> None:
        gate.wait()
        for number in range(15):
            flow.record(one, CommentAdded(text=str(number)), by=SONIA)

    def read(_: int) -> None:
        gate.wait()
        for _ in range(15):
            projections.catch_up(COUNT)

    with ThreadPoolExecutor(6) as threads:
        done = [*(threads.submit(write, one) for one in orders), *(threads.submit(read, n) for n in range(3))]
        for each in done:
            each.result(30)
    assert {row.id: row.events for row in projections.rows(COUNT)} == dict.fromkeys(orders, 16)


# What cannot be folded

STUMBLES = [True]


@view("touchy", version=1, row=Count, topics=TOPICS)
def TOUCHY(row: Count | None, recorded: Recorded) -> Count:  # noqa: N802  # a view is a constant
    if STUMBLES[0] and isinstance(recorded.event, CommentAdded) and recorded.event.text == "boum":
        raise ValueError(recorded.event.text)
    return COUNT.fold(row, recorded)  # type: ignore[return-value]  # it answers a row


def test_an_event_that_cannot_be_folded_parks_its_aggregate_and_the_others_go_on(flow: InstallFlow):
    STUMBLES[0] = True
    touchy = Projections(flow._store, flow._mapper, (TOUCHY,))
    good, bad = opened_order(flow), opened_order(flow)
    poison = flow.record(bad, CommentAdded(text="boum"), by=SONIA).recorded.position
    flow.record(good, CollecteStarted(), by=SONIA)
    assert {row.id: row.events for row in touchy.rows(TOUCHY)} == {good: 2, bad: 1}, "the last good row stays"
    (parked,) = touchy.parked()
    assert (parked.view, parked.id, parked.position) == ("touchy", bad, poison)
    assert parked.reason == "ValueError", "the values read are nobody's business"
    flow.record(bad, CollecteStarted(), by=SONIA)
    flow.record(good, CommentAdded(text="x"), by=SONIA)
    assert {row.id: row.events for row in touchy.rows(TOUCHY)} == {good: 3, bad: 1}
    live = touchy.rows(TOUCHY)
    assert touchy.rebuild([TOUCHY]) == {"touchy": 2}
    assert touchy.rows(TOUCHY) == live
    assert len(touchy.parked()) == 1


def test_a_parked_aggregate_is_followed_again_once_it_can_be(flow: InstallFlow):
    STUMBLES[0] = True
    touchy = Projections(flow._store, flow._mapper, (TOUCHY,))
    good = opened_order(flow)
    bad = opened_order(flow, CommentAdded(text="x"), CommentAdded(text="boum"), CollecteStarted())
    assert {row.id: row.events for row in touchy.rows(TOUCHY)}[good] == 1
    assert not touchy.retry(TOUCHY, bad)
    assert [parked.id for parked in touchy.parked()] == [bad]
    STUMBLES[0] = False
    assert touchy.retry(TOUCHY, bad)
    assert touchy.parked() == []
    flow.record(bad, CommentAdded(text="y"), by=SONIA)
    assert {row.id: row.events for row in touchy.rows(TOUCHY)} == {good: 1, bad: 5}


def test_a_damaged_row_of_the_store_stops_its_own_order_only(flow: InstallFlow):
    good, bad = opened_order(flow), opened_order(flow, client="Zoé Martin")
    flow.planning()
    (row,) = [row for row in flow._store.load(bad) if row.version == 1]
    flow._store.append([(bad, 2, "order.comment_added", row.state)])
    flow._store.append([(bad, 3, "order.collecte_started", b"{")])
    flow.record(good, CollecteStarted(), by=SONIA)
    assert {shown.id: shown.status.label for shown in flow.planning()}[good] == "Collecte"
    assert {parked.id for parked in flow.projections.parked()} == {bad}
    for parked in flow.projections.parked():
        assert str(bad) in parked.reason
        assert "Zoé" not in parked.reason
    with pytest.raises(StoreUnavailable) as damaged:
        flow.history(bad)
    assert damaged.value.code == "store_corrupt"
    assert "Zoé" not in str(damaged.value)


def test_an_event_of_an_unknown_topic_is_reported_and_never_imported(flow: InstallFlow):
    bad = opened_order(flow)
    flow._store.append([(bad, 2, "order.antigravity", b"[]")])
    with pytest.raises(StoreUnavailable, match=r"unknown topic 'order\.antigravity'") as unknown:
        flow.load(bad)
    assert unknown.value.code == "store_unknown_topic"
    assert [row.id for row in flow.planning()] == [bad], "views that do not read it go on"
