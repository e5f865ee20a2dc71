"""Cells a spreadsheet would take for formulas: kept as text on the way out, given back on the way in."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SKIPPED = r"\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff"
"""What a spreadsheet may skip or drop before it looks at the first sign of a cell."""
_LOOKS_LIKE = re.compile(rf"[{_SKIPPED}']*[=+\-@＝＋－＠]|'*[\t\r\n]")


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that Excel calculates: what it holds, and what it showed when the file was saved."""

    text: str
    shown: object = None


def shielded(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would calculate it.

    >>> shielded("=1+1"), shielded("'=1+1"), shielded("l'accès")
    ("'=1+1", "''=1+1", "l'accès")
    """
    return "'" + text if _LOOKS_LIKE.match(text) else text


def bared(text: str) -> str:
    """The text that was shielded: exactly what :func:`shielded` adds is taken away.

    >>> bared("'=1+1"), bared("''=1+1"), bared("'t Hof"), bared("=1+1")
    ('=1+1', "'=1+1", "'t Hof", '=1+1')
    """
    return text[1:] if text.startswith("'") and _LOOKS_LIKE.match(text) else text
