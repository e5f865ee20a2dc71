"""The cells a file changed, as the events that say so; what no event can say is said to the planner instead.

STATUT is not here: which event moves it depends on the workflow, and is tried out (see ``moves``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from installflow.orders import notes as n
from installflow.orders.events import ImportedReminder, OrderImported, PortabilityConfirmed
from installflow.orders.spreadsheet.typed import tidy_lines
from installflow.orders.terms import Material, OrderStatus, Porta, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from installflow.orders.planning_row import PlanningRow
    from installflow.orders.spreadsheet.row import ReadReminder, ReadRow
    from installflow.workflow.event import Event

SOURCE = "import du tableau"
"""The reason and the source of what an import records."""

TAKE_OVER = "reprise du tableau"
"""The reason under which the double bookings of a board come in (2.1)."""

LONG_TEXTS = {"COMMENTAIRES PLANIF": "comments", "INFOS FACTURATION": "billing"}
_LONG = 4_000
"""Characters from which a text is stored once only: an event has room for 32 KiB."""


def opening_of(read: ReadRow, partner: str, remarks: Iterable[str]) -> OrderImported:
    """The order a new line opens; without a status that can be read it is New, and says so."""
    raw, unread = read.raw, dict(read.unread)
    if read.status is None:
        unread["STATUT"] = raw.cells.get("STATUT", "").strip()
    typed = {header: text for header, text in raw.cells.items() if text}
    for header, name in LONG_TEXTS.items():
        if len(typed.get(header, "")) > _LONG and typed[header] == getattr(read, name):
            del typed[header]
    return OrderImported(
        status=read.status or OrderStatus.NEW,
        client=read.client,
        partner=partner,
        confirmer=read.confirmer,
        phones=read.phones,
        date=read.date,
        slot=read.slot,
        origins=read.origins,
        technicians=read.technicians,
        project_manager=read.project_manager,
        reminders=tuple(ImportedReminder(date=r.date, note=r.note) for r in _by_day(read.reminders)),
        porta=read.porta.state,
        porta_date=read.porta.date,
        porta_operator=read.porta.operator,
        porta_remarks=read.porta.remarks,
        comments=read.comments,
        material=read.material,
        tracking=read.tracking,
        billing=read.billing,
        cancel_reason=read.cancel_reason,
        cancel_confirmed=read.cancel_confirmed,
        typed=typed,
        extra=raw.extra,
        unread=unread,
        remarks=tuple(remarks),
    )


def _by_day(reminders: Iterable[ReadReminder]) -> list[ReadReminder]:
    """One reminder a day, the oldest first."""
    days: dict[object, ReadReminder] = {}
    for reminder in sorted(reminders, key=lambda one: one.date):
        kept = days.get(reminder.date)
        if kept is None or not kept.note:
            days[reminder.date] = reminder
    return list(days.values())


@dataclass(slots=True)
class Changes:
    """What a line's changed cells come to: events to record, and by header what could not be recorded."""

    events: list[Event] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A line and its order: what each cell's reader below is given."""

    row: PlanningRow
    read: ReadRow
    base: Mapping[str, str]
    partner: str
    headers: frozenset[str]
    """The cells changed in the file alone that could be read."""

    def text(self, header: str) -> str:
        """The cell as typed, blanks around left out."""
        return tidy_lines(self.read.raw.cells.get(header, ""))


def changes_of(line: Line, *, override: bool = False) -> Changes:
    """The events for the changed cells; with ``override`` a technician already taken is booked all the same."""
    changes = Changes()
    for headers, tell in _TELLERS:
        if line.headers & headers:
            tell(line, changes)
    if override:
        changes.events = [
            event.model_copy(update={"override_reason": TAKE_OVER}) if isinstance(event, n.VisitScheduled) else event
            for event in changes.events
        ]
    return changes


def _client(line: Line, changes: Changes) -> None:
    changes.events.append(n.DetailsChanged(client=line.read.client))


def _partner(line: Line, changes: Changes) -> None:
    if line.partner:
        changes.events.append(n.DetailsChanged(partner=line.partner))
    else:
        changes.notes.append(("PARTENAIRE", f"PARTENAIRE vidé dans le fichier : {line.row.partner} est gardé"))


def _reminders(line: Line, changes: Changes) -> None:
    wanted = _by_day(line.read.reminders)
    known = {(reminder.date, reminder.note) for reminder in line.row.reminders}
    for reminder in wanted:
        if (reminder.date, reminder.note) not in known:
            changes.events.append(n.ReminderSet(date=reminder.date, check=reminder.note))
    kept = {reminder.date for reminder in wanted}
    for gone in line.row.reminders:
        if gone.date not in kept:
            changes.events.append(n.ReminderDone(result=f"retiré de la cellule ({SOURCE})", date=gone.date))
            said = (
                f"rappel du {gone.date:%d/%m/%Y} retiré dans le fichier : enregistré comme « IMPER fait », à vérifier"
            )
            changes.notes.append(("IMPER", said))


