"""The testing kit an embedding application gets: the plugin's fixtures, the clock, the story, the French sentences."""

from __future__ import annotations

import subprocess
import sys

import pytest

import installflow
from installflow import Forbidden, Refused
from installflow.orders import CollecteStarted, OrderReceived, PutOnStandBy, Resumed, StagingStarted
from installflow.orders.narrative import told
from installflow.testing.routes import moving_events, plain
from installflow.testing.sentences import event_of

RECEIVED = OrderReceived(client="Boulangerie Morel", partner="HIGHCOM", phones=3)


def test_every_public_name_is_there():
    for name in installflow.__all__:
        assert getattr(installflow, name).__name__ == name
    assert set(installflow.__all__) <= set(dir(installflow))
    with pytest.raises(AttributeError, match="nobody"):
        _ = installflow.nobody


def test_the_plugin_costs_a_pytest_run_next_to_nothing():
    program = "import sys; import installflow.testing.plugin; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "installflow.testing.plugin" in loaded
    assert not {"pydantic", "eventsourcing", "transitions", "pytest_bdd", "installflow.app"} & set(loaded)


def test_a_story_goes_on(story, flow):
    story.given(RECEIVED).when(StagingStarted()).then(StagingStarted, status="Staging", waits=())
    story.when(PutOnStandBy(reason="travaux")).then(status="Stand BY")
    story.when(Resumed()).then(Resumed, status="Staging")
    assert [row.row.client for row in flow.planning()] == ["Boulangerie Morel"]


def test_a_story_tells_a_refusal(story):
    story.given(RECEIVED).when(Resumed()).refused("depuis « New »", "possible depuis : Stand BY")


def test_a_refusal_is_not_passed_over(story):
    story.given(RECEIVED).when(Resumed())
    with pytest.raises(Refused):
        story.then(status="New")


def test_what_was_not_refused_is_told(story):
    story.given(RECEIVED).when(CollecteStarted())
    with pytest.raises(AssertionError, match="nothing was refused"):
        story.refused("la collecte")
    with pytest.raises(AssertionError, match="Collecte"):
        story.then(status="Staging")
    with pytest.raises(AssertionError, match="CollecteStarted"):
        story.then(StagingStarted)


def test_a_story_has_other_people(story, actor):
    karim = actor("Karim", "technician")
    story.given(RECEIVED).when(CollecteStarted(), by=karim).refused("réservé aux rôles")
    assert isinstance(story.refusal, Forbidden)


def test_the_clock_stands_still(clock, flow):
    assert flow.today_is.isoformat() == "2027-03-02"
    clock.advance(days=2, hours=1)
    assert clock.today.isoformat() == "2027-03-04"
    clock.set("2027-04-14T14:30:00+02:00")
    assert clock().hour == 14
    assert flow.today_is.isoformat() == "2027-04-14"


@pytest.mark.parametrize("event_type", moving_events(), ids=lambda event_type: event_type.__name__)
def test_what_the_history_tells_reads_back(flow, event_type):
    event = plain(event_type)
    assert event_of(flow, told(event)) == event


@pytest.mark.parametrize(
    ("sentence", "fault"), [("Il pleut", "ne dit rien de connu"), ("RDV reporté (pluie)", "écrire « mot : valeur »")]
)
def test_a_sentence_that_tells_nothing_is_a_fault_of_the_feature(flow, sentence, fault):
    with pytest.raises(ValueError, match=fault):
        event_of(flow, sentence)
