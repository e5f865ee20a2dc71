"""Recording events and reading them back, on a file and in memory."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from installflow.errors import Invalid
from installflow.store import Row, Store, VersionTaken
from installflow.store.store import MAX_EVENT_BYTES, MAX_EVENTS, MAX_UNIT_BYTES
from tests.store.sample import event, numbered


def test_a_new_store_is_empty(store: Store):
    assert store.position() == 0
    assert store.log(0, 10) == []
    assert store.load(uuid4()) == []
    assert store.load_many([]) == {}


def test_what_is_appended_is_read_back_with_its_position(store: Store):
    order = uuid4()
    assert store.append([event(order, 1, "order.order_received", b'{"phones":6}')]) == [1]
    assert store.append([event(order, 2, "order.staging_started", b"\x00\xff"), event()]) == [2, 3]
    assert store.load(order) == [
        Row(1, order, 1, "order.order_received", b'{"phones":6}'),
        Row(2, order, 2, "order.staging_started", b"\x00\xff"),
    ]
    assert store.load(order, after=1) == [Row(2, order, 2, "order.staging_started", b"\x00\xff")]
    assert store.position() == 3


def test_nothing_to_append_is_no_event(store: Store):
    assert store.append([]) == []
    assert store.position() == 0


def test_many_aggregates_are_loaded_at_once(store: Store):
    ids = [uuid4() for _ in range(1201)]
    for start in range(0, 1200, 100):
        store.append([event(id_) for id_ in ids[start : start + 100]])
    store.append([event(ids[0], 2)])
    loaded = store.load_many([*ids, ids[0]])
    assert list(loaded) == ids
    assert [row.version for row in loaded[ids[0]]] == [1, 2]
    assert [row.position for row in loaded[ids[1199]]] == [1200]
    assert loaded[ids[1200]] == []


def test_the_log_is_in_commit_order_and_may_be_narrowed_to_topics(store: Store):
    orders, days = [uuid4() for _ in range(4)], [uuid4() for _ in range(3)]
    for order, day in zip(orders, [*days, None], strict=True):
        store.append([event(order)])
        if day:
            store.append([event(day, topic="day.booked")])
    assert [row.id for row in store.log(0, 100)] == [
        orders[0], days[0], orders[1], days[1], orders[2], days[2], orders[3],
    ]  # fmt: skip
    assert [row.position for row in store.log(2, 3)] == [3, 4, 5]
    assert [row.id for row in store.log(1, 2, ["day.booked", "day.released"])] == days[:2]
    assert store.log(7, 100) == []


def test_a_version_recorded_twice_is_taken_and_nothing_of_the_unit_is_stored(store: Store):
    order, other = uuid4(), uuid4()
    store.append([event(order, 1)])
    with pytest.raises(VersionTaken):
        store.append([event(order, 1, state=b"[2]")])
    with pytest.raises(VersionTaken):
        store.append([event(other, 1), event(order, 1), event(other, 2)])
    assert store.load(other) == []
    assert store.load(order) == [Row(1, order, 1, "order.order_received", b"[1]")]
    assert store.position() == 1


def test_a_version_taken_carries_nothing(store: Store):
    store.append([event(numbered(1))])
    with pytest.raises(VersionTaken) as caught:
        store.append([event(numbered(1))])
    assert caught.value.args == ()


def test_positions_go_up_whatever_was_rolled_back_and_none_is_used_twice(store: Store):
    order = uuid4()
    seen = list(store.append([event(order), event()]))
    for _ in range(3):
        with pytest.raises(VersionTaken):
            store.append([event(), event(), event(order)])
        seen += store.append([event()])
        seen += store.append([event(), event()])
    assert seen == sorted(set(seen))
    assert [row.position for row in store.log(0, 100)] == seen


def test_the_position_of_a_deleted_event_is_not_used_again(opener, file_url: str, tmp_path: Path):
    store = opener(file_url)
    store.append([event(), event()])
    database = sqlite3.connect(tmp_path / "orders.db")
    database.execute("DELETE FROM stored_events WHERE position = 2")
    database.commit()
    database.close()
    assert store.append([event()]) == [3]


def test_two_threads_racing_for_one_version_have_one_winner(store: Store):
    order, barrier, rounds = uuid4(), Barrier(2), 25

    def race(name: bytes) -> list[int]:
        won = []
        for version in range(1, rounds + 1):
            barrier.wait()
            try:
                store.append([event(order, version, state=name)])
            except VersionTaken:
                continue
            won.append(version)
        return won

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(race, (b"first", b"second"))
    assert sorted(first + second) == list(range(1, rounds + 1))
    assert [row.version for row in store.load(order) if row.state == b"first"] == first


def test_two_threads_write_and_read_at_once(store: Store):
    def write(kind: str) -> None:
        for _ in range(60):
            store.append([event(topic=f"{kind}.opened"), event(topic=f"{kind}.opened")])

    def read() -> None:
        for _ in range(60):
            rows = store.log(0, 1000)
            assert len(rows) % 2 == 0
            assert [row.position for row in rows] == list(range(1, len(rows) + 1))

    with ThreadPoolExecutor(4) as threads:
        for done in [*(threads.submit(write, kind) for kind in ("order", "day")), threads.submit(read)]:
            done.result()
    assert store.position() == 240


@pytest.mark.parametrize(
    ("sizes", "code"),
    [
        ([1] * (MAX_EVENTS + 1), "unit_too_large"),
        ([MAX_EVENT_BYTES + 1], "event_too_large"),
        ([MAX_EVENT_BYTES] * (MAX_UNIT_BYTES // MAX_EVENT_BYTES) + [1], "unit_too_large"),
    ],
    ids=["too many events", "an event too heavy", "too heavy together"],
)
def test_a_unit_too_large_is_refused_and_never_split(store: Store, sizes: list[int], code: str):
    with pytest.raises(Invalid) as caught:
        store.append([event(state=b"x" * size) for size in sizes])
    assert caught.value.code == code
    assert store.position() == 0


def test_the_largest_unit_is_stored(store: Store):
    store.append([event(state=b"x" * MAX_EVENT_BYTES) for _ in range(MAX_UNIT_BYTES // MAX_EVENT_BYTES)])
    store.append([event() for _ in range(MAX_EVENTS)])
    assert store.position() == MAX_UNIT_BYTES // MAX_EVENT_BYTES + MAX_EVENTS


def test_ids_are_found_by_the_beginning_of_their_digits(store: Store):
    orders = [UUID("abcd0000-0000-4000-8000-000000000001"), UUID("abcd1111-0000-4000-8000-000000000002")]
    day = UUID("abcd2222-0000-4000-8000-000000000003")
    store.append([event(orders[0]), event(orders[0], 2, "order.staging_started"), event(orders[1])])
    store.append([event(day, topic="day.booked"), event(UUID("ffffffff-0000-4000-8000-000000000004"))])
    assert store.ids("abcd", "order") == orders
    assert store.ids("ABCD1", "order") == orders[1:]
    assert store.ids("abcd0000-0000-4", "order") == orders[:1]
    assert store.ids(str(orders[1]), "order") == orders[1:]
    assert store.ids("abcd", "day") == [day]
    assert store.ids("abcd", "orde") == []
    assert len(store.ids("", "order")) == 3
    assert store.ids("", "order", limit=1) == orders[:1]
    assert store.ids("ff", "order")[0].hex.startswith("ffff")


@pytest.mark.parametrize("prefix", ["abcx", "%", "_", "é", "0" * 33])
def test_what_is_no_beginning_of_an_id_finds_nothing(store: Store, prefix: str):
    store.append([event()])
    assert store.ids(prefix, "order") == []


def test_a_prefix_is_looked_up_in_the_index(opener, file_url: str, tmp_path: Path):
    opener(file_url).close()
    database = sqlite3.connect(tmp_path / "orders.db")
    plan = database.execute(
        "EXPLAIN QUERY PLAN SELECT originator_id FROM stored_events"
        " WHERE originator_id >= 'ab' AND originator_id < 'abg' ORDER BY originator_id LIMIT 20"
    ).fetchall()
    database.close()
    assert "SEARCH" in plan[0][3]


@pytest.mark.parametrize("events", [1, 2])
def test_a_workflow_is_kept_with_the_first_event_decided_by_it(store: Store, events: int):
    assert store.workflow("9f2c") is None
    for number, document in enumerate(['{"transitions": []}', "another", "a third"]):
        rows = [event() for _ in range(events)]
        assert store.append(rows, {}, {"9f2c": document})[-1] == (number + 1) * events
        assert [row.id for row in store.log(number * events, 10)] == [row[0] for row in rows]
    assert store.workflow("9f2c") == '{"transitions": []}'
    assert store.workflow("0000") is None


def test_several_workflows_are_kept_those_that_were_missing(store: Store):
    store.append([event()], {}, {"a": "1"})
    store.append([event(), event()], {"k": "[]"}, {"a": "2", "b": "2"})
    assert (store.workflow("a"), store.workflow("b"), store.command("k")) == ("1", "2", "[]")


@pytest.mark.parametrize("events", [1, 2])
def test_a_workflow_is_not_kept_without_its_events(store: Store, events: int):
    order = uuid4()
    store.append([event(order)])
    with pytest.raises(VersionTaken):
        store.append([event(order), event()][:events], {}, {"9f2c": "{}"})
    assert store.workflow("9f2c") is None


def test_stores_in_memory_are_strangers_to_one_another(opener):
    first, second = opener(None), opener("sqlite:///:memory:")
    first.append([event()])
    assert (first.position(), second.position()) == (1, 0)


@pytest.mark.parametrize("after", [2**63, -(2**70)])
def test_a_number_beyond_the_database_is_invalid(store: Store, after: int):
    with pytest.raises(Invalid):
        store.log(after, 10)


def test_a_text_that_is_not_unicode_is_invalid(store: Store):
    with pytest.raises(Invalid):
        store.append([event()], workflows={"9f2c": "\ud800"})
    with pytest.raises(Invalid):
        store.append([event(topic="\ud800"), event()])
    assert store.position() == 0


def test_a_command_id_is_kept_with_its_events_or_not_at_all(store):
    one, other = uuid4(), uuid4()
    store.append([(one, 1, "x.a", b"{}")], {"k": "[1]"})
    assert store.command("k") == "[1]"
    assert store.command("K") is None
    with pytest.raises(VersionTaken):
        store.append([(other, 1, "x.a", b"{}")], {"k": "[2]"})
    assert store.load(other) == []
    assert store.command("k") == "[1]"
