"""`installflow openip`: OpenIP's offers, what a page of the portal adds to them, and the orders they serve."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from installflow.cli.columns import Column, Line, show_hanging, show_remark, show_table
from installflow.cli.commands import screen_with_commands
from installflow.cli.exports import file_options, tell_files, write_table_files
from installflow.cli.moments import moment_said, past_options, screens_of, tell_unreadable
from installflow.cli.named import order_of
from installflow.cli.openip_offer import show_offer
from installflow.cli.session import Session
from installflow.cli.typed import number_of
from installflow.cli.writing import screen, write, write_json
from installflow.errors import Invalid, NotFound
from installflow.openip import (
    OcStatus,
    OfferLinked,
    OfferQuery,
    OfferUnlinked,
    SupplyOrderLinked,
    SupplyOrderUnlinked,
    offer_id,
    page_schema,
    supply_order_id,
)
from installflow.openip.money import write_money
from installflow.openip.status import SORTS
from installflow.workflow.spelling import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from installflow.app import InstallFlow
    from installflow.observing import Observed
    from installflow.openip import OfferLine
    from installflow.receipt import Receipt

HEADERS = (
    "RÉF.",
    "NOM DE L'OFFRE",
    "RÉF. COMMANDE",
    "CLIENT FINAL",
    "ENTREPRISE RÉFÉRENTE",
    "SITE",
    "LIVRAISON",
    "ÉTAT",
    "SELON LES FICHES",
    "PILOTE",
    "TYPE",
    "ABONNEMENT CLIENT",
    "FMS CLIENT",
    "ABONNEMENT OPÉ.",
    "FMS OPÉ.",
    "COMMANDES D'INSTALLATION",
)
AMOUNTS = len(HEADERS) - 5
"""Where the amounts begin: a terminal shows them offer by offer (`openip show`)."""
COLUMNS = tuple(
    Column(header, wraps=bool(place), optional=bool(place)) for place, header in enumerate(HEADERS[:AMOUNTS])
)
TYPED_SORTS = {
    "ref": "RÉF",
    "name": "NOM",
    "order_ref": "COMMANDE",
    "company": "ENTREPRISE",
    "delivery": "LIVRAISON",
}
"""Each sort, and its French name."""

LINKED = {
    (True, False): "rattachée à",
    (True, True): "déjà rattachée à",
    (False, False): "détachée de",
    (False, True): "n'était pas rattachée à",
}
"""What is said of a link asked for or undone, and of one that was so already."""

OFFER = click.argument("ref", metavar="OC")
DOCUMENT = click.argument("ref", metavar="OC|COM")
ORDER = click.argument("order", metavar="COMMANDE")


@screen_with_commands(
    "openip",
    "Sans COMMANDE : la liste des offres. Celles où plus rien n'est attendu (livrées, annulées, résiliées) sont "
    "cachées sans --all, sauf quand quelque chose y est signalé.",
)
@click.option(
    "--search", metavar="MOTS", default="", help="dans la référence, l'offre, le client, l'entreprise, une FPC"
)
@click.option("--status", metavar="ÉTAT", default="", help=f"un seul état : {', '.join(one.label for one in OcStatus)}")
@click.option("--sort", metavar="COLONNE", default="", help=f"au choix : {', '.join(TYPED_SORTS.values())}")
@click.option("--tasks", is_flag=True, help="celles où OpenIP attend une réponse de nous")
@click.option("--gaps", is_flag=True, help="celles dont l'état n'est pas celui que disent leurs fiches")
@click.option("--all", "every", is_flag=True, help="celles où plus rien n'est attendu aussi")
@click.option("--limit", metavar="N", help="les N premières lignes seulement")
@past_options
@file_options
@click.pass_context
def openip_command(
    context: click.Context,
    *,
    search: str,
    status: str,
    sort: str,
    tasks: bool,
    gaps: bool,
    every: bool,
    limit: str | None,
    as_of: str | None,
    known_on: str | None,
    csv_file: str | None,
    xlsx_file: str | None,
    force: bool,
) -> None:
    """Show the offers, or leave it to the command named."""
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
    session: Session = context.obj
    query = OfferQuery(search=search, sort=_sort(sort), tasks=tasks, gaps=gaps, all=every, status=status)
    most = number_of("--limit", limit, 1)
    with session.reading() as flow:
        screens = screens_of(flow, as_of, known_on, None)
        found = screens.openip(query)
        if not found and status:
            _check_status(status, screens.openip(all=True))
        lines = found[:most]
        tell_unreadable(flow)
    files = write_table_files(csv_file, xlsx_file, "OpenIP", HEADERS, map(_values, lines), force=force)
    if session.json:
        write_json([line.as_json() for line in lines])
    elif files:
        tell_files(files, len(lines), "offre(s)")
    else:
        show_offers(lines)
        if len(lines) < len(found):
            write(Text(f"\n{len(found) - len(lines)} autre(s) sans --limit", style="dim"))


def _refuse_options(context: click.Context) -> None:
    given = [
        one.opts[0]
        for one in context.command.params
        if one.expose_value and context.params.get(str(one.name)) not in (None, "", False)
    ]
    if given:
        msg = f"{given[0]} est une option de la liste, pas de « {context.invoked_subcommand} » : l'ôter"
        raise Invalid(msg, code="usage")


def _sort(typed: str) -> str:
    names = {key_of(name): sort for sort, french in TYPED_SORTS.items() for name in (sort, french)}
    if not typed:
        return next(iter(SORTS))
    if key_of(typed) not in names:
        msg = f"--sort : « {typed[:60]} » n'est pas une colonne ; au choix : {', '.join(TYPED_SORTS.values())}"
        raise Invalid(msg, code="usage")
    return names[key_of(typed)]


def _check_status(typed: str, lines: Sequence[OfferLine]) -> None:
    """Raise `Invalid` for a state that is none, and that no offer shows."""
    known = {key_of(label): label for label in (*(one.label for one in OcStatus), *(line.shown for line in lines))}
    if key_of(typed) not in known:
        msg = f"--status : « {typed[:60]} » n'est pas un état d'offre ; au choix : {', '.join(known.values())}"
        raise Invalid(msg, code="usage")


def show_offers(lines: Sequence[OfferLine]) -> None:
    """The portal's list, with what is flagged and what waits for us beneath each offer."""
    if not lines:
        write("aucune offre à montrer : « installflow openip observe FICHIER » lit une page du portail")
        return
    shown = []
    for line in lines:
        cells = [_said(value) for value in _values(line)[:AMOUNTS]]
        shown.append(Line(cells, beneath=(*line.tasks, *line.flags)))
    show_table(COLUMNS, shown)


