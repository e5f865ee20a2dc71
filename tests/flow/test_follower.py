"""A follower keeps the views ahead of their readers, outlives a store that goes away, and stops when told."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from installflow import Follower, InstallFlow, Invalid, NotFound, StoreUnavailable
from installflow.app import VIEWS
from installflow.orders import CollecteStarted, CommentAdded
from installflow.projections import following
from tests.flow.acts import SONIA, opened_order
from tests.flow.counting import COUNT, counted, projections_of, touchy

QUICK = 0.001
PATIENCE = 20.0


def soon(holds: Callable[[], bool]) -> bool:
    """Whether something holds within the time a busy machine takes."""
    waited = threading.Event()
    deadline = time.monotonic() + PATIENCE
    while not (held := holds()) and time.monotonic() < deadline:
        waited.wait(0.005)
    return held


def ahead(flow: InstallFlow) -> bool:
    return all(flow._store.view_position(view.key) == flow._store.position() for view in VIEWS)


@pytest.fixture
def following_fast() -> Iterator[Callable[..., Follower]]:
    with ExitStack() as stack:

        def follow(flow: Any, interval: float = QUICK) -> Follower:
            follower: Follower = flow.follow(interval)
            return stack.enter_context(follower)

        yield follow


def test_what_is_recorded_is_folded_before_anybody_reads(flow: InstallFlow, following_fast):
    opened_order(flow)
    follower = following_fast(flow)
    assert soon(lambda: ahead(flow))
    opened_order(flow, CollecteStarted())
    assert soon(lambda: ahead(flow))
    assert soon(lambda: follower.folded == sum(status.events for status in flow.views()) > 0)
    assert (follower.error, follower.running) == (None, True)


@pytest.mark.parametrize("views", [["agenda"], "agenda"])
def test_it_may_follow_some_views_and_leave_the_others(opened, views: Any):
    flow = opened()
    opened_order(flow)
    with flow.follow(QUICK, views=views) as follower:
        assert soon(lambda: follower.folded == 1)
    assert {status.name: status.position for status in flow.views()} == dict.fromkeys(
        (view.name for view in VIEWS), 0
    ) | {"agenda": 1}


def test_a_view_there_is_not_cannot_be_followed(opened):
    with pytest.raises(NotFound, match="il n'y a pas de vue « nothing »"):
        opened().follow(views=["agenda", "nothing"])


def test_it_stops_when_told_and_again_does_nothing(flow: InstallFlow):
    with flow.follow(3600) as follower:
        assert soon(lambda: ahead(flow))
        began = time.monotonic()
        follower.stop()
        assert time.monotonic() - began < PATIENCE, "it does not sleep its interval out"
        assert not follower.running
        follower.stop()
    assert not follower.running


def test_closing_the_flow_stops_its_followers(opened):
    flow = opened()
    followers = [flow.follow(QUICK), flow.follow(3600)]
    flow.close()
    assert [follower.running for follower in followers] == [False, False]
    with pytest.raises(StoreUnavailable) as closed:
        flow.follow(QUICK)
    assert closed.value.code == "store_closed"


def test_a_store_that_goes_away_and_comes_back_is_followed_again(
    flow: InstallFlow, following_fast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(following, "LONGEST_PAUSE", 0.01)
    gone = threading.Event()

    def position() -> int:
        if gone.is_set():
            raise StoreUnavailable("the server is gone", code="store_unavailable")
        return flow._store.position()

    one = opened_order(flow)
    projections = projections_of(flow, COUNT, position=position)
    follower = following_fast(projections)
    assert soon(lambda: follower.folded == 1)
    gone.set()
    assert soon(lambda: "gone" in str(follower.error))
    flow.record(one, CommentAdded(text="x"), by=SONIA)
    assert follower.running
    gone.clear()
    assert soon(lambda: follower.folded == 2)
    assert soon(lambda: follower.error is None)
    assert counted(projections, COUNT) == {one: 2}


def test_it_asks_a_store_that_is_gone_less_and_less_often(flow: InstallFlow, following_fast):
    pauses: list[float] = []
    done = threading.Event()

    class Paused(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout or 0)
            if len(pauses) == 12:
                self.set()
                done.set()
            return super().wait(0)

    def position() -> int:
        raise StoreUnavailable("gone")

    projections = projections_of(flow, COUNT, position=position)
    follower = Follower(projections._store, projections._catching_up.catch_up, [COUNT], 0.1, Paused())
    assert done.wait(PATIENCE)
    follower.stop()
    assert pauses[:4] == [0.2, 0.4, 0.8, 1.6]
    assert pauses[-1] == following.LONGEST_PAUSE


def test_an_event_it_cannot_fold_is_parked_and_it_goes_on(flow: InstallFlow, following_fast):
    view = touchy({"boum"})
    projections = projections_of(flow, view)
    bad, good = opened_order(flow, CommentAdded(text="boum")), opened_order(flow)
    follower = following_fast(projections)
    assert soon(lambda: [parked.id for parked in projections.parked()] == [bad])
    flow.record(good, CommentAdded(text="x"), by=SONIA)
    assert soon(lambda: flow._store.view_position(view.key) == flow._store.position())
    assert (follower.error, follower.running) == (None, True)
    assert counted(projections, view) == {bad: 1, good: 2}


def test_stopping_in_the_middle_of_a_long_build_gives_it_up(flow: InstallFlow):
    orders = [opened_order(flow) for _ in range(3)]
    reading, stopped = threading.Event(), threading.Event()

    def streams(*arguments: Any) -> Any:
        reading.set()
        assert stopped.wait(PATIENCE)
        return flow._store.streams(*arguments)

    projections = projections_of(flow, COUNT, streams=streams)
    stop = threading.Event()
    follower = Follower(projections._store, projections._catching_up.catch_up, [COUNT], QUICK, stop)
    assert reading.wait(PATIENCE)
    stop.set()
    stopped.set()
    follower.stop()
    assert follower.error is None
    assert flow._store.views() == []
    assert counted(projections, COUNT) == dict.fromkeys(orders, 1)


def test_several_followers_and_readers_fold_each_event_once(opened, lasting_url: str):
    flow, other = opened(lasting_url), opened(lasting_url)
    orders = [opened_order(flow) for _ in range(3)]
    upkeeps = [projections_of(flow, COUNT), projections_of(flow, COUNT), projections_of(other, COUNT)]
    with ExitStack() as stack:
        followers = [stack.enter_context(upkeep.follow(QUICK)) for upkeep in upkeeps]
        for number in range(8):
            for one in orders:
                flow.record(one, CommentAdded(text=str(number)), by=SONIA)
                upkeeps[number % 3].catch_up(COUNT)
        assert counted(upkeeps[0], COUNT) == dict.fromkeys(orders, 9)
        assert soon(lambda: all(follower.error is None for follower in followers))
    (state,) = flow._store.views()
    assert (state.events, state.rows) == (27, 3)


def follows_elsewhere(url: str, told: Any) -> None:
    with InstallFlow(url, synchronous="NORMAL") as flow, flow.follow(QUICK) as follower:
        told.send("following")
        told.recv()
        told.send((follower.folded, repr(follower.error)))


@pytest.mark.no_cover
def test_followers_in_several_processes_do_not_harm_one_another(opened, lasting_url: str):
    flow = opened(lasting_url)
    spawned = multiprocessing.get_context("spawn")
    doors = [spawned.Pipe() for _ in range(2)]
    processes = [spawned.Process(target=follows_elsewhere, args=(lasting_url, theirs)) for _, theirs in doors]
    for process in processes:
        process.start()
    try:
        assert [ours.recv() for ours, _ in doors] == ["following", "following"]
        for _ in range(5):
            opened_order(flow, CollecteStarted(), CommentAdded(text="x"))
        assert soon(lambda: ahead(flow))
        for ours, _ in doors:
            ours.send("stop")
        told = [ours.recv() for ours, _ in doors]
    finally:
        for process in processes:
            process.join(PATIENCE)
    assert [error for _, error in told] == ["None", "None"]
    assert {status.name: status.events for status in flow.views()}["planning"] == 15
    assert all(not (one.changed or one.added or one.removed) for one in flow.rebuild().values())


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_after_a_fork_it_says_so(opened):
    flow = opened()
    with flow.follow(3600) as follower:
        child = os.fork()
        if not child:  # whatever happens here, this process must not go on as pytest
            code = 1
            try:
                for use in (follower.stop, lambda: follower.error, lambda: follower.folded, lambda: flow.follow(QUICK)):
                    try:
                        use()
                    except StoreUnavailable as error:
                        assert error.code == "store_forked"  # noqa: PT017
                    else:
                        raise AssertionError(use)
                flow.close()
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert follower.running, "the parent's goes on"


@pytest.mark.parametrize("interval", [0, -1, float("nan"), float("inf"), "soon", None])
def test_an_interval_is_a_number_of_seconds(opened, interval: Any):
    with pytest.raises(Invalid, match="every `interval` seconds: give a positive number"):
        opened().follow(interval)
