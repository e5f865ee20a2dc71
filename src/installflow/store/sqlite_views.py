"""The views of an SQLite store: rows kept beside their position, builds made beside the live one and swapped in."""

# ruff: noqa: D102 - the face these methods implement, `Store`, documents them

from __future__ import annotations

import sqlite3
from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import Final, TypeVar, cast
from uuid import UUID, SafeUUID

from installflow.store.sqlite_recorder import last_position, marks, select_log
from installflow.store.store import (
    NOTHING_PARKED,
    Parked,
    ParkedAt,
    Store,
    ViewDifference,
    ViewRow,
    ViewSnapshot,
    ViewState,
)

T = TypeVar("T")

IDS_PER_QUERY: Final = 500
ROWS_PER_TRANSACTION: Final = 5000
"""How many view rows are written or deleted under one lock: writers wait a few tens of milliseconds at most."""


_put_int, _put_safety = vars(UUID)["int"].__set__, vars(UUID)["is_safe"].__set__


def _uuid(hex_: str) -> UUID:
    """The UUID of 32 digits; its constructor, which takes every other spelling too, takes half of a board's reading."""
    one = object.__new__(UUID)
    _put_int(one, int(hex_, 16))
    _put_safety(one, SafeUUID.unknown)
    return one


class SQLiteViews(Store):
    """The half of an SQLite store that keeps views."""

    @abstractmethod
    def _session(self, *, write: bool = False, transaction: bool = False) -> AbstractContextManager[sqlite3.Cursor]:
        """A cursor on the database; what is left open at its end is committed, or rolled back on an error."""

    def views(self) -> list[ViewState]:
        with self._session() as cursor:
            cursor.execute(
                "SELECT view, generation, position, state = 'live',"
                " (SELECT COUNT(row) FROM view_rows r WHERE r.generation = v.generation),"
                " (SELECT COALESCE(SUM(events), 0) FROM view_rows r WHERE r.generation = v.generation),"
                " (SELECT COUNT(*) FROM view_parked p WHERE p.generation = v.generation)"
                " FROM views v WHERE state <> 'dead' ORDER BY view, generation"
            )
            return [
                ViewState(view, generation, position, bool(live), rows, events, parked)
                for view, generation, position, live, rows, events, parked in cursor
            ]

    def view_position(self, view: str) -> int:
        with self._session() as cursor:
            return _live(cursor, view)[1]

    def view_snapshot(self, view: str, limit: int, topics: Sequence[str] = ()) -> ViewSnapshot:
        with self._session(transaction=True) as cursor:
            generation, position = _live(cursor, view)
            last = last_position(cursor)
            events = select_log(cursor, position, limit, topics) if position < last else []
            touched = {row.id.hex: row.id for row in events}
            rows: dict[UUID, ViewRow] = {}
            parked: set[UUID] = set()
            for chunk in chunks(touched, IDS_PER_QUERY):
                cursor.execute(
                    f"SELECT id, row, events FROM view_rows WHERE generation = ? AND id IN ({marks(chunk)})",  # noqa: S608
                    (generation, *chunk),
                )
                rows.update((touched[hex_], ViewRow(row, events)) for hex_, row, events in cursor)
                cursor.execute(
                    f"SELECT id FROM view_parked WHERE generation = ? AND id IN ({marks(chunk)})",  # noqa: S608
                    (generation, *chunk),
                )
                parked.update(touched[hex_] for (hex_,) in cursor)
        upto = events[-1].position if len(events) >= limit > 0 else max(position, last)
        return ViewSnapshot(position, events, rows, parked, upto, generation)

    def view_advance(
        self,
        view: str,
        expected: int,
        position: int,
        changed: Mapping[UUID, ViewRow],
        parked: Parked = NOTHING_PARKED,
        *,
        unparked: Collection[UUID] = (),
        generation: int | None = None,
    ) -> bool:
        with self._session(write=True, transaction=True) as cursor:
            live, reached = _live(cursor, view)
            if reached != expected or (generation is not None and generation != live):
                return False
            if not live:
                live = _new_generation(cursor, view, "live")
            cursor.execute("UPDATE views SET position = ? WHERE generation = ?", (position, live))
            _write_rows(cursor, live, changed.items())
            cursor.executemany(
                "DELETE FROM view_parked WHERE generation = ? AND id = ?", [(live, id_.hex) for id_ in unparked]
            )
            _park(cursor, live, parked)
        return True

    def view_rows(self, view: str, ids: Sequence[UUID] | None = None) -> list[tuple[UUID, bytes]]:
        shown = "SELECT id, row FROM view_rows WHERE generation = ? AND row IS NOT NULL"
        with self._session(transaction=True) as cursor:
            generation, _ = _live(cursor, view)
            if ids is None:
                cursor.execute(f"{shown} ORDER BY id", (generation,))
                return [(_uuid(hex_), row) for hex_, row in cursor]
            found: list[tuple[UUID, bytes]] = []
            for chunk in chunks(sorted({id_.hex for id_ in ids}), IDS_PER_QUERY):
                cursor.execute(f"{shown} AND id IN ({marks(chunk)}) ORDER BY id", (generation, *chunk))
                found.extend((_uuid(hex_), row) for hex_, row in cursor)
            return found

    def view_page(self, view: str, after: UUID | None, limit: int) -> list[tuple[UUID, ViewRow]]:
        with self._session(transaction=True) as cursor:
            generation, _ = _live(cursor, view)
            cursor.execute(
                "SELECT id, row, events FROM view_rows WHERE generation = ? AND id > ? ORDER BY id LIMIT ?",
                (generation, after.hex if after else "", limit),
            )
            return [(UUID(hex_), ViewRow(row, events)) for hex_, row, events in cursor]

    def view_parked(self, view: str) -> list[tuple[UUID, ParkedAt]]:
        with self._session(transaction=True) as cursor:
            generation, _ = _live(cursor, view)
            cursor.execute(
                "SELECT id, position, reason, tries FROM view_parked WHERE generation = ? ORDER BY position, id",
                (generation,),
            )
            return [(UUID(hex_), ParkedAt(position, reason, tries)) for hex_, position, reason, tries in cursor]

    def view_begin(self, view: str) -> int:
        with self._session(write=True, transaction=True) as cursor:
            return _new_generation(cursor, view, "building")

    def view_build(self, generation: int, rows: Sequence[tuple[UUID, ViewRow]]) -> bool:
        for chunk in chunks(rows, ROWS_PER_TRANSACTION):
            with self._session(write=True, transaction=True) as cursor:
                if not _is_building(cursor, generation):
                    return False
                _write_rows(cursor, generation, chunk)
        return True

    def view_differences(self, view: str, generation: int, limit: int) -> list[ViewDifference]:
        with self._session(transaction=True) as cursor:
            live, _ = _live(cursor, view)
            # Two LEFT JOINs: SQLite has a FULL JOIN only since 3.39.
            cursor.execute(
                "SELECT b.id, l.row, l.events, b.row, b.events FROM view_rows b"
                " LEFT JOIN view_rows l ON l.generation = ?1 AND l.id = b.id WHERE b.generation = ?2"
                " AND (l.id IS NULL OR l.row IS NOT b.row OR l.events <> b.events)"
                " UNION ALL"
                " SELECT l.id, l.row, l.events, NULL, NULL FROM view_rows l"
                " LEFT JOIN view_rows b ON b.generation = ?2 AND b.id = l.id WHERE l.generation = ?1 AND b.id IS NULL"
                " ORDER BY 1 LIMIT ?3",
                (live, generation, limit),
            )
            return [
                ViewDifference(
                    UUID(hex_),
                    None if live_events is None else ViewRow(live_row, live_events),
                    None if built_events is None else ViewRow(built_row, built_events),
                )
                for hex_, live_row, live_events, built_row, built_events in cursor
            ]

    def view_swap(self, view: str, generation: int, position: int, parked: Parked = NOTHING_PARKED) -> bool:
        with self._session(write=True, transaction=True) as cursor:
            if not _is_building(cursor, generation):
                return False
            _park(cursor, generation, parked)
            # The other builds under way end too: they began before this one was swapped in.
            cursor.execute("UPDATE views SET state = 'dead' WHERE view = ?", (view,))
            cursor.execute("UPDATE views SET state = 'live', position = ? WHERE generation = ?", (position, generation))
        self._sweep()
        return True

    def view_abandon(self, generation: int) -> None:
        with self._session(write=True) as cursor:
            cursor.execute("UPDATE views SET state = 'dead' WHERE generation = ? AND state = 'building'", (generation,))
        self._sweep()

    def view_drop(self, view: str) -> None:
        with self._session(write=True) as cursor:
            cursor.execute("UPDATE views SET state = 'dead' WHERE view = ?", (view,))
        self._sweep()

    def _sweep(self) -> None:
        """Delete the builds nobody reads any more, a little at a time; whoever sweeps next ends what a crash left."""
        swept = False
        while not swept:
            with self._session(write=True, transaction=True) as cursor:
                swept = _sweep_some(cursor)


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of a size."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _live(cursor: sqlite3.Cursor, view: str) -> tuple[int, int]:
    """The generation readers see and its position; two zeros when the view has not begun."""
    found = cursor.execute(
        "SELECT generation, position FROM views WHERE view = ? AND state = 'live'", (view,)
    ).fetchone()
    return (found[0], found[1]) if found else (0, 0)


