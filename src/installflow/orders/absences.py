"""Who is away and when, whatever orders name them: an absence under another spelling is on no order's own row."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from installflow.orders.calendar import AbsenceCancelled, TechnicianAbsent
from installflow.orders.lookalikes import absent_told, alike
from installflow.orders.visit import Visit
from installflow.workflow.event import Recorded
from installflow.workflow.view import Frozen, view


class Absence(Frozen):
    """A technician's day away."""

    id: UUID
    technician: str
    day: dt.date
    reason: str


@view("absences", version=1, row=Absence, topics=(TechnicianAbsent.topic, AbsenceCancelled.topic))
def ABSENCES(_row: Absence | None, recorded: Recorded) -> Absence | None:  # noqa: N802  # a view, named as the others
    """The absence there is, if it still takes place. Few events tell it: it is folded when asked for, never stored."""
    event: Any = recorded.event
    if isinstance(event, AbsenceCancelled):
        return None
    return Absence.begun(id=recorded.id, technician=event.technician, day=event.day, reason=event.reason)


Away = Mapping[dt.date, Sequence[Absence]]
"""The absences of each day."""


def by_day(absences: Iterable[Absence]) -> Away:
    """Absences by their day."""
    found: dict[dt.date, list[Absence]] = defaultdict(list)
    for absence in absences:
        found[absence.day].append(absence)
    return found


def away_alike(visit: Visit, away: Away) -> Iterator[tuple[dt.date, str]]:
    """Of the days a visit holds, those on which somebody whose name is `alike` is away, each with what to know."""
    for (_, day), (name, *_) in visit.days().items():
        for absence in away.get(day, ()):
            if alike(name, absence.technician):
                yield day, absent_told(name, absence.technician, day, absence.reason)
