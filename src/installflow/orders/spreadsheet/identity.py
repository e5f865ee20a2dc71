"""Giving an exported line its order's id back, however the planner sorted, filtered, cut or mended the sheet.

The export writes, on a very hidden sheet, each order's id beside digests of its line: one of CLIENT and PARTENAIRE,
one of the other cells, and a short one of each cell: what the planner changed since can then be told from what was
changed here. Row numbers are not used: they lie as soon as a line is moved.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from installflow.orders.terms import HEADERS, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from installflow.orders.spreadsheet.row import RawRow

IDS_SHEET = "installflow"
IDS_TITLE = ("installflow", "qui", "reste", "cellules", "autres")
EXTRACT = "extrait"
"""Ends the title of a filtered export's sheet: the orders it has not were never meant to be in it."""
_AT_LEAST = 3
"""An id and the digests of its line; exports wrote less once."""
_WHO = ("CLIENT", "PARTENAIRE")
_COPIED = 3
"""How many cells beside CLIENT and PARTENAIRE a line shares at least with the one it was copied from."""
_TELLING = 2
"""A line whose other cells hold less than this is not recognised by them alone."""


_COPY = "copie de la ligne {line} : supprimez-la, ou changez son CLIENT si c'est une autre commande"
_UNEDITED = "copie inchangée de la ligne {line}, qui est prise pour la commande : supprimez-la"
_EDITED_TWICE = "plusieurs copies de la ligne {line}, changées chacune : n'en gardez qu'une, à sa place"


@dataclass(frozen=True, slots=True)
class Exported:
    """One line of the hidden sheet."""

    order_id: str
    who: str
    rest: str
    cells: str = ""
    """The digest of each cell, in the headers' order."""
    others: str = ""
    """The digests of the cells of other columns, see :func:`other_digest`."""

    @classmethod
    def of_cells(cls, order_id: str, cells: Mapping[str, str], extra: Mapping[str, str]) -> Self:
        """What the export writes for an order."""
        digests = " ".join(digest_of(cells.get(header, "")) for header in HEADERS)
        return cls(order_id, *_digests(cells), digests, " ".join(other_digest(*one) for one in extra.items()))

    @classmethod
    def of_line(cls, line: Sequence[str]) -> Self | None:
        """What the import reads; ``None`` for the title and for anything else."""
        if len(line) < _AT_LEAST or line[1:3] == list(IDS_TITLE[1:3]) or not all(line[:3]):
            return None
        return cls(*line[: len(IDS_TITLE)])


def give_ids(rows: Iterable[RawRow], exported: Sequence[Exported]) -> list[RawRow]:
    """The rows, with their order's id where one and only one order can be meant; the others stay without.

    A line unchanged is recognised first, then one whose CLIENT and PARTENAIRE are, then one where only these changed.
    A line copied in the sheet stands aside for the other; when one of the two was edited, that is the one meant.
    """
    rows = list(rows)
    if not exported:
        return rows
    matching = _Matching([(i, *_digests(row.cells)) for i, row in enumerate(rows)], list(exported))
    matching.pair(lambda who, rest: (who, rest), alike=True)
    matching.pair(lambda who, _: who)
    matching.pair(lambda _, rest: rest if not rest.startswith("-") else None)
    rows = matching.without_copies(rows)
    return [
        dataclasses.replace(
            row,
            order_id=matching.found[i].order_id,
            exported=_by_header(matching.found[i]),
            exported_extra=frozenset(matching.found[i].others.split()),
        )
        if i in matching.found
        else row
        for i, row in enumerate(rows)
    ]


def digest_of(text: str) -> str:
    """A cell's digest: blanks around and doubled do not count."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:10]


def other_digest(name: str, text: str) -> str:
    """The digest of a cell of another column, its header included."""
    return digest_of(f"{name}\x1f {text}")


def _by_header(exported: Exported) -> dict[str, str]:
    digests = exported.cells.split()
    return dict(zip(HEADERS, digests, strict=True)) if len(digests) == len(HEADERS) else {}


@dataclass(slots=True)
class _Matching:
    lines: list[tuple[int, str, str]]
    exported: list[Exported]
    found: dict[int, Exported] = dataclasses.field(default_factory=dict)
    copies: dict[int, int] = dataclasses.field(default_factory=dict)
    """Lines that are another to the letter, by index."""

    def without_copies(self, rows: list[RawRow]) -> list[RawRow]:
        """The rows, copies standing aside; an edited copy takes the order of the line left unchanged."""
        left = {index for index, *_ in self.lines}
        edited: dict[int, list[int]] = defaultdict(list)
        unchanged = {
            order.who: index
            for index, order in self.found.items()
            if _digests(rows[index].cells) == (order.who, order.rest)
        }
        twins = Counter(order.who for order in self.found.values())
        for index in sorted(left):
            who = _digests(rows[index].cells)[0]
            if twins[who] == 1 and who in unchanged and _resembles(rows[index].cells, self.found[unchanged[who]]):
                edited[unchanged[who]].append(index)
        aside = {index: _COPY.format(line=rows[first].place) for index, first in self.copies.items()}
        for first, indexes in edited.items():
            if len(indexes) == 1:
                self.found[indexes[0]] = self.found.pop(first)
                aside[first] = _UNEDITED.format(line=rows[indexes[0]].place)
            else:
                aside |= dict.fromkeys(indexes, _EDITED_TWICE.format(line=rows[first].place))
        return [dataclasses.replace(row, aside=aside[i]) if i in aside else row for i, row in enumerate(rows)]

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
            elif theirs and alike and len(mine) > len(theirs):
                first = mine[0][0]
                self.found |= {line[0]: order for line, order in zip(mine, theirs, strict=False)}
                self.copies |= {line[0]: first for line in mine[len(theirs) :]}
                settled.add(shared)
            elif theirs and alike:
                settled.add(shared)  # one of its twins was cut: nobody can tell which is left
        self.lines = [line for line in self.lines if key(line[1], line[2]) not in settled]
        self.exported = [order for order in self.exported if key(order.who, order.rest) not in settled]


def _resembles(cells: Mapping[str, str], exported: Exported) -> bool:
    """Whether a line was made from an exported one: enough of what that said still stands in it."""
    said = {header: digest for header, digest in _by_header(exported).items() if digest != digest_of("")}
    rest = [digest_of(cells.get(header, "")) == digest for header, digest in said.items() if header not in _WHO]
    return sum(rest) >= _COPIED and 2 * sum(rest) >= len(rest)


def _digests(cells: Mapping[str, str]) -> tuple[str, str]:
    rest = [" ".join(cells.get(header, "").split()) for header in HEADERS if header not in _WHO]
    told = sum(1 for cell in rest if cell)
    who = _digest([key_of(cells.get(header, "")) for header in _WHO])
    return who, ("" if told >= _TELLING else "-") + _digest(rest)


def _digest(texts: list[str]) -> str:
    return hashlib.sha256("\x1f".join(texts).encode("utf-8", "replace")).hexdigest()[:20]
