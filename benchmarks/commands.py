"""Commands: load eight events, decide, append the ninth; one by one, and a hundred aggregates a unit of work."""

from __future__ import annotations

import time
from uuid import UUID, uuid4

from benchmarks.bare import Bare
from benchmarks.life import BY, NEXT
from benchmarks.measuring import Result, Run, Side, compare
from benchmarks.places import NEW, Place, everywhere, next_rows
from installflow import InstallFlow

PLAIN = "plain `eventsourcing`"
KEPT = f"{PLAIN} keeping as much of each event"
RAW = "bare inserts of the same bytes, one commit each"
APART = f"{RAW}, as far apart as ours"
TARGETS = {
    "SQLite NORMAL": {PLAIN: 4.0, RAW: 0.25},
    "SQLite FULL": {PLAIN: 2.0, RAW: 0.8},
    "PostgreSQL": {PLAIN: 1.5},
}
TARGETS_TOGETHER = {"SQLite NORMAL": 10.0, "SQLite FULL": 15.0, "PostgreSQL": 15.0}


def run(run: Run) -> list[Result]:
    """Time single commands at each durability, each against both others at the same one."""
    return everywhere(run, _one_by_one, "commands one by one")


def run_together(run: Run) -> list[Result]:
    """Time units of as many aggregates as one may hold events against single commands, and as many a transaction."""
    return everywhere(run, _together, "many aggregates a unit of work")


def _one_by_one(place: Place, run: Run) -> list[Result]:
    sizes = run.sizes
    total = sizes.commands * (sizes.rounds + 1)
    ids, plain_ids = place.fill("ours", total), place.fill_plain("plain", total)
    row = next_rows(place, "sample")
    kept_ids = place.fill_plain("kept", total, kept=True)
    raw, plain, keeping = place.bare("raw", NEW), place.plain("plain"), place.plain("kept", kept=True)

    with place.opened("ours") as flow:

        def ours(number: int) -> int:
            mine = of_round(ids, number, sizes.commands)
            for one in mine:
                flow.record(one, NEXT, by=BY)
            return len(mine)

        def plainly(number: int) -> int:
            mine = of_round(plain_ids, number, sizes.commands)
            for one in mine:
                plain.request_technician(one)
            return len(mine)

        def keeping_as_much(number: int) -> int:
            mine = of_round(kept_ids, number, sizes.commands)
            for one in mine:
                keeping.request_technician(one)
            return len(mine)

        others: dict[str, Side] = {
            PLAIN: plainly,
            KEPT: keeping_as_much,
            RAW: _inserted(raw, row, sizes.commands, apart=0),
            APART: _inserted(raw, row, sizes.commands, apart=_deciding(flow, ids[: sizes.commands])),
        }
        try:
            what = f"commands one by one, {place.name}"
            return compare(what, "commands", sizes.rounds, ours, others, TARGETS[place.name])
        finally:
            raw.close()
            plain.close()
            keeping.close()


def _inserted(bare: Bare, row: tuple[str, bytes], count: int, *, apart: float) -> Side:
    """As many inserts, each so many seconds after the last was committed."""

    def inserted(_round: int) -> int:
        for _ in range(count):
            until = time.perf_counter() + apart
            while time.perf_counter() < until:  # busy, as ours is: a processor put to sleep would wake up late
                pass
            bare.insert((uuid4(), 9, *row))
        return count

    return inserted


def _deciding(flow: InstallFlow, ids: list[UUID]) -> float:
    """Seconds a command takes up to its commit."""
    start = time.perf_counter()
    for one in ids:
        flow.record(one, NEXT, by=BY, dry_run=True)
    return (time.perf_counter() - start) / len(ids)


def _together(place: Place, run: Run) -> list[Result]:
    sizes = run.sizes
    together = sizes.together
    a_round = sizes.units * together
    total = a_round * (sizes.rounds + 1)
    ids = place.fill("ours-together", total)
    at_once_ids = place.fill_plain("plain-together", total)
    singly = max(1, a_round // 5)
    single_ids = place.fill_plain("plain-singly", singly * (sizes.rounds + 1))
    at_once, one_by_one = place.plain("plain-together"), place.plain("plain-singly")

    with place.opened("ours-together") as flow:

        def ours(number: int) -> int:
            mine = of_round(ids, number, a_round)
            for start in range(0, a_round, together):
                flow.record_many([(one, NEXT) for one in mine[start : start + together]], by=BY)
            return len(mine)

        def all_at_once(number: int) -> int:
            mine = of_round(at_once_ids, number, a_round)
            for start in range(0, a_round, together):
                at_once.request_technician(*mine[start : start + together])
            return len(mine)

        def each_alone(number: int) -> int:
            mine = of_round(single_ids, number, singly)
            for one in mine:
                one_by_one.request_technician(one)
            return len(mine)

        alone, at_a_time = f"{PLAIN}, one by one", f"{PLAIN}, `app.save(*{together})`"
        others: dict[str, Side] = {alone: each_alone, at_a_time: all_at_once}
        targets = {alone: TARGETS_TOGETHER[place.name]}
        try:
            what = f"{together} aggregates a unit of work, {place.name}"
            return compare(what, "commands", sizes.rounds, ours, others, targets)
        finally:
            at_once.close()
            one_by_one.close()


def of_round(ids: list[UUID], number: int, each: int) -> list[UUID]:
    """The ids of one round: every command has an order of its own."""
    return ids[number * each : (number + 1) * each]
