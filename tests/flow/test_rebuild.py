"""Views are built again beside the live ones, compared row by row, and swapped: in one pass, in bounded memory."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from installflow import InstallFlow, Rebuilt, StoreUnavailable
from installflow.app import VIEWS
from installflow.orders import CollecteStarted, CommentAdded
from installflow.orders.planning import PLANNING
from installflow.projections import building, folding, rebuilding
from installflow.store.store import BuildUnderWay, ViewRow
from tests.flow.acts import SONIA, opened_order, order_with_appointment
from tests.flow.counting import COUNT, Count, counted, projections_of, touchy


def tampered(flow: InstallFlow, row: ViewRow, *ids: UUID, view: str = PLANNING.key) -> None:
    """Write a row of a view as nobody should."""
    at = flow._store.view_position(view)
    assert flow._store.view_advance(view, at, at, dict.fromkeys(ids, row))


def planning_row(flow: InstallFlow, one: UUID) -> ViewRow:
    return dict(flow._store.view_page(PLANNING.key, None, 99))[one]


def test_what_differed_from_the_live_view_is_named_and_mended(flow: InstallFlow):
    orders = [opened_order(flow, CollecteStarted()) for _ in range(4)]
    whole = flow.planning()
    wrong, miscounted, lost = orders[:3]
    tampered(flow, ViewRow(planning_row(flow, orders[3]).row, 2), wrong)
    tampered(flow, planning_row(flow, miscounted)._replace(events=1), miscounted)
    tampered(flow, ViewRow(None, 0), lost)
    tampered(flow, planning_row(flow, orders[3]), ghost := uuid4())
    told = Rebuilt(4, tuple(sorted([wrong, miscounted])), (lost,), (ghost,))
    assert flow.rebuild("planning", compare_only=True) == {"planning": told}
    assert flow.planning() != whole, "comparing changes nothing"
    assert flow.rebuild("planning") == {"planning": told}
    assert flow.planning() == whole
    assert flow.rebuild("planning", compare_only=True) == {"planning": Rebuilt(4)}


def test_a_row_that_only_spells_the_same_otherwise_is_no_difference(flow: InstallFlow):
    one = opened_order(flow)
    flow.planning()
    row = planning_row(flow, one)
    assert row.row is not None
    tampered(flow, row._replace(row=row.row.replace(b'"client":', b'"client" : ')), one)
    assert flow.rebuild("planning")["planning"] == Rebuilt(1)


def test_an_order_that_went_on_meanwhile_is_no_difference(flow: InstallFlow):
    busy, wrong = opened_order(flow), opened_order(flow)
    flow.planning()
    tampered(flow, planning_row(flow, busy), wrong)

    def differences(*arguments: Any) -> Any:
        flow.record(busy, CollecteStarted(), by=SONIA)
        flow.planning()
        return flow._store.view_differences(*arguments)

    rebuilt = projections_of(flow, PLANNING, view_differences=differences).rebuild([PLANNING])
    assert rebuilt["planning"].changed == (wrong,)
    assert {row.id: row.status.label for row in flow.planning()}[busy] == "Collecte", "folded on by the next reader"


def test_a_view_that_was_behind_is_compared_once_it_has_caught_up(flow: InstallFlow):
    one = opened_order(flow)
    flow.planning()
    opened_order(flow)
    flow.record(one, CollecteStarted(), by=SONIA)
    assert flow.rebuild("planning") == {"planning": Rebuilt(2)}


def test_a_view_nobody_read_yet_has_nothing_to_differ_from(flow: InstallFlow):
    order_with_appointment(flow)
    orders = dict.fromkeys(("agenda", "billing", "planning"), Rebuilt(1, compared=False))
    portal = dict.fromkeys(("conversations", "offers", "sheets", "supply_orders"), Rebuilt(0, compared=False))
    assert flow.rebuild() == orders | portal


def test_all_views_come_from_one_pass_and_each_event_is_decoded_once(flow: InstallFlow):
    order_with_appointment(flow)
    opened_order(flow, CollecteStarted())
    read: list[tuple[UUID, int]] = []
    projections = projections_of(flow, *VIEWS)
    decode = projections._rebuilding._decode

    def noted(row: Any) -> Any:
        read.append((row.id, row.version))
        return decode(row)

    projections._rebuilding._decode = noted
    projections.rebuild(VIEWS)
    wanted = {topic for view in VIEWS for topic in view.topics}
    assert sorted(read) == sorted((row.id, row.version) for row in flow._store.log(0, 99) if row.topic in wanted)


# Blue and green


def test_readers_see_the_live_rows_until_the_build_is_whole(flow: InstallFlow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(building, "BATCH", 1)
    for _ in range(3):
        opened_order(flow)
    whole = flow.planning()
    seen = []

    def build(*arguments: Any) -> bool:
        seen.append(flow.planning())
        (building_now,) = [status for status in flow.views() if status.building]
        assert (building_now.name, building_now.live) == ("planning", False)
        return flow._store.view_build(*arguments)

    projections_of(flow, PLANNING, view_build=build).rebuild([PLANNING])
    assert seen == [whole] * len(seen)
    assert len(seen) > 2


def test_a_rebuild_that_was_killed_leaves_the_live_view_and_the_next_one_sweeps_it(
    flow: InstallFlow, monkeypatch: pytest.MonkeyPatch
):
    one = opened_order(flow)
    whole = flow.planning()
    monkeypatch.setattr(building, "LEASE", 0)  # as if it had been killed a while ago
    left = flow._store.view_begin(PLANNING.key)
    flow._store.view_build(left, [(one, ViewRow(b"half", 1))])
    assert flow.planning() == whole
    assert [status.building for status in flow.views() if status.name == "planning"] == [False, True]
    flow.rebuild("planning")
    assert flow.planning() == whole
    assert [state.live for state in flow._store.views()] == [True]


def test_a_store_that_fails_half_way_leaves_no_build_behind(flow: InstallFlow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(folding, "PAGE", 1)
    opened_order(flow, CollecteStarted())
    whole = flow.planning()

    def streams(after: Any, *arguments: Any) -> Any:
        if after:
            raise StoreUnavailable("gone", code="store_io")
        return flow._store.streams(after, *arguments)

    with pytest.raises(StoreUnavailable, match="gone"):
        projections_of(flow, PLANNING, streams=streams).rebuild([PLANNING])
    assert flow.planning() == whole
    assert [state.live for state in flow._store.views()] == [True]


def test_of_two_rebuilds_at_once_one_stands_and_the_other_tells_no_tale(
    flow: InstallFlow, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(building, "LEASE", 0)  # taken for gone, and still there
    orders = [opened_order(flow), opened_order(flow)]
    projections = projections_of(flow, COUNT)
    projections.catch_up(COUNT)

    def overtaken(*arguments: Any) -> Any:
        found = flow._store.view_differences(*arguments)
        projections.rebuild([COUNT])
        return found

    late = projections_of(flow, COUNT, view_differences=overtaken)
    tampered(flow, ViewRow(COUNT.encode(Count(id=orders[0], events=7)), 7), orders[0], view=COUNT.key)
    assert late.rebuild([COUNT]) == {"count": Rebuilt(2)}
    assert counted(projections, COUNT) == dict.fromkeys(orders, 1)
    assert [state.live for state in flow._store.views()] == [True]


@pytest.mark.parametrize("careful", [True, False])
def test_a_rebuild_overtaken_by_readers_takes_nobody_back_in_time(flow: InstallFlow, careful: bool):
    first, busy = opened_order(flow), opened_order(flow)
    projections, store = projections_of(flow, COUNT), flow._store
    assert counted(projections, COUNT) == {first: 1, busy: 1}
    wanted = {first: 1, busy: 1}
    positions: list[int] = []

    def view_swap(key: str, generation: int) -> bool:
        if len(positions) < 3:  # somebody records and reads each time it is about to be shown
            flow.record(busy, CommentAdded(text="x"), by=SONIA)
            wanted.update({busy: wanted[busy] + 1, opened_order(flow): 1})
            assert counted(projections, COUNT) == wanted
        if not careful:
            at = store.view_snapshot(key, 0, build=generation)
            store.view_advance(key, at.position, store.view_position(key), {}, revision=at.revision)
        positions.append(store.view_position(key))
        return store.view_swap(key, generation)

    late = projections_of(flow, COUNT, view_swap=view_swap)
    assert late.rebuild([COUNT])["count"] == Rebuilt(2)
    seen = {one: COUNT.decode(row).events for one, row in store.view_rows(COUNT.key)}
    assert (seen == wanted) is careful
    if careful:
        assert len(positions) == 4, "it goes on until nobody is before it"
        assert store.view_position(COUNT.key) >= positions[-1]
        assert projections.rebuild([COUNT], compare_only=True) == {"count": Rebuilt(5)}


def test_a_build_overtaken_at_every_attempt_is_given_up(flow: InstallFlow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(building, "TURNS", 3)
    one = opened_order(flow)
    projections = projections_of(flow, COUNT)
    projections.catch_up(COUNT)

    def view_swap(*arguments: Any) -> bool:
        flow.record(one, CommentAdded(text="x"), by=SONIA)
        projections.catch_up(COUNT)
        return flow._store.view_swap(*arguments)

    with pytest.raises(StoreUnavailable) as busy:
        projections_of(flow, COUNT, view_swap=view_swap).rebuild([COUNT])
    assert busy.value.code == "store_busy"
    assert counted(projections, COUNT) == {one: 4}
    assert [state.live for state in flow._store.views()] == [True]


def test_a_build_dropped_while_it_is_brought_to_the_end_is_not_shown(flow: InstallFlow):
    one = opened_order(flow)
    projections = projections_of(flow, COUNT)
    projections.catch_up(COUNT)

    def view_differences(*arguments: Any) -> Any:
        flow.record(one, CommentAdded(text="x"), by=SONIA)
        return flow._store.view_differences(*arguments)

    def view_snapshot(*arguments: Any, **options: Any) -> Any:
        if options.get("build"):
            flow._store.view_drop(COUNT.key)
        return flow._store.view_snapshot(*arguments, **options)

    late = projections_of(flow, COUNT, view_snapshot=view_snapshot, view_differences=view_differences)
    assert late.rebuild([COUNT])["count"] == Rebuilt(1)
    assert flow._store.views() == []
    assert counted(projections, COUNT) == {one: 2}


def test_a_rebuild_waits_for_the_one_under_way(flow: InstallFlow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(building, "POLL", 0.001)
    opened_order(flow)
    projections = projections_of(flow, COUNT)
    projections.catch_up(COUNT)
    under_way = [flow._store.view_begin(COUNT.key)]
    refused: list[int] = []

    def view_begin(*arguments: Any) -> int:
        try:
            return flow._store.view_begin(*arguments)
        except BuildUnderWay:
            refused.append(1)
            if len(refused) == 3:
                flow._store.view_abandon(under_way.pop())
            raise

    late = projections_of(flow, COUNT, view_begin=view_begin)
    assert late.rebuild([COUNT]) == {"count": Rebuilt(1)}
    assert len(refused) == 3


def test_a_builder_with_nothing_to_write_says_now_and_then_that_it_is_there(
    flow: InstallFlow, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(folding, "PAGE", 1)
    monkeypatch.setattr(building, "SILENCE", 3)
    opened_order(flow, *[CommentAdded(text=str(number)) for number in range(9)])
    written: list[int] = []

    def view_build(generation: int, rows: Any) -> bool:
        written.append(len(rows))
        return flow._store.view_build(generation, rows)

    projections_of(flow, COUNT, view_build=view_build).catch_up(COUNT)
    assert written == [0, 0, 0, 1]


def test_a_changed_view_is_built_beside_the_old_version_which_goes_when_it_is_shown(flow: InstallFlow):
    one = opened_order(flow)
    changed = replace(COUNT, version=2)
    old, new = projections_of(flow, COUNT), projections_of(flow, changed)
    old.catch_up(COUNT)
    before = {(status.version, status.live) for status in new.status()}
    assert before == {(1, False), (2, True)}
    assert next(status for status in new.status() if status.version == 2).behind == flow._store.position()
    assert counted(new, changed) == {one: 1}
    assert [state.view for state in flow._store.views()] == ["count@2"]
    # A process of the older version, still there, goes on with rows of its own and takes nobody's away.
    assert counted(old, COUNT) == {one: 1}
    assert [state.view for state in flow._store.views()] == ["count@1", "count@2"]
    new.rebuild([changed])
    assert [state.view for state in flow._store.views()] == ["count@2"]


# Bounded


def lives(flow: InstallFlow, orders: int) -> None:
    """As many orders of three events."""
    model = flow._store.load(opened_order(flow, CollecteStarted(), CommentAdded(text="x" * 200)))
    for _ in range(orders - 1):
        one = uuid4()
        flow._store.append([(one, row.version, row.topic, row.state) for row in model])


def peak(flow: InstallFlow) -> int:
    """The most memory a rebuild of all views took."""
    tracemalloc.start()
    flow.rebuild()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


@pytest.mark.no_cover
def test_a_rebuild_takes_the_same_memory_whatever_the_length_of_history(opened, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(building, "BATCH", 20)
    monkeypatch.setattr(folding, "PAGE", 60)
    short, long = opened(), opened()
    lives(short, 40)
    lives(long, 400)
    peak(short)  # what is made once
    assert peak(long) < 1.3 * peak(short)
    monkeypatch.setattr(folding, "PAGE", 10_000)
    monkeypatch.setattr(building, "BATCH", 10_000)
    assert peak(long) > 2 * peak(short), "the test would see it"


def test_an_order_longer_than_a_page_is_folded_whole(flow: InstallFlow, monkeypatch: pytest.MonkeyPatch):
    long, short = opened_order(flow), opened_order(flow)
    for number in range(7):
        flow.record(long, CommentAdded(text=str(number)), by=SONIA)
    whole = flow.planning(all=True)
    past = flow.as_of("2099-12-31").planning(all=True)
    for size in (1, 2, 3, 8, 9):
        monkeypatch.setattr(folding, "PAGE", size)
        assert flow.rebuild("planning") == {"planning": Rebuilt(2)}
        assert flow.planning(all=True) == whole
        assert flow.as_of("2099-12-31").planning(all=True) == past
        assert counted(projections_of(flow, COUNT), COUNT) == {long: 8, short: 1}
        flow._store.view_drop(COUNT.key)


def test_no_more_differences_are_named_than_one_can_read(flow: InstallFlow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rebuilding, "DIFFERENCES_TOLD", 2)
    orders = [opened_order(flow) for _ in range(3)]
    flow.planning()
    tampered(flow, ViewRow(None, 1), *orders)
    assert len(flow.rebuild("planning")["planning"].changed) == 2
    assert flow.rebuild("planning")["planning"] == Rebuilt(3), "all are mended"


def test_rows_spelt_otherwise_do_not_hide_one_that_is_wrong(flow: InstallFlow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rebuilding, "DIFFERENCES_TOLD", 2)
    monkeypatch.setattr(rebuilding, "PAGE", 2)
    orders = sorted(opened_order(flow, client=f"Client {number}") for number in range(7))
    flow.planning()
    for one in orders:
        row = planning_row(flow, one)
        assert row.row is not None
        wrong = row.row.replace(b"Client", b"Other") if one in orders[5:] else row.row
        tampered(flow, row._replace(row=wrong.replace(b'{"', b'{ "', 1)), one)
    assert flow.rebuild("planning", compare_only=True)["planning"].changed == tuple(orders[5:])


def test_the_past_stops_at_what_cannot_be_read_as_the_live_view_does(flow: InstallFlow):
    view = touchy({"boum"})
    projections = projections_of(flow, view)
    one = opened_order(flow, CommentAdded(text="boum"), CollecteStarted())
    (row,) = projections.as_of(view, lambda _: True)
    assert (row.id, row.events) == (one, 1)
