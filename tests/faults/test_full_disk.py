from __future__ import annotations

import pytest

from installflow.projections import building
from tests.faults.disk import apart
from tests.faults.full_disk import full_disk
from tests.faults.oracles import LOST
from tests.faults.places import Place

pytestmark = pytest.mark.skipif(not apart(), reason="NO FULL DISK: this process may not mount a small one (unshare)")


@pytest.fixture(autouse=True)
def _nobody_builds_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that found the disk full could not be given up there: whoever reads takes its place at once."""
    monkeypatch.setattr(building, "LEASE", 0)


def test_a_full_disk_is_said_loses_nothing_and_the_same_process_goes_on_once_there_is_room(file_place: Place):
    assert full_disk(file_place).broken == []


def test_a_store_that_takes_a_full_disk_for_a_commit_is_caught(file_place: Place):
    broken = full_disk(file_place, script="fill-carelessly").broken
    assert any(finding.startswith(LOST) for finding in broken)
