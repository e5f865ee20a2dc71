"""A technician's day: booked with the command, released with it, never booked twice whoever races."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from installflow import InstallFlow, Refused
from installflow.orders import (
    AlertRaised,
    CancellationRequested,
    CommentAdded,
    DayBooked,
    DayReleased,
    OrderCancelled,
    PutOnStandBy,
    StatusCorrected,
    TechnicianAbsent,
    TechnicianAssigned,
    TechnicianUnassigned,
    VisitScheduled,
    day_id,
)
from installflow.orders.calendar import Held
from tests.flow.acts import APRIL_14, APRIL_15, SONIA, opened_order, order_with_appointment, planned

KARIM_14 = day_id("Karim", APRIL_14)


def holders(flow: InstallFlow, day: UUID = KARIM_14) -> list[UUID]:
    return [held.order for held in flow.load(day).held]


def test_naming_a_technician_and_a_date_books_the_day_in_the_same_unit(flow: InstallFlow):
    one = opened_order(flow, planned())
    scheduled, booked = flow.history(one)[-1].recorded, flow.history(KARIM_14)[-1].recorded
    assert flow.load(KARIM_14).held == (Held(one, "Boulangerie Morel", "journée"),)
    assert booked.causation_id == scheduled.event_id
    assert booked.command_id == booked.correlation_id == scheduled.command_id
    assert booked.position == scheduled.position + 1
    assert booked.by.role == "system"


def test_the_second_to_book_reads_already_taken(flow: InstallFlow):
    one, two = opened_order(flow, planned()), opened_order(flow, client="Garage Petit")
    with pytest.raises(Refused) as refused:
        flow.record(two, planned(technician=" KARIM "), by=SONIA)
    assert [reason.guard for reason in refused.value.reasons] == ["technician_is_free"]
    assert "est déjà pris ce jour-là par Boulangerie Morel" in refused.value.reasons[0].sentence
    assert refused.value.sentence == "« RDV planifié » : refusé"
    assert flow.load(two).version == 1, "the command it belongs to is refused whole"
    assert holders(flow) == [one]


def test_another_technician_or_another_day_is_free(flow: InstallFlow):
    opened_order(flow, planned())
    opened_order(flow, planned(technician="Léa"))
    opened_order(flow, planned(date=APRIL_15))


def test_a_reason_overrides_and_is_kept(flow: InstallFlow):
    one = opened_order(flow, planned())
    two = opened_order(flow, planned(override_reason="renfort sur le même site"))
    assert holders(flow) == [one, two]
    booked = flow.history(KARIM_14)[-1].recorded.event
    assert isinstance(booked, DayBooked)
    assert booked.override_reason == "renfort sur le même site"
    assert any("double réservation" in alert for alert in flow.row(one).alerts)


@pytest.mark.parametrize(
    "event",
    [
        VisitScheduled(date=APRIL_15),
        VisitScheduled(remove_date=True),
        VisitScheduled(technician="Léa"),
        TechnicianAssigned(technician="Léa"),
        TechnicianUnassigned(),
        PutOnStandBy(reason="x"),
        StatusCorrected(status="Stand BY", reason="x"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_gives_the_day_back_releases_it_in_the_same_unit(flow: InstallFlow, event):
    one = opened_order(flow, planned())
    cause = flow.record(one, event, by=SONIA).recorded
    assert holders(flow) == []
    released = flow.history(KARIM_14)[-1].recorded
    assert isinstance(released.event, DayReleased)
    assert released.causation_id == cause.event_id
    opened_order(flow, planned())


def test_a_cancellation_releases_the_day(flow: InstallFlow):
    one = order_with_appointment(flow)
    flow.record(one, CancellationRequested(reason="x"), by=SONIA)
    assert holders(flow) == [one]
    flow.record(one, OrderCancelled(confirmed_by="M. X", how="mail"), by=SONIA)
    assert holders(flow) == []


def test_moving_the_slot_alone_books_nothing_again(flow: InstallFlow):
    one = opened_order(flow, planned())
    flow.record(one, VisitScheduled(slot="14H"), by=SONIA)
    assert len(flow.history(KARIM_14)) == 1


def test_two_technicians_are_booked_or_none(flow: InstallFlow):
    opened_order(flow, planned(technician="Léa"))
    two = opened_order(flow)
    with pytest.raises(Refused, match="refusé"):
        flow.record(two, planned(technician="Karim / Léa"), by=SONIA)
    opened_order(flow, planned())


def test_an_absent_technician_is_not_booked_and_those_who_had_booked_are_told(flow: InstallFlow):
    one = opened_order(flow, planned())
    flow.open(TechnicianAbsent(technician="karim", day=APRIL_14, reason="congés"), by=SONIA)
    told = flow.history(one)[-1].recorded
    assert isinstance(told.event, AlertRaised)
    assert "karim est absent le 14/04/2027 (congés)" in told.event.sentence
    assert told.causation_id == f"{KARIM_14}/2"
    with pytest.raises(Refused) as refused:
        opened_order(flow, planned())
    assert "est absent ce jour-là (congés)" in refused.value.reasons[0].sentence


def test_reading_and_rebuilding_run_no_reaction(flow: InstallFlow):
    one = opened_order(flow, planned())
    before = flow._store.position()
    flow.rebuild()
    flow.load(one)
    flow.planning()
    flow.as_of("2027-04-01").planning()
    assert flow._store.position() == before


# Races

RACERS = 4


def race(flow: InstallFlow, orders: list[UUID]) -> list[str]:
    gate = threading.Barrier(len(orders))

    def book(one: UUID) -> str:
        gate.wait()
        try:
            flow.record(one, planned(), by=SONIA)
        except Refused as refused:
            return refused.reasons[0].guard
        return "booked"

    with ThreadPoolExecutor(len(orders)) as threads:
        return sorted(threads.map(book, orders))


def test_threads_racing_for_one_day_book_it_once(flow: InstallFlow):
    for day in range(5):
        orders = [opened_order(flow) for _ in range(RACERS)]
        assert race(flow, orders) == ["booked", *["technician_is_free"] * (RACERS - 1)], day
        (held,) = holders(flow)
        flow.record(held, PutOnStandBy(reason="au suivant"), by=SONIA)


def test_without_the_days_arbitration_the_race_would_double_book(flow: InstallFlow):
    flow._engine.reactions = ()
    assert race(flow, [opened_order(flow) for _ in range(RACERS)]) == ["booked"] * RACERS


def test_threads_writing_to_one_order_all_get_through(flow: InstallFlow):
    one = opened_order(flow)
    gate = threading.Barrier(RACERS)

    def comment(number: int) -> int:
        gate.wait()
        return flow.record(one, CommentAdded(text=str(number)), by=SONIA).version

    with ThreadPoolExecutor(RACERS) as threads:
        assert sorted(threads.map(comment, range(RACERS))) == [2, 3, 4, 5]
    assert len(flow.row(one).row.comments) == RACERS


def test_threads_racing_with_one_command_id_record_it_once(flow: InstallFlow):
    gate = threading.Barrier(RACERS)
    one = opened_order(flow)

    def comment(_: int) -> bool:
        gate.wait()
        return flow.record(one, CommentAdded(text="x"), by=SONIA, command_id="c").repeated

    with ThreadPoolExecutor(RACERS) as threads:
        assert sorted(threads.map(comment, range(RACERS))) == [False, True, True, True]
    assert flow.load(one).version == 2


BOOK = """
import sys
from installflow import Actor, InstallFlow, Refused
from installflow.orders import VisitScheduled
url, order = sys.argv[1:]
flow = InstallFlow(url)
event = VisitScheduled(date="2057-04-16", slot="9H30", origin="Direct", technician="Karim", project_manager="Ines")
print("ready", flush=True)
sys.stdin.readline()
try:
    flow.record(order, event, by=Actor("Sonia", role="planner"))
    print("booked")
except Refused as refused:
    print(refused.reasons[0].guard)
flow.close()
"""


def test_processes_racing_for_one_day_book_it_once(opened, lasting_url: str):
    flow = opened(lasting_url)
    orders = [opened_order(flow) for _ in range(RACERS)]
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", BOOK, lasting_url, str(one)], stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        for one in orders
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = []
    for process in processes:
        output, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
        answers.append(output.strip())
    assert sorted(answers) == ["booked", *["technician_is_free"] * (RACERS - 1)]
    booked = [one for one in orders if flow.load(one).visit.booked]
    assert len(booked) == 1
