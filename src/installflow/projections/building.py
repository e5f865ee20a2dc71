"""Builds views from the first event, beside the live ones: one read pass for all, a bounded part of it in memory."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from installflow.errors import InstallflowError
from installflow.projections.folding import NOTHING, Folded, fold_on, slices

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


class Build:
    """One view being built beside the live one: rows leave for the store in batches as they are finished."""

    def __init__(self, store: Store, view: View[Any]) -> None:
        self.view = view
        self.rows = 0
        self.events = 0
        self.counts = True
        """Whether this build may still become the live one."""
        self._wanted = frozenset(view.topics)
        self._reached = NOTHING
        self._parked: dict[UUID, ParkedAt] = {}
        self._batch: list[tuple[UUID, ViewRow]] = []
        self._store = store
        self.generation = store.view_begin(view.key)

    def fold(self, events: Sequence[Row], read: Sequence[Recorded], decode: Decode) -> None:
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
        self._reached = fold_on(self.view, reached, [row for row in events if row.topic in wanted], decode)

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
        """Write what is finished."""
        self.counts = self.counts and self._store.view_build(self.generation, self._batch)
        self._batch = []

    def swap(self, upto: int) -> bool:
        """Show it; ``False`` when another build was shown first."""
        return self.counts and self._store.view_swap(self.view.key, self.generation, upto, self._parked)

    def abandon(self) -> None:
        """Give it up."""
        self._store.view_abandon(self.generation)


def drop_older(store: Store, views: Sequence[View[Any]]) -> None:
    """Drop the rows of older versions of these views: theirs are shown now."""
    versions = {view.name: view.version for view in views}
    for state in store.views():
        name, _, version = state.view.rpartition("@")
        if version.isdecimal() and int(version) < versions.get(name, 0):
            store.view_drop(state.view)


@contextmanager
def built(
    store: Store, decode: Decode, views: Sequence[View[Any]], upto: int, until: Callable[[], bool] = lambda: False
) -> Iterator[list[Build]]:
    """Builds of views as of a position, whole and not yet shown; those not shown at the end are given up.

    Each event is read and decoded once for all of them, each row encoded and written once. ``until``, asked now
    and then, ends it early: the builds answered count no more.
    """
    builds: list[Build] = []
    try:
        builds += [Build(store, view) for view in views]
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


def _fold_all(store: Store, decode: Decode, builds: Sequence[Build], upto: int, until: Callable[[], bool]) -> None:
    topics = sorted({topic for build in builds for topic in build.view.topics})
    current: UUID | None = None
    for one, events in slices(store, upto, topics, until):
        if current is not None and one != current:
            _finish(builds, current)
        current = one
        read = _read(events, decode)
        for build in builds:
            build.fold(events, read, decode)
    if current is not None:
        _finish(builds, current)
    for build in builds:
        build.write()


def _finish(builds: Sequence[Build], one: UUID) -> None:
    for build in builds:
        build.finish(one)


def _read(events: Sequence[Row], decode: Decode) -> list[Recorded]:
    """These events decoded, once for all views; none of them when one cannot be."""
    try:
        return [decode(event) for event in events]
    except InstallflowError:
        return []
