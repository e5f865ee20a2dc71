"""The 14 cells of an order as text: what the board shows, the spreadsheet writes and an import compares with."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from installflow.orders.spreadsheet import formatting as write
from installflow.orders.spreadsheet.typed import CELL_LIMIT, CUT, ROW_LIMIT
from installflow.orders.terms import HEADERS, OrderStatus
from installflow.orders.waits import PARTNER
from installflow.workflow.view import once_a_row
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from installflow.orders.planning_row import Comment, PlanningRow

_LEFT = 1024
"""A cell is not cut shorter than this for another's sake."""


@once_a_row
def cells_of(row: PlanningRow) -> Mapping[str, str]:
    """The 14 cells of a row as text; a cell that could not be read shows what was typed."""
    visit = row.visit
    cells = {
        "IMPER": write.format_reminders(row.reminders),
        "CLIENT": row.client,
        "PARTENAIRE": write.format_partner(row.partner, _confirmer(row)),
        "DATE": write.format_date(visit.date),
        "PORTA PRÉVUE LE": row.porta.raw or write.format_porta(row.porta),
        "HEURE": write.format_slot(visit.slot),
        "TECH": write.format_origins(visit.origins),
        "NOM TECH": write.format_names(visit.technicians),
        "NOM CP": visit.project_manager,
        "STATUT": write.format_status(row.status),
        "COMMENTAIRES PLANIF": "\n".join([_signed(comment) for comment in row.comments]),
        "MATÉRIEL REÇU": write.format_material(row.material),
        "N° CHRONO": write.format_names([parcel.number for parcel in row.parcels]),
        "INFOS FACTURATION": "\n".join([_signed(comment) for comment in row.billing]),
    }
    for header, text in row.unread.items():
        if header in cells and text and (header == "STATUT" or not cells[header]):
            cells[header] = text
    return _fitting(cells)


def _fitting(cells: dict[str, str]) -> dict[str, str]:
    """The cells no longer than an import reads back: it compares with these, so what is cut here is no change there."""
    if sum(map(len, cells.values())) * 4 <= CELL_LIMIT:
        return cells
    for header, text in cells.items():
        cells[header] = _cut(text, CELL_LIMIT)
    over = sum(len(text.encode()) for text in cells.values()) - ROW_LIMIT
    for header in sorted(cells, key=lambda header: -len(cells[header])) if over > 0 else ():
        size = len(cells[header].encode())
        cells[header] = _cut(cells[header], max(size - over, _LEFT))
        over -= size - len(cells[header].encode())
        if over <= 0:
            break
    return cells


def _cut(text: str, limit: int) -> str:
    if len(text.encode()) <= limit:
        return text
    return text.encode()[: limit - len(CUT.encode())].decode(errors="ignore").rstrip() + CUT


def _confirmer(row: PlanningRow) -> str:
    """Who beside the partner must confirm, where the line as typed named them."""
    if row.imported and row.status is OrderStatus.ATTENTE_PARTE and "/" in row.typed.get("PARTENAIRE", ""):
        return next((w.of for w in row.waits if w.kind == PARTNER and w.of != row.partner), "")
    return ""


def _signed(comment: Comment) -> str:
    if not comment.by:
        return comment.text
    about = f" [{comment.category}]" if comment.category else ""
    return f"{write.format_date(comment.at.astimezone(PARIS))} {comment.by}{about} : {comment.text}"


READ_FROM = (
    "status", "visit", "reminders", "client", "partner", "porta", "comments", "material", "parcels", "billing", "waits",
    "unread", "imported", "typed",
)  # fmt: skip
"""All that `cells_of` reads of a row."""

_read_from = attrgetter(*READ_FROM)


def changed_since_import(before: PlanningRow, after: PlanningRow) -> dict[str, dict[str, str]]:
    """What becomes of ``touched`` and ``unread`` after an event that is no import.

    A cell that changes is noted once with the text it had, so that an import later knows that it changed here and
    from what, even if it comes back to that text; and what could not be read of it no longer counts.
    """
    unread = after.unread
    if not (before.typed or before.imported or unread):
        return {}
    if _read_from(before) == _read_from(after):
        return {}
    was, now = cells_of(before), cells_of(after)
    changed = [header for header in HEADERS if was[header] != now[header]]
    if before.status != after.status and "STATUT" not in changed:  # both moments of Installation read alike
        changed.append("STATUT")
    if before.partner == after.partner and "PARTENAIRE" in changed:  # only who confirms beside the partner
        changed.remove("PARTENAIRE")
    if not changed:
        return {}
    touched = {header: was[header] for header in changed} | before.touched if before.typed or before.imported else {}
    return {"touched": touched, "unread": {header: text for header, text in unread.items() if header not in changed}}
