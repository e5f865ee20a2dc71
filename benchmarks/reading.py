"""Reading the whole planning board."""

from __future__ import annotations

from pathlib import Path

from pydantic_core import from_json

from benchmarks.life import database, fill, opened
from benchmarks.measuring import Figure, Sizes, compare


def run(sizes: Sizes, folder: Path) -> list[Figure]:
    """Time the board as an application asks for it, against the query of its rows and the parsing of their JSON."""
    path = folder / "ours.db"
    with opened(path, "FULL") as flow:
        fill(flow, sizes.board)
        flow.rebuild("planning")
        bare = database(path, "FULL")

        def ours(_round: int) -> int:
            return len(flow.planning())

        def read(_round: int) -> int:
            return sum(bool(from_json(row)) for (row,) in bare.execute("SELECT row FROM view_rows"))

        try:
            what = f"reading a board of {sizes.board:,} orders"
            return compare(what, "rows", sizes.rounds, ours, {"the bare query and parsing": read})
        finally:
            bare.close()
