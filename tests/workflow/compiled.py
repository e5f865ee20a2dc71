"""Asks the library's machine what a workflow says, to compare it with what decisions read."""

from __future__ import annotations

from typing import TypeAlias

from installflow.workflow.status import Status
from installflow.workflow.table import Workflow

Destinations: TypeAlias = dict[tuple[str, str], set[str]]


def asked_of_the_machine(workflow: Workflow) -> Destinations:
    """For every event and status, where `transitions` itself would go."""
    return {
        (event.topic, status.value): {
            str(found.dest) for found in workflow.machine.get_transitions(event.topic, status.value)
        }
        for event in workflow.events
        for status in workflow.statuses
        if event.topic in workflow.machine.events
    }


def read_from_the_dict(workflow: Workflow) -> Destinations:
    """The same, from the dict decisions look into."""
    return {
        (event.topic, status.value): destinations(workflow, event.topic, status)
        for event in workflow.events
        for status in workflow.statuses
        if any(transition.event is event for transition in workflow.transitions)
    }


def destinations(workflow: Workflow, topic: str, status: Status) -> set[str]:
    rule = next(
        (rule for (event, source), rule in workflow.rules.items() if (event.topic, source) == (topic, status)), None
    )
    return set() if rule is None else {reached.value for _, reached in workflow.reachable(rule, status)}
