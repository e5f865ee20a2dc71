"""Working days in France: week-ends and public holidays.

A « jour ouvré » is Monday to Friday, a « jour ouvrable » Monday to Saturday: ``saturday`` counts Saturdays as worked.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

SATURDAY, SUNDAY = 5, 6


@cache
def _holidays_of(year: int) -> dict[dt.date, str]:
    import holidays  # noqa: PLC0415  # it takes a tenth of a second, and few commands ask for a day

    return dict(holidays.country_holidays("FR", years=year, language="fr"))


def holiday(day: dt.date) -> str | None:
    """The French name of the public holiday a day is, or ``None``."""
    return _holidays_of(day.year).get(day)


def day_off(day: dt.date, *, saturday: bool = False) -> str | None:
    """Why a day is not worked: ``samedi``, ``dimanche``, or the holiday's name; ``None`` for a working day."""
    name = holiday(day)
    if name:
        return f"jour férié ({name})"
    if day.weekday() == SUNDAY:
        return "dimanche"
    return "samedi" if day.weekday() == SATURDAY and not saturday else None


def working_days_after(day: dt.date, count: int, *, saturday: bool = False) -> dt.date:
    """The day that many working days later.

    >>> [str(working_days_after(dt.date(2026, 12, 21), 7, saturday=saturday)) for saturday in (False, True)]
    ['2026-12-31', '2026-12-30']
    """
    while count:
        day += dt.timedelta(days=1)
        if day_off(day, saturday=saturday) is None:
            count -= 1
    return day


def working_days_between(start: dt.date, end: dt.date) -> int:
    """How many working days follow ``start`` up to ``end`` included; 0 when ``end`` is not later."""
    days = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(day_off(day) is None for day in days)
