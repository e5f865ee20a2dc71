"""When it was recorded, when it was true: the envelope's two times, and the two questions asked of them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from installflow import Actor, DeclarationError, InstallFlow, Invalid, Refused
from installflow.orders import (
    CollecteCompleted,
    CollecteStarted,
    CommentAdded,
    DetailsChanged,
    OrderStatus,
    PutOnStandBy,
    ReminderSet,
    StagingCompleted,
    StatusCorrected,
    day_id,
)
from installflow.screens import moment_of
from installflow.testing.clock import FixedClock
from tests.flow.acts import APRIL_14, SONIA, opened_order, order_with_appointment, planned, received

PARIS = ZoneInfo("Europe/Paris")
NINE = dt.datetime(2027, 3, 2, 9, tzinfo=PARIS)


def test_an_event_is_recorded_and_occurs_now_unless_said(flow: InstallFlow):
    receipt = flow.open(received(), by=SONIA)
    assert receipt.recorded.recorded_at == receipt.recorded.occurred_at == NINE


def test_the_clock_is_read_once_for_a_unit_of_work(opened):
    ticks = iter(range(100))
    flow = opened(clock=lambda: NINE + dt.timedelta(seconds=next(ticks)))
    one = flow.open(received(), by=SONIA).id
    receipts = flow.record_many([(one, CollecteStarted()), (one, CollecteCompleted())], by=SONIA)
    assert len({receipt.recorded.recorded_at for receipt in receipts}) == 1


def test_recorded_at_never_goes_back_when_the_clock_does(flow: InstallFlow, clock: FixedClock):
    one = opened_order(flow)
    clock.set(NINE - dt.timedelta(hours=1))
    back = flow.record(one, CollecteStarted(), by=SONIA)
    assert back.recorded.recorded_at == back.recorded.occurred_at == NINE
    assert flow.open(received(), by=SONIA).recorded.recorded_at == NINE - dt.timedelta(hours=1), "another order"


@pytest.mark.parametrize("year", [1, 9999])
def test_a_clock_that_not_every_zone_can_show_records_nothing(flow: InstallFlow, clock: FixedClock, year: int):
    one = opened_order(flow)
    clock.set(dt.datetime(year, 12, 31, 23, 30, tzinfo=dt.UTC))
    with pytest.raises(DeclarationError, match="set it right"):
        flow.record(one, CollecteStarted(), by=SONIA)
    with pytest.raises(DeclarationError, match="set it right"):
        flow.open(received(), by=SONIA)
    assert flow.load(one).version == 1


def test_nothing_occurs_in_the_future(flow: InstallFlow):
    one = opened_order(flow)
    with pytest.raises(Invalid, match="le 02/03/2027 09:01, qui est à venir"):
        flow.record(one, CommentAdded(text="x"), by=SONIA, occurred_at=NINE + dt.timedelta(minutes=1))
    with pytest.raises(Invalid, match="qui est à venir"):
        flow.record(one, CommentAdded(text="x"), by=SONIA, occurred_at="2027-03-03")
    assert flow.load(one).version == 1


def test_a_move_is_never_before_the_last_move_and_a_correction_is_the_way(flow: InstallFlow, clock: FixedClock):
    one = opened_order(flow)
    clock.set("2027-03-10")
    with pytest.raises(Refused) as refused:
        flow.record(one, CollecteStarted(), by=SONIA, occurred_at="2027-03-01")
    assert [reason.guard for reason in refused.value.reasons] == ["moves_follow_one_another"]
    assert "le statut a changé le 02/03/2027 09:00" in refused.value.reasons[0].sentence
    assert flow.record(one, CollecteStarted(), by=SONIA, occurred_at="2027-03-05").status is OrderStatus.COLLECTE
    with pytest.raises(Refused):
        flow.record(one, StatusCorrected(status="New", reason="x"), by=SONIA, occurred_at="2027-03-03")
    flow.record(one, StatusCorrected(status="New", reason="x"), by=SONIA)


def test_the_statuses_as_of_any_day_are_a_prefix_of_the_history(flow: InstallFlow, clock: FixedClock):
    one = opened_order(flow)
    for day, event in (
        ("2027-03-04", CollecteStarted()),
        ("2027-03-08", CollecteCompleted()),
        ("2027-03-09", StagingCompleted()),
    ):
        clock.set("2027-03-20" if day == "2027-03-09" else day)
        flow.record(one, event, by=SONIA, occurred_at=day)
    days = [f"2027-03-{day:02d}" for day in (1, 2, 3, 4, 7, 8, 9, 20)]
    labels = [[row.status.label for row in flow.as_of(day).planning()] for day in days]
    assert labels == [
        [], ["New"], ["New"], ["Collecte"], ["Collecte"], ["Staging"],
        ["En attente de planification"], ["En attente de planification"],
    ]  # fmt: skip


def test_a_late_note_is_accepted_and_keeps_its_day(flow: InstallFlow, clock: FixedClock):
    one = opened_order(flow)
    clock.set("2027-03-10")
    flow.record(one, CollecteStarted(), by=SONIA)
    noted = flow.record(one, CommentAdded(text="appelé"), by=SONIA, occurred_at="2027-03-04")
    assert noted.recorded.occurred_at == dt.datetime(2027, 3, 4, 23, 59, 59, 999999, PARIS)
    assert "(saisi le 10/03/2027 09:00)" in flow.history(one)[-1].sentence
    assert flow.as_of("2027-03-05").row(one).row.comments[0].text == "appelé"
    assert flow.as_of("2027-03-03").row(one).row.comments == ()
    assert flow.known_on("2027-03-05").row(one).row.comments == ()


def test_a_note_before_the_order_is_accepted_too(flow: InstallFlow):
    one = opened_order(flow)
    flow.record(one, CommentAdded(text="avant"), by=SONIA, occurred_at="2027-02-01")
    assert flow.row(one).row.comments[0].text == "avant"
    assert flow.as_of("2027-02-15").planning() == [], "there was no order yet"
    assert flow.as_of("2027-03-02").row(one).row.comments[0].text == "avant"


def test_as_of_known_on_and_both_answer_three_questions(flow: InstallFlow, clock: FixedClock):
    one = opened_order(flow)
    clock.set("2027-03-05")
    flow.record(one, CollecteStarted(), by=SONIA)
    clock.set("2027-03-10")
    flow.record(one, DetailsChanged(client="Boulangerie Moreau"), by=SONIA, occurred_at="2027-03-03")
    assert flow.as_of("2027-03-04").row(one).row.client == "Boulangerie Moreau"
    assert flow.known_on("2027-03-04").row(one).row.client == "Boulangerie Morel"
    believed = flow.as_of("2027-03-04").known_on("2027-03-06")
    assert (believed.row(one).row.client, believed.row(one).status) == ("Boulangerie Morel", OrderStatus.NEW)
    assert flow.known_on("2027-03-06").as_of("2027-03-04").row(one).row == believed.row(one).row
    assert [entry.recorded.version for entry in flow.as_of("2027-03-04").history(one)] == [1, 3]
    assert [entry.recorded.version for entry in flow.known_on("2027-03-06").history(one)] == [1, 2]
    assert [entry.recorded.version for entry in believed.history(one)] == [1]


def test_the_past_has_every_screen(flow: InstallFlow, clock: FixedClock):
    one = opened_order(flow, ReminderSet(date="2027-03-02", check="colis"))
    clock.set("2027-03-20")
    flow.record(one, PutOnStandBy(reason="x"), by=SONIA)
    past = flow.as_of("2027-03-02")
    assert [entry.state for entry in past.agenda()] == ["aujourd'hui"]
    assert [entry.state for entry in flow.agenda()] == ["en retard"]
    assert "Rappels à faire" in {item.section for item in past.today()}
    assert past.billing(all=True)[0].state == "en cours"
    assert past.planning()[0].status is OrderStatus.NEW


def test_a_bare_day_ends_at_midnight_in_paris(flow: InstallFlow, clock: FixedClock):
    clock.set(dt.datetime(2027, 3, 2, 23, 59, 59, tzinfo=PARIS))
    one = opened_order(flow)
    clock.set(dt.datetime(2027, 3, 3, 0, 0, 0, tzinfo=PARIS))
    flow.record(one, CollecteStarted(), by=SONIA)
    assert flow.as_of("2027-03-02").row(one).status is OrderStatus.NEW
    assert flow.as_of(dt.date(2027, 3, 3)).row(one).status is OrderStatus.COLLECTE
    assert flow.as_of("2027-03-01").planning() == []


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        ("2027-03-28", "2027-03-28T21:59:59.999999+00:00"),
        ("2027-03-27", "2027-03-27T22:59:59.999999+00:00"),
        ("2027-10-31", "2027-10-31T22:59:59.999999+00:00"),
        ("2027-10-30", "2027-10-30T21:59:59.999999+00:00"),
        ("31/10/2027", "2027-10-31T22:59:59.999999+00:00"),
        (dt.date(2027, 10, 31), "2027-10-31T22:59:59.999999+00:00"),
        ("2027-10-31T02:30:00+02:00", "2027-10-31T00:30:00+00:00"),
        ("2027-10-31T02:30:00+01:00", "2027-10-31T01:30:00+00:00"),
    ],
)
def test_days_of_a_change_of_hour_end_when_they_do(day: Any, ends: str):
    assert moment_of(day).astimezone(dt.UTC).isoformat() == ends


@pytest.mark.parametrize("when", ["2027-03-02T09:00", dt.datetime(2027, 3, 2, 9)])
def test_a_datetime_carries_its_zone(flow: InstallFlow, when: Any):
    for ask in (flow.as_of, flow.known_on, lambda at: flow.open(received(), by=SONIA, occurred_at=at)):
        with pytest.raises(Invalid, match="n'a pas de fuseau horaire : écrire par exemple 2027-03-02T09:00:00"):
            ask(when)


@pytest.mark.parametrize("when", ["hier", "", "2027-13-01", "32/01/2027", "2027"])
def test_what_is_no_moment_is_refused(flow: InstallFlow, when: str):
    with pytest.raises(Invalid, match="n'est ni une date ni un moment"):
        flow.as_of(when)


@pytest.mark.parametrize(
    "when",
    [
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-14:00",
        "0001-01-01",
        "9999-12-31",
        "1969-12-31",
        dt.date.min,
        dt.date.max,
    ],
)
def test_a_moment_out_of_the_calendar_is_refused(flow: InstallFlow, when: Any):
    for ask in (flow.as_of, flow.known_on, lambda at: flow.open(received(), by=SONIA, occurred_at=at)):
        with pytest.raises(Invalid, match="hors du calendrier"):
            ask(when)


def test_todays_bare_day_is_now(flow: InstallFlow):
    assert flow.open(received(), by=SONIA, occurred_at="2027-03-02").recorded.occurred_at == NINE
    assert flow.open(received(), by=SONIA, occurred_at=dt.date(2027, 3, 2)).recorded.occurred_at == NINE


def test_a_day_past_books_nobody(flow: InstallFlow, clock: FixedClock):
    one = order_with_appointment(flow)
    assert flow.load(one).visit.booked
    clock.set("2027-05-20")
    two = order_with_appointment(flow)
    assert not flow.load(two).visit.booked


def test_who_acted_for_whom_and_from_where_is_kept(flow: InstallFlow):
    karim = Actor("Sonia", role="planner", id="u1", on_behalf_of="Karim", source="téléphone")
    one = flow.open(received(), by=karim).id
    (entry,) = flow.history(one)
    assert entry.recorded.by == karim
    assert "Sonia pour Karim (planner, source : téléphone)" in entry.sentence
    assert entry.envelope()["by"] == {
        "id": "u1", "name": "Sonia", "role": "planner", "kind": "human", "on_behalf_of": "Karim", "source": "téléphone",
    }  # fmt: skip


def test_the_facts_a_guard_read_are_stored_and_told(flow: InstallFlow):
    one = opened_order(flow, phones=3)
    noted = flow.record(one, flow.event("demarrer_staging"), by=SONIA).recorded
    assert noted.facts == {"collecte_threshold": 4}
    assert flow.history(one)[-1].sentence.endswith("[vu : seuil de collecte 4]")
    assert flow.record(one, CommentAdded(text="x"), by=SONIA).recorded.facts is None


def test_the_table_in_force_is_kept_under_its_digest(flow: InstallFlow):
    recorded = flow.open(received(partner="VIP"), by=SONIA).recorded
    document = flow.workflow_document(recorded.workflow)
    assert document is not None
    assert '"policy":"VIP TELECOM"' in document
    assert flow.workflow_document("nothing") is None


def test_moves_told_late_follow_one_another_by_when_they_happened(flow: InstallFlow, clock: FixedClock):
    one = flow.open(received(phones=2), by=SONIA, occurred_at="2027-01-04").id
    flow.record(one, CollecteStarted(), by=SONIA, occurred_at="2027-01-10")
    with pytest.raises(Refused):
        flow.record(one, PutOnStandBy(reason="x"), by=SONIA, occurred_at="2027-01-08")
    flow.record(one, PutOnStandBy(reason="x"), by=SONIA, occurred_at="2027-01-12")
    labels = [flow.as_of(f"2027-01-{day:02}").row(one).status.label for day in (5, 9, 11, 13)]
    assert labels == ["New", "New", "Collecte", "Stand BY"]


def test_a_reaction_happened_when_its_cause_did(flow: InstallFlow):
    one = opened_order(flow)
    flow.record(one, planned(), by=SONIA, occurred_at="2027-02-03")
    booked = flow.history(day_id("Karim", APRIL_14))[0].recorded
    assert booked.occurred_at == flow.history(one)[-1].recorded.occurred_at
    assert booked.occurred_at < booked.recorded_at
