"""The first eight events of an order, and the ninth that is asked for next."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from installflow import Actor, InstallFlow
from installflow.orders import (
    CancellationRequested,
    CollecteCompleted,
    CollecteStarted,
    CommentAdded,
    Order,
    OrderCancelled,
    OrderReceived,
    Origin,
    ParcelSent,
    ReminderSet,
    Slot,
    StagingCompleted,
    TechnicianRequested,
    VisitScheduled,
)
from installflow.store.unit_of_work import Command, Request
from installflow.workflow.event import Event

BY = Actor("Sonia", role="planner")
NOW = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
JANUARY = dt.date(2027, 1, 4)
DAYS = 90
"""Visits are spread over so many days: one a project manager and day, so that none clash."""

EVENTS = 8
NEXT = TechnicianRequested()
UNIT = 80
"""Events recorded together."""


def life(number: int, day: int) -> list[Event]:
    """Eight events of one order; its subcontractor names no technician, so that no day is booked beside it."""
    return [
        OrderReceived(client=f"Boulangerie {number:09d}", partner="HIGHCOM", phones=6, ref=f"CMD-{number:09d}"),
        CollecteStarted(),
        CollecteCompleted(phones=6),
        StagingCompleted(),
        ReminderSet(date=JANUARY, check="rappeler le client"),
        CommentAdded(text="Le client préfère le matin, accès par la cour."),
        ParcelSent(tracking=(f"XY{number:09d}FR",)),
        VisitScheduled(
            date=JANUARY + dt.timedelta(day),
            slot=Slot.H0930,
            origin=(Origin.OCCITECH,),
            project_manager=f"CP {number:09d}",
        ),
    ]


def finished(number: int, day: int) -> list[Event]:
    """Eight events of an order that is over: boards leave it out."""
    return [
        *life(number, day)[: EVENTS - 2],
        CancellationRequested(reason="le client a renoncé"),
        OrderCancelled(confirmed_by="Mme Roux", how="mail"),
    ]


def record(flow: InstallFlow, lives: list[list[Event]]) -> list[UUID]:
    """Record orders, several a unit of work, through the same door as any command."""
    unit, ids = flow.unit(), [uuid4() for _ in lives]
    for one, events in zip(ids, lives, strict=True):
        for version, event in enumerate(events):
            unit.add(Request([Command(Order, one, event, opens=version == 0)], BY, str(uuid4())))
        if unit.size >= UNIT:
            unit.commit()
            unit = flow.unit()
    unit.commit()
    return ids
