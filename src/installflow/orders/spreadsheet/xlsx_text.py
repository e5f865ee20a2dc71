"""Texts as a workbook's XML spells them: ``_x000D_`` for the characters XML has not, and for what looks like that."""

from __future__ import annotations

import re

_SPELT = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LIKE_SPELT = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def spelt(text: str) -> str:
    r"""The text as Excel would write it.

    >>> spelt("_x000D_ or \r")
    '_x005F_x000D_ or _x000D_'
    """
    text = _LIKE_SPELT.sub("_x005F_", text)
    return _NOT_IN_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def unspelt(text: str) -> str:
    r"""The text Excel shows.

    >>> unspelt("_x005F_x000D_ or _x000D_")
    '_x000D_ or \r'
    """
    if "_x" not in text:
        return text
    text = _SPELT.sub(lambda match: chr(int(match[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
