"""The first eight events of an order, the ninth that is asked for next, and stores filled with such orders."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid4

from installflow import Actor, InstallFlow
from installflow.orders import (
    CollecteCompleted,
    CollecteStarted,
    CommentAdded,
    Order,
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

Synchronous = Literal["FULL", "NORMAL"]

BY = Actor("Sonia", role="planner")
NOW = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
JANUARY = dt.date(2027, 1, 4)
NEXT = TechnicianRequested()
UNIT = 80
"""Events filled in together."""


def life(number: int) -> list[Event]:
    """Eight events of one order; its subcontractor names no technician, so that no day is booked beside it."""
    return [
        OrderReceived(client=f"Boulangerie {number}", partner="HIGHCOM", phones=6, ref=f"CMD-{number}"),
        CollecteStarted(),
        CollecteCompleted(phones=6),
        StagingCompleted(),
        ReminderSet(date=JANUARY, check="rappeler le client"),
        CommentAdded(text="Le client préfère le matin, accès par la cour."),
        ParcelSent(tracking=(f"XY{number:09d}FR",)),
        VisitScheduled(
            date=JANUARY + dt.timedelta(number % 90),
            slot=Slot.H0930,
            origin=(Origin.OCCITECH,),
            project_manager=f"CP {number // 90}",
        ),
    ]


def opened(path: Path, synchronous: Synchronous) -> InstallFlow:
    """A flow on a file, whose clock stands still."""
    return InstallFlow(f"sqlite:///{path}", synchronous=synchronous, clock=lambda: NOW)


def fill(flow: InstallFlow, orders: int) -> list[UUID]:
    """Record that many orders, several a unit of work, through the same door as any command."""
    unit, ids = flow.unit(), [uuid4() for _ in range(orders)]
    for number, one in enumerate(ids):
        for version, event in enumerate(life(number)):
            unit.add(Request([Command(Order, one, event, opens=version == 0)], BY, str(uuid4())))
        if unit.size >= UNIT:
            unit.commit()
            unit = flow.unit()
    unit.commit()
    return ids


def database(path: Path, synchronous: Synchronous) -> sqlite3.Connection:
    """A bare connection with the settings of a store."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=64)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    return connection
