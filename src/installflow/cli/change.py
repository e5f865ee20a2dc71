"""`installflow open` and `installflow record`: what changes orders."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click
from rich.text import Text

from installflow.app import KINDS
from installflow.cli.columns import show_remark
from installflow.cli.commands import command
from installflow.cli.failures import OTHER, Failure, alerts_unread, failure_of
from installflow.cli.lookalikes import lookalikes_of
from installflow.cli.moments import moment_said
from installflow.cli.named import order_of, orders_meant
from installflow.cli.own_policies import warn_of_unknown_policy
from installflow.cli.rehearsal import rows_rehearsed
from installflow.cli.session import Session
from installflow.cli.typed import asked_of, event_of, fields_of, number_of
from installflow.cli.writing import screen, warn, write, write_json
from installflow.errors import InstallflowError, Invalid
from installflow.orders import OrderReceived
from installflow.orders.field_names import french
from installflow.orders.narrative import told
from installflow.workflow.entry import parse_event
from installflow.workflow.event import Registry

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from installflow.app import InstallFlow
    from installflow.orders import BoardRow
    from installflow.receipt import Receipt
    from installflow.workflow.event import Actor, Event


def acting_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """What may be said of any change beside its fields."""
    for option in (
        click.option("--dry-run", is_flag=True, help="décider sans rien enregistrer"),
        click.option(
            "--command-id", metavar="ID", help="identifiant de la demande : répétée, elle ne compte qu'une fois"
        ),
        click.option(
            "--occurred-at", metavar="MOMENT", help="quand c'est arrivé, si ce n'est pas maintenant (hier, lundi 14h30)"
        ),
        click.option("--source", metavar="TEXTE", default="", help="d'où vient l'information (mail, téléphone…)"),
        click.option("--on-behalf-of", metavar="NOM", default="", help="qui l'a décidé, si ce n'est pas qui agit"),
    ):
        function = option(function)
    return function


@command("open", "Exemple : installflow open client='Boulangerie Morel' partenaire=HIGHCOM téléphones=6")
@click.argument("words", nargs=-1, metavar="CHAMP=VALEUR...")
@acting_options
@click.pass_obj
def open_command(
    session: Session,
    *,
    words: tuple[str, ...],
    on_behalf_of: str,
    source: str,
    occurred_at: str | None,
    command_id: str | None,
    dry_run: bool,
) -> None:
    """Start a new order with what is known of it."""
    actor = session.actor(on_behalf_of, source)
    event = parse_event(OrderReceived, fields_of(OrderReceived, words), french)
    ref: str = getattr(event, "ref", "")
    with session.trying(dry_run=dry_run) as flow:
        bearing = _bearing(flow, ref)
        happened = moment_said(occurred_at, flow.today_is)
        receipt = flow.open(event, by=actor, occurred_at=happened, command_id=command_id, dry_run=dry_run)
        session.recorded = not dry_run
        for other in bearing:
            if other.id != receipt.id:
                warn(f"⚠ la référence {ref} est déjà celle de {other.row.client} ({other.id.hex[:8]})")
        if session.json:
            write_json(receipt.as_json())
            return
        read = partial(rows_rehearsed, flow, [receipt]) if dry_run else lambda: {receipt.id: flow.row(receipt.id)}
        after = _reread(read, flow, dry_run=dry_run)
        _show_done(Done("", receipt), {}, after, dry_run=dry_run)


@command(
    "record",
    "Exemple : installflow record 3f2a91c0 demarrer_staging\n\n"
    "ÉVÉNEMENT est un nom d'événement (StagingStarted) ou son déclencheur français (demarrer_staging) ; la liste : "
    "installflow events. « - » lit les commandes sur l'entrée standard. Chaque commande est traitée à part : un refus "
    "n'arrête pas les autres, et le code de sortie est celui du plus grave. Avec --command-id et plusieurs commandes, "
    "chacune a son identifiant, dérivé de celui-ci.",
)
@click.argument("words", nargs=-1, metavar="COMMANDE... ÉVÉNEMENT [CHAMP=VALEUR]...")
@acting_options
@click.option("--expected-version", metavar="N", help="seulement si la commande en est à cette version")
@click.pass_obj
def record_command(
    session: Session,
    *,
    words: tuple[str, ...],
    on_behalf_of: str,
    source: str,
    occurred_at: str | None,
    command_id: str | None,
    dry_run: bool,
    expected_version: str | None,
) -> None:
    """Record one event on one or several orders, each in its own unit of work."""
    actor = session.actor(on_behalf_of, source)
    version = number_of("--expected-version", expected_version)
    asked = asked_of(Registry(one for kind in KINDS for one in kind.workflow.events), words)
    with session.reading() as flow:
        event = event_of(asked.event, asked.fields, flow.today_is)
        orders = orders_meant(flow, asked.orders)
        several = len(orders) > 1
        happened = moment_said(occurred_at, flow.today_is)
        request = Asking(flow, event, actor, happened, version, command_id, several=several, dry_run=dry_run)
        before = {} if session.json else _rows(flow, _found(flow, orders))
        done: list[Done] = []
        for order in orders:
            done.append(request.carry_out(order))
            session.recorded |= done[-1].receipt is not None and not dry_run
        session.exit_code = _worst(one.failure.exit_code for one in done if one.failure)
        if session.json:
            _write_json(done, several=several)
        else:
            receipts = [one.receipt for one in done if one.receipt]
            after = _after(flow, receipts, dry_run=dry_run) if receipts else {}
            for one in done:
                if one.failure:
                    _tell_failed(one)
                else:
                    _show_done(one, before, after, dry_run=dry_run)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one order: a receipt, or a failure."""

    order: str
    receipt: Receipt | None = None
    failure: Failure | None = None
    lookalikes: Sequence[str] = ()
    """Whom the technicians it names may be, under another spelling."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One event to record on one order after another."""

    flow: InstallFlow
    event: Event
    actor: Actor
    occurred_at: dt.datetime | dt.date | str | None
    version: int | None
    command_id: str | None
    several: bool
    dry_run: bool

    def carry_out(self, order: str) -> Done:
        """Record it on one order; with several, what was refused is the answer and not the end."""
        try:
            one = order_of(self.flow, order, whole=self.several)
            warn_of_unknown_policy(self.flow, one)
            receipt = self.flow.record(
                one,
                self.event,
                by=self.actor,
                occurred_at=self.occurred_at,
                command_id=self._command_id(one),
                expected_version=self.version,
                dry_run=self.dry_run,
            )
        except InstallflowError as error:
            if not self.several:
                raise
            return Done(order, failure=failure_of(error, self.flow.url))
        return Done(order, receipt, lookalikes=self._lookalikes(receipt))

    def _lookalikes(self, receipt: Receipt) -> list[str]:
        """It is recorded: a board that cannot be read now is no failure."""
        try:
            return lookalikes_of(self.flow, receipt)
        except InstallflowError as error:
            return [] if self.dry_run else [alerts_unread(error, self.flow.url)]

    def _command_id(self, one: UUID) -> str | None:
        """A command id is one unit of work's: with several orders each has its own, the same in every run."""
        return f"{self.command_id}/{one.hex}" if self.command_id and self.several else self.command_id


