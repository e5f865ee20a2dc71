"""Reactions: in the commit of their cause, refused with it or alerted beside it, never on replay."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid5

import pytest

from installflow import InstallFlow, Refused
from installflow.orders import (
    AlertRaised,
    CollecteStarted,
    CommentAdded,
    DayReleased,
    Order,
    PutOnStandBy,
    Resumed,
    StagingCompleted,
    TechnicianDay,
)
from installflow.testing.clock import FixedClock
from installflow.workflow.reaction import Change, Effect, Reaction, reaction
from tests.flow.acts import SONIA, opened_order

TWIN: dict[str, UUID] = {}


@reaction(CollecteStarted)
def resume_the_twin(_change: Change) -> Iterator[Effect]:
    """Refused unless the twin is on Stand BY."""
    yield Effect(Order, TWIN["id"], Resumed())


@reaction(CollecteStarted)
def comment_then_resume_the_twin(_change: Change) -> Iterator[Effect]:
    yield Effect(Order, TWIN["id"], CommentAdded(text="la collecte commence"))
    yield Effect(Order, TWIN["id"], Resumed())


@reaction(CollecteStarted)
def release_a_day_nobody_booked(change: Change) -> Iterator[Effect]:
    yield Effect(TechnicianDay, uuid5(change.after.id, "nowhere"), DayReleased(order=change.after.id))


@reaction(CommentAdded)
def comment_again(change: Change) -> Iterator[Effect]:
    yield Effect(Order, change.after.id, CommentAdded(text="encore"))


def required(one: Reaction) -> Reaction:
    return Reaction(one.name, one.on, one.effects, required=True)


def reacting(flow: InstallFlow, *reactions: Reaction) -> UUID:
    """The flow with these reactions, and the id of the order they reach for."""
    flow._engine.reactions = reactions
    TWIN["id"] = opened_order(flow, client="Garage Petit")
    return TWIN["id"]


def test_a_reaction_that_holds_is_in_the_same_commit(flow: InstallFlow, clock: FixedClock):
    twin = reacting(flow, resume_the_twin)
    flow.record(twin, PutOnStandBy(reason="x"), by=SONIA)
    one = opened_order(flow)
    clock.advance(hours=1)
    cause = flow.record(one, CollecteStarted(), by=SONIA).recorded
    effect = flow.history(twin)[-1].recorded
    assert (effect.topic, effect.status) == ("order.resumed", "new")
    assert (effect.causation_id, effect.correlation_id) == (cause.event_id, cause.command_id)
    assert (effect.recorded_at, effect.occurred_at) == (cause.recorded_at, cause.occurred_at)
    assert (effect.by.kind, effect.position) == ("service", cause.position + 1)


def test_a_reaction_refused_leaves_the_cause_and_an_alert_with_the_reasons(flow: InstallFlow):
    twin = reacting(flow, resume_the_twin)
    one = opened_order(flow, CollecteStarted())
    assert flow.load(one).status.label == "Collecte"
    alert = flow.history(twin)[-1].recorded
    assert isinstance(alert.event, AlertRaised)
    assert alert.event.sentence == (
        "« Reprise » : refusé : « Reprise » ne se fait pas depuis « New » ; possible depuis : Stand BY"
    )
    assert alert.event.about == "demarrer_collecte"
    assert alert.causation_id == f"{one}/2"
    assert alert.event.sentence in flow.row(twin).alerts


def test_a_required_reaction_refused_refuses_the_whole(flow: InstallFlow):
    twin = reacting(flow, required(resume_the_twin))
    one = opened_order(flow)
    with pytest.raises(Refused, match="« Collecte démarrée » : refusé") as refused:
        flow.record(one, CollecteStarted(), by=SONIA)
    assert "« Reprise » ne se fait pas depuis « New »" in refused.value.reasons[0].sentence
    assert (flow.load(one).version, flow.load(twin).version) == (1, 1)


def test_what_a_reaction_did_before_it_was_refused_stands_unless_it_is_required(flow: InstallFlow):
    twin = reacting(flow, comment_then_resume_the_twin)
    opened_order(flow, CollecteStarted())
    topics = [entry.recorded.topic for entry in flow.history(twin)]
    assert topics == ["order.received", "order.comment_added", "order.alert_raised"]
    other = reacting(flow, required(comment_then_resume_the_twin))
    one = opened_order(flow)
    with pytest.raises(Refused):
        flow.record(one, CollecteStarted(), by=SONIA)
    assert flow.load(other).version == 1


def test_a_refusal_the_target_cannot_keep_an_alert_of_is_kept_where_it_began(flow: InstallFlow):
    reacting(flow, release_a_day_nobody_booked)
    one = opened_order(flow)
    cause = flow.record(one, CollecteStarted(), by=SONIA).recorded
    alert = flow.history(one)[-1].recorded
    assert isinstance(alert.event, AlertRaised)
    assert (alert.version, alert.causation_id) == (3, cause.event_id)
    assert alert.event.sentence.startswith("« Journée libérée » : refusé")
    assert flow.load(one).status.label == "Collecte"


def test_reactions_to_reactions_stop_at_three_and_an_alert_says_so(flow: InstallFlow):
    reacting(flow, comment_again)
    one = opened_order(flow, CommentAdded(text="x"))
    *comments, alert = [entry.recorded for entry in flow.history(one)][1:]
    assert [recorded.topic for recorded in comments] == ["order.comment_added"] * 3
    assert [recorded.causation_id for recorded in comments] == [None, f"{one}/2", f"{one}/3"]
    assert isinstance(alert.event, AlertRaised)
    assert "la réaction comment_again va trop loin (3 pas au plus)" in alert.event.sentence


def test_required_reactions_to_reactions_refuse_the_whole(flow: InstallFlow):
    reacting(flow, required(comment_again))
    one = opened_order(flow)
    with pytest.raises(Refused) as refused:
        flow.record(one, CommentAdded(text="x"), by=SONIA)
    assert [reason.guard for reason in refused.value.reasons] == ["reactions_end"]
    assert flow.load(one).version == 1


def test_a_dry_run_rehearses_reactions_too(flow: InstallFlow):
    reacting(flow, required(resume_the_twin))
    with pytest.raises(Refused):
        flow.record(opened_order(flow), CollecteStarted(), by=SONIA, dry_run=True)


def test_an_event_nobody_reacts_to_stands_alone(flow: InstallFlow):
    reacting(flow, required(resume_the_twin))
    one = opened_order(flow)
    before = flow._store.position()
    flow.record(one, StagingCompleted(), by=SONIA)
    assert flow._store.position() == before + 1
