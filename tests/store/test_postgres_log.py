"""Who tails the log of a PostgreSQL store misses no event, whoever else appends: the lock inside the append."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest

from installflow.errors import StoreUnavailable
from installflow.store import Store
from installflow.store.store import NewRow
from tests.store.sample import WORKFLOW, event, numbered

postgres_shape = pytest.importorskip("installflow.store.postgres_shape", reason="no PostgreSQL: psycopg is missing")
psycopg = pytest.importorskip("psycopg", reason="no PostgreSQL: psycopg is not installed")

MORE: list[list[NewRow]] = [[], [event(numbered(3))]]
"""What the second writer records beside its event: one alone and several are appended by two functions."""


@pytest.fixture
def slow_writer(postgres_url: str) -> Iterator[Any]:
    """A writer whose commit is in our hands."""
    with psycopg.connect(postgres_url) as connection:
        yield connection


def append_slowly(writer: Any, id_: UUID) -> None:
    writer.execute(
        "SELECT installflow_append(%s::uuid[], '{1}', '{order.order_received}', %s::bytea[], '{}', '{}', '{}', '{}')",
        ([id_], [b"[1]"]),
    )


def keep_workflow(connection: Any) -> None:
    """Have the store hold the table already, so that one event alone takes one call of its own function."""
    connection.execute("INSERT INTO installflow_workflows VALUES ('9f2c', '{}')")
    connection.commit()


def without_the_lock(connection: Any) -> None:
    """Put the same functions in place of ours, but for their lock: what must not happen, happens."""
    for function in sorted(postgres_shape.FUNCTIONS):
        (made,) = connection.execute(f"SELECT pg_get_functiondef('{function}'::regproc)").fetchone()
        lines = made.splitlines()
        kept = [line for line in lines if "pg_advisory_xact_lock" not in line]
        assert len(kept) == len(lines) - 1
        connection.execute("\n".join(kept))
    connection.commit()


def tail(store: Store, after: int) -> tuple[list[UUID], int]:
    rows = store.log(after, 100)
    return [row.id for row in rows], rows[-1].position if rows else after


@pytest.mark.parametrize("more", MORE, ids=["one", "several"])
def test_a_reader_between_two_writers_misses_nothing(postgres_url: str, opener, slow_writer: Any, more: list[NewRow]):
    keep_workflow(slow_writer)
    store = opener(postgres_url, lock_timeout=0)
    append_slowly(slow_writer, numbered(1))
    with pytest.raises(StoreUnavailable) as second:  # it has to wait for the first, here not long
        store.append([event(numbered(2)), *more], workflows=WORKFLOW)
    assert second.value.code == "store_busy"
    first_look, reached = tail(store, 0)
    slow_writer.commit()
    store.append([event(numbered(2))])
    second_look, _ = tail(store, reached)
    assert (first_look, second_look) == ([], [numbered(1), numbered(2)])


@pytest.mark.parametrize("more", MORE, ids=["one", "several"])
def test_without_the_lock_the_same_reader_misses_one(new_postgres_url, opener, more: list[NewRow]):
    url = new_postgres_url()
    store = opener(url, lock_timeout=0)
    with psycopg.connect(url) as slow_writer:
        keep_workflow(slow_writer)
        without_the_lock(slow_writer)
        append_slowly(slow_writer, numbered(1))
        store.append([event(numbered(2)), *more], workflows=WORKFLOW)
        first_look, reached = tail(store, 0)
        slow_writer.commit()
    second_look, _ = tail(store, reached)
    assert (first_look[0], second_look) == (numbered(2), []), "the first one's event is passed over for ever"
    assert [row.id for row in store.log(0, 10)][:2] == [numbered(1), numbered(2)]


def test_a_reader_beside_several_writers_sees_every_event_once_in_order(postgres_url: str, opener):
    store, reader, written = opener(postgres_url), opener(postgres_url), Event()

    def write(_: int) -> None:
        for number in range(40):
            store.append([event() for _ in range(1 + number % 3)])

    def read() -> list[int]:
        seen: list[int] = []
        last = False
        while not last:
            last = written.is_set()
            seen += [row.position for row in reader.log(seen[-1] if seen else 0, 7)]
        while more := reader.log(seen[-1], 100):
            seen += [row.position for row in more]
        return seen

    with ThreadPoolExecutor(6) as threads:
        reading = threads.submit(read)
        for writing in [threads.submit(write, number) for number in range(5)]:
            writing.result()
        written.set()
        seen = reading.result()
    assert seen == [row.position for row in store.log(0, 10_000)] == list(range(1, 396))


def test_positions_follow_the_order_the_events_were_given_in(postgres_url: str, opener):
    store = opener(postgres_url)
    rows = [event(uuid4(), topic=f"order.n{number}") for number in range(100)]
    assert store.append(rows) == list(range(1, 101))
    assert [row.topic for row in store.log(0, 100)] == [topic for _, _, topic, _ in rows]


@pytest.mark.parametrize("more", MORE, ids=["one", "several"])
def test_whoever_vacuums_the_events_and_whoever_appends_do_not_wait_for_one_another(
    postgres_url: str, opener, slow_writer: Any, more: list[NewRow]
):
    store = opener(postgres_url, lock_timeout=0)
    with psycopg.connect(postgres_url) as vacuum:
        # What VACUUM, ANALYZE and CREATE INDEX CONCURRENTLY hold for as long as they run.
        vacuum.execute("LOCK TABLE installflow_events IN SHARE UPDATE EXCLUSIVE MODE")
        assert store.append([event(), *more], workflows=WORKFLOW) == [1, 2][: 1 + len(more)]
        vacuum.rollback()
        append_slowly(slow_writer, numbered(1))
        vacuum.execute("LOCK TABLE installflow_events IN SHARE UPDATE EXCLUSIVE MODE NOWAIT")


def test_two_stores_of_one_database_do_not_wait_for_one_another(new_postgres_url, opener, slow_writer: Any):
    append_slowly(slow_writer, numbered(1))
    assert opener(new_postgres_url(), lock_timeout=0).append([event()]) == [1]


def test_a_writer_of_the_library_s_waits_for_ours(postgres_url: str, slow_writer: Any):
    append_slowly(slow_writer, numbered(1))
    with psycopg.connect(postgres_url) as library, pytest.raises(psycopg.errors.LockNotAvailable):
        library.execute("LOCK TABLE installflow_events IN EXCLUSIVE MODE NOWAIT")
