"""The planning board: one row an order, folded from its events (R-BOARD-01, R-BOARD-38)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.archive import archived
from installflow.orders.brief import Brief
from installflow.orders.calendar import TechnicianAbsent
from installflow.orders.cells import changed_since_import
from installflow.orders.lifecycle import WORKFLOW
from installflow.orders.planning_row import Comment, Notice, Parcel, PastVisit, PlanningRow, PortaCell, Reminder
from installflow.orders.terms import Material, OrderStatus, Porta, key_of
from installflow.orders.visit import CHANGE_VISITS, UNBOOKED
from installflow.orders.waits import CHANGE_WAITS, FINALS, PARTNER, PORTABILITY, SHOWN_WAIT, Situation, waits_after
from installflow.workflow.event import Event, Recorded
from installflow.workflow.view import view
from installflow.workflow.zone import PARIS

Change = dict[str, Any]
Fold = Callable[[PlanningRow, Any, Recorded], Change]


def _received(_row: PlanningRow, event: e.OrderReceived, _recorded: Recorded) -> Change:
    return {
        "client": event.client,
        "partner": event.partner,
        "phones": event.phones,
        "ref": event.ref,
        "equipment": event.equipment,
        "porta": PortaCell(state=event.porta),
    }


def _imported(_row: PlanningRow, event: e.OrderImported, recorded: Recorded) -> Change:
    porta = PortaCell(
        state=event.porta,
        date=event.porta_date,
        operator=event.porta_operator,
        remarks=event.porta_remarks,
        raw=event.typed.get("PORTA PRÉVUE LE", ""),
    )
    arrived = "livré" if event.material is Material.DELIVERED else "envoyé"
    return {
        "client": event.client,
        "partner": event.partner,
        "phones": event.phones,
        "porta": porta,
        "reminders": tuple(Reminder(date=r.date, note=r.note) for r in event.reminders),
        "comments": _as_typed(recorded, event.comments),
        "billing": _as_typed(recorded, event.billing),
        "material": event.material,
        "parcels": tuple(Parcel(number=number, state=arrived) for number in event.tracking),
        "presumed": event.status not in (OrderStatus.NEW, OrderStatus.COLLECTE),
        "staged": event.status not in _EARLY,
        "imported": True,
        "cancel_reason": event.cancel_reason,
        "cancel_confirmed": event.cancel_confirmed,
        "typed": _as_in_cells(event),
        "extra": event.extra,
        "unread": event.unread,
    }


def _as_in_cells(event: e.OrderImported) -> dict[str, str]:
    """The line as typed; a long text is stored once, in its field."""
    texts = {"COMMENTAIRES PLANIF": event.comments, "INFOS FACTURATION": event.billing}
    return {header: text for header, text in texts.items() if text} | event.typed


def _as_typed(recorded: Recorded, text: str) -> tuple[Comment, ...]:
    return (Comment(at=recorded.occurred_at, by="", text=text),) if text else ()


def _note(recorded: Recorded, text: str, category: str = "") -> tuple[Comment, ...]:
    signed = recorded.by.on_behalf_of or recorded.by.name
    return (Comment(at=recorded.occurred_at, by=signed, text=text, category=category),) if text else ()


def _phones(row: PlanningRow, event: Any, _recorded: Recorded) -> Change:
    return {"phones": row.phones if event.phones is None else event.phones}


def _collected(row: PlanningRow, event: e.CollecteCompleted, recorded: Recorded) -> Change:
    return {**_phones(row, event, recorded), "collected": True}


def _uncollected(row: PlanningRow, event: e.CollecteReopened, recorded: Recorded) -> Change:
    return {**_phones(row, event, recorded), "collected": False, "presumed": False}


def _skipped(row: PlanningRow, event: e.StagingSkipped, recorded: Recorded) -> Change:
    done = {"collected": True} if event.collecte_completed else {}
    return {**_phones(row, event, recorded), "equipment": False, "staged": True, **done}


def _porta(row: PlanningRow, **changes: Any) -> Change:
    return {"porta": row.porta.changed(changes)}


def _porta_awaited(row: PlanningRow, event: e.PortabilityAwaited, _recorded: Recorded) -> Change:
    return _porta(row, state=Porta.ASKED, operator=event.operator or row.porta.operator)


def _porta_confirmed(row: PlanningRow, event: e.PortabilityConfirmed, _recorded: Recorded) -> Change:
    operator = event.operator or row.porta.operator
    confirmed = _porta(row, state=Porta.CONFIRMED, date=event.date, operator=operator, raw="")
    return confirmed | {"notices": _other(row, PORTABILITY)}


def _porta_postponed(row: PlanningRow, event: e.PortabilityPostponed, recorded: Recorded) -> Change:
    lost = (
        "la portabilité est reportée sans date"
        if event.date is None
        else f"la portabilité passe au {event.date:%d/%m/%Y}"
    )
    sentence = f"{lost} : vérifier le RDV" + (f" ({event.reason})" if event.reason else "")
    return _porta(row, state=Porta.ASKED, date=event.date, raw="") | _notice(row, recorded, sentence, PORTABILITY)


def _porta_refused(row: PlanningRow, event: e.PortabilityRefused, recorded: Recorded) -> Change:
    sentence = f"l'opérateur refuse la portabilité ({event.reason}) : la redemander"
    return _porta(row, state=Porta.ASKED, date=None, raw="") | _notice(row, recorded, sentence, PORTABILITY)


def _porta_noted(row: PlanningRow, event: n.PortabilityNoted, _recorded: Recorded) -> Change:
    given = {"state": event.state, "date": event.date, "operator": event.operator, "remarks": event.remarks}
    # With the cell as typed the event says all there is to read in it: a date it leaves out is gone.
    changes = {name: value for name, value in given.items() if value or (event.raw and name != "state")}
    unread = {header: text for header, text in row.unread.items() if header != "PORTA PRÉVUE LE"}
    return _porta(row, **changes, raw=event.raw) | {"unread": unread}


ABSENCE = TechnicianAbsent.trigger
"""What a notice is about that a technician's absence raised."""

