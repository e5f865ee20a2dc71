"""One of OpenIP's offers in full, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from installflow.cli.columns import Column, Line, show_hanging, show_remark, show_table
from installflow.cli.statuses import status_shown
from installflow.cli.writing import screen
from installflow.openip.money import write_money, write_percent
from installflow.openip.said import UNSAID
from installflow.openip.telling import LABELS, written
from installflow.openip.values import write_day, write_moment
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from rich.console import Console

    from installflow.openip import OfferLine
    from installflow.openip.page import Amounts
    from installflow.openip.rows import SheetRow
    from installflow.openip.said import Part, Unsaid
    from installflow.orders import BoardRow

HEADER = ("name", "order_ref", "kind", "client", "account", "company", "pilot", "created", "delivery")
SCOPE = ("catalogue", "commitment", "termination", "site", "main_site", "billing_site")
SHEETS = tuple(map(Column, ("FICHE", "RÉF. CDE", "NOM", "RÉF. FOURN.", "STATUT", "LIVRAISON", "ABONNEMENT", "FMS")))
PRICES = tuple(map(Column, ("FICHE", "ABO. CLIENT", "FMS CLIENT", "ABO. OPÉ.", "FMS OPÉ.", "MARGE ABO.", "MARGE FMS")))
TALKS = tuple(map(Column, ("SUJET", "CRÉATION", "DERNIER ÉCHANGE", "DERNIER INTERVENANT", "PILOTE ADV", "ÉTAT")))


def show_offer(line: OfferLine, orders: Sequence[tuple[UUID, BoardRow | None]]) -> None:
    """Header, what is flagged, sheets, prices, scope, history, conversations; what no page told is left out."""
    console, row, said = screen(), line.row, line.row.said
    title = Text(f"{row.ref} — {said.name or 'offre sans nom'}", style="bold")
    console.print(title.append(f"  {line.shown}", style="bold yellow"))
    for name in HEADER:
        _field(console, LABELS[name], written(name, getattr(said, name)))
    if said.phones:
        _field(console, LABELS["phones"], " / ".join(said.phones))
    for one, board in orders:
        _field(console, "Commande", _order(one, board))
    for sentence in (*line.tasks, *line.flags):
        show_remark(console, sentence)
    for step in row.steps[:-1]:
        _field(console, "État", f"« {step.status} » vu le {step.at.astimezone(PARIS):%d/%m/%Y %H:%M}")
    _sheets(console, line.sheets)
    _prices(console, line)
    _scope(console, said)
    _list(console, "Historique", [" · ".join(entry.cells) for entry in said.history or ()])
    if line.conversations:
        _heading(console, "Conversations")
        show_table(TALKS, [Line(_talk(talk)) for talk in line.conversations])


def _order(one: UUID, board: BoardRow | None) -> str:
    if board is None:
        return f"{one.hex[:8]} (n'existait pas encore à ce moment-là)"
    return f"{one.hex[:8]} {board.row.client} ({status_shown(board.row.status)})"


def _sheets(console: Console, sheets: Sequence[SheetRow]) -> None:
    if not sheets:
        return
    _heading(console, "Fiches produits")
    lines = []
    for sheet in sheets:
        said = sheet.said
        status = str(said.unknown_status or sheet.status.label)
        names = ("ordered_ref", "name", "supplier_ref")
        cells = (
            _ref(sheet),
            *(str(getattr(said, name) or "") for name in names),
            status,
            "" if said.delivery is UNSAID else write_day(said.delivery),
            *(written(name, getattr(said, name)) for name in ("subscription", "setup_fee")),
        )
        lines.append(Line(cells, beneath=_past(sheet)))
    show_table(SHEETS, lines)


def _past(sheet: SheetRow) -> tuple[str, ...]:
    """Every status and every forecast date but the present ones, and when each was seen (R-OPENIP-07)."""
    steps = [f"statut « {one.status} » vu le {one.at.astimezone(PARIS):%d/%m/%Y}" for one in sheet.steps[:-1]]
    dates = [
        f"livraison prévue : {write_day(one.day)}, vu le {one.at.astimezone(PARIS):%d/%m/%Y}"
        for one in sheet.forecasts[:-1]
    ]
    return (*steps, *dates)


def _prices(console: Console, line: OfferLine) -> None:
    if not line.sheets:
        return
    _heading(console, "Tarifs")
    lines = [Line((_ref(sheet), *_amounts(sheet.said))) for sheet in line.sheets]
    total = line.amounts
    sums = [write_money(getattr(total, name)) for name in type(total)._fields]
    lines.append(
        Line(
            ("Total", *sums, write_percent(total.subscription_margin), write_percent(total.setup_margin)), style="bold"
        )
    )
    for told, amounts in (("Portail", line.row.said.totals), ("Montants totaux", line.row.said.overall)):
        if amounts:
            lines.append(Line((told, *_amounts(amounts)), style="dim"))
    show_table(PRICES, lines)


def _amounts(amounts: Amounts) -> tuple[str, ...]:
    names = (
        "client_subscription", "client_setup", "operator_subscription", "operator_setup", "subscription_margin",
        "setup_margin",
    )  # fmt: skip
    return tuple(written(name, getattr(amounts, name)) for name in names)


def _scope(console: Console, said: Any) -> None:
    for name in SCOPE:
        part: Part | Unsaid = getattr(said, name)
        if not part:
            continue
        _heading(console, LABELS[name])
        for field in type(part).model_fields:
            _field(console, LABELS.get(field, field), written(field, getattr(part, field)))
    contacts = [
        " · ".join(str(one) for one in (contact.name, *contact.others, contact.email) if one)
        for contact in said.contacts or ()
    ]
    _list(console, "Contacts", contacts)
    _list(console, "Pièces jointes", list(said.attachments or ()))


def _talk(talk: Any) -> tuple[str, ...]:
    said = talk.said
    return (
        talk.subject,
        write_moment(talk.created) if talk.created else "",
        *(written(name, getattr(said, name)) for name in ("last_exchange", "last_speaker", "adv_pilot", "state")),
    )


def _ref(sheet: SheetRow) -> str:
    return sheet.ref if sheet.nth == 1 else f"{sheet.ref} ({sheet.nth})"


def _heading(console: Console, words: str) -> None:
    console.print(f"\n{words}", style="bold")


def _field(console: Console, label: str, text: str) -> None:
    if text:
        show_hanging(console, Text(f"  {label:<32} ", style="cyan"), text)


def _list(console: Console, words: str, lines: Sequence[str]) -> None:
    if lines:
        _heading(console, words)
        for line in lines:
            show_hanging(console, Text("  "), line)
