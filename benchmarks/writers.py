"""Several processes recording commands at once, each on orders of its own: how many a second, how long each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from statistics import median, quantiles
from typing import Any, NamedTuple
from uuid import UUID

from benchmarks.life import BY, NEXT
from benchmarks.measuring import Figure, Result, Run
from benchmarks.places import Place, everywhere
from benchmarks.plain import PlainOrders
from benchmarks.worker import Worker
from installflow import InstallFlow

PATIENCE = 60
"""Seconds a writer waits for its turn: with sixteen of them on one file, five may be short."""

SIDES = ("installflow", "plain")


class Pass(NamedTuple):
    """What one round of one side came to."""

    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Commands a second."""
        return len(self.latencies) / self.seconds

    @classmethod
    def of(cls, answers: list[list[tuple[float, float]]]) -> Pass:
        """From the beginning of the first command to the end of the last."""
        commands = [one for answer in answers for one in answer]
        seconds = max(end for _, end in commands) - min(start for start, _ in commands)
        return cls(seconds, [end - start for start, end in commands])


def run(run: Run) -> list[Result]:
    """Time installflow and plain `eventsourcing` in turn, with ever more processes."""
    return everywhere(run, _writers, "several writers", ("FULL",))


def _writers(place: Place, run: Run) -> list[Result]:
    sizes = run.sizes
    most = max(sizes.writers)
    rounds = sizes.long_rounds + 1  # the first warms up
    orders = rounds * sum(writers * max(1, sizes.written // writers) for writers in sizes.writers)
    ids = {"installflow": iter(place.fill("installflow", orders)), "plain": iter(place.fill_plain("plain", orders))}
    where: dict[str, tuple[str, Any]] = {
        "installflow": ("benchmarks.writers:recorder", place.url("installflow")),
        "plain": ("benchmarks.writers:plain_recorder", place.plain_env("plain")),
    }
    passes: dict[tuple[str, int], list[Pass]] = {(side, writers): [] for side in SIDES for writers in sizes.writers}
    with ExitStack() as stack:
        started = {
            side: [stack.enter_context(Worker(*where[side], apart=sizes.apart)) for _ in range(most)] for side in SIDES
        }
        for number in range(rounds):
            for side, writers in passes if number % 2 else reversed(passes):
                each = max(1, sizes.written // writers)
                done = Pass.of(_round(started[side][:writers], ids[side], each))
                if number:
                    passes[side, writers].append(done)
        for worker in (*started["installflow"], *started["plain"]):
            worker.do(None)
    return _results(place, sizes.writers, passes)


def _results(place: Place, counts: tuple[int, ...], passes: dict[tuple[str, int], list[Pass]]) -> list[Result]:
    results: list[Result] = []
    alone = passes["installflow", counts[0]]
    for writers in counts:
        ours, theirs = passes["installflow", writers], passes["plain", writers]
        what = f"{writers} writer{'s' if writers > 1 else ''}, {place.name}"
        against = "as many on plain `eventsourcing`"
        results.append(Figure(what, _said(ours), against, _said(theirs), _times(ours, theirs)))
        if writers != counts[0]:
            results.append(Figure(what, _rate(ours), "one writer", _rate(alone), _times(ours, alone)))
    return results


def _times(ours: list[Pass], others: list[Pass]) -> float:
    return median(own.rate / other.rate for own, other in zip(ours, others, strict=True))


def _round(workers: list[Worker], ids: Iterator[UUID], each: int) -> list[list[tuple[float, float]]]:
    requests = [[next(ids).hex for _ in range(each)] for _ in workers]
    for worker in workers:
        worker.do([])  # ready: what it takes to start a process does not count
    for worker, request in zip(workers, requests, strict=True):
        worker.ask(request)
    return [worker.answer() for worker in workers]


def _rate(passes: list[Pass]) -> str:
    return f"{median(done.rate for done in passes):,.0f} commands/s"


def _said(passes: list[Pass]) -> str:
    latencies = [one * 1000 for done in passes for one in done.latencies]
    cuts = quantiles(latencies, n=100)
    return f"{_rate(passes)}, p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms"


def recorder(url: str) -> Callable[[list[str] | None], list[tuple[float, float]]]:
    """A worker that records our command on the orders it is given; answers when each began and ended."""
    flow = InstallFlow(url, lock_timeout=PATIENCE)
    return lambda ids: _timed(ids, lambda one: flow.record(one, NEXT, by=BY), flow.close)


def plain_recorder(env: dict[str, str]) -> Callable[[list[str] | None], list[tuple[float, float]]]:
    """The same on plain `eventsourcing`."""
    # Its tables are there: several processes that make them at once fail ("tuple concurrently updated").
    plain = PlainOrders({**env, "SQLITE_LOCK_TIMEOUT": str(PATIENCE), "CREATE_TABLE": "n"})
    return lambda ids: _timed(ids, plain.request_technician, plain.close)


def _timed(
    ids: list[str] | None, command: Callable[[UUID], object], close: Callable[[], None]
) -> list[tuple[float, float]]:
    if ids is None:
        close()
        return []
    times = []  # by the monotonic clock, which is one for all processes of a machine
    for one in map(UUID, ids):
        start = time.monotonic()
        command(one)
        times.append((start, time.monotonic()))
    return times