CORRECTION = "correction"
"""What a notice is about that the next regular move settles."""


def _notice(row: PlanningRow, recorded: Recorded, sentence: str, about: str = "") -> Change:
    """One more notice; an earlier one about the same thing gives way to it."""
    notice = Notice(at=recorded.occurred_at, sentence=sentence, about=about)
    return {"notices": (*(_other(row, about) if about else row.notices), notice)}


def _other(row: PlanningRow, about: str) -> tuple[Notice, ...]:
    return tuple([notice for notice in row.notices if notice.about != about]) if row.notices else ()


def _partner_declined(row: PlanningRow, event: e.PartnerDeclined, recorded: Recorded) -> Change:
    who = row.partner or "le partenaire"
    return _notice(row, recorded, f"{who} a refusé ({event.reason}) : reprendre la planification", PARTNER)


def _partner_answers(row: PlanningRow, _event: Any, _recorded: Recorded) -> Change:
    return {"notices": _other(row, PARTNER)}


def _done(row: PlanningRow, event: e.VisitDone, recorded: Recorded) -> Change:
    change = {"visits": _visited(row, event.result), "reported": event.result == "terminé"}
    return change | _early(row, recorded)


def _early(row: PlanningRow, recorded: Recorded) -> Change:
    """A visit told before its day is kept, and deserves a look."""
    date = row.visit.date
    if date is None or date <= recorded.occurred_at.astimezone(PARIS).date():
        return {}
    return _notice(row, recorded, f"visite enregistrée avant le jour du RDV ({date:%d/%m/%Y}) : vérifier", "visite")


def _failed(row: PlanningRow, event: e.VisitFailed, recorded: Recorded) -> Change:
    outcome = f"échec : {event.cause} ({event.reason})" + (", déplacement facturable" if event.billable else "")
    change = {"visits": _visited(row, outcome), "billable_trips": row.billable_trips + event.billable}
    return change | _early(row, recorded)


def _rescheduled(row: PlanningRow, event: e.VisitRescheduled, _recorded: Recorded) -> Change:
    moved = f"reporté au {event.date:%d/%m/%Y}" if event.date else "reporté sans date"
    return {"visits": _visited(row, f"{moved} : {event.reason}"), "reported": False}


def _visited(row: PlanningRow, outcome: str) -> tuple[PastVisit, ...]:
    visit = row.visit
    past = PastVisit(
        date=visit.date,
        slot=visit.slot.value if visit.slot else None,
        origin=" + ".join(origin.label for origin in visit.origins),
        technician=" / ".join(visit.technicians),
        outcome=outcome,
    )
    return (*row.visits, past)


def _closed(_row: PlanningRow, _event: e.InstallationClosed, _recorded: Recorded) -> Change:
    return {"reported": True, "billed": False}  # what was billed before was no final bill


def _cancellation_asked(_row: PlanningRow, event: e.CancellationRequested, recorded: Recorded) -> Change:
    return {"cancel_reason": event.reason, "cancel_asked": recorded.occurred_at}


def _cancellation_withdrawn(_row: PlanningRow, _event: e.CancellationWithdrawn, _recorded: Recorded) -> Change:
    return {"cancel_reason": "", "cancel_asked": None}


