"""Stored rows of a view as they are read: each as far as somebody asks, and not again while it has not changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from installflow.workflow.view import View

KEPT = 16 * 1024 * 1024
"""Bytes of stored rows kept decoded between two readings: some 15,000 orders."""

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)
"""What decoding a damaged view row raises."""

R = TypeVar("R", bound=BaseModel)


class Line(Generic[R]):
    """A row of a view, read as far as somebody asks: its brief without the row, the row once it is needed."""

    __slots__ = ("_mend", "_row", "_view", "brief", "id", "stored")

    brief: Any
    """What the view says beforehand of the row; what is stored of it is what is worked out of the row."""

    def __init__(
        self, view: View[R], one: UUID, stored: bytes, mend: Callable[[UUID], R], row: R | None = None
    ) -> None:
        self.id = one
        self._view = view
        self.stored = stored
        self._mend = mend
        self._row = row

    @classmethod
    def of(cls, view: View[R], one: UUID, row: R) -> Line[R]:
        """The line of a row that was not stored, or is at hand."""
        return cls(view, one, b"", lambda _one: row, row)

    def __getattr__(self, name: str) -> Any:
        """The brief on the first asking; on the next ones it is there, and this is not asked."""
        if name != "brief" or self._view.brief is None:
            raise AttributeError(name, name=name, obj=self)
        brief = self._view.decode_brief(self.stored)
        self.brief = self._view.brief.of(self.read()) if brief is None else brief
        return self.brief

    @property
    def row(self) -> R:
        """The row, made again from its events should it be damaged."""
        try:
            return self.read()
        except UNREADABLE:
            self._row = row = self._mend(self.id)
            return row

    def read(self) -> R:
        """The row as it is stored; raises one of `UNREADABLE` when it is damaged."""
        row = self._row
        if row is None:
            self._row = row = self._view.decode(self.stored)
        return row


class Reading(Generic[R]):
    """Reads the stored rows of a view: one that has not changed since the last reading is not decoded again.

    What is kept of a row holds for the same stored bytes alone, so no row is ever out of date. The everyday rows last
    read are kept, with what screens worked out of them, and of the rows last read whole as many others as there is
    room for: they weigh at most ``limit`` bytes together as stored; in memory they take up to ten times that.
    """

    def __init__(self, view: View[R], mend: Callable[[UUID], R], limit: int = KEPT) -> None:
        self._view = view
        self._mend = mend
        self._limit = self._room = limit
        self._everyday: dict[int, Line[R]] = {}
        self._others: dict[int, Line[R]] = {}
        self._taken = 0

    def everyday(self, stored: Sequence[tuple[UUID, bytes]]) -> list[Line[R]]:
        """Every row that is not archived: kept from now on, and the others only beside them."""
        lines = self.some(stored)
        kept: dict[int, Line[R]] = {}
        room = self._limit
        for line in lines:
            room -= len(line.stored)
            if room < 0:
                break
            kept[line.id.int] = line
        self._everyday, self._room = kept, max(room, 0)
        if self._taken > self._room:
            self._others, self._taken = {}, 0
        return lines

    def all(self, stored: Sequence[tuple[UUID, bytes]]) -> list[Line[R]]:
        """Every row there is; the everyday ones stay kept, however many others there are."""
        lines = self.some(stored)
        kept: dict[int, Line[R]] = {}
        taken = 0
        for line in lines:
            if self._everyday.get(line.id.int) is not line and taken + len(line.stored) <= self._room:
                kept[line.id.int] = line
                taken += len(line.stored)
        self._others, self._taken = kept, taken
        return lines

    def some(self, stored: Sequence[tuple[UUID, bytes]]) -> list[Line[R]]:
        """Some of the rows; what is kept stays."""
        view, mend, everyday, others = self._view, self._mend, self._everyday, self._others
        lines: list[Line[R]] = []
        for one, text in stored:
            line = everyday.get(one.int)
            if line is None or line.stored != text:
                line = others.get(one.int)
                if line is None or line.stored != text:
                    line = Line(view, one, text, mend)
            lines.append(line)
        return lines
