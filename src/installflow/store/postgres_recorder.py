"""eventsourcing's PostgreSQL datastore and recorder, with connections, timeouts and an append of our own."""

# ruff: noqa: S608 - statements are put together from literals alone: mypy holds them to LiteralString

from __future__ import annotations

import os
import select
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any, Final, Literal, LiteralString

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import Connection, Cursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, TupleRow, dict_row, tuple_row
from psycopg.sql import SQL, Identifier
from psycopg.sql import Literal as Literally
from psycopg_pool import PoolClosed, PoolTimeout

from installflow.store.store import NO_COMMANDS, NO_WORKFLOWS, NewRow, Row
from installflow.store.url import SECRETS

EVENTS_TABLE: Final = "installflow_events"
"""The library's name for the table of an application called installflow. For ever."""

MOST_CONNECTIONS: Final = 10
"""How many connections one store uses at once."""

MOST_WRITERS: Final = 5
"""How many of them may wait for the lock on the events: readers find the others free."""

IDLE_IN_TRANSACTION: Final = "60s"
"""A transaction of ours lasts milliseconds: one left open this long belongs to a process that stands still."""

CONNECTING: Final = {
    # A server that vanished without a word is noticed within half a minute, not hours.
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
    "fallback_application_name": "installflow",
    "client_encoding": "UTF8",
}

Synchronous = Literal["FULL", "NORMAL"]

SETTINGS: Final = b"""
SELECT set_config('lock_timeout', %s, false),
    set_config('idle_in_transaction_session_timeout', %s, false),
    set_config('default_transaction_isolation', 'read committed', false),
    set_config('synchronous_commit', CASE WHEN %s THEN 'off' WHEN now.value = 'off' THEN 'on' ELSE now.value END, false)
FROM (SELECT current_setting('synchronous_commit') AS value) AS now"""

# The functions write to a schema by its name: they are called as long as that name stands for the tables the store was
# opened on, and its functions were looked at. The server works the condition out once, until some name changes.
SAME_TABLES: Final[LiteralString] = " WHERE $t${s}.installflow_events$t$::regclass = {events}"

APPEND: Final[LiteralString] = (
    "SELECT {s}.installflow_append(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[],"
    " %b::text[], %b::text[], %b::text[], %b::text[])" + SAME_TABLES
)

APPEND_ONE: Final[LiteralString] = (
    "SELECT {s}.installflow_append_one(%b::uuid, %b::bigint, %b::text, %b::bytea, %b::text)" + SAME_TABLES
)

ROW: Final[LiteralString] = "notification_id, originator_id, originator_version, topic, state"

LOG: Final[LiteralString] = (
    "SELECT " + ROW + " FROM {s}.installflow_events WHERE notification_id > %b::bigint"
    " AND (%b::text[] IS NULL OR topic = ANY(%b::text[])) ORDER BY notification_id LIMIT %b::bigint"
)

LAST_POSITION: Final[LiteralString] = "SELECT coalesce(max(notification_id), 0) FROM {s}.installflow_events"

BEGIN: Final = b"BEGIN"
COMMIT: Final = b"COMMIT"


class TablesReplaced(psycopg.OperationalError):
    """The schema's name no longer stands for the tables the store was opened on; nothing was stored."""


def bound(schema: str, statement: LiteralString, **numbers: int) -> bytes:
    """A statement on the tables of a schema, written ``{s}`` in it, and numbers under names of their own."""
    literals = {name: Literally(number) for name, number in numbers.items()}
    return SQL(statement).format(s=Identifier(schema), **literals).as_bytes(None)


def row_of(found: TupleRow) -> Row:
    """An event selected as `ROW` says."""
    return Row(*found)


def log_after(after: int, topics: Sequence[str], limit: int) -> tuple[int, list[str] | None, list[str] | None, int]:
    """The parameters of `LOG`: the topics stand in it twice, none meaning all."""
    asked = list(topics) or None
    return after, asked, asked, limit


