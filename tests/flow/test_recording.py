"""Recording and reading through the facade: what is stored, what is refused, what the same command answers."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from installflow import Actor, Conflict, Event, Forbidden, InstallFlow, Invalid, NotFound, Refused, StoreUnavailable
from installflow.orders import (
    CollecteCompleted,
    CollecteStarted,
    CommentAdded,
    DetailsChanged,
    OrderReceived,
    OrderStatus,
    ParcelSent,
    PartnerAwaited,
    PartnerConfirmed,
    PutOnStandBy,
    StagingCompleted,
    StagingStarted,
    TechnicianAbsent,
    VisitScheduled,
)
from installflow.testing.clock import FixedClock
from tests.flow.acts import APRIL_14, SONIA, opened_order, order_to_plan, planned, received


class Elsewhere(Event, topic="order.elsewhere"):
    pass


def test_an_order_opens_moves_and_is_read(flow: InstallFlow):
    receipt = flow.open(received(ref="C-1"), by=SONIA)
    assert receipt.as_json() == {
        "id": str(receipt.id), "ref": "C-1", "version": 1, "status": "New", "event": "OrderReceived",
    }  # fmt: skip
    moved = flow.record(str(receipt.id), CollecteStarted(), by=SONIA)
    assert (moved.version, moved.status, moved.event, moved.warnings, moved.repeated) == (
        2, OrderStatus.COLLECTE, CollecteStarted(), (), False,
    )  # fmt: skip
    assert [(row.id, row.status) for row in flow.planning()] == [(receipt.id, OrderStatus.COLLECTE)]
    assert [entry.recorded.topic for entry in flow.history(receipt.id)] == ["order.received", "order.collecte_started"]
    assert "Commande reçue de HIGHCOM pour 2 téléphones : New — Sonia (planner)" in flow.history(receipt.id)[0].sentence


def test_options_say_what_may_happen_and_why_not(flow: InstallFlow):
    options = {option.event: option for option in flow.options(opened_order(flow, phones=6))}
    assert options[CollecteStarted].allowed
    assert [reason.guard for reason in options[StagingStarted].reasons] == ["collecte_is_done_above_threshold"]
    assert not options[StagingStarted].allowed


def test_what_options_allow_without_typing_is_recorded_and_what_they_refuse_is_not(flow: InstallFlow):
    one = opened_order(flow, phones=6)
    for option in flow.options(one):
        if option.fields.get("required") or any("saisie" in reason.sentence for reason in option.reasons):
            continue
        try:
            event = option.event()
        except ValueError:
            continue
        if option.allowed:
            flow.record(one, event, by=SONIA, dry_run=True)
        else:
            with pytest.raises(Refused):
                flow.record(one, event, by=SONIA, dry_run=True)
    assert flow.load(one).version == 1


def test_all_refusals_come_at_once_and_nothing_is_stored(flow: InstallFlow):
    one = opened_order(flow, phones=None)
    with pytest.raises(Refused) as refused:
        flow.record(one, flow.event("passer_sans_staging"), by=SONIA)
    assert [reason.guard for reason in refused.value.reasons] == ["phones_are_known"]
    with pytest.raises(Refused) as refused:
        flow.record(
            opened_order(flow, StagingStarted(), StagingCompleted()), flow.event("confirmer_installation"), by=SONIA
        )
    assert [reason.guard for reason in refused.value.reasons] == [
        "date_is_set", "slot_is_set", "origin_is_set", "project_manager_is_set", "technician_has_confirmed_the_visit",
    ]  # fmt: skip
    assert flow.load(one).version == 1


def test_a_named_target_not_taken_is_a_warning(flow: InstallFlow):
    one = order_to_plan(flow, PartnerAwaited(reason="x"))
    receipt = flow.record(one, PartnerConfirmed(next="Installation"), by=SONIA)
    assert receipt.status is OrderStatus.TO_PLAN
    assert any("« Installation » demandé, non retenu : la DATE manque" in warning for warning in receipt.warnings)


def test_a_role_is_forbidden_what_is_not_its_own_and_reads_whose_it_is(flow: InstallFlow):
    one = opened_order(flow)
    with pytest.raises(Forbidden) as forbidden:
        flow.record(one, PutOnStandBy(reason="x"), by=Actor("Karim", role="technician"))
    assert forbidden.value.code == "forbidden"
    assert forbidden.value.reasons[0].sentence == "réservé aux rôles : partner, planner, project_manager"
    assert flow.load(one).version == 1
    flow.record(one, PutOnStandBy(reason="x"), by=Actor("Inès", role="project_manager"))
    assert flow.load(one).version == 2


def test_a_dry_run_decides_and_stores_nothing(flow: InstallFlow):
    one = opened_order(flow)
    assert flow.record(one, CollecteStarted(), by=SONIA, dry_run=True).status is OrderStatus.COLLECTE
    assert flow.load(one).version == 1
    nobody = flow.open(received(), by=SONIA, dry_run=True).id
    with pytest.raises(NotFound):
        flow.load(nobody)


def test_what_does_not_exist_is_not_found(flow: InstallFlow):
    for act in (
        lambda: flow.record(uuid4(), CollecteStarted(), by=SONIA),
        lambda: flow.history(uuid4()),
        lambda: flow.row(uuid4()),
        lambda: flow.load("abc"),
        lambda: flow.find("abc"),
        lambda: flow.rebuild("nowhere"),
    ):
        with pytest.raises(NotFound):
            act()


def test_an_event_of_nobody_is_refused(flow: InstallFlow):
    with pytest.raises(Invalid, match="Elsewhere is not an event of any lifecycle"):
        flow.record(opened_order(flow), Elsewhere(), by=SONIA)


def test_an_event_s_class_is_no_event(flow: InstallFlow):
    one: Any = CollecteStarted
    with pytest.raises(Invalid, match=r"an event is made of its class first: CollecteStarted\(…\)"):
        flow.record(opened_order(flow), one, by=SONIA)


def test_who_acts_is_an_actor(flow: InstallFlow):
    sonia: Any = "Sonia"
    with pytest.raises(Invalid, match=r"by is an Actor, as Actor\('Sonia', role='planner'\), not str"):
        flow.open(received(), by=sonia)


def test_nothing_to_record_is_nothing(flow: InstallFlow):
    assert flow.record_many([], by=SONIA) == []


@pytest.mark.parametrize("tracking", ["\ud800", "a\x00b", "x" * 600])
def test_a_text_that_cannot_be_stored_is_invalid_wherever_it_stands(flow: InstallFlow, tracking: str):
    with pytest.raises(ValueError, match="tracking"):
        flow.record(opened_order(flow), ParcelSent(tracking=(tracking,)), by=SONIA)


def test_one_event_is_at_most_32_kib(flow: InstallFlow):
    one = opened_order(flow)
    flow.record(one, CommentAdded(text="é" * 15_000), by=SONIA)
    with pytest.raises(Invalid) as invalid:
        flow.record(one, CommentAdded(text="€" * 15_000), by=SONIA)
    assert invalid.value.code == "event_too_large"
    assert flow.load(one).version == 2


# The same command again


def test_the_same_command_is_the_same_answer_and_no_new_event(flow: InstallFlow):
    first = flow.open(received(), by=SONIA, command_id="mail-1")
    again = flow.open(received(), by=SONIA, command_id="mail-1")
    assert (again.id, again.version, again.repeated) == (first.id, 1, True)
    moved = flow.record(first.id, CollecteStarted(), by=SONIA, command_id="mail-2")
    repeated = flow.record(first.id, CollecteStarted(), by=SONIA, command_id="mail-2")
    assert (repeated.version, repeated.recorded.event_id, repeated.repeated) == (2, moved.recorded.event_id, True)
    assert flow.load(first.id).version == 2


def test_without_a_command_id_the_same_event_is_another(flow: InstallFlow):
    one = opened_order(flow)
    flow.record(one, CommentAdded(text="x"), by=SONIA)
    flow.record(one, CommentAdded(text="x"), by=SONIA)
    assert flow.load(one).version == 3


def test_the_same_command_id_for_something_else_is_a_conflict(flow: InstallFlow):
    one = opened_order(flow)
    flow.record(one, CommentAdded(text="x"), by=SONIA, command_id="c")
    for other in (CommentAdded(text="y"), CollecteStarted()):
        with pytest.raises(Conflict, match="a déjà servi à autre chose"):
            flow.record(one, other, by=SONIA, command_id="c")
    with pytest.raises(Conflict):
        flow.record_many([(one, CommentAdded(text="x")), (one, CommentAdded(text="x"))], by=SONIA, command_id="c")
    assert flow.load(one).version == 2


def test_a_command_is_looked_up_before_roles_and_guards(flow: InstallFlow):
    one = opened_order(flow)
    flow.record(one, CollecteStarted(), by=SONIA, command_id="c")
    with pytest.raises(Refused):
        flow.record(one, CollecteStarted(), by=SONIA)
    with pytest.raises(Forbidden):
        flow.record(one, CollecteStarted(), by=Actor("Karim", role="technician"))
    assert flow.record(one, CollecteStarted(), by=Actor("Karim", role="technician"), command_id="c").repeated


def test_a_repeated_command_whose_waits_were_filled_in_is_the_same(flow: InstallFlow):
    one = opened_order(flow, partner="VIP TELECOM")
    first = flow.record(one, PartnerAwaited(reason="x"), by=SONIA, command_id="c")
    assert first.event != PartnerAwaited(reason="x"), "the policy filled its waits in"
    assert flow.record(one, PartnerAwaited(reason="x"), by=SONIA, command_id="c").repeated


def test_a_repeated_unit_of_several_aggregates_gives_its_answers_in_their_order(flow: InstallFlow):
    one, two = opened_order(flow), opened_order(flow)
    unit = [(one, CommentAdded(text="1")), (two, CommentAdded(text="2")), (one, CommentAdded(text="3"))]
    first = flow.record_many(unit, by=SONIA, command_id="c")
    again = flow.record_many(unit, by=SONIA, command_id="c")
    assert [receipt.recorded.event_id for receipt in again] == [receipt.recorded.event_id for receipt in first]
    assert all(receipt.repeated for receipt in again)
    assert (flow.load(one).version, flow.load(two).version) == (3, 2)


@pytest.mark.parametrize("command_id", ["", "  ", "x" * 201, "\ud800", "a\0b", 5])
def test_a_command_id_is_a_short_text_the_store_can_keep(flow: InstallFlow, command_id: Any):
    one = opened_order(flow)
    for act in (
        lambda: flow.open(received(), by=SONIA, command_id=command_id),
        lambda: flow.record(one, CollecteStarted(), by=SONIA, command_id=command_id),
    ):
        with pytest.raises(Invalid, match="de 1 à 200 caractères"):
            act()


@pytest.mark.parametrize("given", [None, 5, 5.0, b"CMD-1", ["CMD-1"], object()])
def test_a_value_of_another_type_is_one_sentence_and_no_fault(flow: InstallFlow, given: Any):
    one = opened_order(flow)
    for act in (
        lambda: flow.find(given),
        lambda: flow.record(given, CollecteStarted(), by=SONIA),
        lambda: flow.record(one, given, by=SONIA),
        lambda: flow.record(one, CollecteStarted(), by=given),
        lambda: flow.history(given),
        lambda: flow.row(given),
        lambda: flow.as_of(given),
        lambda: flow.known_on(given),
        lambda: flow.event(given),
        lambda: flow.planning(sort=given),
        lambda: flow.planning(search=given),
    ):
        with pytest.raises((Invalid, NotFound)):
            act()
    assert flow.load(one).version == 1


def test_another_version_than_expected_is_a_conflict_at_once(flow: InstallFlow):
    one = opened_order(flow, CommentAdded(text="x"))
    with pytest.raises(Conflict, match="version 2, pas 1"):
        flow.record(one, CollecteStarted(), by=SONIA, expected_version=1)
    assert flow.record(one, CollecteStarted(), by=SONIA, expected_version=2).version == 3


# Several aggregates at once


def test_a_unit_of_several_aggregates_is_all(flow: InstallFlow):
    one, two = opened_order(flow), opened_order(flow)
    receipts = flow.record_many(
        [(one, CollecteStarted()), (two, CollecteStarted()), (one, CollecteCompleted())], by=SONIA
    )
    assert [(receipt.id, receipt.version) for receipt in receipts] == [(one, 2), (two, 2), (one, 3)]
    assert len({receipt.recorded.command_id for receipt in receipts}) == 1
    assert flow.load(one).status is OrderStatus.STAGING


def test_or_nothing(flow: InstallFlow):
    one, two = opened_order(flow), opened_order(flow, phones=6)
    for last, error in (((two, StagingStarted()), Refused), ((uuid4(), CollecteStarted()), NotFound)):
        with pytest.raises(error):
            flow.record_many([(one, CollecteStarted()), last], by=SONIA)
    with pytest.raises(Invalid, match="au plus 100 événements"):
        flow.record_many([(one, CommentAdded(text=str(n))) for n in range(101)], by=SONIA)
    assert (flow.load(one).version, flow.load(two).version) == (1, 1)
    assert flow.record_many([(one, CommentAdded(text=str(n))) for n in range(100)], by=SONIA)[-1].version == 101


# The partner's name, references


@pytest.mark.parametrize("typed", ["VIP TELECOM", "vip télécom", " VIP ", "Vip  Telecom"])
def test_a_partner_is_known_in_any_spelling(flow: InstallFlow, typed: str):
    assert flow.row(opened_order(flow, partner=typed)).row.partner == "VIP TELECOM"


def test_a_partner_without_a_policy_keeps_its_name(flow: InstallFlow):
    one = opened_order(flow, DetailsChanged(partner=" Réseau  Sud "))
    assert flow.row(one).row.partner == "Réseau Sud"


def test_an_order_is_found_by_id_prefix_or_reference(flow: InstallFlow):
    one = opened_order(flow, ref="C-2041")
    assert flow.find(one) == flow.find(str(one)) == flow.find(str(one)[:8]) == flow.find(" c-2041 ") == one
    two = opened_order(flow, ref="C-2041")
    with pytest.raises(Invalid) as ambiguous:
        flow.find("C-2041")
    assert ambiguous.value.code == "ambiguous"
    assert {reason.guard for reason in ambiguous.value.reasons} == {str(one), str(two)}
    with pytest.raises(NotFound):
        flow.find("")


def test_an_event_is_named_in_french_or_as_in_code(flow: InstallFlow):
    assert flow.event("planifier_rdv", {"date": "14/04/2027"}) == VisitScheduled(date=APRIL_14)
    assert flow.event("OrderReceived", {"client": "A", "partner": "B"}) == OrderReceived(client="A", partner="B")
    assert flow.event("CollecteStarted") == flow.event("CollecteStarted", {}) == CollecteStarted()
    with pytest.raises(Invalid, match="un objet JSON"):
        flow.event("CollecteStarted", [])
    with pytest.raises(Invalid):
        flow.event("planifier_rdv", {})


# One object


def test_two_flows_in_one_process_share_nothing(opened):
    one, two = opened(), opened()
    opened_order(one)
    assert (len(one.planning()), len(two.planning())) == (1, 0)


def test_what_is_stored_is_read_back_by_another_flow(opened, lasting_url: str):
    first = opened(lasting_url)
    one = order_to_plan(first, planned())
    first.close()
    second = opened(lasting_url)
    assert second.load(one).version == 4
    assert [row.id for row in second.planning()] == [one]


def test_closing_twice_is_closing_once(flow: InstallFlow):
    flow.close()
    flow.close()
    with pytest.raises(StoreUnavailable) as closed:
        flow.planning()
    assert closed.value.code == "store_closed"


def test_the_day_is_the_one_in_paris(flow: InstallFlow, clock: FixedClock):
    clock.set(dt.datetime(2027, 6, 30, 22, 30, tzinfo=dt.UTC))
    assert flow.today_is == dt.date(2027, 7, 1)


def test_an_absence_opens_the_technicians_day(flow: InstallFlow):
    first = flow.open(TechnicianAbsent(technician="Karim", day=APRIL_14, reason="congés"), by=SONIA)
    again = flow.open(TechnicianAbsent(technician="KARIM", day=APRIL_14, reason="formation"), by=SONIA)
    assert (again.id, again.version) == (first.id, 2)
