"""A check reads everything, counts what each view took in, and names what is wrong; a sound store has no finding."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from installflow import Checked, InstallFlow, StoreUnavailable, ViewCount
from installflow.app import KINDS, VIEWS
from installflow.checking import accounts, check, findings
from installflow.checking.naming import SHORT, without
from installflow.orders import CollecteStarted, CommentAdded
from installflow.orders.planning import PLANNING
from installflow.projections import folding
from installflow.store.store import ParkedAt, Row, ViewRow
from installflow.testing.clock import FixedClock
from tests.flow.acts import SONIA, opened_order, order_with_appointment
from tests.flow.counting import COUNT, Beside, Count, projections_of, touchy
from tests.flow.wander import Wander

STATUS, WORKFLOW = 2, 3
"""Places in the stored envelope."""


def told(checked: Checked) -> list[tuple[str, str]]:
    return [(finding.code, finding.where) for finding in checked.findings]


def count(checked: Checked, view: str = "planning") -> ViewCount:
    (one,) = [one for one in checked.views if one.view == view]
    return one


def planned(flow: InstallFlow) -> list[UUID]:
    """Two orders of five events each, read by every view."""
    comments = [CommentAdded(text=f"numéro {number}") for number in range(3)]
    orders = [opened_order(flow, CollecteStarted(), *comments) for _ in range(2)]
    for view in VIEWS:
        flow.projections.rows(view)
    return orders


def put(flow: InstallFlow, one: UUID, events: list[Row], *, counted: int | None = None) -> None:
    """Write an order's planning row as folded from these events."""
    row = folding.fold_on(PLANNING, folding.NOTHING, events, flow._mapper.decode).stored(PLANNING)
    write(flow, one, row if counted is None else row._replace(events=counted))


def write(flow: InstallFlow, one: UUID, row: ViewRow) -> None:
    at = flow._store.view_position(PLANNING.key)
    assert flow._store.view_advance(PLANNING.key, at, at, {one: row})


def damaged(row: Row, place: int, value: Any) -> tuple[UUID, int, str, bytes]:
    document = json.loads(row.state)
    document[place] = value
    return row.id, row.version + 1, row.topic, json.dumps(document).encode()


# A sound store


@pytest.mark.parametrize("seed", [3, 1415])
def test_a_sound_store_has_no_finding_and_every_event_is_accounted_for(flow: InstallFlow, clock: FixedClock, seed: int):
    order_with_appointment(flow)
    for number, _ in enumerate(Wander(flow, clock, seed).steps(25)):
        if number % 6 == 0:
            flow.planning()
    recorded = flow._store.log(0, 9_999)
    for settled in (False, True):
        checked = flow.check()
        assert checked.findings == []
        assert (checked.events, checked.aggregates) == (len(recorded), len({row.id for row in recorded}))
        for view in VIEWS:
            reached = flow._store.view_position(view.key)
            taken = sum(row.position <= reached and row.topic in view.topics for row in recorded)
            assert count(checked, view.name) == ViewCount(view.name, taken, taken, 0, 0)
            assert not settled or reached == recorded[-1].position
            flow.projections.rows(view)


def test_an_empty_store_is_sound(flow: InstallFlow):
    assert flow.check() == Checked(
        0, 0, [], [ViewCount(name, 0, 0, 0, 0) for name in sorted(view.name for view in VIEWS)]
    )


def test_checking_changes_nothing(flow: InstallFlow):
    one, _ = planned(flow)
    put(flow, one, flow._store.load(one)[:-1])
    before = flow._store.views(), flow._store.view_page(PLANNING.key, None, 9)
    flow.check()
    assert (flow._store.views(), flow._store.view_page(PLANNING.key, None, 9)) == before


# Views


@pytest.mark.parametrize("skipped", range(2, 6))
def test_an_event_a_view_skipped_is_named(flow: InstallFlow, skipped: int):
    one, _ = planned(flow)
    put(flow, one, [row for row in flow._store.load(one) if row.version != skipped])
    checked = flow.check()
    assert told(checked) == [("view_skipped", f"{one}/{skipped}")]
    assert "installflow rebuild planning" in checked.findings[0].sentence
    assert count(checked) == ViewCount("planning", 10, 9, 0, 1)
    flow.rebuild("planning")
    assert flow.check().findings == []


