"""What goes wrong with a PostgreSQL server is said in our own words, and the same store goes on when it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from installflow.errors import Invalid, StoreUnavailable
from installflow.store import Store, VersionTaken, init_store
from installflow.store.store import ViewRow
from tests.store.calls import ALL, READS, WRITES, code_of
from tests.store.sample import WORKFLOW, event, numbered

psycopg = pytest.importorskip("psycopg", reason="no PostgreSQL: psycopg is not installed")

SET_POSITIONS = (
    "SELECT setval('installflow_events_notification_id_seq', (SELECT max(notification_id) FROM installflow_events))"
)

TABLES = "installflow_events, installflow_workflows, installflow_views"


@pytest.fixture
def beside(postgres_url: str) -> Iterator[Any]:
    """Another connection to the store's schema, as an administrator has."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


def backend(store: Store) -> int:
    """The server's process behind the connection the store would use next."""
    with store._session() as cursor:  # type: ignore[attr-defined]
        found: int = cursor.connection.info.backend_pid
        return found


def end(beside: Any, pid: int) -> None:
    """End a server process, and wait until it has gone."""
    assert beside.execute("SELECT pg_terminate_backend(%s, 10000)", (pid,)).fetchone() == (True,)


def waiting_pid(beside: Any, holder: Any) -> int:
    """The server process that waits for a lock `holder` has, once there is one."""
    while True:
        found = beside.execute(
            "SELECT pid FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))", (holder.info.backend_pid,)
        ).fetchone()
        if found:
            pid: int = found[0]
            return pid


def fail_with(beside: Any, sqlstate: str) -> None:
    """Have the server fail with a SQLSTATE whenever an event is recorded."""
    beside.execute(
        f"CREATE OR REPLACE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$BEGIN RAISE EXCEPTION 'trouble with s3cret' USING ERRCODE = '{sqlstate}'; END$$"
    )
    beside.execute("CREATE OR REPLACE TRIGGER trouble AFTER INSERT ON installflow_events EXECUTE FUNCTION trouble()")


@pytest.mark.parametrize("name", WRITES)
def test_another_writer_is_waited_for_and_then_said(postgres_url: str, beside: Any, opener, name: str):
    store = opener(postgres_url, lock_timeout=0)
    with beside.transaction():
        beside.execute(f"LOCK TABLE {TABLES} IN EXCLUSIVE MODE")
        assert code_of(WRITES[name], store) == "store_busy"
        for read in READS.values():
            read(store)
    WRITES[name](store)


def test_a_writer_waits_as_long_as_it_was_told(postgres_url: str, beside: Any, opener):
    store = opener(postgres_url, lock_timeout=30)
    with ThreadPoolExecutor(1) as threads:
        with beside.transaction(), psycopg.connect(postgres_url, autocommit=True) as onlooker:
            beside.execute("LOCK TABLE installflow_events IN EXCLUSIVE MODE")
            appended = threads.submit(store.append, [event()])
            waiting_pid(onlooker, beside)
        assert appended.result() == [1]


def test_many_writers_at_once_leave_connections_to_readers(postgres_url: str, beside: Any, opener):
    store = opener(postgres_url, lock_timeout=5)
    with ThreadPoolExecutor(20) as threads:
        with beside.transaction():
            beside.execute("LOCK TABLE installflow_events IN EXCLUSIVE MODE")
            writing = [threads.submit(store.append, [event()]) for _ in range(20)]
            assert store.position() == 0
        assert sorted(appended.result()[0] for appended in writing) == list(range(1, 21))


def test_too_many_threads_at_once_are_busy_and_not_stuck(postgres_url: str, opener):
    store = opener(postgres_url, lock_timeout=0)
    full = Barrier(11)

    def hold() -> None:
        with store._session():
            full.wait(10)  # all ten connections are out
            full.wait(10)

    with ThreadPoolExecutor(10) as threads:
        held = [threads.submit(hold) for _ in range(10)]
        full.wait(10)
        assert code_of(READS["position"], store) == "store_busy"
        full.wait(10)
        for holder in held:
            holder.result()
    assert store.position() == 0


@pytest.mark.parametrize(
    ("sqlstate", "code"),
    [
        ("53100", "store_full"),
        ("58030", "store_io"),
        ("25006", "store_read_only"),
        ("42501", "store_right_missing"),
        ("XX001", "store_corrupt"),
        ("XX002", "store_corrupt"),
        ("40P01", "store_busy"),
        ("40001", "store_busy"),
        ("57014", "store_timeout"),
        ("P0001", "store_failed"),
    ],
)
def test_what_the_server_says_has_a_code_of_ours(postgres_url: str, beside: Any, opener, sqlstate: str, code: str):
    store = opener(postgres_url)
    fail_with(beside, sqlstate)
    for name in ("append one", "append many"):
        assert code_of(WRITES[name], store) == code
    assert (store.position(), store.log(0, 10)) == (0, [])
    beside.execute("DROP TRIGGER trouble ON installflow_events")
    assert len(store.append([event()])) == 1


