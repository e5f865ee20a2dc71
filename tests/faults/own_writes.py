"""A planner who looks for what he has just recorded, beside rebuilds, retries and a follower."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from installflow import InstallFlow
from installflow.orders import PLANNING, CommentAdded
from installflow.store.store import ParkedAt, ViewBehind
from tests.faults.oracles import caught_up
from tests.faults.places import Place
from tests.faults.processes import eventually
from tests.faults.report import Report
from tests.faults.stores import Wrapped, rewired
from tests.flow.acts import SONIA, opened_order

MISSING = "own write missing"

A_WHILE = 0.2
"""Seconds a race is waited for; where it does not come about, everybody goes on."""


class Overtaken(Wrapped):
    """Shows a build only once readers have seen the live one further on."""

    swapped = threading.Event()

    def __init__(self, store: Any) -> None:
        super().__init__(store)
        self._held: set[int] = set()

    def view_swap(self, view: str, generation: int) -> bool:
        if generation not in self._held:
            self._held.add(generation)
            built = self.store.view_snapshot(view, 0, build=generation).position
            with suppress(AssertionError):
                eventually(lambda: self.store.view_position(view) > built, within=A_WHILE)
        return self.shown(view, generation)

    def shown(self, view: str, generation: int) -> bool:
        return bool(self.store.view_swap(view, generation))


class Heedless(Overtaken):
    """The control: shows a build though it is behind, reads rows after it has asked for the position, and not with it.

    It writes what was folded whether or not somebody else has written since, too.
    """

    def shown(self, view: str, generation: int) -> bool:
        build = self.store.view_snapshot(view, 0, build=generation)
        ahead = max(build.position, self.store.view_position(view))
        self.store.view_advance(view, build.position, ahead, {}, revision=build.revision)
        done = bool(self.store.view_swap(view, generation))
        self.swapped.set()
        return done

    def view_everyday(self, view: str, keys: Any = (), *, at_least: int = 0) -> Any:
        if self.store.view_position(view) < at_least:
            raise ViewBehind
        self.swapped.clear()
        self.swapped.wait(A_WHILE)
        return self.store.view_everyday(view, keys)

    def view_advance(self, view: str, *written: Any, revision: Any = None, **named: Any) -> bool:
        live = revision and revision.generation == self.store.view_snapshot(view, 0).revision.generation
        return bool(self.store.view_advance(view, *written, revision=None if live else revision, **named))


def own_writes(place: Place, *, writes: int, wrapper: type[Overtaken] = Overtaken) -> Report:
    """Each thing recorded stands on the next board read; at the end the views are what the events make."""
    broken: list[str] = []
    done = {"rebuilds": 0, "retries": 0}
    with place.open(synchronous="NORMAL") as flow:
        others = [opened_order(flow) for _ in range(4)]
        flow.planning()
        rewired(flow, wrapper(flow._store))
        with (
            beside(place, wrapper, lambda beside: _rebuild(beside, done)),
            beside(place, wrapper, lambda beside: _retry(beside, others[0], done)),
            beside(place, wrapper, lambda beside: _note(beside, others)),
            place.open(synchronous="NORMAL") as following,
            following.follow(0.001),
        ):
            for number in range(writes):
                one = opened_order(flow)
                broken += _missing(flow, one, 0)
                flow.record(one, CommentAdded(text=str(number)), by=SONIA)
                broken += _missing(flow, one, 1)
    with place.open() as flow:
        broken += caught_up(flow)
    missing = sum(finding.startswith(MISSING) for finding in broken)
    figure = (
        f"{2 * writes} own writes looked for at once beside {done['rebuilds']} rebuilds, {done['retries']} retries "
        f"and a follower: {missing} missing, {len(broken) - missing} rows that differ at the end"
    )
    if not all(done.values()):
        broken.append(f"there was no race: {done}")
    return Report(figure, broken)


@contextmanager
def beside(place: Place, wrapper: type[Overtaken], turn: Callable[[InstallFlow], None]) -> Iterator[None]:
    """Do something over and over meanwhile, through an opening of one's own."""
    ended = threading.Event()

    def run() -> None:
        with place.open(synchronous="NORMAL") as flow:
            rewired(flow, wrapper(flow._store))
            while not ended.is_set():
                turn(flow)

    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(run)
        try:
            yield
        finally:
            ended.set()
        running.result()


def _rebuild(flow: InstallFlow, done: dict[str, int]) -> None:
    flow.rebuild(PLANNING.name)
    done["rebuilds"] += 1


def _retry(flow: InstallFlow, one: UUID, done: dict[str, int]) -> None:
    """Set an order aside, as if its last event could not be taken, then take it up again."""
    stand = flow._store.view_snapshot(PLANNING.key, 0)
    aside = {one: ParkedAt(stand.position, "a bug, mended since")}
    if flow._store.view_advance(PLANNING.key, stand.position, stand.position, {}, aside, revision=stand.revision):
        flow.retry(PLANNING.name)
        done["retries"] += 1


def _note(flow: InstallFlow, orders: list[UUID]) -> None:
    for one in orders:
        flow.record(one, CommentAdded(text="suite"), by=SONIA)
        flow.planning()


def _missing(flow: InstallFlow, one: UUID, comments: int) -> list[str]:
    shown = {row.id: len(row.row.comments) for row in flow.planning()}
    if shown.get(one) == comments:
        return []
    return [f"{MISSING}: {one} shows {shown.get(one)} of {comments} remarks on a board of {len(shown)}"]
