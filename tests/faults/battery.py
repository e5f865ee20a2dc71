"""The full sizes of every fault, and where their figures are written."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tests.faults.calls import failing_calls, lost_acknowledgements
from tests.faults.clocks import clock_steps_back, strange_days
from tests.faults.cut_lines import cut_lines, cut_while_served
from tests.faults.damage import cut_short, damaged_rows
from tests.faults.disk import apart
from tests.faults.full_disk import full_disk, full_server
from tests.faults.killed import killed_projection, killed_writer
from tests.faults.machine import walk
from tests.faults.own_writes import own_writes
from tests.faults.places import Place
from tests.faults.poison import poisoned
from tests.faults.processes import ROOT
from tests.faults.racing import race_for_a_day
from tests.faults.report import Report
from tests.faults.restarts import hurt_server

EVERYWHERE: Final = ("memory", "sqlite", "postgres")
SHARED: Final = ("sqlite", "postgres")
SERVED: Final = ("postgres",)

PAGE: Final = ROOT / "docs" / "explanation" / "guarantees.md"
BEGIN, END = "<!-- figures of the battery -->", "<!-- end of the figures -->"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at its full size, and the stores it is tried on."""

    run: Callable[[Place], Report]
    stores: tuple[str, ...]
    allowed: Callable[[str], object] = lambda _: True
    """Whether this machine allows it, on a store."""


def filled_up(place: Place) -> Report:
    """A full disk, under a file or under a server."""
    return full_server(place) if place.store == "postgres" else full_disk(place)


def may_fill(store: str) -> bool:
    """Whether a small disk may be mounted, and a server run on it under an account of its own."""
    return bool(apart()) and (store != "postgres" or os.geteuid() == 0)


FAULTS: Final[dict[str, Fault]] = {
    "kill-writer": Fault(partial(killed_writer, kills=25, commands=1000), SHARED),
    "kill-projection": Fault(partial(killed_projection, kills=40, recorded=400), SHARED),
    "race-2": Fault(partial(race_for_a_day, racers=2, days=100), SHARED),
    "race-8": Fault(partial(race_for_a_day, racers=8, days=50), SHARED),
    "race-16": Fault(partial(race_for_a_day, racers=16, days=30), SHARED),
    "own-writes": Fault(partial(own_writes, writes=100), SHARED),
    "full-disk": Fault(filled_up, SHARED, may_fill),
    "failing-call": Fault(failing_calls, EVERYWHERE),
    "lost-acknowledgement": Fault(partial(lost_acknowledgements, commands=500), EVERYWHERE),
    "cut-line": Fault(cut_lines, SERVED),
    "cut-while-served": Fault(partial(cut_while_served, tries=50), SERVED),
    "server-hurt": Fault(partial(hurt_server, writers=4, restarts=10, kills=20), SERVED),
    "damaged-rows": Fault(damaged_rows, SHARED),
    "file-cut-short": Fault(partial(cut_short, orders=2000), ("sqlite",)),
    "strange-days": Fault(strange_days, EVERYWHERE),
    "clock-back": Fault(partial(clock_steps_back, events=200), EVERYWHERE),
    "poison": Fault(partial(poisoned, orders=200), EVERYWHERE),
    "machine": Fault(partial(walk, examples=100, steps=60, derandomize=False), EVERYWHERE),
}


def figures_in(text: str) -> dict[tuple[str, str], str]:
    """The figures a page holds, by fault and store."""
    table = text.partition(BEGIN)[2].partition(END)[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:3] == "| `"]
    return {(fault.strip("`"), store): figure for fault, store, figure in cells}


def write(figures: Mapping[tuple[str, str], str], page: Path) -> None:
    """Put figures in the place of those the page holds of the same fault and store."""
    text = page.read_text(encoding="utf-8")
    whole = figures_in(text) | dict(figures)
    kept = [(fault, store) for fault in FAULTS for store in FAULTS[fault].stores if (fault, store) in whole]
    where = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores"
    lines = [f"{dt.datetime.now(dt.UTC).date()}, {where}:", ""]
    lines += ["| fault | store | what it printed |", "| --- | --- | --- |"]
    lines += [f"| `{fault}` | {store} | {whole[fault, store]} |" for fault, store in kept]
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(before + BEGIN + "\n\n" + "\n".join(lines) + "\n\n" + END + after, encoding="utf-8")
