"""The visit being planned: what is shown, agreed and booked, and what makes an agreement lapse."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.terms import OrderStatus as S
from installflow.orders.terms import Origin, Slot
from installflow.orders.visit import READ_BY_VISIT, Agreement, FurtherVisit, Visit
from installflow.workflow.event import Event
from tests.orders.told import APRIL_14, APRIL_15, planned

AGREED = (planned(), e.TechnicianConfirmed(), e.PartnerConfirmed())
KARIM = {("karim", APRIL_14): ("Karim", (Slot.H0930,))}


def visit(*events: Event) -> Visit:
    one = Visit()
    for event in events:
        one = one.after(event)
    return one


def test_only_what_is_given_changes():
    one = visit(planned(), n.VisitScheduled(slot="14H"))
    assert (one.date, one.slot, one.technicians, one.project_manager) == (APRIL_14, Slot.H1400, ("Karim",), "Inès")


def test_both_agree_to_the_visit_as_it_stands():
    one = visit(*AGREED)
    assert (one.technician_holds, one.partner_holds) == (True, True)
    assert one.technician_agreed == Agreement(APRIL_14, Slot.H0930, ("karim",))


def test_nobody_agrees_to_no_date():
    one = visit(n.VisitScheduled(slot="9H"), e.TechnicianConfirmed(), e.PartnerConfirmed())
    assert (one.technician_holds, one.partner_holds, one.partner_agreed) == (False, False, None)


@pytest.mark.parametrize(
    ("event", "technician", "partner"),
    [
        (n.VisitScheduled(date=APRIL_15), False, False),
        (n.VisitScheduled(slot="14H"), False, False),
        (n.VisitScheduled(remove_date=True), False, False),
        (n.VisitScheduled(technician="Léa"), False, True),
        (n.TechnicianAssigned(technician="Karim / Léa"), False, True),
        (n.TechnicianUnassigned(), False, True),
        (e.TechnicianOriginChanged(origin="5 com"), False, True),
        (e.TechnicianWithdrew(reason="x"), False, True),
        (e.VisitRescheduled(reason="x", date=APRIL_15), False, False),
        (e.VisitRescheduled(reason="x", date=APRIL_15, technician_confirmed=True), True, False),
        (e.VisitRescheduled(reason="x", date=APRIL_15, partner_confirmed=True), False, True),
        (e.VisitRescheduled(reason="x"), False, False),
        (e.TechnicianDeclined(reason="x"), False, False),
        (e.PutOnStandBy(reason="x"), False, False),
        (e.VisitFailed(reason="x"), False, False),
        (n.VisitScheduled(project_manager="Paul"), True, True),
        (n.ProjectManagerAssigned(project_manager="Paul"), True, True),
        (n.VisitScheduled(date=APRIL_14, slot="9H30"), True, True),
        (n.VisitScheduled(technician=" KARIM"), True, True),
        (n.CommentAdded(text="x"), True, True),
        (e.InstallationConfirmed(), True, True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Event) else str(value),
)
def test_an_agreement_lapses_when_what_it_confirms_changes(event: Event, technician: bool, partner: bool):
    one = visit(*AGREED, event)
    assert (one.technician_holds, one.partner_holds) == (technician, partner)


def test_naming_the_subcontractor_s_technician_completes_its_agreement():
    one = visit(planned(origin="5 com", technician=""), e.TechnicianConfirmed())
    assert one.technician_holds
    assert one.after(n.TechnicianAssigned(technician="Paul")).technician_holds
    assert one.after(e.TechnicianConfirmed(technician="Paul")).technician_holds
    assert not one.after(n.VisitScheduled(technician="Paul", slot="9H")).technician_holds


def test_an_answer_for_another_day_holds_once_the_visit_is_moved_there():
    early = visit(planned(), e.TechnicianConfirmed(date=APRIL_15), e.PartnerConfirmed(date=APRIL_15))
    assert (early.technician_holds, early.partner_holds) == (False, False)
    moved = early.after(e.VisitRescheduled(reason="x", date=APRIL_15))
    assert (moved.technician_holds, moved.partner_holds) == (True, True)


def test_withdrawing_keeps_date_and_slot_and_asks_the_next():
    one = visit(*AGREED, e.TechnicianWithdrew(reason="x", origin="5 com", technician="Léa"))
    assert (one.date, one.slot, one.origins, one.technicians) == (APRIL_14, Slot.H0930, (Origin.CINQ_COM,), ("Léa",))
    assert one.is_5com


def test_one_of_two_technicians_may_be_taken_off():
    one = visit(planned(technician="Karim / Léa"), n.TechnicianUnassigned(technician="léa"))
    assert one.technicians == ("Karim",)
    assert one.after(n.TechnicianUnassigned()).technicians == ()


# Days


@pytest.mark.parametrize(
    ("events", "days"),
    [
        ((planned(),), KARIM),
        ((n.VisitScheduled(technician="Karim"),), {}),
        ((n.VisitScheduled(date=APRIL_14, slot="9H30"),), {}),
        ((n.VisitScheduled(date=APRIL_14, slot="9H30"), n.TechnicianAssigned(technician="Karim")), KARIM),
        ((planned(), e.TechnicianDeclined(reason="x")), {}),
        ((planned(), e.TechnicianDeclined(reason="x"), e.TechnicianRequested()), KARIM),
        ((planned(), e.PartnerDeclined(reason="x")), {}),
        ((planned(), n.VisitScheduled(remove_date=True)), {}),
        ((planned(), e.TechnicianDeclined(reason="x"), e.TechnicianConfirmed()), KARIM),
        ((planned(), e.TechnicianDeclined(reason="x"), e.TechnicianConfirmed(date=APRIL_15)), {}),
    ],
)  # fmt: skip
def test_the_days_held(events: tuple[Event, ...], days: dict[Any, Any]):
    assert visit(*events).days() == days


def test_a_further_visit_is_held_beside_the_present_one():
    one = visit(planned(), n.VisitScheduled(date=APRIL_15, extra=True))
    assert one.further == (FurtherVisit(APRIL_15, Slot.H0930, ("Karim",)),)
    assert set(one.days()) == {("karim", APRIL_14), ("karim", APRIL_15)}


def test_work_left_to_finish_moves_on_to_the_next_visit_booked():
    later = dt.date(2027, 4, 20)
    one = visit(
        planned(), n.VisitScheduled(date=later, extra=True),
        n.VisitScheduled(date=APRIL_15, extra=True, technician="Léa"),
        e.VisitDone(report="x", result="à finir"),
    )  # fmt: skip
    assert (one.date, one.technicians, one.technician_holds, one.booked) == (APRIL_15, ("Léa",), True, True)
    assert [further.date for further in one.further] == [later]
    nothing_more = visit(*AGREED, e.VisitDone(report="x", result="à finir"))
    assert (nothing_more.booked, nothing_more.technician_holds, nothing_more.date) == (False, False, APRIL_14)
    assert visit(*AGREED, e.VisitDone(report="x")) == visit(*AGREED)


@pytest.mark.parametrize(
    ("event", "status", "day", "booked"),
    [
        (planned(), S.TO_PLAN, APRIL_14, True),
        (planned(), S.TO_PLAN, APRIL_15, False),
        (planned(), S.STAND_BY, APRIL_14, False),
        (planned(), S.ANNULER, APRIL_14, False),
        (planned(), S.CLOTUREE, APRIL_14, False),
    ],
)
def test_nobody_is_booked_in_the_past_on_hold_or_at_the_end(event: Event, status: S, day: dt.date, booked: bool):
    assert Visit().settled(event, status, at(day), moved=False).booked is booked


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), dt.UTC)


def test_what_was_booked_before_stays_booked_when_the_day_has_passed_and_at_closing():
    one = visit(planned())
    assert one.settled(n.VisitScheduled(slot="14H"), S.RDV_POSE, at(APRIL_15), moved=False).booked
    assert one.settled(e.InstallationClosed(), S.CLOTUREE, at(APRIL_15), moved=True).booked
    cancelled = e.OrderCancelled(confirmed_by="x", how="x")
    assert not one.settled(cancelled, S.ANNULER, at(APRIL_14), moved=True).booked


def test_closing_frees_the_visits_that_will_not_take_place_and_books_no_other():
    later = dt.date(2027, 4, 20)
    one = visit(planned(), n.VisitScheduled(date=APRIL_15, extra=True), n.VisitScheduled(date=later, extra=True))
    closed = one.settled(e.InstallationClosed(), S.CLOTUREE, at(APRIL_15), moved=True)
    assert sorted(day for _, day in closed.days()) == [APRIL_14, APRIL_15]
    again = closed.settled(n.VisitScheduled(date=later, extra=True), S.CLOTUREE, at(APRIL_15), moved=False)
    assert again == closed


def test_a_partner_s_no_elsewhere_keeps_the_day_and_not_its_agreement():
    one = visit(*AGREED)
    kept = one.settled(e.PartnerDeclined(reason="x"), S.RDV_POSE, at(APRIL_14), moved=False)
    assert (kept.booked, kept.technician_holds, kept.partner_holds) == (True, True, False)
    freed = one.settled(e.PartnerDeclined(reason="x"), S.TO_PLAN, at(APRIL_14), moved=True)
    assert (freed.booked, freed.technician_holds) == (False, False)


@pytest.mark.parametrize(
    ("status", "booked", "agreed"),
    [
        (S.RDV_POSE, True, True), (S.ATTENTE_TECH, True, False), (S.ATT_5COM, True, False), (S.TO_PLAN, False, False),
        (S.STAND_BY, False, False), (S.ANNULER, False, False),
    ],
)  # fmt: skip
def test_a_correction_books_or_frees_the_day(status: S, booked: bool, agreed: bool):
    shown = visit(planned(), e.TechnicianDeclined(reason="x"))
    one = shown.after(e.StatusCorrected(status=status, reason="x"))
    assert (one.booked, one.technician_holds) == (booked, agreed)
    assert one.date == APRIL_14, "DATE stays shown"


def test_an_order_taken_over_with_its_appointment_is_presumed_agreed():
    row: dict[str, Any] = {"client": "A", "date": APRIL_14, "slot": "09:30", "technicians": ("Karim",)}
    one = visit(e.OrderImported(status=S.RDV_POSE, **row))
    assert (one.technician_holds, one.partner_holds, one.booked) == (True, True, True)
    waiting = visit(e.OrderImported(status=S.ATTENTE_TECH, **row))
    assert (waiting.technician_holds, waiting.booked) == (False, True)
    assert not visit(e.OrderImported(status=S.RDV_POSE, client="A")).booked


SMALL_EVENTS = st.sampled_from(
    [
        planned(), n.VisitScheduled(date=APRIL_15), n.VisitScheduled(slot="14H"), n.VisitScheduled(technician="Léa"),
        n.VisitScheduled(remove_date=True), n.VisitScheduled(date=APRIL_15, extra=True), n.TechnicianUnassigned(),
        e.TechnicianConfirmed(), e.TechnicianConfirmed(date=APRIL_15), e.PartnerConfirmed(),
        e.PartnerConfirmed(slot="14H"), e.VisitRescheduled(reason="x", date=APRIL_14), e.VisitRescheduled(reason="x"),
        e.TechnicianDeclined(reason="x"), e.TechnicianOriginChanged(origin="5 com"), e.TechnicianRequested(),
        e.VisitDone(report="x", result="à finir"), e.PutOnStandBy(reason="x"), e.InstallationConfirmed(),
        e.StatusCorrected(status=S.RDV_POSE, reason="x"),
    ]
)  # fmt: skip


@given(st.lists(SMALL_EVENTS, max_size=12))
def test_whatever_happens_a_day_held_has_a_date_and_an_agreement_is_for_what_is_shown(events: list[Event]):
    one = visit(*events)
    assert not one.booked or one.date is not None
    if one.technician_holds:
        assert one.technician_agreed is not None
        assert (one.technician_agreed.date, one.technician_agreed.who) == (one.date, one.who)
    moved = one.after(n.VisitScheduled(date=dt.date(2028, 1, 3)))
    assert not moved.technician_holds
    assert not moved.partner_holds
    assert one.after(None) == one


def test_what_guards_read_of_a_visit_names_events_with_fields_only():
    assert e.TechnicianRequested not in READ_BY_VISIT
    assert {n.VisitScheduled, e.TechnicianConfirmed, e.PartnerConfirmed, e.VisitRescheduled} <= set(READ_BY_VISIT)
