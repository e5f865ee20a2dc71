"""A block told in one line, as under a picture: `Site principal : Nom (Siège Social), Adresse, Pays (FRANCE)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installflow.openip.portal.layout import HEADINGS, Block
from installflow.openip.portal.lines import Line, label_key

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTE = ", highlighted "
"""Where a remark on the picture begins, inside the brackets of a value."""


def block_in_prose(line: Line) -> tuple[Block, list[tuple[str, str]]] | None:
    """The block a line tells and its labels with their values (blank where none is told), if it does."""
    text = line.alone
    title, colon, told = text.partition(":")
    block = HEADINGS.get(label_key(title)) if colon else None
    if block is None or "(" not in told:
        return None
    told = told.strip()
    if told.casefold().startswith("a table with fields:"):
        told = told.partition(":")[2]
    items = []
    for item in _items(told):
        label, value = _label_and_value(item, block)
        if label:
            items.append((label, value))
    known = [label for label, _ in items if label_key(label) in block.by_key]
    return (block, items) if known else None


def _items(text: str) -> Iterator[str]:
    """The parts of a text between its commas, those in brackets apart."""
    depth, start = 0, 0
    for at, character in enumerate(text):
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "," and depth == 0:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def _label_and_value(item: str, block: Block) -> tuple[str, str]:
    item = item.strip().removeprefix("and ").strip()
    label = next((label for label in _labels(block) if item.casefold().startswith(label.casefold())), "")
    if not label:  # a word beside the fields, told without a value
        return item.rstrip("."), ""
    rest = item[len(label) :].strip()
    if not rest.startswith("("):
        return label, ""
    depth = 0
    for at, character in enumerate(rest):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return label, rest[1:at].partition(_NOTE)[0].strip()
    return label, ""  # its bracket does not close: cut


def _labels(block: Block) -> list[str]:
    return sorted((label for field in block.fields for label in (field.label, *field.aliases)), key=len, reverse=True)
