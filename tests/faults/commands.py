"""A stream of commands, each under an id that tells how many events it records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from uuid import uuid5

from installflow import InstallFlow
from installflow.app import OPENED
from installflow.orders import CommentAdded, PutOnStandBy
from tests.flow.acts import SONIA, planned, received

DAY, NEXT_DAY = dt.date(2057, 4, 16), dt.date(2057, 4, 17)

Step = tuple[str, Callable[[], object]]


def commands(flow: InstallFlow, writer: str) -> Iterator[Step]:
    """Orders opened, noted alone and three at once, booked, moved and put off: 1 to 3 events a command."""
    for turn in count():
        name = f"{writer}-{turn}"
        opening = [f"{name}-{part}:1" for part in "abc"]
        one, two, three = (uuid5(OPENED, command_id) for command_id in opening)
        for command_id in opening:
            yield command_id, partial(flow.open, received(client=command_id), by=SONIA, command_id=command_id)
        for step, events, given in (
            ("note", 1, [(one, CommentAdded(text=name))]),
            ("notes", 3, [(each, CommentAdded(text=name)) for each in (one, two, three)]),
            ("book", 2, [(two, planned(technician=name, date=DAY))]),
            ("move", 3, [(two, planned(technician=name, date=NEXT_DAY))]),
            ("put-off", 2, [(two, PutOnStandBy(reason="client absent"))]),
        ):
            command_id = f"{name}-{step}:{events}"
            yield command_id, partial(flow.record_many, given, by=SONIA, command_id=command_id)


def expected_events(command_id: str) -> int:
    """How many events the command of this id records."""
    return int(command_id.rpartition(":")[2])
