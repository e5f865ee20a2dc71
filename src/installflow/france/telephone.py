"""French telephone numbers: found in a sentence, alone or in ranges, and told apart by what they are.

Finding them is ours: a sentence types ``01 99 00 45 10 à 19``. What a number is, the plan of the moment says, which
the library `phonenumbers` keeps (docs/adr/0018).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installflow.workflow.status import Labelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phonenumbers import PhoneNumber

_GAP = "[ .\u00a0\u202f]"
_PAIRS = r"[1-9](?:[ .\-\u00a0\u202f]?[0-9]{2}){4}"
_ABROAD = rf"(?:\+|00)(?:33|262|590|594|596){_GAP}?(?:\(0\){_GAP}?)?"
_PHONE = re.compile(rf"(?<![0-9])(?:{_ABROAD}|0)(?P<rest>{_PAIRS})(?![0-9])")
# After « à » an hour or a date is no end of a range; after a stroke, `10/11/12` lists ends.
_RANGE = re.compile(
    rf"\s?(?:(?:jusqu['’])?(?:à|au)|a|-|–|(?P<stroke>/))\s?(?:(?:{_ABROAD}|0)(?P<whole>{_PAIRS})|(?P<tail>[0-9]{{2,4}}))(?![0-9])"
    r"(?(stroke)|(?!\s?[hH]|[/.][0-9]))"
)
_SHORT = re.compile(r"1[0-9]{1,3}|11[68][0-9]{3}|3[0-9]{3}")
"""Emergencies, operators' own services, directories, and the service numbers of four digits."""
_NATIONAL = 10
_LARGEST_RANGE = 1000
_SHOWN = 30


class PhoneKind(Labelled):
    """What a number of the French plan is."""

    GEOGRAPHIC = "geographique", "numéro fixe"
    NON_GEOGRAPHIC = "non_geographique", "numéro fixe en 09"
    MOBILE = "mobile", "numéro mobile"
    SERVICE = "service", "numéro de service"
    UNKNOWN = "inconnu", "numéro d'aucune tranche attribuée"


class Territory(Labelled):
    """The seven territories of the numbering plan: a number is portable within its own."""

    METROPOLE = "metropole", "la métropole"
    GUADELOUPE = "guadeloupe", "la Guadeloupe, Saint-Martin et Saint-Barthélemy"
    GUYANE = "guyane", "la Guyane"
    MARTINIQUE = "martinique", "la Martinique"
    REUNION = "reunion", "La Réunion"
    MAYOTTE = "mayotte", "Mayotte"
    SAINT_PIERRE = "saint_pierre", "Saint-Pierre-et-Miquelon"


