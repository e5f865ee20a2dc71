"""Giving an exported line its order's id back, however the planner sorted, filtered, cut or mended the sheet.

The export writes, on a very hidden sheet, each order's id beside digests of its line: one of CLIENT and PARTENAIRE,
one of the other cells, and a short one of each cell: what the planner changed since can then be told from what was
changed here. Row numbers are not used: they lie as soon as a line is moved.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from installflow.orders.terms import HEADERS, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from installflow.orders.spreadsheet.row import RawRow

IDS_SHEET = "installflow"
IDS_TITLE = ("installflow", "qui", "reste", "cellules")
_WHO = ("CLIENT", "PARTENAIRE")
_TELLING = 2
"""A line whose other cells hold less than this is not recognised by them alone."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One line of the hidden sheet."""

    order_id: str
    who: str
    rest: str
    cells: str = ""
    """The digest of each cell, in the headers' order."""

    @classmethod
    def of_cells(cls, order_id: str, cells: Mapping[str, str]) -> Self:
        """What the export writes for an order."""
        return cls(order_id, *_digests(cells), " ".join(digest_of(cells.get(header, "")) for header in HEADERS))

    @classmethod
    def of_line(cls, line: Sequence[str]) -> Self | None:
        """What the import reads; ``None`` for the title and for anything else."""
        if len(line) < len(IDS_TITLE) - 1 or line[1:3] == list(IDS_TITLE[1:3]) or not all(line[:3]):
            return None
        return cls(*line[: len(IDS_TITLE)])


def give_ids(rows: Iterable[RawRow], exported: Sequence[Exported]) -> list[RawRow]:
    """The rows, with their order's id where one and only one order can be meant; the others stay without.

    A line unchanged is recognised first, then one whose CLIENT and PARTENAIRE are, then one where only these changed.
    """
    rows = list(rows)
    if not exported:
        return rows
    matching = _Matching([(i, *_digests(row.cells)) for i, row in enumerate(rows)], list(exported))
    matching.pair(lambda who, rest: (who, rest), alike=True)
    matching.pair(lambda who, _: who)
    matching.pair(lambda _, rest: rest if not rest.startswith("-") else None)
    return [
        dataclasses.replace(row, order_id=matching.found[i].order_id, exported=_by_header(matching.found[i]))
        if i in matching.found
        else row
        for i, row in enumerate(rows)
    ]


def digest_of(text: str) -> str:
    """A cell's digest: blanks around and doubled do not count."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:10]


def _by_header(exported: Exported) -> dict[str, str]:
    digests = exported.cells.split()
    return dict(zip(HEADERS, digests, strict=True)) if len(digests) == len(HEADERS) else {}


@dataclass(slots=True)
class _Matching:
    lines: list[tuple[int, str, str]]
    exported: list[Exported]
    found: dict[int, Exported] = dataclasses.field(default_factory=dict)

    def pair(self, key: Callable[[str, str], Hashable | None], *, alike: bool = False) -> None:
        """Pairs lines and orders that share a key: one with one; several with as many only if they are ``alike``."""
        lines: dict[Hashable, list[tuple[int, str, str]]] = defaultdict(list)
        orders: dict[Hashable, list[Exported]] = defaultdict(list)
        for line in self.lines:
            if (shared := key(line[1], line[2])) is not None:
                lines[shared].append(line)
        for order in self.exported:
            if (shared := key(order.who, order.rest)) is not None:
                orders[shared].append(order)
        settled: set[Hashable] = set()
        for shared, mine in lines.items():
            theirs = orders.get(shared, [])
            if theirs and len(mine) == len(theirs) and (alike or len(mine) == 1):
                # Lines alike to the letter are interchangeable: the order they were written in will do.
                self.found |= {line[0]: order for line, order in zip(mine, theirs, strict=True)}
                settled.add(shared)
            elif theirs and alike:
                settled.add(shared)  # a line was copied or one of its twins cut: nobody can tell which is which
        self.lines = [line for line in self.lines if key(line[1], line[2]) not in settled]
        self.exported = [order for order in self.exported if key(order.who, order.rest) not in settled]


def _digests(cells: Mapping[str, str]) -> tuple[str, str]:
    rest = [" ".join(cells.get(header, "").split()) for header in HEADERS if header not in _WHO]
    told = sum(1 for cell in rest if cell)
    who = _digest([key_of(cells.get(header, "")) for header in _WHO])
    return who, ("" if told >= _TELLING else "-") + _digest(rest)


def _digest(texts: list[str]) -> str:
    return hashlib.sha256("\x1f".join(texts).encode("utf-8", "replace")).hexdigest()[:20]
