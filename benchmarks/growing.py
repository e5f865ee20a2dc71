"""What a command, and a board of the same size, cost in a young store and in one with a long history."""

from __future__ import annotations

from benchmarks.commands import of_round
from benchmarks.life import BY, EVENTS, NEXT
from benchmarks.measuring import Result, Run, Side, compare
from benchmarks.places import Place, everywhere

TARGET = 0.8
"""Flat: a command in the old store takes at most a quarter more."""

TARGET_BOARD = 0.5
"""A board reads its own rows alone, but these lie among the others: at most twice the time, whatever the history."""


def run(run: Run) -> list[Result]:
    """Time the same commands and the same board in both; the history of the old one is orders that are over."""
    return everywhere(run, _grown, "a store that has grown", ("FULL",))


def _grown(place: Place, run: Run) -> list[Result]:
    sizes = run.sizes
    orders, over = sizes.young // EVENTS, (sizes.grown - sizes.young) // EVENTS
    young_ids = place.fill("young", orders)
    place.fill("old", over, over=True)
    old_ids = place.fill("old", orders)
    count = max(1, min(sizes.commands, orders // (sizes.rounds + 1)))
    what = f"a store of {sizes.grown:,} events, {place.name}"
    against = f"a store of {sizes.young:,} events"
    with place.opened("young") as young, place.opened("old") as old:

        def in_young(number: int) -> int:
            for one in of_round(young_ids, number, count):
                young.record(one, NEXT, by=BY)
            return count

        def in_old(number: int) -> int:
            for one in of_round(old_ids, number, count):
                old.record(one, NEXT, by=BY)
            return count

        def young_board(_round: int) -> int:
            return len(young.planning())

        def old_board(_round: int) -> int:
            return len(old.planning())

        commands: dict[str, Side] = {against: in_young}
        results = compare(f"a command in {what}", "ms", sizes.rounds, in_old, commands, {against: TARGET})
        old.rebuild("planning")
        young.rebuild("planning")
        board = f"a board of {orders:,} open orders in {what}"
        boards: dict[str, Side] = {against: young_board}
        return results + compare(board, "rows", sizes.long_rounds, old_board, boards, {against: TARGET_BOARD})
