"""The rows of the views: moved with their position, rebuilt beside the live ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from installflow.errors import StoreUnavailable
from installflow.store import Store
from installflow.store import sqlite as sqlite_store
from tests.store.sample import event, numbered

PLANNING = "planning@1"
ONE, TWO, THREE = numbered(1), numbered(2), numbered(3)


class StumbleError(Exception):
    """What goes wrong while a caller's rows are read."""


def test_a_view_that_has_not_begun_is_empty(store: Store):
    assert store.view_position(PLANNING) == 0
    assert store.view_rows(PLANNING) == []
    assert store.view_parked(PLANNING) == []
    assert store.views() == {}


def test_rows_and_position_move_together(store: Store):
    assert store.view_advance(PLANNING, 0, 3, {TWO: b"2", ONE: b"1", THREE: b"3"})
    assert store.view_advance(PLANNING, 3, 5, {ONE: b"1 bis", THREE: None})
    assert store.view_position(PLANNING) == 5
    assert store.view_rows(PLANNING) == [(ONE, b"1 bis"), (TWO, b"2")]
    assert store.view_rows(PLANNING, [THREE, TWO, TWO]) == [(TWO, b"2")]
    assert store.views() == {PLANNING: 5}


def test_a_view_read_at_another_position_is_not_written(store: Store):
    store.view_advance(PLANNING, 0, 3, {ONE: b"1"})
    assert not store.view_advance(PLANNING, 0, 4, {ONE: b"stale", TWO: b"2"}, {THREE: (4, "no")})
    assert not store.view_advance(PLANNING, 4, 5, {ONE: None})
    assert store.view_position(PLANNING) == 3
    assert store.view_rows(PLANNING) == [(ONE, b"1")]
    assert store.view_parked(PLANNING) == []


def test_two_catch_ups_from_one_position_fold_once(store: Store):
    with ThreadPoolExecutor(2) as threads:
        for round_ in range(20):
            moved = threads.map(
                lambda name, at=round_: store.view_advance(PLANNING, at, at + 1, {ONE: name}), (b"a", b"b")
            )
            assert sorted(moved) == [False, True]


def test_two_openings_of_one_file_advance_a_view_in_turn(opener, file_url: str):
    def count(_: int) -> int:
        store, moved = opener(file_url, synchronous="NORMAL"), 0
        for _ in range(60):
            at = store.view_position(PLANNING)
            moved += store.view_advance(PLANNING, at, at + 1, {ONE: b"%d" % (at + 1)})
        return moved

    with ThreadPoolExecutor(2) as threads:
        moved = sum(threads.map(count, range(2)))
    store = opener(file_url)
    assert store.view_position(PLANNING) == moved
    assert store.view_rows(PLANNING) == [(ONE, b"%d" % moved)]


def test_each_view_and_each_version_has_its_own_position(store: Store):
    store.view_advance(PLANNING, 0, 9, {ONE: b"planning"})
    store.view_advance("planning@2", 0, 4, {ONE: b"other"})
    assert store.views() == {PLANNING: 9, "planning@2": 4}
    assert store.view_position("agenda@1") == 0
    assert store.view_rows(PLANNING) == [(ONE, b"planning")]


def test_a_snapshot_has_the_next_events_and_the_rows_they_touch(store: Store):
    store.append([event(ONE), event(TWO)])
    store.view_advance(PLANNING, 0, 2, {ONE: b"1", TWO: b"2"}, {TWO: (2, "unknown")})
    store.append([event(ONE, 2), event(THREE), event(TWO, 2), event(ONE, 3)])
    snapshot = store.view_snapshot(PLANNING, 3)
    assert snapshot.position == 2
    assert [row.position for row in snapshot.events] == [3, 4, 5]
    assert snapshot.rows == {ONE: b"1", TWO: b"2"}
    assert snapshot.parked == {TWO}
    assert snapshot.upto == 5
    assert store.view_advance(PLANNING, snapshot.position, snapshot.upto, {}, generation=snapshot.generation)
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
    store.view_advance(PLANNING, 0, 0, dict.fromkeys(ids, b"row"))
    assert set(store.view_snapshot(PLANNING, 1000).rows) == set(ids)
    assert len(store.view_rows(PLANNING, ids)) == 700


def test_a_parked_aggregate_is_seen_and_can_be_taken_up_again(store: Store):
    store.view_advance(PLANNING, 0, 3, {ONE: b"1"}, {TWO: (3, "topic unknown"), ONE: (2, "no phones")})
    assert store.view_parked(PLANNING) == [(ONE, 2, "no phones"), (TWO, 3, "topic unknown")]
    store.view_unpark(PLANNING, ONE)
    assert store.view_advance(PLANNING, 3, 3, {TWO: b"2"}, unparked=[TWO])
    assert store.view_parked(PLANNING) == []
    assert store.view_rows(PLANNING) == [(ONE, b"1"), (TWO, b"2")]


def test_an_aggregate_parked_again_has_its_last_reason(store: Store):
    store.view_advance(PLANNING, 0, 3, {}, {ONE: (2, "first")})
    store.view_advance(PLANNING, 3, 4, {}, {ONE: (4, "second")}, unparked=[ONE])
    assert store.view_parked(PLANNING) == [(ONE, 4, "second")]


