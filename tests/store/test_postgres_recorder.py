"""What eventsourcing's own tools ask of a PostgreSQL recorder still works over our table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent
from eventsourcing.utils import Environment

from installflow.store import VersionTaken
from tests.store.sample import event

psycopg = pytest.importorskip("psycopg", reason="no PostgreSQL: psycopg is not installed")


@pytest.fixture
def recorder(opener, postgres_url: str) -> Any:
    return opener(postgres_url)._recorder


@pytest.fixture
def stock(postgres_url: str) -> Iterator[Any]:
    """The library's own recorder for an application called installflow, as its runners and projections make it."""
    from eventsourcing.postgres import PostgresFactory

    with psycopg.connect(postgres_url) as connection:
        info = connection.info
        (schema,) = connection.execute("SELECT current_schema()").fetchone()
        environment = {
            "POSTGRES_DBNAME": info.dbname,
            "POSTGRES_HOST": info.host,
            "POSTGRES_PORT": str(info.port),
            "POSTGRES_USER": info.user,
            "POSTGRES_PASSWORD": info.password,
            "POSTGRES_SCHEMA": schema,
            "POSTGRES_POOL_SIZE": "1",
            "CREATE_TABLE": "n",
        }
    factory = PostgresFactory(Environment("installflow", environment))
    yield factory.application_recorder()
    factory.close()


def shape_of(connection: Any, schema: str) -> tuple[list[Any], list[Any], list[Any]]:
    """The columns, indexes and settings of a schema's table of events."""
    columns = connection.execute(
        "SELECT column_name, data_type, is_nullable, replace(column_default, %(s)s || '.', '')"
        " FROM information_schema.columns WHERE table_schema = %(s)s AND table_name = 'installflow_events'"
        " ORDER BY ordinal_position",
        {"s": schema},
    )
    indexes = connection.execute(
        "SELECT indexname, replace(indexdef, %(s)s, '') FROM pg_indexes"
        " WHERE schemaname = %(s)s AND tablename = 'installflow_events' ORDER BY indexname",
        {"s": schema},
    )
    settings = connection.execute(
        "SELECT reloptions FROM pg_class WHERE oid = format('%%I.installflow_events', %(s)s::text)::regclass",
        {"s": schema},
    )
    return columns.fetchall(), indexes.fetchall(), settings.fetchall()


def test_its_table_is_the_one_the_library_would_make_but_for_freezing_early(recorder: Any, new_postgres_url):
    from eventsourcing.postgres import PostgresApplicationRecorder

    with psycopg.connect(new_postgres_url(initialised=False), autocommit=True) as connection:
        (theirs,) = connection.execute("SELECT current_schema()").fetchone()
        recorder.datastore.schema, ours = theirs, recorder.datastore.schema
        PostgresApplicationRecorder(recorder.datastore, events_table_name="installflow_events").create_table()
        columns, indexes, [(settings,)] = shape_of(connection, theirs)
        settings.append("autovacuum_freeze_min_age=0")
        assert shape_of(connection, ours) == (columns, indexes, [(settings,)])


def test_it_stores_and_selects_the_events_of_the_library(recorder: Any):
    order = uuid4()
    events = [StoredEvent(order, version, "order.order_received", b"[]") for version in (1, 2, 3)]
    assert recorder.max_notification_id() is None
    assert recorder.insert_events(events) == [1, 2, 3]
    assert recorder.select_events(order) == events
    assert recorder.select_events(order, gt=1, lte=2) == events[1:2]
    assert recorder.max_notification_id() == 3


@pytest.mark.parametrize(
    ("start", "stop", "topics", "inclusive", "expected"),
    [
        (1, None, (), True, [1, 2, 3, 4]),
        (2, None, (), False, [3, 4]),
        (None, None, (), False, [1, 2, 3, 4]),
        (1, 3, (), True, [1, 2, 3]),
        (1, 4, ("day.booked",), True, [2, 4]),
    ],
)
def test_the_log_is_selected_as_the_library_does(recorder: Any, stock: Any, start, stop, topics, inclusive, expected):
    for number in range(1, 5):
        recorder.insert_events(
            [StoredEvent(uuid4(), 1, "order.opened" if number % 2 else "day.booked", b"%d" % number)]
        )
    for either in (recorder, stock):
        found = either.select_notifications(start, 10, stop, topics, inclusive_of_start=inclusive)
        assert [notification.id for notification in found] == expected
        assert [notification.state for notification in found] == [b"%d" % number for number in expected]


def test_a_subscription_of_the_library_reads_what_a_store_appended(stock: Any, postgres_url: str, opener):
    # Appended before: a notice sent while the subscription has not begun to listen is lost, and it waits for ever.
    opener(postgres_url).append([event(topic="order.first"), event(topic="order.second")])
    with stock.subscribe(gt=0) as subscription:
        assert [next(subscription).topic, next(subscription).topic] == ["order.first", "order.second"]


def test_it_rolls_back_what_fails_and_tries_once(recorder: Any, postgres_url: str, opener):
    order = uuid4()
    twice = [StoredEvent(order, 1, "order.opened", b"[]")] * 2
    with pytest.raises(Exception, match="duplicate key"):
        recorder.insert_events(twice)
    assert recorder.select_events(order) == []
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT last_value FROM installflow_events_notification_id_seq").fetchone() == (2,), (
            "two positions were used up, not twenty"
        )


def test_the_events_of_the_library_and_ours_take_each_other_s_versions(recorder: Any, postgres_url: str, opener):
    store, order = opener(postgres_url), uuid4()
    recorder.insert_events([StoredEvent(order, 1, "order.opened", b"[]")])
    with pytest.raises(VersionTaken):
        store.append([event(order)])
