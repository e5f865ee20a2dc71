"""Interleaved rounds, and the ratio of two sides measured in the same run."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
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
    loads: int
    rebuilt: int
    one_by_one: int
    board: int
    imported: int


FULL = Sizes(
    rounds=5,
    decisions=20_000,
    commands=300,
    loads=400,
    rebuilt=20_000,
    one_by_one=800,
    board=10_000,
    imported=20_000,
)
QUICK = Sizes(
    rounds=5, decisions=2_000, commands=50, loads=50, rebuilt=2_000, one_by_one=150, board=1_000, imported=1_000
)
TINY = Sizes(rounds=1, decisions=20, commands=3, loads=3, rebuilt=40, one_by_one=10, board=10, imported=10)


@dataclass(frozen=True, slots=True)
class Figure:
    """One comparison: what was done, at which rate here and there, and how many times faster here.

    ``ratio`` is the median of the rounds' own ratios, so it may differ a little from the ratio of the two rates,
    each a median by itself.
    """

    what: str
    ours: str
    against: str
    theirs: str
    ratio: float


def compare(what: str, unit: str, rounds: int, ours: Side, others: dict[str, Side]) -> list[Figure]:
    """Time every side once a round, in turn, and set ours against each of the others.

    Round 0 warms up and is not counted; every second round goes through the sides backwards.
    """
    sides = {"": ours, **others}
    costs: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        gc.collect()
        for name in list(sides) if number % 2 else reversed(list(sides)):
            cost = _cost(sides[name], number)
            if number:
                costs[name].append(cost)
    return [
        Figure(
            what,
            rate(median(costs[""]), unit),
            name,
            rate(median(costs[name]), unit),
            median(theirs / own for own, theirs in zip(costs[""], costs[name], strict=True)),
        )
        for name in others
    ]


def _cost(side: Side, number: int) -> float:
    start = time.perf_counter()
    done = side(number)
    return (time.perf_counter() - start) / done


def rate(seconds: float, unit: str) -> str:
    """What one thing costs, in µs, or how many are done in a second."""
    return f"{seconds * 1e6:.1f} µs" if unit == "µs" else f"{1 / seconds:,.0f} {unit}/s"


def table(figures: list[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| measured | installflow | against | | times as fast |", "| --- | ---: | --- | ---: | ---: |"]
    lines += [f"| {f.what} | {f.ours} | {f.against} | {f.theirs} | **{f.ratio:.2f}** |" for f in figures]
    return "\n".join(lines)
