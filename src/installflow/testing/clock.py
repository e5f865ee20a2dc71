"""A clock that stands still until it is set: time is an argument of every test."""

from __future__ import annotations

import datetime as dt

from installflow.workflow.zone import PARIS

MORNING = dt.time(9)
START = dt.datetime(2027, 3, 2, 9, tzinfo=PARIS)
"""A Tuesday, far from any change of hour."""


class FixedClock:
    """Answers the same moment until told otherwise; what `InstallFlow` takes as its ``clock``.

    >>> clock = FixedClock()
    >>> clock.set("2027-04-14")
    >>> clock().isoformat()
    '2027-04-14T09:00:00+02:00'
    """

    def __init__(self, now: dt.datetime = START) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        """The moment it stands at."""
        return self.now

    @property
    def today(self) -> dt.date:
        """Its day in Paris."""
        return self.now.astimezone(PARIS).date()

    def set(self, when: dt.datetime | dt.date | str) -> None:
        """Move it to a moment; a bare day, or its ISO text, is nine in the morning in Paris."""
        if isinstance(when, str):
            when = dt.datetime.fromisoformat(when)
            when = when if when.tzinfo else when.date()
        self.now = when if isinstance(when, dt.datetime) else dt.datetime.combine(when, MORNING, PARIS)

    def advance(self, **duration: float) -> None:
        """Move it on, as `datetime.timedelta` counts (``days=3``, ``hours=2``)."""
        self.now += dt.timedelta(**duration)
