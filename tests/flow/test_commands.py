"""A command id is one unit of work's: asked again it is the same answer, for anything else it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from installflow import Actor, Conflict, InstallFlow, NotFound, OutcomeUnknown, Receipt, StoreUnavailable
from installflow.orders import CollecteStarted, CommentAdded, PutOnStandBy
from installflow.store.store import NewRow
from tests.flow.acts import SONIA, opened_order, received


def test_a_command_id_is_refused_for_another_order(flow: InstallFlow):
    one, other = opened_order(flow), opened_order(flow)
    flow.record(one, CommentAdded(text="a"), by=SONIA, command_id="k")
    for ask in (
        lambda: flow.record(other, CommentAdded(text="a"), by=SONIA, command_id="k"),
        lambda: flow.open(received(), by=SONIA, command_id="k"),
        lambda: flow.record_many(
            [(one, CommentAdded(text="a")), (other, CommentAdded(text="a"))], by=SONIA, command_id="k"
        ),
    ):
        with pytest.raises(Conflict, match="a déjà servi à autre chose"):
            ask()
    assert len(flow.history(other)) == 1


def test_a_command_id_said_to_have_happened_at_another_moment_is_refused(flow: InstallFlow):
    one = opened_order(flow)
    flow.record(one, CommentAdded(text="a"), by=SONIA, command_id="k")
    with pytest.raises(Conflict):
        flow.record(one, CommentAdded(text="a"), by=SONIA, command_id="k", occurred_at="2027-01-04")


def test_a_command_asked_again_answers_as_it_did_then(flow: InstallFlow):
    first = flow.open(received(), by=SONIA, command_id="k")
    flow.record(first.id, CollecteStarted(), by=SONIA)
    again = flow.open(received(), by=SONIA, command_id="k")
    assert again.repeated
    assert (again.version, again.status) == (first.version, first.status)
    assert flow.load(first.id).status.label == "Collecte"


def test_what_a_command_did_can_be_looked_up(flow: InstallFlow):
    one, other = opened_order(flow), opened_order(flow)
    flow.record_many([(one, CollecteStarted()), (other, PutOnStandBy(reason="x"))], by=SONIA, command_id="k")
    flow.record(one, PutOnStandBy(reason="y"), by=SONIA)
    assert [(receipt.id, receipt.status.label) for receipt in flow.outcome("k")] == [
        (one, "Collecte"), (other, "Stand BY"),
    ]  # fmt: skip
    with pytest.raises(NotFound, match="rien n'est encore enregistré, et la renvoyer sous le même"):
        flow.outcome("never")


def test_a_command_whose_id_nobody_chose_is_never_called_unrecorded(flow: InstallFlow):
    one = opened_order(flow)
    made_up = flow.history(one)[-1].recorded.command_id
    with pytest.raises(NotFound, match="relire l'historique du dossier avant de recommencer"):
        flow.outcome(made_up)


class Overtaken:
    """A store on which, at the next call of a method, somebody else sends the same command first."""

    def __init__(self, flow: InstallFlow, at: str, send: Callable[[], Receipt]) -> None:
        self.store, self.at, self.send = flow._store, at, send
        self.engine = flow._engine
        self.engine.store = self  # type: ignore[assignment]

    def __getattr__(self, name: str) -> object:
        if name == self.at:
            self.engine.store = self.store
            assert not self.send().repeated
        return getattr(self.store, name)


@pytest.mark.parametrize("at", ["load_many", "append"])
@pytest.mark.parametrize("expected", [None, 1])
def test_a_command_sent_twice_at_once_is_done_once_and_answered_to_both(flow: InstallFlow, at: str, expected):
    one = opened_order(flow)

    def send() -> Receipt:
        return flow.record(one, CollecteStarted(), by=SONIA, command_id="k", expected_version=expected)

    Overtaken(flow, at, send)
    answer = send()
    assert (answer.repeated, answer.version, answer.status.label) == (True, 2, "Collecte")
    assert len(flow.history(one)) == 2


@pytest.mark.parametrize("at", ["load_many", "append"])
def test_another_command_that_overtakes_is_still_a_conflict_with_an_expected_version(flow: InstallFlow, at: str):
    one = opened_order(flow)
    Overtaken(flow, at, lambda: flow.record(one, CommentAdded(text="b"), by=SONIA))
    with pytest.raises(Conflict):
        flow.record(one, CommentAdded(text="a"), by=SONIA, command_id="k", expected_version=1)
    assert len(flow.history(one)) == 2


# The acknowledgement is lost: the store broke at the commit, before or after it held.


class Broken:
    """A store whose next append breaks: ``after`` it held, or before; ``deaf`` stores cannot be asked then."""

    def __init__(self, flow: InstallFlow, *, after: bool, deaf: bool = False) -> None:
        self.store, self.after, self.deaf, self.broke = flow._store, after, deaf, False
        flow._engine.store = self  # type: ignore[assignment]

    def append(self, rows: Sequence[NewRow], *given: Mapping[str, str]) -> Sequence[int]:
        self.broke = True
        if self.after:
            self.store.append(rows, *given)
        raise StoreUnavailable("the disk went away", code="store_io")

    def __getattr__(self, name: str) -> object:
        if self.deaf and self.broke:
            raise StoreUnavailable("the disk is still away", code="store_io")
        return getattr(self.store, name)


def test_a_commit_that_held_is_answered_though_its_acknowledgement_was_lost(flow: InstallFlow):
    one = opened_order(flow)
    broken = Broken(flow, after=True)
    answer = flow.record(one, CollecteStarted(), by=SONIA)
    assert (answer.status.label, answer.repeated) == ("Collecte", False)
    assert answer.recorded.position == flow._store.position()
    assert broken.broke
    assert len(flow.history(one)) == 2


def test_when_another_sent_the_same_before_the_store_broke_the_answer_is_what_theirs_recorded(flow: InstallFlow):
    one, yves = opened_order(flow), Actor("Yves", role="planner")
    broken = Broken(flow, after=False)

    def theirs(rows: Sequence[NewRow], *given: Mapping[str, str]) -> Sequence[int]:
        broken.broke = True
        flow._engine.store = broken.store
        flow.record(one, CommentAdded(text="before"), by=yves)
        flow.record(one, CollecteStarted(), by=yves, command_id="k")
        raise StoreUnavailable("the disk went away", code="store_io")

    broken.append = theirs  # type: ignore[method-assign]
    answer = flow.record(one, CollecteStarted(), by=SONIA, command_id="k")
    assert (answer.repeated, answer.version, answer.recorded.by.name) == (True, 3, "Yves")


def test_a_commit_that_did_not_hold_is_an_error_and_nothing_is_stored(flow: InstallFlow):
    one = opened_order(flow)
    Broken(flow, after=False)
    with pytest.raises(StoreUnavailable, match="the disk went away"):
        flow.record(one, CollecteStarted(), by=SONIA)
    assert len(flow.history(one)) == 1


def test_where_nobody_can_tell_the_outcome_is_unknown(flow: InstallFlow):
    one = opened_order(flow)
    Broken(flow, after=True, deaf=True)
    with pytest.raises(OutcomeUnknown, match=f"look at the history of {one} first, and again a moment later"):
        flow.record(one, CollecteStarted(), by=SONIA)
    assert len(flow.history(one)) == 2


def test_an_unknown_opening_names_no_order_nobody_knows(flow: InstallFlow):
    Broken(flow, after=True, deaf=True)
    with pytest.raises(OutcomeUnknown, match="look for what it opens on the screens first") as caught:
        flow.open(received(), by=SONIA)
    (row,) = flow.planning()
    assert str(row.id) not in caught.value.sentence


def test_an_unknown_outcome_says_how_to_look_a_chosen_command_up(flow: InstallFlow):
    one = opened_order(flow)
    Broken(flow, after=True, deaf=True)
    with pytest.raises(OutcomeUnknown, match=r"send the same again under the command id 'k', which is done once"):
        flow.record(one, CollecteStarted(), by=SONIA, command_id="k")


def test_nobody_acts_as_the_system(flow: InstallFlow):
    one = opened_order(flow)
    with pytest.raises(Exception, match="le rôle « system » ne le peut pas"):
        flow.record(one, CollecteStarted(), by=Actor("x", role="system"))
