"""`installflow board`: the planning as a planner scans it; the 14 cells are in `show` and in the files."""

from __future__ import annotations

import difflib
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from rich.text import Text

from installflow.cli.columns import Column, Line, show_table
from installflow.cli.commands import command
from installflow.cli.exports import file_options, tell_files, write_board_files
from installflow.cli.moments import TODAY, day_said, long_date, past_options, screens_of, short_date, tell_unreadable
from installflow.cli.nearby import tell_nobody
from installflow.cli.session import Session
from installflow.cli.statuses import status_shown
from installflow.cli.typed import number_of
from installflow.cli.writing import width, write, write_json
from installflow.errors import Invalid
from installflow.orders import BoardQuery, OrderStatus, Origin
from installflow.orders.naming import technicians_of
from installflow.orders.spreadsheet.choices import read_status
from installflow.orders.terms import key_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from installflow.orders import BoardRow
    from installflow.screens import Screens

COLUMNS = (
    Column("N°", wraps=False),
    Column("IMPER", wraps=False),
    Column("CLIENT", weight=2),
    Column("PARTENAIRE"),
    Column("DATE", wraps=False),
    Column("HEURE", wraps=False),
    Column("NOM TECH"),
    Column("NOM CP"),
    Column("STATUT"),
)
IMPER, STATUT = 1, 8

MORE_COLUMNS = (Column("PORTA PRÉVUE LE"), Column("MATÉRIEL REÇU"))
LEAST_DIGITS = 3
"""Of a number, so that a word of two letters is not one."""

WIDE = 160
"""From this width on there is room for them."""

DATE_WIDTH = 12

DEFAULT_SORT = "DATE"
"""What a planner reads first: the appointments in their order, each day's clients by name."""

STYLES = {
    OrderStatus.NEW: "cyan",
    OrderStatus.COLLECTE: "cyan",
    OrderStatus.STAGING: "cyan",
    OrderStatus.RDV_POSE: "green",
    OrderStatus.CLOTUREE: "dim green",
    OrderStatus.STAND_BY: "magenta",
    OrderStatus.ANNULER: "dim",
}
"""The colour of a status; those that wait for somebody are yellow."""


@command(
    "board", "Les commandes finies sont cachées sans --all. --sort prend un en-tête de colonne, « - » devant inverse."
)
@click.option("--status", metavar="STATUT", default="", help="celles de ce statut")
@click.option("--partner", metavar="PARTENAIRE", default="", help="celles de ce partenaire")
@click.option(
    "--technician", metavar="NOM", default="", help="celles de ce technicien (NOM TECH ou TECH : occitech, 5 com)"
)
@click.option("--project-manager", metavar="NOM", default="", help="celles de ce chef de projet (NOM CP)")
@click.option("--from", "start", metavar="JOUR", help="DATE à partir de ce jour")
@click.option("--to", "end", metavar="JOUR", help="DATE jusqu'à ce jour")
@click.option(
    "--search", metavar="MOTS", default="", help="celles dont la ligne contient ces mots, ou dont le N° commence ainsi"
)
@click.option("--sort", metavar="COLONNE", default="", help="dans cet ordre (DATE, -IMPER, CLIENT…)")
@click.option("--all", "every", is_flag=True, help="les finies aussi")
@click.option("--brief", is_flag=True, help="sans les alertes sous chaque commande")
@click.option("--limit", metavar="N", help="les N premières seulement")
@past_options
@TODAY
@file_options
@click.pass_obj
def board_command(
    session: Session,
    *,
    status: str,
    partner: str,
    technician: str,
    project_manager: str,
    start: str | None,
    end: str | None,
    search: str,
    sort: str,
    every: bool,
    brief: bool,
    limit: str | None,
    as_of: str | None,
    known_on: str | None,
    today: str | None,
    csv_file: str | None,
    xlsx_file: str | None,
    force: bool,
) -> None:
    """Show the planning, filtered and sorted; or write it to files that `import` reads back."""
    label, most = _status_named(status), number_of("--limit", limit, 1)
    with session.reading() as flow:
        screens = screens_of(flow, as_of, known_on, today)
        first, last = _between(start, end, screens.today_is)
        query = BoardQuery(
            status=label,
            partner=flow.policies.canonical(partner),
            technician=technician,
            project_manager=project_manager,
            start=first,
            end=last,
            search=search,
            sort=sort or DEFAULT_SORT,
            all=every,
        )
        found = _found(screens, query)
        rows = found[:most]
        tell_unreadable(flow)
        every_row = [] if found else screens.planning(all=True)
        _tell_nobody(query, every_row)
        files = write_board_files(
            csv_file,
            xlsx_file,
            rows,
            screens.today_is,
            screens.today() if xlsx_file else (),
            force=force,
            extract=len(rows) < len(found) or query != BoardQuery(sort=query.sort, all=every),
        )
        if session.json:
            write_json([row.as_json() for row in rows])
        elif files:
            tell_files(files, len(rows), "commande(s)")
        else:
            show_board(rows, screens.today_is, brief=brief, left=len(found) - len(rows))
            if not rows:
                past = bool(as_of or known_on)
                write(_nothing(query, bool(every_row), past=past))


