"""What was deleted or rewritten by hand and leaves every row readable: the check tells it by what stands beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from installflow import Checked, InstallFlow
from installflow.app import KINDS, VIEWS
from installflow.checking import check, commands
from installflow.orders import CommentAdded, OrderReceived, VisitScheduled
from installflow.orders.planning import PLANNING
from installflow.projections import folding
from installflow.store.store import ParkedAt, VersionTaken
from tests.flow.acts import APRIL_14, SONIA, opened_order, planned
from tests.flow.counting import Beside

Tampered = tuple[InstallFlow, sqlite3.Connection]


def told(checked: Checked) -> list[tuple[str, str]]:
    return [(finding.code, finding.where) for finding in checked.findings]


@pytest.fixture
def tampered(opened: Callable[..., InstallFlow], tmp_path: Path) -> Iterator[Tampered]:
    flow = opened(f"sqlite:///{tmp_path}/orders.db")
    with closing(sqlite3.connect(tmp_path / "orders.db", isolation_level=None)) as database:
        yield flow, database


def commented(flow: InstallFlow, number: int = 2) -> list[UUID]:
    """Orders opened and commented on under ids that were chosen; their positions are 1 to twice their number."""
    opened = [
        flow.open(OrderReceived(client="Morel", partner="5COM", ref=f"R-{n}"), by=SONIA, command_id=f"open-{n}").id
        for n in range(number)
    ]
    for n, one in enumerate(opened):
        flow.record(one, CommentAdded(text="x"), by=SONIA, command_id=f"comment-{n}")
    return opened


# Positions, on SQLite


@pytest.mark.parametrize(
    ("damage", "code", "where"),
    [
        ("DELETE FROM stored_events WHERE position = 2", "missing_position", "position 2"),
        ("DELETE FROM stored_events WHERE position < 3", "missing_position", "positions 1-2"),
        ("DELETE FROM stored_events WHERE position = 4", "missing_tail", "position 4"),
        ("DELETE FROM stored_events WHERE position > 2", "missing_tail", "positions 3-4"),
        ("DELETE FROM stored_events", "missing_tail", "positions 1-4"),
        ("UPDATE stored_events SET position = -5 WHERE position = 1", "event_position", "position -5"),
        ("UPDATE sqlite_sequence SET seq = 2 WHERE name = 'stored_events'", "positions_moved", "position 4"),
        ("UPDATE sqlite_sequence SET seq = 9223372036854775806", "positions_moved", "position 4"),
        ("UPDATE sqlite_sequence SET seq = 'x'", "positions_moved", "position 4"),
        ("DELETE FROM sqlite_sequence", "positions_moved", "position 4"),
    ],
)
def test_positions_that_are_gone_or_were_moved_are_named(tampered: Tampered, damage: str, code: str, where: str):
    flow, database = tampered
    commented(flow)
    assert flow.check().findings == []
    database.execute(damage)
    assert (code, where) in told(flow.check())


def test_what_was_refused_or_rolled_back_leaves_no_hole(tampered: Tampered):
    flow, _ = tampered
    (one, _) = commented(flow)
    (row, *_) = flow._store.load(one)
    with pytest.raises(VersionTaken):
        flow._store.append([(uuid4(), 1, row.topic, row.state), (one, 1, row.topic, row.state)])
    flow.record(one, CommentAdded(text="y"), by=SONIA)
    assert flow.check().findings == []


def test_a_position_below_the_first_is_named_on_postgresql_too(opened: Callable[..., InstallFlow], postgres_url: str):
    import psycopg  # an extra

    flow = opened(postgres_url)
    commented(flow)
    with psycopg.connect(postgres_url, autocommit=True) as database:
        database.execute("UPDATE installflow_events SET notification_id = -5 WHERE notification_id = 1")
    assert ("event_position", "position -5") in told(flow.check())


# Commands


@pytest.fixture(params=["file", "postgres"])
def beside(request: pytest.FixtureRequest, opened: Callable[..., InstallFlow], tmp_path: Path) -> Iterator[Any]:
    """A flow, and what changes its database by hand, on PostgreSQL's names."""
    if request.param == "file":
        flow = opened(f"sqlite:///{tmp_path}/orders.db")
        with closing(sqlite3.connect(tmp_path / "orders.db", isolation_level=None)) as database:
            yield flow, lambda statement: database.execute(statement.replace("installflow_", "")).rowcount
        return
    psycopg = pytest.importorskip("psycopg", reason="no PostgreSQL: psycopg is not installed")
    url = request.getfixturevalue("postgres_url")
    with psycopg.connect(url, autocommit=True) as database:
        yield opened(url), lambda statement: database.execute(statement).rowcount


