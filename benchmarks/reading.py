"""Reading the whole planning board, every cell its screen shows: the first time in a process, and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.decoding import fastest
from benchmarks.measuring import Figure, Result, Run, compare, rate
from benchmarks.places import OURS, Place, PostgresPlace, SQLitePlace, everywhere
from benchmarks.worker import Worker
from installflow.orders import PLANNING

TARGET = 1 / 1.5
"""At most one and a half times as long as the bare side."""


def run(run: Run) -> list[Result]:
    """Time the board as a screen shows it, against the query of its rows and the decoding of their JSON."""
    return everywhere(run, _board, "reading a board", ("FULL",))


def _board(place: Place, run: Run) -> list[Result]:
    sizes = run.sizes
    place.fill("board", sizes.board)
    with place.opened("board") as flow:
        flow.planning()
        bare = place.bare("board", OURS)
        sample = list(bare.view_rows(PLANNING.key))
        name, decode = fastest(sample)
        against = f"the bare query and decoding ({name})"

        def ours(_round: int) -> int:
            return shown(flow)

        def read(_round: int) -> int:
            return sum(bool(decode(row)) for row in bare.view_rows(PLANNING.key))

        what = f"reading a board of {sizes.board:,} orders, {place.name}"
        try:
            warm = compare(f"{what}, again", "rows", sizes.rounds, ours, {against: read}, {against: TARGET})
        finally:
            bare.close()
    return [*warm, _cold(f"{what}, first in a process", against, place, run)]


def _cold(what: str, against: str, place: Place, run: Run) -> Figure:
    """Both sides in new processes, in turn; what is imported and opened before the reading does not count."""
    sides: dict[str, list[float]] = {"ours": [], "bare": []}
    for number in range(run.sizes.rounds):
        for side in list(sides) if number % 2 else reversed(list(sides)):
            with Worker("benchmarks.reading:reader", side, *_where(place), apart=run.sizes.apart) as worker:
                sides[side].append(worker.do() / run.sizes.board)
    return Figure(
        what,
        rate(median(sides["ours"]), "rows"),
        against,
        rate(median(sides["bare"]), "rows"),
        median(bare / own for own, bare in zip(sides["ours"], sides["bare"], strict=True)),
        TARGET,
    )


def shown(flow: Any) -> int:
    """Read the board and touch every cell a screen shows."""
    rows = flow.planning()
    cells = sum(len(text) for row in rows for text in (row.status.label, *row.cells.values(), *row.alerts))
    assert cells
    return len(rows)


def _where(place: Place) -> list[str]:
    """How another process finds the place."""
    if isinstance(place, SQLitePlace):
        return ["sqlite", str(place.folder), place.synchronous]
    assert isinstance(place, PostgresPlace)
    return ["postgres", place.server, place.prefix]


def reader(side: str, kind: str, where: str, which: Any) -> Callable[[Any], float]:
    """A worker that reads the board once and answers how many seconds it took."""
    place: Place = SQLitePlace(Path(where), which) if kind == "sqlite" else PostgresPlace(where, which)
    _, decode = fastest([b"[]"])

    def ours(_request: Any) -> float:
        with place.opened("board") as flow:
            return _seconds(lambda: shown(flow))

    def bare(_request: Any) -> float:
        connection = place.bare("board", OURS)
        try:
            return _seconds(lambda: sum(bool(decode(row)) for row in connection.view_rows(PLANNING.key)))
        finally:
            connection.close()

    return ours if side == "ours" else bare


def _seconds(read: Callable[[], int]) -> float:
    start = time.perf_counter()
    read()
    return time.perf_counter() - start
