"""Commands one by one on an SQLite file: load eight events, decide, append the ninth."""

from __future__ import annotations

from pathlib import Path
from typing import get_args
from uuid import UUID, uuid4

from benchmarks.life import BY, NEXT, Synchronous, database, fill, opened
from benchmarks.measuring import Figure, Sizes, compare
from benchmarks.plain import PlainOrders
from installflow.store import open_store
from installflow.store.sqlite_schema import EVENTS_TABLE


def run(sizes: Sizes, folder: Path) -> list[Figure]:
    """Time commands at both durabilities, each against both others at the same one."""
    return [figure for synchronous in reversed(get_args(Synchronous)) for figure in _at(synchronous, sizes, folder)]


def _at(synchronous: Synchronous, sizes: Sizes, folder: Path) -> list[Figure]:
    path = folder / f"ours-{synchronous}.db"
    with opened(path, synchronous) as flow:
        total = sizes.commands * (sizes.rounds + 1)
        ids = fill(flow, total)
        plain = PlainOrders(folder / f"plain-{synchronous}.db", synchronous)
        plain_ids = plain.fill(total)
        raw = database(folder / f"raw-{synchronous}.db", synchronous)
        raw.execute(EVENTS_TABLE)
        topic, state = _bytes(flow.url, flow.record(ids.pop(), NEXT, by=BY).id)

        def of_round(every: list[UUID], number: int) -> list[UUID]:
            return every[number * sizes.commands : (number + 1) * sizes.commands]

        def ours(number: int) -> int:
            mine = of_round(ids, number)
            for one in mine:
                flow.record(one, NEXT, by=BY)
            return len(mine)

        def plainly(number: int) -> int:
            mine = of_round(plain_ids, number)
            for one in mine:
                plain.request_technician(one)
            return len(mine)

        insert = "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)"

        def inserted(_round: int) -> int:
            for _ in range(sizes.commands):
                raw.execute(insert, (uuid4().hex, 9, topic, state))
            return sizes.commands

        others = {"plain `eventsourcing`": plainly, "bare inserts of the same bytes": inserted}
        try:
            return compare(f"commands one by one, {synchronous}", "commands", sizes.rounds, ours, others)
        finally:
            raw.close()
            plain.close()


def _bytes(url: str, one: UUID) -> tuple[str, bytes]:
    """The topic and bytes our command stored."""
    store = open_store(url)
    last = store.load(one)[-1]
    store.close()
    return last.topic, last.state
