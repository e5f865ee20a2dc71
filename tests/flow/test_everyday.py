"""Everyday screens leave orders that are over unread, and show what they would show having read them all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installflow import InstallFlow, NotFound
from installflow.app import VIEWS
from installflow.billing import BILLING
from installflow.orders import (
    BillingNoted,
    ParcelSent,
    PortabilityNoted,
    ReminderSet,
    StatusCorrected,
)
from installflow.orders.agenda import AGENDA
from installflow.orders.board import BoardQuery
from installflow.orders.planning import PLANNING
from installflow.orders.terms import OrderStatus
from installflow.projections import Projections
from installflow.screens import Screens
from installflow.store.store import ViewRow
from installflow.testing.clock import FixedClock
from installflow.workflow.reading import Line, Reading
from installflow.workflow.view import View
from tests.flow.acts import APRIL_14, SONIA, opened_order
from tests.flow.wander import DATES, Wander

FreshStore = Callable[[], str | None]
CLOSED = StatusCorrected(status=OrderStatus.CLOTUREE, reason="repris du tableau")
CANCELLED = StatusCorrected(status=OrderStatus.ANNULER, reason="repris du tableau")
QUERIES = [
    BoardQuery(),
    BoardQuery(partner="HIGHCOM"),
    BoardQuery(search="garage"),
    BoardQuery(start=DATES[0], end=DATES[1]),
    BoardQuery(sort="-CLIENT"),
    BoardQuery(all=True),
    *(
        BoardQuery(status=name)
        for name in ("Collecte", "Att porta", "Installation", "installation.rdv_pose", "annuler")
    ),
]


class Whole:
    """Every row, whatever is asked: the screens do the rest."""

    def __init__(self, flow: InstallFlow) -> None:
        self._projections = flow.projections

    def rows(self, view: View[Any], ids: Sequence[UUID] | None = None) -> list[Any]:
        return self._projections.rows(view, ids)

    def everyday(self, view: View[Any], keys: Collection[str] = ()) -> list[Any]:
        return self._projections.rows(view)

    def lines(self, view: View[Any]) -> list[Line[Any]]:
        return [Line.of(view, row.id, row) for row in self._projections.rows(view)]

    def archived(self, view: View[Any], keys: Collection[str]) -> list[Any]:
        return []


class Elsewhere:
    """The rows of other views in the place of those the screens ask for."""

    def __init__(self, flow: InstallFlow, *views: View[Any]) -> None:
        self._views = {view.name: replace(view, name=f"other {view.name}") for view in views}
        self._projections = Projections(flow._store, flow._mapper, list(self._views.values()))

    def rows(self, view: View[Any], ids: Sequence[UUID] | None = None) -> list[Any]:
        return self._projections.rows(self._views[view.name], ids)

    def everyday(self, view: View[Any], keys: Collection[str] = ()) -> list[Any]:
        return self._projections.everyday(self._views[view.name], keys)

    def lines(self, view: View[Any]) -> list[Line[Any]]:
        return self._projections.lines(self._views[view.name])

    def archived(self, view: View[Any], keys: Collection[str]) -> list[Any]:
        return self._projections.archived(self._views[view.name], keys)


def shown(screens: Screens, ids: Sequence[UUID]) -> dict[str, Any]:
    """All there is to read on screens, by its name."""
    said: dict[str, Any] = {str(query): [one.as_json() for one in screens.planning(query)] for query in QUERIES}
    said["today"] = [one.as_json() for one in screens.today()]
    for every in (False, True):
        said[f"agenda {every}"] = [one.as_json() for one in screens.agenda(all=every)]
        said[f"billing {every}"] = [one.as_json() for one in screens.billing(all=every)]
    for one in ids:
        row = screens.row(one)
        said[str(one)] = row and row.as_json()
    return said


def told(flow: InstallFlow, day: dt.date, source: Any = None) -> dict[str, Any]:
    ids = [row.id for row in flow.projections.rows(PLANNING)]
    return shown(Screens(source or flow.projections, day, flow.parameters), [*ids, UUID(int=1)])


@pytest.fixture
def orders(flow: InstallFlow) -> dict[str, UUID]:
    """One under way, and others that are over, each of which a screen of every day has something to say of."""
    sent = ParcelSent(tracking=("8X1",))
    porta = PortabilityNoted(state="demandee", date=APRIL_14)
    ids = {
        "under way": opened_order(flow, sent, ReminderSet(date=APRIL_14), client="Morel", ref="CMD-1"),
        "same number": opened_order(flow, sent, CANCELLED, client="Petit", ref="CMD-2"),
        "to bill": opened_order(flow, CLOSED, client="Blanc", ref="cmd-3"),
        "billed": opened_order(flow, porta, CLOSED, BillingNoted(text="x", billed=True), client="Roux", ref="CMD-4"),
        "dealt with": opened_order(
            flow, CLOSED, BillingNoted(text="x", billed=True), client="Morel bis", ref='« CMD "5" »'
        ),
    }
    ids["credit"] = opened_order(flow, BillingNoted(text="x", billed=True), CANCELLED, client="Gris", ref="CMD-1")
    return ids


@settings(max_examples=12)
@given(st.integers(0, 2**32))
def test_screens_show_what_they_would_having_read_every_row(fresh_store: FreshStore, seed: int):
    clock = FixedClock()
    with InstallFlow(fresh_store(), clock=clock, synchronous="NORMAL") as flow:
        for number, _ in enumerate(Wander(flow, clock, seed).steps(45)):
            if number % 15 == 14:
                for day in (flow.today_is, DATES[0]):
                    assert told(flow, day) == told(flow, day, Whole(flow))


def test_what_is_over_is_shown_where_it_has_something_to_say(flow: InstallFlow, orders: dict[str, UUID]):
    flow.record(orders["dealt with"], ParcelSent(tracking=("8X7",)), by=SONIA)
    for day in (flow.today_is, APRIL_14):
        assert told(flow, day) == told(flow, day, Whole(flow))
    (row,) = flow.planning()
    assert "N° CHRONO en double (aussi : Petit)" in row.alerts
    assert "N° CHRONO en double (aussi : Morel)" in flow.row(orders["same number"]).alerts
    seen = {item.id for item in flow.screens_on(APRIL_14).today()}
    assert seen == {orders["under way"], orders["to bill"], orders["billed"]}
    assert {line.row.id for line in flow.billing()} == {orders["to bill"], orders["credit"]}
    assert [flow.find(ref) for ref in ("cmd-2", "CMD-3", '« cmd "5" »', str(orders["billed"]))] == [
        orders[name] for name in ("same number", "to bill", "dealt with", "billed")
    ]
    with pytest.raises(NotFound):
        flow.find("CMD")


def test_what_is_over_comes_back_with_its_order(flow: InstallFlow, clock: FixedClock, orders: dict[str, UUID]):
    clock.set("2027-03-03")
    one = orders["dealt with"]
    assert one not in {row.id for row in flow.planning()}
    flow.record(one, StatusCorrected(status=OrderStatus.TO_PLAN, reason="rouverte"), by=SONIA)
    assert one in {row.id for row in flow.planning()}
    flow.record(one, CLOSED, by=SONIA)
    assert one not in {row.id for row in flow.planning()}
    assert one in {line.row.id for line in flow.billing()}, "what was billed before was no final bill"
    assert told(flow, APRIL_14) == told(flow, APRIL_14, Whole(flow))


FORGETTING: dict[str, tuple[View[Any], str]] = {
    "every key": (replace(PLANNING, archived=lambda row: () if row.is_final else None), "BoardQuery()"),
    "what is to bill": (
        replace(
            PLANNING,
            archived=lambda row: (
                [key for key in PLANNING.archived(row) or () if "facturation" not in key] if row.is_final else None
            ),
        ),
        "today",
    ),
    "orders under way": (replace(PLANNING, archived=lambda _row: ()), "BoardQuery()"),
    "reminders": (replace(AGENDA, archived=lambda row: () if row.reminders else None), "agenda False"),
    "credits": (replace(BILLING, archived=lambda row: () if row.cancelled_at else None), "billing False"),
}


@pytest.mark.parametrize(("forgetful", "screen"), FORGETTING.values(), ids=list(FORGETTING))
def test_a_rule_that_leaves_out_too_much_is_seen(
    flow: InstallFlow, orders: dict[str, UUID], forgetful: View[Any], screen: str
):
    views = {view.name: view for view in VIEWS}
    whole = told(flow, APRIL_14, Whole(flow))
    assert told(flow, APRIL_14, Elsewhere(flow, *views.values())) == whole, "with our own rules there is no difference"
    views[forgetful.name] = replace(forgetful, version=99)
    found = told(flow, APRIL_14, Elsewhere(flow, *views.values()))
    name = str(BoardQuery()) if screen == "BoardQuery()" else screen
    assert found[name] != whole[name]
    assert found[str(BoardQuery(all=True))] == whole[str(BoardQuery(all=True))], "the whole board is whole by any rule"


def test_rows_of_what_is_over_are_not_read_every_day(flow: InstallFlow, orders: dict[str, UUID]):
    """A damaged row is made again when it is read: one that stays damaged was not."""
    one = orders["dealt with"]
    everyday: list[Callable[[], object]] = [
        *(flow.planning, flow.today, flow.agenda, flow.billing),
        lambda: flow.find("CMD-2"),
        lambda: flow.row(orders["under way"]),
        lambda: flow.planning(status="New", search="o"),
    ]
    flow.planning(), flow.agenda(), flow.billing()
    for view in VIEWS:
        at = flow._store.view_position(view.key)
        flow._store.view_advance(view.key, at, at, {one: ViewRow(b"{", 3, "")})
    before = {view.name: flow._store.view_rows(view.key, [one]) for view in VIEWS}
    for read in everyday:
        read()
    assert {view.name: flow._store.view_rows(view.key, [one]) for view in VIEWS} == before
    assert one in {row.id for row in flow.planning(all=True)}
    assert flow._store.view_rows(PLANNING.key, [one]) != before["planning"], "read whole, it is mended"


def test_a_damaged_row_of_an_order_under_way_is_made_again(flow: InstallFlow, orders: dict[str, UUID]):
    whole = told(flow, APRIL_14)
    at = flow._store.view_position(PLANNING.key)
    damaged = {orders["under way"]: ViewRow(b"{", 3), orders["to bill"]: ViewRow(b"{", 2, "facturation à facturer")}
    flow._store.view_advance(PLANNING.key, at, at, damaged)
    assert told(flow, APRIL_14) == whole


def test_a_row_damaged_behind_its_brief_is_made_again_once_it_is_asked_for(flow: InstallFlow, orders: dict[str, UUID]):
    one, key = orders["under way"], PLANNING.key
    whole = {board.id: board.row for board in flow.planning()}
    at = flow._store.view_position(key)
    ((_, stored),) = flow._store.view_rows(key, [one])
    flow._store.view_advance(key, at, at, {one: ViewRow(stored.replace(b'"id":', b'"di":'), 3)})
    assert {board.id: board.row for board in flow.planning()} == whole
    assert flow._store.view_rows(key, [one]) == [(one, stored)]


def test_a_row_that_is_gone_by_the_time_it_is_asked_for_says_so(flow: InstallFlow, orders: dict[str, UUID]):
    one, key = orders["under way"], PLANNING.key
    flow.planning()
    at = flow._store.view_position(key)
    ((_, stored),) = flow._store.view_rows(key, [one])
    flow._store.view_advance(key, at, at, {one: ViewRow(stored.replace(b'"id":', b'"di":'), 3)})
    (line,) = [line for line in flow.projections.lines(PLANNING) if line.id == one]
    flow._store.view_drop(key)
    with pytest.raises(NotFound, match="ne se lit plus"):
        line.row  # noqa: B018  # reading it is what fails


def test_a_row_archived_by_mistake_is_found_by_a_check(flow: InstallFlow, orders: dict[str, UUID]):
    flow.planning()
    assert flow.check().findings == []
    one, view = orders["under way"], PLANNING.key
    at = flow._store.view_position(view)
    (stored,) = [row for found, row in flow._store.view_page(view, None, 99) if found == one]
    flow._store.view_advance(view, at, at, {one: stored._replace(archived="")})
    assert one not in {row.id for row in flow.planning()}, "a screen takes the store's word for it"
    (finding,) = flow.check().findings
    assert (finding.code, finding.where) == ("view_differs", str(one))
    assert flow.rebuild("planning")["planning"].changed == (one,)
    assert one in {row.id for row in flow.planning()}
    assert flow.check().findings == []


def never(one: UUID) -> Any:
    """Nothing is damaged here."""
    raise AssertionError(one)


def test_everyday_rows_stay_decoded_when_the_whole_is_read_once(flow: InstallFlow, orders: dict[str, UUID]):
    everyday = flow.projections.everyday(PLANNING)
    stored = [(row.id, PLANNING.encode(row)) for row in everyday]
    whole = [(row.id, PLANNING.encode(row)) for row in flow.projections.rows(PLANNING)]
    assert len(whole) > len(stored)
    reading = Reading(PLANNING, never, limit=sum(len(row) for _, row in stored))
    first = reading.everyday(stored)
    reading.all(whole)
    assert all(now is before for now, before in zip(reading.everyday(stored), first, strict=True))
    assert reading.all(whole)[-1] is not reading.all(whole)[-1] or whole[-1] in stored, "there was no room for others"
    roomy = Reading(PLANNING, never)
    roomy.everyday(stored)
    once, again = roomy.all(whole), roomy.all(whole)
    assert all(now is before for now, before in zip(again, once, strict=True))
    assert roomy.some(whole) == once


def test_the_room_of_everyday_rows_is_taken_from_the_others(flow: InstallFlow, orders: dict[str, UUID]):
    whole = [(row.id, PLANNING.encode(row)) for row in flow.projections.rows(PLANNING)]
    reading = Reading(PLANNING, never, limit=sum(len(row) for _, row in whole))
    first = reading.all(whole)
    assert reading.everyday(whole[:2]) == first[:2]
    again = reading.all(whole)
    assert [now is before for now, before in zip(again, first, strict=True)] == [True, True, False, False, False, False]
