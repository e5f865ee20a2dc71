"""`installflow options`: what may happen to an order now, and every reason why the rest may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from installflow.cli.columns import show_remark
from installflow.cli.commands import command
from installflow.cli.fields import starred
from installflow.cli.moments import TODAY, day_said
from installflow.cli.named import order_of
from installflow.cli.own_policies import warn_of_unknown_policy
from installflow.cli.roles import in_french, role_of, role_said
from installflow.cli.session import Session
from installflow.cli.writing import screen, write_json

if TYPE_CHECKING:
    from rich.console import Console

    from installflow.workflow.decision import Option


@command("options", "D'abord ce qui est permis, puis ce qui ne l'est pas et toutes les raisons.")
@click.argument("order", metavar="COMMANDE")
@click.option("--as-role", metavar="RÔLE", help="pour ce rôle ; sinon --role, sinon planner")
@TODAY
@click.pass_obj
def options_command(session: Session, *, order: str, as_role: str | None, today: str | None) -> None:
    """Show each transition from the order's status: allowed, or the reasons."""
    role = role_of(as_role) if as_role else session.acting_role or "planner"
    with session.reading() as flow:
        one = order_of(flow, order)
        warn_of_unknown_policy(flow, one)
        found = flow.options(one, role, today=day_said(today, flow.today_is))
        if session.json:
            write_json([as_json(option) for option in found])
            return
        console, order_now = screen(), flow.load(one)
        title = f"{order_now.label} — {order_now.status.label}, pour le rôle {role_said(role)}"
        console.print(Text(title, style="bold"))
        for title, allowed in (("Permis", True), ("Pas maintenant", False)):
            options = [option for option in found if option.allowed is allowed]
            if options:
                console.print(f"\n{title}", style="bold green" if allowed else "bold red")
                # What moves the order first, what only completes its row after.
                moving = {option.event for option in found if option.target is not None}
                for option in sorted(options, key=lambda option: option.event not in moving):
                    _show(console, option, stays=order_now.status.label if option.event in moving else "")


def as_json(option: Option) -> dict[str, Any]:
    """An option under the keys of the public contract."""
    return {
        "event": option.event.__name__,
        "target": option.target.label if option.target else None,
        "allowed": option.allowed,
        "reasons": [{"guard": reason.guard, "sentence": reason.sentence} for reason in option.reasons],
        "fields": option.fields,
    }


def _show(console: Console, option: Option, stays: str) -> None:
    line = Text(f"  {'✓' if option.allowed else '✗'} ", style="green" if option.allowed else "red")
    line.append(option.event.trigger or option.event.__name__, style="bold")
    if option.target:
        line.append(f" → {option.target.label}")
    elif stays:
        line.append(f" → reste en {stays}")
    line.append(f"  {option.event.said}", style="default")
    console.print(line)
    wanted = fields_of(option.fields)
    if wanted:
        show_remark(console, ", ".join(wanted), 4, mark="champs :", style="dim")
    for sentence in dict.fromkeys(in_french(reason.sentence) for reason in option.reasons):
        show_remark(console, sentence, 4, mark="-", style="dim" if option.allowed else "yellow")


def fields_of(schema: dict[str, Any]) -> list[str]:
    """The fields of an event, those that must be filled in marked with a star."""
    required = schema.get("required", ())
    return [starred(name, required=name in required) for name in schema.get("properties", {})]
