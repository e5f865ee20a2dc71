"""The compiled dict is the machine of `transitions`, over every status and event."""

from __future__ import annotations

import pytest

from installflow.orders.calendar import TechnicianDay
from installflow.orders.order import Order
from installflow.workflow.table import Workflow
from tests.workflow.compiled import asked_of_the_machine, read_from_the_dict
from tests.workflow.lending import WORKFLOW, Answered, Loan, Returned

WORKFLOWS = [WORKFLOW, Order.workflow, TechnicianDay.workflow]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=[workflow.name for workflow in WORKFLOWS])
def test_the_dict_says_what_the_machine_says_for_every_event_and_status(workflow: Workflow):
    asked = asked_of_the_machine(workflow)
    assert asked == read_from_the_dict(workflow)
    assert len(asked) == len({t.event for t in workflow.transitions}) * len(workflow.statuses)
    assert {key for key, reached in asked.items() if reached} == {
        (event.topic, status.value) for event, status in workflow.rules
    }


def test_the_comparison_sees_one_missing_destination():
    asked = asked_of_the_machine(WORKFLOW)
    asked[Answered.topic, Loan.ASKED.value].discard(Loan.QUEUED.value)
    assert asked != read_from_the_dict(WORKFLOW)


def test_the_comparison_sees_one_passage_too_many():
    workflow = Workflow(
        "loan",
        statuses=Loan,
        opens=WORKFLOW.opens,
        transitions=WORKFLOW.transitions,
        finals=WORKFLOW.finals,
    )
    assert asked_of_the_machine(workflow) == read_from_the_dict(workflow)
    workflow.machine.add_transition(Returned.topic, Loan.ASKED.value, Loan.BACK.value)
    assert asked_of_the_machine(workflow) != read_from_the_dict(workflow)


def test_one_machine_serves_every_aggregate_and_holds_none():
    assert WORKFLOW.machine.models == []
