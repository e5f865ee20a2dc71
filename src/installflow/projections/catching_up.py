"""Brings views to the end of the log, and folds aggregates again from their first event."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from installflow.projections.building import built, drop_older
from installflow.projections.folding import NOTHING, fold_on
from installflow.projections.steps import never_at_rest, step, up_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from uuid import UUID

    from installflow.projections.folding import Decode
    from installflow.store import Store
    from installflow.store.store import ParkedAt
    from installflow.workflow.view import View

FAR = 20_000
"""A view no further behind than so many positions is followed, however short the log."""

FAR_PART = 4
"""A view further behind is built anew when what it lacks is more than one part in so many of the log.

Building reads the whole log, following only what is lacking, at several times the cost an event: the two take about as
long with a quarter of the log to fold. With less of it, following is quicker, by far in a long log.
"""

AGAIN = 100
"""Aggregates folded again from their first event at a time."""

ATTEMPTS = 20
"""Races lost in a row before folding again is given up: by then, of so few aggregates that only bad luck is left."""

POLL = 0.05
"""Seconds between two looks at a view somebody else builds."""

POLLS = 20
"""Looks at it before its builder's place is asked for, should it have gone."""


class CatchingUp:
    """Brings views up to the log: cheap when there is nothing to do, each event folded once whoever else does it."""

    def __init__(self, store: Store, decode: Decode) -> None:
        self._store = store
        self._decode = decode

    def catch_up(self, views: Sequence[View[Any]], until: Callable[[], bool] = lambda: False) -> int:
        """Fold what was recorded by now; answers how many events were folded, each counted once a view.

        Views that have not begun, or are far behind, are built beside in one pass and then shown; those somebody else
        builds are waited for. ``until``, asked now and then, ends it early.
        """
        last = self._store.position()
        folded = self._build_far(views, last, until)
        for view in views:
            while not until() and self._store.view_position(view.key) < last:
                folded += self.step(view)
        return folded

    def step(self, view: View[Any]) -> int:
        """Fold the next chunk; answers how many events were folded."""
        done = step(self._store, self._decode, view)
        return done.folded if done else 0

    def fold_again(self, view: View[Any], ids: Iterable[UUID]) -> dict[UUID, ParkedAt | None]:
        """Fold aggregates again from their first event, as far as the view has come.

        Answers where each is parked; ``None`` for those the view follows. Beside somebody who writes to the view all
        the time, fewer and fewer at once; raises `StoreUnavailable` when not even one can be written.
        """
        found: dict[UUID, ParkedAt | None] = {}
        wanted = list(dict.fromkeys(ids))
        size, lost = AGAIN, 0
        while wanted:
            written = self._fold_again(view, wanted[:size])
            if written is not None:
                found |= written
                del wanted[:size]
                lost = 0
                continue
            lost += 1
            if lost == ATTEMPTS:
                raise never_at_rest(self._store, view)
            size = max(1, size // 2)
        return found

    def _fold_again(self, view: View[Any], ids: Sequence[UUID]) -> dict[UUID, ParkedAt | None] | None:
        """These, at once; ``None`` when somebody else wrote to the view meanwhile."""
        snapshot = self._store.view_snapshot(view.key, 1, view.topics)
        if not snapshot.position:  # another release dropped it: it will be built again, these with it
            return dict.fromkeys(ids)
        reached = {
            one: fold_on(view, NOTHING, up_to(history, snapshot.position, view), self._decode)
            for one, history in self._store.load_many(ids).items()
        }
        parked = {one: after.parked for one, after in reached.items() if after.parked}
        written = self._store.view_advance(
            view.key,
            snapshot.position,
            snapshot.position,
            {one: after.stored(view) for one, after in reached.items()},
            parked,
            unparked=[one for one in ids if one not in parked],
            revision=snapshot.revision,
        )
        return {one: after.parked for one, after in reached.items()} if written else None

    def _build_far(self, views: Sequence[View[Any]], last: int, until: Callable[[], bool]) -> int:
        folded = 0
        while (far := [view for view in views if self._is_far(view, last)]) and not until():
            with built(
                self._store, self._decode, far, last, until, needed=lambda view: self._is_far(view, last)
            ) as builds:
                shown = [build for build in builds if build.show(until)]
            drop_older(self._store, [build.view for build in shown])
            folded += sum(build.events for build in shown)
            if not builds:
                self._wait(far, last, until)
        return folded

    def _wait(self, views: Sequence[View[Any]], last: int, until: Callable[[], bool]) -> None:
        """Wait a moment for views somebody else builds, until one can be read."""
        for _ in range(POLLS):
            if until() or not all(self._is_far(view, last) for view in views):
                return
            time.sleep(POLL)

    def _is_far(self, view: View[Any], last: int) -> bool:
        reached = self._store.view_position(view.key)
        if reached > last and reached > self._store.position():  # asked again: the log may have gone on
            # Somebody moved it by hand, or put older events beside newer views: it would pass over what comes.
            self._store.view_drop(view.key)
            reached = 0
        return reached < last and (reached <= 0 or last - reached > max(FAR, last // FAR_PART))