def _cancelled(row: PlanningRow, event: e.OrderCancelled, _recorded: Recorded) -> Change:
    return {"cancel_reason": event.reason or row.cancel_reason, "cancel_asked": None, "cancel_confirmed": True}


def _corrected(row: PlanningRow, event: e.StatusCorrected, recorded: Recorded) -> Change:
    change: Change = {"cancel_asked": None, "presumed": row.presumed or event.status not in _EARLY}
    change["staged"] = row.staged or event.status not in _EARLY
    if event.imported:
        sentence = f"statut mis à « {event.status.label} » par l'import ({event.reason}) : à régulariser"
        return change | _notice(row, recorded, sentence, CORRECTION)
    return change | {"notices": _other(row, CORRECTION)}


_EARLY = (OrderStatus.NEW, OrderStatus.COLLECTE, OrderStatus.STAGING)


def _reminder_set(row: PlanningRow, event: n.ReminderSet, _recorded: Recorded) -> Change:
    return {"reminders": dated(row.reminders, Reminder(date=event.date, note=event.check)), **_read(row, "IMPER")}


def _reminder_done(row: PlanningRow, event: n.ReminderDone, _recorded: Recorded) -> Change:
    done = event.date or (row.reminders[0].date if row.reminders else None)
    left = tuple(reminder for reminder in row.reminders if reminder.date != done)
    return {"reminders": dated(left, Reminder(date=event.next)) if event.next else left}


def dated(reminders: tuple[Reminder, ...], one: Reminder) -> tuple[Reminder, ...]:
    """The reminders with one more, the oldest first; one of the same day is replaced."""
    if not reminders:
        return (one,)
    others = (reminder for reminder in reminders if reminder.date != one.date)
    return tuple(sorted((*others, one), key=lambda reminder: reminder.date))


def _commented(row: PlanningRow, event: n.CommentAdded, recorded: Recorded) -> Change:
    category = event.category.label if event.category else ""
    return {"comments": (*row.comments, *_note(recorded, event.text, category))}


def _contacted(row: PlanningRow, _event: n.ClientContacted, recorded: Recorded) -> Change:
    # The facts say whether the partner forbids us to call: a fact the guard read, stored with the event.
    if (recorded.facts or {}).get("client_contact") is False:
        return _notice(row, recorded, f"le client nous a joints : prévenir {row.partner}")
    return {}


def _parcels(state: str, material: Material | None) -> Fold:
    def fold(row: PlanningRow, event: Any, _recorded: Recorded) -> Change:
        known = {key_of(parcel.number): parcel for parcel in row.parcels}
        moving = event.tracking or [p.number for p in row.parcels if state != "envoyé" and p.state == "envoyé"]
        for number in moving:
            known[key_of(number)] = Parcel(number=number, state=state)
        change: Change = {"parcels": tuple(known.values()), **_read(row, "MATÉRIEL REÇU", "N° CHRONO")}
        all_here = all(parcel.state != "envoyé" for parcel in known.values())
        if material is None:
            return change | {"returned": True}
        return change | {"material": material if all_here or material is Material.SENT else row.material}

    return fold


def _billing(row: PlanningRow, event: n.BillingNoted, recorded: Recorded) -> Change:
    return {"billing": (*row.billing, *_note(recorded, event.text)), "billed": row.billed or event.billed}


def _details(row: PlanningRow, event: n.DetailsChanged, recorded: Recorded) -> Change:
    now = event.client or row.client, event.partner or row.partner
    former = (row.client, row.partner)
    return {
        "client": now[0],
        "partner": now[1],
        "names": row.names if now == former or former in row.names else (*row.names, former),
        "ref": event.ref or row.ref,
        **_phones(row, event, recorded),
    }


def _reimported(row: PlanningRow, event: n.RowReimported, _recorded: Recorded) -> Change:
    touched = {header: text for header, text in row.touched.items() if header not in event.typed}
    typed = {**row.typed, **event.typed}
    return {"typed": typed, "touched": touched, "extra": event.extra or row.extra, "unread": event.unread}


def _alerted(row: PlanningRow, event: n.AlertRaised, recorded: Recorded) -> Change:
    raised = Notice(at=recorded.occurred_at, sentence=event.sentence, about=event.about)
    return {"notices": (*(notice for notice in row.notices if notice.sentence != event.sentence), raised)}


def _settled(row: PlanningRow, event: n.AlertSettled, _recorded: Recorded) -> Change:
    return {"notices": _other(row, event.about)} if event.about else {"notices": (), "cancel_confirmed": True}


def _scheduled(row: PlanningRow, event: n.VisitScheduled, _recorded: Recorded) -> Change:
    given = {"DATE": event.date, "HEURE": event.slot, "TECH": event.origin, "NOM TECH": event.technician}
    return _read(row, *(header for header, value in given.items() if value))


