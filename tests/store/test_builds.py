"""Builds of views: made beside the live one, compared, swapped in when they have come as far, one builder at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from installflow.store import Store, postgres_views, sqlite_views
from installflow.store.store import BuildUnderWay, ParkedAt, Revision, ViewBehind, ViewDifference, ViewState
from tests.store.sample import event, numbered
from tests.store.views import NOT_BEGUN, ONE, PLANNING, THREE, TWO, aged, built, kept_in, keys_in, live, row, shown


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are written and deleted two at a time, as thousands are in life."""
    for module in (sqlite_views, postgres_views):
        monkeypatch.setattr(module, "ROWS_PER_TRANSACTION", 2)


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
    aged(store, 61)
    assert store.view_advance(PLANNING, 0, 1, {}, revision=Revision(second, 0))
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
