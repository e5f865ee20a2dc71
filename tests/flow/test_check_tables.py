"""Whatever a hand wrote into a table: no screen fails for it, the check names it, a rebuild mends what is a view's."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from installflow import InstallFlow, StoreUnavailable
from installflow.orders import CollecteStarted, CommentAdded
from tests.flow.acts import SONIA, opened_order, planned

ROW = "INSERT INTO view_rows SELECT generation, {}, row, events, archived FROM view_rows WHERE id = '{one}'"
PARK = "INSERT INTO view_parked SELECT generation, {}, {}, {}, {} FROM views WHERE view LIKE 'planning%'"

STRAYS = {
    "letters": "'zz'",
    "blob": "x'00ff'",
    "blob of digits": "cast('{one}' AS BLOB)",
    "empty": "''",
    "number": "5",
    "underscore": "'1_1'",
    "upper case": "upper(id)",
    "dashed": "'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'",
    "too long": "id || id",
    "NUL after": "id || char(0)",
    "NUL within": "substr(id, 1, 20) || char(0) || substr(id, 22)",
}

VIEWS = {
    **{name: (ROW.replace("{}", id_), "view_stray") for name, id_ in STRAYS.items()},
    "count is text": ("UPDATE view_rows SET events = 'x' WHERE id = '{one}'", "view_row_damaged"),
    "count is real": ("UPDATE view_rows SET events = 1.5 WHERE id = '{one}'", "view_row_damaged"),
    "count is blob": ("UPDATE view_rows SET events = x'00'", "view_row_damaged"),
    "count is huge": ("UPDATE view_rows SET events = 9223372036854775807", "view_doubled"),
    "row is a number": ("UPDATE view_rows SET row = 5 WHERE id = '{one}'", "view_row_damaged"),
    "row is a text": ("UPDATE view_rows SET row = 'x' WHERE id = '{one}'", "view_row_damaged"),
    "position is text": ("UPDATE views SET position = 'abc'", "view_position"),
    "position is blob": ("UPDATE views SET position = x'00'", "view_position"),
    "position is real": ("UPDATE views SET position = 3.5", "view_position"),
    "position below": ("UPDATE views SET position = -1", "view_position"),
    "position beyond": ("UPDATE views SET position = 9223372036854775807", "view_position"),
    "revision is text": ("UPDATE views SET revision = 'x', beat = 'y'", None),
    "generation is text": ("UPDATE view_rows SET generation = 'x' || generation WHERE id = '{one}'", "view_skipped"),
    "parked nobody": (PARK.format("'zz'", 1, "'x'", 3), "view_stray"),
    "parked blob": (PARK.format("x'ff'", 1, "'x'", 3), "view_stray"),
    "parked nowhere": (PARK.format("'{one}'", "'abc'", "x'ff'", "'tries'"), "view_row_damaged"),
}  # fmt: skip

Tampered = tuple[InstallFlow, sqlite3.Connection]


@pytest.fixture
def tampered(opened: Callable[..., InstallFlow], tmp_path: Path) -> Iterator[Tampered]:
    flow = opened(f"sqlite:///{tmp_path}/orders.db")
    with closing(sqlite3.connect(tmp_path / "orders.db", isolation_level=None)) as database:
        yield flow, database


def shown(flow: InstallFlow) -> tuple[object, ...]:
    return flow.planning(all=True), flow.agenda(all=True), flow.billing(all=True), flow.today()


def codes(flow: InstallFlow) -> set[str]:
    return {finding.code for finding in flow.check().findings}


@pytest.mark.parametrize(("statement", "code"), VIEWS.values(), ids=VIEWS)
def test_a_view_table_somebody_wrote_to(tampered: Tampered, statement: str, code: str | None):
    flow, database = tampered
    one = opened_order(flow, CollecteStarted(), planned())
    opened_order(flow, CommentAdded(text="x"), client="Garage Petit")
    before = shown(flow)
    assert codes(flow) == set()
    assert database.execute(statement.replace("{one}", one.hex)).rowcount
    found = codes(flow)
    assert (code in found) if code else not found
    shown(flow)
    flow.views(), flow.parked(), flow.load(one), flow.options(one), flow.history(one)
    flow.rebuild()
    assert codes(flow) == set()
    assert shown(flow) == before
    flow.record(one, CommentAdded(text="et la suite"), by=SONIA)
    assert "et la suite" in flow.row(one).cells["COMMENTAIRES PLANIF"]
    assert codes(flow) == set()


@pytest.mark.parametrize("position", [9_000, -1])
def test_a_view_that_stands_where_the_log_is_not_is_built_anew_when_it_is_read(tampered: Tampered, position: int):
    flow, database = tampered
    one = opened_order(flow, CollecteStarted())
    before = shown(flow)
    database.execute("UPDATE views SET position = ?", (position,))
    assert flow.parked() == []
    assert shown(flow) == before
    flow.record(one, CommentAdded(text="pas passé"), by=SONIA)
    assert "pas passé" in flow.row(one).cells["COMMENTAIRES PLANIF"]
    assert codes(flow) == set()


def test_comparing_a_view_that_stands_too_far_changes_nothing(tampered: Tampered):
    flow, database = tampered
    opened_order(flow)
    shown(flow)
    database.execute("UPDATE views SET position = 9000")
    flow.rebuild(compare_only=True)
    assert database.execute("SELECT DISTINCT position FROM views WHERE state = 'live'").fetchall() == [(9000,)]


IDS = {
    "blob": "cast(originator_id AS BLOB)",
    "NUL after": "originator_id || char(0)",
    "NUL within": "substr(originator_id, 1, 31) || char(0)",
    "upper case": "'ABCDEF' || substr(originator_id, 7)",
    "empty": "''",
}


@pytest.mark.parametrize("spelt", IDS.values(), ids=IDS)
def test_an_event_under_what_is_no_id_is_left_out_and_named(tampered: Tampered, spelt: str):
    flow, database = tampered
    good, bad = opened_order(flow), opened_order(flow)
    database.execute(f"UPDATE stored_events SET originator_id = {spelt} WHERE originator_id = ?", (bad.hex,))  # noqa: S608
    assert [row.id for row in flow.planning()] == [good]
    assert codes(flow) == {"event_id"}
    assert flow.find(str(good)[:13]) == good


COMMANDS = {
    "a text": ("'[\"abc\"]'", "command_unreadable"),
    "an object": ("'{}'", "command_unreadable"),
    "nothing": ("'[]'", "command_unreadable"),
    "null": ("'null'", "command_unreadable"),
    "true": ("'true'", "command_unreadable"),
    "no JSON": ("'[['", "command_unreadable"),
    "blob": ("x'ff00'", "command_unreadable"),
    "deep": (f"'{'[' * 9000}{']' * 9000}'", "command_unreadable"),
    "three": ("'[[\"{one}\", 2, 7]]'", "command_unreadable"),
    "a real": ("'[[\"{one}\", 2.0]]'", "command_unreadable"),
    "no such": ("'[[\"{one}\", 9]]'", "command_without_events"),
    "before the first": ("'[[\"{one}\", 0]]'", "command_without_events"),
}


@pytest.mark.parametrize(("events", "code"), COMMANDS.values(), ids=COMMANDS)
def test_a_command_that_says_something_else_is_named(tampered: Tampered, events: str, code: str):
    flow, database = tampered
    one = opened_order(flow)
    flow.record(one, CommentAdded(text="x"), by=SONIA, command_id="kept")
    database.execute(f"UPDATE commands SET events = {events.replace('{one}', one.hex)}")  # noqa: S608
    assert [(finding.code, finding.where) for finding in flow.check().findings] == [(code, "kept")]
    for ask in (
        lambda: flow.outcome("kept"),
        lambda: flow.record(one, CommentAdded(text="x"), by=SONIA, command_id="kept"),
    ):
        with pytest.raises(StoreUnavailable) as damaged:
            ask()
        assert damaged.value.code == "store_damaged_command"


def test_a_command_that_points_at_what_another_recorded_answers_nothing(tampered: Tampered):
    flow, database = tampered
    one = opened_order(flow)
    flow.record(one, CommentAdded(text="x"), by=SONIA, command_id="kept")
    database.execute(f"UPDATE commands SET events = '[[\"{one.hex}\", 1]]'")  # noqa: S608
    for ask in (
        lambda: flow.outcome("kept"),
        lambda: flow.record(one, CommentAdded(text="x"), by=SONIA, command_id="kept"),
    ):
        with pytest.raises(StoreUnavailable) as damaged:
            ask()
        assert damaged.value.code == "store_damaged_command"


@pytest.mark.parametrize("stamp", ["9" * 6000, b"2", "²", "", "2.0"])
def test_a_format_that_is_no_number_is_a_damaged_store(tampered: Tampered, tmp_path: Path, stamp: str | bytes):
    _, database = tampered
    database.execute("UPDATE meta SET value = ? WHERE key = 'format'", (stamp,))
    with pytest.raises(StoreUnavailable) as damaged:
        InstallFlow(f"sqlite:///{tmp_path}/orders.db")
    assert damaged.value.code == "store_corrupt"