class Connections:
    """The connections of one store, lent out one at a time; it starts no thread and opens none before it is asked.

    Not psycopg_pool's pool, which connects in threads of its own: there a wrong password is a time-out
    without a reason, a server that came back is found after seconds of waiting, and a program that forgets
    to close has threads to end.
    """

    def __init__(self, conninfo: str, *, synchronous: Synchronous, lock_timeout: float) -> None:
        # In PostgreSQL a lock_timeout of 0 waits for ever, and libpq counts whole seconds from 2.
        self._settings = (f"{max(round(lock_timeout * 1000), 1)}ms", IDLE_IN_TRANSACTION, synchronous == "NORMAL")
        defaults = {**CONNECTING, "connect_timeout": str(max(round(lock_timeout), 2))}
        given = conninfo_to_dict(conninfo)
        self.secrets = {str(given[name]) for name in SECRETS if given.get(name)}
        missing = {name: value for name, value in defaults.items() if name not in given}
        self._conninfo = make_conninfo(conninfo, **missing)
        self._patience = max(lock_timeout, 1)
        self._opened_by = os.getpid()
        self._closed = False
        self._idle: deque[Connection[DictRow]] = deque()
        self._room = BoundedSemaphore(MOST_CONNECTIONS)
        self._writers = BoundedSemaphore(MOST_WRITERS)

    def take(self, *, appending: bool = False) -> Connection[DictRow]:
        """A connection that was alive a moment ago; ``give_back`` must follow."""
        if self._closed:
            raise PoolClosed
        self._come_in(appending=appending)
        try:
            while self._idle:
                try:
                    connection = self._idle.pop()
                except IndexError:  # another thread took the last one
                    break
                if _is_quiet(connection):
                    return connection
                connection.close()
            return self._connected()
        except BaseException:
            self._go_out(appending=appending)
            raise

    def give_back(self, connection: Connection[DictRow], *, appending: bool = False) -> None:
        """Take a connection back: rolled back when something was left open, closed when it cannot go on."""
        try:
            if connection.info.transaction_status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}:
                try:
                    connection.rollback()
                except psycopg.Error:
                    connection.close()
            if self._closed or connection.info.transaction_status != TransactionStatus.IDLE:
                connection.close()
            else:
                self._idle.append(connection)
        finally:
            self._go_out(appending=appending)

    def discard_idle(self) -> None:
        """Close the connections nobody uses: where one broke, the others broke too."""
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:
                return

    def close(self) -> None:
        """Close what is idle now, and the others when they come back; in a forked child, leave the parent's alone."""
        if os.getpid() == self._opened_by:
            self._closed = True
            self.discard_idle()

    def _come_in(self, *, appending: bool) -> None:
        if appending and not self._writers.acquire(timeout=self._patience):
            raise PoolTimeout
        if not self._room.acquire(timeout=self._patience):
            if appending:
                self._writers.release()
            raise PoolTimeout

    def _go_out(self, *, appending: bool) -> None:
        self._room.release()
        if appending:
            self._writers.release()

    def _connected(self) -> Connection[DictRow]:
        connection = Connection.connect(self._conninfo, autocommit=True, row_factory=dict_row, prepare_threshold=0)
        try:
            connection.execute(SETTINGS, self._settings, prepare=False)
        except BaseException:
            connection.close()
            raise
        return connection


def _is_quiet(connection: Connection[DictRow]) -> bool:
    """Whether an idle connection is still usable: one with something to read has been told good-bye."""
    if connection.closed:
        return False
    socket = connection.fileno()
    if sys.platform == "win32":
        return not select.select([socket], [], [], 0)[0]
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return not poll.poll(0)


class Datastore(PostgresDatastore):
    """The library's datastore over our connections."""

    def __init__(self, connections: Connections, schema: str) -> None:
        # The library's own pool is never opened, so what it would connect to does not matter.
        super().__init__(dbname="", host="", port="", user="", password="", schema=schema)
        self.connections = connections

    def register_type_adapters(self) -> None:
        """Nothing: our append takes arrays of plain types, and the library would ask the server."""

    @contextmanager
    def lent(self) -> Iterator[Connection[DictRow]]:
        """A connection in autocommit mode; an error passes as psycopg raised it."""
        connection = self.connections.take()
        try:
            yield connection
        finally:
            self.connections.give_back(connection)

    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        """The library's door to the same connections: its recorder's own methods come through here."""
        with self.lent() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections."""
        if hasattr(self, "connections"):  # the library closes what failed to be made too
            self.connections.close()


class Recorder(PostgresApplicationRecorder):
    """The library's recorder over its own table, with one round trip for an append and no second try.

    Everything the library's recorder can do still works, so its tools can read our stores.
    """

    def __init__(self, datastore: Datastore, events: int) -> None:
        super().__init__(datastore, events_table_name=EVENTS_TABLE)
        self._append = bound(datastore.schema, APPEND, events=events)
        self._append_one = bound(datastore.schema, APPEND_ONE, events=events)

    def append(
        self,
        cursor: Cursor[TupleRow],
        rows: Sequence[NewRow],
        commands: Mapping[str, str] = NO_COMMANDS,
        workflows: Mapping[str, str] = NO_WORKFLOWS,
    ) -> list[int]:
        """Record events and command ids, all or none, in the transaction of one statement.

        Documents are large and the store mostly has them, so digests go alone first. Where it misses one it has
        stored nothing and answers null, and only then the documents are sent: a second round trip once in their life.
        Raises `TablesReplaced`, with nothing stored, when the tables are others than those of the store.
        """
        if len(rows) == len(workflows) == 1 and not commands:
            position = self._only(cursor.execute(self._append_one, (*rows[0], *workflows), prepare=True))
            if position is not None:
                return [position]
        ids, versions, topics, states = (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 4
        given = (ids, versions, topics, states, list(commands), list(commands.values()), list(workflows))
        positions: list[int] | None = self._only(cursor.execute(self._append, (*given, []), prepare=True))
        if positions is None:
            documents = list(workflows.values())
            positions = self._only(cursor.execute(self._append, (*given, documents), prepare=True))
        return positions or []

    @staticmethod
    def _only(cursor: Cursor[TupleRow]) -> Any:
        """What a function answered; it was not called when there is no answer at all."""
        answer = cursor.fetchone()
        if answer is None:
            raise TablesReplaced("the name of its schema stands for other tables now")
        return answer[0]

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        """As the library's, without its ten tries: one whose acknowledgement was lost would find its own event."""
        rows = [(e.originator_id, e.originator_version, e.topic, e.state) for e in stored_events]
        with self.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            return self.append(cursor, rows)  # type: ignore[arg-type]  # the library's ids are UUID | str
