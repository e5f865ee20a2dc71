"""Keeps views up to date: caught up on reading, rebuilt, folded as of a moment; what cannot be folded is parked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from installflow.errors import InstallflowError, NotFound

if TYPE_CHECKING:
    from pydantic import BaseModel

    from installflow.store import Row, Store
    from installflow.store.mapper import Mapper
    from installflow.workflow.event import Recorded
    from installflow.workflow.view import View

CHUNK = 500
"""Events folded between two moves of a view: a writer waits for one such chunk at most."""

REBUILD_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Parked:
    """An aggregate a view could not follow: from which position, and why."""

    view: str
    id: UUID
    position: int
    reason: str


class Projections:
    """The views of one store. Reading one first catches it up, so a caller reads its own writes."""

    def __init__(self, store: Store, mapper: Mapper, views: Sequence[View[Any]]) -> None:
        self._store = store
        self._mapper = mapper
        self.views = {view.name: view for view in views}

    def named(self, name: str) -> View[Any]:
        """The view of a name; raises `NotFound`."""
        if name not in self.views:
            msg = f"il n'y a pas de vue « {name[:80]} » ; au choix : {', '.join(sorted(self.views))}"
            raise NotFound(msg)
        return self.views[name]

    def rows(self, view: View[Any], ids: Sequence[UUID] | None = None) -> list[Any]:
        """The rows of a view, or those of some aggregates, once it is caught up."""
        self.catch_up(view)
        return [view.decode(stored) for _, stored in self._store.view_rows(view.key, ids)]

    def rows_with(self, view: View[Any], text: str) -> list[Any]:
        """The rows in which a text stands somewhere, whatever its case; the others are not decoded."""
        self.catch_up(view)
        needle = json.dumps(text, ensure_ascii=False)[1:-1].casefold()
        stored = (row for _, row in self._store.view_rows(view.key))
        return [view.decode(row) for row in stored if needle in row.decode().casefold()]

    def catch_up(self, view: View[Any]) -> None:
        """Fold what was recorded since the view's position; several readers at once fold each event once."""
        while True:
            snapshot = self._store.view_snapshot(view.key, CHUNK, view.topics)
            if snapshot.upto == snapshot.position:
                return
            before = {key: view.decode(stored) for key, stored in snapshot.rows.items()}
            rows, parked = self._fold(view, snapshot.events, before, snapshot.parked, self._mapper.decode)
            changed = {key: None if row is None else view.encode(row) for key, row in rows.items()}
            self._store.view_advance(
                view.key, snapshot.position, snapshot.upto, changed, parked, generation=snapshot.generation
            )

    def rebuild(self, views: Sequence[View[Any]]) -> dict[str, int]:
        """Build views again from the first event, beside the live ones, and swap; answers how many rows each has.

        One pass serves them all: each event is read and decoded once.
        """
        upto = self._store.position()
        rows: dict[str, dict[UUID, Any]] = {view.name: {} for view in views}
        parked: dict[str, dict[UUID, tuple[int, str]]] = {view.name: {} for view in views}
        for chunk in self._chunks(0, upto, sorted({topic for view in views for topic in view.topics})):
            decode = cache(self._mapper.decode)
            for view in views:
                folded, newly = self._fold(view, chunk, rows[view.name], set(parked[view.name]), decode)
                rows[view.name].update(folded)
                parked[view.name].update(newly)
        for view in views:
            kept = ((key, view.encode(row)) for key, row in rows[view.name].items() if row is not None)
            self._store.view_replace(view.key, upto, kept, parked[view.name])
        return {name: sum(row is not None for row in built.values()) for name, built in rows.items()}

    def as_of(self, view: View[Any], applies: Callable[[Recorded], bool]) -> list[Any]:
        """The rows of a view folded from the events that apply (what had happened, or was known, by a moment).

        Late notes may be dated before their aggregate was opened; until it is, it has no row. An aggregate that cannot
        be followed keeps its last good row, as in the live view.
        """
        rows: dict[UUID, Any] = {}
        parked: set[UUID] = set()
        unopened: set[UUID] = set()

        def apply(row: Any, recorded: Recorded) -> Any:
            if not applies(recorded):
                unopened.update([recorded.id] if recorded.version == 1 else [])
                return row
            return row if recorded.id in unopened else view.fold(row, recorded)

        for chunk in self._chunks(0, self._store.position(), view.topics):
            folded, newly = self._fold(replace(view, fold=apply), chunk, rows, parked, self._mapper.decode)
            rows |= folded
            parked |= newly.keys()
        return [row for row in rows.values() if row is not None]

    def parked(self) -> list[Parked]:
        """Every aggregate some view could not follow."""
        return [
            Parked(view.name, *parked) for view in self.views.values() for parked in self._store.view_parked(view.key)
        ]

    def retry(self, view: View[Any], one: UUID) -> bool:
        """Fold a parked aggregate again from its first event; answers whether the view can now follow it."""
        self.catch_up(view)
        snapshot = self._store.view_snapshot(view.key, 1, view.topics)
        history = [row for row in self._store.load(one) if row.position <= snapshot.position]
        rows, parked = self._fold(view, history, {}, set(), self._mapper.decode)
        if parked:
            return False
        stored = {key: None if row is None else view.encode(row) for key, row in rows.items()}
        return self._store.view_advance(
            view.key, snapshot.position, snapshot.position, stored, unparked=[one], generation=snapshot.generation
        )

    def _fold(
        self,
        view: View[Any],
        events: Iterable[Row],
        before: dict[UUID, Any],
        parked: set[UUID],
        decode: Callable[[Row], Recorded],
    ) -> tuple[dict[UUID, BaseModel | None], dict[UUID, tuple[int, str]]]:
        """The rows after these events; an aggregate that cannot be followed keeps its last good row and is parked."""
        changed: dict[UUID, BaseModel | None] = {}
        newly: dict[UUID, tuple[int, str]] = {}
        wanted = frozenset(view.topics)
        for event in events:
            if event.id in parked or event.id in newly or event.topic not in wanted:
                continue
            row = changed[event.id] if event.id in changed else before.get(event.id)
            try:
                changed[event.id] = view.fold(row, decode(event))
            except Exception as error:  # noqa: BLE001  # whatever a fold raises, the other aggregates go on
                newly[event.id] = (event.position, _reason(error))
        return changed, newly

    def _chunks(self, after: int, upto: int, topics: Sequence[str]) -> Iterator[list[Row]]:
        while after < upto:
            chunk = [row for row in self._store.log(after, REBUILD_CHUNK, topics) if row.position <= upto]
            if not chunk:
                return
            yield chunk
            after = chunk[-1].position


def _reason(error: Exception) -> str:
    """Why, without the values that were read: they may name people."""
    return str(error) if isinstance(error, InstallflowError) else type(error).__name__
