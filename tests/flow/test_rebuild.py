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
from installflow.store.store import ViewRow
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
    assert flow.rebuild() == {"agenda": Rebuilt(1), "billing": Rebuilt(1), "planning": Rebuilt(1)}


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


def test_a_rebuild_that_was_killed_leaves_the_live_view_and_the_next_one_sweeps_it(flow: InstallFlow):
    one = opened_order(flow)
    whole = flow.planning()
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


def test_of_two_rebuilds_at_once_one_stands_and_the_other_tells_no_tale(flow: InstallFlow):
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


def test_the_past_stops_at_what_cannot_be_read_as_the_live_view_does(flow: InstallFlow):
    view = touchy({"boum"})
    projections = projections_of(flow, view)
    one = opened_order(flow, CommentAdded(text="boum"), CollecteStarted())
    (row,) = projections.as_of(view, lambda _: True)
    assert (row.id, row.events) == (one, 1)
