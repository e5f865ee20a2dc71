"""A check beside those who write to the views meanwhile accuses nobody, and says what it could not judge."""

from __future__ import annotations

from typing import Any

from installflow import InstallFlow
from installflow.app import KINDS
from installflow.checking import check
from installflow.orders import CollecteStarted, CommentAdded
from installflow.orders.planning import PLANNING
from installflow.store.store import ViewRow
from tests.flow.acts import opened_order
from tests.flow.counting import Beside, projections_of, touchy


def test_a_row_of_a_view_that_never_rests_is_not_judged_and_it_is_said(flow: InstallFlow):
    one = opened_order(flow, CollecteStarted())
    flow.planning()
    last = flow._store.position()
    (row,) = [row for _, row in flow._store.view_page(PLANNING.key, None, 9)]
    flow._store.view_advance(PLANNING.key, last, last, {one: row._replace(events=1)})

    def view_snapshot(key: str, *arguments: Any) -> Any:
        at = flow._store.view_position(key)
        assert flow._store.view_advance(key, at, at, {}), "written to, and still at the same position"
        return flow._store.view_snapshot(key, *arguments)

    checked = check(Beside(flow._store, view_snapshot=view_snapshot), flow._mapper, KINDS, [PLANNING])
    assert [(found.code, found.where) for found in checked.findings] == [("view_unsteady", "planning")]
    assert (checked.views[0].unjudged, checked.views[0].skipped) == (1, 0)
    assert [found.code for found in flow.check().findings] == ["view_skipped"], "judged once it rests"


def test_an_order_taken_up_again_during_the_check_is_not_accused(flow: InstallFlow):
    view = touchy(stumbles := {"boum"})
    projections = projections_of(flow, view)
    one = opened_order(flow, CommentAdded(text="boum"))
    projections.catch_up(view)
    tried: list[object] = []

    def view_page(*arguments: Any) -> Any:
        found = flow._store.view_page(*arguments)
        if arguments[2] == 1 and not tried:  # between the row and what is parked
            stumbles.clear()
            tried.append(projections.retry(view))
        return found

    stumbles.clear()
    flow._store.view_advance(view.key, at := flow._store.view_position(view.key), at, {one: ViewRow(None, 0)})
    checked = check(Beside(flow._store, view_page=view_page), flow._mapper, KINDS, [view])
    assert (len(tried), [found.code for found in checked.findings]) == (1, ["parked"])
