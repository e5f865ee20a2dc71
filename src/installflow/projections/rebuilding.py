"""Builds views again beside the live ones, compares the two row by row, and swaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from installflow.projections.building import built, drop_older
from installflow.projections.results import Rebuilt
from installflow.workflow.reading import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from installflow.projections.building import Build
    from installflow.projections.catching_up import CatchingUp
    from installflow.projections.folding import Decode
    from installflow.store import Store
    from installflow.store.store import ViewDifference, ViewRow
    from installflow.workflow.view import View

DIFFERENCES_TOLD = 1_000
"""Rows that differ, named at most: a view whose code changed without its version differs everywhere."""


PAGE = 1_000
"""Rows that differ, read at once."""


class Rebuilding:
    """Views again from the first event, without readers seeing anything but the old rows or the new."""

    def __init__(self, store: Store, decode: Decode, catching_up: CatchingUp) -> None:
        self._store = store
        self._decode = decode
        self._catching_up = catching_up

    def rebuild(self, views: Sequence[View[Any]], *, compare_only: bool = False) -> dict[str, Rebuilt]:
        """Build views again and show them, unless they are only to be compared with what is shown.

        Where somebody else's build is shown first, theirs stands. A view that has not begun differs in nothing.
        """
        last = self._store.position()
        reached = {view.key: self._store.view_position(view.key) for view in views}
        begun = {key for key, position in reached.items() if 0 < position <= max(last, self._store.position())}
        if not compare_only:  # one that was moved by hand to where the log is not would be too far on to be replaced
            for key in {key for key, position in reached.items() if position > 0} - begun:
                self._store.view_drop(key)
        for view in views:
            if view.key in begun:
                self._follow(view, last)
        upto = min([last, *(self._store.view_position(key) for key in begun)])
        answers: dict[str, Rebuilt] = {}
        with built(self._store, self._decode, views, upto) as builds:
            for build in builds:
                compared = build.view.key in begun
                differences = self._differences(build, upto) if compared else []
                # Beside another build shown meanwhile, what was compared means nothing any more.
                stands = build.counts if compare_only else build.show()
                answers[build.view.name] = _answer(build, differences if stands else [], compared=compared)
        if not compare_only:
            drop_older(self._store, views)
        return answers

    def _follow(self, view: View[Any], last: int) -> None:
        """Catch a view up in steps, however far behind: built anew it would have nothing to be compared with."""
        while self._store.view_position(view.key) < last:
            self._catching_up.step(view)

    def _differences(self, build: Build, upto: int) -> list[ViewDifference]:
        """The rows that differ, those apart whose aggregates went on since the position of the build.

        The store compares bytes, so it is asked on past rows that are only spelt otherwise.
        """
        view, wanted = build.view, frozenset(build.view.topics)
        found: list[ViewDifference] = []
        after: UUID | None = None
        while len(found) < DIFFERENCES_TOLD:
            page = self._store.view_differences(view.key, build.generation, after, PAGE)
            differing = [one for one in page if _said(view, one.live) != _said(view, one.built)]
            moved = self._moved((one.id for one in differing), upto, wanted)
            found += [one for one in differing if one.id not in moved]
            if len(page) < PAGE:
                break
            after = page[-1].id
            build.write()  # comparing takes time: somebody is still at it
        return found[:DIFFERENCES_TOLD]

    def _moved(self, ids: Iterable[UUID], upto: int, wanted: frozenset[str]) -> set[UUID]:
        return {
            one
            for one in ids
            if any(row.position > upto and row.topic in wanted for row in reversed(self._store.load(one)))
        }


def _answer(build: Build, differences: Iterable[ViewDifference], *, compared: bool) -> Rebuilt:
    changed: list[UUID] = []
    added: list[UUID] = []
    removed: list[UUID] = []
    for one, live, made in differences:
        (added if _is_none(live) else removed if _is_none(made) else changed).append(one)
    return Rebuilt(build.rows, tuple(changed), tuple(added), tuple(removed), compared)


def _is_none(stored: ViewRow | None) -> bool:
    return stored is None or (stored.row is None and not stored.events)


def _said(view: View[Any], stored: ViewRow | None) -> Any:
    """What a stored row says: two spellings of one row are no difference, nor is an empty row and none."""
    if stored is None or _is_none(stored):
        return None
    try:
        said = None if stored.row is None else (view.decode(stored.row), view.decode_brief(stored.row))
    except UNREADABLE:
        return stored
    return stored.events, stored.archived, said
