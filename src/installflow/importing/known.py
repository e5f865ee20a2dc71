"""A line of an order we know: what to record so that the order says what the planner changed in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from installflow.errors import Invalid, Refused
from installflow.importing.report import reason_of
from installflow.orders import Order
from installflow.orders.events import StatusCorrected
from installflow.orders.notes import RowReimported
from installflow.orders.spreadsheet.changes import Line, changes_of
from installflow.orders.spreadsheet.identity import other_digest
from installflow.orders.spreadsheet.matching import same_text
from installflow.orders.spreadsheet.merge import Verdict, base_given, base_of, merge
from installflow.orders.spreadsheet.moves import correction, moves
from installflow.store.unit_of_work import Command, Request

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from installflow.app import InstallFlow
    from installflow.importing.past import Pasts
    from installflow.orders.planning_row import PlanningRow
    from installflow.orders.spreadsheet import RawRow, ReadRow
    from installflow.orders.spreadsheet.merge import Base, Merged
    from installflow.orders.terms import OrderStatus
    from installflow.workflow.event import Actor, Event

SHORT = 60
"""Characters shown of a cell that changed."""

_FINISHED = "commande finie depuis : si la ligne en est une nouvelle de ce client, ouvrez-la ici (installflow open)"

Notes = list[tuple[str, str]]
"""Columns, and what to tell the planner about them."""


@dataclass(slots=True)
class Compared:
    """What a line and its order come to: what to ask for (nothing when they agree), what to tell."""

    request: Request | None = None
    notes: Notes = field(default_factory=list)
    urgent: Notes = field(default_factory=list)
    """What of it says that something was not recorded."""
    conflicts: int = 0
    what: tuple[str, ...] = ()
    """What the line changes, in words."""


@dataclass(frozen=True, slots=True)
class Comparing:
    """Compares lines with their orders, for one import."""

    flow: InstallFlow
    by: Actor
    today: dt.date
    pasts: Pasts

    def compare(
        self, order: PlanningRow, cells: Mapping[str, str], row: ReadRow, given: ReadRow | None, key: str
    ) -> Compared:
        """What to record for a line; ``given`` is the same line of the file the planner started from."""
        canonical = self.flow.policies.canonical
        base = base_given(order, cells, given, canonical) if given else base_of(order, cells, row.raw)
        merged = merge(order, cells, row, base, canonical, self.today)
        if given is None and not row.raw.exported:
            old = self._old_line(order, cells, row, merged)
            if old:
                finished = [("CLIENT", _FINISHED)] if order.is_final else []
                return Compared(urgent=[*old, *finished], conflicts=len(old))
        conflicts = merged.of(Verdict.CONFLICT)
        told = Compared(urgent=[(h, _both(row.raw.cells[h], cells[h])) for h in conflicts], conflicts=len(conflicts))
        respelled = [
            header
            for header in merged.of(Verdict.AGREED)
            if not same_text(row.raw.cells[header], cells[header])
            and not same_text(row.raw.cells[header], order.typed.get(header, ""))
        ]
        extra = {**order.extra, **_extra_changed(row.raw, given)}
        changed = merged.of(Verdict.CHANGED)
        if not (changed or respelled or extra != order.extra):
            return told
        events, refusals, told.notes = self._events(order, row, base, changed)
        told.urgent += refusals
        refused = frozenset(header for header, _ in refusals)
        taken = [header for header in changed if header not in refused]
        told.what = (
            *(f"{header} : {_quoted(cells[header])} → {_quoted(row.raw.cells[header])}" for header in taken),
            *(f"{header} réécrit" for header in respelled),
            *(f"{name} : {_quoted(text)}" for name, text in extra.items() if order.extra.get(name) != text),
        )
        if len(refused) == len(changed) and not (respelled or extra != order.extra):
            return told
        events.append(_reimported(order, row, merged, refused, extra))
        commands = [
            Command(Order, order.id, event, expected_version=None if place else order.version)
            for place, event in enumerate(events)
        ]
        command_id = f"import:{key}:{order.id.hex}:{order.version}"
        told.request = Request(commands, self.by, command_id, repeatable=True)
        return told

    def _old_line(self, order: PlanningRow, cells: Mapping[str, str], row: ReadRow, merged: Merged) -> Notes:
        """What to tell of a line that says what the order said at an earlier moment, and no longer says.

        An old file never reverts newer work, and a text alone cannot tell an old copy from a change of mind: the
        order's values are kept and the planner told. A line that brings anything new is no old line.
        """
        changed = [*merged.of(Verdict.CHANGED), *merged.of(Verdict.CONFLICT)]
        extra = {name: order.extra[name] for name, text in row.raw.extra.items() if order.extra.get(name, text) != text}
        if not (changed or extra):
            return []
        day = self.pasts.day_of(order, row)
        if day is None:
            return []
        told = [(header, _old(row.raw.cells[header], cells[header], day)) for header in changed]
        told += [(name, _old(row.raw.extra[name], text, day)) for name, text in extra.items()]
        return told

    def _events(
        self, order: PlanningRow, row: ReadRow, base: Base, changed: list[str]
    ) -> tuple[list[Event], Notes, Notes]:
        """The events of the changed cells that the workflow takes, what it refuses, and what to tell of the rest."""
        readable = frozenset(header for header in changed if header not in row.unread)
        for override in (False, True):
            events, notes = self._said(order, row, base, readable, override=override)
            if self._reached(order, events) is not None:
                return events, [], notes
        # Together they are refused: each cell by itself then says which one is.
        refusals: Notes = []
        for header in sorted(readable):
            alone, _ = self._said(order, row, base, frozenset({header}), override=True)
            try:
                self._rehearse(order, alone)
            except (Refused, Invalid) as error:
                refusals.append((header, f"non enregistré : {reason_of(error)}"))
        refused = frozenset(header for header, _ in refusals)
        events, notes = self._said(order, row, base, readable - refused, override=True)
        return events, refusals, notes

    def _said(
        self, order: PlanningRow, row: ReadRow, base: Base, headers: frozenset[str], *, override: bool
    ) -> tuple[list[Event], Notes]:
        partner = self.flow.policies.canonical(row.partner) if row.partner else ""
        changes = changes_of(Line(order, row, base.typed, partner, headers), override=override)
        events, notes = changes.events, changes.notes
        if "STATUT" in headers:
            if row.status is None:
                notes.append(("STATUT", "STATUT vidé dans le fichier : le statut connu est gardé"))
            elif row.status is not order.status:
                moved = self._move(order, row, row.status, events, partner)
                events = [*events, *moved]
                notes += [("STATUT", _moved(order, row.status, event)) for event in moved]
        if "PARTENAIRE" in headers and partner:
            notes += [("PARTENAIRE", said) for said in self._stricter(order.partner, partner)]
        return events, notes

    def _stricter(self, before: str, after: str) -> Iterator[str]:
        """What the new partner asks that the one before did not."""
        old, new = self.flow.parameters(before), self.flow.parameters(after)
        asks = []
        if old["client_contact"] and not new["client_contact"]:
            asks.append("le client ne se contacte que par lui")
        if new["confirmer"] and not old["confirmer"]:
            asks.append(f"{new['confirmer']} confirme le RDV")
        if new["collecte_threshold"] < old["collecte_threshold"]:
            asks.append(f"collecte au-delà de {new['collecte_threshold']} téléphones")
        if asks:
            said = f"{after} demande plus que {before or 'les règles de tous'} ({', '.join(asks)})"
            yield f"{said} : vérifiez où en est la commande"

    def _move(
        self, order: PlanningRow, row: ReadRow, wanted: OrderStatus, before: list[Event], partner: str
    ) -> tuple[Event, ...]:
        """The events that bring the order to the status the file says: regular ones, else a correction."""
        if self._reached(order, before) is wanted:
            return ()
        for events in moves(wanted, row, partner):
            possible = (type(events[0]), order.status) in Order.workflow.rules
            if possible and self._reached(order, [*before, *events]) is wanted:
                return events
        return (correction(wanted),)

    def _reached(self, order: PlanningRow, events: list[Event]) -> OrderStatus | None:
        """The status these events would leave the order in; ``None`` when they are refused."""
        try:
            return self._rehearse(order, events)
        except (Refused, Invalid):
            return None

    def _rehearse(self, order: PlanningRow, events: list[Event]) -> OrderStatus:
        commands = [Command(Order, order.id, event) for event in events]
        outcomes = self.flow.unit().add(Request(commands, self.by, "import"))
        status: OrderStatus = outcomes[-1].after.status if outcomes else order.status
        return status


def _extra_changed(raw: RawRow, given: ReadRow | None) -> dict[str, str]:
    """The cells of other columns that say anything else than in the file the planner started from."""
    before = given.raw.extra if given else {}
    return {
        name: text
        for name, text in raw.extra.items()
        if before.get(name) != text and other_digest(name, text) not in raw.exported_extra
    }


def _quoted(text: str, most: int = SHORT) -> str:
    """A cell's text between quotes, or that it is blank."""
    flat = " ".join(text.split())
    if not flat:
        return "vide"
    return f"« {flat} »" if len(flat) <= most else f"« {flat[: most - 1]}… »"


