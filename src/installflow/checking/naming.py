"""Tells which events a view's row lacks or holds twice, from the row itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from installflow.projections.folding import NOTHING, fold_on
from installflow.workflow.reading import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from installflow.projections.folding import Decode
    from installflow.store import Row
    from installflow.store.store import ViewRow
    from installflow.workflow.view import View

SHORT = 100
"""Events of an aggregate that are tried one by one; of a longer one the counts tell how many, not which."""


class Named(NamedTuple):
    """How a row differs: the code, the events (none when they cannot be told), how many, and if others fit as well."""

    code: str
    events: Sequence[Row] = ()
    number: int = 0
    others: bool = False


def difference(view: View[Any], stored: ViewRow, history: Sequence[Row], decode: Decode) -> Named | None:
    """How a stored row differs from the fold of its aggregate's events; ``None`` when it does not."""
    shown = _shown(view, stored.row)
    whole = fold_on(view, NOTHING, history, decode)
    missing = len(history) - stored.events
    if whole.parked and not missing:
        return None  # folded before it was damaged: the event itself is what is wrong
    same = shown == _encoded(view, whole.row)
    if not missing and same:
        return None if stored.archived == whole.stored(view).archived else Named("view_differs")
    if isinstance(shown, Unreadable):
        return Named("view_row_damaged")
    short = len(history) <= SHORT and not whole.parked
    # Where the count is right, a fold may still have been lost or done twice; one is all that is looked for then.
    number = abs(missing) or 1
    tries = {
        "view_skipped": without(history, number) if missing >= 0 else iter(()),
        "view_doubled": twice(history, number) if missing <= 0 else iter(()),
    }
    for code, tried in tries.items():
        fitting = _fitting(view, shown, tried, decode) if short else []
        if fitting:
            return Named(code, fitting[0], number, others=len(fitting) > 1)
    return Named("view_skipped" if missing > 0 else "view_doubled" if missing else "view_differs", (), abs(missing))


def without(history: Sequence[Row], number: int) -> Iterator[tuple[Sequence[Row], Sequence[Row]]]:
    """Each run of so many events, and the history without it."""
    for start in range(len(history) - number + 1):
        yield history[start : start + number], [*history[:start], *history[start + number :]]


def twice(history: Sequence[Row], number: int) -> Iterator[tuple[Sequence[Row], Sequence[Row]]]:
    """Each run of so many events, and the history with it folded twice: at once, or again at the end."""
    for start in range(len(history) - number + 1):
        run = history[start : start + number]
        yield run, [*history[: start + number], *run, *history[start + number :]]
        yield run, [*history, *run]


class Unreadable:
    """What a damaged row shows."""


def _fitting(
    view: View[Any],
    shown: bytes | None,
    tries: Iterator[tuple[Sequence[Row], Sequence[Row]]],
    decode: Decode,
) -> list[Sequence[Row]]:
    """The runs whose history folds into the row that is stored."""
    found: list[Sequence[Row]] = []
    for run, events in tries:
        folded = fold_on(view, NOTHING, events, decode)
        if not folded.parked and _encoded(view, folded.row) == shown and run not in found:
            found.append(run)
    return found


def _encoded(view: View[Any], row: Any) -> bytes | None:
    """A row in the one spelling it has when it was read back."""
    if row is None:
        return None
    encoded: bytes = view.encode(view.decode(view.encode(row)))
    return encoded


def _shown(view: View[Any], stored: bytes | None) -> bytes | Unreadable | None:
    if stored is None:
        return None
    try:
        return view.encode(view.decode(stored))
    except UNREADABLE:
        return Unreadable()


def remembering(decode: Decode) -> Decode:
    """A decode that reads an event once: trying them one by one folds each a hundred times."""
    read: dict[tuple[object, int], Any] = {}

    def remembered(row: Row) -> Any:
        key = row.id, row.version
        if key not in read:
            read[key] = decode(row)
        return read[key]

    return remembered
