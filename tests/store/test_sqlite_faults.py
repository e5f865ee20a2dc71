"""What goes wrong with a file is said in our own words, by every method, and leaves nothing half written."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from eventsourcing.domain import EventSourcingError

from installflow.errors import StoreUnavailable
from installflow.store import Store, open_store
from installflow.store.sqlite import SQLiteStore
from installflow.store.sqlite_faults import translated
from installflow.store.store import ParkedAt, ViewRow
from tests.store.calls import ALL, READS, ROW, VIEW, WRITES, code_of
from tests.store.sample import WORKFLOW, event, numbered


@pytest.mark.parametrize("name", [name for name in ALL if name != "check"])
def test_a_damaged_file_is_said_corrupt(opener, file_url: str, tmp_path: Path, name: str):
    store = opener(file_url)
    for _ in range(20):
        store.append([event() for _ in range(100)])
    store.view_build(store.view_begin(VIEW), [(numbered(number), ViewRow(b"row" * 50, 1)) for number in range(1, 400)])
    store.append([event()], workflows=WORKFLOW)
    store.close()
    path = tmp_path / "orders.db"
    size = path.stat().st_size
    store = opener(file_url)
    with path.open("r+b") as file:  # the first page, with the stamp and the list of tables, stays whole
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    # What was read while opening may still be in the connection's memory: have it forgotten.
    with store._session() as cursor:
        cursor.execute("PRAGMA shrink_memory")
    assert code_of(ALL[name], store) == "store_corrupt"


@pytest.mark.parametrize("name", WRITES)
def test_another_writer_is_waited_for_and_then_said(opener, file_url: str, tmp_path: Path, name: str):
    store = opener(file_url, lock_timeout=0)
    other = sqlite3.connect(tmp_path / "orders.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert code_of(WRITES[name], store) == "store_busy"
    for read in READS.values():
        read(store)
    other.execute("ROLLBACK")
    other.close()
    WRITES[name](store)


def test_opening_behind_another_that_holds_the_file_is_busy(tmp_path: Path, file_url: str):
    open_store(file_url).close()
    other = sqlite3.connect(tmp_path / "orders.db", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable) as caught:
        open_store(file_url, lock_timeout=0)
    other.close()
    assert caught.value.code == "store_busy"


def test_a_thread_that_waits_too_long_for_its_turn_is_busy(opener, file_url: str):
    store = opener(file_url, lock_timeout=0)
    assert isinstance(store, SQLiteStore)
    with store._session(write=True), ThreadPoolExecutor(1) as other:
        with pytest.raises(StoreUnavailable) as caught:
            other.submit(store.append, [event()]).result()
        assert other.submit(store.position).result() == 0
    assert caught.value.code == "store_busy"
    assert store.append([event()]) == [1]


@pytest.mark.parametrize("name", ["append one", "append many", "view_advance", "view_build", "append under a workflow"])
def test_a_full_disk_is_said_and_stores_nothing(opener, file_url: str, name: str):
    store = opener(file_url)
    begun = store.view_begin("agenda@1")
    with store._session() as cursor:
        cursor.execute("PRAGMA max_page_count = 1")
    large = b"x" * 30000
    attempts: dict[str, Callable[[Store], object]] = {
        "append one": lambda store: store.append([event(state=large)]),
        "append many": lambda store: store.append([event(), event(state=large)]),
        "view_advance": lambda store: store.view_advance(
            VIEW, 0, 5, {numbered(1): ROW, numbered(2): ViewRow(large, 1)}
        ),
        "view_build": lambda store: store.view_build(begun, [(numbered(1), ViewRow(large, 1))]),
        "append under a workflow": lambda store: store.append([event()], workflows={"9f2c": "x" * 30000}),
    }
    assert code_of(attempts[name], store) == "store_full"
    assert (store.position(), store.log(0, 10), store.view_position(VIEW), store.workflow("9f2c")) == (0, [], 0, None)
    with store._session() as cursor:
        cursor.execute("PRAGMA max_page_count = 100000")
    attempts[name](store)


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("kind", ["file", "memory"])
def test_a_database_made_read_only_is_said(opener, file_url: str, kind: str, name: str):
    store = opener(file_url if kind == "file" else None)
    store.view_advance(VIEW, 0, 1, {numbered(1): ROW}, {numbered(1): ParkedAt(1, "no")})
    store.view_begin(VIEW)
    with store._session() as cursor:
        cursor.execute("PRAGMA query_only = 1")
    assert code_of(WRITES[name], store) == "store_read_only"


def test_a_table_that_has_gone_is_a_failure_with_its_reason(opener, file_url: str, tmp_path: Path):
    store = opener(file_url)
    other = sqlite3.connect(tmp_path / "orders.db")
    other.execute("DROP TABLE workflows")
    other.close()
    with pytest.raises(StoreUnavailable, match="no such table: workflows") as caught:
        store.workflow("9f2c")
    assert caught.value.code == "store_failed"


def test_an_error_of_the_library_that_nobody_foresaw_is_ours_all_the_same():
    error = translated("sqlite:///orders.db", EventSourcingError("odd"))
    assert isinstance(error, StoreUnavailable)
    assert error.code == "store_failed"


def test_closing_waits_for_whoever_reads(opener, file_url: str):
    store = opener(file_url)
    store.append([event()])
    reading, closing = Event(), Event()

    def read() -> int:
        with store._session() as cursor:
            reading.set()
            closing.wait(5)
            found: int = cursor.execute("SELECT COUNT(*) FROM stored_events").fetchone()[0]
            return found

    with ThreadPoolExecutor(2) as threads:
        reader = threads.submit(read)
        reading.wait(5)
        closer = threads.submit(store.close)
        closing.set()
        assert reader.result() == 1
        closer.result()
    assert code_of(READS["position"], store) == "store_closed"


def test_a_connection_asked_for_while_closing_finds_the_store_closed(opener, file_url: str):
    store = opener(file_url)
    assert isinstance(store, SQLiteStore)
    store._datastore.close()  # between another thread's look at the store and its own connection
    assert code_of(READS["position"], store) == "store_closed"


def test_closing_in_another_process_closes_nothing_of_this_one(opener, file_url: str, monkeypatch: pytest.MonkeyPatch):
    store = opener(file_url)
    with monkeypatch.context() as forked:
        forked.setattr(os, "getpid", lambda: -1)
        store._datastore.close()
    assert store.append([event()]) == [1]


def test_an_older_copy_put_back_under_a_running_store_holds_the_workflow_of_what_is_recorded_next(
    opener, file_url: str, tmp_path: Path
):
    store = opener(file_url)
    with (
        closing(sqlite3.connect(tmp_path / "orders.db")) as database,
        closing(sqlite3.connect(tmp_path / "copy.db")) as copy,
    ):
        database.backup(copy)
        for events in (1, 2):
            store.append([event() for _ in range(events)], workflows=WORKFLOW)
            copy.backup(database)
            assert (store.position(), store.workflow("9f2c")) == (0, None)
            store.append([event() for _ in range(events)], workflows=WORKFLOW)
            assert (store.position(), store.workflow("9f2c")) == (events, "{}")
            copy.backup(database)
