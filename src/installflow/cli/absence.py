"""`installflow absent`: a technician away, the orders it hits, and an absence that does not take place."""

from __future__ import annotations

import datetime as dt
import difflib
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from installflow.cli.commands import command
from installflow.cli.moments import day_said, long_date
from installflow.cli.session import Session
from installflow.cli.writing import warn, write, write_json
from installflow.errors import Invalid, NotFound
from installflow.orders import AbsenceCancelled, TechnicianAbsent
from installflow.orders.calendar import TechnicianDay, day_id
from installflow.orders.terms import key_of
from installflow.workflow.entry import parse_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from installflow.app import InstallFlow
    from installflow.orders import BoardRow
    from installflow.workflow.event import Actor

LONGEST = 366
"""Days in one absence; a longer one is a mistyped year."""

NEAR = 3


@command(
    "absent",
    "Exemples : installflow absent 'Y. Morvandel' 2026-12-15 16/12/2026 --reason congés\n\n"
    "installflow absent Karim --from 2026-12-21 --to 2026-12-31 --reason congés ; --cancel revient dessus.",
)
@click.argument("technician", metavar="TECHNICIEN")
@click.argument("days", nargs=-1, metavar="[JOUR]...")
@click.option("--from", "start", metavar="JOUR", help="le premier jour d'une absence de plusieurs jours")
@click.option("--to", "end", metavar="JOUR", help="son dernier jour, compris")
@click.option("--reason", metavar="MOTIF", default="", help="pourquoi (congés, maladie…)")
@click.option("--cancel", is_flag=True, help="l'absence n'a pas lieu : ces journées sont de nouveau à réserver")
@click.pass_obj
def absent_command(
    session: Session,
    *,
    technician: str,
    days: tuple[str, ...],
    start: str | None,
    end: str | None,
    reason: str,
    cancel: bool,
) -> None:
    """Record a technician's absence day by day, and list the orders that counted on those days."""
    actor = session.actor()
    if not reason.strip() and not cancel:
        msg = "il manque --reason MOTIF (congés, maladie…)"
        raise Invalid(msg, code="usage")
    with session.flow() as flow:
        # Every day is read before the first is recorded: a mistyped one leaves nothing half done.
        asked = _days(days, start, end, flow.today_is)
        events = [_event(technician, day, reason, cancel=cancel) for day in asked]
        rows = {row.id: row for row in flow.planning(all=True)}
        _warn_of_stranger(technician, rows.values())
        if cancel:
            _check_there_is_something_to_cancel(flow, events)
        told = [_record(flow, event, actor, rows, session) for event in events]
        if session.json:
            write_json(told)


def _days(days: Sequence[str], start: str | None, end: str | None, today: dt.date) -> list[dt.date]:
    """Every day asked for, once; raises `Invalid`."""
    if bool(start) != bool(end):
        msg = "--from et --to vont ensemble : le premier jour et le dernier"
        raise Invalid(msg, code="usage")
    asked = [day_said(day, today) for day in days]
    first, last = day_said(start or "", today), day_said(end or "", today)
    if first and last:
        count = (last - first).days + 1
        if not 0 < count <= LONGEST:
            wrong = "vient après" if count <= 0 else f"est à plus de {LONGEST} jours de"
            msg = f"--from {first:%d/%m/%Y} {wrong} --to {last:%d/%m/%Y} : les corriger"
            raise Invalid(msg)
        asked += [first + dt.timedelta(days=number) for number in range(count)]
    found = list(dict.fromkeys(filter(None, asked)))
    if not found:
        msg = "il manque le jour : installflow absent TECHNICIEN JOUR… ou --from JOUR --to JOUR"
        raise Invalid(msg, code="usage")
    return found


Absence = TechnicianAbsent | AbsenceCancelled


def _event(technician: str, day: dt.date, reason: str, *, cancel: bool) -> Absence:
    fields = {"technician": technician, "day": day} | ({} if cancel else {"reason": reason})
    event = parse_event(AbsenceCancelled if cancel else TechnicianAbsent, fields)
    assert isinstance(event, Absence)  # noqa: S101  # parsed as one above
    return event


def _warn_of_stranger(technician: str, rows: Iterable[BoardRow]) -> None:
    """A name no order bears may be misspelt: said, and recorded all the same."""
    names = {
        key_of(name): name
        for board in rows
        for name in (
            *board.row.visit.technicians,
            *(name for further in board.row.visit.further for name in further.technicians),
        )
    }
    if key_of(technician) in names or not technician.strip():
        return
    near = [names[key] for key in difflib.get_close_matches(key_of(technician), names, n=NEAR, cutoff=0.5)]
    hint = f" ; peut-être : {', '.join(near)}" if near else ""
    warn(f"⚠ « {technician.strip()[:60]} » n'est NOM TECH d'aucune commande{hint}")


def _check_there_is_something_to_cancel(flow: InstallFlow, events: Sequence[Absence]) -> None:
    for event in events:
        day = _known(flow, day_id(event.technician, event.day))
        if day is None or not day.absent:
            msg = f"aucune absence de {event.technician} le {event.day:%d/%m/%Y} : vérifier le nom et le jour"
            raise NotFound(msg)


def _record(
    flow: InstallFlow, event: Absence, actor: Actor, rows: dict[Any, BoardRow], session: Session
) -> dict[str, Any]:
    """Record one day, unless it is known already; tell the orders that count on it."""
    one = day_id(event.technician, event.day)
    day = _known(flow, one)
    known = day is not None and isinstance(event, TechnicianAbsent) and day.absent == event.reason
    if isinstance(event, AbsenceCancelled):
        flow.record(one, event, by=actor)
    elif not known:
        flow.open(event, by=actor)
    session.recorded = session.recorded or not known
    after = flow.load(one)
    hit = [rows[held.order] for held in after.held if held.order in rows]
    if not session.json:
        _tell(event, hit, known=known)
    return {
        "id": str(one),
        "version": after.version,
        "technician": event.technician,
        "day": event.day.isoformat(),
        "orders": [
            {"id": str(board.id), "ref": board.row.ref, "client": board.row.client, "status": board.status.label}
            for board in hit
        ],
    }


def _known(flow: InstallFlow, one: Any) -> TechnicianDay | None:
    try:
        day = flow.load(one)
    except NotFound:
        return None
    assert isinstance(day, TechnicianDay)  # noqa: S101  # the id is derived from a technician's day
    return day


def _tell(event: Absence, hit: Sequence[BoardRow], *, known: bool) -> None:
    if isinstance(event, AbsenceCancelled):
        write(Text(f"✓ {event.technician} de nouveau là le {long_date(event.day)}", style="bold"))
        for board in hit:
            write(f"  {board.id.hex[:8]} {board.row.client} ({board.status.label}) : sa journée tient")
        return
    already = " (déjà noté, rien de nouveau)" if known else ""
    write(Text(f"✓ {event.technician} absent le {long_date(event.day)} : {event.reason}{already}", style="bold"))
    for board in hit:
        write(f"  ⚠ {board.id.hex[:8]} {board.row.client} ({board.status.label}) : RDV à reporter")
    if not hit:
        write("  aucune commande ne comptait sur cette journée")
