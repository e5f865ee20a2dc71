"""What a line is before it is read: the titles of a table, a heading, a tab, the title of an order's page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from installflow.openip.portal.layout import (
    CONVERSATIONS,
    HEADINGS,
    LABELS,
    OVERALL,
    PRICES,
    TABLES,
    TABS,
    TITLES,
    Field,
    Table,
)
from installflow.openip.portal.lines import Line, label_key

_FEWEST = 3
"""Fewer column titles than this tell no table."""
_CONVERSATIONS_TAB = re.compile(r"conversations [0-9]{1,4}")
_ORDER_TITLE = re.compile(r"commande ?:? ?(COM[-_ ]?[0-9]+)", re.IGNORECASE)
_COUNT = re.compile(r"\bConversations ?\(([0-9]{1,4})\)")
_BY_FIRST = {key: [t for t in TABLES if key in t.columns[0].keys] for t in TABLES for key in t.columns[0].keys}


@dataclass(frozen=True, slots=True)
class Header:
    """The titles of a table found on a page: its columns as printed (`None`: one that is not ours).

    ``after`` is the first line under them; ``stacked`` when the cells stand one a line; ``unknown`` the titles that are
    not ours.
    """

    table: Table
    columns: tuple[Field | None, ...]
    after: int
    stacked: bool = False
    unknown: tuple[str, ...] = ()


def header_at(lines: list[Line], at: int) -> Header | None:
    """The header of a table that begins at that line, if one does."""
    line = lines[at]
    if len(line.filled) >= _FEWEST:
        return _in_a_row(line, at)
    return _stacked(lines, at) if line.key in _BY_FIRST else None


def _in_a_row(line: Line, at: int) -> Header | None:
    if len(line.filled) > 30:  # noqa: PLR2004  # no table of the portal's
        return None
    keys = [label_key(cell) for cell in line.cells]
    filled = sum(map(bool, keys))
    known = {table.name: sum(key in table.by_key for key in keys) for table in TABLES}
    best = max(known.values())
    if best < _FEWEST or (best < len(line.filled) and not (best > _FEWEST and 3 * best >= 2 * filled)):
        return None
    candidates = [table for table in TABLES if known[table.name] == best]
    if PRICES in candidates:  # the block of totals has the same titles but the first
        candidates = [PRICES if "ref" in keys else OVERALL]
    if len(candidates) > 1:
        return None
    table = candidates[0]
    columns: list[Field | None] = []
    for key in keys:
        column = table.by_key.get(key)
        columns.append(None if column in columns else column)
    while columns and columns[-1] is None and not keys[len(columns) - 1]:
        columns.pop()
    unknown = tuple(cell for cell, key in zip(line.cells, keys, strict=True) if cell and key not in table.by_key)
    return Header(table, tuple(columns), at + 1, unknown=unknown)


def _stacked(lines: list[Line], at: int) -> Header | None:
    for table in _BY_FIRST[lines[at].key]:
        position = at
        for column in table.columns:
            while position < len(lines) and not lines[position].cells:
                position += 1
            if position == len(lines) or lines[position].key not in column.keys:
                break
            position += 1
        else:
            return Header(table, table.columns, position, stacked=True)
    return None


def order_title(line: Line) -> str:
    """The reference in the title of an order's page (`Commande : COM155756`), blank where the line is none."""
    text = " ".join(line.filled) if 0 < len(line.filled) <= 2 else ""  # noqa: PLR2004
    return match[1].upper() if len(text) < 60 and (match := _ORDER_TITLE.fullmatch(text)) else ""  # noqa: PLR2004


def is_tab(key: str) -> bool:
    """Whether a key is that of one of the tabs of an offer's page."""
    return key in TABS or bool(_CONVERSATIONS_TAB.fullmatch(key))


def is_tab_bar(line: Line) -> bool:
    """Whether a line is the row of tabs, in one."""
    return 1 < len(line.filled) <= 6 and all(is_tab(label_key(cell)) for cell in line.filled)  # noqa: PLR2004


def conversation_count(line: Line) -> int | None:
    """The number on the tab of conversations, `None` where the line does not show it."""
    if not any(CONVERSATIONS.title in cell for cell in line.filled):
        return None
    return int(match[1]) if (match := _COUNT.search(" ".join(line.filled))) else None


def is_structure(lines: list[Line], at: int) -> bool:
    """Whether something of the portal's begins at that line, so that what stood before it is over."""
    line = lines[at]
    if not line.filled:
        return False
    key = line.key
    if key and (key in HEADINGS or key in TITLES or is_tab(key)):
        return True
    if is_form_row(line) or order_title(line) or is_tab_bar(line):
        return True
    return header_at(lines, at) is not None


def is_form_row(line: Line) -> bool:
    """Whether a line begins with the label of a form's row."""
    if not 0 < len(line.filled) <= 2:  # noqa: PLR2004
        return False
    label, colon, _ = line.filled[0].partition(":")
    return label_key(line.filled[0]) in LABELS or (bool(colon) and label_key(label) in LABELS)
