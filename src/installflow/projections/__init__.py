"""Keeps views up to date: caught up on reading or followed, rebuilt, folded as of a moment; what fails is parked."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from installflow.errors import NotFound, StoreUnavailable
from installflow.projections.catching_up import CatchingUp
from installflow.projections.folding import NOTHING, PAGE, Folded, fold_on, slices
from installflow.projections.following import LASTING, Follower
from installflow.projections.rebuilding import Rebuilding
from installflow.projections.results import Parked, Rebuilt, Retried, ViewStatus
from installflow.projections.steps import never_at_rest
from installflow.store.store import ViewBehind
from installflow.workflow.reading import UNREADABLE, Line, Reading

if TYPE_CHECKING:
    from installflow.store import Store
    from installflow.store.mapper import Mapper
    from installflow.workflow.event import Recorded
    from installflow.workflow.view import View

__all__ = ["Follower", "Parked", "Projections", "Rebuilt", "Retried", "ViewStatus"]

ROUNDS = 20
"""Readings of a view that others drop again and again, before it is given up."""


class Projections:
    """The views of one store. Reading one first catches it up, so a caller reads its own writes."""

    def __init__(self, store: Store, mapper: Mapper, views: Sequence[View[Any]]) -> None:
        self._store = store
        self._decode = mapper.decode
        self._catching_up = CatchingUp(store, mapper.decode)
        self._rebuilding = Rebuilding(store, mapper.decode, self._catching_up)
        self._readings: dict[str, Reading[Any]] = {}
        self.views = {view.name: view for view in views}

    def named(self, name: str) -> View[Any]:
        """The view of a name; raises `NotFound`."""
        given: object = name  # what a caller without types may pass
        if not isinstance(given, str) or name not in self.views:
            msg = f"il n'y a pas de vue « {str(name)[:80]} » ; au choix : {', '.join(sorted(self.views))}"
            raise NotFound(msg)
        return self.views[name]

    def rows(self, view: View[Any], ids: Sequence[UUID] | None = None) -> list[Any]:
        """The rows of a view, or those of some aggregates, once it is caught up."""
        reading = self._reading(view)

        def read(at_least: int) -> list[Any]:
            stored = self._store.view_rows(view.key, ids, at_least=at_least)
            try:
                return [line.read() for line in (reading.all if ids is None else reading.some)(stored)]
            except UNREADABLE:
                return [row for _, row in self._mended(view, stored, at_least)]

        return self._caught_up(view, read)

    def everyday(self, view: View[Any], keys: Collection[str] = ()) -> list[Any]:
        """The rows that are not archived, and those archived under one of the keys, once the view is caught up."""
        reading = self._reading(view)

        def read(at_least: int) -> list[Any]:
            everyday, archived = self._store.view_everyday(view.key, keys, at_least=at_least)
            try:
                rows = [line.read() for line in reading.everyday(everyday)]
                if not archived:
                    return rows
                rows += [line.read() for line in reading.some(archived)]
            except UNREADABLE:
                return [row for _, row in self._mended(view, [*everyday, *archived], at_least)]
            ids = [one for one, _ in (*everyday, *archived)]
            return [row for _, row in sorted(zip(ids, rows, strict=True), key=lambda found: found[0].int)]

        return self._caught_up(view, read)

    def lines(self, view: View[Any]) -> list[Line[Any]]:
        """The rows that are not archived, once the view is caught up, each read as far as its brief."""
        reading = self._reading(view)

        def read(at_least: int) -> list[Line[Any]]:
            everyday, _ = self._store.view_everyday(view.key, at_least=at_least)
            lines = reading.everyday(everyday)
            try:
                for line in lines:
                    line.brief  # noqa: B018  # a damaged one is found here
            except UNREADABLE:
                return [Line.of(view, *mended) for mended in self._mended(view, everyday, at_least)]
            return lines

        return self._caught_up(view, read)

    def archived(self, view: View[Any], keys: Collection[str]) -> list[Any]:
        """The rows archived under one of the keys, once the view is caught up."""

        def read(at_least: int) -> list[Any]:
            stored = self._store.view_archived(view.key, keys, at_least=at_least)
            try:
                return [line.read() for line in self._reading(view).some(stored)]
            except UNREADABLE:
                return [row for _, row in self._mended(view, stored, at_least)]

        return self._caught_up(view, read) if keys else []

    def everyday_with(self, view: View[Any], text: str, keys: Collection[str]) -> list[Any]:
        """The rows in which a text stands somewhere, whatever its case; archived ones by their keys alone.

        Of the others the text is read, and nothing is decoded.
        """
        needle = json.dumps(text, ensure_ascii=False)[1:-1].casefold()

        def read(at_least: int) -> list[Any]:
            everyday, archived = self._store.view_everyday(view.key, keys, at_least=at_least)
            stored = sorted((*everyday, *archived))
            try:
                mentioning = [(one, row) for one, row in stored if needle in row.decode().casefold()]
                return [line.read() for line in self._reading(view).some(mentioning)]
            except UNREADABLE:
                mended = self._mended(view, stored, at_least)
                return [row for _, row in mended if needle in view.encode(row).decode().casefold()]

        return self._caught_up(view, read)

    def catch_up(self, *views: View[Any]) -> int:
        """Fold what was recorded since the views' positions; answers how many events, each counted once a view."""
        return self._catching_up.catch_up(views)

    def follow(self, interval: float, views: Sequence[View[Any]] = ()) -> Follower:
        """A thread that keeps views, or all, caught up; the store has to be open, but may be out of reach by now."""
        try:
            self._store.position()
        except StoreUnavailable as error:
            if error.code in LASTING:
                raise
        return Follower(self._store, self._catching_up.catch_up, views or tuple(self.views.values()), interval)

    def rebuild(self, views: Sequence[View[Any]], *, compare_only: bool = False) -> dict[str, Rebuilt]:
        """Build views again from the first event, beside the live ones, in one pass; compare, and swap.

        With ``compare_only`` what is shown stays as it is.
        """
        return self._rebuilding.rebuild(views, compare_only=compare_only)

    def _from_log(self, view: View[Any]) -> list[Any]:
        """The rows of a view that is never stored: so few events are its, that the log is looked through for them.

        An aggregate that cannot be followed keeps its last good row: the store's check names what is wrong with it.
        """
        folded: dict[UUID, Folded] = {}
        after, page = 0, self._store.log(0, PAGE, view.topics)
        while page:
            for row in page:
                folded[row.id] = fold_on(view, folded.get(row.id, NOTHING), [row], self._decode)
            after = page[-1].position
            page = self._store.log(after, PAGE, view.topics) if len(page) == PAGE else []
        return [one.row for one in folded.values() if one.row is not None]

    def as_of(self, view: View[Any], applies: Callable[[Recorded], bool]) -> list[Any]:
        """The rows of a view folded from the events that apply (what had happened, or was known, by a moment).

        Late notes may be dated before their aggregate was opened; until it is, it has no row. An aggregate that cannot
        be followed keeps its last good row, as in the live view. Payloads of events that do not apply are not read.
        """
        unopened: set[UUID] = set()

        def apply(row: Any, recorded: Recorded) -> Any:
            if not applies(recorded):
                unopened.update([recorded.id] if recorded.version == 1 else [])
                return row
            return row if recorded.id in unopened else view.fold(row, recorded)

        past = replace(view, fold=apply)
        if view.name not in self.views:
            return self._from_log(past)
        rows: list[Any] = []
        current: UUID | None = None
        reached: Folded = NOTHING
        for one, events in slices(self._store, self._store.position(), view.topics):
            if one != current:
                rows.append(reached.row)
                unopened.clear()
                current, reached = one, NOTHING
            reached = fold_on(past, reached, events, self._decode)
        return [row for row in (*rows, reached.row) if row is not None]

    def status(self) -> list[ViewStatus]:
        """How far each view has come, other versions and builds under way included."""
        last = self._store.position()
        keys = {view.key: view for view in self.views.values()}
        found: list[ViewStatus] = []
        for state in self._store.views():
            name, _, version = state.view.rpartition("@")
            behind = max(0, last - state.position)
            found.append(
                ViewStatus(
                    name,
                    int(version) if version.isdecimal() else 0,
                    state.position,
                    behind,
                    state.rows,
                    state.events,
                    state.parked,
                    building=not state.live,
                    live=state.live and state.view in keys,
                )
            )
        begun = {(status.name, status.version) for status in found if status.live}
        found += [
            ViewStatus(view.name, view.version, 0, last, 0, 0, 0, building=False, live=True)
            for view in keys.values()
            if (view.name, view.version) not in begun
        ]
        return sorted(found, key=lambda status: (status.name, -status.version, status.building))

    def parked(self) -> list[Parked]:
        """Every aggregate some view could not follow."""
        return [
            Parked(view.name, one, *parked)
            for view in self.views.values()
            for one, parked in self._store.view_parked(view.key)
        ]

    def retry(self, view: View[Any], one: UUID | None = None) -> list[Retried]:
        """Fold what is parked, or one such aggregate, again from its first event; raises `NotFound` if it is not."""
        self.catch_up(view)
        waiting = [parked for parked, _ in self._store.view_parked(view.key)]
        if one is not None and one not in waiting:
            msg = f"la vue « {view.name} » n'a pas laissé de côté le dossier {one} : rien à refaire"
            raise NotFound(msg)
        self._catching_up.fold_again(view, waiting if one is None else [one])
        still = dict(self._store.view_parked(view.key))
        return [
            Retried(view.name, each, Parked(view.name, each, *still[each]) if each in still else None)
            for each in (waiting if one is None else [one])
        ]

    def _reading(self, view: View[Any]) -> Reading[Any]:
        def mend(one: UUID) -> Any:
            stored = self._store.view_rows(view.key, [one])
            for _, row in self._mended(view, stored, 0):
                return row
            msg = f"le dossier {one} ne se lit plus dans la vue « {view.name} » : voir ce que dit installflow db check"
            raise NotFound(msg)

        return self._readings.get(view.key) or self._readings.setdefault(view.key, Reading(view, mend))

    def _caught_up(self, view: View[Any], read: Callable[[int], list[Any]]) -> list[Any]:
        """What a reading finds once the view has come to where the log is now.

        The rows are read as of that position or a later one, so a caller finds its own writes among them, and never
        the empty rows of a view that another release dropped meanwhile: that is built again.
        """
        last = self._store.position()
        for _ in range(ROUNDS):
            try:
                return read(last)
            except ViewBehind:
                self.catch_up(view)
        raise never_at_rest(self._store, view)

    def _mended(self, view: View[Any], stored: Iterable[tuple[UUID, bytes]], at_least: int) -> list[tuple[UUID, Any]]:
        """Decoded rows, those that cannot be read made again from their aggregate's events."""
        rows: dict[UUID, Any] = {}
        damaged: list[UUID] = []
        for one, row in stored:
            try:
                rows[one] = view.decode(row)
                view.decode_brief(row)
            except UNREADABLE:
                damaged.append(one)
        self._catching_up.fold_again(view, damaged)
        rows |= {one: view.decode(row) for one, row in self._store.view_rows(view.key, damaged, at_least=at_least)}
        return sorted(rows.items())
