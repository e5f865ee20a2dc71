"""Loading an order of eight events."""

from __future__ import annotations

from pathlib import Path

from benchmarks.life import fill, opened
from benchmarks.measuring import Figure, Sizes, compare
from benchmarks.plain import PlainOrders


def run(sizes: Sizes, folder: Path) -> list[Figure]:
    """Time both ways of reading orders that were just written."""
    with opened(folder / "ours.db", "FULL") as flow:
        ids = fill(flow, sizes.loads)
        plain = PlainOrders(folder / "plain.db", "FULL")
        plain_ids = plain.fill(sizes.loads)

        def ours(_round: int) -> int:
            return sum(flow.load(one).version for one in ids)

        def plainly(_round: int) -> int:
            return sum(plain.repository.get(one).version for one in plain_ids)

        try:
            what = "loading an order of eight events"
            return compare(what, "events", sizes.rounds, ours, {"`repository.get` of plain `eventsourcing`": plainly})
        finally:
            plain.close()
