"""Days and moments on the command line, and the screens of a moment."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from installflow.cli.writing import warn
from installflow.errors import Invalid
from installflow.orders.spreadsheet.dates import BACKWARDS, scan
from installflow.orders.spreadsheet.dates import DAYS as WEEKDAYS
from installflow.orders.terms import key_of
from installflow.projections.reasons import reason_told
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from installflow.app import InstallFlow
    from installflow.screens import Past, Screens

TODAY = click.option("--today", metavar="JOUR", help="lire comme si on était ce jour-là (21/11/2026, demain, lundi)")


def past_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--as-of`` and ``--known-on``."""
    known_on = click.option(
        "--known-on",
        metavar="MOMENT",
        help="ce que l'écran montrait ce jour-là (hier, 21/11/2026), avec ce qui était su alors",
    )
    as_of = click.option(
        "--as-of",
        metavar="MOMENT",
        help="ce qui était vrai ce jour-là (hier, 21/11/2026), avec tout ce qu'on sait aujourd'hui",
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
    msg = f"« {text[:60]} » n'est pas un jour : écrire 21/11/2026, 2026-11-21, 21/11, demain ou lundi"
    raise Invalid(no_day(text) or msg)


def no_day(text: str) -> str:
    """Why a text that all but names a day names none: no calendar has it, or its month is missing; blank for others."""
    asked = text.strip()
    if match := _DAY_ALONE.fullmatch(asked):
        return f"« {asked} » : il manque le mois : écrire {match[1]}/12 ou {match[1]}/12/2026"
    dotted = _DOTTED.sub(r"\1/\2", asked) if _DOTTED.fullmatch(asked) else asked
    found = scan(dotted, ANY_DAY)
    if len(found) == 1 and found[0].date is None and found[0].end - found[0].start == len(dotted):
        year = any(note.startswith("année") for note in found[0].notes)
        return f"« {asked} » : " + ("année à corriger" if year else "ce jour n'existe pas, corriger le jour ou le mois")
    return ""


_DAYS = {"avant hier": -2, "hier": -1, "aujourd hui": 0, "demain": 1, "apres demain": 2}
_WEEKDAY = re.compile(rf"(?:le )?({'|'.join(WEEKDAYS)})(?: (prochain|dernier|passe))?")
_EXACT = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})")
_TIME = re.compile(r"(\S.*?)\s+(?:[àa]\s+)?([01]?\d|2[0-3])\s?[hH:]\s?([0-5]\d)?")
_DAY_ALONE = re.compile(r"(?:le )?([1-9]|0[1-9]|[12]\d|3[01])", re.IGNORECASE)
A_WEEK = 7
A_YEAR = 366
ANY_DAY = dt.date(2000, 1, 1)
"""To ask whether a date without its year exists: whatever day it is, one is found, or there is none."""
LAST_YEAR = dt.timedelta(days=364) - BACKWARDS
"""So long before today, the first day of that name to come is the last one by today."""


def spoken_day(text: str, today: dt.date, *, past: bool = False) -> dt.date | None:
    """The day of ``lundi`` (the next one), ``demain``, ``24/11`` or ``24 nov.`` (as an import reads it).

    With ``past`` it is the last one by today. ``None`` for a whole date and for any other text. It was understood
    rather than typed: whoever uses it tells the day with `tell_read`. Raises `Invalid` for a day that contradicts
    itself (``lundi 24/11/2026`` is a Tuesday).
    """
    text = text.strip()
    key = key_of(text.replace("\u2019", "'"))
    if key in _DAYS:
        return today + dt.timedelta(days=_DAYS[key])
    if match := _WEEKDAY.fullmatch(key):
        ahead = (WEEKDAYS.index(match[1]) - today.weekday() - 1) % A_WEEK + 1
        back = match[2] in ("dernier", "passe") or (past and match[2] is None)
        # A week less is today itself on a day of that name, so the last one is a week before.
        return today + dt.timedelta(days=ahead - A_WEEK - (A_WEEK if ahead == A_WEEK else 0) if back else ahead)
    return None if _EXACT.fullmatch(text) else _dated(_DOTTED.sub(r"\1/\2", text), today, past=past)


def _dated(text: str, today: dt.date, *, past: bool) -> dt.date | None:
    """The day of a text that is a date and nothing else, ``None`` for any other."""
    found = scan(text, today - LAST_YEAR if past else today)
    if len(found) != 1 or found[0].date is None or text[: found[0].start] + text[found[0].end :]:
        return None
    wrong = [note for note in found[0].notes if " est un " in note]
    if wrong:
        raise Invalid(wrong[0])
    return found[0].date


def tell_read(text: str, day: dt.date, today: dt.date) -> None:
    """Say which day was understood, and what may not have been meant."""
    read = f"« {text.strip()[:60]} » : lu {long_date(day)}"
    match = _WEEKDAY.fullmatch(key_of(text))
    if match and match[2] is None and abs(day - today).days == A_WEEK:
        warn(f"{read}, et non aujourd'hui")
    elif (day - today).days > A_YEAR:
        warn(f"⚠ {read}, dans plus d'un an : vérifier l'année")
    else:
        warn(read)


def day_said(text: str | None, today: dt.date) -> dt.date | None:
    """A day as `day_of` reads it, or as people say it, and then told; raises `Invalid`."""
    spoken = spoken_day(text or "", today)
    if spoken is None or text is None:
        return day_of(text)
    tell_read(text, spoken, today)
    return spoken


def moment_said(text: str | None, today: dt.date) -> dt.datetime | dt.date | str | None:
    """A moment as the flow reads it, or as people say it (``hier``, ``lundi 14h30``), and then told."""
    if not text:
        return None
    match = _TIME.fullmatch(text.strip())
    said = match[1] if match else text
    day = spoken_day(said, today, past=True) or (day_of(said) if match and _EXACT.fullmatch(said) else None)
    if day is None:
        if why := no_day(said):
            raise Invalid(why)
        return text
    if match is None:
        tell_read(text, day, today)
        return day
    moment = dt.datetime(day.year, day.month, day.day, int(match[2]), int(match[3] or 0), tzinfo=PARIS)
    warn(f"« {text.strip()[:60]} » : lu {long_date(day)} à {moment:%H:%M}")
    return moment


def past_of(flow: InstallFlow, as_of: str | None, known_on: str | None) -> Past | None:
    """The past asked for, ``None`` for the present."""
    true, known = moment_said(as_of, flow.today_is), moment_said(known_on, flow.today_is)
    if true is not None and known is not None:
        return flow.as_of(true).known_on(known)
    if true is not None:
        return flow.as_of(true)
    return None if known is None else flow.known_on(known)


def screens_of(flow: InstallFlow, as_of: str | None, known_on: str | None, today: str | None) -> Screens:
    """The screens of a moment, read on a day."""
    past, day = past_of(flow, as_of, known_on), day_said(today, flow.today_is)
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
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"
