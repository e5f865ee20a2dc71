"""The store on PostgreSQL: one schema of a database."""

# ruff: noqa: D102 - the face these methods implement, `Store`, documents them
# ruff: noqa: S608 - statements are put together from literals alone: mypy holds them to LiteralString

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, LiteralString, TypeVar
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import TupleRow, tuple_row

from installflow.errors import StoreUnavailable
from installflow.store import postgres_faults as faults
from installflow.store import postgres_schema as schema
from installflow.store.postgres_recorder import (
    BEGIN,
    COMMIT,
    LAST_POSITION,
    LOG,
    ROW,
    Connections,
    Datastore,
    Recorder,
    Synchronous,
    TablesReplaced,
    bound,
    log_after,
    row_of,
)
from installflow.store.postgres_views import PostgresViews
from installflow.store.store import (
    CLOSED,
    EATEN,
    FORKED,
    NO_COMMANDS,
    NO_WORKFLOWS,
    UUID_LENGTH,
    Fault,
    NewRow,
    Row,
    VersionTaken,
    check_unit,
    id_beginning,
)

T = TypeVar("T")

LOAD: Final[LiteralString] = (
    "SELECT notification_id, originator_version, topic, state FROM {s}.installflow_events"
    " WHERE originator_id = %b::uuid AND originator_version > %b::bigint ORDER BY originator_version"
)

LOAD_MANY: Final[LiteralString] = (
    "SELECT " + ROW + " FROM {s}.installflow_events"
    " WHERE originator_id = ANY(%b::uuid[]) ORDER BY originator_id, originator_version"
)

STREAMS: Final[LiteralString] = (
    "SELECT " + ROW + " FROM {s}.installflow_events"
    " WHERE (originator_id, originator_version) > (%b::uuid, %b::bigint) AND notification_id <= %b::bigint"
    " AND (%b::text[] IS NULL OR topic = ANY(%b::text[]))"
    " ORDER BY originator_id, originator_version LIMIT %b::bigint"
)

IDS: Final[LiteralString] = (
    "SELECT originator_id FROM {s}.installflow_events"
    " WHERE originator_id BETWEEN %b::uuid AND %b::uuid AND originator_version = 1 AND starts_with(topic, %b::text)"
    " ORDER BY originator_id LIMIT %b::bigint"
)

COMMAND: Final[LiteralString] = "SELECT events FROM {s}.installflow_commands WHERE id = %b::text"

COMMANDS: Final[LiteralString] = "SELECT id, events FROM {s}.installflow_commands WHERE id = ANY(%b::text[])"

COMMAND_PAGE: Final[LiteralString] = (
    "SELECT id, events FROM {s}.installflow_commands WHERE id > %b::text ORDER BY id LIMIT %b::bigint"
)

WORKFLOW: Final[LiteralString] = "SELECT document FROM {s}.installflow_workflows WHERE digest = %b::text"

NO_UUID: Final = UUID(int=0)


