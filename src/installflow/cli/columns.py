"""Tables for people: columns that share the width there is, cells wrapped, remarks under their line."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from installflow.cli.writing import screen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

GAPS = (2, 1)
"""Blanks between columns: the first that leaves enough room."""

LONGEST_WORD = 20
"""A column is not squeezed under its longest word, up to this: a longer one has to be cut."""

_AFTER_HYPHEN = re.compile(r"\s+|(?<=\w-)(?=\w)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, whether its cells may be wrapped when room is short, how much room it deserves.

    One that is optional is left out when nothing stands in it.
    """

    header: str
    wraps: bool = True
    weight: int = 1
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its cells, remarks beneath, a colour, colours of single cells by place."""

    cells: Sequence[str]
    beneath: Sequence[str] = ()
    style: str = ""
    styles: dict[int, str] = field(default_factory=dict)


def show_table(columns: Sequence[Column], lines: Sequence[Line]) -> None:
    """Print a table as wide as its content, or as the screen; each line as a paragraph where it cannot fit."""
    console = screen()
    columns, lines = _filled(columns, lines)
    header = Line([column.header for column in columns], style="bold")
    for gap in GAPS:
        widths = _widths(columns, [header, *lines], console.width, gap)
        if widths:
            break
    else:
        _show_paragraphs(console, columns, lines)
        return
    for text in _rows(console, header, widths, gap):
        _print(console, text)
    _print(console, Text("─" * (sum(widths) + gap * (len(widths) - 1)), style="dim"))
    for line in lines:
        for text in _rows(console, line, widths, gap):
            _print(console, text)
        for remark in line.beneath:
            show_remark(console, remark, 4)


def _show_paragraphs(console: Console, columns: Sequence[Column], lines: Iterable[Line]) -> None:
    for line in lines:
        number, *cells = (
            (f"{column.header} " if place and not column.wraps else "") + " ".join(cell.split())
            for place, (column, cell) in enumerate(zip(columns, line.cells, strict=True))
            if cell
        )
        show_hanging(console, Text(f"{number} ", style="bold"), " · ".join(cells))
        for remark in line.beneath:
            show_remark(console, remark)


def _filled(columns: Sequence[Column], lines: Sequence[Line]) -> tuple[list[Column], list[Line]]:
    kept = [
        place for place, column in enumerate(columns) if not column.optional or any(line.cells[place] for line in lines)
    ]
    return [columns[place] for place in kept], [
        replace(
            line,
            cells=[line.cells[place] for place in kept],
            styles={new: line.styles[old] for new, old in enumerate(kept) if old in line.styles},
        )
        for line in lines
    ]


def show_remark(console: Console, remark: str, indent: int = 2, mark: str = "⚠", style: str = "yellow") -> None:
    """A remark beneath what it is about: a mark, and its text wrapped beside it."""
    show_hanging(console, Text(f"{' ' * indent}{mark} ", style=style), Text(remark, style=style))


def show_hanging(console: Console, head: Text, body: Text | str) -> None:
    """A text wrapped beside its head."""
    text = Text(body) if isinstance(body, str) else body
    inside = head.cell_len
    for piece in text.wrap(console, max(console.width - inside, LONGEST_WORD)) or [Text()]:
        _print(console, head.append_text(piece))
        head = Text(" " * inside)


def _print(console: Console, text: Text) -> None:
    text.rstrip()
    console.print(text, no_wrap=True, overflow="ignore", crop=False)


def _widths(columns: Sequence[Column], lines: Sequence[Line], available: int, gap: int) -> list[int]:
    """Each column as wide as its widest cell; what is too much is taken where it is least deserved.

    Nothing when the columns cannot be made that narrow.
    """
    widths = [max(_each(line.cells[place].split("\n") for line in lines)) for place in range(len(columns))]
    least = [
        min(max(_each(_words(line.cells[place]) for line in lines)), LONGEST_WORD) if column.wraps else widths[place]
        for place, column in enumerate(columns)
    ]
    excess = sum(widths) + gap * (len(widths) - 1) - available
    while excess > 0:
        shrinkable = [place for place, width in enumerate(widths) if width > least[place]]
        if not shrinkable:
            return []
        widths[max(shrinkable, key=lambda place: widths[place] / columns[place].weight)] -= 1
        excess -= 1
    return widths


def _words(cell: str) -> list[str]:
    """What a cell may be broken into: words, and the parts of those with a hyphen."""
    return _AFTER_HYPHEN.split(cell)


def _each(pieces: Iterable[Sequence[str]]) -> Iterator[int]:
    yield 0
    for several in pieces:
        yield from map(cell_len, several)


def _rows(console: Console, line: Line, widths: Sequence[int], gap: int) -> Iterator[Text]:
    cells = [
        _wrapped(console, Text(cell, style=line.styles.get(place, line.style)), widths[place])
        for place, cell in enumerate(line.cells)
    ]
    for row in range(max(len(cell) for cell in cells)):
        yield _joined([cell[row] if row < len(cell) else Text() for cell in cells], widths, gap)


def _wrapped(console: Console, text: Text, width: int) -> list[Text]:
    if text.cell_len <= width and "\n" not in text.plain:
        return [text]
    if any(cell_len(word) > width for word in text.plain.split()) and text.cell_len == len(text.plain):
        # Between words and at hyphens, which rich would not think of.
        pieces = (piece for line in text.plain.split("\n") for piece in textwrap.wrap(line, width))
        return [Text(piece, style=text.style) for piece in pieces] or [text]
    return list(text.wrap(console, width)) or [text]


def _joined(cells: Sequence[Text], widths: Sequence[int], gap: int) -> Text:
    row = Text()
    for cell, width in zip(cells, widths, strict=True):
        row.append_text(cell).append(" " * (width - cell.cell_len + gap))
    return row
