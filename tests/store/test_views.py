"""The rows of the views: moved with their position, built beside the live ones and swapped in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from installflow.errors import StoreUnavailable
from installflow.store import Store, postgres_views, sqlite_views
from installflow.store.store import (
    NOTHING_PARKED,
    BuildUnderWay,
    Parked,
    ParkedAt,
    Revision,
    ViewBehind,
    ViewDifference,
    ViewRow,
    ViewState,
)
from tests.store.sample import event, numbered

PLANNING = "planning@1"
ONE, TWO, THREE = numbered(1), numbered(2), numbered(3)
NOT_BEGUN = Revision(0, 0)


def row(text: str | None, events: int = 1, archived: str | None = None) -> ViewRow:
    return ViewRow(None if text is None else text.encode(), events, archived)


def live(store: Store, view: str = PLANNING) -> ViewState:
    (state,) = [state for state in store.views() if state.view == view and state.live]
    return state


def built(store: Store, rows: dict[UUID, ViewRow], view: str = PLANNING) -> int:
    generation = store.view_begin(view)
    assert store.view_build(generation, list(rows.items()))
    return generation


def shown(
    store: Store, generation: int, position: int, parked: Parked = NOTHING_PARKED, *, view: str = PLANNING
) -> bool:
    """Swap a build in that has come so far."""
    whole = store.view_advance(view, 0, position, {}, parked, revision=Revision(generation, 0))
    return whole and store.view_swap(view, generation)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are written and deleted two at a time, as thousands are in life."""
    for module in (sqlite_views, postgres_views):
        monkeypatch.setattr(module, "ROWS_PER_TRANSACTION", 2)


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


def test_a_build_replaces_the_live_rows_when_it_is_swapped_in(store: Store, small_pieces: None):
    store.view_advance(PLANNING, 0, 3, {ONE: row("old"), TWO: row("old")}, {THREE: ParkedAt(2, "old")})
    generation = built(store, {numbered(number): row("new", number) for number in range(1, 6)})
    assert (store.view_position(PLANNING), store.view_rows(PLANNING)) == (3, [(ONE, b"old"), (TWO, b"old")])
    assert [(state.live, state.rows) for state in store.views()] == [(True, 2), (False, 5)]
    assert shown(store, generation, 4, {numbered(9): ParkedAt(1, "new")})
    assert store.view_rows(PLANNING) == [(numbered(number), b"new") for number in range(1, 6)]
    assert store.view_parked(PLANNING) == [(numbered(9), ParkedAt(1, "new"))]
    assert store.views() == [ViewState(PLANNING, generation, 4, live=True, rows=5, events=15, parked=1)]


def test_rows_of_a_build_may_be_written_twice_and_the_last_counts(store: Store):
    generation = built(store, {ONE: row("first"), TWO: row("kept")})
    assert store.view_build(generation, [(ONE, row("second")), (ONE, row("third", 7)), (THREE, row(None))])
    assert shown(store, generation, 1)
    assert store.view_page(PLANNING, None, 9) == [(ONE, row("third", 7)), (TWO, row("kept")), (THREE, row(None))]


def test_a_first_build_goes_live_without_one_before_it(store: Store):
    assert shown(store, built(store, {ONE: row("1")}), 3)
    assert (store.view_position(PLANNING), store.view_rows(PLANNING)) == (3, [(ONE, b"1")])


def test_a_build_is_compared_with_the_live_one_row_by_row(store: Store):
    four = numbered(4)
    store.view_advance(PLANNING, 0, 3, {ONE: row("1"), TWO: row("2"), THREE: row("3"), four: row(None, 2)})
    generation = built(store, {ONE: row("1"), TWO: row("2 bis"), THREE: row("3", 2), numbered(5): row("5")})
    differences = [
        ViewDifference(TWO, row("2"), row("2 bis")),
        ViewDifference(THREE, row("3"), row("3", 2)),
        ViewDifference(four, row(None, 2), None),
        ViewDifference(numbered(5), None, row("5")),
    ]
    assert store.view_differences(PLANNING, generation, None, 10) == differences
    assert store.view_differences(PLANNING, generation, None, 2) == differences[:2]
    assert store.view_differences(PLANNING, generation, THREE, 9) == differences[2:]
    assert store.view_differences(PLANNING, generation, four, 9) == differences[3:]
    same = built(store, {ONE: row("1"), TWO: row("2"), THREE: row("3"), four: row(None, 2)})
    assert store.view_differences(PLANNING, same, None, 10) == []


def test_a_build_of_a_view_that_has_not_begun_is_all_new(store: Store):
    generation = built(store, {ONE: row(None)})
    assert store.view_differences(PLANNING, generation, None, 10) == [ViewDifference(ONE, None, row(None))]


