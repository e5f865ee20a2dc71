from __future__ import annotations

from tests.faults.places import Place
from tests.faults.racing import double_bookings_of, race_for_a_day


def test_processes_that_race_for_a_technicians_day_book_it_once(place: Place):
    assert race_for_a_day(place, racers=2, days=8).broken == []


def test_a_check_on_the_board_instead_of_the_day_is_caught(file_place: Place):
    broken = race_for_a_day(file_place, racers=2, days=2, flags=("--on-the-board",)).broken
    assert len(double_bookings_of(broken)) == 2