def test_a_chosen_command_id_the_store_no_longer_knows_is_named(beside: Any):
    flow, change = beside
    _, other = commented(flow)
    flow.record(other, CommentAdded(text="sans identifiant"), by=SONIA)
    assert change("DELETE FROM installflow_commands WHERE id = 'comment-1'") == 1
    checked = flow.check()
    assert told(checked) == [("command_missing", f"{other}/2")]
    assert "une seconde fois" in checked.findings[0].sentence


def test_a_command_that_points_at_anothers_event_is_named(beside: Any):
    flow, change = beside
    commented(flow)
    change(
        "UPDATE installflow_commands SET events = (SELECT events FROM installflow_commands WHERE id = 'comment-0')"
        " WHERE id = 'comment-1'"
    )
    assert told(flow.check()) == [("command_astray", "comment-1")]


def test_commands_of_several_orders_and_their_reactions_are_no_alarm(
    flow: InstallFlow, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(commands, "TOGETHER", 2)
    opened = commented(flow, 5)
    for number, one in enumerate(opened):
        flow.record(one, planned(technician=f"T{number}"), by=SONIA, command_id=f"plan-{number}")
        flow.record(one, VisitScheduled(date=APRIL_14, slot="14H"), by=SONIA, command_id=str(uuid4()))
    opened_order(flow, planned())
    assert flow.check().findings == []


def test_a_command_whose_event_is_damaged_is_not_accused(tampered: Tampered):
    flow, database = tampered
    one, _ = commented(flow)
    database.execute("UPDATE stored_events SET state = '{' WHERE position = 3")
    assert told(flow.check()) == [("damaged_event", f"{one}/2")]


def test_commands_recorded_during_the_check_are_no_alarm(flow: InstallFlow, monkeypatch: pytest.MonkeyPatch):
    (one, _) = commented(flow)
    numbers = iter(range(9))
    monkeypatch.setattr(folding, "PAGE", 2)

    def busy(*arguments: Any) -> Any:
        flow.record(one, CommentAdded(text="pendant"), by=SONIA, command_id=f"busy-{next(numbers)}")
        return flow._store.command_page(*arguments)

    store = Beside(flow._store, command_page=busy)
    assert check(store, flow._mapper, KINDS, VIEWS).findings == []
    assert flow.outcome("busy-1")


# Tables, and what views leave aside


def test_a_table_that_is_not_the_one_it_was_decided_by_is_named(tampered: Tampered):
    flow, database = tampered
    (one, other) = commented(flow)
    database.execute("UPDATE workflows SET document = '{\"a\": 1}'")
    checked = flow.check()
    assert {code for code, _ in told(checked)} == {"altered_table"}
    assert told(checked)[0][1] in (f"{one}/1", f"{other}/1")


def test_what_a_view_leaves_aside_of_an_order_without_any_event_is_named(flow: InstallFlow):
    commented(flow)
    flow.planning()
    at = flow._store.view_position(PLANNING.key)
    ghost = uuid4()
    flow._store.view_advance(PLANNING.key, at, at, {}, {ghost: ParkedAt(at, "ValueError")})
    assert told(flow.check()) == [("view_stray", str(ghost))]


@pytest.mark.parametrize("position", [0, 999_999])
def test_what_a_view_leaves_aside_where_it_has_not_been_is_named(flow: InstallFlow, position: int):
    (one, _) = commented(flow)
    flow.planning()
    at = flow._store.view_position(PLANNING.key)
    flow._store.view_advance(PLANNING.key, at, at, {}, {one: ParkedAt(position, "ValueError")})
    assert "view_row_damaged" in {code for code, _ in told(flow.check())}
