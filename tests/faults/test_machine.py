from __future__ import annotations

import pytest

from tests.faults.machine import Spoil, keeps_days, releases_twice, skips_events, walk
from tests.faults.places import Place


def test_orders_days_and_views_are_what_the_plain_model_says(any_place: Place):
    assert walk(any_place, examples=3, steps=20).broken == []


@pytest.mark.parametrize("spoil", [keeps_days, releases_twice, skips_events])
def test_a_seeded_bug_is_found(in_memory: Place, spoil: Spoil):
    assert walk(in_memory, examples=10, steps=30, spoil=spoil).broken