def test_several_events_in_a_row_are_named_one_by_one(flow: InstallFlow):
    one, _ = planned(flow)
    put(flow, one, flow._store.load(one)[:3])
    checked = flow.check()
    assert told(checked) == [("view_skipped", f"{one}/4"), ("view_skipped", f"{one}/5")]
    assert count(checked).skipped == 2


def test_an_event_skipped_though_it_was_counted_is_named(flow: InstallFlow):
    one, _ = planned(flow)
    put(flow, one, [row for row in flow._store.load(one) if row.version != 3], counted=5)
    checked = flow.check()
    assert told(checked) == [("view_skipped", f"{one}/3")]
    assert count(checked).skipped == 1


@pytest.mark.parametrize("late", [False, True])
def test_an_event_a_view_folded_twice_is_named(flow: InstallFlow, late: bool):
    one, _ = planned(flow)
    events = flow._store.load(one)
    put(flow, one, [*events, events[2]] if late else [*events[:3], *events[2:]])
    checked = flow.check()
    assert told(checked) == [("view_doubled", f"{one}/3")]
    assert count(checked) == ViewCount("planning", 10, 11, 0, 0)


def test_of_an_order_too_long_to_try_each_the_counts_tell_how_many(flow: InstallFlow):
    one = opened_order(flow)
    model = flow.record(one, CommentAdded(text="x"), by=SONIA).recorded
    (state,) = [row.state for row in flow._store.load(one) if row.version == model.version]
    flow._store.append([(one, version, model.topic, state) for version in range(3, SHORT - 20)])
    flow._store.append([(one, version, model.topic, state) for version in range(SHORT - 20, SHORT + 2)])
    flow.planning()
    put(flow, one, flow._store.load(one)[:-3])
    checked = flow.check()
    assert told(checked) == [("view_skipped", str(one))]
    assert "3 événement(s)" in checked.findings[0].sentence
    assert count(checked).skipped == 3


def test_where_several_events_fit_it_says_so(flow: InstallFlow):
    one = opened_order(flow, *[CommentAdded(text="pareil") for _ in range(2)])
    projections_of(flow, COUNT).catch_up(COUNT)
    at = flow._store.view_position(COUNT.key)
    assert flow._store.view_advance(COUNT.key, at, at, {one: ViewRow(COUNT.encode(Count(id=one, events=2)), 2)})
    (finding,) = check(flow._store, flow._mapper, KINDS, [COUNT]).findings
    assert finding.code == "view_skipped"
    assert "ou un autre" in finding.sentence


def test_a_row_that_is_wrong_missing_damaged_or_nobodys_is_named(flow: InstallFlow):
    one, two = planned(flow)
    rows = dict(flow._store.view_page(PLANNING.key, None, 9))
    ghost = uuid4()
    for row, where, code in (
        (rows[two], one, "view_differs"),
        (ViewRow(None, 0), one, "view_skipped"),
        (ViewRow(b"{", 5), one, "view_row_damaged"),
        (rows[two], ghost, "view_stray"),
    ):
        write(flow, where, row)
        checked = flow.check()
        assert {finding.code for finding in checked.findings} == {code}
        assert all(finding.where.startswith(str(where)) for finding in checked.findings)
        flow.rebuild("planning")
        assert flow.check().findings == []


def test_what_is_parked_is_accounted_for_apart(flow: InstallFlow):
    view = touchy({"boum"})
    one = opened_order(flow, CommentAdded(text="boum"), CollecteStarted())
    opened_order(flow)
    projections_of(flow, view).catch_up(view)
    checked = check(flow._store, flow._mapper, KINDS, [view])
    assert told(checked) == [("parked", str(one))]
    assert "views retry touchy" in checked.findings[0].sentence
    assert count(checked, "touchy") == ViewCount("touchy", 4, 2, 2, 0)
    at = flow._store.view_position(view.key)
    flow._store.view_advance(view.key, at, at, {one: ViewRow(None, 0)})
    checked = check(flow._store, flow._mapper, KINDS, [view])
    assert told(checked) == [("parked", str(one)), ("view_skipped", f"{one}/1")], "its last good row is checked too"
    assert count(checked, "touchy") == ViewCount("touchy", 4, 1, 2, 1)


