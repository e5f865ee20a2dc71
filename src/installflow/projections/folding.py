"""Folds an aggregate's stored events into a view's row, up to the one the view cannot take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from installflow.projections.reasons import reason_of
from installflow.store.store import ParkedAt, ViewRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from uuid import UUID

    from pydantic import BaseModel

    from installflow.store import Row, Store
    from installflow.workflow.event import Recorded
    from installflow.workflow.view import View

    Decode = Callable[[Row], Recorded]

TRIES = 3
"""How often an event is folded before its aggregate is parked: what fails once may have been short of memory."""

PAGE = 5_000
"""Events read at once when a history is read from its beginning."""


class Folded(NamedTuple):
    """A row after some events, how many of them are in it, and where the view stumbled if it did."""

    row: BaseModel | None
    events: int
    parked: ParkedAt | None = None

    def stored(self, view: View[Any]) -> ViewRow:
        """The row as the store keeps it."""
        if self.row is None:
            return ViewRow(None, self.events)
        return ViewRow(view.encode(self.row), self.events, view.archived_under(self.row))


NOTHING = Folded(None, 0)


def fold_on(view: View[Any], before: Folded, events: Sequence[Row], decode: Decode) -> Folded:
    """Fold on an aggregate's next events, as far as the view can take them; all are of topics the view reads."""
    if before.parked:
        return before
    fold, row = view.fold, before.row
    done = tries = 0
    while done < len(events):
        try:
            while done < len(events):
                row = fold(row, decode(events[done]))
                done += 1
                tries = 0
        except Exception as error:  # noqa: BLE001  # whatever a fold raises, the other aggregates go on
            tries += 1
            if tries == TRIES:
                return Folded(row, before.events + done, ParkedAt(events[done].position, reason_of(error), tries))
    return Folded(row, before.events + done)


def slices(
    store: Store, upto: int, topics: Sequence[str], until: Callable[[], bool] = lambda: False
) -> Iterator[tuple[UUID, list[Row]]]:
    """The events up to a position by aggregate, a page in memory at a time.

    An aggregate that goes on over the end of a page comes again at once with its next events. Ends early when
    ``until``, asked before each page, says so.
    """
    after: tuple[UUID, int] | None = None
    while not until():
        page = store.streams(after, upto, PAGE, topics)
        start = 0
        for end in range(1, len(page) + 1):
            if end == len(page) or page[end].id != page[start].id:
                yield page[start].id, page[start:end]
                start = end
        if len(page) < PAGE:
            return
        after = page[-1].id, page[-1].version