_OVERSEAS = {
    "RE": Territory.REUNION,
    "YT": Territory.MAYOTTE,
    "GP": Territory.GUADELOUPE,
    "GF": Territory.GUYANE,
    "MQ": Territory.MARTINIQUE,
    "PM": Territory.SAINT_PIERRE,
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """A telephone number, or a range of them, found in a text."""

    start: int
    end: int
    first: str
    last: str

    @property
    def isolated(self) -> bool:
        """Whether it is one number, not a range."""
        return self.first == self.last

    def all(self) -> list[str]:
        """Every number of the range."""
        count = min(int(self.last) - int(self.first) + 1, _LARGEST_RANGE)
        return [f"{int(self.first) + i:010d}" for i in range(max(count, 1))]

    def __str__(self) -> str:
        return spoken(self.first) if self.isolated else f"{spoken(self.first)} à {spoken(self.last)}"


@dataclass(frozen=True, slots=True)
class Telephone:
    """One number: as dialled in France, what it is, where, and in the form other countries dial.

    ``territory`` is `None` for service numbers, and where the plan only says « outre-mer »; ``e164`` is blank for a
    number that cannot be dialled so.
    """

    number: str
    kind: PhoneKind
    territory: Territory | None
    overseas: bool
    e164: str

    def __str__(self) -> str:
        return spoken(self.number)


def spoken(number: str) -> str:
    """A ten-digit number in pairs, as it is written and said; others as they are.

    >>> spoken("0199004510")
    '01 99 00 45 10'
    """
    return " ".join(re.findall("..", number)) if len(number) == _NATIONAL else number


def phone_numbers(text: str) -> list[Numbers]:
    """The telephone numbers of a text, a range such as ``01 99 00 45 10 à 19`` being one find.

    The end of a range may be its last two to four digits or a whole number; 1000 numbers or more are no range.
    """
    found: list[Numbers] = []
    end = 0
    while match := _PHONE.search(text, end):
        first, end = _national(match["rest"]), match.end()
        last = first
        if following := _RANGE.match(text, end):
            digits = following["tail"] or _national(following["whole"])
            candidate = first[: _NATIONAL - len(digits)] + digits
            if 0 < int(candidate) - int(first) < _LARGEST_RANGE:
                last, end = candidate, following.end()
        found.append(Numbers(match.start(), end, first, last))
    return found


def without_numbers(text: str) -> str:
    """The text with its telephone numbers blanked out, as long as it was."""
    for found in phone_numbers(text):
        text = text[: found.start] + " " * (found.end - found.start) + text[found.end :]
    return text


def telephone(text: str) -> Telephone:
    """What one number is, however it is written; ``ValueError`` in French where it is no French number.

    >>> str(telephone("+33 (0)1 99 00 45 10")), telephone("0 800 12 34 56").kind.label
    ('01 99 00 45 10', 'numéro de service')
    """
    joined = re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", text))
    if _SHORT.fullmatch(joined):
        return Telephone(joined, PhoneKind.SERVICE, None, overseas=False, e164="")
    found = phone_numbers(joined)
    if len(found) != 1 or not found[0].isolated:
        raise ValueError(_not_french(text, joined))
    return _judged(found[0].first)


def _national(rest: str) -> str:
    return "0" + re.sub(r"[^0-9]", "", rest)


def _not_french(text: str, joined: str) -> str:
    shown = f"« {text.strip()[:_SHOWN]} » n'est pas un numéro français à dix chiffres"
    if re.fullmatch(r"[1-9][0-9]{8}", joined):
        return f"{shown} : il y manque le 0 du début, écrivez {spoken('0' + joined)}"
    return f"{shown} : écrivez-le comme 01 99 00 45 10 ou +33 1 99 00 45 10"


def _judged(number: str) -> Telephone:
    import phonenumbers  # noqa: PLC0415  # it takes as long to import as most commands take altogether

    if number.startswith("08"):
        known = phonenumbers.parse(number, "FR")
        e164 = phonenumbers.format_number(known, phonenumbers.PhoneNumberFormat.E164)
        return Telephone(number, PhoneKind.SERVICE, None, overseas=False, e164=e164)
    overseas = dict(_overseas(number))
    parsed = next(iter(overseas.values())) if len(overseas) == 1 else phonenumbers.parse(number, "FR")
    kinds = {
        phonenumbers.PhoneNumberType.FIXED_LINE: PhoneKind.GEOGRAPHIC,
        phonenumbers.PhoneNumberType.VOIP: PhoneKind.NON_GEOGRAPHIC,
        phonenumbers.PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    }
    kind = kinds.get(phonenumbers.number_type(parsed), PhoneKind.UNKNOWN)
    if kind is PhoneKind.UNKNOWN or len(overseas) > 1:
        return Telephone(number, kind, None, overseas=bool(overseas), e164="")
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Telephone(number, kind, next(iter(overseas), Territory.METROPOLE), overseas=bool(overseas), e164=e164)


def _overseas(number: str) -> Iterator[tuple[Territory, PhoneNumber]]:
    """The overseas territories whose plan holds the number: it goes before the metropolitan plan, which overlaps."""
    import phonenumbers  # noqa: PLC0415  # as above

    for region, territory in _OVERSEAS.items():
        # Saint-Pierre-et-Miquelon dials six digits, after 05 08 from elsewhere.
        dialled = number[4:] if region == "PM" and number.startswith("0508") else number
        parsed = phonenumbers.parse(dialled, region)
        if phonenumbers.is_valid_number_for_region(parsed, region):
            yield territory, parsed
