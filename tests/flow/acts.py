"""Short ways to bring an order where a test begins."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from installflow import Actor, Event, InstallFlow
from installflow.orders import (
    OrderReceived,
    StagingCompleted,
    StagingStarted,
    TechnicianConfirmed,
    TechnicianRequested,
    VisitScheduled,
)

SONIA = Actor("Sonia", role="planner")
APRIL_14, APRIL_15 = dt.date(2027, 4, 14), dt.date(2027, 4, 15)


def received(**fields: Any) -> OrderReceived:
    return OrderReceived(**{"client": "Boulangerie Morel", "partner": "HIGHCOM", "phones": 2, **fields})


def planned(**fields: Any) -> VisitScheduled:
    whole = {"date": APRIL_14, "slot": "9H30", "origin": "Direct", "technician": "Karim", "project_manager": "Inès"}
    return VisitScheduled(**{**whole, **fields})


def opened_order(flow: InstallFlow, *events: Event, **fields: Any) -> UUID:
    """A new order, then these events, all by Sonia."""
    one = flow.open(received(**fields), by=SONIA).id
    for event in events:
        flow.record(one, event, by=SONIA)
    return one


def order_to_plan(flow: InstallFlow, *events: Event, **fields: Any) -> UUID:
    return opened_order(flow, StagingStarted(), StagingCompleted(), *events, **fields)


def order_with_appointment(flow: InstallFlow, visit: VisitScheduled | None = None, **fields: Any) -> UUID:
    one = order_to_plan(flow, visit or planned(), TechnicianRequested(), TechnicianConfirmed(), **fields)
    assert flow.load(one).status.value == "installation.rdv_pose"
    return one
