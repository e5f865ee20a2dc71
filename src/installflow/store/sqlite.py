"""The store on SQLite: a file, or memory."""

# ruff: noqa: D102 - the face these methods implement, `Store`, documents them

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar, cast
from uuid import UUID, uuid4

from installflow.store import sqlite_faults as faults
from installflow.store import sqlite_schema as schema
from installflow.store.sqlite_recorder import Datastore, Recorder, Synchronous, marks, select_log
from installflow.store.store import NO_COMMANDS, NOTHING_PARKED, NewRow, Parked, Row, Store, ViewSnapshot, check_unit

T = TypeVar("T")

IDS_PER_QUERY: Final = 500
ROWS_PER_TRANSACTION: Final = 5000
"""How many view rows are written or deleted under one lock: writers wait a few tens of milliseconds at most."""

HEX_DIGITS: Final = frozenset("0123456789abcdef")
UUID_LENGTH: Final = 32

FORKED: Final = ("store_forked", "this process was forked after it was opened: open it again in the new process")


class SQLiteStore(Store):
    """A store in an SQLite file, or in memory when there is no path."""

    def __init__(self, url: str, path: Path | None, *, synchronous: Synchronous, lock_timeout: int) -> None:
        self.url = url
        self._opened_by = os.getpid()
        self._closed = False
        self._remembered: set[str] = set()
        if path is None:
            uri = f"file:installflow-{uuid4().hex}?mode=memory&cache=shared"
        else:
            schema.refuse_unusable(url, path)
            uri = path.as_uri()
        self._datastore = Datastore(uri, memory=path is None, synchronous=synchronous, lock_timeout=lock_timeout)
        self._recorder = Recorder(self._datastore)
        try:
            with self._session(write=True) as cursor:
                schema.prepare(url, cursor.connection, patience=lock_timeout)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def _session(self, *, write: bool = False, transaction: bool = False) -> Iterator[sqlite3.Cursor]:
        if self._closed:
            raise faults.unavailable(self.url, faults.CLOSED)
        if os.getpid() != self._opened_by:
            raise faults.unavailable(self.url, FORKED)
        try:
            with self._datastore.session(write=write, transaction=transaction) as cursor:
                yield cursor
        except faults.DATABASE_ERRORS as error:
            raise faults.translated(self.url, error) from error

    def append(self, rows: Sequence[NewRow], commands: Mapping[str, str] = NO_COMMANDS) -> Sequence[int]:
        check_unit(rows)
        statement = self._recorder.insert_events_statement
        parameters = [(id_.hex, version, topic, state) for id_, version, topic, state in rows]
        if len(parameters) == 1 and not commands:
            # A statement of its own is a transaction of its own, and a third faster.
            with self._session(write=True) as cursor:
                cursor.execute(statement, parameters[0])
                return [cast("int", cursor.lastrowid)]
        with self._session(write=True, transaction=True) as cursor:
            cursor.executemany(statement, parameters)
            # One writer at a time, and AUTOINCREMENT adds one: the positions of a unit follow one another.
            last: int = cursor.execute("SELECT last_insert_rowid()").fetchone()[0]
            if commands:
                cursor.executemany("INSERT INTO commands (id, events) VALUES (?, ?)", list(commands.items()))
        return list(range(last - len(parameters) + 1, last + 1))

    def command(self, command_id: str) -> str | None:
        with self._session() as cursor:
            found = cursor.execute("SELECT events FROM commands WHERE id = ?", (command_id,)).fetchone()
        return found[0] if found else None

    def load(self, id: UUID, *, after: int = 0) -> list[Row]:  # noqa: A002 - as on the face
        with self._session() as cursor:
            cursor.execute(
                "SELECT position, originator_version, topic, state FROM stored_events"
                " WHERE originator_id = ? AND originator_version > ? ORDER BY originator_version",
                (id.hex, after),
            )
            return [Row(position, id, version, topic, state) for position, version, topic, state in cursor]

    def load_many(self, ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
        if len(ids) == 1:  # one statement sees one instant by itself
            return {ids[0]: self.load(ids[0])}
        loaded: dict[UUID, list[Row]] = {id_: [] for id_ in ids}
        by_hex = {id_.hex: id_ for id_ in loaded}
        with self._session(transaction=True) as cursor:
            for chunk in _chunks(by_hex, IDS_PER_QUERY):
                cursor.execute(
                    "SELECT position, originator_id, originator_version, topic, state FROM stored_events"  # noqa: S608 - question marks only
                    f" WHERE originator_id IN ({marks(chunk)}) ORDER BY originator_id, originator_version",
                    chunk,
                )
                for position, hex_, version, topic, state in cursor:
                    id_ = by_hex[hex_]
                    loaded[id_].append(Row(position, id_, version, topic, state))
        return loaded

    def log(self, after: int, limit: int, topics: Sequence[str] = ()) -> list[Row]:
        with self._session() as cursor:
            return select_log(cursor, after, limit, topics)

    def position(self) -> int:
        with self._session() as cursor:
            return _last_position(cursor)

    def ids(self, prefix: str, kind: str, limit: int = 20) -> list[UUID]:
        start = prefix.replace("-", "").lower()
        if not HEX_DIGITS.issuperset(start) or len(start) > UUID_LENGTH:
            return []
        topic = f"{kind}."
        with self._session() as cursor:
            cursor.execute(
                "SELECT originator_id FROM stored_events"
                " WHERE originator_id >= ? AND originator_id < ? AND originator_version = 1"
                " AND substr(topic, 1, ?) = ? ORDER BY originator_id LIMIT ?",
                (start, f"{start}g", len(topic), topic, limit),  # "g" comes after every digit
            )
            return [UUID(hex_) for (hex_,) in cursor]

    def remember_workflow(self, digest: str, document: str) -> None:
        if digest in self._remembered:
            return
        if self.workflow(digest) is None:
            with self._session(write=True) as cursor:
                cursor.execute("INSERT OR IGNORE INTO workflows (digest, document) VALUES (?, ?)", (digest, document))
        self._remembered.add(digest)

    def workflow(self, digest: str) -> str | None:
        with self._session() as cursor:
            found = cursor.execute("SELECT document FROM workflows WHERE digest = ?", (digest,)).fetchone()
        return found[0] if found else None

    def views(self) -> dict[str, int]:
        with self._session() as cursor:
            cursor.execute("SELECT view, position FROM views WHERE state = 'live' ORDER BY view")
            return {view: position for view, position in cursor}  # noqa: C416 - they are sqlite3.Row

    def view_position(self, view: str) -> int:
        with self._session() as cursor:
            return _live(cursor, view)[1]

    def view_snapshot(self, view: str, limit: int, topics: Sequence[str] = ()) -> ViewSnapshot:
        with self._session(transaction=True) as cursor:
            generation, position = _live(cursor, view)
            last = _last_position(cursor)
            events = select_log(cursor, position, limit, topics) if position < last else []
            touched = {row.id.hex: row.id for row in events}
            rows: dict[UUID, bytes] = {}
            parked: set[UUID] = set()
            for chunk in _chunks(touched, IDS_PER_QUERY):
                cursor.execute(
                    f"SELECT id, row FROM view_rows WHERE generation = ? AND id IN ({marks(chunk)})",  # noqa: S608
                    (generation, *chunk),
                )
                rows.update((touched[hex_], row) for hex_, row in cursor)
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
        changed: Mapping[UUID, bytes | None],
        parked: Parked = NOTHING_PARKED,
        *,
        unparked: Collection[UUID] = (),
        generation: int | None = None,
    ) -> bool:
        written = [(id_.hex, row) for id_, row in changed.items() if row is not None]
        deleted = [id_.hex for id_, row in changed.items() if row is None]
        with self._session(write=True, transaction=True) as cursor:
            live, reached = _live(cursor, view)
            if reached != expected or (generation is not None and generation != live):
                return False
            if not live:
                live = _new_generation(cursor, view, "live")
            cursor.execute("UPDATE views SET position = ? WHERE generation = ?", (position, live))
            _write_rows(cursor, live, written)
            cursor.executemany(
                "DELETE FROM view_rows WHERE generation = ? AND id = ?", [(live, id_) for id_ in deleted]
            )
            _unpark(cursor, live, unparked)
            _park(cursor, live, parked)
        return True

    def view_rows(self, view: str, ids: Sequence[UUID] | None = None) -> list[tuple[UUID, bytes]]:
        with self._session(transaction=True) as cursor:
            generation, _ = _live(cursor, view)
            if ids is None:
                cursor.execute("SELECT id, row FROM view_rows WHERE generation = ? ORDER BY id", (generation,))
                return [(UUID(hex_), row) for hex_, row in cursor]
            found: list[tuple[UUID, bytes]] = []
            for chunk in _chunks(sorted({id_.hex for id_ in ids}), IDS_PER_QUERY):
                cursor.execute(
                    f"SELECT id, row FROM view_rows WHERE generation = ? AND id IN ({marks(chunk)}) ORDER BY id",  # noqa: S608
                    (generation, *chunk),
                )
                found.extend((UUID(hex_), row) for hex_, row in cursor)
            return found

    def view_parked(self, view: str) -> list[tuple[UUID, int, str]]:
        with self._session(transaction=True) as cursor:
            generation, _ = _live(cursor, view)
            cursor.execute(
                "SELECT id, position, reason FROM view_parked WHERE generation = ? ORDER BY position, id", (generation,)
            )
            return [(UUID(hex_), position, reason) for hex_, position, reason in cursor]

    def view_unpark(self, view: str, id: UUID) -> None:  # noqa: A002 - as on the face
        with self._session(write=True, transaction=True) as cursor:
            _unpark(cursor, _live(cursor, view)[0], (id,))

    def view_replace(
        self, view: str, position: int, rows: Iterable[tuple[UUID, bytes]], parked: Parked = NOTHING_PARKED
    ) -> None:
        with self._session(write=True, transaction=True) as cursor:
            generation = _new_generation(cursor, view, "building")
        try:
            for chunk in _chunks(rows, ROWS_PER_TRANSACTION):
                with self._session(write=True, transaction=True) as cursor:
                    if not _is_building(cursor, generation):
                        return
                    _write_rows(cursor, generation, [(id_.hex, row) for id_, row in chunk])
            with self._session(write=True, transaction=True) as cursor:
                if not _is_building(cursor, generation):
                    return
                _park(cursor, generation, parked)
                cursor.execute("UPDATE views SET state = 'dead' WHERE view = ?", (view,))
                cursor.execute(
                    "UPDATE views SET state = 'live', position = ? WHERE generation = ?", (position, generation)
                )
        except BaseException:
            with self._session(write=True) as cursor:
                cursor.execute("UPDATE views SET state = 'dead' WHERE generation = ?", (generation,))
            raise
        finally:
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

    def close(self) -> None:
        self._closed = True
        self._datastore.close()


def _chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _last_position(cursor: sqlite3.Cursor) -> int:
    return cursor.execute("SELECT MAX(position) FROM stored_events").fetchone()[0] or 0


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


def _write_rows(cursor: sqlite3.Cursor, generation: int, rows: Iterable[tuple[str, bytes]]) -> None:
    cursor.executemany(
        "INSERT INTO view_rows (generation, id, row) VALUES (?, ?, ?)"
        " ON CONFLICT (generation, id) DO UPDATE SET row = excluded.row",
        [(generation, id_, row) for id_, row in rows],
    )


def _park(cursor: sqlite3.Cursor, generation: int, parked: Parked) -> None:
    cursor.executemany(
        "INSERT INTO view_parked (generation, id, position, reason) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (generation, id) DO UPDATE SET position = excluded.position, reason = excluded.reason",
        [(generation, id_.hex, position, reason) for id_, (position, reason) in parked.items()],
    )


def _unpark(cursor: sqlite3.Cursor, generation: int, ids: Iterable[UUID]) -> None:
    cursor.executemany(
        "DELETE FROM view_parked WHERE generation = ? AND id = ?", [(generation, id_.hex) for id_ in ids]
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
