"""Runs every quality gate, goes on after a failure, and ends with one line per gate.

    python check.py              all gates, as CI does
    python check.py --quick      ruff, mypy, and the tests up to the first failure, without coverage
    python check.py types tests  these gates only

The static gates run beside the tests: the whole takes as long as the slower of the two.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent
WORKERS = "2"
ENGINE = "src/installflow/workflow/*"
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Python keeps what it compiles, or each of the tests' many processes compiles the package and the suite anew."""
ROOM = 2 * 1024**3
"""Bytes the tests may need for their files, several times over."""


@dataclass(frozen=True)
class Gate:
    """One check: its name, what it proves, and the tool that runs it."""

    name: str
    proves: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a gate ended, and how long it took."""

    gate: Gate
    code: int
    seconds: float


def tool(name: str, *arguments: str) -> tuple[str, ...]:
    """A tool's command line, in the environment this script runs in."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    return (found or name, *arguments)


def module(name: str, *arguments: str) -> tuple[str, ...]:
    """The same for a tool that runs as a module."""
    return (sys.executable, "-m", name, *arguments)


STATIC = (
    Gate("lint", "ruff, all rules", module("ruff", "check")),
    Gate("format", "ruff's formatter", module("ruff", "format", "--check")),
    Gate("types", "mypy --strict, the Python of the docs included", module("tests.docs.typed")),
    Gate("imports", "import contracts", tool("lint-imports", "--no-logo")),
)
TESTS = Gate(
    "tests",
    "unit tests, doctests, docs, French features, feature lint, traceability",
    module("pytest", "-n", WORKERS, "--dist", "worksteal", "--cov", "--cov-report="),
    # Every behaviour in memory, every fifth of them on a file and on PostgreSQL too, the stores' own tests on all.
    {"INSTALLFLOW_TEST_STORES": "some"},
)
COVERAGE = (
    Gate("coverage", "95 % of lines and branches", module("coverage", "report", "--fail-under=95")),
    Gate("engine", "100 % of the engine", module("coverage", "report", f"--include={ENGINE}", "--fail-under=100")),
)
# What takes longer than a contributor waits: before a release, and after a change to a store.
LONG = (
    Gate(
        "stores",
        "every behaviour on each store: memory, file, PostgreSQL",
        module("pytest", "-n", WORKERS, "--dist", "worksteal"),
    ),
)
# Parts of `tests`, to run alone while working on them.
PARTS = (
    Gate("doctests", "examples in docstrings", module("pytest", "src")),
    Gate("docs", "code blocks and links of the docs", module("pytest", "tests/docs")),
    Gate(
        "features",
        "French features, their lint, traceability",
        module("pytest", "tests/features", "tests/architecture"),
    ),
)
GATES = {gate.name: gate for gate in (*STATIC, TESTS, *COVERAGE, *LONG, *PARTS)}


def in_memory() -> dict[str, str]:
    """Where the tests' throw-away files go: a folder in memory, where there is one, spares their disk."""
    folder = Path("/dev/shm")  # noqa: S108  # only named: the tests make folders of their own in it
    roomy = folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM
    return {"TMPDIR": str(folder)} if roomy and "TMPDIR" not in os.environ else {}


def run(gate: Gate, *, show: bool) -> Outcome:
    """Run one gate: its output as it comes, or in one piece when it runs beside another."""
    start = time.perf_counter()
    done = subprocess.run(
        gate.command,
        cwd=ROOT,
        env={**os.environ, **COMPILED, **in_memory(), **gate.environment},
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=None if show else subprocess.PIPE,
        stderr=None if show else subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    outcome = Outcome(gate, done.returncode, time.perf_counter() - start)
    if not show:
        print(f"\n── {gate.name}: {gate.proves}\n{done.stdout.strip()}", flush=True)
    return outcome


def run_beside(static: list[Gate], shown: list[Gate]) -> list[Outcome]:
    """Run the static gates in a thread while the others run here, one after the other."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        waiting = [beside.submit(run, gate, show=False) for gate in static]
        outcomes = []
        for gate in shown:
            print(f"\n── {gate.name}: {gate.proves}", flush=True)
            outcomes.append(run(gate, show=True))
        return [future.result() for future in waiting] + outcomes


def chosen(names: list[str], *, quick: bool) -> list[Gate]:
    """The gates asked for: by name, the quick ones, or all but the long ones and the parts."""
    if names:
        return [GATES[name] for name in names]
    if quick:
        brief = Gate("tests", "up to the first failure", module("pytest", "-n", WORKERS, "-x", "-q"), TESTS.environment)
        return [GATES["lint"], GATES["types"], brief]
    return [*STATIC, TESTS, *COVERAGE]


def summary(outcomes: list[Outcome], seconds: float) -> int:
    """Print one line per gate; the exit code is 1 if one of them failed."""
    failed = [outcome.gate.name for outcome in outcomes if outcome.code]
    print("\n── summary")
    for outcome in outcomes:
        print(f"{'FAILED' if outcome.code else 'passed':<8}{outcome.gate.name:<10}{outcome.seconds:6.1f} s")
    print(f"\n{'failed: ' + ', '.join(failed) if failed else 'all gates passed'} in {seconds:.0f} s")
    return 1 if failed else 0


def main() -> int:
    """Run the gates asked for on the command line."""
    parser = argparse.ArgumentParser(description="Run the quality gates.")
    parser.add_argument("gates", nargs="*", metavar="GATE", help=f"one or several of: {', '.join(GATES)}")
    parser.add_argument("--quick", action="store_true", help="ruff, mypy, tests up to the first failure")
    options = parser.parse_args()
    unknown = sorted(set(options.gates) - set(GATES))
    if unknown:
        parser.error(f"no such gate: {', '.join(unknown)} (there are: {', '.join(GATES)})")
    start = time.perf_counter()
    gates = chosen(options.gates, quick=options.quick)
    static = [gate for gate in gates if gate in STATIC]
    outcomes = run_beside(static, [gate for gate in gates if gate not in STATIC])
    return summary(outcomes, time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(main())
