"""Reading screens again: what was decoded and worked out before serves again, and is never out of date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from installflow import InstallFlow
from installflow.app import VIEWS
from installflow.orders import CommentAdded
from installflow.orders.alerts import alerts_of, clashes, clashing
from installflow.orders.board import BoardQuery, board
from installflow.orders.brief import Brief, alerted
from installflow.orders.cells import READ_FROM, cells_of
from installflow.orders.planning import PLANNING
from installflow.orders.planning_row import PlanningRow
from installflow.orders.terms import OrderStatus
from installflow.testing.clock import FixedClock
from installflow.testing.story import recorded_since
from installflow.workflow.reading import Line, Reading
from installflow.workflow.view import CUT
from tests.flow.acts import SONIA, opened_order
from tests.flow.wander import Wander

FreshStore = Callable[[], str | None]
EVERYTHING = BoardQuery(all=True)
SHOWN = OrderStatus.RDV_POSE


def never(one: UUID) -> PlanningRow:
    """Nothing is damaged here."""
    raise AssertionError(one)


@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_a_board_read_again_and_again_is_the_board_worked_out_afresh(fresh_store: FreshStore, seed: int):
    clock = FixedClock()
    with InstallFlow(fresh_store(), clock=clock, synchronous="NORMAL") as flow:
        for number, _ in enumerate(Wander(flow, clock, seed).steps(30)):
            if number % 6:
                continue
            rows = [PLANNING.decode(PLANNING.encode(row)) for row in flow.projections.rows(PLANNING)]
            for today in (flow.today_is, flow.today_is + dt.timedelta(20), flow.today_is):
                lines = [Line.of(PLANNING, row.id, row.changed({})) for row in rows]
                afresh = board(lines, today, EVERYTHING, flow.parameters)
                again = flow.screens_on(today).planning(EVERYTHING)
                assert [one.as_json() for one in again] == [one.as_json() for one in afresh]
                assert [flow.screens_on(today).row(one.id) for one in again] == again


POLICIES = (
    {"lookalike": "", "confirmer": "", "collecte_threshold": 4},
    {"lookalike": "", "confirmer": "", "collecte_threshold": 0},
    {"lookalike": "", "confirmer": "Mme Roux", "collecte_threshold": 100},
    {"lookalike": "HIGHCOM", "confirmer": "", "collecte_threshold": 100},
)


@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_what_stands_before_a_row_says_what_the_row_says(fresh_store: FreshStore, seed: int):
    clock = FixedClock()
    with InstallFlow(fresh_store(), clock=clock, synchronous="NORMAL") as flow:
        for _ in Wander(flow, clock, seed).steps(30):
            pass
        rows = flow.projections.rows(PLANNING)
    # Also with another's number and manager, so that some clash, and phones, so that a policy has something to ask.
    rows += [row.changed({"id": UUID(int=at), "phones": 1 + at % 9, "status": SHOWN}) for at, row in enumerate(rows)]
    lines = [Line(PLANNING, row.id, PLANNING.encode(row), never) for row in rows]
    assert clashing(lines) == clashes(rows)
    for row, line in zip(rows, lines, strict=True):
        assert to_json(line.brief) == to_json(Brief.of(row.changed({})))
        around = [row.visit.date, *(reminder.date for reminder in row.reminders)]
        for day in [clock().date(), *(date + dt.timedelta(late) for date in around if date for late in range(-4, 3))]:
            for policy in POLICIES:
                assert alerted(line, day.toordinal(), policy) == tuple(alerts_of(row, day, policy))


@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_a_row_is_stored_in_one_spelling_without_what_stands_at_its_default(fresh_store: FreshStore, seed: int):
    clock = FixedClock()
    with InstallFlow(fresh_store(), clock=clock, synchronous="NORMAL") as flow:
        for _ in Wander(flow, clock, seed).steps(30):
            pass
        for one in VIEWS:
            for row in one.fold_all(recorded_since(flow, 0)).values():
                stored = one.encode(row)
                assert one.decode(stored) == row
                assert one.encode(one.decode(stored)) == stored
                alone = stored.partition(CUT)[2] or stored
                assert len(alone) < len(row.model_dump_json().encode())


def test_a_row_is_decoded_again_only_when_it_changed(fresh_store: FreshStore):
    with InstallFlow(fresh_store(), clock=FixedClock()) as flow:
        one, other = opened_order(flow), opened_order(flow)
        before = {row.id: row for row in flow.projections.rows(PLANNING)}
        flow.record(one, CommentAdded(text="rappelé"), by=SONIA)
        after = {row.id: row for row in flow.projections.rows(PLANNING)}
        assert after[other] is before[other]
        assert flow.projections.rows(PLANNING, [other])[0] is before[other]
        assert [len(row.comments) for row in (before[one], after[one])] == [0, 1]


def test_rows_beyond_the_limit_are_read_and_not_kept(fresh_store: FreshStore):
    with InstallFlow(fresh_store(), clock=FixedClock()) as flow:
        opened_order(flow), opened_order(flow)
        stored = [(row.id, PLANNING.encode(row)) for row in flow.projections.rows(PLANNING)]
    reading = Reading(PLANNING, never, limit=len(stored[0][1]))
    first, second = reading.all(stored), reading.all(stored)
    assert [line.row for line in first] == [line.row for line in second] == [line.row for line in reading.some(stored)]
    assert [now is before for now, before in zip(second, first, strict=True)] == [True, False]


def test_a_row_made_of_another_inherits_nothing_that_was_worked_out(fresh_store: FreshStore):
    with InstallFlow(fresh_store(), clock=FixedClock()) as flow:
        opened_order(flow)
        (row,) = flow.projections.rows(PLANNING)
    assert cells_of(row)["CLIENT"] == row.client
    for later in (row.changed({"client": "Boucherie"}), row.model_copy(update={"client": "Boucherie"})):
        assert cells_of(later)["CLIENT"] == "Boucherie"
    assert cells_of(row)["CLIENT"] == row.client


def test_cells_are_read_from_nothing_but_what_is_compared_after_each_event(fresh_store: FreshStore):
    class Watched(PlanningRow):
        def __getattribute__(self, name: str) -> object:
            if name in PlanningRow.model_fields:
                read.add(name)
            return super().__getattribute__(name)

    read: set[str] = set()
    with InstallFlow(fresh_store(), clock=FixedClock()) as flow:
        opened_order(flow)
        (row,) = flow.projections.rows(PLANNING)
    for status in type(row.status):
        typed = {"imported": True, "typed": {"PARTENAIRE": "A/B"}, "status": status}
        cells_of(Watched.begun(**vars(row.changed(typed))))
    assert read == set(READ_FROM)
