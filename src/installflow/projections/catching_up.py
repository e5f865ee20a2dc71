"""Folds what was recorded since a view's position, and aggregates again from their first event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from installflow.projections.building import built, drop_older
from installflow.projections.folding import NOTHING, UNREADABLE, Folded, fold_on
from installflow.store.store import ViewRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from uuid import UUID

    from installflow.projections.folding import Decode
    from installflow.store import Row, Store, ViewSnapshot
    from installflow.store.store import ParkedAt
    from installflow.workflow.view import View

CHUNK = 500
"""Events folded between two moves of a view: a writer waits for one such chunk at most."""

FAR = 20_000
"""A view further behind than so many positions is built anew, which is several times as fast as following."""

AGAIN = 100
"""Aggregates folded again from their first event at a time."""


class CatchingUp:
    """Brings views up to the log: cheap when there is nothing to do, each event folded once whoever else does it."""

    def __init__(self, store: Store, decode: Decode) -> None:
        self._store = store
        self._decode = decode

    def catch_up(self, views: Sequence[View[Any]], until: Callable[[], bool] = lambda: False) -> int:
        """Fold what was recorded by now; answers how many events were folded, each counted once a view.

        Views that have not begun, or are far behind, are built beside in one pass and then shown. ``until``, asked
        now and then, ends it early.
        """
        last = self._store.position()
        folded = self._build_far(views, last, until)
        for view in views:
            while not until() and self._store.view_position(view.key) < last:
                folded += self.step(view)
        return folded

    def step(self, view: View[Any]) -> int:
        """Fold the next chunk outside any lock, and move the view if it still is where it was read.

        Whoever lost the race folds nothing: what it read is dropped, and the view stands where the other left it.
        """
        snapshot = self._store.view_snapshot(view.key, CHUNK, view.topics)
        streams: dict[UUID, list[Row]] = {}
        for event in snapshot.events:
            if event.id not in snapshot.parked:
                streams.setdefault(event.id, []).append(event)
        reached = {one: self._fold_on(view, snapshot, one, events) for one, events in streams.items()}
        # An aggregate parked at its first event has no row.
        changed = {one: after.stored(view) for one, after in reached.items() if after.events or one in snapshot.rows}
        parked = {one: after.parked for one, after in reached.items() if after.parked}
        moved = self._store.view_advance(
            view.key, snapshot.position, snapshot.upto, changed, parked, generation=snapshot.generation
        )
        return len(snapshot.events) if moved else 0

    def fold_again(self, view: View[Any], ids: Iterable[UUID]) -> dict[UUID, ParkedAt | None]:
        """Fold aggregates again from their first event, as far as the view has come.

        Answers where each is parked; ``None`` for those the view follows.
        """
        found: dict[UUID, ParkedAt | None] = {}
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), AGAIN):
            found |= self._fold_again(view, wanted[start : start + AGAIN])
        return found

    def _fold_again(self, view: View[Any], ids: Sequence[UUID]) -> dict[UUID, ParkedAt | None]:
        while True:
            snapshot = self._store.view_snapshot(view.key, 1, view.topics)
            reached = {
                one: fold_on(view, NOTHING, _up_to(history, snapshot.position, view), self._decode)
                for one, history in self._store.load_many(ids).items()
            }
            parked = {one: after.parked for one, after in reached.items() if after.parked}
            if self._store.view_advance(
                view.key,
                snapshot.position,
                snapshot.position,
                {one: after.stored(view) for one, after in reached.items()},
                parked,
                unparked=[one for one in ids if one not in parked],
                generation=snapshot.generation,
            ):
                return {one: after.parked for one, after in reached.items()}

    def _build_far(self, views: Sequence[View[Any]], last: int, until: Callable[[], bool]) -> int:
        far = [view for view in views if self._is_far(self._store.view_position(view.key), last)]
        if not far or until():
            return 0
        with built(self._store, self._decode, far, last, until) as builds:
            shown = [build for build in builds if build.swap(last)]
        drop_older(self._store, [build.view for build in shown])
        return sum(build.events for build in shown)

    @staticmethod
    def _is_far(reached: int, last: int) -> bool:
        return reached < last and (not reached or last - reached > FAR)

    def _fold_on(self, view: View[Any], snapshot: ViewSnapshot, one: UUID, events: Sequence[Row]) -> Folded:
        stored = snapshot.rows.get(one, ViewRow(None, 0))
        try:
            row = None if stored.row is None else view.decode(stored.row)
        except UNREADABLE:  # a damaged row is made again from the events it was folded from
            history = self._store.load(one)
            before = fold_on(view, NOTHING, _up_to(history, snapshot.position, view), self._decode)
        else:
            before = Folded(row, stored.events)
        return fold_on(view, before, events, self._decode)


def _up_to(history: Iterable[Row], position: int, view: View[Any]) -> list[Row]:
    wanted = frozenset(view.topics)
    return [row for row in history if row.position <= position and row.topic in wanted]
