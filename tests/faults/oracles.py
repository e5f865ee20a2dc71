"""What has to be so whatever happened: each oracle names what is not."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from installflow import InstallFlow
from installflow.store import Row
from tests.faults.commands import expected_events

PAGE = 5_000
COMMAND_ID = 8
"""Where the envelope keeps it; read by hand, so that the oracle does not lean on what it judges."""

LOST, HALF, TWICE, UNTRUE, UNSOUND = "lost", "half recorded", "recorded twice", "view untrue", "unsound"


def log(flow: InstallFlow) -> Iterator[Row]:
    """Every event of the store, in commit order."""
    after = 0
    while page := flow._store.log(after, PAGE):
        yield from page
        after = page[-1].position


def by_command(rows: Iterable[Row]) -> dict[str, int]:
    """How many events each command id recorded."""
    return Counter(json.loads(row.state)[COMMAND_ID] for row in rows)


def unkept(flow: InstallFlow, acknowledged: Iterable[str]) -> list[str]:
    """Commands that were answered and are not there, are there in part, or more than once."""
    events = by_command(log(flow))
    broken = [f"{LOST}: {command_id}" for command_id in acknowledged if not events.get(command_id)]
    for command_id, found in events.items():
        wanted = expected_events(command_id)
        if found != wanted:
            broken.append(f"{HALF if found < wanted else TWICE}: {command_id} has {found} events")
        if flow._store.command(command_id) is None:
            broken.append(f"{HALF}: {command_id} is recorded without its id")
    return broken


def untrue(flow: InstallFlow) -> list[str]:
    """Rows of the views as they stand that are not what the events up to their position make of them."""
    history = [(row.position, flow._mapper.decode(row)) for row in log(flow)]
    broken: list[str] = []
    for name, view in flow.projections.views.items():
        reached = flow._store.view_position(view.key)
        recount = view.fold_all(recorded for position, recorded in history if position <= reached)
        stored = {id_: view.decode(row) for id_, row in flow._store.view_rows(view.key)}
        differing = {id_ for id_ in recount.keys() | stored.keys() if recount.get(id_) != stored.get(id_)}
        broken += [f"{UNTRUE}: {name} shows another {id_} at {reached}" for id_ in sorted(differing)]
    return broken


def behind(flow: InstallFlow) -> list[str]:
    """Views that did not come to the end of the log when they were read, or left an aggregate aside."""
    last = flow._store.position()
    broken: list[str] = []
    for name, view in flow.projections.views.items():
        flow.projections.rows(view)
        if (reached := flow._store.view_position(view.key)) != last:
            broken.append(f"{UNTRUE}: {name} stays at {reached} of {last}")
        broken += [f"{UNTRUE}: {name} parked {parked}" for parked in flow._store.view_parked(view.key)]
    return broken


def unsound(flow: InstallFlow) -> list[str]:
    """What the store's own check finds."""
    return [f"{UNSOUND}: {finding}" for finding in flow.check().findings]


def caught_up(flow: InstallFlow) -> list[str]:
    """Everything that has to be so of a store at rest, its views read once."""
    return [*behind(flow), *untrue(flow), *unsound(flow)]


def double_bookings(rows: Iterable[Row]) -> list[str]:
    """Technicians' days that two orders ended up planned on, told from what the orders say themselves."""
    planned: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        if row.topic == "order.visit_scheduled":
            visit: dict[str, Any] = json.loads(row.state)[-1]
            for technician in visit["technician"]:
                planned[technician, visit["date"]].add(str(row.id))
    return [f"{technician} on {date}: {len(orders)} orders"
            for (technician, date), orders in planned.items() if len(orders) > 1]  # fmt: skip


def count(broken: Iterable[str], kind: str) -> int:
    """How many findings are of a kind."""
    return sum(finding.startswith(kind) for finding in broken)