def test_a_cause_that_was_mended_leaves_it_parked_until_it_is_tried_again(flow: InstallFlow):
    one = opened_order(flow, CommentAdded(text="x"))
    flow.planning()
    at = flow._store.view_position(PLANNING.key)
    (opening, _) = flow._store.load(one)
    put(flow, one, [opening])
    flow._store.view_advance(PLANNING.key, at, at, {}, {one: ParkedAt(at, "ValueError", 3)})
    checked = flow.check()
    assert told(checked) == [("parked", str(one))]
    assert count(checked) == ViewCount("planning", 2, 1, 1, 0)
    assert flow.retry("planning")[0].followed
    assert flow.check().findings == []


def test_a_view_that_moves_on_during_the_check_is_not_accused(flow: InstallFlow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(accounts, "PAGE", 1)
    monkeypatch.setattr(folding, "PAGE", 2)
    orders = planned(flow)
    times = iter(range(6))

    def busy(*arguments: Any) -> Any:
        if next(times, None) is not None:
            for one in orders:
                flow.record(one, CommentAdded(text="pendant ce temps"), by=SONIA)
            opened_order(flow)
            flow.planning()
        return flow._store.view_page(*arguments)

    checked = check(Beside(flow._store, view_page=busy), flow._mapper, KINDS, [PLANNING])
    assert checked.findings == []
    assert count(checked) == ViewCount("planning", 10, 10, 0, 0)


# Events


def test_an_event_that_cannot_be_read_is_named_and_the_rest_is_counted(flow: InstallFlow):
    good, bad = planned(flow)
    last = flow._store.load(bad)[-1]
    flow._store.append([(bad, 6, last.topic, b"{"), (bad, 7, "order.antigravity", last.state)])
    flow._store.append([(bad, 8, last.topic, json.dumps([2, *json.loads(last.state)[1:]]).encode())])
    flow._store.append([(bad, 9, "order.technician_requested", last.state[:-20] + b'"technician":[[]]}]')])
    flow._store.append([damaged(last._replace(version=9), STATUS, "antigravité")])
    flow._store.append([damaged(last._replace(version=10), WORKFLOW, "0" * 64)])
    flow.record(good, CommentAdded(text="continue"), by=SONIA)
    shown = flow.planning()
    assert {row.id for row in shown} == {good, bad}, "the screens go on"
    checked = flow.check()
    assert [one for one in told(checked) if one[0] != "parked"] == [
        ("damaged_event", f"{bad}/6"),
        ("unknown_topic", f"{bad}/7"),
        ("newer_event", f"{bad}/8"),
        ("damaged_event", f"{bad}/9"),
        ("damaged_event", f"{bad}/10"),
        ("unknown_table", f"{bad}/11"),
    ]
    assert (checked.events, checked.aggregates) == (17, 2)
    planning = count(checked)
    assert planning.recorded == planning.projected + planning.parked
    assert planning.skipped == 0
    assert "Morel" not in " ".join(finding.sentence for finding in checked.findings)


def test_an_event_damaged_after_it_was_folded_is_named_once(opened, file_url: str, tmp_path: Path):
    flow = opened(file_url)
    one, _ = planned(flow)
    with closing(sqlite3.connect(tmp_path / "orders.db")) as database, database:
        database.execute(
            "UPDATE stored_events SET state = '{' WHERE originator_id = ? AND originator_version = 3", (one.hex,)
        )
    checked = flow.check()
    assert told(checked) == [("damaged_event", f"{one}/3")]
    assert count(checked) == ViewCount("planning", 10, 10, 0, 0)


def test_versions_that_are_missing_are_named(flow: InstallFlow):
    one = opened_order(flow)
    comment = flow.record(one, CommentAdded(text="x"), by=SONIA).recorded
    (state,) = [row.state for row in flow._store.load(one) if row.version == comment.version]
    flow._store.append([(one, 4, comment.topic, state), (one, 8, comment.topic, state)])
    flow._store.append([(headless := uuid4(), 2, comment.topic, state)])
    checked = flow.check()
    assert sorted(told(checked)) == sorted(
        [("missing_version", f"{one}/3"), ("missing_version", f"{one}/5"), ("missing_version", f"{headless}/1")]
    )
    assert any("les événements 5 à 7 de ce dossier manquent" in finding.sentence for finding in checked.findings)


def test_a_version_below_one_is_out_of_place(flow: InstallFlow):
    one = opened_order(flow)
    (row,) = flow._store.load(one)
    flow._store.append([(one, -1, "order.received", row.state)])
    assert ("version_out_of_place", f"{one}/-1") in told(flow.check())


# The database itself


@pytest.fixture
def tampered(opened: Callable[..., InstallFlow], tmp_path: Path) -> Iterator[tuple[InstallFlow, sqlite3.Connection]]:
    flow = opened(f"sqlite:///{tmp_path}/orders.db")
    with closing(sqlite3.connect(tmp_path / "orders.db", isolation_level=None)) as database:
        yield flow, database


def test_an_id_that_is_none_is_named_and_stops_nobody(tampered: tuple[InstallFlow, sqlite3.Connection]):
    flow, database = tampered
    good, bad = opened_order(flow), opened_order(flow)
    database.execute("UPDATE stored_events SET originator_id = 'nobody' WHERE originator_id = ?", (bad.hex,))
    assert [row.id for row in flow.planning()] == [good]
    (finding,) = flow.check().findings
    assert (finding.code, finding.where) == ("event_id", "position 2")
    assert "identifiant" in finding.sentence


def test_a_command_whose_events_are_gone_is_named(flow: InstallFlow):
    one = opened_order(flow)
    flow.record(one, CommentAdded(text="x"), by=SONIA, command_id="kept")
    assert flow.check().findings == []
    (row,) = [row for row in flow._store.load(one) if row.version == 2]
    flow._store.append(
        [(one, 3, row.topic, row.state)], {"lost": f'[["{one.hex}", 3], ["{one.hex}", 9]]', "torn": "[["}
    )
    checked = flow.check()
    assert told(checked) == [
        ("command_without_events", "lost"),
        ("command_unreadable", "torn"),
        ("command_astray", "lost"),
    ]
    assert "ne pas refaire la commande" in checked.findings[0].sentence


def test_a_file_with_damaged_pages_is_named_and_what_can_be_read_is_read(tmp_path: Path):
    path = tmp_path / "orders.db"
    with InstallFlow(f"sqlite:///{path}") as flow:
        for number in range(40):
            opened_order(flow, CommentAdded(text=f"{number} " * 200))
        flow.planning()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * 8192)
    with InstallFlow(f"sqlite:///{path}") as flow:
        checked = flow.check()
    assert "store_corrupt" in {finding.code for finding in checked.findings}
    assert all("sauvegarde" in finding.sentence for finding in checked.findings if finding.code == "store_corrupt")


