from __future__ import annotations

from tests.faults.places import Place
from tests.faults.poison import Unparking, poisoned


def test_a_poisoned_order_is_set_aside_and_named_the_others_go_on_and_it_comes_back_once_mended(any_place: Place):
    assert poisoned(any_place, orders=10).broken == []


def test_a_store_that_forgets_what_was_set_aside_is_caught(in_memory: Place):
    broken = poisoned(in_memory, orders=10, wrapper=Unparking).broken
    assert any(finding.startswith("not named") for finding in broken)
