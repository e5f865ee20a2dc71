"""Recording decides with guards and keeps what they read; replaying asks nobody anything."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest

from installflow.errors import DeclarationError, Invalid, NotFound, Refused
from installflow.store.mapper import Mapper
from installflow.workflow.aggregate import Aggregate, evolves
from installflow.workflow.event import SYSTEM, Actor, Event, Recorded, Registry
from installflow.workflow.fields import on_recording, wrong
from installflow.workflow.guard import Facts, as_json, events_read, name_of
from installflow.workflow.policy import Policy
from installflow.workflow.status import Status
from installflow.workflow.table import SAME, Transition, Workflow
from tests.workflow.lending import (
    CLERK,
    NOON,
    Answered,
    Asked,
    Bench,
    Corrected,
    Lending,
    Loan,
    Mislaid,
    Paused,
    Renewed,
    Resumed,
    Returned,
    Stamped,
    TakenOver,
    book_is_in,
    recorded,
    renewal_is_short,
)


class Light(Status):
    OFF = "off", "Éteinte"
    ON = "on", "Allumée"


def two_digits(value: int) -> int:
    if value > LIMIT[0]:
        raise wrong("trop de watts")
    return value


LIMIT = [99]


class Installed(Event, topic="lamp.installed"):
    pass


class SwitchedOn(Event, topic="lamp.switched_on"):
    watts: Annotated[int, on_recording(two_digits)] = 40


class SwitchedOff(Event, topic="lamp.switched_off"):
    pass


CALLS: list[str] = []


def fuse_is_in(_lamp: Aggregate, facts: Any) -> str | None:
    CALLS.append("fuse_is_in")
    if facts.broken:
        raise AssertionError("a guard is never asked on replay")
    return None


LAMP = Workflow(
    "lamp",
    statuses=Light,
    opens={Installed: Light.OFF},
    transitions=(
        Transition(SwitchedOn, {Light.OFF}, Light.ON, guards=(fuse_is_in,)),
        Transition(SwitchedOff, {Light.ON}, Light.OFF),
    ),
    parameters={"broken": False, "unread": 7},
    every_role={"clerk"},
)


class Lamp(Aggregate, kind="lamp", workflow=LAMP):
    pass


# Facts


def test_the_facts_a_guard_read_are_stored_and_no_others():
    with Bench() as bench:
        asked = bench.open(Asked(reader="Zoé")).recorded
        answered = bench.record(asked.id, Answered()).recorded
        bench.record(asked.id, Returned())
        stored = [one.facts for one in bench.history(asked.id)]
    assert asked.facts is None
    assert answered.facts == {"copies": 1, "max_weeks": 3}
    assert stored == [None, {"copies": 1, "max_weeks": 3}, None]


def test_facts_read_by_a_target_not_taken_are_stored_too():
    with Bench() as bench:
        asked = bench.open(Asked(reader="Zoé", weeks=5)).recorded
        assert bench.record(asked.id, Answered()).recorded.facts == {"copies": 1, "max_weeks": 3, "queue": "ouverte"}


def test_facts_remember_what_was_read_by_name_or_by_key():
    facts = Facts({"a": 1, "day": dt.date(2027, 4, 14), "status": Loan.LOST, "many": frozenset({"x"}), "unread": 2})
    assert facts.read() is None
    assert (facts.a, facts["day"], facts.status, facts.many) == (1, dt.date(2027, 4, 14), Loan.LOST, {"x"})
    assert facts.read() == {"a": 1, "day": "2027-04-14", "many": ["x"], "status": "end.lost"}
    assert (len(facts), sorted(facts)) == (5, ["a", "day", "many", "status", "unread"])


def test_a_fact_nobody_declared_is_a_fault_of_the_declaration():
    with pytest.raises(DeclarationError, match="reads the fact or parameter 'copy'"):
        _ = Facts({"copies": 1}).copy
    with pytest.raises(AttributeError):
        _ = Facts({}).__deepcopy__


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (Loan.LENT, "lent"),
        (dt.date(2027, 4, 14), "2027-04-14"),
        ((Loan.LENT, 2), ["lent", 2]),
        (True, True),
        ("é", "é"),
    ],
)
def test_facts_are_stored_as_json(value: Any, stored: Any):
    assert as_json(value) == stored


def test_a_guard_is_known_by_its_name_and_by_the_events_it_reads():
    assert name_of(book_is_in) == "book_is_in"
    assert name_of("book_is_in") == "book_is_in"  # what a faulty table may hold
    assert events_read(renewal_is_short) == frozenset({Renewed})
    assert events_read(book_is_in) is None


# Replay


def test_guards_are_asked_on_recording_and_never_on_replay():
    CALLS.clear()
    with Bench(aggregate=Lamp) as bench:
        lamp = bench.open(Installed()).recorded.id
        bench.record(lamp, SwitchedOn())
        assert CALLS == ["fuse_is_in"]
        CALLS.clear()
        assert bench.reload(lamp).status is Light.ON
        assert CALLS == []


def test_a_guard_that_raises_since_does_not_stop_a_replay():
    with Bench(aggregate=Lamp) as before:
        lamp = before.open(Installed()).recorded.id
        before.record(lamp, SwitchedOn())
        rows = before.store.load(lamp)
    with Bench(aggregate=Lamp, policy=Policy("broken", parameters={"broken": True})) as after:
        after.store.append([(row.id, row.version, row.topic, row.state) for row in rows])
        assert after.reload(lamp).status is Light.ON
        after.record(lamp, SwitchedOff())
        with pytest.raises(AssertionError, match="never asked on replay"):
            after.record(lamp, SwitchedOn())


def test_the_status_reached_is_stored_so_a_changed_table_rewrites_nothing():
    history = [recorded(Asked(reader="Zoé"), 1, Loan.ASKED), recorded(Returned(), 2, Loan.BACK)]
    assert Lending.replay(UUID(int=1), history).status is Loan.BACK


def test_folding_consults_no_policy():
    class Fickle(Lending, kind="loan", workflow=Lending.workflow):
        @property
        def policy_name(self) -> str:
            raise AssertionError("evolve consults no policy")

        @evolves(Asked)
        def _asked(self, event: Asked, _recorded: Recorded) -> None:
            self.reader = event.reader

    one = Fickle.replay(UUID(int=1), [recorded(Asked(reader="Zoé"), 1, Loan.ASKED), recorded(Paused(), 2, Loan.PAUSED)])
    assert (one.status, one.reader) == (Loan.PAUSED, "Zoé")
    with pytest.raises(AssertionError, match="consults no policy"):
        _ = one.policy_name


def test_the_aggregate_before_an_event_stays_as_it_was():
    before = Lending.replay(UUID(int=1), [recorded(Asked(reader="Zoé"), 1, Loan.ASKED)])
    after = before.after(recorded(Corrected(status=Loan.LENT), 2, Loan.LENT))
    assert (before.status, before.version) == (Loan.ASKED, 1)
    assert (after.status, after.version) == (Loan.LENT, 2)


def test_an_aggregate_without_words_of_its_own():
    lamp = Lamp(UUID(int=0xABCDEF01 << 96))
    assert (lamp.label, lamp.policy_name, lamp.version, lamp.status) == ("abcdef01", "", 0, None)
    assert lamp.facts(None, NOON.date()) == {"today": NOON.date()}


def test_a_late_note_leaves_the_moment_of_the_last_move():
    asked, noted = recorded(Asked(reader="Zoé"), 1, Loan.ASKED), recorded(Stamped(), 2)
    noted.occurred_at = NOON - dt.timedelta(days=9)
    one = Lending.replay(UUID(int=1), [asked, noted])
    assert (one.moved_at, one.recorded_at, one.status) == (NOON, NOON, Loan.ASKED)


def test_stand_by_and_back():
    with Bench() as bench:
        one = bench.open(Asked(reader="Zoé")).recorded.id
        bench.record(one, Answered())
        bench.record(one, Paused())
        assert bench.reload(one).previous is Loan.LENT
        assert bench.record(one, Resumed()).after.status is Loan.LENT


# Validation: new events only


def test_a_field_tightened_since_still_loads():
    with Bench(aggregate=Lamp) as bench:
        lamp = bench.open(Installed()).recorded.id
        bench.record(lamp, SwitchedOn(watts=75))
        LIMIT[0] = 60
        try:
            with pytest.raises(ValueError, match="trop de watts"):
                SwitchedOn(watts=75)
            event = bench.history(lamp)[1].event
            assert isinstance(event, SwitchedOn)
            assert event.watts == 75
            assert bench.reload(lamp).status is Light.ON
        finally:
            LIMIT[0] = 99


def test_a_row_that_does_not_fit_its_class_names_the_field_and_not_its_value():
    one = recorded(Mislaid(reason="x"))
    damaged = Recorded(
        id=one.id, version=3, event_type=Mislaid, payload={"raison": "chez Léon"}, by=CLERK, recorded_at=NOON
    )
    with pytest.raises(Exception, match=r"/3 \(loan\.mislaid\) cannot be read: raison, reason does not fit") as unread:
        _ = damaged.event
    assert "Léon" not in str(unread.value)
    assert unread.value.code == "store_damaged_event"  # type: ignore[attr-defined]  # StoreUnavailable


def test_a_payload_that_is_no_object_is_a_damaged_row():
    hollow = Recorded(id=uuid4(), version=1, event_type=Mislaid, payload=[], by=CLERK, recorded_at=NOON)
    with pytest.raises(Exception, match="reason does not fit"):
        _ = hollow.event


class Moved(Event, topic="parcel.moved", schema=3):
    metres: int

    @classmethod
    def upcast(cls, payload: dict[str, Any], schema: int) -> dict[str, Any]:
        if schema < 2:
            payload = {"metres": payload["kilometres"] * 1000}
        return payload


def test_an_older_shape_is_upcast():
    assert Moved.read({"kilometres": 2}, 1) == Moved(metres=2000)
    assert Moved.read({"metres": 2}, 2) == Moved(metres=2)
    assert Moved.read({"metres": 2}, 3) == Moved(metres=2)
    with pytest.raises(ValueError, match="metres"):
        Moved.read({"kilometres": 2}, 3)
    assert Returned.read({}, 0) == Returned()


# The envelope


def test_an_envelope_fills_in_what_is_the_same():
    one = recorded(Returned())
    assert one.occurred_at == one.recorded_at == NOON
    assert one.correlation_id == one.command_id == ""
    assert one.event_id == f"{one.id}/1"
    assert one.topic == "loan.returned"
    assert repr(one) == f"<Recorded loan.returned {one.id}/1>"


def test_two_events_ask_the_same_apart_from_what_is_filled_in():
    assert Asked(reader="Zoé").asks_the_same(Asked(reader="Zoé", waits=({"kind": "a", "of": "b"},)))
    assert not Asked(reader="Zoé").asks_the_same(Asked(reader="Zoe"))
    assert not Paused().asks_the_same(Returned())


def test_an_actor_is_somebody_with_a_role():
    actor = Actor("  Ada ", role=" clerk", on_behalf_of=" Zoé ")
    assert (actor.name, actor.role, actor.on_behalf_of, actor.kind) == ("Ada", "clerk", "Zoé", "human")
    assert (SYSTEM.role, SYSTEM.kind) == ("system", "service")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": " ", "role": "clerk"}, "un acteur a un nom et un rôle"),
        ({"name": "Ada", "role": ""}, "un acteur a un nom et un rôle"),
        ({"name": "Ada", "role": "clerk", "kind": "robot"}, "kind est human ou service, pas « robot »"),
        ({"name": "A" * 201, "role": "clerk"}, "acteur : name n'est pas un texte court"),
        ({"name": "Ada", "role": "cl\x07erk"}, "acteur : role n'est pas un texte"),
        ({"name": "\ud800", "role": "clerk"}, "acteur : name n'est pas un texte"),
        ({"name": None, "role": "clerk"}, "acteur : name n'est pas un texte"),
    ],
)
def test_a_nameless_or_unreadable_actor_is_refused(values: dict[str, Any], sentence: str):
    with pytest.raises(Invalid, match=sentence):
        Actor(**values)


# Take-overs and corrections


def test_a_take_over_opens_where_it_says_and_a_correction_moves_there():
    with Bench() as bench:
        taken = bench.open(TakenOver(status=Loan.PAUSED))
        assert taken.after.status is Loan.PAUSED
        assert bench.record(taken.recorded.id, Corrected(status=Loan.BACK)).after.status is Loan.BACK
        assert bench.record(taken.recorded.id, Corrected(status=Loan.ASKED)).after.status is Loan.ASKED


def test_a_take_over_of_what_exists_and_a_correction_of_what_does_not_are_refused():
    with Bench() as bench:
        asked = bench.open(Asked(reader="Zoé")).recorded.id
        with pytest.raises(Refused):
            bench.record(asked, TakenOver(status=Loan.PAUSED))
        with pytest.raises(Refused):
            bench.open(Corrected(status=Loan.PAUSED))
        with pytest.raises(NotFound):
            bench.record(uuid4(), Returned())


# What is stored


def test_the_facts_an_event_keeps_are_at_most_4_kib():
    for length, fits in ((2_000, True), (2_100, False)):
        with Bench(policy=Policy("p", parameters={"queue": "é" * length})) as bench:
            asked = bench.open(Asked(reader="Zoé", weeks=5)).recorded.id
            if fits:
                assert bench.record(asked, Answered()).after.status is Loan.QUEUED
                continue
            with pytest.raises(Invalid, match="more than the 4096 an event may keep"):
                bench.record(asked, Answered())


def test_the_mapper_knows_declared_topics_only():
    with Bench() as bench:
        asked = bench.open(Asked(reader="Zoé")).recorded.id
        (row,) = bench.store.load(asked)
        with pytest.raises(Exception, match=r"unknown topic 'loan\.asked'") as unknown:
            Mapper(Registry(LAMP.events)).decode(row)
        assert unknown.value.code == "store_unknown_topic"  # type: ignore[attr-defined]  # StoreUnavailable


def test_a_loop_of_an_unopened_lamp_is_no_transition():
    loop = Workflow(
        "lamp", statuses=Light, opens={Installed: Light.OFF},
        transitions=(*LAMP.transitions, Transition(Stamped, {Light.OFF}, SAME)),
    )  # fmt: skip
    assert loop.sources_of(Stamped) == [Light.OFF]
    assert (Light.OFF, Stamped, Light.OFF) not in loop.passages()