def test_a_statement_that_takes_too_long_names_the_timeout(postgres_url: str, beside: Any, opener):
    store = opener(f"{postgres_url}%20-cstatement_timeout%3D20ms")
    with beside.transaction():
        beside.execute("LOCK TABLE installflow_events IN ACCESS EXCLUSIVE MODE")
        for name in ("append one", "append many", "position"):
            with pytest.raises(StoreUnavailable, match="ALTER ROLE … SET statement_timeout") as caught:
                ALL[name](store)
            assert caught.value.code == "store_timeout"
    assert store.position() == 0


def test_a_statement_an_administrator_cancels_is_said_so(postgres_url: str, beside: Any, opener):
    store = opener(postgres_url)
    with (
        ThreadPoolExecutor(1) as threads,
        psycopg.connect(postgres_url, autocommit=True) as onlooker,
        beside.transaction(),
    ):
        beside.execute("LOCK TABLE installflow_events IN EXCLUSIVE MODE")
        appended = threads.submit(code_of, WRITES["append one"], store)
        onlooker.execute("SELECT pg_cancel_backend(%s)", (waiting_pid(onlooker, beside),))
        assert appended.result() == "store_cancelled"
    assert store.position() == 0


APPENDS = {
    "one": lambda store: store.append([event()], workflows=WORKFLOW),
    "many": lambda store: store.append([event(), event()], {"k": "[]"}, WORKFLOW),
    "the library's": lambda store: store._recorder.insert_events(
        [StoredEvent(uuid4(), version, "order.opened", b"[]") for version in (1, 2)]
    ),
}


@pytest.mark.parametrize("behind", [1, 3, 6, 7])
@pytest.mark.parametrize("name", ["one", "many"])
def test_a_position_that_is_not_above_the_last_one_is_refused(
    postgres_url: str, beside: Any, opener, behind: int, name: str
):
    """Given out again where there is a gap, it would lie where every view has been: nobody would ever read it."""
    store = opener(postgres_url)
    store.append([event() for _ in range(3)], workflows=WORKFLOW)
    beside.execute("SELECT setval('installflow_events_notification_id_seq', 7)")
    assert store.append([event()]) == [8]
    beside.execute("SELECT setval('installflow_events_notification_id_seq', %s)", (behind,))
    (fault,) = store.check()
    assert fault.code == "positions_behind"
    with pytest.raises(StoreUnavailable) as caught:
        APPENDS[name](store)
    assert caught.value.code == "store_positions_behind"
    assert (len(store.log(0, 100)), store.command("k")) == (4, None)
    for said in (caught.value.sentence, fault.sentence):
        assert said.endswith(SET_POSITIONS)
    beside.execute(SET_POSITIONS)
    assert store.check() == []
    assert APPENDS[name](store)[0] == 9


def test_the_library_s_recorder_is_kept_from_positions_given_before(postgres_url: str, beside: Any, opener):
    store = opener(postgres_url)
    store.append([event() for _ in range(4)])
    beside.execute("DELETE FROM installflow_events WHERE notification_id IN (2, 3)")
    beside.execute("SELECT setval('installflow_events_notification_id_seq', 1)")
    with pytest.raises(psycopg.Error, match="position 2 is not above the last one, 4"):
        APPENDS["the library's"](store)
    assert len(store.log(0, 10)) == 2


def test_only_a_version_a_command_id_and_a_row_of_a_build_can_be_somebody_else_s(new_postgres_url, opener):
    url = new_postgres_url()
    store = opener(url)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("CREATE UNIQUE INDEX theirs ON installflow_events (topic)")
    assert store.append([event()]) == [1]
    assert code_of(lambda store: store.append([event()]), store) == "store_failed"


def test_a_store_made_again_under_a_running_one_holds_the_workflow_of_what_is_recorded_next(new_postgres_url, opener):
    url = new_postgres_url()
    store = opener(url)
    for events in (1, 2):
        store.append([event() for _ in range(events)], workflows=WORKFLOW)
        with psycopg.connect(url, autocommit=True) as other:
            (schema,) = other.execute("SELECT current_schema()").fetchone()
            other.execute(f"DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}")
        init_store(url)
        with pytest.raises(VersionTaken):  # what was decided on the others is decided again
            store.append([event() for _ in range(events)], workflows=WORKFLOW)
        store.append([event() for _ in range(events)], workflows=WORKFLOW)
        assert (store.position(), store.workflow("9f2c")) == (events, "{}")


def test_a_value_the_database_cannot_hold_is_invalid(postgres_url: str, opener):
    store = opener(postgres_url)
    for unit in ([event(topic="a\0b")], [event(version=2**70)]):
        with pytest.raises(Invalid):
            store.append(unit)
    assert store.append([event()]) == [1]


@pytest.mark.parametrize("name", WRITES)
def test_a_server_that_only_reads_is_said(postgres_url: str, opener, name: str):
    store = opener(f"{postgres_url}%20-cdefault_transaction_read_only%3Don")
    assert code_of(WRITES[name], store) == "store_read_only"
    for read in READS.values():
        read(store)