def _moved(order: PlanningRow, wanted: OrderStatus, event: Event) -> str:
    passage = f"STATUT : {order.status.label} → {wanted.label}"
    if isinstance(event, StatusCorrected):
        return f"{passage} : aucun passage ne le dit, le statut est corrigé ; à régulariser"
    return f"{passage} enregistré comme « {event.said} » (le tableau le dit), à vérifier"


def _both(theirs: str, ours: str) -> str:
    return (
        f"changé des deux côtés : {_quoted(theirs, 200)} dans le fichier, {_quoted(ours, 200)} ici ; "
        "la valeur d'ici est gardée, mettez le fichier à jour ou enregistrez l'autre ici"
    )


def _old(theirs: str, ours: str, day: dt.date) -> str:
    return (
        f"la commande disait cela le {day:%d/%m/%Y} et a changé depuis : le fichier est-il ancien ? "
        f"{_quoted(ours, 200)} est gardé ; pour revenir à {_quoted(theirs, 200)}, l'enregistrer ici "
        f"ou importer avec --base DERNIER_FICHIER"
    )


def _reimported(
    order: PlanningRow, row: ReadRow, merged: Merged, refused: frozenset[str], extra: dict[str, str]
) -> RowReimported:
    """The line as the next import's base: see `installflow.orders.spreadsheet.merge`."""
    cells, moved = row.raw.cells, merged.base.moved
    agreed = {
        header
        for header, verdict in merged.verdicts.items()
        if verdict in {Verdict.AGREED, Verdict.CHANGED} and header not in refused
    }
    left = {header for header in merged.of(Verdict.LEFT) if header not in moved}
    settled = {header for header in agreed if not same_text(cells[header], order.unread.get(header, ""))}
    unread = {header: text for header, text in order.unread.items() if header not in settled}
    unread |= {header: row.unread[header] for header in merged.of(Verdict.CHANGED) if header in row.unread}
    return RowReimported(
        typed={header: cells[header] for header in cells if header in agreed | left},
        extra=extra,
        unread=unread,
        conflicts=tuple(merged.of(Verdict.CONFLICT)),
    )
