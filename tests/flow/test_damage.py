"""A row of the store that was tampered with is named as such, and stops its own order only."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from installflow import InstallFlow, StoreUnavailable
from installflow.orders import CollecteStarted, CommentAdded
from tests.flow.acts import SONIA, opened_order

PLACES = {"format": 0, "status": 2, "facts": 4, "by": 5, "recorded_at": 6, "occurred_at": 7, "command_id": 8}
DAMAGES: dict[str, tuple[str, Any, str]] = {
    "a status nobody has": ("status", "zzz", "store_damaged_event"),
    "a status that is no text": ("status", 5, "store_damaged_event"),
    "facts that are no object": ("facts", [1], "store_damaged_event"),
    "a moment without a zone": ("recorded_at", "2027-03-02T08:00:00", "store_damaged_event"),
    "a moment nobody can show": ("occurred_at", "9999-12-31T23:59:59Z", "store_damaged_event"),
    "an actor in pieces": ("by", ["Sonia"], "store_damaged_event"),
    "a later format": ("format", 2, "store_newer_event"),
}


def tamper(path: Path, place: str, value: Any, *, more: bool = False) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        (state,) = database.execute("SELECT state FROM stored_events WHERE position = 2").fetchone()
        document = json.loads(state)
        document[PLACES[place]] = value
        document = [*document, "something new"] if more else document
        state = json.dumps(document, separators=(",", ":")).encode()  # as the store writes
        database.execute("UPDATE stored_events SET state = ? WHERE position = 2", (state,))


@pytest.mark.parametrize(("place", "value", "code"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_event_is_named_and_the_other_orders_go_on(
    opened, tmp_path: Path, file_url: str, place: str, value: Any, code: str
):
    flow: InstallFlow = opened(file_url)
    bad = opened_order(flow, CollecteStarted())
    good = opened_order(flow, client="Garage Petit")
    tamper(tmp_path / "orders.db", place, value, more=code == "store_newer_event")
    for read in (flow.history, flow.load, lambda one: flow.record(one, CollecteStarted(), by=SONIA)):
        with pytest.raises(StoreUnavailable) as damaged:
            read(bad)
        assert damaged.value.code == code
    shown = {row.id: row.status.label for row in flow.planning()}
    assert shown[good] == "New"
    past = {row.id: row.status.label for row in flow.as_of("2027-03-02").planning()}
    assert past == shown == {good: "New", bad: "New"}, "its last good row, live and past"


def test_a_damaged_remark_stops_its_history_and_not_the_order(opened, tmp_path: Path, file_url: str):
    flow: InstallFlow = opened(file_url)
    one = opened_order(flow, CommentAdded(text="vu avec le client"), CollecteStarted())
    tamper(tmp_path / "orders.db", "command_id", 5)
    assert flow.load(one).status.label == "Collecte"
    assert flow.record(one, CommentAdded(text="encore"), by=SONIA).version == 4
    tamper(tmp_path / "orders.db", "facts", [1])
    with pytest.raises(StoreUnavailable):
        flow.history(one)


def test_a_damaged_remark_that_is_the_last_word_is_named(opened, tmp_path: Path, file_url: str):
    flow: InstallFlow = opened(file_url)
    one = opened_order(flow, CommentAdded(text="vu avec le client"))
    tamper(tmp_path / "orders.db", "recorded_at", "hier")
    with pytest.raises(StoreUnavailable) as damaged:
        flow.load(one)
    assert damaged.value.code == "store_damaged_event"


def test_an_actor_is_read_back_as_it_was_stored(opened, tmp_path: Path, file_url: str):
    flow: InstallFlow = opened(file_url)
    one = opened_order(flow, CollecteStarted())
    tamper(tmp_path / "orders.db", "by", ["S" * 900, "planner", "", "robot", "", ""])
    assert flow.history(one)[-1].recorded.by.kind == "robot", "a limit tightened later does not unread history"
