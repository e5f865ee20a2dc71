"""RIO: the key that ties a portability code to a telephone number."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+"
"""37 signs: a remainder of 36 is a plus sign, so a key may hold one."""
_KEY = 3
_CODE = re.compile(r"(?<![0-9A-Za-z])(?=[A-Za-z]*[0-9])[0-9A-Za-z]{9}[0-9A-Za-z+]{3}(?![0-9A-Za-z+])")
_SPACED = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Za-z]{2} ?[A-Za-z] ?(?=[A-Za-z]*[0-9])[0-9A-Za-z]{6} ?[0-9A-Za-z+]{3}(?![0-9A-Za-z+])"
)
_RIO = re.compile(r"\bRIO\b", re.IGNORECASE)
_PHONE = re.compile(r"(?<![0-9])(?:(?:\+|00)33[ .]?(?:\(0\))?|0)(?P<rest>[1-9](?:[ .\-]?[0-9]{2}){4})(?![0-9])")
_RANGE = re.compile(r"\s?(?:à|a|-|–|/|au)\s?(?P<last>[0-9]{2,4}|0[1-9](?:[ .]?[0-9]{2}){4})(?![0-9])")
_LARGEST_RANGE = 1000
_REACH = 60
"""How far after the word RIO its code may stand."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A telephone number, or a range of them, found in a text."""

    start: int
    end: int
    first: str
    last: str

    def all(self) -> list[str]:
        """Every number of the range."""
        count = min(int(self.last) - int(self.first) + 1, _LARGEST_RANGE)
        return [f"{int(self.first) + i:010d}" for i in range(max(count, 1))]


def rio_key(code: str, number: str) -> str:
    """The key of a RIO's nine first signs and a ten-digit number.

    >>> rio_key("01PEROY4P", "0612345678")
    '4TR'
    """
    first = second = third = 0
    for sign in code.upper() + number:
        value = _ALPHABET.index(sign)
        first, second, third = (first + value) % 37, (2 * second + value) % 37, (4 * third + value) % 37
    return _ALPHABET[first] + _ALPHABET[second] + _ALPHABET[third]


def phone_numbers(text: str) -> list[Numbers]:
    """The telephone numbers of a text, a range such as ``01 99 00 45 10 à 19`` being one find."""
    found = []
    for match in _PHONE.finditer(text):
        first = "0" + re.sub(r"[^0-9]", "", match["rest"])
        last, end = first, match.end()
        if following := _RANGE.match(text, end):
            digits = re.sub(r"[^0-9]", "", following["last"])
            candidate = first[: 10 - len(digits)] + digits
            if 0 < int(candidate) - int(first) < _LARGEST_RANGE:
                last, end = candidate, following.end()
        found.append(Numbers(match.start(), end, first, last))
    return found


def without_numbers(text: str) -> str:
    """The text with its telephone numbers blanked out, as long as it was."""
    for found in phone_numbers(text):
        text = text[: found.start] + " " * (found.end - found.start) + text[found.end :]
    return text


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
        rio = match[0].replace(" ", "").upper()
        before = [n for n in numbers if n.end <= match.start()]
        near = next((n for n in numbers if match.end() <= n.start < limit), before[-1] if before else None)
        if near is None:
            continue
        keys = [rio_key(rio[:-_KEY], number) for number in near.all()]
        if rio[-_KEY:] not in keys:
            warnings.append(
                f"clé RIO fausse : {rio} devrait finir par {keys[0]} pour le {near.first} ; faites-le vérifier"
            )
    return warnings
