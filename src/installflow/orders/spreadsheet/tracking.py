"""N° CHRONO: the carriers' numbers, and the checks a number can be put to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import mul

from installflow.orders.spreadsheet.typed import in_doubt, tidy

_S10 = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_SEVERAL_S10 = re.compile(r"(?:[A-Z]{2}[0-9]{9}[A-Z]{2}){2,}")
_S10_LENGTH = 13
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_POWER = re.compile(r"-?[0-9](?:[.,][0-9]+)?\s?E\s?\+?[0-9]{1,2}", re.IGNORECASE)
_NUMBER = re.compile(r"(?=[A-Z\-]*[0-9])[A-Z0-9\-]{6,40}")


@dataclass(frozen=True, slots=True)
class ReadTracking:
    """The numbers read, what is to be said of them, and the sentence saying that something was not read."""

    numbers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unread: str = ""


def s10_check_digit(serial: str) -> int:
    """The check digit of an S10 number's eight digits.

    >>> s10_check_digit("47312482"), s10_check_digit("12345678")
    (9, 5)
    """
    weighed: int = sum(map(mul, map(int, serial), _WEIGHTS))
    rest = 11 - weighed % 11
    return {10: 0, 11: 5}.get(rest, rest)


def s10_warning(number: str) -> str:
    """The sentence for an S10-shaped number whose check digit is wrong; blank for any other number."""
    match = _S10.fullmatch(number)
    if not match or int(match[3]) == (expected := s10_check_digit(match[2])):
        return ""
    return f"clé S10 du N° CHRONO fausse : {number} devrait finir par {expected}{match[4]} ; relisez l'étiquette"


def read_tracking(text: str) -> ReadTracking:
    """The parcel numbers of a cell: upper case, without blanks; what is no number stays unread."""
    if _POWER.fullmatch(tidy(text)):
        return ReadTracking(unread="N° CHRONO détruit par Excel : retapez-le dans une cellule au format Texte")
    numbers: list[str] = []
    unread: list[str] = []
    for part in re.split(r"[/;,\n&]| et | \+ ", text):
        typed = tidy(part)
        compact = re.sub(r"\s", "", typed).upper()
        if _SEVERAL_S10.fullmatch(compact):
            numbers += [compact[i : i + _S10_LENGTH] for i in range(0, len(compact), _S10_LENGTH)]
        elif _NUMBER.fullmatch(compact) and compact.isascii() and not in_doubt(typed):
            numbers.append(compact)
        elif typed:
            unread.append(typed)
    numbers = list(dict.fromkeys(numbers))
    notes = [warning for number in numbers if (warning := s10_warning(number))]
    if len(numbers) > 1:
        count = "deux" if len(numbers) == 2 else str(len(numbers))  # noqa: PLR2004
        notes.append(f"{count} N° CHRONO : autant de colis seront suivis")
    why = (
        f"N° CHRONO illisible « {' / '.join(unread)[:60]} » : ne laissez que les numéros, séparés par /"
        if unread
        else ""
    )
    if not numbers and not why:
        why = "N° CHRONO illisible : ne laissez que les numéros, séparés par /"
    return ReadTracking(tuple(numbers), tuple(notes), why)
