"""The IMPER agenda: every reminder set on an order, the checks made, and what comes next (R-BOARD-02, R-BOARD-03)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.lifecycle import WORKFLOW
from installflow.orders.planning import dated
from installflow.orders.planning_row import Reminder
from installflow.orders.terms import OrderStatus
from installflow.orders.waits import FINALS
from installflow.workflow.event import Recorded
from installflow.workflow.view import Frozen, view


class CheckDone(Frozen):
    """A check that was made: of which reminder, when, by whom, with what result."""

    date: dt.date | None
    at: dt.datetime
    by: str
    result: str


class AgendaRow(Frozen):
    """One order's reminders, the next first, and the checks made."""

    id: UUID
    ref: str = ""
    client: str = ""
    partner: str = ""
    status: OrderStatus = OrderStatus.NEW
    reminders: tuple[Reminder, ...] = ()
    done: tuple[CheckDone, ...] = ()


def _change(row: AgendaRow, event: Any, recorded: Recorded) -> dict[str, Any]:
    match event:
        case e.OrderReceived():
            return {"client": event.client, "partner": event.partner, "ref": event.ref}
        case e.OrderImported():
            reminders = tuple(Reminder(date=r.date, note=r.note) for r in event.reminders)
            return {"client": event.client, "partner": event.partner, "reminders": reminders}
        case n.DetailsChanged():
            return {
                "client": event.client or row.client,
                "partner": event.partner or row.partner,
                "ref": event.ref or row.ref,
            }
        case n.ReminderSet():
            return {"reminders": dated(row.reminders, Reminder(date=event.date, note=event.check))}
        case n.ReminderDone():
            date = event.date or (row.reminders[0].date if row.reminders else None)
            left = tuple(reminder for reminder in row.reminders if reminder.date != date)
            by = recorded.by.on_behalf_of or recorded.by.name
            done = CheckDone(date=date, at=recorded.occurred_at, by=by, result=event.result)
            following = dated(left, Reminder(date=event.next)) if event.next else left
            return {"reminders": following, "done": (*row.done, done)}
    return {}


_ABOUT = {e.OrderReceived, e.OrderImported, n.DetailsChanged, n.ReminderSet, n.ReminderDone}


def _archived(row: AgendaRow) -> tuple[str, ...] | None:
    return () if row.status in FINALS else None


@view("agenda", version=2, row=AgendaRow, archived=_archived, topics=[event.topic for event in WORKFLOW.events])
def AGENDA(row: AgendaRow | None, recorded: Recorded) -> AgendaRow | None:  # noqa: N802  # a view is a constant
    """Fold one event of an order into its reminders."""
    row = AgendaRow.begun(id=recorded.id) if row is None else row
    change = _change(row, recorded.event, recorded) if recorded.event_type in _ABOUT else {}
    if recorded.status is not None and recorded.status != row.status:
        change["status"] = recorded.status_among(OrderStatus)
    return row.changed(change) if change else row


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """One reminder on a given day: the order, its status to check against, and whether it is due or late."""

    id: UUID
    ref: str
    client: str
    partner: str
    status: OrderStatus
    date: dt.date
    check: str
    state: str
    last: CheckDone | None

    def as_json(self) -> dict[str, Any]:
        """The entry for programs."""
        return {
            "id": str(self.id),
            "ref": self.ref,
            "client": self.client,
            "partner": self.partner,
            "status": self.status.label,
            "date": self.date.isoformat(),
            "check": self.check,
            "state": self.state,
            "last": self.last.model_dump(mode="json") if self.last else None,
        }


def agenda(rows: Iterable[AgendaRow], today: dt.date, *, every: bool = False) -> list[AgendaEntry]:
    """Every reminder, the oldest first: ``en retard``, ``aujourd'hui`` or ``à venir``; finished orders on demand."""
    entries = [
        AgendaEntry(
            row.id, row.ref, row.client, row.partner, row.status, reminder.date, reminder.note,
            _state(reminder.date, today), row.done[-1] if row.done else None,
        )
        for row in rows
        if every or row.status not in FINALS
        for reminder in row.reminders
    ]  # fmt: skip
    return sorted(entries, key=lambda entry: (entry.date, entry.client, str(entry.id)))


def _state(date: dt.date, today: dt.date) -> str:
    return "en retard" if date < today else "aujourd'hui" if date == today else "à venir"
