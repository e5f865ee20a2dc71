"""The text of one cell: what no store can keep is taken out and said, blanks are tidied."""

from __future__ import annotations

import re
import unicodedata

CELL_LIMIT = 16 * 1024
"""Bytes of one cell; an event holds 32 KiB, the row as typed included."""
ROW_LIMIT = 24 * 1024
"""Bytes of a whole row, extra columns included."""
CUT = "… (suite dans installflow show)"
"""Ends a text too long for its cell."""

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_NOT_COMPARED = re.compile(f"{_UNSEEN.pattern}|[\ufffe\uffff]")
"""Recording keeps these and a file read loses them: two texts that differ by them alone are one."""
_LONE = re.compile("[\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")
_DOUBT = re.compile(
    r"\?|\b(?:[àa] (?:(?:re)?confirmer|(?:re)?voir|d[ée]finir|caler)|peut[- ]?[êe]tre|ou|vers|environ|tbc|nc)\b",
    re.IGNORECASE,
)


def cleaned(text: str) -> tuple[str, str]:
    r"""The text without the characters no store can keep, and the French sentence saying so (blank: none).

    >>> cleaned("a\x00b")
    ('ab', 'caractères de contrôle retirés : vérifiez la cellule')
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    told = []
    if _CONTROLS.search(text):
        text = _CONTROLS.sub("", text)
        told.append("caractères de contrôle retirés : vérifiez la cellule")
    if _UNSEEN.search(text):
        text = _UNSEEN.sub("", text)
        told.append("caractères invisibles retirés : vérifiez la cellule")
    if _LONE.search(text):
        text = _LONE.sub("\ufffd", text)
    if "\ufffd" in text:
        told.append("caractères illisibles, montrés « \ufffd » : retapez-les")
    return text, " ; ".join(told)


def tidy(text: str) -> str:
    r"""The text composed (NFC), on one line, single blanks, none at the ends; no-break spaces are blanks.

    >>> tidy("  Y.\u00a0 Morvandel ")
    'Y. Morvandel'
    """
    return " ".join(_composed(text).split())


def tidy_lines(text: str) -> str:
    """As :func:`tidy`, line breaks kept."""
    lines = _composed(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in lines).strip()


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text if text.isascii() else _NOT_COMPARED.sub("", text))


def in_doubt(text: str) -> bool:
    """Whether the person who typed it was not sure: ``??``, ``à confirmer``, ``10H ou 14H``."""
    return _DOUBT.search(text) is not None
