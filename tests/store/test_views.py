"""The rows of the views: moved with their position, read as of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from installflow.errors import StoreUnavailable
from installflow.store import Store
from installflow.store.store import ParkedAt, ViewBehind
from tests.store.sample import event, numbered
from tests.store.views import NOT_BEGUN, ONE, PLANNING, THREE, TWO, built, live, row, shown


def test_a_view_that_has_not_begun_is_empty(store: Store):
    assert store.view_position(PLANNING) == 0
    assert store.view_rows(PLANNING) == []
    assert store.view_page(PLANNING, None, 10) == []
    assert store.view_parked(PLANNING) == []
    assert store.views() == []
    assert store.view_snapshot(PLANNING, 10).revision == NOT_BEGUN


def test_rows_and_position_move_together(store: Store):
    assert store.view_advance(PLANNING, 0, 3, {TWO: row("2"), ONE: row("1"), THREE: row("3", 2)})
    assert store.view_advance(PLANNING, 3, 5, {ONE: row("1 bis", 3), THREE: row(None, 3)})
    assert store.view_position(PLANNING) == 5
    assert store.view_rows(PLANNING) == [(ONE, b"1 bis"), (TWO, b"2")]
    assert store.view_rows(PLANNING, [THREE, TWO, TWO]) == [(TWO, b"2")]
    state = live(store)
    assert (state.position, state.rows, state.events, state.parked) == (5, 2, 7, 0)


def test_a_view_may_move_without_a_row(store: Store):
    assert store.view_advance(PLANNING, 0, 3, {})
    assert store.view_advance(PLANNING, 3, 4, {ONE: row(None)})
    assert (store.view_position(PLANNING), store.view_rows(PLANNING)) == (4, [])


def test_rows_are_read_page_by_page_with_what_was_folded(store: Store):
    store.view_advance(PLANNING, 0, 9, {THREE: row("3", 4), ONE: row("1", 2), TWO: row(None, 3)})
    first = store.view_page(PLANNING, None, 2)
    assert first == [(ONE, row("1", 2)), (TWO, row(None, 3))]
    assert store.view_page(PLANNING, first[-1][0], 2) == [(THREE, row("3", 4))]
    assert store.view_page(PLANNING, THREE, 2) == []


def test_a_view_read_at_another_position_is_not_written(store: Store):
    store.view_advance(PLANNING, 0, 3, {ONE: row("1")})
    assert not store.view_advance(PLANNING, 0, 4, {ONE: row("stale"), TWO: row("2")}, {THREE: ParkedAt(4, "no")})
    assert not store.view_advance(PLANNING, 4, 5, {ONE: row(None)})
    assert store.view_position(PLANNING) == 3
    assert store.view_rows(PLANNING) == [(ONE, b"1")]
    assert store.view_parked(PLANNING) == []


def test_two_catch_ups_from_one_position_fold_once(store: Store):
    barrier = Barrier(2)

    def advance(name: str) -> list[bool]:
        moved = []
        for position in range(20):
            barrier.wait(10)
            moved.append(store.view_advance(PLANNING, position, position + 1, {ONE: row(name)}))
        return moved

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(advance, "ab")
    assert [one + other for one, other in zip(first, second, strict=True)] == [1] * 20
    assert store.view_rows(PLANNING) == [(ONE, b"a" if first[-1] else b"b")]


def test_two_that_begin_a_view_at_once_do_not_both_win(store: Store):
    barrier = Barrier(2)

    def begin(name: str) -> list[bool]:
        moved = []
        for number in range(10):
            barrier.wait(10)
            moved.append(store.view_advance(f"view-{number}@1", 0, 1, {ONE: row(name)}, revision=NOT_BEGUN))
        return moved

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(begin, "ab")
    assert [one + other for one, other in zip(first, second, strict=True)] == [1] * 10
    assert [store.view_rows(f"view-{number}@1")[0][1] for number in range(10)] == [
        b"a" if won else b"b" for won in first
    ]


def test_two_openings_of_one_store_advance_a_view_in_turn(store_url: str | None, opener):
    if store_url is None:
        pytest.skip("each opening in memory is a store of its own")

    def count(_: int) -> int:
        store, moved = opener(store_url, synchronous="NORMAL"), 0
        for _ in range(60):
            at = store.view_position(PLANNING)
            moved += store.view_advance(PLANNING, at, at + 1, {ONE: row(str(at + 1))})
        return moved

    with ThreadPoolExecutor(2) as threads:
        moved = sum(threads.map(count, range(2)))
    store = opener(store_url)
    assert store.view_position(PLANNING) == moved
    assert store.view_rows(PLANNING) == [(ONE, b"%d" % moved)]


def test_each_view_and_each_version_has_its_own_position(store: Store):
    store.view_advance(PLANNING, 0, 9, {ONE: row("planning")})
    store.view_advance("planning@2", 0, 4, {ONE: row("other")})
    assert [(state.view, state.position) for state in store.views()] == [(PLANNING, 9), ("planning@2", 4)]
    assert store.view_position("agenda@1") == 0
    assert store.view_rows(PLANNING) == [(ONE, b"planning")]


def test_a_snapshot_has_the_next_events_and_the_rows_they_touch(store: Store):
    store.append([event(ONE), event(TWO)])
    store.view_advance(PLANNING, 0, 2, {ONE: row("1"), TWO: row(None)}, {TWO: ParkedAt(2, "unknown")})
    store.append([event(ONE, 2), event(THREE), event(TWO, 2), event(ONE, 3)])
    snapshot = store.view_snapshot(PLANNING, 3)
    assert snapshot.position == 2
    assert [row.position for row in snapshot.events] == [3, 4, 5]
    assert snapshot.rows == {ONE: row("1"), TWO: row(None)}
    assert snapshot.parked == {TWO}
    assert snapshot.upto == 5
    assert store.view_advance(PLANNING, snapshot.position, snapshot.upto, {}, revision=snapshot.revision)
    assert store.view_snapshot(PLANNING, 3).upto == 6


def test_a_snapshot_of_some_topics_goes_beyond_the_others(store: Store):
    store.append([event(ONE), event(TWO, topic="day.booked"), event(THREE), event(TWO, 2, "day.released")])
    first = store.view_snapshot(PLANNING, 1, ["order.order_received"])
    assert ([row.id for row in first.events], first.upto) == ([ONE], 1)
    both = store.view_snapshot(PLANNING, 10, ["order.order_received"])
    assert ([row.id for row in both.events], both.upto) == ([ONE, THREE], 4)
    store.view_advance(PLANNING, 0, 4, {})
    nothing = store.view_snapshot(PLANNING, 10, ["order.order_received"])
    assert (nothing.events, nothing.position, nothing.upto) == ([], 4, 4)


def test_a_snapshot_reaches_over_many_aggregates(store: Store):
    ids = [numbered(number) for number in range(1, 701)]
    for start in range(0, 700, 100):
        store.append([event(id_) for id_ in ids[start : start + 100]])
    store.view_advance(PLANNING, 0, 0, dict.fromkeys(ids, row("row")))
    assert set(store.view_snapshot(PLANNING, 1000).rows) == set(ids)
    assert len(store.view_rows(PLANNING, ids)) == 700


def test_a_parked_aggregate_is_seen_and_can_be_taken_up_again(store: Store):
    parked = {TWO: ParkedAt(3, "topic unknown"), ONE: ParkedAt(2, "no phones", 3)}
    store.view_advance(PLANNING, 0, 3, {ONE: row("1")}, parked)
    assert store.view_parked(PLANNING) == [(ONE, ParkedAt(2, "no phones", 3)), (TWO, ParkedAt(3, "topic unknown", 1))]
    assert live(store).parked == 2
    assert store.view_advance(PLANNING, 3, 3, {TWO: row("2")}, unparked=[TWO, ONE])
    assert store.view_parked(PLANNING) == []
    assert store.view_rows(PLANNING) == [(ONE, b"1"), (TWO, b"2")]


def test_an_aggregate_parked_again_has_its_last_reason_and_its_tries_added_up(store: Store):
    store.view_advance(PLANNING, 0, 3, {}, {ONE: ParkedAt(2, "first", 3)})
    store.view_advance(PLANNING, 3, 4, {}, {ONE: ParkedAt(4, "second", 2)})
    assert store.view_parked(PLANNING) == [(ONE, ParkedAt(4, "second", 5))]


def test_an_aggregate_taken_up_and_parked_at_once_begins_its_tries_again(store: Store):
    store.view_advance(PLANNING, 0, 3, {}, {ONE: ParkedAt(2, "first", 3)})
    store.view_advance(PLANNING, 3, 4, {}, {ONE: ParkedAt(4, "second")}, unparked=[ONE])
    assert store.view_parked(PLANNING) == [(ONE, ParkedAt(4, "second", 1))]


def test_a_failure_in_the_middle_leaves_the_view_as_it_was(store: Store):
    store.view_advance(PLANNING, 0, 1, {ONE: row("1")})
    unfit = ParkedAt(2, None)  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable) as caught:
        store.view_advance(PLANNING, 1, 2, {ONE: row("half"), TWO: row("half")}, {THREE: unfit})
    assert caught.value.code == "store_failed"
    assert store.view_position(PLANNING) == 1
    assert store.view_rows(PLANNING) == [(ONE, b"1")]


# What was folded on one revision holds for no other


def test_rows_folded_before_an_aggregate_was_taken_up_again_are_not_written(store: Store):
    store.append([event(ONE), event(ONE, 2)])
    store.view_advance(PLANNING, 0, 1, {}, {ONE: ParkedAt(1, "no")})
    stale = store.view_snapshot(PLANNING, 9)
    assert stale.parked == {ONE}
    assert store.view_advance(PLANNING, 1, 1, {ONE: row("1")}, unparked=[ONE])
    assert not store.view_advance(PLANNING, stale.position, stale.upto, {}, revision=stale.revision)
    fresh = store.view_snapshot(PLANNING, 9)
    assert (fresh.position, fresh.parked, fresh.revision > stale.revision) == (1, set(), True)
    assert store.view_advance(PLANNING, 1, fresh.upto, {ONE: row("1 bis", 2)}, revision=fresh.revision)
    assert store.view_rows(PLANNING) == [(ONE, b"1 bis")]


def test_every_write_to_a_view_is_a_revision_of_its_own(store: Store):
    seen = [store.view_snapshot(PLANNING, 9).revision]
    for written in ({}, {ONE: row("1")}):
        for parked in ({}, {TWO: ParkedAt(1, "no")}):
            assert store.view_advance(PLANNING, 0, 0, written, parked, revision=seen[-1])
            seen.append(store.view_snapshot(PLANNING, 9).revision)
            assert not store.view_advance(PLANNING, 0, 0, written, parked, revision=seen[-2])
    assert shown(store, built(store, {}), 0)
    assert not store.view_advance(PLANNING, 0, 1, {}, revision=seen[-1])
    assert not store.view_advance(PLANNING, 0, 1, {}, revision=NOT_BEGUN)
    assert len({*seen, store.view_snapshot(PLANNING, 9).revision}) == 6


def test_rows_folded_on_a_replaced_build_are_not_written(store: Store):
    store.append([event(ONE), event(ONE, 2)])
    store.view_advance(PLANNING, 0, 1, {ONE: row("old")})
    stale = store.view_snapshot(PLANNING, 10)
    shown(store, built(store, {ONE: row("mended")}), 1)
    assert not store.view_advance(PLANNING, stale.position, stale.upto, {ONE: row("old")}, revision=stale.revision)
    assert store.view_rows(PLANNING) == [(ONE, b"mended")]
    fresh = store.view_snapshot(PLANNING, 10)
    assert store.view_advance(PLANNING, fresh.position, fresh.upto, {ONE: row("next")}, revision=fresh.revision)


# Never back in time


def test_rows_are_read_as_of_a_position_or_not_at_all(store: Store):
    readings: list[Callable[..., object]] = [
        partial(store.view_rows, PLANNING),
        partial(store.view_rows, PLANNING, [ONE]),
        partial(store.view_everyday, PLANNING, ["a"]),
        partial(store.view_archived, PLANNING, ["a"]),
    ]
    store.append([event(version=version, id_=ONE) for version in range(1, 7)])
    for rows in ({}, {ONE: row("1"), TWO: row("2", 1, "a")}):
        for read in readings:
            with pytest.raises(ViewBehind):
                read(at_least=store.view_position(PLANNING) + 1)
        store.view_advance(PLANNING, store.view_position(PLANNING), store.view_position(PLANNING) + 3, rows)
        for read in readings:
            assert read(at_least=store.view_position(PLANNING)) == read(at_least=1) == read()
    store.view_advance(PLANNING, 6, 7, {})
    for read in readings:
        with pytest.raises(ViewBehind):  # where the log is not it would pass over what comes
            read(at_least=6)
    store.view_drop(PLANNING)
    for read in readings:
        with pytest.raises(ViewBehind):
            read(at_least=1)
        read(at_least=0)


def test_views_are_named_without_counting_their_rows(store: Store):
    assert store.view_names() == []
    store.view_advance(PLANNING, 0, 3, {ONE: row("1")})
    store.view_begin(PLANNING)
    store.view_begin("agenda@1")
    store.view_abandon(store.view_begin("billing@1"))
    assert store.view_names() == ["agenda@1", PLANNING]
