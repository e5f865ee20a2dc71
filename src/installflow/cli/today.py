"""`installflow today`: the list of the day, heading by heading."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click
from rich.text import Text

from installflow.cli.columns import Column, Line, show_table
from installflow.cli.commands import command
from installflow.cli.moments import TODAY, long_date, past_options, screens_of, tell_unreadable
from installflow.cli.nearby import tell_nobody
from installflow.cli.session import Session
from installflow.cli.writing import write, write_json
from installflow.orders.naming import people_of
from installflow.orders.today import CLASH_DAYS, NEXT_DAYS, SECTIONS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from installflow.orders import TodayItem

COLUMNS = (
    Column("N°", wraps=False),
    Column("CLIENT", weight=2),
    Column("PARTENAIRE"),
    Column("STATUT"),
    Column("À FAIRE", weight=4),
)


@command(
    "today",
    f"Ses rubriques : {' ; '.join(SECTIONS)}.\n\nLes absences et doubles réservations regardent un mois devant "
    f"({CLASH_DAYS.days} jours), les rendez-vous {NEXT_DAYS.days} jours.",
)
@click.option(
    "--for", "person", metavar="NOM", default="", help="celle d'une personne (NOM CP, NOM TECH ou TECH, PARTENAIRE)"
)
@past_options
@TODAY
@click.pass_obj
def today_command(session: Session, *, person: str, as_of: str | None, known_on: str | None, today: str | None) -> None:
    """Show what a planner has to look at this morning."""
    with session.reading() as flow:
        screens = screens_of(flow, as_of, known_on, today)
        items = screens.today(person)
        tell_unreadable(flow)
        if person and not items:
            names = (name for board in screens.planning(all=True) for name in people_of(board.row))
            tell_nobody("personne ne s'appelle", person, names)
        if session.json:
            write_json([item.as_json() for item in items])
        else:
            show_today(items, screens.today_is, person)


def show_today(items: Sequence[TodayItem], today: dt.date, person: str = "") -> None:
    """The items of a day under their headings."""
    whose = f" pour {person}" if person else ""
    write(Text(f"À faire le {long_date(today)}{whose}", style="bold"))
    if not items:
        write("rien à faire : la liste est vide")
    for section, group in groupby(items, key=lambda item: item.section):
        lines = [Line((i.id.hex[:8], i.client, i.partner, i.status.label, i.what)) for i in group]
        write("", Text(f"{section} ({len(lines)})", style="bold yellow"))
        show_table(COLUMNS, lines)
