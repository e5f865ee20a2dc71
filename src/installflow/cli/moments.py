"""Days and moments on the command line, and the screens of a moment."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from installflow.cli.writing import warn
from installflow.errors import Invalid
from installflow.orders.spreadsheet.dates import nearest
from installflow.orders.terms import key_of
from installflow.projections.reasons import reason_told

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from installflow.app import InstallFlow
    from installflow.screens import Past, Screens

TODAY = click.option("--today", metavar="JOUR", help="lire comme si on était ce jour-là (2026-11-21 ou 21/11/2026)")


def past_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--as-of`` and ``--known-on``."""
    known_on = click.option(
        "--known-on", metavar="MOMENT", help="ce que l'écran montrait ce jour-là, avec ce qui était su alors"
    )
    as_of = click.option(
        "--as-of", metavar="MOMENT", help="ce qui était vrai ce jour-là, avec tout ce qu'on sait aujourd'hui"
    )
    return as_of(known_on(function))


def day_of(text: str | None) -> dt.date | None:
    """A day typed as ``2026-11-21`` or ``21/11/2026``; raises `Invalid`."""
    if not text:
        return None
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return dt.datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    msg = f"« {text[:60]} » n'est pas un jour : écrire 2026-11-21 ou 21/11/2026"
    raise Invalid(msg)


_DAYS = {"hier": -1, "aujourd'hui": 0, "aujourd hui": 0, "demain": 1, "apres demain": 2, "apres-demain": 2}
_NO_YEAR = re.compile(r"(\d{1,2})[/.](\d{1,2})")


def spoken_day(text: str, today: dt.date) -> dt.date | None:
    """The day of ``24/11`` (the nearest from today, as an import reads it) or ``demain``; ``None`` for any other text.

    It was understood rather than typed: whoever uses it tells the day with `tell_read`.
    """
    offset = _DAYS.get(key_of(text.replace("\u2019", "'")))
    if offset is not None:
        return today + dt.timedelta(days=offset)
    match = _NO_YEAR.fullmatch(text.strip())
    return nearest(int(match[1]), int(match[2]), today) if match else None


def tell_read(text: str, day: dt.date) -> None:
    """Say which day was understood."""
    warn(f"« {text.strip()[:60]} » : lu {long_date(day)}")


def day_said(text: str, today: dt.date) -> dt.date | None:
    """A day as `day_of` reads it, or as people say it, and then told; raises `Invalid`."""
    spoken = spoken_day(text, today)
    if spoken is None:
        return day_of(text)
    tell_read(text, spoken)
    return spoken


def past_of(flow: InstallFlow, as_of: str | None, known_on: str | None) -> Past | None:
    """The past asked for, ``None`` for the present."""
    if as_of and known_on:
        return flow.as_of(as_of).known_on(known_on)
    if as_of:
        return flow.as_of(as_of)
    return flow.known_on(known_on) if known_on else None


def screens_of(flow: InstallFlow, as_of: str | None, known_on: str | None, today: str | None) -> Screens:
    """The screens of a moment, read on a day."""
    past, day = past_of(flow, as_of, known_on), day_of(today)
    screens = past.screens if past else flow.screens
    return replace(screens, today_is=day) if day else screens


def tell_unreadable(flow: InstallFlow, order: UUID | None = None) -> None:
    """Say which orders a screen cannot follow any more, or that this one is: it shows their last readable state."""
    parked = {str(one.id)[:8]: reason_told(one.reason) for one in flow.parked() if order in (None, one.id)}
    for short, reason in parked.items():
        warn(f"⚠ {short} : illisible depuis un de ses événements, montré tel qu'avant ({reason})")


def short_date(day: dt.date | None) -> str:
    """A date where room is short, blank for none."""
    return f"{day:%d/%m/%y}" if day else ""


def long_date(day: dt.date) -> str:
    """A day as a heading gives it."""
    names = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    return f"{names[day.weekday()]} {day:%d/%m/%Y}"
