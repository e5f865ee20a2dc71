from __future__ import annotations

from tests.faults.calls import DISHONEST, Hasty, Stubborn, failing_calls, lost_acknowledgements
from tests.faults.oracles import TWICE
from tests.faults.places import Place


def test_whichever_call_of_the_store_fails_a_unit_is_whole_or_absent_and_the_answer_honest(any_place: Place):
    assert failing_calls(any_place).broken == []


def test_an_engine_that_says_not_recorded_without_looking_is_caught(in_memory: Place):
    broken = failing_calls(in_memory, engine=Hasty).broken
    assert any(DISHONEST in finding for finding in broken)


def test_an_acknowledgement_lost_after_the_commit_makes_no_second_event(any_place: Place):
    assert lost_acknowledgements(any_place, commands=10).broken == []


def test_an_engine_that_commits_again_without_looking_is_caught(in_memory: Place):
    broken = lost_acknowledgements(in_memory, commands=10, engine=Stubborn).broken
    assert any(finding.startswith(TWICE) for finding in broken)
