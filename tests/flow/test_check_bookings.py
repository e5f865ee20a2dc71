"""What orders count on and what is booked for them are compared: a stream cut at its end shows on the other side."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from installflow import Checked, Finding, InstallFlow
from installflow.checking import bookings
from installflow.importing import import_board
from installflow.orders import (
    CommentAdded,
    PutOnStandBy,
    TechnicianAbsent,
    TechnicianUnassigned,
    VisitScheduled,
    day_id,
)
from installflow.testing.clock import FixedClock
from tests.flow.acts import APRIL_14, APRIL_15, SONIA, opened_order, planned
from tests.flow.wander import Wander

BOARD = Path(__file__).resolve().parents[1] / "data" / "board" / "planning.csv"
KARIM_14 = day_id("Karim", APRIL_14)

Tampered = tuple[InstallFlow, sqlite3.Connection]


def findings_of(checked: Checked) -> list[Finding]:
    """All but those on the positions: that an event is gone shows there too."""
    return [finding for finding in checked.findings if finding.code not in ("missing_position", "missing_tail")]


def told(checked: Checked) -> list[tuple[str, str]]:
    return [(finding.code, finding.where) for finding in findings_of(checked)]


@pytest.fixture
def tampered(opened: Callable[..., InstallFlow], tmp_path: Path) -> Iterator[Tampered]:
    flow = opened(f"sqlite:///{tmp_path}/orders.db")
    with closing(sqlite3.connect(tmp_path / "orders.db", isolation_level=None)) as database:
        yield flow, database


def cut(database: sqlite3.Connection, one: UUID, events: int = 1) -> None:
    """Delete the last events of an aggregate by hand."""
    assert (
        database.execute(
            "DELETE FROM stored_events WHERE originator_id = ?1 AND originator_version > -?2 +"
            " (SELECT MAX(originator_version) FROM stored_events WHERE originator_id = ?1)",
            (one.hex, events),
        ).rowcount
        == events
    )


@pytest.mark.parametrize("seed", [7, 2026, 31337])
def test_no_life_of_orders_makes_a_false_alarm(flow: InstallFlow, clock: FixedClock, seed: int):
    for number, _ in enumerate(Wander(flow, clock, seed, clock_may_step_back=True).steps(60)):
        if number % 20 == 19:
            assert flow.check().findings == []


def test_neither_does_a_board_that_was_taken_over(flow: InstallFlow, clock: FixedClock):
    clock.now = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    import_board(flow, BOARD, by=SONIA, today=dt.date(2026, 11, 21))
    assert flow._store.ids("", "technician_day"), "it has bookings to compare"
    assert flow.check().findings == []


def test_a_day_that_lost_its_booking_names_the_order(tampered: Tampered):
    flow, database = tampered
    lucky = opened_order(flow, planned(technician="Léa"))
    one = opened_order(flow, planned(technician="Karim / Léa", date=APRIL_15, override_reason="renfort"))
    cut(database, day_id("Karim", APRIL_15))
    (finding,) = findings_of(flow.check())
    assert (finding.code, finding.where) == ("day_not_booked", str(one))
    assert "15/04/2027" in finding.sentence
    assert "sauvegarde" in finding.sentence
    assert "Karim" not in finding.sentence, "a finding ends up in logs"
    assert flow.load(lucky).visit.booked


def test_an_order_that_lost_its_plan_leaves_a_day_booked_for_nothing(tampered: Tampered):
    flow, database = tampered
    one = opened_order(flow, planned())
    cut(database, one)
    assert told(flow.check()) == [("day_not_held", str(KARIM_14))]


def test_a_release_that_was_lost_shows_too(tampered: Tampered):
    flow, database = tampered
    one = opened_order(flow, planned(), PutOnStandBy(reason="client absent"))
    assert flow.check().findings == []
    cut(database, KARIM_14)
    (finding,) = findings_of(flow.check())
    assert (finding.code, finding.where) == ("day_not_held", str(KARIM_14))
    assert str(one) in finding.sentence


def test_what_was_overridden_moved_or_given_back_is_no_alarm(flow: InstallFlow):
    flow.open(TechnicianAbsent(technician="Karim", day=APRIL_14, reason="congés"), by=SONIA)
    opened_order(flow, planned(override_reason="renfort"), VisitScheduled(date=APRIL_15, slot="14H"))
    opened_order(flow, planned(technician=" KARIM ", date=APRIL_15, override_reason="à deux"))
    opened_order(flow, planned(technician="Léa"), TechnicianUnassigned())
    opened_order(flow, planned(technician="Léa"), VisitScheduled(date=APRIL_15, extra=True))
    assert flow.check().findings == []


def test_an_order_that_cannot_be_read_accuses_no_day(tampered: Tampered):
    flow, database = tampered
    one = opened_order(flow, CommentAdded(text="x"), planned())
    database.execute(
        "UPDATE stored_events SET state = '{' WHERE originator_id = ? AND originator_version = 2", (one.hex,)
    )
    assert told(flow.check()) == [("damaged_event", f"{one}/2")]
    database.execute("DELETE FROM stored_events WHERE originator_id = ? AND originator_version = 2", (one.hex,))
    assert told(flow.check()) == [("missing_version", f"{one}/2")]


def test_however_many_are_lost_only_so_many_are_held_in_memory(tampered: Tampered, monkeypatch: pytest.MonkeyPatch):
    flow, database = tampered
    orders = {str(opened_order(flow, planned(technician=f"T{number}"))) for number in range(6)}
    database.execute("DELETE FROM stored_events WHERE topic LIKE 'technician_day.%'")
    assert {where for _, where in told(flow.check())} == orders
    monkeypatch.setattr(bookings, "CLOSER", 2)
    found = findings_of(flow.check())
    assert {finding.code for finding in found} == {"day_not_booked", "more"}
    assert found[-1].sentence.startswith(f"{6 - (len(found) - 1)} autre(s)")
    monkeypatch.setattr(bookings, "UNKNOWN", 0)
    assert findings_of(flow.check()) == [], "with so much that cannot be folded there is nothing sound to compare"
