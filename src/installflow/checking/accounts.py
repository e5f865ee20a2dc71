"""Counts, for each view, what was recorded against what its rows hold, and looks closer where the two differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from installflow.checking.findings import ViewCount
from installflow.checking.naming import Named, difference, remembering
from installflow.projections.folding import NOTHING, fold_on
from installflow.projections.reasons import reason_told
from installflow.store.store import ViewRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from installflow.checking.findings import Findings
    from installflow.projections.folding import Decode
    from installflow.store import Row, Store
    from installflow.store.store import ParkedAt, Revision
    from installflow.workflow.view import View

PAGE = 1_000
"""View rows read at once."""

STEADY = 20
"""Attempts at reading one row between two moves of a busy view."""

EMPTY = ViewRow(None, 0)

SENTENCES = {
    "view_skipped": "la vue « {view} » n'a pas repris {what}",
    "view_doubled": "la vue « {view} » a repris deux fois {what}",
    "view_differs": "la ligne de ce dossier dans la vue « {view} » ne dit pas ce que disent ses événements",
    "view_row_damaged": "la ligne de ce dossier dans la vue « {view} » ne se lit plus",
    "view_stray": "la vue « {view} » a une ligne pour un dossier qui n'a aucun événement",
}
PARKED_STRAY = (
    "la vue « {view} » laisse de côté un dossier qui n'a aucun événement : la reconstruire (installflow rebuild {view})"
)
UNSTEADY = (
    "la vue « {view} » a bougé sans cesse pendant la vérification : {number} ligne(s) n'ont pas pu être jugées, "
    "la refaire à un moment plus calme"
)
MEND = " : la reconstruire (installflow rebuild {view})"


class Account:
    """One view's account. Aggregates are handed over in the order of their ids, as its rows are read."""

    def __init__(self, store: Store, view: View[Any], decode: Decode, findings: Findings) -> None:
        self.view = view
        self.recorded = self.projected = self.parked = self.skipped = self.unjudged = 0
        self._store = store
        self._decode = decode
        self._findings = findings
        self._wanted = frozenset(view.topics)
        self._position = store.view_position(view.key)
        self._aside = dict(store.view_parked(view.key))
        self._unmet = set(self._aside)
        self._rows = _rows(store, view) if self._position else iter(())
        self._next = next(self._rows, None)
        self._here = 0
        self._reached = NOTHING

    def take(self, one: UUID, events: Sequence[Row], decode: Decode) -> None:
        """Fold the next events of an aggregate, as far as the view has come."""
        events = [row for row in events if row.position <= self._position and row.topic in self._wanted]
        self._here += len(events)
        self._reached = fold_on(self.view, self._reached, _before(events, self._aside.get(one)), decode)

    def finish(self, one: UUID) -> None:
        """Compare an aggregate's row with what its events make of it."""
        self._pass_strays(one)
        self._unmet.discard(one)
        stored = EMPTY
        if self._next and self._next[0] == one:
            stored = self._next[1]
            self._next = next(self._rows, None)
        here, reached, aside = self._here, self._reached, self._aside.get(one)
        self._here, self._reached = 0, NOTHING
        self.recorded += here
        if aside:
            self.parked += here - reached.events
            self._tell_parked(one, aside)
        if reached.stored(self.view) == stored:
            self.projected += stored.events
        else:
            projected, skipped = self._look_closer(one, reached.events if aside else here)
            self.projected += projected
            self.skipped += skipped

    def close(self) -> ViewCount:
        """The account, once every aggregate was handed over."""
        self._pass_strays(None)
        for one in sorted(self._unmet):
            if not self._store.load(one):
                self._findings.add("view_stray", str(one), PARKED_STRAY.format(view=self.view.name))
        if self.unjudged:
            sentence = UNSTEADY.format(view=self.view.name, number=self.unjudged)
            self._findings.add("view_unsteady", self.view.name, sentence)
        return ViewCount(self.view.name, self.recorded, self.projected, self.parked, self.skipped, self.unjudged)

    def _pass_strays(self, until: UUID | None) -> None:
        """Rows whose aggregate nobody handed over: it has no event, or had none when the check began."""
        while self._next and (until is None or self._next[0] < until):
            one, stored = self._next
            if stored != EMPTY:
                self._look_closer(one, 0)
            self._next = next(self._rows, None)

    def _look_closer(self, one: UUID, expected: int) -> tuple[int, int]:
        """How many events a row holds and lacks; what differed only because the view moved on meanwhile does not."""
        steady = self._steady(one)
        if steady is None:
            self.unjudged += 1
            return 0, 0
        stored, history = steady
        found: Named | None
        if not history:
            found = None if stored == EMPTY else Named("view_stray", (), stored.events)
        else:
            found = difference(self.view, stored, history, remembering(self._decode))
        if found is None:
            return expected, 0
        self._tell(one, found)
        return stored.events, found.number if found.code == "view_skipped" else 0

    def _steady(self, one: UUID) -> tuple[ViewRow, list[Row]] | None:
        """An aggregate's row and the events it should hold, as of one revision of the view, if it ever rests."""
        key = self.view.key
        for _ in range(STEADY):
            before = self._stand()
            stored = _row(self._store, key, one)
            aside = dict(self._store.view_parked(key)).get(one)
            if self._stand() == before:
                _, position = before
                history = [row for row in self._store.load(one) if row.position <= position]
                return stored, _before([row for row in history if row.topic in self._wanted], aside)
        return None

    def _stand(self) -> tuple[Revision, int]:
        snapshot = self._store.view_snapshot(self.view.key, 1, self.view.topics)
        return snapshot.revision, snapshot.position

    def _tell(self, one: UUID, found: Named) -> None:
        name, mend = self.view.name, MEND.format(view=self.view.name)
        sentence = SENTENCES[found.code]
        if not found.events:
            what = f"{found.number} événement(s) de ce dossier"
            self._findings.add(found.code, str(one), sentence.format(view=name, what=what) + mend)
        doubt = " (ou un autre, qui ne change pas davantage la ligne)" if found.others else ""
        for event in found.events:
            told = sentence.format(view=name, what=f"cet événement ({event.topic}){doubt}")
            self._findings.add(found.code, f"{one}/{event.version}", told + mend)

    def _tell_parked(self, one: UUID, aside: ParkedAt) -> None:
        sentence = (
            f"la vue « {self.view.name} » laisse ce dossier de côté depuis la position {aside.position} "
            f"({reason_told(aside.reason)}) : réparer la cause, puis installflow views retry {self.view.name}"
        )
        self._findings.add("parked", str(one), sentence)


def _before(events: Sequence[Row], aside: ParkedAt | None) -> list[Row]:
    """The events a view could take of an aggregate it parked."""
    return [row for row in events if aside is None or row.position < aside.position]


def _rows(store: Store, view: View[Any]) -> Iterator[tuple[UUID, ViewRow]]:
    after: UUID | None = None
    while page := store.view_page(view.key, after, PAGE):
        yield from page
        after = page[-1][0]


def _row(store: Store, key: str, one: UUID) -> ViewRow:
    """One row, empty rows included: the first after the id before."""
    after = type(one)(int=one.int - 1) if one.int else None
    return next((row for found, row in store.view_page(key, after, 1) if found == one), EMPTY)
