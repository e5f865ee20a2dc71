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

from installflow.store.sqlite_recorder import ID_READS, last_position, marks, select_log
from installflow.store.store import (
    NOTHING_PARKED,
    BuildUnderWay,
    Parked,
    ParkedAt,
    Revision,
    Store,
    ViewBehind,
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


OURS: Final = ID_READS.format("id")
"""Leaves out rows under what is no id: the store's check names them, building the view again ends them."""

SHOWN: Final = "SELECT id, row FROM view_rows WHERE generation = ? AND row IS NOT NULL"

# The index by its name: SQLite takes the whole table for as quick, and reads every archived row on the way.
EVERYDAY: Final = (
    "SELECT id, row FROM view_rows INDEXED BY everyday_rows"
    " WHERE generation = ? AND archived = 0 AND row IS NOT NULL ORDER BY id"
)

ARCHIVED: Final = (
    "CASE WHEN {0}.archived THEN (SELECT COALESCE(group_concat(key, char(10)), '') FROM"
    " (SELECT key FROM view_keys k WHERE k.generation = {0}.generation AND k.id = {0}.id ORDER BY key)) END"
)
"""A row's keys, as `ViewRow.archived` has them."""

NOW: Final = "CAST(strftime('%s', 'now') AS INTEGER)"
"""The seconds of the database's clock; `unixepoch()` says the same, since 3.38 only."""

POSITION: Final = "CASE WHEN typeof(position) = 'integer' AND position > 0 THEN position ELSE 0 END"
"""Where a build has come to; what is no place in the log is as good as not begun."""

NOT_BEGUN: Final = Revision(0, 0)

OF_ROW, OF_LIVE, OF_BUILT = map(ARCHIVED.format, ("view_rows", "l", "b"))


REASON: Final = "CASE WHEN typeof(reason) = 'text' THEN reason ELSE '' END"
TRIES: Final = "CASE WHEN typeof(tries) = 'integer' THEN tries ELSE 1 END"

STAND: Final = f"SELECT generation, revision, {POSITION} FROM views WHERE"  # noqa: S608 - a constant


class SQLiteViews(Store):
    """The half of an SQLite store that keeps views."""

    @abstractmethod
    def _session(self, *, write: bool = False, transaction: bool = False) -> AbstractContextManager[sqlite3.Cursor]:
        """A cursor on the database; what is left open at its end is committed, or rolled back on an error."""

    def views(self) -> list[ViewState]:
        with self._session() as cursor:
            cursor.execute(
                f"SELECT view, generation, {POSITION}, state = 'live',"  # noqa: S608 - a constant
                " (SELECT COUNT(row) FROM view_rows r WHERE r.generation = v.generation),"
                " (SELECT CAST(TOTAL(events) AS INTEGER) FROM view_rows r WHERE r.generation = v.generation),"
                " (SELECT COUNT(*) FROM view_parked p WHERE p.generation = v.generation)"
                " FROM views v WHERE state <> 'dead' ORDER BY view, generation"
            )
            return [
                ViewState(view, generation, position, bool(live), rows, events, parked)
                for view, generation, position, live, rows, events, parked in cursor
            ]

    def view_names(self) -> list[str]:
        with self._session() as cursor:
            cursor.execute("SELECT DISTINCT view FROM views WHERE state <> 'dead' ORDER BY view")
            return [view for (view,) in cursor]

    def view_position(self, view: str) -> int:
        with self._session() as cursor:
            return _live(cursor, view)[1]

    def view_snapshot(
        self, view: str, limit: int, topics: Sequence[str] = (), *, build: int | None = None
    ) -> ViewSnapshot:
        with self._session(transaction=True) as cursor:
            revision, position = _live(cursor, view) if build is None else _under_way(cursor, build)
            generation = revision.generation
            last = last_position(cursor)
            events = select_log(cursor, position, limit, topics) if position < last else []
            touched = {row.id.hex: row.id for row in events}
            rows: dict[UUID, ViewRow] = {}
            parked: set[UUID] = set()
            for chunk in chunks(touched, IDS_PER_QUERY):
                cursor.execute(
                    f"SELECT id, row, events, {OF_ROW} FROM view_rows"  # noqa: S608 - constants
                    f" WHERE generation = ? AND id IN ({marks(chunk)})",
                    (generation, *chunk),
                )
                rows.update((touched[hex_], _row(*stored)) for hex_, *stored in cursor)
                cursor.execute(
                    f"SELECT id FROM view_parked WHERE generation = ? AND id IN ({marks(chunk)})",  # noqa: S608
                    (generation, *chunk),
                )
                parked.update(touched[hex_] for (hex_,) in cursor)
        upto = events[-1].position if len(events) >= limit > 0 else max(position, last)
        return ViewSnapshot(position, events, rows, parked, upto, revision)

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
        with self._session(write=True, transaction=True) as cursor:
            found, reached = _live(cursor, view)
            if revision and revision.generation not in (0, found.generation):
                found, reached = _under_way(cursor, revision.generation)
            if reached != expected or (revision and revision != found):
                return False
            generation = found.generation or _new_generation(cursor, view, "live")
            cursor.execute(
                f"UPDATE views SET position = ?, revision = revision + 1, beat = {NOW} WHERE generation = ?",  # noqa: S608
                (position, generation),
            )
            _write_rows(cursor, generation, changed.items())
            cursor.executemany(
                "DELETE FROM view_parked WHERE generation = ? AND id = ?", [(generation, id_.hex) for id_ in unparked]
            )
            _park(cursor, generation, parked)
        return True

    def view_rows(self, view: str, ids: Sequence[UUID] | None = None, *, at_least: int = 0) -> list[tuple[UUID, bytes]]:
        with self._session(transaction=True) as cursor:
            generation = _live_at(cursor, view, at_least)
            if ids is None:
                cursor.execute(f"{SHOWN} ORDER BY id", (generation,))
                return _shown(cursor)
            found: list[tuple[UUID, bytes]] = []
            for chunk in chunks(sorted({id_.hex for id_ in ids}), IDS_PER_QUERY):
                cursor.execute(f"{SHOWN} AND id IN ({marks(chunk)}) ORDER BY id", (generation, *chunk))
                found.extend(_shown(cursor))
            return found

    def view_everyday(
        self, view: str, keys: Collection[str] = (), *, at_least: int = 0
    ) -> tuple[list[tuple[UUID, bytes]], list[tuple[UUID, bytes]]]:
        with self._session(transaction=True) as cursor:
            generation = _live_at(cursor, view, at_least)
            cursor.execute(EVERYDAY, (generation,))
            return _shown(cursor), _archived(cursor, generation, keys)

    def view_archived(self, view: str, keys: Collection[str], *, at_least: int = 0) -> list[tuple[UUID, bytes]]:
        with self._session(transaction=True) as cursor:
            return _archived(cursor, _live_at(cursor, view, at_least), keys)

    def view_page(self, view: str, after: UUID | None, limit: int) -> list[tuple[UUID, ViewRow]]:
        with self._session(transaction=True) as cursor:
            generation = _live_at(cursor, view)
            cursor.execute(
                f"SELECT id, row, events, {OF_ROW} FROM view_rows"  # noqa: S608 - constants
                f" WHERE generation = ? AND id > ? AND {OURS} ORDER BY id LIMIT ?",
                (generation, after.hex if after else "", limit),
            )
            return [(UUID(hex_), _row(*stored)) for hex_, *stored in cursor]

    def view_parked(self, view: str) -> list[tuple[UUID, ParkedAt]]:
        with self._session(transaction=True) as cursor:
            generation = _live_at(cursor, view)
            cursor.execute(
                f"SELECT id, {POSITION}, {REASON}, {TRIES} FROM view_parked"  # noqa: S608 - constants
                f" WHERE generation = ? AND {OURS} ORDER BY position, id",
                (generation,),
            )
            return [(UUID(hex_), ParkedAt(*parked)) for hex_, *parked in cursor]

    def view_begin(self, view: str, lease: float = 0) -> int:
        with self._session(write=True, transaction=True) as cursor:
            # A beat of the time to come is a clock that was put back: it says nothing for longer than the lease.
            cursor.execute(
                f"SELECT 1 FROM views WHERE view = ? AND state = 'building' AND abs({NOW} - beat) < ?",  # noqa: S608
                (view, lease),
            )
            if cursor.fetchone():
                raise BuildUnderWay
            return _new_generation(cursor, view, "building")

    def view_build(self, generation: int, rows: Sequence[tuple[UUID, ViewRow]]) -> bool:
        for chunk in chunks(rows, ROWS_PER_TRANSACTION) if rows else ([],):
            with self._session(write=True, transaction=True) as cursor:
                cursor.execute(
                    f"UPDATE views SET beat = {NOW} WHERE generation = ? AND state = 'building'",  # noqa: S608
                    (generation,),
                )
                if not cursor.rowcount:  # another that finished first, or a dropped view, has ended it
                    return False
                _write_rows(cursor, generation, chunk)
        return True

    def view_differences(self, view: str, generation: int, after: UUID | None, limit: int) -> list[ViewDifference]:
        with self._session(transaction=True) as cursor:
            live = _live_at(cursor, view)
            # Two LEFT JOINs: SQLite has a FULL JOIN only since 3.39.
            cursor.execute(
                f"SELECT b.id, l.row, l.events, {OF_LIVE}, b.row, b.events, {OF_BUILT} FROM view_rows b"  # noqa: S608
                " LEFT JOIN view_rows l ON l.generation = ?1 AND l.id = b.id WHERE b.generation = ?2 AND b.id > ?3"
                f" AND (l.id IS NULL OR l.row IS NOT b.row OR l.events <> b.events OR {OF_LIVE} IS NOT {OF_BUILT})"
                " UNION ALL"
                f" SELECT l.id, l.row, l.events, {OF_LIVE}, NULL, NULL, NULL FROM view_rows l"
                " LEFT JOIN view_rows b ON b.generation = ?2 AND b.id = l.id WHERE l.generation = ?1 AND l.id > ?3"
                f" AND b.id IS NULL AND {ID_READS.format('l.id')} ORDER BY 1 LIMIT ?4",
                (live, generation, after.hex if after else "", limit),
            )
            return [
                ViewDifference(
                    UUID(hex_),
                    None if stored[1] is None else _row(*stored[:3]),
                    None if stored[4] is None else _row(*stored[3:]),
                )
                for hex_, *stored in cursor
            ]

    def view_swap(self, view: str, generation: int) -> bool:
        with self._session(write=True, transaction=True) as cursor:
            found, position = _under_way(cursor, generation)
            if found == NOT_BEGUN:
                return False
            if position < _live(cursor, view)[1]:
                raise ViewBehind
            # The other builds under way end too: they began before this one was swapped in.
            cursor.execute("UPDATE views SET state = 'dead' WHERE view = ?", (view,))
            cursor.execute("UPDATE views SET state = 'live' WHERE generation = ?", (generation,))
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


def _shown(found: Iterable[tuple[str, bytes]]) -> list[tuple[UUID, bytes]]:
    """Rows by their ids, without those under what is none; looked at together, for `OURS` takes 0.6 µs a row."""
    rows = list(found)
    if not _are_ids([hex_ for hex_, _ in rows]):
        rows = [(hex_, row) for hex_, row in rows if _are_ids([hex_])]
    return [(_uuid(hex_), row) for hex_, row in rows]


def _are_ids(ids: list[str]) -> bool:
    try:
        digits = "".join(ids).encode()
    except (TypeError, UnicodeEncodeError):
        return False
    return {32}.issuperset(map(len, ids)) and not digits.translate(None, b"0123456789abcdef")


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of a size."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _row(row: bytes | None, events: int, archived: str | None) -> ViewRow:
    """A row as it is stored; with a count that is none it is damaged, and made again from its events."""
    return ViewRow(row, events, archived) if type(events) is int else ViewRow(b"", 0, archived)


def _live(cursor: sqlite3.Cursor, view: str) -> tuple[Revision, int]:
    """The build readers see and its position; zeros when the view has not begun."""
    cursor.execute(f"{STAND} view = ? AND state = 'live'", (view,))
    return _stand(cursor.fetchone())


def _live_at(cursor: sqlite3.Cursor, view: str, at_least: int = 0) -> int:
    """The generation readers see; raises `ViewBehind` when it has not come so far, or where the log has not."""
    revision, position = _live(cursor, view)
    if position < at_least or (position > at_least > 0 and position > last_position(cursor)):
        raise ViewBehind
    return revision.generation


def _under_way(cursor: sqlite3.Cursor, generation: int) -> tuple[Revision, int]:
    """A build under way; zeros when it no longer is: another that finished first, or a dropped view, has ended it."""
    cursor.execute(f"{STAND} generation = ? AND state = 'building'", (generation,))
    return _stand(cursor.fetchone())


def _stand(found: tuple[int, int, int] | None) -> tuple[Revision, int]:
    return (Revision(found[0], found[1]), found[2]) if found else (NOT_BEGUN, 0)


def _new_generation(cursor: sqlite3.Cursor, view: str, state: str) -> int:
    cursor.execute(
        f"INSERT INTO views (view, position, revision, state, beat) VALUES (?, 0, 0, ?, {NOW})",  # noqa: S608
        (view, state),
    )
    return cast("int", cursor.lastrowid)


def _archived(cursor: sqlite3.Cursor, generation: int, keys: Collection[str]) -> list[tuple[UUID, bytes]]:
    found: dict[str, bytes] = {}
    for chunk in chunks(sorted(set(keys)), IDS_PER_QUERY):
        cursor.execute(
            f"{SHOWN} AND id IN (SELECT id FROM view_keys WHERE generation = ? AND key IN ({marks(chunk)}))",  # noqa: S608
            (generation, generation, *chunk),
        )
        found.update(cursor)
    return sorted(_shown(found.items()))


def _write_rows(cursor: sqlite3.Cursor, generation: int, rows: Iterable[tuple[UUID, ViewRow]]) -> None:
    written = {id_.hex: stored for id_, stored in rows}
    cursor.executemany(
        "INSERT INTO view_rows (generation, id, row, events, archived) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (generation, id) DO UPDATE"
        " SET row = excluded.row, events = excluded.events, archived = excluded.archived",
        [(generation, hex_, row, events, archived is not None) for hex_, (row, events, archived) in written.items()],
    )
    cursor.executemany(
        "DELETE FROM view_keys WHERE generation = ? AND id = ?", [(generation, hex_) for hex_ in written]
    )
    cursor.executemany(
        "INSERT INTO view_keys (generation, id, key) VALUES (?, ?, ?)",
        [(generation, hex_, key) for hex_, stored in written.items() for key in stored.keys],
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
    for table in ("view_keys", "view_rows"):  # the keys first: the same rows are found again by what is left of them
        cursor.execute(
            f"DELETE FROM {table} WHERE generation = ? AND id IN"  # noqa: S608 - a constant
            " (SELECT id FROM view_rows WHERE generation = ? ORDER BY id LIMIT ?)",
            (generation, generation, ROWS_PER_TRANSACTION),
        )
    if cursor.rowcount < ROWS_PER_TRANSACTION:
        cursor.execute("DELETE FROM view_parked WHERE generation = ?", (generation,))
        cursor.execute("DELETE FROM views WHERE generation = ?", (generation,))
    return False
