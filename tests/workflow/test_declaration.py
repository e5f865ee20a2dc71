"""A workflow is checked when it is declared: one example a fault, each beside the sound table it spoils."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from installflow.errors import DeclarationError
from installflow.workflow.aggregate import Aggregate, evolves
from installflow.workflow.event import Event, Recorded, Registry
from installflow.workflow.status import Status
from installflow.workflow.table import PREVIOUS, SAME, Target, Transition, Workflow, all_but
from tests.workflow.lending import WORKFLOW, Asked, Lending, Loan, Returned


class Door(Status):
    SHUT = "shut", "Fermée"
    AJAR = "ajar", "Entrouverte"
    GONE = "gone", "Enlevée"


class Elsewhere(Status):
    NOWHERE = "nowhere", "Nulle part"


class Built(Event, topic="door.built"):
    pass


class Pushed(Event, topic="door.pushed"):
    pass


class Pulled(Event, topic="door.pulled"):
    pass


class Unhung(Event, topic="door.unhung"):
    pass


class Chosen(Event, topic="door.chosen"):
    next: Door | None = None


class Repainted(Event, topic="door.repainted"):
    pass


class WindowBroken(Event, topic="window.broken"):
    pass


def wind_is_low(_door: Any, _facts: Any) -> str | None:
    return None


PUSH = Transition(Pushed, {Door.SHUT}, Door.AJAR)
PULL = Transition(Pulled, {Door.AJAR}, Door.SHUT)
UNHANG = Transition(Unhung, {Door.AJAR}, Door.GONE)
SOUND: Mapping[str, Any] = {
    "statuses": Door,
    "opens": {Built: Door.SHUT},
    "transitions": (PUSH, PULL, UNHANG),
    "finals": {Door.GONE},
}


def declared(**changes: Any) -> Workflow:
    return Workflow("door", **{**SOUND, **changes})


def test_a_sound_table_is_accepted():
    door = declared()
    assert door.events == (Built, Pushed, Pulled, Unhung)
    assert door.passages() == {
        (Door.SHUT, Pushed, Door.AJAR),
        (Door.AJAR, Pulled, Door.SHUT),
        (Door.AJAR, Unhung, Door.GONE),
    }
    assert door.sources_of(Pushed) == [Door.SHUT]
    assert door.sources_of(Built) == []


NOWHERE: Any = Elsewhere.NOWHERE
UNGUARDED: Any = "wind_is_low"

FAULTS: list[tuple[str, Mapping[str, Any], str]] = [
    ("nothing opens it", {"opens": {}}, "nothing opens it"),
    ("an unreachable status", {"transitions": (PUSH, PULL)}, "GONE is never reached"),
    (
        "a status only a loop names is not reached by it",
        {"transitions": (PUSH, PULL, Transition(Unhung, {Door.GONE}, SAME))},
        "GONE is never reached",
    ),
    ("a dead end nobody declared", {"finals": ()}, "GONE is a dead end that is not declared final"),
    (
        "a status with a loop alone is a dead end",
        {"transitions": (PUSH, PULL, UNHANG, Transition(Repainted, {Door.GONE}, SAME)), "finals": ()},
        "GONE is a dead end that is not declared final",
    ),
    ("a final status with a way out", {"finals": {Door.GONE, Door.SHUT}}, "SHUT is declared final but has a way out"),
    (
        "two transitions for one event from one status",
        {"transitions": (PUSH, PULL, UNHANG, Transition(Pushed, {Door.SHUT, Door.AJAR}, Door.GONE))},
        "Pushed has two transitions from SHUT",
    ),
    (
        "an unknown source",
        {"transitions": (PUSH, PULL, UNHANG, Transition(Repainted, {NOWHERE}, Door.SHUT))},
        "Repainted names the unknown status",
    ),
    (
        "an unknown target",
        {"transitions": (PUSH, PULL, UNHANG, Transition(Repainted, {Door.SHUT}, NOWHERE))},
        "Repainted names the unknown status",
    ),
    ("an unknown final", {"finals": {Door.GONE, NOWHERE}}, "finals names the unknown status"),
    ("an unknown entry", {"entry": {NOWHERE: ()}}, "entry names the unknown status"),
    ("an unknown opening", {"opens": {Built: Door.SHUT, Repainted: NOWHERE}}, "Repainted names the unknown status"),
    (
        "an unknown status to come back to",
        {
            "transitions": (
                PUSH,
                PULL,
                UNHANG,
                Transition(Repainted, {Door.AJAR}, Target(PREVIOUS, among={NOWHERE: ()})),
            )
        },
        "Repainted names the unknown status",
    ),
    (
        "PREVIOUS among nothing",
        {"transitions": (PUSH, PULL, UNHANG, Transition(Repainted, {Door.AJAR}, PREVIOUS))},
        "Repainted goes back to PREVIOUS among no status",
    ),
    (
        "an unknown guard of a transition",
        {"transitions": (PUSH, PULL, Transition(Unhung, {Door.AJAR}, Door.GONE, guards=(UNGUARDED,)))},
        "Unhung names the unknown guard 'wind_is_low'",
    ),
    (
        "an unknown guard of a target",
        {"transitions": (PUSH, PULL, Transition(Unhung, {Door.AJAR}, Target(Door.GONE, guards=(UNGUARDED,))))},
        "Unhung names the unknown guard",
    ),
    (
        "an unknown condition of choice",
        {"transitions": (PUSH, PULL, Transition(Unhung, {Door.AJAR}, Target(Door.GONE, when=(UNGUARDED,))))},
        "Unhung names the unknown guard",
    ),
    (
        "an unknown guard of the way back",
        {
            "transitions": (
                PUSH,
                PULL,
                UNHANG,
                Transition(Repainted, {Door.AJAR}, Target(PREVIOUS, among={Door.SHUT: (UNGUARDED,)})),
            )
        },
        "Repainted names the unknown guard",
    ),
    ("an unknown guard of an entry", {"entry": {Door.AJAR: (UNGUARDED,)}}, "entry of Entrouverte names the unknown"),
    (
        "an unknown guard of an opening",
        {"opens": {Built: Target(Door.SHUT, guards=(UNGUARDED,))}},
        "Built names the unknown guard",
    ),
    ("no source", {"transitions": (PUSH, PULL, UNHANG, Transition(Repainted, set(), SAME))}, "no source status"),
    ("no target", {"transitions": (PUSH, PULL, UNHANG, Transition(Repainted, {Door.SHUT}, ()))}, "has no target"),
    (
        "a target never reached",
        {"transitions": (PUSH, PULL, UNHANG, Transition(Repainted, {Door.AJAR}, (Door.SHUT, Door.GONE)))},
        "Repainted never reaches the targets after",
    ),
    (
        "a target never reached after a loop",
        {"transitions": (PUSH, PULL, UNHANG, Transition(Repainted, {Door.AJAR}, (SAME, Door.GONE)))},
        "Repainted never reaches the targets after SAME",
    ),
    ("a correction without a status", {"corrections": (Repainted,)}, "Repainted is declared as a correction"),
    ("a take-over without a status", {"takeovers": (Repainted,)}, "Repainted is declared as a correction or take-over"),
    ("roles for a foreign event", {"roles": {WindowBroken: {"glazier"}}}, "roles are given for WindowBroken"),
]


@pytest.mark.parametrize(("changes", "sentence"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_a_fault_of_the_table_is_refused(changes: Mapping[str, Any], sentence: str):
    with pytest.raises(DeclarationError, match="workflow 'door'") as refused:
        declared(**changes)
    assert sentence in refused.value.sentence


def test_every_fault_is_named_at_once():
    with pytest.raises(DeclarationError) as refused:
        declared(opens={}, finals={NOWHERE}, roles={WindowBroken: {"glazier"}})
    for sentence in ("nothing opens it", "finals names the unknown status", "SHUT is never reached", "WindowBroken"):
        assert sentence in refused.value.sentence


LATER_TARGETS: list[tuple[str, Transition, Mapping[str, Any]]] = [
    ("a guard", Transition(Repainted, {Door.AJAR}, (Target(Door.SHUT, guards=(wind_is_low,)), Door.GONE)), {}),
    ("a condition", Transition(Repainted, {Door.AJAR}, (Target(Door.SHUT, when=(wind_is_low,)), Door.GONE)), {}),
    ("only when named", Transition(Repainted, {Door.AJAR}, (Target(Door.SHUT, only_named=True), Door.GONE)), {}),
    ("a memory", Transition(Repainted, {Door.AJAR}, (Target(PREVIOUS, among={Door.SHUT: ()}), Door.GONE)), {}),
    (
        "an entry guard",
        Transition(Repainted, {Door.AJAR}, (Door.SHUT, Door.GONE)),
        {"entry": {Door.SHUT: (wind_is_low,)}},
    ),
    ("an actor who may name another", Transition(Chosen, {Door.AJAR}, (Door.SHUT, Door.GONE)), {}),
]


@pytest.mark.parametrize(
    ("transition", "changes"), [each[1:] for each in LATER_TARGETS], ids=[each[0] for each in LATER_TARGETS]
)
def test_a_later_target_is_reached_when_the_earlier_depends_on(transition: Transition, changes: Mapping[str, Any]):
    door = declared(transitions=(PUSH, PULL, UNHANG, transition), **changes)
    assert (Door.AJAR, transition.event, Door.GONE) in door.passages()


def test_takeovers_and_corrections_stand_apart_from_the_table():
    class Rehung(Event, topic="door.rehung"):
        status: Door

    class Recovered(Event, topic="door.recovered"):
        status: Door

    door = declared(corrections=(Rehung,), takeovers=(Recovered,))
    assert {Rehung, Recovered} <= set(door.events)
    assert not {Rehung, Recovered} & {event for event, _ in door.rules}
    assert not {Rehung, Recovered} & {event for _, event, _ in door.passages()}


def test_the_guards_of_a_table_are_known_by_name():
    assert set(WORKFLOW.guards()) == {
        "book_is_in", "loan_is_short", "renewal_is_short", "ink_is_blue", "queue_is_open", "reader_is_patient",
        "book_is_still_lent",
    }  # fmt: skip


def test_all_but():
    assert all_but(Door, Door.GONE) == {Door.SHUT, Door.AJAR}


def test_special_targets_name_themselves():
    assert [repr(SAME), repr(PREVIOUS)] == ["SAME", "PREVIOUS"]


# Aggregates


def test_a_topic_has_its_kind_for_prefix():
    with pytest.raises(DeclarationError, match=r"Built has the topic 'door\.built', which does not begin with 'gate'"):

        class Gate(Aggregate, kind="gate", workflow=declared()):
            pass


def test_an_aggregate_folds_its_own_events_only():
    with pytest.raises(DeclarationError, match=r"Gate folds \['loan\.returned'\], which its workflow does not have"):

        class Gate(Aggregate, kind="door", workflow=declared()):
            @evolves(Returned)
            def _returned(self, event: Returned, recorded: Recorded) -> None:
                raise NotImplementedError


def test_an_aggregate_says_what_it_folds():
    assert set(Lending.folds) == {"loan.asked", "loan.renewed", "loan.paused"}


def test_an_aggregate_cannot_ignore_what_it_folds():
    with pytest.raises(DeclarationError, match=r"both folds and ignores \['loan\.asked'\]"):

        class Forgetful(Aggregate, kind="loan", workflow=WORKFLOW, ignores=(Asked,)):
            @evolves(Asked)
            def _asked(self, _event: Asked, _recorded: Recorded) -> None: ...


def test_a_base_of_several_aggregates_needs_no_workflow():
    class Furniture(Aggregate):
        pass

    class Gate(Furniture, kind="door", workflow=declared()):
        pass

    assert Gate.kind == "door"
    assert Furniture.kind == ""


# The registry


def test_the_registry_lists_events_by_topic_and_finds_them_by_name_and_trigger():
    registry = Registry(WORKFLOW.events)
    assert [event.topic for event in registry] == sorted(event.topic for event in WORKFLOW.events)
    assert registry.named("Returned") is Returned
    assert registry.named("repondre") is not None
    assert registry.named("Returned ") is None
    assert {"Returned", "repondre"} <= set(registry.names())


def one_more(name: str, topic: str, trigger: str = "") -> Callable[[], type[Event]]:
    def declare() -> type[Event]:
        return types.new_class(name, (Event,), {"topic": topic, "trigger": trigger})

    return declare


@pytest.mark.parametrize(
    ("declare", "sentence"),
    [
        (one_more("Shoved", "door.pushed"), "both declared as 'door.pushed'"),
        (one_more("Pushed", "door.shoved"), "both declared as 'Pushed'"),
        (one_more("Shoved", "door.shoved", "Pushed"), "both declared as 'Pushed'"),
        (one_more("Shoved", ""), "has no topic of the form"),
        (one_more("Shoved", "shoved"), "has no topic of the form"),
    ],
    ids=["a topic", "a name", "a trigger", "no topic", "no kind"],
)
def test_two_events_do_not_share(declare: Callable[[], type[Event]], sentence: str):
    with pytest.raises(DeclarationError) as refused:
        Registry((Pushed, declare()))
    assert sentence in refused.value.sentence


def test_the_same_event_may_be_listed_twice():
    assert list(Registry((Pushed, Pushed))) == [Pushed]


def test_a_status_reads_as_its_label_and_is_stored_as_its_value():
    assert str(Loan.LENT) == "Prêté"
    assert Loan.LENT.value == "lent"
    assert Loan("end.lost") is Loan.LOST  # type: ignore[call-arg]  # looked up by value
