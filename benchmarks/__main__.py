"""Runs benchmarks by name, prints their ratios, and on demand adds them to the README."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import commands, deciding, importing, loading, reading, rebuilding
from benchmarks.measuring import FULL, QUICK, Figure, Sizes, table

README = Path(__file__).with_name("README.md")
BENCHMARKS: dict[str, Callable[[Sizes, Path], list[Figure]]] = {
    "decide": deciding.run,
    "commands": commands.run,
    "load": loading.run,
    "rebuild": rebuilding.run,
    "board": reading.run,
    "import": importing.run,
}


def measure(name: str, sizes: Sizes) -> list[Figure]:
    """Run one benchmark in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="installflow-") as folder:
        return BENCHMARKS[name](sizes, Path(folder))


def write(figures: list[Figure]) -> None:
    """Add a table of results at the end of the README."""
    today = dt.datetime.now(dt.UTC).date()
    where = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores"
    with README.open("a", encoding="utf-8") as readme:
        readme.write(f"\n### {today.isoformat()} ({where})\n\n{table(figures)}\n")


def main() -> None:
    """Run the benchmarks asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or several of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work: rougher figures")
    parser.add_argument("--write", action="store_true", help="add the figures to the results in README.md")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(BENCHMARKS)):
        parser.error(f"no benchmark is called {unknown[0]!r}: choose among {', '.join(BENCHMARKS)}")
    figures: list[Figure] = []
    for name in asked.names or BENCHMARKS:
        measured = measure(name, QUICK if asked.quick else FULL)
        print(f"\n{name}\n{table(measured)}", flush=True)
        figures += measured
    if asked.write:
        write(figures)


if __name__ == "__main__":
    main()
