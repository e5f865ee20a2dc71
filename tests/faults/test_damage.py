from __future__ import annotations

import os

from tests.docs.pages import call
from tests.faults.damage import cut_short, damaged_rows, shallow_check
from tests.faults.places import Place
from tests.flow.acts import opened_order


def test_a_damaged_event_an_unknown_topic_and_a_lost_row_are_named_and_the_rest_is_read(place: Place):
    assert damaged_rows(place).broken == []


def test_a_check_that_reads_no_event_is_caught(file_place: Place):
    broken = damaged_rows(file_place, check=shallow_check).broken
    assert sum(finding.startswith("not named") for finding in broken) == 4


def test_a_file_cut_short_is_refused_and_what_is_left_of_it_can_be_read(file_place: Place):
    assert cut_short(file_place, orders=100).broken == []


def test_db_check_names_a_file_cut_short(file_place: Place):
    with file_place.open() as flow:
        for _ in range(20):
            opened_order(flow)
    os.truncate(file_place.file, file_place.file.stat().st_size // 2)
    said, code = call(["db", "check", "--db", file_place.address])
    assert code == 1
    assert "(store_corrupt)" in said


def test_a_check_that_finds_nothing_in_a_file_cut_short_is_caught(file_place: Place):
    assert "not named: pages that are gone" in cut_short(file_place, orders=100, check=lambda _: []).broken
