"""Interleaved rounds, and the ratio of two sides measured in the same run."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeAlias

Side: TypeAlias = Callable[[int], int]
"""One side of a comparison: does the work of one round and answers how many things it did."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much work a run does."""

    rounds: int
    decisions: int
    commands: int
    units: int
    """Units of work of so many aggregates, a round."""
    together: int
    loads: int
    rebuilt: int
    remembered: int
    """Events of the smaller rebuild whose memory is compared with that of ``rebuilt``."""
    long_rounds: int
    """Rounds of what takes long: rebuilds, imports, writers."""
    one_by_one: int
    """Events a projection runner folds, a round."""
    board: int
    imported: int
    young: int
    """Events of a young store, and of an old one."""
    grown: int
    writers: tuple[int, ...]
    written: int
    """Commands of a round, shared by the writers."""
    apart: bool = True
    """Whether what should have a process of its own gets one, and peers an environment."""


FULL = Sizes(
    rounds=5,
    decisions=20_000,
    commands=300,
    units=5,
    together=100,
    loads=400,
    rebuilt=1_000_000,
    remembered=100_000,
    long_rounds=3,
    one_by_one=800,
    board=10_000,
    imported=20_000,
    young=10_000,
    grown=5_000_000,
    writers=(1, 2, 4, 8, 16),
    written=1_600,
)
QUICK = Sizes(
    rounds=5,
    decisions=2_000,
    commands=50,
    units=1,
    together=100,
    loads=50,
    rebuilt=20_000,
    remembered=10_000,
    long_rounds=1,
    one_by_one=100,
    board=2_000,
    imported=1_000,
    young=10_000,
    grown=100_000,
    writers=(1, 4),
    written=200,
)
TINY = Sizes(
    rounds=1,
    decisions=20,
    commands=3,
    units=1,
    together=5,
    loads=3,
    rebuilt=80,
    remembered=40,
    long_rounds=1,
    one_by_one=8,
    board=10,
    imported=10,
    young=80,
    grown=160,
    writers=(1, 2),
    written=4,
    apart=False,
)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a benchmark: how much, in which folder, and on which PostgreSQL server."""

    sizes: Sizes
    folder: Path
    postgres: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One comparison: what was done, at which rate here and there, and how many times faster here.

    ``ratio`` is the median of the rounds' own ratios, so it may differ a little from the ratio of the two rates,
    each a median by itself. ``target`` is the ratio that was asked for, if one was.
    """

    what: str
    ours: str
    against: str
    theirs: str
    ratio: float
    target: float | None = None

    @property
    def met(self) -> str:
        """Whether the target was met; nothing where there is none."""
        return "" if self.target is None else "yes" if self.ratio >= self.target else "no"


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was not measured, and why."""

    what: str
    why: str


Result: TypeAlias = Figure | Skipped


def compare(
    what: str,
    unit: str,
    rounds: int,
    ours: Side,
    others: dict[str, Side],
    targets: dict[str, float] | None = None,
) -> list[Result]:
    """Time every side once a round, in turn, and set ours against each of the others.

    Round 0 warms up and is not counted; every second round goes through the sides backwards.
    """
    sides = {"": ours, **others}
    costs: dict[str, list[float]] = {name: [] for name in sides}
    gc.freeze()  # what was there before is not gone through in every round
    for number in range(rounds + 1):
        gc.collect()
        for name in list(sides) if number % 2 else reversed(list(sides)):
            cost = _cost(sides[name], number)
            if number:
                costs[name].append(cost)
    gc.unfreeze()
    return [
        Figure(
            what,
            rate(median(costs[""]), unit),
            name,
            rate(median(costs[name]), unit),
            median(theirs / own for own, theirs in zip(costs[""], costs[name], strict=True)),
            (targets or {}).get(name),
        )
        for name in others
    ]


def _cost(side: Side, number: int) -> float:
    start = time.perf_counter()
    done = side(number)
    return (time.perf_counter() - start) / done


def rate(seconds: float, unit: str) -> str:
    """What one thing costs, in µs or ms, or how many are done in a second."""
    if unit in {"µs", "ms"}:
        return f"{seconds * (1e6 if unit == 'µs' else 1e3):,.1f} {unit}"
    return f"{1 / seconds:,.0f} {unit}/s"


def table(results: Iterable[Result]) -> str:
    """The figures as a Markdown table, then what was skipped."""
    results = list(results)
    lines = [
        "| measured | installflow | against | | times as fast | target | met |",
        "| --- | ---: | --- | ---: | ---: | ---: | :---: |",
    ]
    lines += [
        f"| {f.what} | {f.ours} | {f.against} | {f.theirs} | **{f.ratio:.2f}** "
        f"| {'' if f.target is None else f'≥ {f.target:.3g}'} | {f.met} |"
        for f in results
        if isinstance(f, Figure)
    ]
    skipped = [f"- not measured: {one.what} ({one.why})" for one in results if isinstance(one, Skipped)]
    return "\n".join([*(lines if len(lines) > 2 else []), *(["", *skipped] if skipped else [])]).strip()
