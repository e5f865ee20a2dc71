"""`installflow absent`: a technician away, and the orders it hits."""

from __future__ import annotations

from typing import Any

import click
from rich.text import Text

from installflow.cli.commands import command
from installflow.cli.moments import day_of, long_date
from installflow.cli.session import Session
from installflow.cli.writing import write, write_json
from installflow.orders import TechnicianAbsent
from installflow.workflow.entry import parse_event


@command("absent", "Exemple : installflow absent 'Y. Morvandel' 2026-12-15 16/12/2026 --reason congés")
@click.argument("technician", metavar="TECHNICIEN")
@click.argument("days", nargs=-1, required=True, metavar="JOUR...")
@click.option("--reason", metavar="MOTIF", required=True, help="pourquoi (congés, maladie…)")
@click.pass_obj
def absent_command(session: Session, *, technician: str, days: tuple[str, ...], reason: str) -> None:
    """Record a technician's absence day by day, and list the orders that counted on those days."""
    actor = session.actor()
    # Every day is read before the first is recorded: a mistyped one leaves nothing half done.
    events = [
        parse_event(TechnicianAbsent, {"technician": technician, "day": day, "reason": reason})
        for day in dict.fromkeys(filter(None, map(day_of, days)))
    ]
    with session.flow() as flow:
        rows = {row.id: row for row in flow.planning(all=True)}
        told: list[dict[str, Any]] = []
        for event in events:
            assert isinstance(event, TechnicianAbsent)  # noqa: S101  # parsed as one above
            receipt = flow.open(event, by=actor)
            hit = [rows[held.order] for held in flow.load(receipt.id).held if held.order in rows]
            told.append(
                {
                    "id": str(receipt.id),
                    "version": receipt.version,
                    "technician": event.technician,
                    "day": event.day.isoformat(),
                    "orders": [
                        {"id": str(b.id), "ref": b.row.ref, "client": b.row.client, "status": b.status.label}
                        for b in hit
                    ],
                }
            )
            if not session.json:
                write(Text(f"✓ {event.technician} absent le {long_date(event.day)} : {event.reason}", style="bold"))
                for board in hit:
                    write(f"  ⚠ {board.id.hex[:8]} {board.row.client} ({board.status.label}) : RDV à reporter")
                if not hit:
                    write("  aucune commande ne comptait sur cette journée")
        if session.json:
            write_json(told)