def _read(row: PlanningRow, *headers: str) -> Change:
    """Cells that could not be read give way to what was recorded since."""
    if not row.unread:
        return {}
    return {"unread": {header: text for header, text in row.unread.items() if header not in headers}}


_FOLDS: dict[type[Event], Fold] = {
    e.OrderReceived: _received,
    e.OrderImported: _imported,
    e.CollecteCompleted: _collected,
    e.CollecteReopened: _uncollected,
    e.StagingCompleted: lambda _row, _event, _recorded: {"staged": True},
    e.StagingReopened: lambda _row, _event, _recorded: {"staged": False},
    e.StagingSkipped: _skipped,
    e.PartnerAwaited: _partner_answers,
    e.PartnerConfirmed: _partner_answers,
    e.PartnerDeclined: _partner_declined,
    e.PortabilityAwaited: _porta_awaited,
    e.PortabilityConfirmed: _porta_confirmed,
    e.PortabilityPostponed: _porta_postponed,
    e.PortabilityRefused: _porta_refused,
    e.VisitDone: _done,
    e.VisitFailed: _failed,
    e.VisitRescheduled: _rescheduled,
    e.InstallationClosed: _closed,
    e.CancellationRequested: _cancellation_asked,
    e.CancellationWithdrawn: _cancellation_withdrawn,
    e.OrderCancelled: _cancelled,
    e.StatusCorrected: _corrected,
    n.VisitScheduled: _scheduled,
    n.PortabilityNoted: _porta_noted,
    n.ReminderSet: _reminder_set,
    n.ReminderDone: _reminder_done,
    n.CommentAdded: _commented,
    n.ClientContacted: _contacted,
    n.ParcelSent: _parcels("envoyé", Material.SENT),
    n.ParcelDelivered: _parcels("livré", Material.DELIVERED),
    n.ParcelReturned: _parcels("retourné", None),
    n.BillingNoted: _billing,
    n.DetailsChanged: _details,
    n.RowReimported: _reimported,
    n.AlertRaised: _alerted,
    n.AlertSettled: _settled,
}


_TELLING = CHANGE_VISITS | CHANGE_WAITS
_HELD = frozenset({*UNBOOKED, *FINALS, *SHOWN_WAIT})
"""The statuses that change visits or waits whatever happens in them."""


@view("planning", version=3, row=PlanningRow, archived=archived, brief=Brief, topics=[k.topic for k in WORKFLOW.events])
def PLANNING(row: PlanningRow | None, recorded: Recorded) -> PlanningRow | None:  # noqa: N802  # a view is a constant
    """Fold one event of an order into its row."""
    event, at = recorded.event, recorded.occurred_at
    if row is None:
        row = PlanningRow.begun(id=recorded.id, version=0, opened_at=at, moved_at=at, last_at=at)
    fold = _FOLDS.get(type(event))
    change = fold(row, event, recorded) if fold else {}
    change["version"] = recorded.version
    if at > row.last_at and recorded.by.kind == "human":
        change["last_at"] = at
    status = row.status if recorded.status is None else recorded.status_among(OrderStatus)
    visit = row.visit
    if type(event) in _TELLING or status in _HELD or vars(event).get("waits"):  # most events change neither
        moved = recorded.status is not None
        visit = visit.settled(event, status, at, moved=moved)
        now = Situation(status, moved, row.visit, visit, change.get("partner", row.partner), at)
        change["waits"] = waits_after(row.waits, event, now)
    if recorded.status is not None:
        day_kept = row.status is OrderStatus.RDV_POSE and visit.booked and status in SHOWN_WAIT
        change |= {"status": status, "moved_at": at, "day_kept": day_kept}
        _lapse(row, event, change)
    if visit is not row.visit:
        change["visit"] = visit
        notices = change.get("notices", row.notices)
        if notices and row.visit.days() != visit.days():  # an absence concerns an order while it holds the day
            change["notices"] = tuple(notice for notice in notices if notice.about != ABSENCE)
    after = row.changed(change)
    if isinstance(event, (e.OrderImported, n.RowReimported)):
        return after
    touched = changed_since_import(row, after)
    return after.changed(touched) if touched else after


def _lapse(row: PlanningRow, event: Event, change: Change) -> None:
    """Add to a move what it settles: a correction to look at, a STATUT that could not be read."""
    if row.notices and "notices" not in change:
        change["notices"] = _other(row, CORRECTION)
    unread = change.get("unread", row.unread)
    if unread and not isinstance(event, e.OrderImported):
        change["unread"] = {header: text for header, text in unread.items() if header != "STATUT"}
