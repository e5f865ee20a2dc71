"""Whatever somebody wrote into a place of an event's document, it is named, and the check goes on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from installflow import Checked, InstallFlow, StoreUnavailable
from installflow.cli import main
from installflow.orders import CollecteStarted, CommentAdded
from tests.flow.acts import SONIA, opened_order

PLACES = (
    "format", "schema", "status", "workflow", "facts", "by", "recorded_at", "occurred_at", "command_id",
    "correlation_id", "causation_id", "payload",
)  # fmt: skip

WRONG: dict[str, tuple[Any, ...]] = {
    "format": (0, None, "1", [1], {}),
    "schema": (0, -1, "x", [1], None),
    "status": (5, [[]]),
    "workflow": (5, [[]], None, {}),
    "facts": (5, [1], "x"),
    "by": ("abcdef", None, [None] * 6, [{}] * 6, ["Sonia"]),
    "recorded_at": (5, None, [], "hier"),
    "occurred_at": (5, [], "hier"),
    "command_id": (5, [], None, {}),
    "correlation_id": (5, []),
    "causation_id": (5, [5]),
    "payload": (5, [], None, "x"),
}
DAMAGES = [(place, value) for place, values in WRONG.items() for value in values]

Tampered = tuple[InstallFlow, sqlite3.Connection]


@pytest.fixture
def tampered(opened: Callable[..., InstallFlow], tmp_path: Path) -> Iterator[Tampered]:
    flow = opened(f"sqlite:///{tmp_path}/orders.db")
    with closing(sqlite3.connect(tmp_path / "orders.db", isolation_level=None)) as database:
        yield flow, database


def told(checked: Checked) -> set[tuple[str, str]]:
    return {(finding.code, finding.where) for finding in checked.findings if not finding.code.startswith("view_")}


def put(database: sqlite3.Connection, one: UUID, version: int, place: str, value: Any) -> None:
    (state,) = database.execute(
        "SELECT state FROM stored_events WHERE originator_id = ? AND originator_version = ?", (one.hex, version)
    ).fetchone()
    document = json.loads(state)
    document[PLACES.index(place)] = value
    state = json.dumps(document, separators=(",", ":")).encode()
    database.execute(
        "UPDATE stored_events SET state = ? WHERE originator_id = ? AND originator_version = ?",
        (state, one.hex, version),
    )


def test_a_place_that_holds_something_else_is_a_damaged_event(tampered: Tampered):
    flow, database = tampered
    bad: set[tuple[str, str]] = set()
    for place, value in DAMAGES:
        one = opened_order(flow, CollecteStarted())
        put(database, one, 2, place, value)
        bad.add(("damaged_event", f"{one}/2"))
        with pytest.raises(StoreUnavailable):
            flow.history(one)
    good = opened_order(flow, CollecteStarted())
    assert told(flow.check()) == bad
    assert flow.load(good).version == 2


@pytest.mark.parametrize("place", ["format", "schema"])
def test_what_a_newer_version_wrote_is_never_read_as_todays(tampered: Tampered, place: str):
    flow, database = tampered
    one = opened_order(flow, CollecteStarted())
    put(database, one, 2, place, 99)
    assert told(flow.check()) == {("newer_event", f"{one}/2")}
    with pytest.raises(StoreUnavailable) as newer:
        flow.load(one)
    assert newer.value.code == "store_newer_event"


def test_an_order_that_begins_in_no_status_is_damaged(tampered: Tampered):
    flow, database = tampered
    one = opened_order(flow, CommentAdded(text="x"))
    put(database, one, 1, "status", None)
    assert told(flow.check()) == {("damaged_event", f"{one}/1")}
    for read in (flow.options, flow.load, lambda one: flow.record(one, CollecteStarted(), by=SONIA)):
        with pytest.raises(StoreUnavailable) as damaged:
            read(one)
        assert damaged.value.code == "store_damaged_event"


@pytest.mark.parametrize("state", [5, "{", b"", "[" * 100_000])
def test_a_state_that_is_no_document_is_a_damaged_event(tampered: Tampered, state: Any):
    flow, database = tampered
    one = opened_order(flow, CommentAdded(text="x"), CollecteStarted())
    database.execute(
        "UPDATE stored_events SET state = ? WHERE originator_id = ? AND originator_version = 2",
        (state, one.hex),
    )
    assert told(flow.check()) == {("damaged_event", f"{one}/2")}
    with pytest.raises(StoreUnavailable):
        flow.load(one)


@pytest.mark.parametrize("document", ["x", "[]", "5", b"\xff", "[" * 100_000])
def test_a_table_that_does_not_read_is_named_and_hides_nothing_else(
    tampered: Tampered, tmp_path: Path, capsys: pytest.CaptureFixture[str], document: str | bytes
):
    flow, database = tampered
    one = opened_order(flow)
    database.execute("UPDATE workflows SET document = ?", (document,))
    assert told(flow.check()) == {("damaged_table", f"{one}/1")}
    for command in ("options", "show", "history"):
        asked = [command, str(one), "--db", f"sqlite:///{tmp_path}/orders.db", "--by", "Sonia", "--role", "planner"]
        assert main(asked) == 0, capsys.readouterr().err
