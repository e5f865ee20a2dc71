"""An order, or its row on the board, folded from events told one after the other: no store, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeAlias
from uuid import UUID

from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.order import Order
from installflow.orders.planning import PLANNING
from installflow.orders.planning_row import PlanningRow
from installflow.orders.terms import OrderStatus as S
from installflow.workflow.event import Actor, Event, Recorded
from installflow.workflow.guard import Facts

SONIA = Actor("Sonia", role="planner")
NINE = dt.datetime(2027, 3, 2, 8, tzinfo=dt.UTC)
"""Nine in the morning in Paris, a Tuesday."""

TODAY = NINE.date()
ONE = UUID(int=1)
APRIL_14, APRIL_15 = dt.date(2027, 4, 14), dt.date(2027, 4, 15)
DIRECT, CINQ_COM = "Direct", "5 com"

Step: TypeAlias = "Event | tuple[Event, S]"
"""An event that moves nothing, or one with the status it reached."""


def received(**fields: Any) -> e.OrderReceived:
    return e.OrderReceived(**{"client": "Boulangerie Morel", "partner": "HIGHCOM", "phones": 2, **fields})


def planned(**fields: Any) -> n.VisitScheduled:
    """An appointment with everything G3 asks for."""
    whole = {"date": APRIL_14, "slot": "9H30", "origin": DIRECT, "technician": "Karim", "project_manager": "Inès"}
    return n.VisitScheduled(**{**whole, **fields})


def history(
    *steps: Step,
    id: UUID = ONE,  # noqa: A002
    by: Actor = SONIA,
    facts: Mapping[str, Any] | None = None,
    at: dt.datetime = NINE,
) -> list[Recorded]:
    """The steps in their envelopes, a minute apart."""
    told = []
    for version, step in enumerate(steps, 1):
        event, status = step if isinstance(step, tuple) else (step, _named(step))
        told.append(
            Recorded(
                id=id,
                version=version,
                event_type=type(event),
                event=event,
                status=None if status is None else status.value,
                facts=facts,
                by=by,
                recorded_at=at + dt.timedelta(minutes=version - 1),
                position=version,
            )
        )
    return told


def _named(event: Event) -> S | None:
    if isinstance(event, e.OrderReceived):
        return S.NEW
    return event.status if isinstance(event, (e.OrderImported, e.StatusCorrected)) else None


def order(*steps: Step, **envelope: Any) -> Order:
    """The order of these steps; received first, unless it was imported."""
    return Order.replay(ONE, history(*_from_the_start(steps), **envelope))


def row(*steps: Step, **envelope: Any) -> PlanningRow:
    """The row of the board these steps leave."""
    return rows(history(*_from_the_start(steps), **envelope))[0]


def rows(*histories: list[Recorded]) -> list[PlanningRow]:
    return list(PLANNING.fold_all(recorded for told in histories for recorded in told).values())


def _from_the_start(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    first = steps[0] if steps else None
    event = first[0] if isinstance(first, tuple) else first
    return steps if isinstance(event, (e.OrderReceived, e.OrderImported)) else (received(), *steps)


def facts(**values: Any) -> Facts:
    """The facts of an order, under the default policy unless said."""
    return Facts({**Order.workflow.parameters, "today": TODAY, "sheets_pending": 0, **values})