def test_rows_folded_on_a_replaced_build_are_not_written(store: Store):
    store.append([event(ONE), event(ONE, 2)])
    store.view_advance(PLANNING, 0, 1, {ONE: row("old")})
    stale = store.view_snapshot(PLANNING, 10)
    shown(store, built(store, {ONE: row("mended")}), 1)
    assert not store.view_advance(PLANNING, stale.position, stale.upto, {ONE: row("old")}, revision=stale.revision)
    assert store.view_rows(PLANNING) == [(ONE, b"mended")]
    fresh = store.view_snapshot(PLANNING, 10)
    assert store.view_advance(PLANNING, fresh.position, fresh.upto, {ONE: row("next")}, revision=fresh.revision)


def test_of_two_builds_at_once_the_first_to_be_swapped_in_stands(store: Store):
    slow = built(store, {ONE: row("slow")})
    quick = built(store, {ONE: row("quick")})
    other = built(store, {ONE: row("agenda")}, "agenda@1")
    assert shown(store, quick, 7)
    assert not store.view_build(slow, [(TWO, row("slow"))])
    assert not shown(store, slow, 5, {ONE: ParkedAt(1, "no")})
    assert (store.view_position(PLANNING), store.view_rows(PLANNING)) == (7, [(ONE, b"quick")])
    assert store.view_parked(PLANNING) == []
    assert store.view_build(other, [(TWO, row("agenda"))]), "a build of another view goes on"


def test_two_builds_swapped_in_at_once_have_one_winner(store: Store):
    for number in range(8):
        generations = [built(store, {ONE: row(name)}) for name in "ab"]
        with ThreadPoolExecutor(2) as threads:
            swapped = list(threads.map(lambda one, at=number: shown(store, one, at), generations))
        assert sorted(swapped) == [False, True]
        assert store.view_rows(PLANNING) == [(ONE, b"a" if swapped[0] else b"b")]
    assert len(store.views()) == 1


def test_a_view_that_begins_while_a_build_of_it_is_swapped_in_ends_with_one_live_build(store: Store):
    for number in range(10):
        view = f"view-{number}@1"
        generation = built(store, {ONE: row("built")}, view)
        with ThreadPoolExecutor(2) as threads:
            advanced = threads.submit(store.view_advance, view, 0, 1, {ONE: row("begun")})
            swapped = threads.submit(shown, store, generation, 5, view=view)
            assert swapped.result()
            advanced.result()
        assert store.view_rows(view) == [(ONE, b"built")]
    assert len(store.views()) == 10


def test_a_build_given_up_leaves_the_live_one_alone(store: Store):
    store.view_advance(PLANNING, 0, 3, {ONE: row("live")})
    generation = built(store, {ONE: row("given up")})
    store.view_abandon(generation)
    store.view_abandon(generation)
    store.view_abandon(live(store).generation)  # not a build under way: nothing to give up
    assert not store.view_build(generation, [(TWO, row("late"))])
    assert not shown(store, generation, 4)
    assert store.view_rows(PLANNING) == [(ONE, b"live")]


def test_a_dropped_view_begins_again(store: Store):
    store.view_advance(PLANNING, 0, 3, {ONE: row("1")}, {TWO: ParkedAt(2, "no")})
    store.view_advance("agenda@1", 0, 2, {ONE: row("kept")})
    under_way = built(store, {ONE: row("under way")})
    store.view_drop(PLANNING)
    assert [state.view for state in store.views()] == ["agenda@1"]
    assert store.view_rows(PLANNING) == []
    assert store.view_parked(PLANNING) == []
    assert not shown(store, under_way, 3)
    assert store.view_advance(PLANNING, 0, 1, {})


def test_no_generation_is_used_twice(store: Store):
    seen = []
    for _ in range(3):
        seen.append(store.view_begin(PLANNING))
        store.view_abandon(seen[-1])
    assert len(set(seen)) == 3


def test_nothing_is_left_of_old_builds(store: Store, small_pieces: None):
    rows = {numbered(key): row("x", 1, "a\nb") for key in range(1, 6)}
    for number in range(3):
        shown(store, built(store, rows), number, {numbered(9): ParkedAt(1, "no")})
    store.view_abandon(built(store, rows))
    assert kept_in(store) == {"views": 1, "view_rows": 5, "view_parked": 1}
    assert keys_in(store) == 10


def test_builds_swept_by_several_at_once_leave_nothing(store: Store, small_pieces: None):
    for _ in range(5):
        generations = [built(store, {uuid4(): row("x", 1, "a") for _ in range(7)}) for _ in range(3)]
        with ThreadPoolExecutor(3) as threads:
            list(threads.map(store.view_abandon, generations))
    store.view_abandon(built(store, {}))  # whatever each left to the other, the next one ends
    assert kept_in(store) == {"views": 0, "view_rows": 0, "view_parked": 0}
    assert keys_in(store) == 0


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


