"""Views: live, rebuilt and past are one fold; readers at once fold each event once; a bad event stops one row only."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installflow import InstallFlow, Rebuilt, StoreUnavailable
from installflow.app import VIEWS
from installflow.orders import CollecteStarted, CommentAdded, Order, TechnicianDay
from installflow.orders.planning import PLANNING
from installflow.projections import building, catching_up, steps
from installflow.screens import Moments
from installflow.store import ViewSnapshot
from installflow.store.store import BuildUnderWay, Revision
from installflow.testing.clock import FixedClock
from installflow.testing.story import recorded_since
from installflow.workflow.view import View
from tests.flow.acts import SONIA, opened_order
from tests.flow.counting import COUNT, counted, projections_of
from tests.flow.wander import Wander

SEEDS = st.integers(0, 2**32)
FreshStore = Callable[[], str | None]


def live(flow: InstallFlow, one: View[Any]) -> dict[UUID, Any]:
    return {row.id: row for row in flow.projections.rows(one)}


# One fold, four ways


@settings(max_examples=15)
@given(SEEDS)
def test_a_view_rebuilt_is_the_view_kept_up_to_date(fresh_store: FreshStore, seed: int):
    clock = FixedClock()
    with InstallFlow(fresh_store(), clock=clock, synchronous="NORMAL") as flow:
        for number, _ in enumerate(Wander(flow, clock, seed, clock_may_step_back=True).steps(30)):
            if number % 7 == 0:
                flow.planning()
        for one in VIEWS:
            kept = live(flow, one)
            assert flow.rebuild(one.name) == {one.name: Rebuilt(len(kept))}, "row by row the same"
            assert live(flow, one) == kept
            assert one.fold_all(recorded_since(flow, 0)) == kept
        assert flow.projections.parked() == []


@settings(max_examples=10)
@given(SEEDS)
def test_what_was_known_on_a_day_is_what_the_screen_said_that_day(fresh_store: FreshStore, seed: int):
    clock = FixedClock()
    with InstallFlow(fresh_store(), clock=clock, synchronous="NORMAL") as flow:
        said: dict[dt.datetime, Any] = {}
        for _ in Wander(flow, clock, seed).steps(25):
            said[clock.now] = flow.planning(all=True)
        for moment, board in list(said.items())[::4]:
            assert flow.known_on(moment).planning(all=True) == board


@settings(max_examples=15)
@given(SEEDS, st.integers(0, 40), st.integers(0, 40))
def test_the_past_is_folded_from_the_events_that_then_applied(
    fresh_store: FreshStore, seed: int, days: int, known: int
):
    clock = FixedClock()
    with InstallFlow(fresh_store(), clock=clock, synchronous="NORMAL") as flow:
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
def test_the_board_and_the_guards_see_one_order_and_the_calendar_holds_its_days(fresh_store: FreshStore, seed: int):
    clock = FixedClock()
    with InstallFlow(fresh_store(), clock=clock, synchronous="NORMAL") as flow:
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


@pytest.mark.no_cover  # as the properties it controls
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


class Overtaken:
    """A store whose first reader is held up between reading a view and writing it."""

    def __init__(self, flow: InstallFlow) -> None:
        self.store = flow._store
        self.has_read, self.may_write = threading.Event(), threading.Event()

    def view_snapshot(self, *arguments: Any, **options: Any) -> ViewSnapshot:
        snapshot = self.store.view_snapshot(*arguments, **options)
        if not self.has_read.is_set():
            self.has_read.set()
            assert self.may_write.wait(10)
        return snapshot

    def careless(self, view: str, expected: int, position: int, *written: Any, revision: Revision) -> bool:
        """Write wherever the view stands now: what `expected` and `revision` are there to prevent."""
        if not revision.number:  # a build that was just made, not yet shown
            return self.store.view_advance(view, expected, position, *written, revision=revision)
        return self.store.view_advance(view, self.store.view_position(view), position, *written)


@pytest.mark.parametrize("careful", [True, False])
def test_two_readers_at_once_fold_each_event_once(flow: InstallFlow, careful: bool):
    one, two = opened_order(flow), opened_order(flow)
    held = Overtaken(flow)
    others = {"view_snapshot": held.view_snapshot} | ({} if careful else {"view_advance": held.careless})
    projections = projections_of(flow, COUNT, **others)
    projections.catch_up(COUNT)
    flow.record(one, CommentAdded(text="x"), by=SONIA)
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(projections.catch_up, COUNT)
        try:
            assert held.has_read.wait(10)
            flow.record(two, CommentAdded(text="y"), by=SONIA)
            assert projections.catch_up(COUNT) == 2
        finally:
            held.may_write.set()
        folded = first.result(10)
    assert (counted(projections, COUNT) == {one: 2, two: 2}) is careful
    kept = {each: row.events for each, row in flow._store.view_page(COUNT.key, None, 3)}
    assert (kept == {one: 2, two: 2}) is careful, "the count kept beside the row shows it too"
    assert folded == (0 if careful else 1), "and the one who lost the race folded nothing"


def test_a_build_taken_for_gone_that_is_still_there_is_shown_once(flow: InstallFlow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(building, "LEASE", 0)
    orders = [opened_order(flow, CommentAdded(text="x")) for _ in range(3)]
    projections = projections_of(flow, COUNT)
    folded: list[int] = []

    def overtaken(*arguments: Any) -> bool:
        if not folded:
            folded.append(projections.catch_up(COUNT))
        return flow._store.view_build(*arguments)

    late = projections_of(flow, COUNT, view_build=overtaken)
    assert (late.catch_up(COUNT), folded) == (0, [6])
    assert counted(projections, COUNT) == dict.fromkeys(orders, 2)
    assert [state.live for state in flow._store.views()] == [True], "the late one's rows are gone"


@pytest.mark.parametrize("careful", [True, False])
def test_a_reader_sees_its_own_writes_though_the_view_is_dropped_once_it_was_caught_up(
    flow: InstallFlow, careful: bool
):
    """As a newer release does with the rows of the older one, whose processes still read."""
    orders = [opened_order(flow) for _ in range(3)]
    flow.planning()
    store, dropped = flow._store, list[str]()

    def after_a_drop(name: str) -> Callable[..., Any]:
        def read(key: str, *arguments: Any, at_least: int) -> Any:
            if name not in dropped:
                dropped.append(name)
                store.view_drop(key)
            return getattr(store, name)(key, *arguments, **({"at_least": at_least} if careful else {}))

        return read

    names = ("view_rows", "view_everyday", "view_archived")
    projections = projections_of(flow, PLANNING, **{name: after_a_drop(name) for name in names})
    expected = sorted(orders) if careful else []
    assert [row.id for row in projections.rows(PLANNING)] == expected
    assert [row.id for row in projections.everyday(PLANNING)] == expected
    assert projections.archived(PLANNING, ["x"]) == []
    assert (store.view_position(PLANNING.key) == store.position()) is careful
    assert dropped == list(names)
    dropped.clear()
    assert [row.id for row in projections.everyday_with(PLANNING, str(orders[0]), [])] == (
        [orders[0]] if careful else []
    )


def test_a_view_dropped_at_every_reading_is_busy(flow: InstallFlow):
    opened_order(flow)

    def view_rows(key: str, *arguments: Any, **options: Any) -> Any:
        flow._store.view_drop(key)
        return flow._store.view_rows(key, *arguments, **options)

    with pytest.raises(StoreUnavailable) as busy:
        projections_of(flow, COUNT, view_rows=view_rows).rows(COUNT)
    assert busy.value.code == "store_busy"


def test_workers_that_find_a_view_not_begun_build_it_once(opened, lasting_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(catching_up, "POLL", 0.001)
    flow = opened(lasting_url)
    orders = [opened_order(flow) for _ in range(3)]
    has_begun, others_wait = threading.Event(), threading.Event()
    begun: list[int] = []
    built_ones: set[int] = set()

    def view_begin(*arguments: Any) -> int:
        try:
            begun.append(flow._store.view_begin(*arguments))
        except BuildUnderWay:
            others_wait.set()
            raise
        has_begun.set()
        return begun[-1]

    def view_build(generation: int, rows: Any) -> bool:
        assert others_wait.wait(10)
        built_ones.add(generation)
        written: bool = flow._store.view_build(generation, rows)
        return written

    others = {"view_begin": view_begin, "view_build": view_build}
    first = projections_of(flow, COUNT, **others)
    workers = [projections_of(opened(lasting_url), COUNT, **others) for _ in range(3)]
    with ThreadPoolExecutor(4) as threads:
        built = threads.submit(first.catch_up, COUNT)
        assert has_begun.wait(10)
        read = [threads.submit(counted, worker, COUNT) for worker in workers]
        assert built.result(10) == 3
        assert [each.result(10) for each in read] == [dict.fromkeys(orders, 1)] * 3
    assert built_ones == {begun[0]}


@pytest.mark.parametrize("stops", [False, True])
def test_whoever_waits_for_a_builder_that_is_gone_takes_its_place(
    flow: InstallFlow, monkeypatch: pytest.MonkeyPatch, stops: bool
):
    monkeypatch.setattr(catching_up, "POLL", 0.001)
    one = opened_order(flow)
    gone = flow._store.view_begin(COUNT.key)
    asked = itertools.count()

    def view_begin(key: str, lease: float) -> int:
        return flow._store.view_begin(key, 0 if next(asked) else lease)

    projections = projections_of(flow, COUNT, view_begin=view_begin)
    until = iter([False] * 5 + [True] * 99)
    projections._catching_up.catch_up([COUNT], lambda: stops and next(until))
    assert next(asked) == (1 if stops else 2)
    assert flow._store.view_build(gone, []) is stops, "what it may still write counts no more"
    if not stops:
        assert counted(projections, COUNT) == {one: 1}


def test_many_readers_and_writers_at_once(opened, lasting_url: str):
    flow = opened(lasting_url)
    projections = projections_of(flow, COUNT)
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
    assert counted(projections, COUNT) == dict.fromkeys(orders, 16)


def test_a_look_at_a_view_with_nothing_new_reads_and_writes_no_row(flow: InstallFlow):
    opened_order(flow)
    flow.planning()
    asked: list[str] = []

    def noted(name: str) -> Callable[..., Any]:
        def ask(*arguments: Any) -> Any:
            asked.append(name)
            return getattr(flow._store, name)(*arguments)

        return ask

    names = ("position", "view_position", "view_snapshot", "view_advance", "view_begin", "log", "streams")
    projections = projections_of(flow, PLANNING, **{name: noted(name) for name in names})
    assert projections.catch_up(PLANNING) == 0
    assert set(asked) == {"position", "view_position"}
    asked.clear()
    assert len(projections.rows(PLANNING)) == 1
    assert asked == ["position"], "and one reading says itself whether it has come so far"


def test_a_view_far_behind_is_built_beside_and_one_that_is_near_is_followed(
    flow: InstallFlow, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(catching_up, "FAR", 4)
    monkeypatch.setattr(steps, "CHUNK", 2)
    one = opened_order(flow)
    projections = projections_of(flow, COUNT)
    projections.catch_up(COUNT)
    for number in range(4):
        flow.record(one, CommentAdded(text=str(number)), by=SONIA)
    (before,) = flow._store.views()
    assert projections.catch_up(COUNT) == 4
    (followed,) = flow._store.views()
    assert followed.generation == before.generation
    for number in range(5):
        flow.record(one, CommentAdded(text=str(number)), by=SONIA)
    assert projections.catch_up(COUNT) == 10, "from the first event"
    (built,) = flow._store.views()
    assert built.generation > before.generation
    assert counted(projections, COUNT) == {one: 10}
    monkeypatch.setattr(catching_up, "FAR_PART", 2)
    for number in range(6):
        flow.record(one, CommentAdded(text=str(number)), by=SONIA)
    assert projections.catch_up(COUNT) == 6, "less than half of the log is followed, whatever its length"
    (followed,) = flow._store.views()
    assert followed.generation == built.generation


# What cannot be folded


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
    assert (damaged.value.code, damaged.value.event) == ("store_damaged_event", f"{bad}/3")
    assert "Zoé" not in str(damaged.value)


def test_an_event_of_an_unknown_topic_is_reported_and_never_imported(flow: InstallFlow):
    bad = opened_order(flow)
    flow._store.append([(bad, 2, "order.antigravity", b"[]")])
    with pytest.raises(StoreUnavailable, match=r"unknown topic 'order\.antigravity'") as unknown:
        flow.load(bad)
    assert (unknown.value.code, unknown.value.event) == ("store_unknown_topic", f"{bad}/2")
    assert [row.id for row in flow.planning()] == [bad], "views that do not read it go on"