def test_a_failure_in_the_middle_leaves_the_view_as_it_was(store: Store):
    store.view_advance(PLANNING, 0, 1, {ONE: b"1"})
    with pytest.raises(StoreUnavailable) as caught:
        store.view_advance(PLANNING, 1, 2, {ONE: b"half", TWO: b"half"}, {THREE: (2, None)})  # type: ignore[dict-item]
    assert caught.value.code == "store_failed"
    assert store.view_position(PLANNING) == 1
    assert store.view_rows(PLANNING) == [(ONE, b"1")]


def test_a_view_is_replaced_whole(store: Store):
    store.view_advance(PLANNING, 0, 3, {ONE: b"old", TWO: b"old"}, {THREE: (2, "old")})
    store.view_replace(PLANNING, 2, [(ONE, b"new"), (THREE, b"new")], {TWO: (1, "new")})
    assert store.view_position(PLANNING) == 2
    assert store.view_rows(PLANNING) == [(ONE, b"new"), (THREE, b"new")]
    assert store.view_parked(PLANNING) == [(TWO, 1, "new")]


def test_readers_see_the_old_rows_until_the_new_ones_are_whole(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sqlite_store, "ROWS_PER_TRANSACTION", 2)
    store.view_advance(PLANNING, 0, 3, {ONE: b"old"})
    seen: list[object] = []
    parked: dict[UUID, tuple[int, str]] = {}

    def rows() -> Iterator[tuple[UUID, bytes]]:
        for number in range(1, 6):
            seen.append((store.view_position(PLANNING), store.view_rows(PLANNING)))
            yield numbered(number), b"new"
        parked[numbered(9)] = (4, "found on the way")

    store.view_replace(PLANNING, 4, rows(), parked)
    assert seen == [(3, [(ONE, b"old")])] * 5
    assert store.view_rows(PLANNING) == [(numbered(number), b"new") for number in range(1, 6)]
    assert store.view_parked(PLANNING) == [(numbered(9), 4, "found on the way")]


def test_rows_that_cannot_be_read_to_the_end_replace_nothing(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sqlite_store, "ROWS_PER_TRANSACTION", 1)
    store.view_advance(PLANNING, 0, 3, {ONE: b"old"})

    def rows() -> Iterator[tuple[UUID, bytes]]:
        yield ONE, b"new"
        yield TWO, b"new"
        raise StumbleError

    with pytest.raises(StumbleError):
        store.view_replace(PLANNING, 4, rows())
    assert store.view_position(PLANNING) == 3
    assert store.view_rows(PLANNING) == [(ONE, b"old")]


def test_rows_folded_on_a_replaced_build_are_not_written(store: Store):
    store.append([event(ONE), event(ONE, 2)])
    store.view_advance(PLANNING, 0, 1, {ONE: b"old"})
    stale = store.view_snapshot(PLANNING, 10)
    store.view_replace(PLANNING, 1, [(ONE, b"mended")])
    assert not store.view_advance(PLANNING, stale.position, stale.upto, {ONE: b"old"}, generation=stale.generation)
    assert store.view_rows(PLANNING) == [(ONE, b"mended")]
    fresh = store.view_snapshot(PLANNING, 10)
    assert store.view_advance(PLANNING, fresh.position, fresh.upto, {ONE: b"next"}, generation=fresh.generation)


@pytest.mark.parametrize("stopped_after", [1, 2], ids=["while it writes", "at the swap"])
def test_of_two_builds_at_once_the_first_to_finish_stands(
    store: Store, monkeypatch: pytest.MonkeyPatch, stopped_after: int
):
    monkeypatch.setattr(sqlite_store, "ROWS_PER_TRANSACTION", 1)

    def slow() -> Iterator[tuple[UUID, bytes]]:
        for number in range(1, 3):
            yield numbered(number), b"slow"
            if number == stopped_after:
                store.view_replace(PLANNING, 7, [(ONE, b"quick")])

    store.view_replace(PLANNING, 5, slow())
    assert store.view_position(PLANNING) == 7
    assert store.view_rows(PLANNING) == [(ONE, b"quick")]


def test_a_dropped_view_begins_again(store: Store):
    store.view_advance(PLANNING, 0, 3, {ONE: b"1"}, {TWO: (2, "no")})
    store.view_advance("agenda@1", 0, 2, {ONE: b"kept"})
    store.view_drop(PLANNING)
    assert store.views() == {"agenda@1": 2}
    assert store.view_rows(PLANNING) == []
    assert store.view_parked(PLANNING) == []
    assert store.view_advance(PLANNING, 0, 1, {})


def test_nothing_is_left_of_old_builds(opener, file_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sqlite_store, "ROWS_PER_TRANSACTION", 2)
    store = opener(file_url)
    for number in range(3):
        rows = [(numbered(key), b"%d" % number) for key in range(1, 6)]
        store.view_replace(PLANNING, number, rows, {numbered(9): (1, "no")})
    store.close()
    database = sqlite3.connect(tmp_path / "orders.db")
    counts = [
        database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own tables
        for table in ("views", "view_rows", "view_parked")
    ]
    database.close()
    assert counts == [1, 5, 1]
