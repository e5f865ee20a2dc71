from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.calls import DISHONEST, Hasty
from tests.faults.cut_lines import cut_lines, cut_while_served
from tests.faults.oracles import LOST
from tests.faults.places import Place, postgres
from tests.faults.restarts import hurt_server, sleepy
from tests.postgres import MISSING
from tests.postgres_server import Server, candidates, first_that_runs, new_folder


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of these tests' own, to be hurt."""
    folder = new_folder()
    try:
        server, reasons = first_that_runs(candidates(), folder)
        if server is None:
            pytest.skip(f"{MISSING}: {'; '.join(reasons)}")
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def on_server(server: Server, tmp_path: Path) -> Place:
    return postgres(server, tmp_path)


@pytest.fixture
def shared_server(postgres_url: str, tmp_path: Path) -> Place:
    return Place("postgres", postgres_url, tmp_path)


def test_a_server_restarted_and_its_backends_ended_lose_nothing_and_everybody_goes_on(on_server: Place):
    assert hurt_server(on_server, writers=2, restarts=1, kills=1).broken == []


def test_a_writer_that_acknowledges_what_the_server_has_not_written_down_is_caught(on_server: Place):
    sleepy(on_server)
    broken = hurt_server(on_server, writers=1, restarts=1, kills=0, script="write-at-ease", follower=False).broken
    assert any(finding.startswith(LOST) for finding in broken)


def test_a_line_cut_at_any_request_leaves_a_unit_whole_or_absent_and_an_honest_answer(shared_server: Place):
    assert cut_lines(shared_server, shapes=2).broken == []


def test_a_line_cut_while_the_server_waits_to_write_leaves_nobody_with_a_wrong_answer(shared_server: Place):
    assert cut_while_served(shared_server, tries=5).broken == []


def test_an_engine_that_takes_not_yet_written_for_never_written_is_caught(shared_server: Place):
    broken = cut_while_served(shared_server, tries=2, engine=Hasty).broken
    assert any(DISHONEST in finding for finding in broken)
