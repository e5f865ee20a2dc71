"""Loading an order of eight events."""

from __future__ import annotations

from benchmarks.measuring import Result, Run, compare
from benchmarks.places import Place, everywhere

THEIRS = "`repository.get` of plain `eventsourcing`"
KEPT = f"{THEIRS} keeping as much of each event"
TARGET = 9.0


def run(run: Run) -> list[Result]:
    """Time both ways of reading orders that were just written."""
    return everywhere(run, _loading, "loading an order", ("FULL",))


def _loading(place: Place, run: Run) -> list[Result]:
    sizes = run.sizes
    ids, plain_ids = place.fill("loaded", sizes.loads), place.fill_plain("plain-loaded", sizes.loads)
    kept_ids = place.fill_plain("kept-loaded", sizes.loads, kept=True)
    plain, keeping = place.plain("plain-loaded"), place.plain("kept-loaded", kept=True)
    with place.opened("loaded") as flow:

        def ours(_round: int) -> int:
            return sum(flow.load(one).version for one in ids)

        def plainly(_round: int) -> int:
            return sum(plain.repository.get(one).version for one in plain_ids)

        def keeping_as_much(_round: int) -> int:
            return sum(keeping.repository.get(one).version for one in kept_ids)

        # What was asked for was measured on a file; a server's round trip is the same for both.
        targets = {} if place.name == "PostgreSQL" else {THEIRS: TARGET}
        try:
            what = f"loading an order of eight events, {place.name}"
            return compare(what, "events", sizes.rounds, ours, {THEIRS: plainly, KEPT: keeping_as_much}, targets)
        finally:
            plain.close()
            keeping.close()
