"""`installflow show` and `installflow history`: one order in full, and its audit trail."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from installflow.cli.columns import show_hanging, show_remark
from installflow.cli.commands import command
from installflow.cli.failures import OTHER, sentence_of
from installflow.cli.moments import TODAY, past_of, past_options, screens_of, tell_unreadable
from installflow.cli.named import order_of
from installflow.cli.own_policies import warn_of_unknown_policy
from installflow.cli.roles import french_of, in_french
from installflow.cli.session import Session
from installflow.cli.statuses import status_shown
from installflow.cli.writing import screen, warn, write, write_json
from installflow.errors import NotFound, StoreUnavailable
from installflow.orders import OrderCancelled, OrderStatus, PutOnStandBy, Resumed, Slot
from installflow.orders.absences import away_alike, by_day
from installflow.workflow.decision import DEPENDS, DEPENDS_ALONE
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from rich.console import Console

    from installflow.app import InstallFlow
    from installflow.audit import HistoryEntry
    from installflow.orders import BoardRow
    from installflow.screens import Screens
    from installflow.workflow.decision import Option

MOMENT = len("21/11/2026 09:00 ")
ORDER = click.argument("order", metavar="COMMANDE")
SIDEWAYS = (OrderCancelled, Resumed, PutOnStandBy)
"""Events that take the order off its way: what they lack is no step forward."""


@command("show", "Ses 14 cellules, ses visites, ce qu'elle attend, ses alertes et ce qui peut se passer.")
@ORDER
@past_options
@TODAY
@click.pass_obj
def show_command(session: Session, *, order: str, as_of: str | None, known_on: str | None, today: str | None) -> None:
    """Show one order in full."""
    role = session.acting_role or "planner"
    with session.reading() as flow:
        one = order_of(flow, order)
        warn_of_unknown_policy(flow, one)
        screens = screens_of(flow, as_of, known_on, today)
        board = _with_absences(_row_on(screens, one, flow), screens)
        tell_unreadable(flow, one)
        if session.json:
            write_json(board.as_json())
        else:
            options = () if as_of or known_on else _options(flow, one, role, screens.today_is)
            show_order(board, options)


def _options(flow: InstallFlow, one: UUID, role: str, day: dt.date) -> Sequence[Option]:
    """What may happen now; of an order that cannot be read to its end nothing, and that is said."""
    try:
        return flow.options(one, role, today=day)
    except StoreUnavailable as error:
        if not error.event:
            raise
        warn(f"⚠ {sentence_of(error, flow.url)}")
        return ()


def _row_on(screens: Screens, one: UUID, flow: InstallFlow) -> BoardRow:
    if row := screens.row(one):
        return row
    flow.load(one)  # it raises where an order that cannot be read is the reason
    msg = f"la commande {one.hex[:8]} n'existait pas encore à ce moment-là : choisir un moment plus tard"
    raise NotFound(msg)


def _with_absences(board: BoardRow, screens: Screens) -> BoardRow:
    """The row with one more alert for each day it counts on somebody who is away under another spelling."""
    if board.row.is_final or not board.row.visit.days():
        return board
    told = [said for day, said in away_alike(board.row.visit, by_day(screens.absences())) if day >= screens.today_is]
    return replace(board, alerts=(*board.alerts, *told))


def _possible(options: Sequence[Option], status: OrderStatus) -> list[str]:
    """The triggers that would move the order now, each with where it leads, the usual way first."""
    targets: dict[str, dict[str, None]] = {}
    moving: set[str] = set()
    open_question: set[str] = set()
    for option in options:
        if not option.allowed:
            continue
        trigger = option.event.trigger
        targets.setdefault(trigger, {})[option.target.label if option.target else f"reste en {status.label}"] = None
        moving |= {trigger} if option.target else set()
        open_question |= {trigger} if any(DEPENDS in reason.sentence for reason in option.reasons) else set()
    typed = {trigger for trigger, labels in targets.items() if len(labels) > 1} & open_question
    return [
        f"{trigger} → {' ou '.join(labels)}{', selon la saisie' if trigger in typed else ''}"
        for trigger, labels in targets.items()
        if trigger in moving
    ]


def _missing(options: Sequence[Option]) -> dict[str, list[str]]:
    """The steps forward refused for now, each with everything it lacks; what another target answers is left out."""
    moving = [option for option in options if option.target is not None and option.event not in SIDEWAYS]
    possible = {option.event for option in moving if option.allowed}
    return {
        f"{option.event.trigger} → {option.target.label}": sentences
        for option in moving
        if option.target is not None and not option.allowed
        if option.event not in possible or option.target is OrderStatus.RDV_POSE
        if (sentences := [in_french(one.sentence) for one in option.reasons if one.sentence != DEPENDS_ALONE])
    }


def show_order(board: BoardRow, options: Sequence[Option] = ()) -> None:
    """One order: cells, visits, waits, alerts, what may happen, and what is missing for the rest."""
    console, row, cells = screen(), board.row, board.cells
    title = Text(f"{row.client} — {cells['PARTENAIRE'] or 'sans partenaire'}", style="bold")
    title.append(f"  {status_shown(row.status)}", style="bold yellow")
    console.print(title)
    phones = "nombre de téléphones inconnu" if row.phones is None else f"{row.phones} téléphone(s)"
    console.print(" · ".join(filter(None, (str(row.id), row.ref, phones, f"version {row.version}"))), style="dim")
    console.print()
    for header, text in cells.items():
        _show_field(console, header, text)
    for header, text in row.extra.items():
        _show_field(console, header, text)
    _show_list(console, "Visites", [_visit(visit) for visit in board.as_json()["visits"]])
    waits = [f"{wait.said}, depuis le {wait.since.astimezone(PARIS):%d/%m/%Y}" for wait in row.waits]
    _show_list(console, "Attend", waits)
    if board.alerts:
        console.print("\nAlertes", style="bold")
        for alert in board.alerts:
            show_remark(console, alert)
    _show_list(console, "Peut se passer maintenant (le reste : installflow options)", _possible(options, row.status))
    missing = _missing(options)
    if missing:
        console.print("\nIl manque, pour aller plus loin", style="bold")
    for step, sentences in missing.items():
        show_hanging(console, Text("  "), step)
        for sentence in sentences:
            show_remark(console, sentence, 4, mark="-")


def _visit(visit: dict[str, Any]) -> str:
    date = f"{dt.date.fromisoformat(visit['date']):%d/%m/%Y}" if visit["date"] else "sans date"
    slot = Slot(visit["slot"]).label if visit["slot"] else ""  # type: ignore[call-arg]  # looked up by value
    return " · ".join(filter(None, (date, slot, visit["origin"], visit["technician"], visit["outcome"])))


def _show_field(console: Console, header: str, text: str) -> None:
    show_hanging(console, Text(f"  {header:<20} ", style="cyan"), text)


def _show_list(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines:
        console.print(f"\n{title}", style="bold")
        for line in lines:
            show_hanging(console, Text("  "), line)


@command("history", "Une phrase par événement, le plus ancien d'abord ; --json donne les enveloppes.")
@ORDER
@past_options
@click.pass_obj
def history_command(session: Session, *, order: str, as_of: str | None, known_on: str | None) -> None:
    """Show who did what on an order, for whom, and when."""
    with session.reading() as flow:
        one = order_of(flow, order)
        past = past_of(flow, as_of, known_on)
        entries = past.history(one) if past else flow.history(one) if session.json else _readable(flow, one, session)
        if session.json:
            write_json([entry.envelope() for entry in entries])
        else:
            show_history(entries)


def _readable(flow: InstallFlow, one: UUID, session: Session) -> list[HistoryEntry]:
    """A history, or what comes before an event that cannot be read, which is said."""
    before: int | None = None
    said = ""
    while True:
        try:
            entries = flow.history(one, before=before)
            for entry in entries:
                entry.sentence  # noqa: B018  # payloads are decoded on first use
        except StoreUnavailable as error:
            if not error.event:
                raise
            before, said = int(error.event.rpartition("/")[2]), sentence_of(error, session.url)
        else:
            if said:
                session.exit_code = OTHER
                warn(f"⚠ {said}")
            return entries


def show_history(entries: Sequence[HistoryEntry]) -> None:
    """One sentence an event; those that moved the status stand out."""
    if not entries:
        write("rien n'était encore enregistré à ce moment-là")
    console = screen()
    for entry in entries:
        role = entry.recorded.by.role
        before, who, after = entry.sentence.rpartition(f" ({role}")  # a text may say it too, but stands before
        sentence = f"{before} ({french_of(role)}{after}" if who else entry.sentence
        when, told = sentence[:MOMENT], Text(sentence[MOMENT:])
        if entry.before != entry.after and entry.after is not None:
            told.highlight_words([f"→ {entry.after.label}", f" : {entry.after.label}"], "bold green")
        show_hanging(console, Text(when, style="cyan"), told)