def _worst(codes: Any) -> int:
    """Of several exit codes, an unforeseen fault first, then the highest; 0 when all went well."""
    found = set(codes)
    return OTHER if OTHER in found else max(found, default=0)


def _found(flow: InstallFlow, orders: Iterable[str]) -> Iterator[UUID]:
    """The orders there are of those asked for; why another is not found is told when its turn comes."""
    for order in orders:
        with suppress(InstallflowError):
            yield order_of(flow, order)


def _bearing(flow: InstallFlow, ref: str) -> list[BoardRow]:
    """The orders that bear a reference already; none where that cannot be read, which stops nobody from opening one."""
    found: list[BoardRow | None] = []
    with suppress(InstallflowError):
        try:
            ids = [flow.find(ref)] if ref else []
        except Invalid as error:  # several
            ids = [UUID(reason.guard) for reason in error.reasons]
        found = [flow.screens.row(one) for one in ids]
    return [row for row in found if row and row.row.ref.casefold() == ref.casefold()]  # not one whose id begins so


def _rows(flow: InstallFlow, ids: Iterable[UUID]) -> dict[UUID, BoardRow]:
    """The board, and some orders besides that may be over."""
    screens = flow.screens
    rows = {row.id: row for row in screens.planning()}
    others = (screens.row(one) for one in ids if one not in rows)
    return rows | {row.id: row for row in others if row}


def _after(flow: InstallFlow, receipts: Sequence[Receipt], *, dry_run: bool) -> Mapping[UUID, BoardRow]:
    """The rows after some changes, or as they would be after them."""
    read = partial(rows_rehearsed, flow, receipts) if dry_run else partial(_rows, flow, [one.id for one in receipts])
    return _reread(read, flow, dry_run=dry_run)


def _reread(
    read: Callable[[], Mapping[UUID, BoardRow]], flow: InstallFlow, *, dry_run: bool
) -> Mapping[UUID, BoardRow]:
    """The rows after a change; it is stored, so when they cannot be read that is a warning and no failure."""
    try:
        return read()
    except InstallflowError as error:
        if not dry_run:
            warn(alerts_unread(error, flow.url))
        return {}


def _write_json(done: list[Done], *, several: bool) -> None:
    """One object for one order, a list for several; a failed one carries the order as typed."""
    answers: list[dict[str, Any]] = []
    for one in done:
        if one.receipt:
            answers.append(one.receipt.as_json())
            warn(*one.receipt.warnings, *one.lookalikes)
        elif one.failure:
            _tell_failed(one)
            answers.append(one.failure.as_json() | {"order": one.order})
    write_json(answers if several else answers[0])


def _tell_failed(done: Done) -> None:
    sentence, *reasons = done.failure.lines() if done.failure else ("",)
    warn(f"✗ {done.order} : {sentence}", *reasons)


def _show_done(done: Done, before: Mapping[UUID, BoardRow], after: Mapping[UUID, BoardRow], *, dry_run: bool) -> None:
    """What was recorded, the status it led to, and what it alerts that was not alerted before."""
    receipt = done.receipt
    if receipt is None:
        return
    earlier, later = before.get(receipt.id), after.get(receipt.id)
    shown = later or earlier
    client = shown.row.client if shown else getattr(receipt.event, "client", "")
    line = Text("✓ ", style="green").append(f"{client} ({receipt.id.hex[:8]}) : ", style="bold")
    line.append(told(receipt.event))
    if earlier and earlier.status != receipt.status:
        line.append(f" · {earlier.status.told} → {receipt.status.told}", style="bold")
    else:
        line.append(f" · {receipt.status.told}", style="bold")
    console = screen()
    console.print(line)
    for warning in (*receipt.warnings, *done.lookalikes):
        show_remark(console, warning)
    known = (*receipt.warnings, *(earlier.alerts if earlier else ()))
    for alert in later.alerts if later and not receipt.repeated else ():
        if alert not in known:
            show_remark(console, alert)
    if receipt.repeated:
        write("  déjà enregistré par cette même demande : rien de nouveau")
    if dry_run:
        write("  essai : rien n'est enregistré")
