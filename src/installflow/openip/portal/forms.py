"""The rows of a block, `label<TAB>value`, `label : value` or one a line, and the lines a long value goes on over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from installflow.openip.portal.layout import BUTTONS, TELLING, Block, Field
from installflow.openip.portal.lines import Line, label_key
from installflow.openip.portal.structure import is_structure
from installflow.openip.values import is_nothing, is_reference

if TYPE_CHECKING:
    from collections.abc import Callable

_PHONE = re.compile(r"[+0-9][0-9 .()/-]{2,30}")
_MOST = 200
"""Over how many lines a text may go on."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a form: its block and field, its value (of several parts for the lines under it), the line after it.

    ``unsure`` when the text may go on further than can be told.
    """

    block: Block
    field: Field
    values: tuple[str, ...]
    after: int
    unsure: bool = False


def row_at(lines: list[Line], at: int, block: Block | None, *, in_rows: bool) -> Row | None:
    """The row that begins at a line, in the block under way or in the one its label alone tells.

    ``in_rows`` when the block has had a label and a value on one line: a label alone then has none.
    """
    line = lines[at]
    if not line.filled or (line.placed and (len(line.filled) > 2 or not line.cells[0])):  # noqa: PLR2004
        return None
    label, value = line.filled[0], " ".join(line.filled[1:])
    found = _field(label, block)
    if not value and not _is_placed_blank(line):
        if found and found[0] is block:
            return Row(*found, (), at + 1) if in_rows else _stacked(lines, at, *found)
        label, _, value = (part.strip() for part in label.partition(":"))
        if not value:
            return None
    found = _field(label, block, value)
    return _with_more(lines, at, *found, value, tight=True) if found else None


def _is_placed_blank(line: Line) -> bool:
    """Whether a label's value is there and blank: a tab follows it, and no heading it could be begins so."""
    return line.placed and len(line.cells) > 1


def _field(label: str, block: Block | None, value: str = "") -> tuple[Block, Field] | None:
    key = label_key(label)
    if not key:
        return None
    if block and key in block.by_key:
        return block, block.by_key[key]
    if telling := TELLING.get(key):
        return telling, telling.by_key[key]
    if key == "ref" and value[:3].upper() == "COM" and is_reference(value):
        return _ORDER, _ORDER.by_key["ref"]
    return None


_ORDER = TELLING["devis"]


def _stacked(lines: list[Line], at: int, block: Block, field: Field) -> Row | None:
    """A label on a line of its own: its value is on the next, unless that begins something else."""
    after = _next_filled(lines, at + 1)
    if after == len(lines) or len(lines[after].filled) != 1 or _is_no_value(lines, after):
        return Row(block, field, (), at + 1)
    return _with_more(lines, after, block, field, lines[after].alone, tight=False)


def _is_no_value(lines: list[Line], at: int) -> bool:
    return lines[at].key in BUTTONS or is_structure(lines, at)


def _with_more(lines: list[Line], at: int, block: Block, field: Field, value: str, *, tight: bool) -> Row:
    """The row whose value ends at a line, or goes on under it; ``tight`` when a blank line ends it."""
    values = [value] if value else []
    after = at + 1
    while field.long and after < len(lines) and _goes_under(lines[after]):
        values.append(lines[after].filled[0])
        after += 1
    if not field.long or not values or (len(values) == 1 and is_nothing(values[0])):
        return Row(block, field, tuple(values), after)
    is_last = field.name == "comments"
    more, end = _lines_under(lines, after, blank_ends=tight)
    if end is not None and is_last:  # a comment may hold blank lines: what follows has to be the table under it
        end = _next_filled(lines, end)
        end = end if is_structure(lines, end) else None
    if end is None:
        return Row(block, field, tuple(values), after, unsure=True)
    if field.name == "phones":
        numbers = [text for text in more if _PHONE.fullmatch(text)]
        return Row(block, field, (*values, *numbers), after + (len(more) if len(numbers) == len(more) else 0))
    if not more:
        return Row(block, field, tuple(values), after)
    following = _field(lines[end].filled[0].partition(":")[0], block) if lines[end].filled else None
    if (following and following[0] is block) or (is_last and tight):
        return Row(block, field, (*values, *more), end)
    return Row(block, field, tuple(values), end, unsure=True)


def _lines_under(lines: list[Line], at: int, *, blank_ends: bool) -> tuple[list[str], int | None]:
    """The lone cells from a line on, and the line that ends them; `None` when the text is over before."""
    more: list[str] = []
    for end in range(at, min(at + _MOST, len(lines))):
        line = lines[end]
        if len(line.filled) > 1 or is_structure(lines, end):
            return more, end
        if not line.filled and blank_ends:
            return more, end if _next_filled(lines, end) < len(lines) else None
        if line.filled and line.key not in BUTTONS:
            more.append(line.alone)
    return more, None


def _goes_under(line: Line) -> bool:
    return line.placed and len(line.filled) == 1 and not line.cells[0]


def _next_filled(lines: list[Line], at: int) -> int:
    while at < len(lines) and not lines[at].filled:
        at += 1
    return at


def value_of(field: Field, values: tuple[str, ...], read: Callable[[str], Any]) -> Any:
    """What the parts of a row's value are together: a tuple of telephones, else one text; `None` for nothing."""
    if field.name == "phones":
        kept = tuple(text for text in map(read, values) if text is not None)
        return kept or None
    return read("\n".join(values))
