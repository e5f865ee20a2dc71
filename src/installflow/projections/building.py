"""Builds views from the first event, beside the live ones: one read pass for all, a bounded part of it in memory."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from installflow.errors import InstallflowError
from installflow.projections.folding import NOTHING, Folded, fold_on, slices
from installflow.projections.steps import never_at_rest, step
from installflow.store.store import BuildUnderWay, Revision, ViewBehind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from uuid import UUID

    from installflow.projections.folding import Decode
    from installflow.store import Row, Store
    from installflow.store.store import ParkedAt, ViewRow
    from installflow.workflow.event import Recorded
    from installflow.workflow.view import View

BATCH = 1_000
"""View rows written in one transaction: a writer waits for one such batch at most."""

LEASE = 10.0
"""Seconds after which a builder nobody has heard of is taken for gone, and another begins."""

SILENCE = 8
"""Pages of events read without writing a row before a builder says that it is still there: two seconds or so."""

TURNS = 100
"""Attempts at showing a build that the live one overtook each time, before it is given up."""

POLL = 0.2
"""Seconds between two attempts at beginning a build while somebody else's is under way."""


class Build:
    """One view being built beside the live one: rows leave for the store in batches as they are finished.

    Raises `BuildUnderWay` when somebody else builds the view.
    """

    def __init__(self, store: Store, view: View[Any], decode: Decode) -> None:
        self.view = view
        self.rows = 0
        self.events = 0
        self.counts = True
        """Whether this build may still become the live one."""
        self._wanted = frozenset(view.topics)
        self._reached = NOTHING
        self._parked: dict[UUID, ParkedAt] = {}
        self._batch: list[tuple[UUID, ViewRow]] = []
        self._silent = 0
        self._position = 0
        self._store = store
        self._decode = decode
        self.generation = store.view_begin(view.key, LEASE)

    def fold(self, events: Sequence[Row], read: Sequence[Recorded]) -> None:
        """Fold the next events of the aggregate at hand; ``read`` are the same decoded, none if one cannot be."""
        wanted, fold, reached = self._wanted, self.view.fold, self._reached
        if read and not reached.parked:
            row, done = reached.row, reached.events
            try:
                for event, recorded in zip(events, read, strict=True):
                    if event.topic in wanted:
                        row = fold(row, recorded)
                        done += 1
            except Exception:  # noqa: BLE001, S110  # folded again below, where it is said which one fails
                pass
            else:
                self._reached = Folded(row, done)
                return
        self._reached = fold_on(self.view, reached, [row for row in events if row.topic in wanted], self._decode)

    def finish(self, one: UUID) -> None:
        """Done with the aggregate at hand: its row is encoded and, with others, written."""
        reached, self._reached = self._reached, NOTHING
        if reached.parked:
            self._parked[one] = reached.parked
        if reached.events:
            self._batch.append((one, reached.stored(self.view)))
            self.rows += reached.row is not None
            self.events += reached.events
        if len(self._batch) >= BATCH:
            self.write()

    def write(self) -> None:
        """Write what is finished; without anything to write, it says that somebody is still at it."""
        self.counts = self.counts and self._store.view_build(self.generation, self._batch)
        self._batch, self._silent = [], 0

    def still_there(self) -> None:
        """A page of events was read: now and then, say that somebody is still at it."""
        self._silent += 1
        if self._silent >= SILENCE:
            self.write()

    def close(self, upto: int) -> None:
        """It is whole as of a position."""
        self.write()
        self._position = upto
        new = Revision(self.generation, 0)
        self.counts = self.counts and self._store.view_advance(self.view.key, 0, upto, {}, self._parked, revision=new)

    def show(self, until: Callable[[], bool] = lambda: False) -> bool:
        """Show it; ``False`` when another build was shown first, or ``until`` said so.

        Before, it is brought to the end of the log in ever smaller steps: readers who have seen the live one further
        on would find themselves back in time.
        """
        for _ in range(TURNS):
            self._go_on(until)
            if until() or not self.counts:
                return False
            with suppress(ViewBehind):
                return self._store.view_swap(self.view.key, self.generation)
        raise never_at_rest(self._store, self.view)

    def _go_on(self, until: Callable[[], bool]) -> None:
        """Fold what was recorded since, by position, as the live one does."""
        last = self._store.position()
        while self.counts and self._position < last and not until():
            done = step(self._store, self._decode, self.view, self.generation)
            if done is None:
                self.counts = False
            else:
                self._position = done.position
                self.events += done.folded

    def abandon(self) -> None:
        """Give it up."""
        self._store.view_abandon(self.generation)


def drop_older(store: Store, views: Sequence[View[Any]]) -> None:
    """Drop the rows of older versions of these views: theirs are shown now."""
    versions = {view.name: view.version for view in views}
    for key in store.view_names():
        name, _, version = key.rpartition("@")
        if version.isdecimal() and int(version) < versions.get(name, 0):
            store.view_drop(key)


@contextmanager
def built(
    store: Store,
    decode: Decode,
    views: Sequence[View[Any]],
    upto: int,
    until: Callable[[], bool] = lambda: False,
    *,
    needed: Callable[[View[Any]], bool] | None = None,
) -> Iterator[list[Build]]:
    """Builds of views as of a position, whole and not yet shown; those not shown at the end are given up.

    Each event is read and decoded once for all of them, each row encoded and written once. ``until``, asked now
    and then, ends it early: the builds answered count no more.

    Views somebody else builds are left out, as those that are no longer ``needed`` once begun: another build was shown
    in between. Without ``needed`` every view is built, once the other is done.
    """
    builds: list[Build] = []
    try:
        # In one order everywhere: no two wait for each other.
        for view in sorted(views, key=lambda view: view.key):
            build = _begun(store, view, decode, patient=needed is None)
            if build and (needed is None or needed(view)):
                builds.append(build)
            elif build:
                build.abandon()
        if builds:
            _fold_all(store, decode, builds, upto, lambda: until() or not any(build.counts for build in builds))
        if until():
            for build in builds:
                build.counts = False
        yield builds
    finally:
        for build in builds:
            # A store that is gone cannot be told; the next build shown sweeps this one.
            with suppress(InstallflowError):
                build.abandon()


def _begun(store: Store, view: View[Any], decode: Decode, *, patient: bool) -> Build | None:
    while True:
        try:
            return Build(store, view, decode)
        except BuildUnderWay:
            if not patient:
                return None
            time.sleep(POLL)


def _fold_all(store: Store, decode: Decode, builds: Sequence[Build], upto: int, until: Callable[[], bool]) -> None:
    def page_read() -> bool:
        for build in builds:
            build.still_there()
        return until()

    topics = sorted({topic for build in builds for topic in build.view.topics})
    current: UUID | None = None
    for one, events in slices(store, upto, topics, page_read):
        if current is not None and one != current:
            _finish(builds, current)
        current = one
        read = _read(events, decode)
        for build in builds:
            build.fold(events, read)
    if current is not None:
        _finish(builds, current)
    for build in builds:
        build.close(upto)


def _finish(builds: Sequence[Build], one: UUID) -> None:
    for build in builds:
        build.finish(one)


def _read(events: Sequence[Row], decode: Decode) -> list[Recorded]:
    """These events decoded, once for all views; none of them when one cannot be."""
    try:
        return [decode(event) for event in events]
    except InstallflowError:
        return []