def _values(line: OfferLine) -> tuple[str | dt.date | None, ...]:
    said, amounts = line.row.said, line.amounts
    return (
        line.row.ref,
        said.name or "",
        said.order_ref or "",
        said.client or "",
        said.company or "",
        (said.site.name or "") if said.site else "",
        line.delivery,
        line.shown,
        line.computed.label if line.sheets else "",
        said.pilot or "",
        str(said.kind or ""),
        *(write_money(getattr(amounts, name)) for name in type(amounts)._fields),
        " / ".join(one.hex[:8] for one in line.row.orders),
    )


def _said(value: str | dt.date | None) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value or ""


@openip_command.declare(
    "observe",
    "ce qu'une page du portail dit de nouveau est enregistré, et rien d'autre",
    "FICHIER : le texte d'une page de MyOpenIP copiée entière (ou le même contenu en JSON) ; « - » lit ce qui est "
    "collé, jusqu'à Ctrl-D. La même page une seconde fois n'enregistre rien.",
)
@click.argument("file", metavar="FICHIER")
@click.option(
    "--seen-at", metavar="MOMENT", help="quand la page a été copiée (hier 14h30) ; maintenant sans cette option"
)
@click.option("--dry-run", is_flag=True, help="tout lire et comparer sans rien enregistrer")
@click.pass_obj
def observe_command(session: Session, *, file: str, seen_at: str | None, dry_run: bool) -> None:
    """Record what a page adds to what is known."""
    from installflow.observing import observe  # noqa: PLC0415  # the other commands do without

    actor, text = session.actor(source="OpenIP"), _text_of(file)
    with session.trying(dry_run=dry_run) as flow:
        observed = observe(flow, text, by=actor, seen_at=moment_said(seen_at, flow.today_is), dry_run=dry_run)
    session.recorded = not dry_run and bool(observed.documents)
    if session.json:
        write_json(observed.as_json())
    else:
        show_observed(observed)


