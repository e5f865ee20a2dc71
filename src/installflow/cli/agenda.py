"""`installflow agenda`: every reminder, the oldest first."""

from __future__ import annotations

import click

from installflow.cli.columns import Column, Line, show_table
from installflow.cli.commands import command
from installflow.cli.exports import file_options, tell_files, write_table_files
from installflow.cli.moments import TODAY, past_options, screens_of, tell_unreadable
from installflow.cli.session import Session
from installflow.cli.writing import write, write_json

HEADERS = ("IMPER", "ÉTAT", "CLIENT", "PARTENAIRE", "STATUT", "À VÉRIFIER", "DERNIER CHECK")
WEIGHTS = {"CLIENT": 2, "À VÉRIFIER": 3, "DERNIER CHECK": 2}
COLUMNS = (
    Column("N°", wraps=False),
    Column("IMPER", wraps=False),
    Column("ÉTAT", wraps=False),
    *(Column(header, weight=WEIGHTS.get(header, 1), optional=True) for header in HEADERS[2:]),
)
STYLES = {"en retard": "bold red", "aujourd'hui": "bold yellow"}


@command("agenda")
@click.option("--all", "every", is_flag=True, help="ceux des commandes finies aussi")
@past_options
@TODAY
@file_options
@click.pass_obj
def agenda_command(
    session: Session,
    *,
    every: bool,
    as_of: str | None,
    known_on: str | None,
    today: str | None,
    csv_file: str | None,
    xlsx_file: str | None,
    force: bool,
) -> None:
    """Show the reminders, due ones first."""
    with session.reading() as flow:
        entries = screens_of(flow, as_of, known_on, today).agenda(all=every)
        tell_unreadable(flow)
        lasts = [f"{e.last.at:%d/%m/%Y} {e.last.by} : {e.last.result}" if e.last else "" for e in entries]
        rows = [
            (e.date, e.state, e.client, e.partner, e.status.label, e.check, last)
            for e, last in zip(entries, lasts, strict=True)
        ]
        files = write_table_files(csv_file, xlsx_file, "Agenda", HEADERS, rows, force=force)
        if session.json:
            write_json([entry.as_json() for entry in entries])
        elif files:
            tell_files(files, len(rows), "rappel(s)")
        elif not rows:
            write("aucun rappel : en poser un par « installflow record COMMANDE poser_imper date=… »")
        else:
            show_table(
                COLUMNS,
                [
                    Line((entry.id.hex[:8], f"{date:%d/%m/%Y}", *rest), styles={2: STYLES.get(entry.state, "")})
                    for entry, (date, *rest) in zip(entries, rows, strict=True)
                ],
            )
