"""An order replayed from what its guards read is the order of its whole history."""

from __future__ import annotations

import pytest

from installflow import InstallFlow
from installflow.orders import Order
from installflow.orders.order import IGNORED
from installflow.orders.waits import Situation, waits_after
from installflow.testing.clock import FixedClock
from installflow.workflow.event import Recorded
from tests.flow.wander import Wander


class Unhurried(Order):
    """An order whose visit and waits are folded at every event, whether it says something of them or not."""

    def evolve(self, recorded: Recorded) -> None:
        visit, waits = self.visit, self.waits
        super().evolve(recorded)
        if recorded.event_type in IGNORED:
            return
        moved = recorded.status is not None
        self.visit = visit.settled(recorded.event, self.status, recorded.occurred_at, moved=moved)
        now = Situation(self.status, moved, visit, self.visit, self.partner, recorded.occurred_at)
        self.waits = waits_after(waits, recorded.event, now)


@pytest.mark.parametrize("seed", range(6))
def test_skipping_what_says_nothing_changes_nothing(clock: FixedClock, seed: int):
    with InstallFlow(clock=clock) as flow:
        wander = Wander(flow, clock, seed)
        for _ in wander.steps(60):
            pass
        for one in wander.orders:
            rows = flow._store.load(one)
            for upto in range(1, len(rows) + 1):
                history = [flow._mapper.decode(row) for row in rows[:upto]]
                replayed = vars(flow._mapper.replay(Order, one, rows[:upto]))
                assert replayed == vars(Order.replay(one, history)) == vars(Unhurried.replay(one, history))
