"""eventsourcing's SQLite recorder, pool and datastore, with our table, durability and locking."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
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

Synchronous = Literal["FULL", "NORMAL"]


class Pool(SQLiteConnectionPool):
    """Connections with our settings, which are not closed under whoever is using them."""

    def __init__(self, uri: str, *, synchronous: Synchronous, lock_timeout: int) -> None:
        super().__init__(db_name=uri, lock_timeout=lock_timeout, pool_timeout=max(lock_timeout, 1))
        self._synchronous = synchronous
        self._patience = lock_timeout
        self._opened_by = os.getpid()

    def _create_connection(self) -> SQLiteConnection:
        # Not the library's: it switches any file to WAL, ours or not, and keeps one compiled statement.
        connection = sqlite3.connect(
            self.db_name,
            uri=True,
            check_same_thread=False,
            isolation_level=None,
            cached_statements=STATEMENTS_KEPT,
            timeout=self._patience,
        )
        connection.row_factory = sqlite3.Row
        try:
            # Left alone, durability would depend on how SQLite was compiled.
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        except BaseException:
            connection.close()
            raise
        return SQLiteConnection(connection, max_age=None)

    def close(self) -> None:
        """Wait for the connections in use, then close them all; in a forked child, leave the parent's alone."""
        if os.getpid() != self._opened_by:
            return
        with self._put_condition:
            self._put_condition.wait_for(lambda: not self._in_use, timeout=self._patience)
        super().close()


class Datastore(SQLiteDatastore):
    """Sessions on the database: one writer at a time in this process, and no transaction that upgrades itself."""

    def __init__(self, uri: str, *, memory: bool, synchronous: Synchronous, lock_timeout: int) -> None:
        super().__init__(uri)
        self.pool = Pool(uri, synchronous=synchronous, lock_timeout=lock_timeout)
        self._patience = lock_timeout
        self._alone = memory
        self._turn = Lock()

    @contextmanager
    def session(self, *, write: bool = False, transaction: bool = False) -> Iterator[sqlite3.Cursor]:
        """A cursor on a connection of its own; what is left open at the end is committed, or rolled back on an error.

        Writers wait for their turn here and not in the library's pool, where a waiting writer stalls the readers
        behind it. In memory readers wait too: beside a writer, SQLite refuses them at once, whatever the timeout.
        A writing transaction is IMMEDIATE: one that reads first and then writes fails beside another writer.
        """
        takes_turn = write or self._alone
        if takes_turn and not self._turn.acquire(timeout=self._patience):
            raise ConnectionUnavailableError
        try:
            connection = self.pool.get_connection()
            try:
                with closing(connection.cursor().sqlite_cursor) as cursor:
                    database = cursor.connection
                    try:
                        if transaction:
                            cursor.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                        yield cursor
                        if database.in_transaction:
                            database.commit()
                    except BaseException:
                        if database.in_transaction:
                            database.rollback()
                        raise
            finally:
                self.pool.put_connection(connection)
        finally:
            if takes_turn:
                self._turn.release()

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """The library's door to the same sessions: its recorder's own methods come through here."""
        with self.session(write=commit, transaction=True) as cursor:
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


def select_log(
    cursor: sqlite3.Cursor, after: int, limit: int, topics: Sequence[str] = (), *, stop: int | None = None
) -> list[Row]:
    """The next events after a position, up to `stop`, of these topics."""
    statement = "SELECT position, originator_id, originator_version, topic, state FROM stored_events WHERE position > ?"
    parameters: list[int | str] = [after]
    if stop is not None:
        statement += " AND position <= ?"
        parameters.append(stop)
    if topics:
        statement += f" AND topic IN ({marks(topics)})"
        parameters.extend(topics)
    statement += " ORDER BY position LIMIT ?"
    parameters.append(limit)
    ids: dict[str, UUID] = {}  # an aggregate's events stand close together: one UUID is made for all of them
    return [
        Row(position, ids.get(id_) or ids.setdefault(id_, UUID(id_)), version, topic, state)
        for position, id_, version, topic, state in cursor.execute(statement, parameters)
    ]


def marks(values: Sequence[object]) -> str:
    """As many question marks as there are values."""
    return ",".join("?" * len(values))