@pytest.mark.parametrize("name", ALL)
def test_a_connection_that_ended_between_two_calls_is_not_noticed(postgres_url: str, beside: Any, opener, name: str):
    store = opener(postgres_url)
    end(beside, backend(store))
    ALL[name](store)


def test_an_append_whose_connection_ends_is_lost_and_never_done_again(postgres_url: str, beside: Any, opener):
    store = opener(postgres_url)
    with (
        ThreadPoolExecutor(1) as threads,
        psycopg.connect(postgres_url, autocommit=True) as onlooker,
        beside.transaction(),
    ):
        beside.execute("LOCK TABLE installflow_events IN EXCLUSIVE MODE")
        appended = threads.submit(code_of, WRITES["append one"], store)
        end(onlooker, waiting_pid(onlooker, beside))
        assert appended.result() == "store_lost"
    assert store.position() == 0
    assert len(store.append([event()])) == 1


def test_a_read_whose_connection_ends_is_done_again(postgres_url: str, beside: Any, opener):
    store = opener(postgres_url)
    store.append([event()])
    with ThreadPoolExecutor(1) as threads, psycopg.connect(postgres_url, autocommit=True) as onlooker:
        with beside.transaction():
            beside.execute("LOCK TABLE installflow_events IN ACCESS EXCLUSIVE MODE")
            read = threads.submit(store.position)
            first = waiting_pid(onlooker, beside)
            end(onlooker, first)
            assert waiting_pid(onlooker, beside) != first
        assert read.result() == 1


def test_a_view_half_written_when_its_connection_ends_is_as_it_was(postgres_url: str, beside: Any, opener):
    store = opener(postgres_url)
    store.view_advance("planning@1", 0, 1, {numbered(1): ViewRow(b"1", 1)})
    with (
        ThreadPoolExecutor(1) as threads,
        psycopg.connect(postgres_url, autocommit=True) as onlooker,
        beside.transaction(),
    ):
        beside.execute("SELECT 1 FROM installflow_view_rows FOR UPDATE")
        advanced = threads.submit(
            code_of, lambda store: store.view_advance("planning@1", 1, 2, {numbered(1): ViewRow(b"2", 2)}), store
        )
        end(onlooker, waiting_pid(onlooker, beside))
        assert advanced.result() == "store_lost"
    assert (store.view_position("planning@1"), store.view_rows("planning@1")) == (1, [(numbered(1), b"1")])


def test_a_server_that_goes_and_comes_back_finds_the_same_store_working(own_postgres, opener):
    init_store(own_postgres.url)
    store = opener(own_postgres.url)
    store.append([event()])
    own_postgres.restart()
    assert len(store.append([event()])) == 1
    own_postgres.stop()
    for name in ("position", "append one"):
        assert code_of(ALL[name], store) == "store_unreachable"
    own_postgres.start()
    rows = store.log(0, 10)
    assert len(rows) == 2
    (last,) = store.append([event()])
    assert last > rows[1].position > rows[0].position, "a crash may skip positions, and never gives one twice"


def test_a_closed_store_gives_its_connections_back(postgres_url: str, beside: Any, opener):
    store = opener(f"{postgres_url}&application_name=to_be_closed")
    with store._session():
        store.position()
        store.close()
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'to_be_closed'"
    left = (beside.execute(count).fetchone() for _ in range(20_000))
    assert (0,) in left, "the server takes a moment to see them go, and no longer"


def test_a_damaged_event_is_named_by_the_check(postgres_url: str, beside: Any, opener):
    store = opener(postgres_url)
    store.append([event() for _ in range(4)])
    for number, damage in enumerate(["originator_version = 0", "topic = NULL", "state = NULL"], start=1):
        beside.execute(f"UPDATE installflow_events SET {damage} WHERE notification_id = {number}")  # noqa: S608
    assert [(fault.code, fault.where) for fault in store.check()] == [
        ("event_version", "position 1"),
        ("event_topic", "position 2"),
        ("event_state", "position 3"),
    ]


def test_positions_that_would_be_given_twice_are_named_by_the_check(postgres_url: str, beside: Any, opener):
    store = opener(postgres_url)
    store.append([event() for _ in range(3)])
    assert store.check() == []
    beside.execute("SELECT setval('installflow_events_notification_id_seq', 2)")
    assert [fault.code for fault in store.check()] == ["positions_behind"]
    beside.execute("SELECT setval('installflow_events_notification_id_seq', 3)")
    assert store.check() == []


def test_a_table_that_has_gone_is_a_failure_with_its_reason(new_postgres_url, opener):
    url = new_postgres_url()
    store = opener(url)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("DROP TABLE installflow_workflows")
    with pytest.raises(StoreUnavailable, match="installflow_workflows") as caught:
        store.workflow("9f2c")
    assert caught.value.code == "store_failed"
