from __future__ import annotations

from tests.faults.killed import killed_projection, killed_writer
from tests.faults.oracles import LOST, UNTRUE
from tests.faults.places import Place


def test_what_a_killed_writer_acknowledged_is_there_and_no_unit_is_half_recorded(place: Place):
    assert killed_writer(place, kills=2, commands=30).broken == []


def test_a_writer_that_acknowledges_before_it_commits_is_caught(file_place: Place):
    broken = killed_writer(file_place, kills=1, commands=20, script="write-eagerly").broken
    assert any(finding.startswith(LOST) for finding in broken)


def test_views_are_what_the_events_make_of_them_wherever_a_projection_was_killed(place: Place):
    assert killed_projection(place, kills=2, recorded=24).broken == []


def test_a_view_moved_in_another_transaction_than_its_rows_is_caught(file_place: Place):
    broken = killed_projection(file_place, kills=1, recorded=24, scripts=("catch-up-torn",)).broken
    assert any(finding.startswith(UNTRUE) for finding in broken)
