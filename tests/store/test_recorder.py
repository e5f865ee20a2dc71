"""What eventsourcing's own tools ask of a recorder still works over our table."""

from __future__ import annotations

from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from installflow.store import open_store
from installflow.store.sqlite import SQLiteStore
from installflow.store.sqlite_recorder import Recorder
from tests.store.sample import event


@pytest.fixture
def recorder(opener, file_url: str) -> Recorder:
    store = opener(file_url)
    assert isinstance(store, SQLiteStore)
    return store._recorder


def test_it_stores_and_selects_the_events_of_the_library(recorder: Recorder):
    order = uuid4()
    events = [StoredEvent(order, version, "order.order_received", b"[]") for version in (1, 2, 3)]
    assert recorder.max_notification_id() is None
    assert recorder.insert_events(events) == [1, 2, 3]
    assert recorder.select_events(order) == events
    assert recorder.select_events(order, gt=1, lte=2) == events[1:2]
    assert recorder.max_notification_id() == 3


def test_its_table_is_the_one_the_library_would_make(recorder: Recorder):
    recorder.create_table()
    assert recorder.insert_events([StoredEvent(uuid4(), 1, "order.order_received", b"[]")]) == [1]


@pytest.mark.parametrize(
    ("start", "stop", "topics", "inclusive", "expected"),
    [
        (None, None, (), True, [1, 2, 3, 4]),
        (2, None, (), True, [2, 3, 4]),
        (2, None, (), False, [3, 4]),
        (None, None, (), False, [1, 2, 3, 4]),
        (1, 3, (), True, [1, 2, 3]),
        (1, 4, ("day.booked",), True, [2, 4]),
    ],
)
def test_the_log_is_selected_as_the_library_does(recorder: Recorder, start, stop, topics, inclusive, expected):
    for number in range(1, 5):
        recorder.insert_events(
            [StoredEvent(uuid4(), 1, "order.opened" if number % 2 else "day.booked", b"%d" % number)]
        )
    found = recorder.select_notifications(start, 10, stop, topics, inclusive_of_start=inclusive)
    assert [notification.id for notification in found] == expected
    assert [notification.state for notification in found] == [b"%d" % number for number in expected]


def test_it_rolls_back_what_fails(recorder: Recorder):
    order = uuid4()
    twice = [StoredEvent(order, 1, "order.opened", b"[]")] * 2
    with pytest.raises(Exception, match="UNIQUE"):
        recorder.insert_events(twice)
    assert recorder.select_events(order) == []


def test_a_store_left_without_closing_gives_its_file_back(tmp_path):
    url = f"sqlite:///{tmp_path}/orders.db"
    open_store(url).append([event()])
    assert [path.name for path in tmp_path.iterdir()] == ["orders.db"]
