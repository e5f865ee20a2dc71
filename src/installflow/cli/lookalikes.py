"""Says of the technicians an order was just given that other spellings may be the same people's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installflow.errors import NotFound
from installflow.orders import PLANNING
from installflow.orders.calendar import TechnicianDay, day_id
from installflow.orders.lookalikes import Technicians, absent_told, named_on, surnames_of
from installflow.orders.terms import HEADERS, key_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from installflow.app import InstallFlow
    from installflow.orders.brief import Brief
    from installflow.receipt import Receipt

NOM_TECH = HEADERS.index("NOM TECH")


def lookalikes_of(flow: InstallFlow, receipt: Receipt) -> list[str]:
    """What to know of the names a command brought; the board is looked through only where it brought one, or a day."""
    if receipt.visits is None:
        return []
    before, after = receipt.visits
    held = after.days()
    days = [(name, day) for (key, day), (name, _) in held.items() if (key, day) not in before.days()]
    known = named_on(before)
    names = {*(name for key, name in named_on(after).items() if key not in known), *(name for name, _ in days)}
    if not names:
        return []
    technicians = technicians_like(flow, names)
    said = technicians.told(receipt.id, before, after)
    return [*said, *(one for name, day in days for one in _away(flow, technicians, name, day))]


def technicians_like(flow: InstallFlow, names: Iterable[str]) -> Technicians:
    """The orders under way that name somebody of the same surname: of the others only the brief is read."""
    wanted = {word for name in names for word in surnames_of(name)}
    lines = flow.projections.lines(PLANNING) if wanted else []
    rows = (line.row for line in lines if not wanted.isdisjoint(_words(line.brief)))
    return Technicians((row.id, row.client, row.visit) for row in rows)


def _words(brief: Brief) -> Iterator[str]:
    """The words of the technicians an order names, and some others: its keys hold those of its further visits."""
    yield from key_of(brief.cells[NOM_TECH]).split()
    for key in brief.keys:
        yield from key.split()


def _away(flow: InstallFlow, technicians: Technicians, name: str, day: dt.date) -> Iterator[str]:
    for near in technicians.near(name):
        if reason := absence_of(flow, near, day):
            yield absent_told(name, near, day, reason)


def absence_of(flow: InstallFlow, name: str, day: dt.date) -> str:
    """Why a technician is away on a day, blank for one who is not."""
    try:
        found = flow.load(day_id(name, day))
    except NotFound:
        return ""
    return found.absent if isinstance(found, TechnicianDay) else ""
