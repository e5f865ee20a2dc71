"""The command of `benchmarks.commands` on Python's other event-sourcing libraries."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path
from uuid import UUID

from benchmarks.commands import of_round
from benchmarks.life import BY, NEXT, record
from benchmarks.life import life as life_of
from benchmarks.measuring import Result, Run, Side, Skipped, compare
from benchmarks.places import SQLitePlace
from benchmarks.worker import Worker
from installflow import InstallFlow

PACKAGES = {"eventsource-py": "eventsource-py[sqlite]==0.8.1", "protean": "protean==0.18.0"}
ENVIRONMENT = Path(__file__).parent / ".venv"
FEW = 5
"""Commands a round where every load reads the whole store: Protean's memory."""


def run(run: Run) -> list[Result]:
    """Time the same command in each, at the same durability; what cannot be installed is said."""
    if not run.sizes.apart:
        return [Skipped(name, "peers run in an environment of their own") for name in PACKAGES]
    python = environment()
    results: list[Result] = []
    for name, measure in (("eventsource-py", _on_sqlite), ("protean", _in_memory)):
        missing = installed(python, PACKAGES[name])
        results += [Skipped(name, missing)] if missing else measure(run, str(python))
    return results


def environment() -> Path:
    """The Python of the peers' environment, made on the first asking."""
    python = ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    return python


def installed(python: Path, requirement: str) -> str:
    """Install a package there; answers why it could not be, or nothing."""
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    words = (done.stderr or done.stdout).strip().splitlines()
    return "" if done.returncode == 0 else f"pip: {words[-1] if words else 'failed'}"


def _on_sqlite(run: Run, python: str) -> list[Result]:
    sizes = run.sizes
    total = sizes.commands * (sizes.rounds + 1)
    results: list[Result] = []
    for synchronous in ("NORMAL", "FULL"):
        place = SQLitePlace(run.folder, "NORMAL" if synchronous == "NORMAL" else "FULL")
        ids = place.fill("ours-peers", total)
        path = str(run.folder / f"peer-{synchronous}.db")
        target = "benchmarks.peers.eventsource_py:orders"
        with place.opened("ours-peers") as flow, Worker(target, path, synchronous, total, python=python) as peer:
            results += _compared(f"commands one by one, {place.name}", run, flow, ids, "`eventsource-py`", peer)
    return results


def _in_memory(run: Run, python: str) -> list[Result]:
    total = FEW * (run.sizes.rounds + 1)
    with InstallFlow() as flow, Worker("benchmarks.peers.protean_py:orders", total, python=python) as peer:
        ids = record(flow, [life_of(number, number) for number in range(total)])
        what = f"commands one by one, in memory, {total} orders"
        return _compared(what, run, flow, ids, "`protean`, its memory store", peer, FEW)


def _compared(
    what: str, run: Run, flow: InstallFlow, ids: list[UUID], name: str, peer: Worker, each: int | None = None
) -> list[Result]:
    count = each or run.sizes.commands
    peer.do(0)  # its store is filled before the first round

    def ours(number: int) -> int:
        for one in of_round(ids, number, count):
            flow.record(one, NEXT, by=BY)
        return count

    def theirs(_round: int) -> int:
        done: int = peer.do(count)
        return done

    others: dict[str, Side] = {name: theirs}
    return compare(what, "commands", run.sizes.rounds, ours, others)
