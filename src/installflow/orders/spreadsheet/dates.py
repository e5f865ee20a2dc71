"""Dates as people type them on a board; one that is not certain is said, never guessed in silence."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from installflow.orders.spreadsheet.typed import in_doubt, tidy

BACKWARDS = dt.timedelta(days=60)
"""A date typed without its year is the nearest one not further back than this (A-25)."""
_FAR = dt.timedelta(days=2 * 366)
YEARS = range(2000, 2100)
"""The years a board's dates may have."""
_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(36_526, 73_051)  # 2000 to 2099

_MONTHS = (
    "janv(?:ier)?", "f[ée]v(?:rier|r)?", "mars", "avr(?:il)?", "mai", "juin",
    "juil(?:let)?", "ao[ûu]t", "sept(?:embre)?", "oct(?:obre)?", "nov(?:embre)?", "d[ée]c(?:embre)?",
)  # fmt: skip
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTH_RES = tuple(re.compile(month + r"\Z", re.IGNORECASE) for month in _MONTHS)
_DATE = re.compile(
    rf"""
    (?:\b(?P<weekday>{"|".join(d[:3] + "(?:" + d[3:] + ")?" for d in DAYS)})\.?,?\s+(?:le\s+)?)?
    (?:
      (?<![\d/.\-])(?P<iso>[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}})(?:T00:00(?::00)?)?(?![\d]|[/.\-]\d)
    | (?<![\d/.\-])(?P<day>[0-9]{{1,2}})(?P<sep>\s?[/.\-]\s?)(?P<month>[0-9]{{1,2}})(?P=sep)
      (?P<year>[0-9]{{4}}|[0-9]{{2}})(?![\d]|[/.\-]\d)
    | (?<![\d/.,\-])(?P<d2>[0-9]{{1,2}})(?:er)?\s+(?P<name>{"|".join(_MONTHS)})\b\.?
      (?:\s+(?P<y2>20[0-9]{{2}}|[0-9]{{2}}(?!\s?[hH:0-9])))?(?!\d)
    | (?<![\d/.,\-])(?P<d3>[0-9]{{1,2}})\s?/\s?(?P<m3>[0-9]{{1,2}})(?![\d]|\s?[/\-.]\d)
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SERIAL = re.compile(r"([0-9]{5})(?:[.,]0*)?")
_TIME = re.compile(r"(?:[àa] )?[0-9]{1,2}\s?[hH:]\s?(?:[0-9]{2})?(?::00)?")
_WEEK = re.compile(r"\b(?:S|sem\.?|semaine)\s?[0-9]{1,2}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A date found in a text, with what is to be said of it; ``date`` is ``None`` when no calendar has it."""

    start: int
    end: int
    date: dt.date | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A whole cell read as one date, or the sentence saying why it is not."""

    date: dt.date | None = None
    notes: tuple[str, ...] = ()
    unread: str = ""


def scan(text: str, today: dt.date) -> list[Found]:
    """Every date in a text, in order."""
    return [_found(match, today) for match in _DATE.finditer(text)]


def read_date(text: str, today: dt.date, header: str = "DATE") -> ReadDate:
    """The one date a cell gives: certain, or nothing; what stands beside it is told."""
    text = tidy(text)
    if (serial := _SERIAL.fullmatch(text)) and int(serial[1]) in _SERIALS:
        return _plausible(_EPOCH + dt.timedelta(days=int(serial[1])), today, ("date en nombre Excel",))
    found = scan(text, today)
    dates = [one for one in found if one.date]
    if len({one.date for one in dates}) > 1:
        return ReadDate(unread=f"{header} : plusieurs dates dans la cellule ; n'en laissez qu'une")
    if len(found) != len(dates):
        return ReadDate(unread=" ; ".join(note for one in found for note in one.notes))
    if not dates:
        how = "imprécise" if _WEEK.search(text) else "non datée" if in_doubt(text) else "illisible"
        return ReadDate(unread=f"{header} {how} « {shown(text)} » : tapez un jour, par exemple {today:%d/%m/%Y}")
    rest = _without(text, dates)
    if in_doubt(rest) or any(c.isdecimal() for c in _TIME.sub("", rest, count=1)):
        return ReadDate(unread=f"{header} incertaine « {shown(text)} » : ne laissez que le jour")
    notes = dates[0].notes + ((f"« {shown(rest)} » n'est pas lu à côté de la date",) if rest else ())
    return _plausible(dates[0].date, today, notes, text)


def shown(text: str) -> str:
    """The text short enough to stand in a sentence."""
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004


def nearest(day: int, month: int, today: dt.date) -> dt.date | None:
    """The first such day not more than 60 days before today, ``None`` when no calendar has it.

    >>> nearest(12, 1, dt.date(2026, 11, 21))
    datetime.date(2027, 1, 12)
    """
    for year in range(max(today.year - 1, 1), min(today.year + 9, 9999)):  # nine: 29 February
        date = _date(year, month, day)
        if date and date >= today - BACKWARDS:
            return date
    return None


def _found(match: re.Match[str], today: dt.date) -> Found:
    notes: list[str] = []
    text = match[0]
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        date = _date(year, month, day)
    elif match["year"]:
        day, month = int(match["day"]), int(match["month"])
        date = _date(_century(match["year"]), month, day)
        notes += _ambiguity(match, date, today)
    elif match["d2"]:
        day = int(match["d2"])
        month = next(i for i, name in enumerate(_MONTH_RES, 1) if name.match(match["name"]))
        date = _date(_century(match["y2"]), month, day) if match["y2"] else nearest(day, month, today)
    else:
        date = nearest(int(match["d3"]), int(match["m3"]), today)
    if date is None:
        return Found(match.start(), match.end(), None, (f"date impossible « {text} » : corrigez le jour ou le mois",))
    if date.year not in YEARS:
        return Found(match.start(), match.end(), None, (f"année invraisemblable « {text} » : corrigez-la",))
    if not (match["iso"] or match["year"] or match["y2"]):
        notes.append(f"année absente dans « {text} » : lu {date:%d/%m/%Y}")
    weekday = match["weekday"]
    if weekday and not DAYS[date.weekday()].startswith(weekday.lower()[:3]):
        notes.append(f"le {date:%d/%m/%Y} est un {DAYS[date.weekday()]}, pas un {weekday.lower()} : vérifiez")
    return Found(match.start(), match.end(), date, tuple(notes))


def _ambiguity(match: re.Match[str], date: dt.date | None, today: dt.date) -> list[str]:
    day, month = int(match["day"]), int(match["month"])
    american = _date(_century(match["year"]), day, month)
    if american is None or american == date:
        return []
    if date is None:
        return [f"en mois/jour ce serait le {american:%d/%m/%Y}"]
    plausible = today - BACKWARDS <= american <= today + _FAR
    if plausible and not today - BACKWARDS <= date <= today + _FAR:
        typed = f"{day:02d}/{month:02d}"
        return [f"date ambiguë {typed} : lue {date:%d/%m/%Y}, mais en mois/jour ce serait {american:%d/%m/%Y}"]
    return []


def _plausible(date: dt.date | None, today: dt.date, notes: tuple[str, ...], text: str = "") -> ReadDate:
    if date and date > today + _FAR:
        notes = (*notes, f"date très lointaine « {shown(text) or f'{date:%d/%m/%Y}'} » : vérifiez l'année")
    return ReadDate(date, notes)


def _without(text: str, found: list[Found]) -> str:
    rest = text
    for one in reversed(found):
        rest = rest[: one.start] + " " + rest[one.end :]
    return tidy(rest).strip(" ,;:.-()")


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _century(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)  # noqa: PLR2004
