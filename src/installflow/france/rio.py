"""RIO: the code an operator gives for one telephone number, and the key that ties it to that number.

Twelve signs, `OO Q RRRRRR CCC` (ARCEP, décision 2013-0830, art. 12). The key is of the « Algorithme inter-opérateurs de
calcul du RIO », v1.1: three sums modulo 37, a prime, with weights that are powers of 1, 2 and 4. One sign changed moves
the first sum, two neighbours swapped move the second: neither goes unseen. Four signs changed may.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Self

from installflow.france.telephone import phone_numbers, spoken

FROM_DONOR = "à l'opérateur donneur (3179 depuis la ligne)"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+"
"""37 signs: a remainder of 36 is a plus sign, so a key may hold one."""
_LENGTH = 12
_CODE = re.compile(r"[0-9A-Z]{9}[0-9A-Z+]{3}")
_FOREIGN = re.compile(r"[^0-9A-Za-z+]")
_ANNOUNCED = re.compile(r"^\s*(?:code\s+)?rio\b[\s:=]*", re.IGNORECASE)
_ALIKE = {"O": "0", "0": "O", "I": "1", "1": "I"}
_MOST_ALIKE = 3
"""So many signs taken for another at once; more, and a wrong RIO would be told to be nearly right by chance."""
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Rio:
    """A RIO's four parts; read, never checked: its key is right for one number only (``check_rio``)."""

    operator: str
    quality: str
    """The operator's own sign: P or E on mobiles, any other on fixed lines."""
    reference: str
    key: str

    @classmethod
    def read(cls, text: str) -> Self:
        """The RIO a text is, whatever its case and blanks; ``ValueError`` in French where it is none.

        >>> Rio.read("rio : 01 p eroy4p 4tr")
        Rio(operator='01', quality='P', reference='EROY4P', key='4TR')
        """
        bare = re.sub(r"[\s.\-_/]", "", _ANNOUNCED.sub("", unicodedata.normalize("NFKC", text)))
        shown = f"« {text.strip()[:_SHOWN]} » n'est pas un RIO"
        if foreign := _FOREIGN.search(bare):
            raise ValueError(
                f"{shown} : le signe « {foreign[0]} » n'y existe pas ; recopiez-le, ou redemandez-le {FROM_DONOR}"
            )
        if len(bare) != _LENGTH:
            plus = ", + de la clé compris" if len(bare) < _LENGTH else ""
            raise ValueError(
                f"{shown} : il a {len(bare)} signes au lieu de 12{plus} ; recopiez-le, ou redemandez-le {FROM_DONOR}"
            )
        code = bare.upper()
        if not _CODE.fullmatch(code):
            raise ValueError(f"{shown} : le + n'existe que dans les trois derniers signes, la clé ; recopiez-le")
        return cls(code[:2], code[2], code[3:9], code[9:])

    def key_for(self, number: str) -> str:
        """The key this RIO would have for a ten-digit number."""
        return rio_key(self.operator + self.quality + self.reference, number)

    def spaced(self) -> str:
        """Its parts apart, as they are read aloud."""
        return f"{self.operator} {self.quality} {self.reference} {self.key}"

    def __str__(self) -> str:
        return self.operator + self.quality + self.reference + self.key


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


def key_warning(rio: Rio, numbers: Sequence[str]) -> str | None:
    """A sentence when the key fits none of the ten-digit numbers, with the key expected for the first of them."""
    keys = [rio.key_for(number) for number in numbers]
    if rio.key in keys:
        return None
    sentence = f"clé RIO fausse : {rio} devrait finir par {keys[0]} pour le {spoken(numbers[0])}"
    right = next((one for one in _look_alikes(rio) if one.key_for(numbers[0]) == one.key), None)
    if right:
        return f"{sentence} ; {right} serait juste, {_confused(rio, right)} : vérifiez-le sur l'original"
    return f"{sentence} ; vérifiez le RIO et le numéro, ou redemandez-le {FROM_DONOR}"


def check_rio(rio: str, number: str) -> str | None:
    """``None`` when the RIO's key is right for the number, or for one of a range; else a warning in French.

    The operator's quality sign is not judged: only mobiles have agreed ones.

    >>> check_rio("01 p eroy4p 4tr", "06 12 34 56 78")
    >>> check_rio("01PEROY4P4TS", "06 12 34 56 78")[:55]
    'clé RIO fausse : 01PEROY4P4TS devrait finir par 4TR pou'
    """
    try:
        code = Rio.read(rio)
    except ValueError as error:
        return str(error)
    found = phone_numbers(number)
    if len(found) != 1:
        shown = f"« {number.strip()[:_SHOWN]} » n'est pas un numéro français à dix chiffres"
        return f"RIO non vérifié : {shown} ; écrivez-le comme 01 99 00 45 10"
    warning = key_warning(code, found[0].all())
    if warning and rio != rio.upper():
        warning += " (les minuscules sont lues comme des majuscules : ce n'est pas la cause)"
    return warning


def _look_alikes(rio: Rio) -> Iterator[Rio]:
    """The RIOs it may be a misreading of, O for 0 and I for 1 or the reverse, those nearest to it first."""
    code = str(rio)
    places = [place for place, sign in enumerate(code) if sign in _ALIKE]
    for count in range(1, _MOST_ALIKE + 1):
        for changed in combinations(places, count):
            other = "".join(_ALIKE[sign] if place in changed else sign for place, sign in enumerate(code))
            yield Rio.read(other)


def _confused(typed: Rio, right: Rio) -> str:
    """What was taken for what, in words."""
    names = {"O": "la lettre O", "0": "le chiffre 0", "I": "la lettre I", "1": "le chiffre 1"}
    pairs = {(a, b) for a, b in zip(str(typed), str(right), strict=True) if a != b}
    return " et ".join(f"avec {names[b]} là où il y a {names[a]}" for a, b in sorted(pairs))
