"""The order's workflow is the reference table, row by row and both ways."""

from __future__ import annotations

from collections import Counter

from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.lifecycle import OPEN, WORKFLOW
from installflow.orders.terms import OrderStatus
from installflow.orders.waits import FINALS
from installflow.workflow.event import Event
from installflow.workflow.status import Status
from installflow.workflow.table import SAME
from tests.orders.reference import NOTHING, STATUSES, UNMOVED, Row, rows

Move = tuple[OrderStatus, type[Event], OrderStatus]
Loop = tuple[Status, type[Event]]


def moves(table: list[Row]) -> set[Move]:
    return {
        (STATUSES[row.source], row.event, STATUSES[row.target])
        for row in table
        if row.source != NOTHING and not row.is_answer and row.source != row.target
    }


def loops(table: list[Row]) -> set[Loop]:
    """Where an event moves nothing: rows that say so, and answers wherever STATUT does not show what they answer."""
    moving = {(source, event) for source, event, _ in moves(table)}
    proposed_only = (OrderStatus.RDV_POSE, e.PortabilityPostponed)  # T63
    stays = {(STATUSES[row.source], row.event) for row in table if row.source == row.target}
    answers = {(status, row.event) for row in table if row.is_answer for status in OPEN}
    return stays | {loop for loop in answers if loop not in moving or loop == proposed_only}


def declared_loops() -> set[Loop]:
    moved = {row.event for row in rows()}
    return {
        (status, event)
        for (event, status), rule in WORKFLOW.rules.items()
        if event in moved and status in OPEN and any(target.to is SAME for target in rule.targets)
    }


def test_the_table_has_111_rows_each_with_its_number():
    assert [row.number for row in rows()] == [f"T{number:02d}" for number in range(1, 112)]
    assert all(row.target == UNMOVED for row in rows() if row.is_answer)


def test_every_row_is_a_passage_and_every_passage_a_row():
    assert WORKFLOW.passages() == moves(rows())


def test_the_comparison_sees_one_row_missing_or_too_many():
    table = rows()
    for move in moves(table):
        without = [row for row in table if row.source == NOTHING or row.is_answer or moves([row]) != {move}]
        assert moves(without) == WORKFLOW.passages() - {move}
    extra = Row("T112", "New", "Att 5COM", "demander_technicien", "")
    assert moves([*table, extra]) != WORKFLOW.passages()


def test_two_rows_lead_the_same_way_only_out_of_stand_by():
    """T55 goes back to what was left, T60 gives up on it: the status is the same."""
    passages = Counter((row.source, row.trigger, row.target) for row in rows())
    twice = ("Stand BY", "reprendre", "En attente de planification")
    assert [passage for passage, count in passages.items() if count > 1] == [twice]


def test_every_row_that_moves_nothing_is_a_loop_and_every_loop_a_row():
    assert declared_loops() == loops(rows())


def test_the_comparison_of_loops_sees_one_missing():
    table = [row for row in rows() if row.number != "T111"]
    assert declared_loops() - loops(table) == {(status, e.PortabilityRefused) for status in OPEN}


def test_answers_are_facts_in_every_open_status_and_in_the_final_ones_too():
    for row in rows():
        if row.is_answer and row.event is not e.TechnicianDeclined and row.event is not e.PartnerDeclined:
            assert set(WORKFLOW.sources_of(row.event)) == set(OrderStatus), row.number
        elif row.is_answer:
            assert set(WORKFLOW.sources_of(row.event)) == OPEN, row.number


def test_an_order_is_opened_in_new():
    (opening,) = (row for row in rows() if row.source == NOTHING)
    assert {opening.event: STATUSES[opening.target]} == {e.OrderReceived: OrderStatus.NEW}
    assert {event: target.to for event, target in WORKFLOW.opens.items()} == {e.OrderReceived: OrderStatus.NEW}


def test_what_the_table_does_not_name_moves_nothing():
    named = {row.event for row in rows()}
    for (event, status), rule in WORKFLOW.rules.items():
        if event not in named:
            assert [target.to for target in rule.targets] == [SAME], (event.__name__, status)


def test_notes_are_recordable_in_every_status():
    notes = [event for event in WORKFLOW.events if event.__module__ == n.__name__]
    assert len(notes) > 10
    for note in notes:
        assert set(WORKFLOW.sources_of(note)) == set(OrderStatus), note.__name__


def test_nothing_leaves_a_final_status_but_a_correction():
    assert {OrderStatus.CLOTUREE, OrderStatus.ANNULER} == FINALS == WORKFLOW.finals
    assert not {source for source, _, _ in WORKFLOW.passages()} & FINALS
    assert WORKFLOW.corrections == (e.StatusCorrected,)


# Who may record what

ACTORS = {
    "CP": "project_manager",
    "Planif": "planner",
    "Technicien": "technician",
    "Tech": "technician",
    "Partenaire": "partner",
    "Staging": "workshop",
    "opérateur": "operator",
}
ROLES = {
    "planner", "project_manager", "workshop", "technician", "partner", "operator", "billing", "client", "supervisor",
    "auditor", "system",
}  # fmt: skip


def may(event: type[Event]) -> set[str]:
    return set(WORKFLOW.every_role | WORKFLOW.roles.get(event, frozenset()))


def test_only_the_eleven_roles_are_named():
    assert set().union(*(may(event) for event in WORKFLOW.events)) <= ROLES


def test_a_planner_may_record_everything_and_an_auditor_nothing():
    for event in WORKFLOW.events:
        assert "planner" in may(event)
        assert "auditor" not in may(event)


def test_who_decides_a_row_may_record_it():
    barred = {
        (row.number, actor)
        for row in rows()
        for actor in map(str.strip, row.actor.replace("+", "/").split("/"))
        if actor in ACTORS and ACTORS[actor] not in may(row.event)
    }
    assert barred == set()


def test_some_roles_have_nothing_to_do_with_some_events():
    assert "technician" not in may(e.OrderCancelled)
    assert "workshop" not in may(e.PartnerConfirmed)
    assert "client" not in may(n.BillingNoted)
    assert may(e.StatusCorrected) == {"planner"}
    assert may(e.OrderCancelled) == {"planner"}