def _visit(line: Line, changes: Changes) -> None:
    read, visit = line.read, line.row.visit
    date = read.date if "DATE" in line.headers else None
    slot = read.slot if "HEURE" in line.headers else None
    cleared_date = "DATE" in line.headers and date is None
    if cleared_date or ("HEURE" in line.headers and slot is None):
        # Only both can be removed: what the file keeps is set again.
        changes.events.append(n.VisitScheduled(remove_date=True))
        date = date or (None if cleared_date else visit.date)
        slot = slot or (None if "HEURE" in line.headers else visit.slot)
    origin = read.origins if "TECH" in line.headers else ()
    technician = read.technicians if "NOM TECH" in line.headers else ()
    manager = read.project_manager if "NOM CP" in line.headers else ""
    if "NOM TECH" in line.headers and not technician:
        changes.events.append(n.TechnicianUnassigned(reason=SOURCE))
    for header, value, kept in (("TECH", origin, visit.origins), ("NOM CP", manager, visit.project_manager)):
        if header in line.headers and not value and kept:
            changes.notes.append((header, f"{header} vidé dans le fichier : la valeur connue est gardée"))
    if date or slot or origin or technician or manager:
        changes.events.append(
            n.VisitScheduled(date=date, slot=slot, origin=origin, technician=technician, project_manager=manager)
        )


def _porta(line: Line, changes: Changes) -> None:
    header, porta, row = "PORTA PRÉVUE LE", line.read.porta, line.row
    raw = line.read.raw.cells[header]
    if not line.text(header):
        changes.notes.append((header, f"{header} vidée dans le fichier : la valeur connue est gardée"))
        return
    state: Porta | None = porta.state
    if porta.state is Porta.CONFIRMED:
        state = None
        waiting = row.status is OrderStatus.ATT_PORTA or row.is_final
        if row.porta.state is not Porta.CONFIRMED and (waiting or porta.date is None):
            changes.notes.append((header, "portabilité lue comme confirmée : enregistrez-la (porta_fiabilisee)"))
        elif porta.date and (row.porta.state, row.porta.date) != (Porta.CONFIRMED, porta.date):
            changes.events.append(PortabilityConfirmed(date=porta.date, source=SOURCE, operator=porta.operator))
    changes.events.append(
        n.PortabilityNoted(
            state=state, date=porta.date, operator=porta.operator, remarks=porta.remarks, raw=raw, source=SOURCE
        )
    )


def _parcels(line: Line, changes: Changes) -> None:
    row, material = line.row, line.read.material
    known = {key_of(parcel.number) for parcel in row.parcels}
    new = tuple(number for number in line.read.tracking if key_of(number) not in known)
    if "N° CHRONO" in line.headers:
        kept = {key_of(number) for number in line.read.tracking}
        gone = [parcel.number for parcel in row.parcels if key_of(parcel.number) not in kept]
        if gone:
            changes.notes.append(("N° CHRONO", f"retiré du fichier mais gardé : {' / '.join(gone)}"))
    if "MATÉRIEL REÇU" not in line.headers:
        material = row.material
    elif material is None:
        changes.notes.append(("MATÉRIEL REÇU", "MATÉRIEL REÇU vidé dans le fichier : la valeur connue est gardée"))
        material = row.material
    if material is Material.DELIVERED and (new or row.material is not Material.DELIVERED):
        moving = tuple(parcel.number for parcel in row.parcels if parcel.state == "envoyé")
        changes.events.append(n.ParcelDelivered(tracking=(*moving, *new)))
    elif new or (material is Material.SENT and row.material is not Material.SENT):
        changes.events.append(n.ParcelSent(tracking=new))


def _comments(line: Line, changes: Changes) -> None:
    header = "COMMENTAIRES PLANIF"
    if text := _added(line, header, changes):
        changes.events.append(n.CommentAdded(text=text))
    if line.row.phones is None and line.read.phones is not None:
        changes.events.append(n.DetailsChanged(phones=line.read.phones))


def _billing(line: Line, changes: Changes) -> None:
    if text := _added(line, "INFOS FACTURATION", changes):
        changes.events.append(n.BillingNoted(text=text))


def _added(line: Line, header: str, changes: Changes) -> str:
    """What a text has more than its base: what stands after or before it, or else the lines it did not have."""
    text, base = line.text(header), tidy_lines(line.base.get(header, ""))
    if text.startswith(base):
        return text.removeprefix(base).strip()
    if text.endswith(base):
        return text.removesuffix(base).strip()
    before = Counter(base.split("\n"))
    lines = []
    for one in text.split("\n"):
        if before[one]:
            before[one] -= 1
        else:
            lines.append(one)
    if before.total():
        changes.notes.append((header, "texte retiré ou réécrit dans le fichier : l'ancien est gardé dans l'historique"))
    return "\n".join(lines).strip()


_VISIT = frozenset({"DATE", "HEURE", "TECH", "NOM TECH", "NOM CP"})
_TELLERS: tuple[tuple[frozenset[str], Callable[[Line, Changes], None]], ...] = (
    (frozenset({"CLIENT"}), _client),
    (frozenset({"PARTENAIRE"}), _partner),
    (frozenset({"IMPER"}), _reminders),
    (_VISIT, _visit),
    (frozenset({"PORTA PRÉVUE LE"}), _porta),
    (frozenset({"MATÉRIEL REÇU", "N° CHRONO"}), _parcels),
    (frozenset({"COMMENTAIRES PLANIF"}), _comments),
    (frozenset({"INFOS FACTURATION"}), _billing),
)
