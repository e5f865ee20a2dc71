"""The RIOs of a cell, each checked against the telephone number near it."""

from __future__ import annotations

import re

from installflow.france.rio import Rio, key_warning
from installflow.france.telephone import phone_numbers

_CODE = re.compile(r"(?<![0-9A-Za-z])(?=[A-Za-z]*[0-9])[0-9A-Za-z]{9}[0-9A-Za-z+]{3}(?![0-9A-Za-z+])")
_SPACED = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Za-z]{2} ?[A-Za-z] ?(?=[A-Za-z]*[0-9])[0-9A-Za-z]{6} ?[0-9A-Za-z+]{3}(?![0-9A-Za-z+])"
)
_RIO = re.compile(r"\bRIO\b", re.IGNORECASE)
_REACH = 60
"""How far after the word RIO its code may stand."""


def rio_warnings(text: str) -> list[str]:
    """A sentence for each RIO of a text whose key does not fit the number near it; no number, nothing to check.

    The number is the first one after the RIO, up to the next RIO, else the last one before it; any number of a range
    will do.
    """
    warnings = []
    numbers = phone_numbers(text)
    places = [match.end() for match in _RIO.finditer(text)]
    for index, place in enumerate(places):
        limit = places[index + 1] if index + 1 < len(places) else len(text)
        reach = text[:limit]
        match = _CODE.search(reach, place) or _SPACED.search(reach, place)
        if not match or match.start() - place > _REACH:
            continue
        before = [n for n in numbers if n.end <= match.start()]
        near = next((n for n in numbers if match.end() <= n.start < limit), before[-1] if before else None)
        if near and (warning := key_warning(Rio.read(match[0]), near.all())):
            warnings.append(warning)
    return warnings
