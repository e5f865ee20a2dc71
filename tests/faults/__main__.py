"""Runs the faults by name at their full size, prints a figure for each, and on demand writes them into the docs."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.faults.battery import EVERYWHERE, FAULTS, PAGE, write
from tests.faults.places import Place, memory, postgres, sqlite
from tests.postgres_server import Server, candidates, first_that_runs, new_folder


@contextmanager
def own_server() -> Iterator[Server]:
    """A PostgreSQL of the battery's own, to be restarted and killed."""
    folder = new_folder()
    try:
        server, reasons = first_that_runs(candidates(), folder)
        if server is None:
            sys.exit(f"no PostgreSQL, choose --store: {'; '.join(reasons)}")
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def places(store: str) -> Iterator[Callable[[Path], Place]]:
    """New places on a store."""
    if store != "postgres":
        yield memory if store == "memory" else sqlite
        return
    with own_server() as server:
        yield partial(postgres, server)


def run(names: Sequence[str], store: str) -> Iterator[tuple[str, str, list[str]]]:
    """Each fault's name, figure and findings on a store."""
    with places(store) as new_place:
        for name in names:
            fault = FAULTS[name]
            if store not in fault.stores:
                continue
            if not fault.allowed(store):
                print(f"{name} ({store}): NOT RUN, this machine does not allow it", flush=True)
                continue
            with tempfile.TemporaryDirectory(prefix="installflow-faults-") as folder:
                report = fault.run(new_place(Path(folder)))
            yield name, report.figure, report.broken


def main() -> None:
    """Run the faults asked for on the command line; exits 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or several of: {', '.join(FAULTS)}")
    parser.add_argument("--store", choices=EVERYWHERE, action="append", help="on this store only; may be given again")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/explanation/guarantees.md")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(FAULTS)):
        parser.error(f"no fault is called {unknown[0]!r}: choose among {', '.join(FAULTS)}")
    figures: dict[tuple[str, str], str] = {}
    broken = 0
    for store in asked.store or EVERYWHERE:
        for name, figure, findings in run(asked.names or list(FAULTS), store):
            print(f"{name} ({store}): {figure}", *findings[:20], sep="\n  ", flush=True)
            figures[name, store] = figure
            broken += bool(findings)
    if broken:
        sys.exit(f"{broken} of {len(figures)} broke a promise: nothing is written")
    if asked.write:
        write(figures, PAGE)


if __name__ == "__main__":
    main()
