"""Events a view cannot take: their aggregates are set aside and named, the others go on, and later they come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from installflow import InstallFlow
from installflow.orders import PLANNING, CommentAdded, PlanningRow
from installflow.projections import Projections
from installflow.workflow.event import Recorded
from installflow.workflow.view import View
from tests.faults.oracles import caught_up
from tests.faults.places import Place
from tests.faults.report import Report
from tests.faults.stores import Wrapped, rewired
from tests.flow.acts import SONIA, opened_order

POISON = "poison"
EVERY = 5
"""One order in so many is poisoned."""


def stumbling(view: View[PlanningRow], mended: Callable[[], bool]) -> View[PlanningRow]:
    """A view that stumbles on a poisoned remark until it is mended."""

    def fold(row: PlanningRow | None, recorded: Recorded) -> PlanningRow | None:
        if not mended() and isinstance(recorded.event, CommentAdded) and recorded.event.text == POISON:
            raise ValueError(POISON)
        return view.fold(row, recorded)

    return replace(view, fold=fold)


class Unparking(Wrapped):
    """The control: forgets which aggregates could not be followed."""

    def view_advance(
        self, view: str, expected: int, position: int, changed: Mapping[UUID, Any], *_: Any, **named: Any
    ) -> bool:
        return bool(self.store.view_advance(view, expected, position, changed, **named))


def poisoned(place: Place, *, orders: int, wrapper: type[Wrapped] = Wrapped) -> Report:
    """One order in five holds an event the board cannot take; then the board is mended."""
    is_mended: list[bool] = []
    broken: list[str] = []
    with place.open(synchronous="NORMAL") as flow:
        rewired(flow, wrapper(flow._store))
        board = stumbling(PLANNING, lambda: bool(is_mended))
        flow._projections = Projections(flow._store, flow._mapper, (board,))
        ids = [opened_order(flow) for _ in range(orders)]
        flow.projections.rows(board)
        bad = set(ids[::EVERY])
        for one in ids:
            flow.record(one, CommentAdded(text=POISON if one in bad else "x"), by=SONIA)
        flow.projections.rows(board)
        _go_on(flow, ids)
        shown = {row.id: len(row.comments) for row in flow.projections.rows(board)}
        broken += [f"{one} shows {shown.get(one)}" for one in ids if shown.get(one) != (0 if one in bad else 2)]
        parked = {each.id: each.reason for each in flow.parked()}
        broken += [f"not named: {one}" for one in bad - parked.keys()]
        broken += [f"named for nothing: {one}" for one in parked.keys() - bad]
        broken += [f"told what it read: {reason}" for reason in parked.values() if POISON in reason]
        if any(retried.parked is None for retried in flow.retry(board.name)):
            broken.append("followed again while it still stumbles")
        is_mended.append(True)
        flow.retry(board.name)
        _go_on(flow, ids)
        broken += caught_up(flow)
        behind = {row.id for row in flow.projections.rows(board) if len(row.comments) != 3}
        broken += [f"came back without all its events: {one}" for one in behind]
    figure = (
        f"{len(bad)} of {orders} orders poisoned: {len(parked)} set aside and named, {orders - len(bad)} went on, "
        f"{len(bad - behind)} whole again once mended"
    )
    return Report(figure, broken)


def _go_on(flow: InstallFlow, ids: list[UUID]) -> None:
    for one in ids:
        flow.record(one, CommentAdded(text="suite"), by=SONIA)
