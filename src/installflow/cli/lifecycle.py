"""`installflow events` and `diagram`: the lifecycles themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from installflow.app import KINDS
from installflow.cli.columns import show_hanging
from installflow.cli.commands import command
from installflow.cli.fields import fields_of, typed_example
from installflow.cli.roles import role_said
from installflow.cli.session import Session
from installflow.cli.writing import screen, write_json
from installflow.errors import Invalid
from installflow.workflow.diagram import mermaid
from installflow.workflow.entry import event_named
from installflow.workflow.event import Registry
from installflow.workflow.spelling import key_of

if TYPE_CHECKING:
    from rich.console import Console

    from installflow.workflow.event import Event

FRENCH = {
    "order": "commande",
    "technician_day": "journée de technicien",
    "offer": "offre contractée",
    "sheet": "fiche produit",
    "supply_order": "commande OpenIP",
    "conversation": "conversation",
}


@command("events", "Un champ marqué * est obligatoire.")
@click.argument("event", required=False, metavar="[ÉVÉNEMENT]")
@click.pass_obj
def events_command(session: Session, *, event: str | None) -> None:
    """Show every event, or one in detail: its French trigger, its fields and the roles that may record it."""
    registry = Registry(one for kind in KINDS for one in kind.workflow.events)
    shown = [event_named(registry, event)] if event else [one for kind in KINDS for one in kind.workflow.events]
    kinds = list(dict.fromkeys(shown))
    if session.json:
        write_json([_described(one) for one in kinds])
        return
    console = screen()
    for one in kinds:
        _show(console, one, full=event is not None)


def _described(event: type[Event]) -> dict[str, Any]:
    schema = event.model_json_schema()
    for name in event.filled:
        schema.get("properties", {}).pop(name, None)
    return {
        "event": event.__name__,
        "trigger": event.trigger,
        "said": event.said,
        "kind": event.kind(),
        "roles": _roles(event),
        "fields": schema,
    }


def _roles(event: type[Event]) -> list[str]:
    workflow = next(kind.workflow for kind in KINDS if kind.kind == event.kind())
    return sorted((workflow.every_role - {"system"}) | workflow.roles.get(event, frozenset()))


def _show(console: Console, event: type[Event], *, full: bool) -> None:
    line = Text(event.trigger or event.__name__, style="bold")
    line.append(f"  {event.said}  ({event.__name__})", style="dim")
    console.print(line)
    fields = fields_of(event)
    if full:
        for field in fields:
            head = Text(f"    {field.starred} ", style="cyan")
            about = f" — {field.about}" if field.about else ""
            show_hanging(console, head, f": {field.values}{about}")
        if any(field.required for field in fields):
            console.print("    * : obligatoire", style="dim")
        if event.kind() == "order":
            show_hanging(console, Text("    exemple : "), typed_example(event))
    elif fields:
        show_hanging(console, Text("    champs : "), ", ".join(field.starred for field in fields))
    show_hanging(console, Text("    rôles : "), ", ".join(map(role_said, _roles(event))))


@command(
    "diagram",
    "CYCLE : commande (order), journée de technicien (technician_day), offre contractée (offer), "
    "fiche produit (sheet), commande OpenIP (supply_order) ou conversation (conversation).",
)
@click.argument("workflow", metavar="CYCLE")
@click.pass_obj
def diagram_command(session: Session, *, workflow: str) -> None:
    """Print a lifecycle as a Mermaid state diagram."""
    named = {key_of(name): kind for kind in KINDS for name in (kind.kind, FRENCH.get(kind.kind, ""))}
    kind = named.get(key_of(workflow))
    if kind is None:
        known = ", ".join(f"{one.kind} ({FRENCH[one.kind]})" if one.kind in FRENCH else one.kind for one in KINDS)
        msg = f"« {workflow[:60]} » n'est pas un cycle de vie ; au choix : {known}"
        raise Invalid(msg)
    text = mermaid(kind.workflow)
    if session.json:
        write_json({"workflow": kind.kind, "mermaid": text})
    else:
        click.echo(text, nl=False)
