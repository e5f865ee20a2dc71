"""Bare connections to tables of events: the raw limits, and how stores are filled."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeAlias

from benchmarks.filling import NewRow
from installflow.store.sqlite_schema import EVENTS_TABLE

Synchronous = Literal["FULL", "NORMAL"]
Stored: TypeAlias = tuple[Any, int, str, bytes]
"""A row as the driver reads it."""

BATCH = 200_000
"""Rows of a commit while a store is filled: fewer commits, and the index's pages are written fewer times."""

READ = 10_000
"""Rows a server sends at a time."""

COLUMNS = "originator_id, originator_version, topic, state"
SQLITE_INSERT = f"INSERT INTO stored_events ({COLUMNS}) VALUES (?, ?, ?, ?)"
LIVE_ROWS = "SELECT id, row FROM {0}view_rows JOIN {0}views USING (generation) WHERE view = {1} AND state = 'live'"
POSTGRES_TABLE = """
CREATE TABLE events (
    originator_id uuid NOT NULL, originator_version bigint NOT NULL, topic text, state bytea,
    notification_id bigserial, PRIMARY KEY (originator_id, originator_version));
CREATE UNIQUE INDEX ON events (notification_id)"""


class Bare(ABC):
    """A connection of one's own to a table of events."""

    @abstractmethod
    def insert(self, row: NewRow) -> None:
        """One event in one commit."""

    @abstractmethod
    def insert_many(self, rows: Sequence[Stored]) -> None:
        """Several events in one commit."""

    @abstractmethod
    def write(self, rows: Iterator[NewRow]) -> None:
        """Many events, quickly, whatever a power cut may do to them."""

    @abstractmethod
    def events(self) -> Iterator[Stored]:
        """Every row in the log's order."""

    @abstractmethod
    def view_rows(self, view: str) -> Iterator[bytes]:
        """The rows of a live view, as the store keeps them."""

    @abstractmethod
    def close(self) -> None:
        """Let go."""

    def states(self) -> Iterator[bytes]:
        """The states of every row."""
        return (state for _, _, _, state in self.events())


class SQLiteBare(Bare):
    """The table of a file: our own, or plain `eventsourcing`'s; a ``new`` one has our shape."""

    def __init__(self, path: Path, synchronous: Synchronous, *, new: bool) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=64)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(f"PRAGMA synchronous = {synchronous}")
        if new:
            self._connection.execute(EVENTS_TABLE)

    def insert(self, row: NewRow) -> None:
        """See `Bare`."""
        one, version, topic, state = row
        self._connection.execute(SQLITE_INSERT, (one.hex, version, topic, state))

    def insert_many(self, rows: Sequence[Stored]) -> None:
        """See `Bare`."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(SQLITE_INSERT, rows)
        self._connection.execute("COMMIT")

    def write(self, rows: Iterator[NewRow]) -> None:
        """See `Bare`."""
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA cache_size = -1000000")
        encoded = ((one.hex, version, topic, state) for one, version, topic, state in rows)
        while batch := list(islice(encoded, BATCH)):
            self.insert_many(batch)
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def events(self) -> Iterator[Stored]:
        """See `Bare`; the implicit row id is the position, in our table too."""
        return self._connection.execute(f"SELECT {COLUMNS} FROM stored_events ORDER BY rowid")

    def view_rows(self, view: str) -> Iterator[bytes]:
        """See `Bare`."""
        return (row for _, row in self._connection.execute(LIVE_ROWS.format("", "?"), (view,)))

    def close(self) -> None:
        """See `Bare`."""
        self._connection.close()


class PostgresBare(Bare):
    """The table of a schema."""

    def __init__(self, url: str, table: str, *, new: bool) -> None:
        self._connection = connected(url)
        self._table = table
        self._insert = f"INSERT INTO {table} ({COLUMNS}) VALUES (%s, %s, %s, %s)"
        if new:
            self._connection.execute(POSTGRES_TABLE)

    def insert(self, row: NewRow) -> None:
        """See `Bare`."""
        self._connection.execute(self._insert, row, prepare=True)

    def insert_many(self, rows: Sequence[Stored]) -> None:
        """See `Bare`."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(self._insert, rows)

    def write(self, rows: Iterator[NewRow]) -> None:
        """See `Bare`."""
        statement = f"COPY {self._table} ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(["uuid", "int8", "text", "bytea"])
            for row in rows:
                copy.write_row(row)
        self._connection.execute(f"VACUUM ANALYZE {self._table}")

    def events(self) -> Iterator[Stored]:
        """See `Bare`."""
        with self._connection.transaction(), self._connection.cursor(name="events", binary=True) as cursor:
            cursor.itersize = READ
            yield from cursor.execute(f"SELECT {COLUMNS} FROM {self._table} ORDER BY notification_id")

    def view_rows(self, view: str) -> Iterator[bytes]:
        """See `Bare`."""
        return (
            row for _, row in self._connection.execute(LIVE_ROWS.format("installflow_", "%s"), (view,), binary=True)
        )

    def close(self) -> None:
        """See `Bare`."""
        self._connection.close()


def connected(url: str) -> Any:
    """A connection to PostgreSQL in autocommit."""
    import psycopg  # noqa: PLC0415  # an extra

    return psycopg.connect(url, autocommit=True)