class PostgresStore(PostgresViews):
    """A store in a PostgreSQL database; ``url`` is its address without the password."""

    def __init__(self, url: str, conninfo: str, *, synchronous: Synchronous, lock_timeout: float) -> None:
        self.url = url
        self._opened_by = os.getpid()
        self._closed = False
        self._bound: dict[str, bytes] = {}
        self._connections = Connections(conninfo, synchronous=synchronous, lock_timeout=lock_timeout)
        try:
            found = self._reading(self._look)
        except BaseException:
            self._connections.close()
            raise
        self._schema = found.schema
        self._datastore = Datastore(self._connections, self._schema)
        self._recorder = Recorder(self._datastore, found.events)

    @contextmanager
    def _session(self, *, appending: bool = False) -> Iterator[Cursor[TupleRow]]:
        """A cursor on a connection of its own, every statement a transaction."""
        if self._closed:
            raise faults.unavailable(self.url, CLOSED)
        if os.getpid() != self._opened_by:
            raise faults.unavailable(self.url, FORKED)
        with session(self.url, self._connections, appending=appending) as cursor:
            yield cursor

    @contextmanager
    def _transaction(self) -> Iterator[Cursor[TupleRow]]:
        with self._session() as cursor:
            cursor.execute(BEGIN, prepare=True)
            yield cursor
            cursor.execute(COMMIT, prepare=True)

    def _look(self, cursor: Cursor[TupleRow]) -> schema.Found:
        """What lies in the schema in use, when it is a store that can be used as it is."""
        found = schema.look(self.url, cursor)
        schema.refuse_unusable(self.url, found)
        return found

    def _reading(self, work: Callable[[Cursor[TupleRow]], T]) -> T:
        try:
            with self._session() as cursor:
                return work(cursor)
        except StoreUnavailable as error:
            if error.code != faults.LOST[0]:
                raise
        # Nothing was asked to change: on a new connection the answer is as good. An append is never done again.
        with self._session() as cursor:
            return work(cursor)

    def _sql(self, statement: LiteralString) -> bytes:
        found = self._bound.get(statement)
        if found is None:
            found = self._bound[statement] = bound(self._schema, statement)
        return found

    def _select(self, statement: LiteralString, parameters: Sequence[Any] = ()) -> list[Any]:
        query = self._sql(statement)
        return self._reading(lambda cursor: cursor.execute(query, parameters, prepare=True).fetchall())

    def append(
        self,
        rows: Sequence[NewRow],
        commands: Mapping[str, str] = NO_COMMANDS,
        workflows: Mapping[str, str] = NO_WORKFLOWS,
    ) -> Sequence[int]:
        check_unit(rows)
        if not rows and not commands:
            return []
        with self._session(appending=True) as cursor:
            try:
                positions = self._recorder.append(cursor, rows, commands, workflows)
            except TablesReplaced:
                # Made anew, restored or renamed while we were open: what was decided on the others is decided again.
                self._recorder = Recorder(self._datastore, self._look(cursor).events)
                raise VersionTaken from None
        if len(positions) != len(rows):
            raise faults.unavailable(self.url, EATEN)
        return positions

    def command(self, command_id: str) -> str | None:
        found = self._select(COMMAND, (command_id,))
        return found[0][0] if found else None

    def commands(self, ids: Sequence[str]) -> dict[str, str]:
        return dict(self._select(COMMANDS, (list(ids),)))

    def command_page(self, after: str, limit: int) -> list[tuple[str, str]]:
        return [(id_, events) for id_, events in self._select(COMMAND_PAGE, (after, limit))]

    def load(self, id: UUID, *, after: int = 0) -> list[Row]:  # noqa: A002 - as on the face
        return [
            Row(position, id, version, topic, state)
            for position, version, topic, state in self._select(LOAD, (id, after))
        ]

    def load_many(self, ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
        if len(ids) == 1:
            return {ids[0]: self.load(ids[0])}
        loaded: dict[UUID, list[Row]] = {id_: [] for id_ in ids}
        if loaded:
            for row in map(row_of, self._select(LOAD_MANY, (list(loaded),))):
                loaded[row.id].append(row)
        return loaded

    def log(self, after: int, limit: int, topics: Sequence[str] = ()) -> list[Row]:
        return list(map(row_of, self._select(LOG, log_after(after, topics, limit))))

    def streams(self, after: tuple[UUID, int] | None, upto: int, limit: int, topics: Sequence[str] = ()) -> list[Row]:
        start = after or (NO_UUID, -1)
        return list(map(row_of, self._select(STREAMS, (*start, *log_after(upto, topics, limit)))))

    def position(self) -> int:
        last: int = self._select(LAST_POSITION)[0][0]
        return last

    def ids(self, prefix: str, kind: str, limit: int = 20) -> list[UUID]:
        start = id_beginning(prefix)
        if start is None:
            return []
        first, last = UUID(start.ljust(UUID_LENGTH, "0")), UUID(start.ljust(UUID_LENGTH, "f"))
        return [id_ for (id_,) in self._select(IDS, (first, last, f"{kind}.", limit))]

    def workflow(self, digest: str) -> str | None:
        found = self._select(WORKFLOW, (digest,))
        return found[0][0] if found else None

    def check(self) -> list[Fault]:
        try:
            return self._reading(lambda cursor: schema.faults_in(cursor, self._schema))
        except StoreUnavailable as error:
            if error.code != faults.CORRUPT[0]:
                raise
            return [Fault(error.code, "the server's files", str(error.__cause__).partition("\n")[0])]

    def close(self) -> None:
        self._closed = True
        self._connections.close()


@contextmanager
def session(url: str, connections: Connections, *, appending: bool = False) -> Iterator[Cursor[TupleRow]]:
    """A cursor on a connection of its own; what the database raises comes out as our own errors."""
    try:
        connection = connections.take(appending=appending)
    except faults.DATABASE_ERRORS as error:
        raise faults.not_connected(url, error, connections.secrets) from error
    try:
        yield connection.cursor(row_factory=tuple_row, binary=True)
    except faults.DATABASE_ERRORS as error:
        if connection.closed:
            connections.discard_idle()
        raise faults.translated(url, error, broken=connection.closed) from error
    finally:
        connections.give_back(connection, appending=appending)


def init(url: str, conninfo: str, *, lock_timeout: float) -> bool:
    """Make the tables of a store; whether they were made now."""
    with _alone(url, conninfo, lock_timeout) as cursor:
        return schema.init(url, cursor)


def upgrade(url: str, conninfo: str, *, lock_timeout: float) -> tuple[int, int]:
    """Bring the tables of a store to today's format; the formats before and after."""
    with _alone(url, conninfo, lock_timeout) as cursor:
        return schema.upgrade(url, cursor)


@contextmanager
def _alone(url: str, conninfo: str, lock_timeout: float) -> Iterator[Cursor[TupleRow]]:
    connections = Connections(conninfo, synchronous="FULL", lock_timeout=lock_timeout)
    try:
        with session(url, connections) as cursor:
            yield cursor
    finally:
        connections.close()
