"""The values the portal prints, and its words for nothing (R-OPENIP-19): understood to the letter, or not at all."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal, TypeAlias

from installflow.openip.unread import Unread
from installflow.workflow.spelling import key_of

__all__ = [
    "DEFAULT_SITE",
    "YEARS",
    "Unit",
    "is_nothing",
    "is_reference",
    "read_day",
    "read_duration",
    "read_moment",
    "read_yes_no",
    "write_day",
    "write_moment",
]

Unit: TypeAlias = Literal["jour", "semaine", "mois", "an"]
"""The units of a commitment, a renewal or a notice."""

DEFAULT_SITE = "DEFAULT"
"""The name the portal gives to the default billing site."""

YEARS = range(2000, 2100)
"""The years a page's dates may have."""

_UNITS: dict[str, Unit] = {"j": "jour", "s": "semaine", "m": "mois", "a": "an"}
_NOTHING = frozenset({"aucun", "aucune"})
_NOT_DELIVERED = frozenset({"pas encore livree", "pas encore livre"})
_DAY = re.compile(r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})")
_MOMENT = re.compile(_DAY.pattern + r" ?(?:- ?| )(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})")
_DURATION = re.compile(r"(?P<count>[0-9]{1,4}) ?(?P<unit>jours?|semaines?|mois|ans?|ann[ée]es?)", re.IGNORECASE)
_REFERENCE = re.compile(r"(?:OC|COM|FPC|CFP|OFO)[-_ ]?[0-9]*", re.IGNORECASE)


def is_nothing(text: str, *, of: str = "", delivery: bool = False) -> bool:
    """Whether a text is the portal's word for nothing: `Aucun`, `Aucune <of>`, or `Pas encore livrée` for a delivery.

    >>> is_nothing("Aucune taxation", of="taxation"), is_nothing("Aucune taxation")
    (True, False)
    """
    if len(text) > 40:  # noqa: PLR2004  # longer than any of them
        return False
    key = key_of(text)
    return (
        key in _NOTHING
        or (bool(of) and key in {f"{word} {of}" for word in _NOTHING})
        or (delivery and key in _NOT_DELIVERED)
    )


def is_reference(text: str) -> bool:
    """Whether a text has the shape of one of the portal's references, cut short or not (`COM155756`, `FPC`)."""
    return bool(_REFERENCE.fullmatch(text))


def read_day(text: str) -> dt.date:
    """The day of `22/07/2020`; where an hour stands beside it, the day alone. Raises `Unread` for anything else."""
    flat = _flat(text)
    if not (match := _DAY.fullmatch(flat) or _MOMENT.fullmatch(flat)):
        msg = "n'est pas une date (attendu « jj/mm/aaaa »)"
        raise Unread(msg)
    return _date(match)


def read_moment(text: str) -> dt.datetime:
    """The day and hour of `22/07/2020 - 12:10` or `04/09/2020 14:45`, as the portal's clock showed it.

    It carries no zone: the portal prints none. Raises `Unread` for anything else, a day without its hour included.
    """
    if not (match := _MOMENT.fullmatch(_flat(text))):
        msg = "n'est pas une date avec son heure (attendu « jj/mm/aaaa hh:mm »)"
        raise Unread(msg)
    try:
        time = dt.time(int(match["hour"]), int(match["minute"]))
    except ValueError:
        msg = "n'est l'heure d'aucune horloge"
        raise Unread(msg) from None
    return dt.datetime.combine(_date(match), time)


def write_day(day: dt.date | None) -> str:
    """The day as the portal prints it, its words for a delivery to come where there is none."""
    return "Pas encore livrée" if day is None else f"{day:%d/%m/%Y}"


def write_moment(moment: dt.datetime) -> str:
    """The day and hour as the portal prints them."""
    return f"{moment:%d/%m/%Y %H:%M}"


def read_yes_no(text: str) -> bool:
    """`Oui` or `Non`; raises `Unread` for anything else."""
    answer = {"oui": True, "non": False}.get(_flat(text).casefold())
    if answer is None:
        msg = "n'est ni « Oui » ni « Non »"
        raise Unread(msg)
    return answer


def read_duration(text: str) -> tuple[int, Unit]:
    """`1 mois`, `3 ans`, `30 jours`: how many, and of what; raises `Unread` for anything else.

    >>> read_duration("36 mois")
    (36, 'mois')
    """
    if not (match := _DURATION.fullmatch(_flat(text))):
        msg = "n'est pas une durée (attendu par exemple « 1 mois »)"
        raise Unread(msg)
    return int(match["count"]), _UNITS[match["unit"][0].casefold()]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _date(match: re.Match[str]) -> dt.date:
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if year not in YEARS:
        msg = "porte une année invraisemblable"
        raise Unread(msg)
    try:
        return dt.date(year, month, day)
    except ValueError:
        msg = "n'est dans aucun calendrier"
        raise Unread(msg) from None