def _new_generation(cursor: sqlite3.Cursor, view: str, state: str) -> int:
    cursor.execute("INSERT INTO views (view, position, state) VALUES (?, 0, ?)", (view, state))
    return cast("int", cursor.lastrowid)


def _is_building(cursor: sqlite3.Cursor, generation: int) -> bool:
    """Whether this build still counts: another that finished first, or a dropped view, has ended it."""
    cursor.execute("SELECT 1 FROM views WHERE generation = ? AND state = 'building'", (generation,))
    return cursor.fetchone() is not None


def _write_rows(cursor: sqlite3.Cursor, generation: int, rows: Iterable[tuple[UUID, ViewRow]]) -> None:
    cursor.executemany(
        "INSERT INTO view_rows (generation, id, row, events) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (generation, id) DO UPDATE SET row = excluded.row, events = excluded.events",
        [(generation, id_.hex, row, events) for id_, (row, events) in rows],
    )


def _park(cursor: sqlite3.Cursor, generation: int, parked: Parked) -> None:
    cursor.executemany(
        "INSERT INTO view_parked (generation, id, position, reason, tries) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (generation, id) DO UPDATE"
        " SET position = excluded.position, reason = excluded.reason, tries = tries + excluded.tries",
        [(generation, id_.hex, position, reason, tries) for id_, (position, reason, tries) in parked.items()],
    )


def _sweep_some(cursor: sqlite3.Cursor) -> bool:
    """Delete some rows of one dead build; whether there was none left."""
    found = cursor.execute("SELECT generation FROM views WHERE state = 'dead' LIMIT 1").fetchone()
    if not found:
        return True
    generation = found[0]
    cursor.execute(
        "DELETE FROM view_rows WHERE generation = ? AND id IN (SELECT id FROM view_rows WHERE generation = ? LIMIT ?)",
        (generation, generation, ROWS_PER_TRANSACTION),
    )
    if cursor.rowcount < ROWS_PER_TRANSACTION:
        cursor.execute("DELETE FROM view_parked WHERE generation = ?", (generation,))
        cursor.execute("DELETE FROM views WHERE generation = ?", (generation,))
    return False
