"""Views: pure folds of recorded events into rows, one row an aggregate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from installflow.workflow.event import Recorded

R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class View(Generic[R]):
    """A screen's rows as a pure function of events: ``fold(row or None, recorded)`` → the row after, or ``None``.

    A row's key is its aggregate's id. The same fold serves four ways: kept up to date in the store, folded live,
    folded as of a day, folded in bulk. Raise ``version`` when the fold or the row changes: the view is rebuilt.
    ``topics`` are the events it wants to see.
    """

    name: str
    version: int
    row: type[R]
    fold: Callable[[R | None, Recorded], R | None]
    topics: tuple[str, ...]

    @property
    def key(self) -> str:
        """The view's own tracking key in the store."""
        return f"{self.name}@{self.version}"

    def encode(self, row: R) -> bytes:
        """A row as it is stored."""
        return row.model_dump_json().encode()

    def decode(self, stored: bytes) -> R:
        """A stored row."""
        return self.row.model_validate_json(stored)

    def fold_all(self, history: Iterable[Recorded]) -> dict[UUID, R]:
        """The rows of a whole history, in its order."""
        rows: dict[UUID, R | None] = {}
        wanted = frozenset(self.topics)
        for recorded in history:
            if recorded.topic in wanted:
                rows[recorded.id] = self.fold(rows.get(recorded.id), recorded)
        return {key: row for key, row in rows.items() if row is not None}


def view(
    name: str, *, version: int, row: type[R], topics: Iterable[str]
) -> Callable[[Callable[[R | None, Recorded], R | None]], View[R]]:
    """Declare the decorated fold as a view."""

    def declare(fold: Callable[[R | None, Recorded], R | None]) -> View[R]:
        return View(name, version, row, fold, tuple(topics))

    return declare