def _between(start: str | None, end: str | None, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The first day and the last; raises `Invalid`."""
    first, last = day_said(start, today), day_said(end, today)
    if first and last and first > last:
        msg = f"--from {first:%d/%m/%Y} vient après --to {last:%d/%m/%Y} : les inverser"
        raise Invalid(msg)
    return first, last


def _found(screens: Screens, query: BoardQuery) -> list[BoardRow]:
    """The rows of a query; what is looked for may be the beginning of a number, too."""
    found = screens.planning(query)
    prefix = query.search.strip().replace("-", "").casefold()
    if len(prefix) < LEAST_DIGITS or not set(prefix) <= set("0123456789abcdef"):
        return found
    ids = {row.id for row in found}
    return [
        row for row in screens.planning(replace(query, search="")) if row.id in ids or row.id.hex.startswith(prefix)
    ]


def _tell_nobody(query: BoardQuery, rows: Sequence[BoardRow]) -> None:
    """Say which of the names asked for nobody bears; there is something to say of an empty answer only."""
    if not rows:
        return
    # One by one: without such a filter no row is read whole.
    tell_nobody("aucun partenaire", query.partner, (board.row.partner for board in rows))
    names = (name for board in rows for name in technicians_of(board.row))
    tell_nobody("aucun technicien", query.technician, names)
    tell_nobody("aucun chef de projet", query.project_manager, (board.row.visit.project_manager for board in rows))


def _status_named(text: str) -> str:
    """The filter as `BoardQuery` reads it; `Invalid` with near names for no status."""
    if not text:
        return ""
    names = {key_of(name): name for status in OrderStatus for name in (status.label, status.value)}
    found = names.get(key_of(text))
    if found:
        return found
    meant = read_status(text)[0]
    if meant:
        return meant.value
    labels = list(dict.fromkeys(status.label for status in OrderStatus))
    keys = {key_of(label): label for label in labels}
    near = [keys[key] for key in difflib.get_close_matches(key_of(text), keys, n=3, cutoff=0.5)]
    hint = f"peut-être : {', '.join(near)}" if near else f"au choix : {', '.join(labels)}"
    msg = f"« {text[:60]} » n'est pas un statut ; {hint}"
    raise Invalid(msg)


def _nothing(query: BoardQuery, some: bool, *, past: bool) -> str:  # noqa: FBT001  # two answers, said here
    if not some and past:
        return "aucune commande à ce moment-là"
    if not some:
        return "aucune commande : commencer par « installflow import FICHIER » ou « installflow open »"
    if replace(query, sort="") == BoardQuery():
        return "aucune commande en cours ; --all montre les finies"
    return "aucune commande ne répond à ces filtres" + ("" if query.all else " ; --all cherche aussi dans les finies")


def show_board(rows: Sequence[BoardRow], today: dt.date, *, brief: bool = False, left: int = 0) -> None:
    """The planning of a day, each order's alerts beneath it; ``left`` orders were left out."""
    if not rows:
        return
    wide = width() >= WIDE
    lines = [_line(row, today, wide=wide) for row in rows]
    show_table(
        (*COLUMNS, *(MORE_COLUMNS if wide else ())), [replace(line, beneath=()) for line in lines] if brief else lines
    )
    alerted = sum(bool(row.alerts) for row in rows)
    more = f" ; {left} autre(s) sans --limit" if left else ""
    write(Text(f"\n{len(rows)} commande(s), dont {alerted} avec alertes, au {long_date(today)}{more}", style="dim"))


def _line(board: BoardRow, today: dt.date, *, wide: bool) -> Line:
    row, visit, cells = board.row, board.row.visit, board.cells
    first = row.reminders[0].date if row.reminders else None
    more = "+" if len(row.reminders) > 1 else ""
    due = first is not None and first <= today and not row.is_final
    return Line(
        (
            row.id.hex[:8],
            short_date(first) + more,
            row.client,
            cells["PARTENAIRE"],
            short_date(visit.date) or _unread(cells["DATE"]),
            cells["HEURE"],
            _technician(cells["TECH"], cells["NOM TECH"]),
            visit.project_manager,
            status_shown(row.status),
            *((cells["PORTA PRÉVUE LE"], cells["MATÉRIEL REÇU"]) if wide else ()),
        ),
        beneath=board.alerts,
        style="dim" if row.is_final else "",
        styles={IMPER: "bold red" if due else "", STATUT: STYLES.get(row.status, "yellow")},
    )


def _technician(origin: str, names: str) -> str:
    """Who comes, and where from when it is not one of ours (TECH is Direct)."""
    if not names or origin in ("", Origin.DIRECT.label):
        return names or origin
    return f"{names} ({origin})"


def _unread(text: str) -> str:
    """A DATE nobody could read, whole, on as many lines as it takes; a question mark tells it from one that was."""
    marked = f"? {text}" if text else ""
    return "\n".join(textwrap.wrap(marked, DATE_WIDTH, break_long_words=False, break_on_hyphens=False))
