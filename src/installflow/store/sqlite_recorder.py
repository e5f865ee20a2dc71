"""eventsourcing's SQLite recorder, pool and datastore, with our table, durability and locking."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Final, Literal
from uuid import UUID

from eventsourcing.persistence import ConnectionUnavailableError, Notification
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
)

from installflow.store.store import Row

STATEMENTS_KEPT: Final = 64
"""How many compiled statements each connection keeps."""

PAGES_LOGGED: Final = 4000
"""Pages (16 MiB of them) the log gathers before they are brought home; at SQLite's own 1,000, a quarter of the time
of small commits went into doing so."""

ENDED: Final = "the transaction ended before it was committed"

Synchronous = Literal["FULL", "NORMAL"]


class Pool(SQLiteConnectionPool):
    """Connections with our settings, which are not closed under whoever is using them."""

    def __init__(self, uri: str, *, synchronous: Synchronous, lock_timeout: float) -> None:
        super().__init__(db_name=uri, pool_timeout=max(lock_timeout, 1))
        self._synchronous = synchronous
        self.patience = lock_timeout
        self._opened_by = os.getpid()

    def _create_connection(self) -> SQLiteConnection:
        # Not the library's: it switches any file to WAL, ours or not, and keeps one compiled statement.
        connection = sqlite3.connect(
            self.db_name,
            uri=True,
            check_same_thread=False,
            isolation_level=None,
            cached_statements=STATEMENTS_KEPT,
            timeout=self.patience,
        )
        try:
            # Left alone, durability would depend on how SQLite was compiled.
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {PAGES_LOGGED}")
        except BaseException:
            connection.close()
            raise
        return SQLiteConnection(connection, max_age=None)

    def get_connection(self, timeout: float | None = None, *, is_writer: bool | None = None) -> SQLiteConnection:
        """The connection put back last, at once; with the library's queue, which takes as long as a query, if none."""
        if is_writer is None:
            with self._put_condition:
                if self._pool and not self._closed:
                    connection = self._pool.pop()
                    connection.in_use.acquire()
                    self._in_use[id(connection)] = connection
                    return connection
        return super().get_connection(timeout, is_writer=is_writer)

    def put_connection(self, conn: SQLiteConnection) -> None:
        """Put a connection back for the next, or leave the library to close it when there are enough."""
        with self._put_condition:
            plain = conn.is_writer is None and not (self._closed or self._is_pool_full or conn.closed)
            if not plain or self._in_use.pop(id(conn), None) is None:
                super().put_connection(conn)
                return
            conn.in_use.release()  # first: cut short between the two, it is lost, and not waited for
            self._pool.append(conn)
            self._put_condition.notify()

    def close(self) -> None:
        """Wait for the connections in use, then close them all; in a forked child, leave the parent's alone."""
        if os.getpid() != self._opened_by:
            return
        with self._put_condition:
            self._put_condition.wait_for(lambda: not self._in_use, timeout=self.patience)
        super().close()


