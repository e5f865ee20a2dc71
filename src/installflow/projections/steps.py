"""One step of a view along the log: the next events folded on its rows, for the live build as for one under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from installflow.errors import StoreUnavailable
from installflow.projections.folding import NOTHING, Folded, fold_on
from installflow.store.store import ViewRow
from installflow.workflow.reading import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from installflow.projections.folding import Decode
    from installflow.store import Row, Store, ViewSnapshot
    from installflow.store.store import ParkedAt
    from installflow.workflow.view import View

CHUNK = 500
"""Events folded between two moves of a view: a writer waits for one such chunk at most."""


class Step(NamedTuple):
    """Where a step left the view, and how many events it folded: none when somebody else was first."""

    position: int
    folded: int


def step(store: Store, decode: Decode, view: View[Any], build: int | None = None) -> Step | None:
    """Fold the next chunk outside any lock, and move the view if nobody wrote to it since it was read.

    Whoever lost the race folds nothing: what it read is dropped, and the view stands where the other left it. Moves
    the live build, or the ``build`` under way of that generation: ``None`` once that is no longer one.
    """
    snapshot = store.view_snapshot(view.key, CHUNK, view.topics, build=build)
    if build is not None and snapshot.revision.generation != build:
        return None
    streams: dict[UUID, list[Row]] = {}
    for event in snapshot.events:
        if event.id not in snapshot.parked:
            streams.setdefault(event.id, []).append(event)
    reached = {one: _fold_on(store, decode, view, snapshot, one, events) for one, events in streams.items()}
    # An aggregate parked at its first event has no row.
    changed = {one: after.stored(view) for one, after in reached.items() if after.events or one in snapshot.rows}
    parked = {one: after.parked for one, after in reached.items() if after.parked}
    moved = store.view_advance(view.key, snapshot.position, snapshot.upto, changed, parked, revision=snapshot.revision)
    taken = sum(_taken(events, reached[one].parked) for one, events in streams.items())
    return Step(snapshot.upto, taken) if moved else Step(snapshot.position, 0)


def _taken(events: Sequence[Row], parked: ParkedAt | None) -> int:
    """How many of an aggregate's events were folded: those before the one it is parked at."""
    return sum(parked is None or event.position < parked.position for event in events)


def up_to(history: Iterable[Row], position: int, view: View[Any]) -> list[Row]:
    """An aggregate's events a view reads, as far as it has come."""
    wanted = frozenset(view.topics)
    return [row for row in history if row.position <= position and row.topic in wanted]


def never_at_rest(store: Store, view: View[Any]) -> StoreUnavailable:
    """What is raised when a view was written to by others at every attempt."""
    msg = f"{store.url}: others write to the view {view.name} all the time: try again"
    return StoreUnavailable(msg, code="store_busy")


def _fold_on(
    store: Store, decode: Decode, view: View[Any], snapshot: ViewSnapshot, one: UUID, events: Sequence[Row]
) -> Folded:
    stored = snapshot.rows.get(one, ViewRow(None, 0))
    try:
        row = None if stored.row is None else view.decode(stored.row)
    except UNREADABLE:  # a damaged row is made again from the events it was folded from
        before = fold_on(view, NOTHING, up_to(store.load(one), snapshot.position, view), decode)
    else:
        before = Folded(row, stored.events)
    return fold_on(view, before, events, decode)
