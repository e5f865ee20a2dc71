"""The time zone the business lives in: days begin and end there, whatever zone a moment was written in."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")


def end_of_day(day: dt.date) -> dt.datetime:
    """The last moment of a day in Paris."""
    return dt.datetime.combine(day, dt.time.max, PARIS)
