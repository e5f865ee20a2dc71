"""The testing kit an embedding application gets: the plugin's fixtures, the clock, the story, the French sentences."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import pytest

import installflow
import installflow.testing
from installflow import Conflict, Forbidden, Refused
from installflow.orders import (
    CollecteStarted,
    InstallationConfirmed,
    OrderReceived,
    OrderStatus,
    PutOnStandBy,
    Resumed,
    StagingCompleted,
    StagingStarted,
)
from installflow.orders.narrative import told
from installflow.testing.routes import moving_events, plain
from installflow.testing.sentences import event_of

RECEIVED = OrderReceived(client="Boulangerie Morel", partner="HIGHCOM", phones=3)


def test_every_public_name_is_there():
    for module in (installflow, installflow.testing):
        for name in module.__all__:
            assert getattr(module, name).__name__ == name
        assert module.__all__ == sorted(module.__all__)
        assert set(module.__all__) <= set(dir(module))
        with pytest.raises(AttributeError, match="nobody"):
            _ = module.nobody


def test_the_plugin_costs_a_pytest_run_next_to_nothing():
    program = "import sys; import installflow.testing.plugin; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "installflow.testing.plugin" in loaded
    heavy = {"pydantic", "eventsourcing", "transitions", "pytest_bdd", "installflow.app", "installflow.testing.story"}
    assert not heavy & set(loaded)


def test_a_story_goes_on(story, flow):
    story.given(RECEIVED).when(StagingStarted()).then(StagingStarted, status="Staging", waits=())
    story.when(PutOnStandBy(reason="travaux")).then(status="Stand BY")
    story.when(Resumed()).then(Resumed, status="Staging")
    assert [row.row.client for row in flow.planning()] == ["Boulangerie Morel"]


def test_a_story_tells_a_refusal(story):
    story.given(RECEIVED).when(Resumed()).refused("depuis « New »", "possible depuis : Stand BY")


@pytest.mark.parametrize(
    "go_on",
    [
        lambda story: story.then(status="New"),
        lambda story: story.when(CollecteStarted()),
        lambda story: story.given(CollecteStarted()),
        lambda story: story.end(),
    ],
    ids=["then", "when", "given", "end"],
)
def test_a_refusal_is_not_passed_over(story, go_on):
    story.given(RECEIVED).when(Resumed())
    with pytest.raises(AssertionError, match=r"no refused.*\n- .*depuis « New »") as caught:
        go_on(story)
    assert isinstance(caught.value.__cause__, Refused)


def test_a_refusal_nobody_read_fails_the_test_at_its_end(tmp_path):
    (tmp_path / "test_two.py").write_text(
        dedent("""
        from installflow.orders import OrderReceived, Resumed

        RECEIVED = OrderReceived(client="Garage Petit", partner="HIGHCOM", phones=2)

        def test_unread(story):
            story.given(RECEIVED).when(Resumed())

        def test_read(story):
            story.given(RECEIVED).when(Resumed()).refused()
        """),
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert "2 passed, 1 error" in run.stdout
    assert "ERROR at teardown of test_unread" in run.stdout
    assert "it was refused, and no refused" in run.stdout


def test_after_a_refusal_that_was_read_the_story_is_where_it_was(story):
    story.given(RECEIVED).when(Resumed()).refused("depuis « New »").then(status=OrderStatus.NEW)
    with pytest.raises(AssertionError, match="recorded: nothing; expected: Resumed"):
        story.then(Resumed)


def test_a_story_tells_all_the_reasons(story):
    story.given(RECEIVED, StagingStarted(), StagingCompleted()).when(InstallationConfirmed())
    story.refused("la DATE manque", "l'HEURE manque")
    with pytest.raises(AssertionError, match=r"refused for more:\n- TECH manque.*\n- le NOM CP manque"):
        story.refused("la DATE manque", "l'HEURE manque", only=True)
    story.refused("la DATE", "l'HEURE", "TECH", "le NOM CP", "la disponibilité du technicien", only=True)
    with pytest.raises(AssertionError, match=r"no reason holds « il pleut »; it was refused for:\n- la DATE manque"):
        story.refused("il pleut")


def test_a_conflict_is_read_like_a_refusal(story):
    story.given(RECEIVED).when(CollecteStarted(), expected_version=7)
    with pytest.raises(AssertionError, match="no refused"):
        story.then(status="Collecte")
    story.refused(story.refusal.sentence, only=True)
    assert isinstance(story.refusal, Conflict)
    assert story.receipt is None


def test_what_was_not_refused_is_told(story):
    story.given(RECEIVED).when(CollecteStarted())
    with pytest.raises(AssertionError, match="nothing was refused; recorded: CollecteStarted"):
        story.refused("la collecte")
    with pytest.raises(AssertionError, match="recorded: CollecteStarted; expected: StagingStarted"):
        story.then(StagingStarted)
    with pytest.raises(AssertionError, match="waiting for: nothing; expected: partenaire"):
        story.then(waits=("partenaire",))


@pytest.mark.parametrize(
    ("wrong", "told"), [("Staging", "« Staging »"), (OrderStatus.RDV_POSE, "« Installation » .installation.rdv_pose.")]
)
def test_another_status_is_told(story, wrong, told):
    story.given(RECEIVED).when(CollecteStarted()).then(status=OrderStatus.COLLECTE)
    with pytest.raises(AssertionError, match=rf"the status is « Collecte » .collecte., not {told}"):
        story.then(status=wrong)


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
