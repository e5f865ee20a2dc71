"""Rows and files damaged under a store: what is damaged is named, the rest is read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from uuid import UUID

from installflow import InstallFlow, InstallflowError, StoreUnavailable
from installflow.orders import CollecteStarted, CommentAdded
from tests.faults.places import Place
from tests.faults.report import Report
from tests.flow.acts import opened_order

Check = Callable[[InstallFlow], Iterable[str]]
"""Where something is wrong."""

EVENTS = 2
"""Events of an order that is left as it is."""

WHOLE = 6
"""Orders left as they are, beside each damaged one."""

SQLITE_WAYS = {
    "a row cut short": "UPDATE stored_events SET state = CAST('[1,1,\"new\"' AS BLOB)",
    "a row of noise": "UPDATE stored_events SET state = x'00ff00ff'",
    "an unknown topic": "UPDATE stored_events SET topic = 'order.antigravity'",
    "a row that is gone": "DELETE FROM stored_events",
}
WAYS = {
    "sqlite": {way: f"{statement} WHERE originator_id = ? AND originator_version = 2"
               for way, statement in SQLITE_WAYS.items()},
    "postgres": {
        "a row cut short": "UPDATE installflow_events SET state = '[1,1,\"new\"'::bytea",
        "a row of noise": "UPDATE installflow_events SET state = '\\x00ff00ff'::bytea",
        "an unknown topic": "UPDATE installflow_events SET topic = 'order.antigravity'",
        "a row that is gone": "DELETE FROM installflow_events",
    },
}  # fmt: skip


def whole_check(flow: InstallFlow) -> Iterable[str]:
    """What `flow.check()` names."""
    return [finding.where for finding in flow.check().findings]


def shallow_check(flow: InstallFlow) -> Iterable[str]:
    """The control: the database's own check, which reads no event."""
    return [fault.where for fault in flow._store.check()]


def damaged_rows(place: Place, *, check: Check = whole_check) -> Report:
    """One event damaged in every way there is: each is named by the check, and every other order is read."""
    broken: list[str] = []
    with place.open(synchronous="NORMAL") as flow:
        bad = {way: opened_order(flow, CommentAdded(text="x"), CollecteStarted()) for way in WAYS["sqlite"]}
        good = [opened_order(flow, CommentAdded(text="x")) for _ in range(WHOLE * len(bad))]
        for way, one in bad.items():
            damage(place, way, one)
        named = set(check(flow))
        for way, one in bad.items():
            if not any(where.startswith(f"{one}/2") for where in named):
                broken.append(f"not named: {way}")
        broken += [f"named for nothing: {one}" for one in good if any(str(one) in where for where in named)]
        broken += [f"not read: {one}" for one in good if _readable(flow, [one], broken) != 1]
        shown = {row.id for row in flow.planning()}
        broken += [f"not on the board: {one}" for one in good if one not in shown]
    named_ways = len(bad) - sum(finding.startswith("not named") for finding in broken)
    read = len(good) - sum(finding.startswith("not read") for finding in broken)
    figure = f"{len(bad)} events damaged in as many ways: {named_ways} named, {read} of {len(good)} other orders read"
    return Report(figure, broken)


def damage(place: Place, way: str, one: UUID) -> None:
    """Spoil an order's second event."""
    if place.store == "sqlite":
        with closing(sqlite3.connect(place.file)) as database, database:
            database.execute(WAYS["sqlite"][way], (one.hex,))
        return
    import psycopg  # an extra: the faults of SQLite do without

    with psycopg.connect(place.address) as server:
        statement = f"{WAYS['postgres'][way]} WHERE originator_id = %s AND originator_version = 2"
        server.execute(statement.encode(), (one,))


def cut_short(place: Place, *, orders: int, check: Check = whole_check) -> Report:
    """The last quarter of the file is gone: opening says so; filled up with zeros, what stands before it is read."""
    with place.open(synchronous="NORMAL") as flow:
        flow.planning()
        ids = [opened_order(flow, CommentAdded(text="x" * 400)) for _ in range(orders)]
    size = place.file.stat().st_size
    os.truncate(place.file, size * 3 // 4)
    refused = ""
    try:
        place.open().close()
    except StoreUnavailable as error:
        refused = error.code
    broken = [] if refused == "store_corrupt" else [f"opened as if whole, or refused as {refused!r}"]
    os.truncate(place.file, size)
    with place.open() as flow:
        named = list(check(flow))
        readable = _readable(flow, ids, broken)
    if not named:
        broken.append("not named: pages that are gone")
    if not 0 < readable < len(ids):
        broken.append(f"{readable} of {len(ids)} orders are read whole")
    figure = (
        f"a file cut to three quarters: refused as {refused}; filled up with zeros: {len(named)} finding(s), "
        f"{readable} of {len(ids)} orders read"
    )
    return Report(figure, broken)


def _readable(flow: InstallFlow, ids: Iterable[UUID], broken: list[str]) -> int:
    """How many orders are read, both their events; the others have to be refused as damaged, never shown in part."""
    read = 0
    for one in ids:
        try:
            events = len(flow.history(one))
        except InstallflowError:
            continue
        read += 1
        if events != EVENTS:
            broken.append(f"{one} is shown with {events} events")
    return read
