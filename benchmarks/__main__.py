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

from benchmarks import commands, comparing_peers, deciding, growing, importing, loading, reading, rebuilding, writers
from benchmarks.measuring import FULL, QUICK, Result, Run, Sizes, table
from benchmarks.server import postgres

README = Path(__file__).with_name("README.md")
BENCHMARKS: dict[str, Callable[[Run], list[Result]]] = {
    "decide": deciding.run,
    "commands": commands.run,
    "together": commands.run_together,
    "load": loading.run,
    "rebuild": rebuilding.run,
    "memory": rebuilding.run_memory,
    "board": reading.run,
    "import": importing.run,
    "grow": growing.run,
    "writers": writers.run,
    "peers": comparing_peers.run,
}


def measure(name: str, sizes: Sizes, address: str | None = None) -> list[Result]:
    """Run one benchmark in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="installflow-") as folder:
        return BENCHMARKS[name](Run(sizes, Path(folder), address))


def write(results: list[Result], server: str) -> None:
    """Add a table of results at the end of the README."""
    today = dt.datetime.now(dt.UTC).date()
    where = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {server}, {os.cpu_count()} cores"
    with README.open("a", encoding="utf-8") as readme:
        readme.write(f"\n### {today.isoformat()} ({where})\n\n{table(results)}\n")


def main() -> None:
    """Run the benchmarks asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or several of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="a fraction of the work: rougher figures")
    parser.add_argument("--write", action="store_true", help="add the figures to the results in README.md")
    parser.add_argument("--postgres", metavar="URL", help="a PostgreSQL server to measure on; else one is started")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(BENCHMARKS)):
        parser.error(f"no benchmark is called {unknown[0]!r}: choose among {', '.join(BENCHMARKS)}")
    results: list[Result] = []
    with postgres(asked.postgres) as (address, server):
        print(server, flush=True)
        for name in asked.names or BENCHMARKS:
            measured = measure(name, QUICK if asked.quick else FULL, address)
            print(f"\n{name}\n{table(measured)}", flush=True)
            results += measured
    if asked.write:
        write(results, server)


if __name__ == "__main__":
    main()
