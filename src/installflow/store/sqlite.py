"""The store on SQLite: a file, or memory."""

# ruff: noqa: D102 - the face these methods implement, `Store`, documents them

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, cast
from uuid import UUID, uuid4

from installflow.store import sqlite_faults as faults
from installflow.store import sqlite_schema as schema
from installflow.store.sqlite_recorder import (
    READABLE,
    Datastore,
    Recorder,
    Session,
    Synchronous,
    last_position,
    marks,
    select_log,
    select_streams,
)
from installflow.store.sqlite_views import IDS_PER_QUERY, SQLiteViews, chunks
from installflow.store.store import (
    CLOSED,
    EATEN,
    FORKED,
    NO_COMMANDS,
    NO_WORKFLOWS,
    REPLACED,
    Fault,
    NewRow,
    Row,
    check_unit,
    id_beginning,
)

# A statement of its own is a transaction of its own, and a third faster than one that is begun and committed.
APPEND_ONE: Final = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
    " SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM workflows WHERE digest = ?)"
)


def file_at(path: Path) -> tuple[int, int] | None:
    """Which file lies at a path, whatever its name was before; ``None`` for none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - Path.stat takes half as long again, and every session asks
    except OSError:
        return None
    return found.st_dev, found.st_ino


class SpokenSession(Session):
    """A session whose faults are said in our own words."""

    __slots__ = ("_url",)

    def __init__(self, url: str, datastore: Datastore, *, write: bool, transaction: bool) -> None:
        super().__init__(datastore, write=write, transaction=transaction)
        self._url = url

    def __enter__(self) -> sqlite3.Cursor:
        """Its cursor."""
        try:
            return super().__enter__()
        except faults.DATABASE_ERRORS as fault:
            raise faults.translated(self._url, fault) from fault

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """End it."""
        try:
            super().__exit__(kind, error, trace)
        except faults.DATABASE_ERRORS as fault:
            raise faults.translated(self._url, fault) from fault
        if isinstance(error, faults.DATABASE_ERRORS):
            raise faults.translated(self._url, error) from error


class SQLiteStore(SQLiteViews):
    """A store in an SQLite file, or in memory when there is no path."""

    def __init__(self, url: str, path: Path | None, *, synchronous: Synchronous, lock_timeout: float) -> None:
        self.url = url
        self._opened_by = os.getpid()
        self._closed = False
        self._path = path
        self._file: tuple[int, int] | None = None
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
            if path:
                self._file = file_at(path)
        except BaseException:
            self.close()
            raise

    def _session(self, *, write: bool = False, transaction: bool = False) -> SpokenSession:
        if self._closed:
            raise faults.unavailable(self.url, CLOSED)
        if os.getpid() != self._opened_by:
            raise faults.unavailable(self.url, FORKED)
        if self._file and self._path and file_at(self._path) != self._file:
            # Our connections still have the file that is gone: what they write nobody would ever find again.
            raise faults.unavailable(self.url, REPLACED)
        return SpokenSession(self.url, self._datastore, write=write, transaction=transaction)

    def append(
        self,
        rows: Sequence[NewRow],
        commands: Mapping[str, str] = NO_COMMANDS,
        workflows: Mapping[str, str] = NO_WORKFLOWS,
    ) -> Sequence[int]:
        check_unit(rows)
        parameters = [(id_.hex, version, topic, state) for id_, version, topic, state in rows]
        if len(parameters) == len(workflows) == 1 and not commands:
            with self._session(write=True) as cursor:
                cursor.execute(APPEND_ONE, (*parameters[0], *workflows))
                if cursor.rowcount:
                    return [cast("int", cursor.lastrowid)]
        with self._session(write=True, transaction=True) as cursor:
            # Looked up each time: a copy put back while we run may not hold what was there a moment ago.
            cursor.executemany("INSERT OR IGNORE INTO workflows (digest, document) VALUES (?, ?)", workflows.items())
            cursor.executemany(self._recorder.insert_events_statement, parameters)
            if cursor.rowcount != len(parameters):
                raise faults.unavailable(self.url, EATEN)
            # One writer at a time, and AUTOINCREMENT adds one: the positions of a unit follow one another.
            last: int = cursor.execute("SELECT last_insert_rowid()").fetchone()[0]
            if commands:
                cursor.executemany("INSERT INTO commands (id, events) VALUES (?, ?)", list(commands.items()))
        return list(range(last - len(parameters) + 1, last + 1))

    def command(self, command_id: str) -> str | None:
        with self._session() as cursor:
            found = cursor.execute("SELECT events FROM commands WHERE id = ?", (command_id,)).fetchone()
        return found[0] if found else None

    def commands(self, ids: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        with self._session() as cursor:
            for chunk in chunks(ids, IDS_PER_QUERY):
                cursor.execute(f"SELECT id, events FROM commands WHERE id IN ({marks(chunk)})", chunk)  # noqa: S608
                found.update(cursor)
        return found

    def command_page(self, after: str, limit: int) -> list[tuple[str, str]]:
        with self._session() as cursor:
            cursor.execute(
                "SELECT id, events FROM commands WHERE id > ? AND typeof(id) = 'text' ORDER BY id LIMIT ?",
                (after, limit),
            )
            return [(id_, events) for id_, events in cursor]

    def load(self, id: UUID, *, after: int = 0) -> list[Row]:  # noqa: A002 - as on the face
        with self._session() as cursor:
            cursor.execute(
                "SELECT position, originator_version, topic, state FROM stored_events"
                " WHERE originator_id = ? AND originator_version > ? AND typeof(originator_version) = 'integer'"
                " ORDER BY originator_version",
                (id.hex, after),
            )
            return [Row(position, id, version, topic, state) for position, version, topic, state in cursor]

    def load_many(self, ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
        if len(ids) == 1:  # one statement sees one instant by itself
            return {ids[0]: self.load(ids[0])}
        loaded: dict[UUID, list[Row]] = {id_: [] for id_ in ids}
        by_hex = {id_.hex: (id_, rows) for id_, rows in loaded.items()}
        with self._session(transaction=len(by_hex) > IDS_PER_QUERY) as cursor:
            for chunk in chunks(by_hex, IDS_PER_QUERY):
                cursor.execute(
                    "SELECT position, originator_id, originator_version, topic, state FROM stored_events"  # noqa: S608 - question marks only
                    f" WHERE originator_id IN ({marks(chunk)}) ORDER BY originator_id, originator_version",
                    chunk,
                )
                for position, hex_, version, topic, state in cursor:
                    id_, rows = by_hex[hex_]
                    rows.append(Row(position, id_, version, topic, state))
        return loaded

    def log(self, after: int, limit: int, topics: Sequence[str] = ()) -> list[Row]:
        with self._session() as cursor:
            return select_log(cursor, after, limit, topics)

    def position(self) -> int:
        with self._session() as cursor:
            return last_position(cursor)

    def streams(self, after: tuple[UUID, int] | None, upto: int, limit: int, topics: Sequence[str] = ()) -> list[Row]:
        with self._session() as cursor:
            return select_streams(cursor, after, upto, limit, topics)

    def ids(self, prefix: str, kind: str, limit: int = 20) -> list[UUID]:
        start = id_beginning(prefix)
        if start is None:
            return []
        topic = f"{kind}."
        with self._session() as cursor:
            cursor.execute(
                "SELECT originator_id FROM stored_events"  # noqa: S608 - a condition of ours
                f" WHERE {READABLE} AND originator_id >= ? AND originator_id < ? AND originator_version = 1"
                " AND substr(topic, 1, ?) = ? ORDER BY originator_id LIMIT ?",
                (start, f"{start}g", len(topic), topic, limit),  # "g" comes after every digit
            )
            return [UUID(hex_) for (hex_,) in cursor]

    def workflow(self, digest: str) -> str | None:
        with self._session() as cursor:
            found = cursor.execute("SELECT document FROM workflows WHERE digest = ?", (digest,)).fetchone()
        return found[0] if found else None

    def check(self) -> list[Fault]:
        with self._session() as cursor:
            return schema.faults_in(cursor)

    def close(self) -> None:
        self._closed = True
        self._datastore.close()
