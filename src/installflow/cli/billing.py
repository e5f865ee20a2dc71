"""`installflow billing`: what there is to bill, for the back office."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click
from rich.text import Text

from installflow.cli.columns import Column, Line, show_table
from installflow.cli.commands import command
from installflow.cli.exports import file_options, tell_files, write_table_files
from installflow.cli.moments import past_options, screens_of, tell_unreadable
from installflow.cli.session import Session
from installflow.cli.statuses import status_shown
from installflow.cli.typed import number_of
from installflow.cli.writing import write, write_json
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from installflow.billing import BillingLine

HEADERS = (
    "À FAIRE",
    "CLIENT",
    "PARTENAIRE",
    "RÉFÉRENCE",
    "TÉLÉPHONES",
    "STATUT",
    "CLÔTURÉE LE",
    "FACTURÉE LE",
    "INFOS FACTURATION",
)
WEIGHTS = {"À FAIRE": 2, "CLIENT": 2, "INFOS FACTURATION": 3}
COLUMNS = (
    Column("N°", wraps=False),
    *(Column(header, weight=WEIGHTS.get(header, 1), optional=True) for header in HEADERS),
)
STYLES = {"à facturer": "bold green", "avoir à établir": "bold red", "déplacement à facturer": "bold yellow"}


@command("billing", "Les commandes facturées ou annulées sont cachées sans --all.")
@click.option("--all", "every", is_flag=True, help="les facturées et les annulées aussi")
@click.option("--limit", metavar="N", help="les N premières lignes seulement")
@past_options
@file_options
@click.pass_obj
def billing_command(
    session: Session,
    *,
    every: bool,
    limit: str | None,
    as_of: str | None,
    known_on: str | None,
    csv_file: str | None,
    xlsx_file: str | None,
    force: bool,
) -> None:
    """Show what is to be billed, first what waits for it."""
    most = number_of("--limit", limit, 1)
    with session.reading() as flow:
        found = screens_of(flow, as_of, known_on, None).billing(all=every)
        lines = found[:most]
        tell_unreadable(flow)
        files = write_table_files(csv_file, xlsx_file, "Facturation", HEADERS, map(_values, lines), force=force)
        if session.json:
            write_json([line.as_json() for line in lines])
        elif files:
            tell_files(files, len(lines), "ligne(s)")
        else:
            show_billing(lines)
            if len(lines) < len(found):
                write(Text(f"\n{len(found) - len(lines)} autre(s) sans --limit", style="dim"))


def show_billing(lines: Sequence[BillingLine]) -> None:
    """The lines of the billing back office."""
    if not lines:
        write("rien à facturer : les commandes clôturées viendront ici")
        return
    show_table(
        COLUMNS,
        [
            Line((line.row.id.hex[:8], *map(_said, _values(line))), styles={1: STYLES.get(line.state, "")})
            for line in lines
        ],
    )


def _values(line: BillingLine) -> tuple[str | dt.date | None, ...]:
    row = line.row
    told = [f"{note.text} ({note.by})" if note.by else note.text for note in row.notes]
    return (
        line.state,
        row.client,
        row.partner,
        row.ref,
        "" if row.phones is None else str(row.phones),
        status_shown(row.status),
        _day(row.closed_at),
        _day(row.billed_at),
        "\n".join((*told, *(f"déplacement facturable {trip}" for trip in row.billable_trips))),
    )


def _day(moment: dt.datetime | None) -> dt.date | None:
    return moment.astimezone(PARIS).date() if moment else None


def _said(value: str | dt.date | None) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value or ""