def _text_of(name: str) -> str:
    """The text of a file, or of standard input; as UTF-8, else as Windows writes it."""
    if name == "-":
        stdin = getattr(sys.stdin, "buffer", None)
        data = stdin.read() if stdin else sys.stdin.read().encode("utf-8", "surrogateescape")
    else:
        try:
            data = Path(name).read_bytes()
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            msg = f"« {name[:80]} » ne peut pas être lu : vérifier son nom et vos droits"
            raise Invalid(msg, code="unreadable") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def show_observed(observed: Observed) -> None:
    """What was recorded, document by document, and what is to be known of the page."""
    console = screen()
    trial = " (essai : rien n'est enregistré)" if observed.dry_run else ""
    new = sum(document.new for document in observed.documents)
    counts = ((new, "nouveau(x)"), (len(observed.documents) - new, "modifié(s)"), (observed.unchanged, "inchangé(s)"))
    told = ", ".join(f"{count} {words}" for count, words in counts if count)
    write(Text(f"document(s) : {told or 'aucun'}{trial}", style="bold"))
    for document in observed.documents:
        show_hanging(console, Text("+ " if document.new else "~ ", style="bold green"), document.sentence)
    for sentence in (*observed.left, *observed.remarks):
        show_remark(console, sentence, indent=0)
    for sentence in observed.missing:
        show_remark(console, sentence, indent=0, mark="-", style="")


@openip_command.declare("schema", "le schéma du JSON que « observe » accepte")
@click.pass_obj
def schema_command(_session: Session) -> None:
    """Print the JSON schema of a page."""
    write_json(page_schema())


@openip_command.declare(
    "show", "une offre en entier", "Ses fiches avec chaque date prévue, ses prix, son périmètre, son historique."
)
@OFFER
@past_options
@click.pass_obj
def show_command(session: Session, *, ref: str, as_of: str | None, known_on: str | None) -> None:
    """Show one offer in full."""
    with session.reading() as flow:
        one = offer_id(ref)
        screens = screens_of(flow, as_of, known_on, None)
        line = next((line for line in screens.openip(all=True) if line.row.id == one), None)
        if line is None:
            raise NotFound(_unknown(flow, one, ref))
        tell_unreadable(flow, one)
        orders = [(order, screens.row(order)) for order in line.row.orders]
    if session.json:
        write_json(line.as_json() | {"said": line.row.said.model_dump(mode="json")})
    else:
        show_offer(line, orders)


def _unknown(flow: InstallFlow, one: UUID, ref: str) -> str:
    try:
        flow.load(one)
    except NotFound:
        return f"aucune offre « {ref.strip()[:80]} » n'a été observée : la liste est « installflow openip --all »"
    return f"l'offre {ref.strip()[:80]} n'était pas encore observée à ce moment-là : choisir un moment plus tard"


@openip_command.declare(
    "link",
    "rattacher une offre (OC) ou une commande OpenIP (COM) à une commande d'installation",
    "Ses fiches produits sont rattachées avec elle.",
)
@DOCUMENT
@ORDER
@click.pass_obj
def link_command(session: Session, *, ref: str, order: str) -> None:
    """Link a document to an installation order."""
    _linking(session, ref, order, linked=True)


@openip_command.declare("unlink", "détacher une offre (OC) ou une commande OpenIP (COM) d'une commande d'installation")
@DOCUMENT
@ORDER
@click.pass_obj
def unlink_command(session: Session, *, ref: str, order: str) -> None:
    """Undo a link."""
    _linking(session, ref, order, linked=False)


def _linking(session: Session, ref: str, order: str, *, linked: bool) -> None:
    actor = session.actor()
    with session.reading() as flow:
        one, kind = _document(flow, ref)
        serving = order_of(flow, order)
        already = (serving in flow.load(one).orders) == linked
        said = ((OfferUnlinked, OfferLinked) if kind == "offer" else (SupplyOrderUnlinked, SupplyOrderLinked))[linked]
        receipt: Receipt | None = None if already else flow.record(one, said(order=serving), by=actor)
        row = flow.row(serving)
    session.recorded = receipt is not None
    if session.json:
        write_json(
            {"id": str(one), "ref": ref.strip(), "order": str(serving), "linked": linked, "changed": not already}
        )
        return
    done = LINKED[linked, already]
    write(f"✓ {ref.strip()} : {done} {row.row.client}")


def _document(flow: InstallFlow, ref: str) -> tuple[UUID, str]:
    """An offer or an order at OpenIP by its reference; raises `NotFound`."""
    for one, kind in ((offer_id(ref), "offer"), (supply_order_id(ref), "supply_order")):
        try:
            flow.load(one)
        except NotFound:
            continue
        return one, kind
    asked = ref.strip()[:80]
    msg = f"ni offre (OC) ni commande (COM) « {asked} » n'a été observée : « installflow openip observe » d'abord"
    raise NotFound(msg)
