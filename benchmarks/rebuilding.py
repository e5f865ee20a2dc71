"""Building every view again from the first event, and the memory that takes."""

from __future__ import annotations

from itertools import islice
from typing import Any

from benchmarks import runner
from benchmarks.bare import Synchronous
from benchmarks.decoding import fastest
from benchmarks.life import EVENTS
from benchmarks.measuring import Figure, Result, Run, Side, compare
from benchmarks.memory import peak
from benchmarks.places import OURS, Place, everywhere
from benchmarks.worker import Worker
from installflow import InstallFlow

TARGET_RUNNER = 40.0
TARGET_RAW = 0.1
TARGET_FLAT = 0.8
"""How much less memory the smaller of two rebuilds may take."""

SAMPLE = 5_000


def run(run: Run) -> list[Result]:
    """Time a rebuild of planning, agenda and billing together; an event counts once, though three views fold it."""
    return everywhere(run, _rebuild, "rebuilding all views", ("FULL",))


def run_memory(run: Run) -> list[Result]:
    """Measure the most memory a process takes that does nothing but rebuild, over a short history and a long one."""
    return everywhere(run, _memory, "memory of a rebuild", ("FULL",))


def _rebuild(place: Place, run: Run) -> list[Result]:
    sizes = run.sizes
    orders = sizes.rebuilt // EVENTS
    place.fill("rebuilt", orders)
    place.fill_plain("plain-run", max(1, sizes.one_by_one // EVENTS))
    bare = place.bare("rebuilt", OURS)
    name, decode = fastest(list(islice(bare.states(), SAMPLE)))

    def read(_round: int) -> int:
        return sum(bool(decode(state)) for state in bare.states())

    others: dict[str, Side] = {
        **_runners(place, sizes.one_by_one),
        f"reading every row and decoding it ({name})": read,
    }
    targets = {one: TARGET_RUNNER for one in others if "one a view" in one and "NORMAL" not in one}
    targets |= dict.fromkeys([one for one in others if "decoding" in one], TARGET_RAW)
    with place.opened("rebuilt") as flow:

        def ours(_round: int) -> int:
            flow.rebuild()
            return orders * EVENTS

        try:
            what = f"rebuilding all views of {orders * EVENTS:,} events, {place.name}"
            return compare(what, "events", sizes.long_rounds, ours, others, targets)
        finally:
            bare.close()


def _runners(place: Place, events: int) -> dict[str, Side]:
    """The library's way, over the first events: a projection a view, and one written for all views."""
    sides: dict[str, Side] = {}
    durabilities: tuple[Synchronous, ...] = ("FULL", "NORMAL")
    for which, groups in (("one a view", runner.ONE_A_VIEW), ("one for all views", runner.ALL_IN_ONE)):
        if place.name == "PostgreSQL":
            sides[f"its `ProjectionRunner`, {which}"] = _ran(place, groups, events)
            continue
        for synchronous in durabilities:
            against = f"its projection, one transaction an event, {which}, {synchronous}"
            sides[against] = _looped(place, groups, synchronous, events)
    return sides


def _ran(place: Place, groups: list[list[Any]], events: int) -> Side:
    def ran(number: int) -> int:
        return runner.on_postgres(place, "plain-run", f"views_{len(groups)}_{number}", groups, events)

    return ran


def _looped(place: Place, groups: list[list[Any]], synchronous: Synchronous, events: int) -> Side:
    def looped(number: int) -> int:
        app = place.plain("plain-run")
        try:
            name = f"views-{len(groups)}-{synchronous}-{number}"
            return runner.on_sqlite(app, place, name, synchronous, groups, events)
        finally:
            app.close()

    return looped


def _memory(place: Place, run: Run) -> list[Result]:
    sizes = run.sizes
    peaks = []
    for events in (sizes.remembered, sizes.rebuilt):
        name = f"remembered-{events}"
        place.fill(name, events // EVENTS)
        with Worker("benchmarks.rebuilding:rebuilder", place.url(name), apart=sizes.apart) as worker:
            peaks.append(worker.do())
    short, long = peaks
    return [
        Figure(
            f"memory of rebuilding {sizes.rebuilt:,} events, {place.name}",
            f"{long:,.0f} MiB",
            f"rebuilding {sizes.remembered:,} events",
            f"{short:,.0f} MiB",
            short / long,
            TARGET_FLAT,
        )
    ]


def rebuilder(url: str) -> Any:
    """A worker that rebuilds every view and answers the most memory it took."""

    def rebuild(_request: Any) -> float:
        with InstallFlow(url) as flow:
            flow.rebuild()
        return peak()

    return rebuild
