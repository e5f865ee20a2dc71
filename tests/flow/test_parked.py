"""What a view cannot take: the order is parked with where and why, the others go on, and it can be tried again."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from installflow import InstallFlow, NotFound, StoreUnavailable
from installflow.orders import CollecteStarted, CommentAdded
from installflow.orders.planning import PLANNING
from installflow.projections import catching_up
from installflow.projections.folding import TRIES
from tests.flow.acts import SONIA, opened_order
from tests.flow.counting import COUNT, counted, projections_of, touchy


def test_an_event_that_cannot_be_folded_parks_its_aggregate_and_the_others_go_on(flow: InstallFlow):
    view = touchy({"boum"})
    projections = projections_of(flow, view)
    good, bad = opened_order(flow), opened_order(flow)
    assert counted(projections, view) == {good: 1, bad: 1}
    poison = flow.record(bad, CommentAdded(text="boum"), by=SONIA).recorded.position
    flow.record(good, CollecteStarted(), by=SONIA)
    assert counted(projections, view) == {good: 2, bad: 1}, "the last good row stays"
    (parked,) = projections.parked()
    assert (parked.view, parked.id, parked.position, parked.tries) == ("touchy", bad, poison, TRIES)
    assert parked.reason == "ValueError", "the values read are nobody's business"
    flow.record(bad, CollecteStarted(), by=SONIA)
    flow.record(good, CommentAdded(text="x"), by=SONIA)
    assert counted(projections, view) == {good: 3, bad: 1}
    (built,) = projections.rebuild([view]).values()
    assert (built.rows, built.changed, built.added, built.removed) == (2, (), (), ()), "a rebuild stops there too"
    assert projections.parked() == [parked]


def test_one_parked_at_its_first_event_has_no_row_however_it_is_read(flow: InstallFlow):
    view = touchy(lambda _: True)
    projections = projections_of(flow, view, COUNT)
    projections.catch_up(view)
    flow._store.append([(bad := uuid4(), 1, "order.received", b"{")])
    assert counted(projections, view) == {}
    assert counted(projections, COUNT) == {}
    assert [parked.id for parked in projections.parked()] == [bad, bad]
    assert projections.rebuild([view, COUNT], compare_only=True)["touchy"].removed == ()
    assert [one.followed for one in projections.retry(view)] == [False]
    assert projections.rebuild([view, COUNT])["touchy"].removed == ()


def test_what_fails_once_and_passes_by_itself_parks_nothing(flow: InstallFlow):
    fails = [True] * (TRIES - 1)
    view = touchy(lambda _: bool(fails and fails.pop()))
    projections = projections_of(flow, view)
    one = opened_order(flow, CommentAdded(text="x"), CommentAdded(text="y"))
    assert counted(projections, view) == {one: 3}
    assert (fails, projections.parked()) == ([], [])


def test_a_parked_aggregate_is_followed_again_once_it_can_be(flow: InstallFlow):
    stumbles = {"boum", "bam"}
    view = touchy(stumbles)
    projections = projections_of(flow, view)
    good = opened_order(flow)
    bad = opened_order(flow, CommentAdded(text="x"), CommentAdded(text="boum"), CollecteStarted())
    worse = opened_order(flow, CommentAdded(text="bam"))
    assert counted(projections, view) == {good: 1, bad: 2, worse: 1}
    (still,) = projections.retry(view, bad)
    assert (still.id, still.followed, still.parked and still.parked.tries) == (bad, False, 2 * TRIES)
    stumbles.remove("boum")
    assert {one.id: one.followed for one in projections.retry(view)} == {bad: True, worse: False}
    assert [parked.id for parked in projections.parked()] == [worse]
    flow.record(bad, CommentAdded(text="y"), by=SONIA)
    assert counted(projections, view) == {good: 1, bad: 5, worse: 1}
    assert projections.rebuild([view])["touchy"].changed == ()
    stumbles.clear()
    assert [one.followed for one in projections.retry(view, worse)] == [True]
    assert (projections.parked(), projections.retry(view)) == ([], [])


def test_a_retry_overtaken_by_a_reader_loses_no_event(flow: InstallFlow):
    stumbles = {"boum"}
    view = touchy(stumbles)
    plain = projections_of(flow, view)
    bad = opened_order(flow, CommentAdded(text="boum"))
    plain.catch_up(view)
    stumbles.clear()
    overtaken: list[int] = []

    def load_many(ids: list[UUID]) -> object:
        loaded = flow._store.load_many(ids)
        if not overtaken:
            flow.record(bad, CommentAdded(text="meanwhile"), by=SONIA)
            overtaken.append(plain.catch_up(view))
        return loaded

    (retried,) = projections_of(flow, view, load_many=load_many).retry(view)
    assert (retried.followed, len(overtaken)) == (True, 1)
    assert counted(plain, view) == {bad: 3}


@pytest.mark.parametrize("careful", [True, False])
def test_a_follower_that_read_before_a_retry_and_writes_after_it_loses_no_event(flow: InstallFlow, careful: bool):
    stumbles = {"boum"}
    view = touchy(stumbles)
    plain = projections_of(flow, view)
    bad = opened_order(flow, CommentAdded(text="boum"))
    plain.catch_up(view)
    stumbles.clear()
    followed: list[object] = []

    def after_the_retry(*arguments: Any, revision: Any, **options: Any) -> bool:
        if not followed:
            followed.append(plain.retry(view))  # the follower has read that it is parked, and has yet to write
        return flow._store.view_advance(*arguments, revision=revision if careful else None, **options)

    flow.record(bad, CommentAdded(text="meanwhile"), by=SONIA)
    follower = projections_of(flow, view, view_advance=after_the_retry)
    plain.catch_up = lambda *_: 0  # type: ignore[method-assign]  # the retry folds as far as the view has come
    follower.catch_up(view)
    assert counted(follower, view) == {bad: 3 if careful else 2}
    assert follower.parked() == []
    kept = dict(flow._store.view_page(view.key, None, 9))
    assert kept[bad].events == (3 if careful else 2)


def test_a_retry_beside_somebody_who_always_writes_first_tries_fewer_and_ends(
    flow: InstallFlow, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(catching_up, "AGAIN", 4)
    stumbles = {"boum"}
    view = touchy(stumbles)
    plain = projections_of(flow, view)
    bad = [opened_order(flow, CommentAdded(text="boum")) for _ in range(9)]
    plain.catch_up(view)
    stumbles.clear()
    tried: list[int] = []
    luck = iter([False, False, True, False, True])

    def view_advance(key: str, at: int, *arguments: Any, **options: Any) -> bool:
        tried.append(len(arguments[1]))
        if not next(luck, False):
            assert flow._store.view_advance(key, at, at, {})
        return flow._store.view_advance(key, at, *arguments, **options)

    with pytest.raises(StoreUnavailable) as busy:
        projections_of(flow, view, view_advance=view_advance).retry(view)
    assert busy.value.code == "store_busy"
    assert tried == [4, 2, 1, 1, 1, *[1] * catching_up.ATTEMPTS]
    assert len(plain.parked()) == 7
    assert all(one.followed for one in plain.retry(view))
    assert counted(plain, view) == dict.fromkeys(bad, 2)


def test_only_what_is_parked_is_tried_again(flow: InstallFlow):
    one = opened_order(flow)
    with pytest.raises(NotFound, match="n'a pas laissé de côté"):
        flow.retry("planning", str(one))
    with pytest.raises(NotFound, match="pas de vue"):
        flow.retry("nowhere")
    assert flow.retry("planning") == []


def test_a_damaged_row_of_a_view_is_made_again_and_stops_no_screen(flow: InstallFlow):
    good = opened_order(flow, CollecteStarted())
    bad = opened_order(flow, CollecteStarted(), client="Garage Petit")
    whole = flow.planning()
    store, key = flow._store, PLANNING.key
    for damage in (b"{", b"\xff\xfe", b'{"id": 5}'):
        at = store.view_position(key)
        (row,) = [row for one, row in store.view_page(key, None, 9) if one == bad]
        assert store.view_advance(key, at, at, {bad: row._replace(row=damage)})
        assert flow.planning() == whole
        assert flow.planning() == whole
        at = store.view_position(key)
        assert store.view_advance(key, at, at, {bad: row._replace(row=damage)})
        assert [shown.id for shown in flow.planning(search="Garage")] == [bad]
        assert store.view_advance(key, at, at, {bad: row._replace(row=damage)})
        assert flow.find(str(bad)) == bad
        assert store.view_advance(key, at, at, {bad: row._replace(row=damage)})
        flow.record(bad, CommentAdded(text="x"), by=SONIA)
        flow.record(good, CommentAdded(text="x"), by=SONIA)
        whole = flow.planning()
        assert flow.rebuild("planning")["planning"].changed == ()
    assert flow.parked() == []
