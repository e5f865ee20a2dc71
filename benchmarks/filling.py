"""Stores filled quickly: rows of orders recorded once, under new ids and names, written straight to the table.

The orders lie as they would in life: some hundreds are under way at a time, and their events alternate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias
from uuid import UUID, uuid4

from benchmarks.life import DAYS

Life: TypeAlias = Sequence[tuple[str, bytes]]
"""The rows of one order: topic and state, by version."""

NewRow: TypeAlias = tuple[UUID, int, str, bytes]

MARK = 987_654_321
"""The number of every order that is copied: it stands in its texts, and is replaced there."""

UNDER_WAY = 500


def copies(lives: Sequence[Life], ids: Sequence[UUID], write: Callable[[Iterator[NewRow]], None]) -> None:
    """Write as many orders as there are ids, each a copy of one of the lives, told apart by their number."""
    write(_rows(lives, ids))


def new_ids(orders: int) -> list[UUID]:
    """Ids of that many orders."""
    return [uuid4() for _ in range(orders)]


def _rows(lives: Sequence[Life], ids: Sequence[UUID]) -> Iterator[NewRow]:
    mark = f"{MARK:09d}".encode()
    manager = b"CP " + mark
    numbered = iter(enumerate(ids))
    while under_way := list(islice(numbered, UNDER_WAY)):
        for version in range(1, max(map(len, lives)) + 1):
            for number, one in under_way:
                topic, state = lives[number % len(lives)][version - 1]
                state = state.replace(manager, b"CP %09d" % (number // DAYS)).replace(mark, b"%09d" % number)
                yield one, version, topic, state