class Session:
    """One use of the database, in a ``with``; a class, since generators would add 3 µs to a command."""

    __slots__ = ("_begin", "_connection", "_cursor", "_has_turn", "_patience", "_pool", "_turn")

    def __init__(self, datastore: Datastore, *, write: bool, transaction: bool) -> None:
        self._connection: SQLiteConnection | None = None
        self._has_turn = False
        self._pool = datastore.pool
        self._turn = datastore.turn(write=write)
        self._patience = datastore.patience
        self._begin = ("BEGIN IMMEDIATE" if write else "BEGIN") if transaction else ""

    def __enter__(self) -> sqlite3.Cursor:
        """Take a turn, if one is needed, and a connection."""
        if self._turn is not None:
            self._has_turn = self._turn.acquire(timeout=self._patience)
            if not self._has_turn:
                raise ConnectionUnavailableError
        try:
            self._connection = self._pool.get_connection()
            self._cursor = self._connection.cursor().sqlite_cursor
            if self._begin:
                self._cursor.execute(self._begin)
        except BaseException:
            self._give_back()
            raise
        return self._cursor

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Commit what is open, or roll it back on an error, and give everything back."""
        try:
            database = self._cursor.connection
            if database.in_transaction:
                try:
                    if kind is None:
                        database.commit()
                finally:
                    if database.in_transaction:
                        database.rollback()
            elif kind is None and self._begin:
                raise sqlite3.OperationalError(ENDED)  # what was done in it may not be there
            self._cursor.close()
        finally:
            self._give_back()

    def __del__(self) -> None:
        """End what an exception out of a signal handler (a time limit) cut short before it could end itself."""
        if self._connection is not None or self._has_turn:
            with suppress(Exception):
                if self._connection is not None:
                    self._connection.rollback()
            self._give_back()

    def _give_back(self) -> None:
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                self._pool.put_connection(connection)
        finally:
            if self._has_turn and self._turn is not None:
                self._has_turn = False
                self._turn.release()


class Datastore(SQLiteDatastore):
    """Sessions on the database: one writer at a time in this process, and no transaction that upgrades itself."""

    def __init__(self, uri: str, *, memory: bool, synchronous: Synchronous, lock_timeout: float) -> None:
        super().__init__(uri)
        self.pool = Pool(uri, synchronous=synchronous, lock_timeout=lock_timeout)
        self.patience = lock_timeout
        self._alone = memory
        self._turn = Lock()

    def session(self, *, write: bool = False, transaction: bool = False) -> Session:
        """A cursor on a connection of its own; what is left open at the end is committed, or rolled back on an error.

        Writers wait for their turn here and not in the library's pool, where a waiting writer stalls the readers
        behind it. In memory readers wait too: beside a writer, SQLite refuses them at once, whatever the timeout.
        A writing transaction is IMMEDIATE: one that reads first and then writes fails beside another writer.
        """
        return Session(self, write=write, transaction=transaction)

    def turn(self, *, write: bool) -> Lock | None:
        """What a session holds while it lasts."""
        return self._turn if write or self._alone else None

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """The library's door to the same sessions: its recorder's own methods come through here."""
        with self.session(write=commit, transaction=True) as cursor:
            cursor.row_factory = sqlite3.Row  # it reads columns by their names
            yield SQLiteCursor(cursor)


class Recorder(SQLiteApplicationRecorder):
    """The library's recorder over a table whose positions are declared: no VACUUM renumbers them, none is used twice.

    Everything the library's recorder can do still works, so its tools can read our stores.
    """

    def __init__(self, datastore: Datastore) -> None:
        super().__init__(datastore)
        self.insert_events_statement = (
            "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)"
        )

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The log as the library reads it; its own statement expects a column called `rowid`."""
        after = (start or 0) - (1 if inclusive_of_start and start is not None else 0)
        with self.datastore.transaction(commit=False) as cursor:
            rows = select_log(cursor.sqlite_cursor, after, limit, topics, stop=stop)
        return [
            Notification(
                id=row.position,
                originator_id=row.id,
                originator_version=row.version,
                topic=row.topic,
                state=row.state,
            )
            for row in rows
        ]


ID_READS: Final = (
    "typeof({0}) = 'text' AND length({0}) = 32 AND length(CAST({0} AS BLOB)) = 32 AND {0} NOT GLOB '*[^0-9a-f]*'"
)
"""Whether a column holds an id as we spell them: a text ends at its first NUL but for `CAST`; `GLOB` takes blobs."""

READABLE: Final = f"{ID_READS.format('originator_id')} AND typeof(originator_version) = 'integer'"
"""Leaves out rows whose id or version is damaged: the store's check names them, the others stay readable."""

SELECT_EVENTS: Final = (
    f"SELECT position, originator_id, originator_version, topic, state FROM stored_events WHERE {READABLE}"  # noqa: S608
)


def select_log(
    cursor: sqlite3.Cursor, after: int, limit: int, topics: Sequence[str] = (), *, stop: int | None = None
) -> list[Row]:
    """The next events after a position, up to `stop`, of these topics."""
    statement, parameters = f"{SELECT_EVENTS} AND position > ?", [after]
    if stop is not None:
        statement += " AND position <= ?"
        parameters.append(stop)
    return _rows(cursor, statement, parameters, topics, "position", limit)


def select_streams(
    cursor: sqlite3.Cursor, after: tuple[UUID, int] | None, upto: int, limit: int, topics: Sequence[str] = ()
) -> list[Row]:
    """The next events by aggregate and version, after those of an aggregate up to a version."""
    one, version = (after[0].hex, after[1]) if after else ("", 0)
    statement = f"{SELECT_EVENTS} AND (originator_id, originator_version) > (?, ?) AND position <= ?"
    return _rows(cursor, statement, [one, version, upto], topics, "originator_id, originator_version", limit)


def _rows(
    cursor: sqlite3.Cursor,
    statement: str,
    parameters: Sequence[int | str],
    topics: Sequence[str],
    order: str,
    limit: int,
) -> list[Row]:
    if topics:
        statement += f" AND topic IN ({marks(topics)})"
    cursor.execute(f"{statement} ORDER BY {order} LIMIT ?", (*parameters, *topics, limit))
    ids: dict[str, UUID] = {}  # an aggregate's events stand close together: one UUID is made for all of them
    return [
        Row(position, ids.get(id_) or ids.setdefault(id_, UUID(id_)), version, topic, state)
        for position, id_, version, topic, state in cursor
    ]


def last_position(cursor: sqlite3.Cursor) -> int:
    """The position of the last event, 0 when there is none."""
    return cursor.execute("SELECT MAX(position) FROM stored_events").fetchone()[0] or 0


def marks(values: Sequence[object]) -> str:
    """As many question marks as there are values."""
    return ",".join("?" * len(values))
