from __future__ import annotations

from tests.faults.own_writes import MISSING, Heedless, own_writes
from tests.faults.places import Place


def test_what_was_recorded_is_on_the_next_board_beside_rebuilds_retries_and_a_follower(place: Place):
    assert own_writes(place, writes=6).broken == []


def test_a_store_that_shows_builds_that_are_behind_is_caught(place: Place):
    broken = own_writes(place, writes=4, wrapper=Heedless).broken
    assert any(finding.startswith(MISSING) for finding in broken)
