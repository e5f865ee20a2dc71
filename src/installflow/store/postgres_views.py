"""The views of a PostgreSQL store: rows kept beside their position, builds made beside the live one and swapped in."""

# ruff: noqa: D102 - the face these methods implement, `Store`, documents them

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import TupleRow

from installflow.store import postgres_view_sql as sql
from installflow.store.postgres_recorder import log_after, row_of
from installflow.store.store import (
    NOTHING_PARKED,
    BuildUnderWay,
    Parked,
    ParkedAt,
    Revision,
    Store,
    VersionTaken,
    ViewBehind,
    ViewDifference,
    ViewRow,
    ViewSnapshot,
    ViewState,
)

Write = Callable[[Cursor[TupleRow], int, Iterable[tuple[UUID, ViewRow]]], None]

ROWS_PER_TRANSACTION: Final = 5000
"""How many view rows are written or deleted in one transaction."""


class PostgresViews(Store):
    """The half of a PostgreSQL store that keeps views."""

    @abstractmethod
    def _sql(self, statement: LiteralString) -> bytes:
        """A statement on this store's schema."""

    @abstractmethod
    def _select(self, statement: LiteralString, parameters: Sequence[Any] = ()) -> list[Any]:
        """The rows one statement finds."""

    @abstractmethod
    def _session(self) -> AbstractContextManager[Cursor[TupleRow]]:
        """A cursor whose every statement is a transaction."""

    @abstractmethod
    def _transaction(self) -> AbstractContextManager[Cursor[TupleRow]]:
        """A cursor whose statements are committed at its end, or rolled back on an error."""

    def views(self) -> list[ViewState]:
        return [ViewState(*found) for found in self._select(sql.VIEWS)]

    def view_names(self) -> list[str]:
        return [view for (view,) in self._select(sql.NAMES)]

    def view_position(self, view: str) -> int:
        found = self._select(sql.LIVE, (view,))
        return found[0][2] if found else 0

    def view_snapshot(
        self, view: str, limit: int, topics: Sequence[str] = (), *, build: int | None = None
    ) -> ViewSnapshot:
        found: dict[str, list[Any]] = {kind: [] for kind in ("stand", "last", "event", "row", "parked")}
        statement, of = (sql.SNAPSHOT, view) if build is None else (sql.BUILD_SNAPSHOT, build)
        for kind, *columns in self._select(statement, (of, *log_after(0, topics, limit)[1:])):
            found[kind].append(columns)
        generation, _, position, number, _ = found["stand"][0]
        last = found["last"][0][0]
        events = sorted(row_of(columns) for columns in found["event"])
        rows = {id_: ViewRow(row, folded, archived) for _, id_, folded, archived, row in found["row"]}
        parked = {columns[1] for columns in found["parked"]}
        upto = events[-1].position if len(events) >= limit > 0 else max(position, last)
        return ViewSnapshot(position, events, rows, parked, upto, Revision(generation, int(number)))

    def view_advance(
        self,
        view: str,
        expected: int,
        position: int,
        changed: Mapping[UUID, ViewRow],
        parked: Parked = NOTHING_PARKED,
        *,
        unparked: Collection[UUID] = (),
        revision: Revision | None = None,
    ) -> bool:
        begun = revision.generation if revision else expected
        if begun and not parked and not unparked:  # rows are all there is to write
            return self._moved(view, expected, position, changed, revision)
        with self._transaction() as cursor:
            found = cursor.execute(self._sql(sql.LIVE_LOCKED), (view,), prepare=True).fetchone()
            if revision and revision.generation not in (0, found[0] if found else 0):
                found = cursor.execute(self._sql(sql.BUILD_LOCKED), (revision.generation,)).fetchone()
            generation, number, reached = found or (0, 0, 0)
            if reached != expected or (revision and revision != (generation, number)):
                return False
            if not generation:
                first = cursor.execute(self._sql(sql.FIRST_LIVE), (view,)).fetchone()
                if not first:
                    return False
                generation = first[0]
            cursor.execute(self._sql(sql.MOVE), (position, generation), prepare=True)
            self._write_rows(cursor, generation, changed.items())
            if unparked:
                cursor.execute(self._sql(sql.UNPARK), (generation, list(unparked)))
            self._park(cursor, generation, parked)
        return True

    def view_rows(self, view: str, ids: Sequence[UUID] | None = None, *, at_least: int = 0) -> list[tuple[UUID, bytes]]:
        statement, wanted = (sql.ROWS, ()) if ids is None else (sql.ROWS_OF, (list(ids),))
        return [(id_, row) for id_, row, _ in self._shown(statement, (view, *wanted), view, at_least)]

    def view_everyday(
        self, view: str, keys: Collection[str] = (), *, at_least: int = 0
    ) -> tuple[list[tuple[UUID, bytes]], list[tuple[UUID, bytes]]]:
        found: tuple[list[tuple[UUID, bytes]], list[tuple[UUID, bytes]]] = ([], [])
        for id_, row, archived in self._shown(sql.EVERYDAY, (view, list(keys), view), view, at_least):
            found[archived].append((id_, row))
        return found

    def view_archived(self, view: str, keys: Collection[str], *, at_least: int = 0) -> list[tuple[UUID, bytes]]:
        return [(id_, row) for id_, row, _ in self._shown(sql.ARCHIVED, (list(keys), view), view, at_least)]

    def _shown(self, statement: LiteralString, of: tuple[Any, ...], view: str, at_least: int) -> list[Any]:
        """The rows found, once the one is taken off that says the view has come so far."""
        found = self._select(statement, (*of, view, at_least))
        if found and found[-1][0] is None:
            found.pop()
        elif at_least > 0:
            raise ViewBehind
        return found

    def view_page(self, view: str, after: UUID | None, limit: int) -> list[tuple[UUID, ViewRow]]:
        return [(id_, ViewRow(*stored)) for id_, *stored in self._select(sql.PAGE, (view, after, after, limit))]

    def view_parked(self, view: str) -> list[tuple[UUID, ParkedAt]]:
        return [(id_, ParkedAt(*parked)) for id_, *parked in self._select(sql.PARKED, (view,))]

    def view_begin(self, view: str, lease: float = 0) -> int:
        with self._transaction() as cursor:
            cursor.execute(self._sql(sql.LOCK_VIEWS))
            if cursor.execute(self._sql(sql.UNDER_WAY), (view, lease)).fetchone():
                raise BuildUnderWay
            cursor.execute(self._sql(sql.BEGIN_BUILD), (view,))
            generation: int = (cursor.fetchone() or (0,))[0]
        return generation

    def view_build(self, generation: int, rows: Sequence[tuple[UUID, ViewRow]]) -> bool:
        try:
            return self._build(generation, rows, self._copy_rows)
        except VersionTaken:  # some were written before: they are written over
            return self._build(generation, rows, self._write_rows)

    def _build(self, generation: int, rows: Sequence[tuple[UUID, ViewRow]], write: Write) -> bool:
        with self._transaction() as cursor:
            cursor.execute(self._sql(sql.BEAT), (generation,), prepare=True)
            if not cursor.rowcount:  # another that finished first, or a dropped view, has ended it
                return False
            write(cursor, generation, rows)
        return True

    def view_differences(self, view: str, generation: int, after: UUID | None, limit: int) -> list[ViewDifference]:
        of = (view, after, after, generation, after, after, limit)
        return [
            ViewDifference(
                id_,
                None if stored[1] is None else ViewRow(*stored[:3]),
                None if stored[4] is None else ViewRow(*stored[3:]),
            )
            for id_, *stored in self._select(sql.DIFFERENCES, of)
        ]

    def view_swap(self, view: str, generation: int) -> bool:
        with self._transaction() as cursor:
            cursor.execute(self._sql(sql.LOCK_VIEWS))
            built = cursor.execute(self._sql(sql.BUILD_LOCKED), (generation,)).fetchone()
            if not built:
                return False
            live = cursor.execute(self._sql(sql.LIVE), (view,)).fetchone()
            if live and built[2] < live[2]:
                raise ViewBehind
            # The other builds under way end too: they began before this one was swapped in.
            cursor.execute(self._sql(sql.END_ALL), (view,))
            cursor.execute(self._sql(sql.GO_LIVE), (generation,))
        self._sweep()
        return True

    def view_abandon(self, generation: int) -> None:
        with self._transaction() as cursor:
            cursor.execute(self._sql(sql.ABANDON), (generation,))
        self._sweep()

    def view_drop(self, view: str) -> None:
        with self._transaction() as cursor:
            cursor.execute(self._sql(sql.LOCK_VIEWS))
            cursor.execute(self._sql(sql.END_ALL), (view,))
        self._sweep()

    def _moved(
        self, view: str, expected: int, position: int, changed: Mapping[UUID, ViewRow], revision: Revision | None
    ) -> bool:
        """Move a build and write its rows, in one round trip."""
        generation, number = revision or (None, None)
        of_build = (position, view, expected, generation, generation, number)
        with self._session() as cursor:
            cursor.execute(self._sql(sql.MOVE_WITH_ROWS), (*of_build, *_columns(changed)), prepare=True)
            return cursor.fetchone() is not None

    def _write_rows(self, cursor: Cursor[TupleRow], generation: int, rows: Iterable[tuple[UUID, ViewRow]]) -> None:
        # By key: a row given twice would be one too many for a single statement, and the last one counts.
        written = dict(rows)
        if written:
            cursor.execute(self._sql(sql.WRITE_ROWS), (generation, *_columns(written)), prepare=True)

    def _copy_rows(self, cursor: Cursor[TupleRow], generation: int, rows: Iterable[tuple[UUID, ViewRow]]) -> None:
        """Write rows that are all new, in half the time; raises `VersionTaken` when one is not."""
        with cursor.copy(self._sql(sql.COPY_ROWS)) as copy:
            copy.set_types(["int8", "uuid", "bytea", "int8", "text"])
            for id_, stored in rows:
                copy.write_row((generation, id_, *stored))

    def _park(self, cursor: Cursor[TupleRow], generation: int, parked: Parked) -> None:
        if parked:
            positions, reasons, tries = zip(*parked.values(), strict=True)
            columns = (list(parked), list(positions), list(reasons), list(tries))
            cursor.execute(self._sql(sql.PARK), (generation, *columns))

    def _sweep(self) -> None:
        """Delete the builds nobody reads any more, a little at a time; whoever sweeps next ends what a crash left."""
        swept = False
        while not swept:
            with self._transaction() as cursor:
                swept = self._sweep_some(cursor)

    def _sweep_some(self, cursor: Cursor[TupleRow]) -> bool:
        """Delete some rows of one dead build; whether there was none left."""
        found = cursor.execute(self._sql(sql.ONE_DEAD)).fetchone()
        if not found:
            return True
        (generation,) = found
        cursor.execute(self._sql(sql.SWEEP_ROWS), (generation, ROWS_PER_TRANSACTION))
        if cursor.rowcount < ROWS_PER_TRANSACTION:
            cursor.execute(self._sql(sql.SWEEP_PARKED), (generation,))
            cursor.execute(self._sql(sql.SWEEP_BUILD), (generation,))
        return False


def _columns(rows: Mapping[UUID, ViewRow]) -> tuple[list[Any], ...]:
    """Rows to write as four arrays."""
    stored = rows.values()
    return list(rows), [one.row for one in stored], [one.events for one in stored], [one.archived for one in stored]