def test_a_build_that_is_behind_the_live_one_is_not_shown_until_it_has_come_as_far(store: Store):
    store.append([event(ONE), event(TWO), event(THREE)])
    store.view_advance(PLANNING, 0, 3, {ONE: row("live")})
    generation = built(store, {ONE: row("built")})
    assert store.view_advance(PLANNING, 0, 1, {}, {THREE: ParkedAt(1, "no")}, revision=Revision(generation, 0))
    with pytest.raises(ViewBehind):
        store.view_swap(PLANNING, generation)
    assert (store.view_position(PLANNING), store.view_rows(PLANNING)) == (3, [(ONE, b"live")])
    tail = store.view_snapshot(PLANNING, 9, build=generation)
    assert (tail.position, [row.id for row in tail.events], tail.upto) == (1, [TWO, THREE], 3)
    assert tail.parked == {THREE}
    assert store.view_advance(PLANNING, 1, 3, {ONE: row("built 2", 2)}, revision=tail.revision)
    assert store.view_snapshot(PLANNING, 9, build=generation).revision > tail.revision
    assert store.view_rows(PLANNING) == [(ONE, b"live")]
    assert store.view_swap(PLANNING, generation)
    assert (store.view_position(PLANNING), store.view_rows(PLANNING)) == (3, [(ONE, b"built 2")])
    assert [one for one, _ in store.view_parked(PLANNING)] == [THREE]
    assert store.view_snapshot(PLANNING, 9, build=generation).revision == NOT_BEGUN, "it is no build under way"


# One builder at a time


def test_a_view_somebody_builds_is_left_to_them_until_they_are_heard_of_no_more(store: Store):
    first = store.view_begin(PLANNING, 60)
    with pytest.raises(BuildUnderWay):
        store.view_begin(PLANNING, 60)
    store.view_abandon(store.view_begin("agenda@1", 60))
    aged(store, 61)
    second = store.view_begin(PLANNING, 60)
    aged(store, 61)
    assert store.view_build(first, []), "it is heard of again"
    with pytest.raises(BuildUnderWay):
        store.view_begin(PLANNING, 60)
    aged(store, 61)
    assert store.view_build(second, [(ONE, row("1"))])
    with pytest.raises(BuildUnderWay):
        store.view_begin(PLANNING, 60)
    assert store.view_begin(PLANNING) > second, "whoever does not ask begins"
    aged(store, -3600)  # the clock was put back an hour
    assert shown(store, store.view_begin(PLANNING, 60), 3)
    assert store.view_begin(PLANNING, 60), "those that ended are nobody's"
    assert not store.view_build(first, [])


def test_of_several_that_begin_a_build_at_once_one_does(store: Store):
    def begin(_: int) -> bool:
        try:
            return bool(store.view_begin(PLANNING, 60))
        except BuildUnderWay:
            return False

    for _ in range(5):
        with ThreadPoolExecutor(4) as threads:
            assert sum(threads.map(begin, range(4))) == 1
        store.view_drop(PLANNING)


def test_views_are_named_without_counting_their_rows(store: Store):
    assert store.view_names() == []
    store.view_advance(PLANNING, 0, 3, {ONE: row("1")})
    store.view_begin(PLANNING)
    store.view_begin("agenda@1")
    store.view_abandon(store.view_begin("billing@1"))
    assert store.view_names() == ["agenda@1", PLANNING]


def aged(store: Store, seconds: int) -> None:
    """Make what builders said of themselves so much older."""
    if store.url.startswith("postgres"):
        age = f"UPDATE installflow_views SET beat = beat - interval '{seconds} seconds'"  # noqa: S608 - a number
    else:
        age = f"UPDATE views SET beat = beat - {seconds}"  # noqa: S608 - a number
    with store._session(**({} if store.url.startswith("postgres") else {"write": True})) as cursor:  # type: ignore[attr-defined]
        cursor.execute(age)


def kept_in(store: Store) -> dict[str, int]:
    """How many rows the tables of the views hold, those no reader sees included."""
    prefix = "installflow_" if store.url.startswith("postgres") else ""
    with store._session() as cursor:  # type: ignore[attr-defined]
        return {
            table: cursor.execute(f"SELECT COUNT(*) FROM {prefix}{table}").fetchone()[0]  # noqa: S608 - our own tables
            for table in ("views", "view_rows", "view_parked")
        }


def keys_in(store: Store) -> int:
    """How many keys archived rows have, those no reader sees included; PostgreSQL has them in the rows alone."""
    table = "(SELECT * FROM view_keys)"
    if store.url.startswith("postgres"):
        table = "(SELECT string_to_table(archived, E'\\n') FROM installflow_view_rows) AS keys"
    with store._session() as cursor:  # type: ignore[attr-defined]
        return int(cursor.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own tables
