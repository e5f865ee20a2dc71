"""Fills a small disk under an open store, makes room, and goes on: run by a worker on a disk of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid5

from installflow import InstallFlow, NotFound, StoreUnavailable
from installflow.app import OPENED
from tests.faults.commands import commands
from tests.faults.disk import mount_small, unmount
from tests.faults.oracles import caught_up, unkept
from tests.faults.processes import say
from tests.faults.stores import Wrapped, rewired

MEBIBYTES = {"sqlite": 1, "postgres": 24}
"""How large the disk is: PostgreSQL's own tables take eight to begin with."""

ROOM = 500_000
"""Bytes left to fill."""

STUBBORN = 20
"""Commands tried on a full disk."""

FAR_TOO_MUCH = 10_000
"""Events after which a disk that is not full never will be."""

AT_LAST = 12
"""Commands recorded once there is room."""


class Careless(Wrapped):
    """The control: takes a full disk for a commit."""

    def append(self, rows: Sequence[Any], *given: Any) -> Sequence[int]:
        try:
            return self.store.append(rows, *given)  # type: ignore[no-any-return]  # as the store does
        except StoreUnavailable:
            return [0] * len(rows)


def fill(folder: str, kept: str, wrapper: type[Wrapped] = Wrapped) -> None:
    """Fill a small disk of our own, make room, record on, and copy the store to where it is kept."""
    disk = Path(folder)
    mount_small(disk, MEBIBYTES["sqlite"])
    ballast = _ballast(disk)
    with InstallFlow(f"sqlite:///{disk}/orders.db") as flow:
        fill_up(rewired(flow, wrapper(flow._store)), ballast)
    shutil.copy(disk / "orders.db", kept)


def fill_carelessly(folder: str, kept: str) -> None:
    """The control: the same, over a store that takes a full disk for a commit."""
    fill(folder, kept, Careless)


def fill_server(folder: str, kept: str) -> None:
    """The same on PostgreSQL: a database in a tablespace on the small disk, on a server of our own."""
    del folder, kept
    import psycopg  # an extra: the faults of SQLite do without

    from tests.postgres_server import account, candidates, first_that_runs, new_folder

    where, owner = new_folder(), account()
    disk = where / "disk"  # where the server's account may go
    disk.mkdir()
    mount_small(disk, MEBIBYTES["postgres"])
    space = disk / "space"
    space.mkdir()
    os.chown(space, owner["user"], owner["group"])
    try:
        server, reasons = first_that_runs(candidates(), where)
        assert server is not None, reasons
        with psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute(f"CREATE TABLESPACE small LOCATION '{space}'".encode())
            admin.execute("CREATE DATABASE small TABLESPACE small")
        url = server.url.replace("/postgres?", "/small?")
        InstallFlow.init(url)
        with InstallFlow(url) as flow:
            acknowledged = fill_up(flow, _ballast(disk))
            for finding in (*unkept(flow, acknowledged), *caught_up(flow)):
                say(f"broken {finding}")
        server.stop()
    finally:
        unmount(disk)
        shutil.rmtree(where)


def _ballast(disk: Path) -> Path:
    """A file that leaves little room on a disk."""
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - ROOM))
    return ballast


def fill_up(flow: InstallFlow, ballast: Path) -> list[str]:
    """Record until refused, try a few more, make room, record a few more; answers what was acknowledged."""
    steps = commands(flow, "f")
    acknowledged: list[str] = []
    refusals = 0
    for step in steps:
        answer = _answer_of(step[1])
        say(f"{answer} {step[0]}")
        if answer == "recorded":
            acknowledged.append(step[0])
        refusals += answer != "recorded"
        if refusals == STUBBORN or flow._store.position() > FAR_TOO_MUCH:
            break
    say(f"history_{_answer_of(partial(flow.history, uuid5(OPENED, acknowledged[0])))}".replace("recorded", "shown"))
    say(f"board_{_answer_of(flow.planning)}".replace("recorded", "shown"))
    ballast.unlink()
    for command_id, carry_out in islice(commands(flow, "g"), AT_LAST):
        say(f"{_answer_of(carry_out)}_after {command_id}")
        acknowledged.append(command_id)
    return acknowledged


def _answer_of(act: Callable[[], object]) -> str:
    try:
        act()
    except (StoreUnavailable, NotFound) as error:
        return error.code
    return "recorded"
