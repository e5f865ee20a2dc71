"""What goes wrong with an open store is said in our own words, by every method, and leaves nothing half written."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from eventsourcing.domain import EventSourcingError

from installflow.errors import StoreUnavailable
from installflow.store import Store, open_store
from installflow.store.sqlite import SQLiteStore
from installflow.store.sqlite_faults import translated
from tests.store.sample import event, numbered

VIEW = "planning@1"

READS: dict[str, Callable[[Store], object]] = {
    "command": lambda store: store.command("x"),
    "load": lambda store: store.load(numbered(1)),
    "load_many": lambda store: store.load_many([numbered(1)]),
    "log": lambda store: store.log(0, 10),
    "position": lambda store: store.position(),
    "ids": lambda store: store.ids("", "order"),
    "workflow": lambda store: store.workflow("9f2c"),
    "views": lambda store: store.views(),
    "view_position": lambda store: store.view_position(VIEW),
    "view_snapshot": lambda store: store.view_snapshot(VIEW, 10),
    "view_rows": lambda store: store.view_rows(VIEW),
    "view_parked": lambda store: store.view_parked(VIEW),
}

WRITES: dict[str, Callable[[Store], object]] = {
    "append one": lambda store: store.append([event()]),
    "append many": lambda store: store.append([event(), event()]),
    "remember_workflow": lambda store: store.remember_workflow(uuid4().hex, "{}"),
    "view_advance": lambda store: store.view_advance(VIEW, store.view_position(VIEW), 5, {numbered(1): b"row"}),
    "view_unpark": lambda store: store.view_unpark(VIEW, numbered(1)),
    "view_replace": lambda store: store.view_replace(VIEW, 1, [(numbered(1), b"row")]),
    "view_drop": lambda store: store.view_drop(VIEW),
}

ALL = READS | WRITES


def code_of(call: Callable[[Store], object], store: Store) -> str:
    with pytest.raises(StoreUnavailable) as caught:
        call(store)
    assert caught.value.sentence.startswith(f"{store.url}: ")
    return caught.value.code


def test_every_method_of_the_face_is_tried_here():
    tried = {name.split()[0] for name in ALL}
    assert tried == Store.__abstractmethods__ - {"close"}


@pytest.mark.parametrize("name", ALL)
def test_a_method_that_works_says_nothing(store: Store, name: str):
    ALL[name](store)


@pytest.mark.parametrize("name", ALL)
def test_a_closed_store_says_so(store: Store, name: str):
    store.close()
    store.close()
    assert code_of(ALL[name], store) == "store_closed"


@pytest.mark.parametrize("name", ALL)
def test_a_store_used_after_a_fork_says_so(store: Store, name: str, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as forked:
        forked.setattr(os, "getpid", lambda: -1)
        assert code_of(ALL[name], store) == "store_forked"
    ALL[name](store)


@pytest.mark.parametrize("name", ALL)
def test_a_damaged_file_is_said_corrupt(opener, file_url: str, tmp_path: Path, name: str):
    store = opener(file_url)
    for _ in range(20):
        store.append([event() for _ in range(100)])
    store.view_replace(VIEW, 1, [(numbered(number), b"row" * 50) for number in range(1, 400)])
    store.remember_workflow("9f2c", "{}")
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


@pytest.mark.parametrize("name", ["append one", "append many", "view_advance", "view_replace", "remember_workflow"])
def test_a_full_disk_is_said_and_stores_nothing(opener, file_url: str, name: str):
    store = opener(file_url)
    with store._session() as cursor:
        cursor.execute("PRAGMA max_page_count = 1")
    large = b"x" * 30000
    attempts: dict[str, Callable[[Store], object]] = {
        "append one": lambda store: store.append([event(state=large)]),
        "append many": lambda store: store.append([event(), event(state=large)]),
        "view_advance": lambda store: store.view_advance(VIEW, 0, 5, {numbered(1): b"row", numbered(2): large}),
        "view_replace": lambda store: store.view_replace(VIEW, 1, [(numbered(1), large)]),
        "remember_workflow": lambda store: store.remember_workflow("9f2c", "x" * 30000),
    }
    assert code_of(attempts[name], store) == "store_full"
    assert (store.position(), store.log(0, 10), store.views(), store.workflow("9f2c")) == (0, [], {}, None)
    with store._session() as cursor:
        cursor.execute("PRAGMA max_page_count = 100000")
    attempts[name](store)


@pytest.mark.parametrize("name", WRITES)
def test_a_database_made_read_only_is_said(store: Store, name: str):
    assert isinstance(store, SQLiteStore)
    store.view_advance(VIEW, 0, 1, {numbered(1): b"row"}, {numbered(1): (1, "no")})
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


def test_a_child_leaves_the_connections_of_its_parent_alone(opener, file_url: str):
    store = opener(file_url)
    store.append([event()])
    child = os.fork()
    if not child:
        said = ""
        try:
            store.position()
        except StoreUnavailable as error:
            said = error.code
            store.close()
            mine = open_store(file_url)
            mine.append([event()])
            mine.close()
        finally:
            os._exit(0 if said == "store_forked" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert store.append([event()]) == [3]
