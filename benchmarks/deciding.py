"""Deciding an allowed transition that has three guards, against a trigger of `transitions` with three conditions."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from uuid import uuid4

from transitions import Machine

from benchmarks.life import NOW
from benchmarks.measuring import Result, Run, compare
from installflow.orders import Order, OrderReceived, StagingSkipped
from installflow.orders.guards import COLLECTED, there_is_nothing_to_prepare
from installflow.orders.lifecycle import WORKFLOW
from installflow.workflow.decision import PolicyWorkflow
from installflow.workflow.event import Actor, Recorded
from installflow.workflow.guard import Facts
from installflow.workflow.policy import Policy

GUARDS = (there_is_nothing_to_prepare, *COLLECTED)
"""What the table asks of `StagingSkipped` in New."""


def run(run: Run) -> list[Result]:
    """Time both, facts gathered anew for each decision as a command does."""
    sizes = run.sizes
    policy = PolicyWorkflow(WORKFLOW, Policy("default"))
    order, skipped = _new_order(), StagingSkipped()
    today = NOW.date()

    def ours(_round: int) -> int:
        for _ in range(sizes.decisions):
            policy.decide(order, skipped, Facts({**policy.parameters, **order.facts(skipped, today)}))
        return sizes.decisions

    facts = SimpleNamespace(**policy.parameters)
    model = SimpleNamespace(state="new")
    machine = Machine(model, states=["new", "to_plan"], initial="new", auto_transitions=False)
    prepare, known, collected = GUARDS
    conditions: list[str | Callable[..., bool | None]] = [
        lambda: prepare(order, facts) is None,
        lambda: known(order, facts, skipped) is None,
        lambda: collected(order, facts, skipped) is None,
    ]
    machine.add_transition("skip_staging", "new", "to_plan", conditions=conditions)

    def trigger(_round: int) -> int:
        for _ in range(sizes.decisions):
            model.state = "new"
            model.skip_staging()
        return sizes.decisions

    what = "decide: an allowed transition with three guards"
    return compare(what, "µs", sizes.rounds, ours, {"a `transitions` trigger, three conditions": trigger})


def _new_order() -> Order:
    received = OrderReceived(client="Boulangerie Morel", partner="HIGHCOM", phones=2, equipment=False)
    recorded = Recorded(
        id=uuid4(),
        version=1,
        event_type=OrderReceived,
        event=received,
        status="new",
        by=Actor("Sonia", role="planner"),
        recorded_at=NOW,
    )
    return Order.replay(recorded.id, [recorded])
