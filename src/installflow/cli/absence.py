"""`installflow absent`: a technician away, the orders it hits, and an absence that does not take place."""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from installflow.cli.commands import command
from installflow.cli.moments import day_said, long_date
from installflow.cli.session import Session
from installflow.cli.writing import warn, write, write_json
from installflow.errors import Invalid, NotFound
from installflow.orders import AbsenceCancelled, TechnicianAbsent
from installflow.orders.calendar import TechnicianDay, day_id, technician_key
from installflow.orders.field_names import french
from installflow.orders.lookalikes import Technicians, named_on, taken_told
from installflow.orders.spreadsheet.people import is_no_name, names_in
from installflow.orders.terms import key_of
from installflow.workflow.entry import parse_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

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
    if technician.strip() and not cancel and (is_no_name(technician) or len(names_in(technician)) > 1):
        msg = f"« {technician.strip()[:60]} » ne nomme pas une personne avec certitude : un seul nom par absence"
        raise Invalid(msg)
    if not reason.strip() and not cancel:
        msg = "il manque --reason MOTIF (congés, maladie…)"
        raise Invalid(msg, code="usage")
    with session.flow() as flow:
        # Every day is read before the first is recorded: a mistyped one leaves nothing half done.
        asked = _days(days, start, end, flow.today_is)
        events = [_event(technician, day, reason, cancel=cancel) for day in asked]
        rows = {row.id: row for row in flow.planning(all=True)}
        technicians = Technicians((one, b.row.client, b.row.visit) for one, b in rows.items() if not b.row.is_final)
        _warn_of_stranger(technician, rows.values(), technicians)
        if cancel:
            _check_there_is_something_to_cancel(flow, events)
        told: list[Away] = []
        try:
            for event in events:
                told.append(_record(flow, event, actor, rows, technicians))
                session.recorded = session.recorded or not told[-1].known
        finally:  # what is recorded is told, though a later day was not
            if not session.json:
                show_absence(told)
        if session.json:
            warn(*(sentence for away in told for sentence in away.near))
            write_json([away.as_json() for away in told])


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
    event = parse_event(AbsenceCancelled if cancel else TechnicianAbsent, fields, french)
    assert isinstance(event, Absence)  # noqa: S101  # parsed as one above
    return event


@dataclass(frozen=True, slots=True)
class Away:
    """One day of an absence, or of its end: the orders that count on it, and whose names are near."""

    id: UUID
    version: int
    event: Absence
    hit: Sequence[BoardRow]
    near: Sequence[str]
    known: bool

    @property
    def quiet(self) -> bool:
        """Whether nobody has anything to do about it."""
        return not (self.hit or self.near)

    def as_json(self) -> dict[str, Any]:
        """The day under the keys of the public contract."""
        return {
            "id": str(self.id),
            "version": self.version,
            "technician": self.event.technician,
            "day": self.event.day.isoformat(),
            "orders": [
                {"id": str(board.id), "ref": board.row.ref, "client": board.row.client, "status": board.status.label}
                for board in self.hit
            ],
        }


def _warn_of_stranger(technician: str, rows: Iterable[BoardRow], technicians: Technicians) -> None:
    """A name no order bears may be misspelt: said, and recorded all the same."""
    names = {technician_key(name): name for board in rows for name in named_on(board.row.visit).values()}
    if technician_key(technician) in names or not technician.strip():
        return
    close = [names[key] for key in difflib.get_close_matches(key_of(technician), names, n=NEAR, cutoff=0.5)]
    near = list(dict.fromkeys([*technicians.near(technician), *close]))
    hint = f" ; peut-être : {', '.join(near)}" if near else ""
    warn(f"⚠ « {technician.strip()[:60]} » n'est NOM TECH d'aucune commande{hint}")


def _check_there_is_something_to_cancel(flow: InstallFlow, events: Sequence[Absence]) -> None:
    for event in events:
        day = _known(flow, day_id(event.technician, event.day))
        if day is None or not day.absent:
            msg = f"aucune absence de {event.technician} le {event.day:%d/%m/%Y} : vérifier le nom et le jour"
            raise NotFound(msg)


def _record(
    flow: InstallFlow, event: Absence, actor: Actor, rows: Mapping[UUID, BoardRow], technicians: Technicians
) -> Away:
    """Record one day, unless it is known already."""
    one = day_id(event.technician, event.day)
    day = _known(flow, one)
    known = day is not None and isinstance(event, TechnicianAbsent) and day.absent == event.reason
    if isinstance(event, AbsenceCancelled):
        flow.record(one, event, by=actor)
    elif not known:
        flow.open(event, by=actor)
    after = flow.load(one)
    hit = [rows[held.order] for held in after.held if held.order in rows]
    near = [] if isinstance(event, AbsenceCancelled) else list(_near(event, technicians))
    return Away(one, after.version, event, hit, near, known)


def _near(event: TechnicianAbsent, technicians: Technicians) -> Iterator[str]:
    """Whom the technician may be under another spelling, and the orders that count on that one."""
    for near, holding in technicians.taken(event.technician, event.day):
        clients = [f"{client}, {one.hex[:8]}" for one, client in holding.items()]
        yield taken_told(event.technician, near, event.day, clients)


def _known(flow: InstallFlow, one: Any) -> TechnicianDay | None:
    try:
        day = flow.load(one)
    except NotFound:
        return None
    assert isinstance(day, TechnicianDay)  # noqa: S101  # the id is derived from a technician's day
    return day


def show_absence(told: Sequence[Away]) -> None:
    """The days of an absence: in a line those about which there is nothing to do, then the others one by one."""
    if not told:
        return
    first = told[0].event
    when = f"le {long_date(first.day)}" if len(told) == 1 else f"{_runs(told)} ({len(told)} jours)"
    if isinstance(first, AbsenceCancelled):
        write(Text(f"✓ {first.technician} de nouveau là {when}", style="bold"))
    else:
        write(Text(f"✓ {first.technician} absent {when} : {first.reason}", style="bold"))
    known, quiet = [away for away in told if away.known], [away for away in told if away.quiet]
    if known:
        write("  déjà noté, rien de nouveau" + (f" : {_runs(known)}" if len(known) < len(told) else ""))
    if len(quiet) == len(told):
        write("  aucune commande ne comptait sur " + ("cette journée" if len(told) == 1 else "ces journées"))
    elif quiet:
        write(f"  aucune commande ne comptait sur ces journées : {_runs(quiet)}")
    for away in told:
        if not away.quiet:
            _show_day(away, alone=len(told) == 1)


def _show_day(away: Away, *, alone: bool) -> None:
    if not alone:
        write(f"  {long_date(away.event.day)}")
    back = isinstance(away.event, AbsenceCancelled)
    for board in away.hit:
        what = "sa journée tient" if back else "RDV à reporter"
        write(f"  {' ' if back else '⚠'} {board.id.hex[:8]} {board.row.client} ({board.status.label}) : {what}")
    for sentence in away.near:
        write(f"  ⚠ {sentence}")


def _runs(told: Iterable[Away]) -> str:
    """Days as people say them: those that follow each other from the first to the last."""
    runs: list[list[dt.date]] = []
    for day in sorted(away.event.day for away in told):
        if runs and day - runs[-1][-1] == dt.timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        f"du {run[0]:%d/%m/%Y} au {run[-1]:%d/%m/%Y}" if len(run) > 1 else f"le {run[0]:%d/%m/%Y}" for run in runs
    )