# Bounded


def test_no_more_is_told_than_one_can_read(flow: InstallFlow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(findings, "MOST", 2)
    for _ in range(5):
        flow._store.append([(uuid4(), 1, "order.antigravity", b"[]")])
    checked = flow.check()
    assert [finding.code for finding in checked.findings] == ["unknown_topic", "unknown_topic", "more"]
    assert checked.findings[-1].sentence.startswith("3 autre(s)")


def test_each_run_of_events_is_left_out_once():
    rows = [Row(number, UUID(int=1), number, "order.received", b"") for number in range(1, 5)]
    assert [[row.version for row in run] for run, _ in without(rows, 2)] == [[1, 2], [2, 3], [3, 4]]
    assert [[row.version for row in rest] for _, rest in without(rows, 2)] == [[3, 4], [1, 4], [1, 2]]
    assert list(without(rows, 5)) == []


@pytest.mark.parametrize("call", ["check", "streams"])
def test_a_store_that_does_not_answer_is_an_error_and_one_that_is_damaged_a_finding(flow: InstallFlow, call: str):
    opened_order(flow)

    def failing(code: str) -> Any:
        def fail(*_: Any) -> Any:
            raise StoreUnavailable("no", code=code)

        return Beside(flow._store, **{call: fail})

    with pytest.raises(StoreUnavailable):
        check(failing("store_io"), flow._mapper, KINDS, VIEWS)
    checked = check(failing("store_corrupt"), flow._mapper, KINDS, VIEWS)
    assert told(checked) == [("store_corrupt", "")]
    assert len(checked.views) == (len(VIEWS) if call == "check" else 0), (
        "half an account would accuse what was not read"
    )
