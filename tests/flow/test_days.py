"""The technicians' days an order holds, and what the planner is told when an answer sets no appointment."""

from __future__ import annotations

import pytest

from installflow import Forbidden, InstallFlow, Invalid, Policy, Refused
from installflow.orders import (
    AbsenceCancelled,
    DayBooked,
    DayReleased,
    InstallationClosed,
    OrderImported,
    PartnerConfirmed,
    PutOnStandBy,
    StatusCorrected,
    TechnicianAbsent,
    TechnicianAssigned,
    TechnicianConfirmed,
    TechnicianRequested,
    VisitRescheduled,
    day_id,
)
from installflow.testing.clock import FixedClock
from tests.flow.acts import APRIL_14, APRIL_15, SONIA, opened_order, order_to_plan, order_with_appointment, planned


def test_only_orders_book_and_release_a_day(flow: InstallFlow):
    one = order_with_appointment(flow)
    day = day_id("Karim", APRIL_14)
    for event in (DayReleased(order=one), DayBooked(technician="Karim", day=APRIL_14, order=one, client="x")):
        with pytest.raises(Forbidden):
            flow.record(day, event, by=SONIA)
    with pytest.raises(Forbidden):
        flow.open(DayBooked(technician="Zoé", day=APRIL_14, order=one), by=SONIA)


def test_a_correction_by_hand_does_not_book_a_day_already_taken(flow: InstallFlow):
    one = order_with_appointment(flow)
    flow.record(one, StatusCorrected(status="Stand BY", reason="x"), by=SONIA)
    order_with_appointment(flow, client="Garage Petit")
    with pytest.raises(Refused) as refused:
        flow.record(one, StatusCorrected(status="Installation", reason="erreur de saisie"), by=SONIA)
    assert "déjà pris ce jour-là par Garage Petit" in refused.value.reasons[0].sentence
    with pytest.raises(Invalid, match="rempli par l'application"):
        flow.event("corriger_statut", {"status": "Installation", "reason": "x", "imported": "oui"})


def test_two_halves_of_a_day_are_the_day(opened):
    flow = opened(policies=[Policy("Demi", parameters={"booking_unit": "half_day"})])
    both = order_to_plan(flow, planned(slot="9H"), planned(slot="14H", extra=True), partner="Demi")
    for slot in ("9H", "15H"):
        with pytest.raises(Refused):
            opened_order(flow, planned(slot=slot), partner="Demi")
    flow.record(both, PutOnStandBy(reason="x"), by=SONIA)
    opened_order(flow, planned(slot="9H"), partner="Demi")
    opened_order(flow, planned(slot="15H"), partner="Demi", client="Café")


def test_a_further_visit_stays_shown_on_stand_by_and_holds_nobody(flow: InstallFlow):
    one = order_to_plan(flow, planned(), planned(date=APRIL_15, extra=True))
    flow.record(one, PutOnStandBy(reason="x"), by=SONIA)
    assert [visit["date"] for visit in flow.row(one).as_json()["visits"]] == ["2027-04-14", "2027-04-15"]
    opened_order(flow, planned(date=APRIL_15), client="Garage Petit")


def test_a_name_put_right_on_a_closed_order_books_nobody(flow: InstallFlow, clock: FixedClock):
    one = order_with_appointment(flow)
    clock.set("2027-04-14")
    flow.record(one, InstallationClosed(report="posé"), by=SONIA)
    opened_order(flow, planned(technician="Léa"), client="Garage Petit")
    flow.record(one, TechnicianAssigned(technician="Léa"), by=SONIA)
    assert flow.row(one).cells["NOM TECH"] == "Léa"


def test_an_absence_is_cancelled_and_told_once(flow: InstallFlow):
    one = order_with_appointment(flow)
    away = TechnicianAbsent(technician="Karim", day=APRIL_14, reason="congés")
    for _ in range(2):
        flow.open(away, by=SONIA)
    assert sum("absent" in alert for alert in flow.row(one).alerts) == 1
    flow.open(AbsenceCancelled(technician="karim", day=APRIL_14), by=SONIA)
    assert not any("absent" in alert for alert in flow.row(one).alerts)
    flow.open(away, by=SONIA)
    flow.record(one, VisitRescheduled(reason="x", date=APRIL_15), by=SONIA)
    assert not any("absent" in alert for alert in flow.row(one).alerts), "the order no longer holds that day"
    flow.open(AbsenceCancelled(technician="karim", day=APRIL_14), by=SONIA)
    flow.record(one, PutOnStandBy(reason="x"), by=SONIA)
    opened_order(flow, planned(), client="Garage Petit")
    with pytest.raises(Refused, match="Absence annulée"):
        flow.open(AbsenceCancelled(technician="karim", day=APRIL_14), by=SONIA)


def test_a_move_goes_to_the_partner_only_when_its_word_alone_is_missing(flow: InstallFlow):
    vip = order_to_plan(flow, planned(), TechnicianRequested(), TechnicianConfirmed(), partner="VIP TELECOM")
    flow.record(vip, PartnerConfirmed(), by=SONIA)
    moved = VisitRescheduled(reason="x", date=APRIL_15, technician_confirmed=True)
    assert flow.record(vip, moved, by=SONIA).status.label == "Attente Parte"
    one = flow.open(
        OrderImported(status="installation.rdv_pose", client="Café", partner="HIGHCOM", date=APRIL_14, slot="14:00",
                      origins=("direct",), technicians=("Léa",)), by=SONIA,
    ).id  # fmt: skip
    with pytest.raises(Refused) as refused:
        flow.record(one, moved, by=SONIA)
    assert any("NOM CP" in reason.sentence for reason in refused.value.reasons)


def test_an_answer_that_does_not_set_the_appointment_says_why(flow: InstallFlow):
    one = order_to_plan(flow, planned(project_manager=""), TechnicianRequested())
    receipt = flow.record(one, TechnicianConfirmed(), by=SONIA)
    assert receipt.status.label == "En attente de planification"
    assert any("le NOM CP manque" in warning for warning in receipt.warnings)
    assert any("technicien d'accord : il manque NOM CP" in alert for alert in flow.row(one).alerts)


def test_a_day_off_or_past_is_said_when_it_is_planned(flow: InstallFlow):
    one = opened_order(flow)
    assert flow.record(one, planned(date="2027-05-01"), by=SONIA).warnings == (
        "DATE le 01/05/2027 : jour férié (Fête du Travail)",
    )
    assert "DATE passée (01/03/2027)" in flow.record(one, planned(date="2027-03-01"), by=SONIA).warnings
    assert flow.record(one, planned(date="2027-03-03"), by=SONIA).warnings == ()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "14/04/1927"])
def test_a_year_nobody_plans_in_is_a_slip(flow: InstallFlow, day: str):
    with pytest.raises(Invalid, match="n'est pas une année de 2000 à 2099"):
        flow.event("planifier_rdv", {"date": day})
