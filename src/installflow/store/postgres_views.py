"""The views of a PostgreSQL store: rows kept beside their position, builds made beside the live one and swapped in."""

# ruff: noqa: D102 - the face these methods implement, `Store`, documents them
# ruff: noqa: S608 - statements are put together from literals alone: mypy holds them to LiteralString

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import TupleRow

from installflow.store.postgres_recorder import ROW, log_after, row_of
from installflow.store.store import (
    NOTHING_PARKED,
    Parked,
    ParkedAt,
    Store,
    VersionTaken,
    ViewDifference,
    ViewRow,
    ViewSnapshot,
    ViewState,
)

Write = Callable[[Cursor[TupleRow], int, Iterable[tuple[UUID, ViewRow]]], None]

ROWS_PER_TRANSACTION: Final = 5000
"""How many view rows are written or deleted in one transaction."""

VIEWS: Final[LiteralString] = """
SELECT v.view, v.generation, v.position, v.state = 'live',
    (SELECT count(row) FROM {s}.installflow_view_rows r WHERE r.generation = v.generation),
    (SELECT coalesce(sum(events), 0)::bigint FROM {s}.installflow_view_rows r WHERE r.generation = v.generation),
    (SELECT count(*) FROM {s}.installflow_view_parked p WHERE p.generation = v.generation)
FROM {s}.installflow_views v WHERE v.state <> 'dead' ORDER BY v.view, v.generation"""

LIVE: Final[LiteralString] = (
    "SELECT generation, position FROM {s}.installflow_views WHERE view = %b::text AND state = 'live'"
)

# One statement sees one instant by itself, in one round trip: the view, the next events, and the rows of the aggregates
# they touch, which are looked up by key however many rows the view has.
SNAPSHOT: Final[LiteralString] = (
    """
WITH live AS MATERIALIZED (
    SELECT coalesce(max(generation), 0) AS generation, coalesce(max(position), 0) AS position
    FROM {s}.installflow_views WHERE view = %b::text AND state = 'live'
), taken AS MATERIALIZED (
    SELECT """
    + ROW
    + """ FROM {s}.installflow_events
    WHERE notification_id > (SELECT position FROM live) AND (%b::text[] IS NULL OR topic = ANY(%b::text[]))
    ORDER BY notification_id LIMIT %b::bigint
)
SELECT 'live', generation, NULL::uuid, position, NULL::text, NULL::bytea FROM live
UNION ALL
SELECT 'last', coalesce(max(notification_id), 0), NULL, NULL, NULL, NULL FROM {s}.installflow_events
UNION ALL
SELECT 'event', notification_id, originator_id, originator_version, topic, state FROM taken
UNION ALL
SELECT 'row', NULL, id, events, NULL, row FROM {s}.installflow_view_rows
WHERE generation = (SELECT generation FROM live) AND id = ANY(ARRAY(SELECT DISTINCT originator_id FROM taken))
UNION ALL
SELECT 'parked', NULL, id, NULL, NULL, NULL FROM {s}.installflow_view_parked
WHERE generation = (SELECT generation FROM live) AND id = ANY(ARRAY(SELECT DISTINCT originator_id FROM taken))"""
)

# The live generation as a value of its own: the rows then come in the order of the key's index, without a sort.
OF_LIVE: Final[LiteralString] = (
    "generation = (SELECT generation FROM {s}.installflow_views WHERE view = %b::text AND state = 'live')"
)

ROWS: Final[LiteralString] = (
    "SELECT id, row FROM {s}.installflow_view_rows WHERE row IS NOT NULL AND " + OF_LIVE + " ORDER BY id"
)

ROWS_OF: Final[LiteralString] = (
    "SELECT id, row FROM {s}.installflow_view_rows WHERE row IS NOT NULL AND "
    + OF_LIVE
    + " AND id = ANY(%b::uuid[]) ORDER BY id"
)

PAGE: Final[LiteralString] = (
    "SELECT id, row, events FROM {s}.installflow_view_rows WHERE "
    + OF_LIVE
    + " AND (%b::uuid IS NULL OR id > %b::uuid) ORDER BY id LIMIT %b::bigint"
)

PARKED: Final[LiteralString] = (
    "SELECT id, position, reason, tries FROM {s}.installflow_view_parked WHERE " + OF_LIVE + " ORDER BY position, id"
)

LIVE_LOCKED: Final[LiteralString] = LIVE + " FOR UPDATE"

# Of two that begin a view at once, the second waits here for the first, and is told nothing.
FIRST_LIVE: Final[LiteralString] = """
INSERT INTO {s}.installflow_views (view, position, state) VALUES (%b::text, 0, 'live')
ON CONFLICT (view) WHERE state = 'live' DO NOTHING RETURNING generation"""

MOVE: Final[LiteralString] = "UPDATE {s}.installflow_views SET position = %b::bigint WHERE generation = %b::bigint"

# The whole of a plain step in one round trip: no row is written unless the view moved, and the move locks it.
MOVE_WITH_ROWS: Final[LiteralString] = """
WITH moved AS (
    UPDATE {s}.installflow_views SET position = %b::bigint
    WHERE view = %b::text AND state = 'live' AND position = %b::bigint
        AND (%b::bigint IS NULL OR generation = %b::bigint)
    RETURNING generation
), written AS (
    INSERT INTO {s}.installflow_view_rows (generation, id, row, events)
    SELECT moved.generation, given.id, given.row, given.events
    FROM moved, unnest(%b::uuid[], %b::bytea[], %b::bigint[]) AS given (id, row, events)
    ON CONFLICT (generation, id) DO UPDATE SET row = excluded.row, events = excluded.events
)
SELECT generation FROM moved"""

WRITE_ROWS: Final[LiteralString] = """
INSERT INTO {s}.installflow_view_rows (generation, id, row, events)
SELECT %b::bigint, given.id, given.row, given.events
FROM unnest(%b::uuid[], %b::bytea[], %b::bigint[]) AS given (id, row, events)
ON CONFLICT (generation, id) DO UPDATE SET row = excluded.row, events = excluded.events"""

COPY_ROWS: Final[LiteralString] = (
    "COPY {s}.installflow_view_rows (generation, id, row, events) FROM STDIN WITH (FORMAT BINARY)"
)

UNPARK: Final[LiteralString] = (
    "DELETE FROM {s}.installflow_view_parked WHERE generation = %b::bigint AND id = ANY(%b::uuid[])"
)

PARK: Final[LiteralString] = """
INSERT INTO {s}.installflow_view_parked AS kept (generation, id, position, reason, tries)
SELECT %b::bigint, given.id, given.position, given.reason, given.tries
FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bigint[]) AS given (id, position, reason, tries)
ON CONFLICT (generation, id) DO UPDATE
SET position = excluded.position, reason = excluded.reason, tries = kept.tries + excluded.tries"""

BEGIN_BUILD: Final[LiteralString] = (
    "INSERT INTO {s}.installflow_views (view, position, state) VALUES (%b::text, 0, 'building') RETURNING generation"
)

# Shared: several may write rows of one build at once, nobody ends it meanwhile.
BUILDING: Final[LiteralString] = (
    "SELECT 1 FROM {s}.installflow_views WHERE generation = %b::bigint AND state = 'building' FOR SHARE"
)

DIFFERENCES: Final[LiteralString] = (
    "SELECT id, l.row, l.events, b.row, b.events FROM (SELECT * FROM {s}.installflow_view_rows WHERE "
    + OF_LIVE
    + """) AS l
FULL JOIN (SELECT * FROM {s}.installflow_view_rows WHERE generation = %b::bigint) AS b USING (id)
WHERE l.row IS DISTINCT FROM b.row OR l.events IS DISTINCT FROM b.events ORDER BY id LIMIT %b::bigint"""
)

# What ends builds waits for those at work on any, and they for it: no order of row locks to get wrong.
LOCK_VIEWS: Final[LiteralString] = "LOCK TABLE {s}.installflow_views IN EXCLUSIVE MODE"

END_ALL: Final[LiteralString] = "UPDATE {s}.installflow_views SET state = 'dead' WHERE view = %b::text"

GO_LIVE: Final[LiteralString] = (
    "UPDATE {s}.installflow_views SET state = 'live', position = %b::bigint WHERE generation = %b::bigint"
)

ABANDON: Final[LiteralString] = (
    "UPDATE {s}.installflow_views SET state = 'dead' WHERE generation = %b::bigint AND state = 'building'"
)

# Locked, and passed over where locked: two that sweep at once do not take the other's rows for swept.
ONE_DEAD: Final[LiteralString] = (
    "SELECT generation FROM {s}.installflow_views WHERE state = 'dead' LIMIT 1 FOR UPDATE SKIP LOCKED"
)

SWEEP_ROWS: Final[LiteralString] = """
DELETE FROM {s}.installflow_view_rows WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM {s}.installflow_view_rows WHERE generation = %b::bigint LIMIT %b::bigint))"""

SWEEP_PARKED: Final[LiteralString] = "DELETE FROM {s}.installflow_view_parked WHERE generation = %b::bigint"

SWEEP_BUILD: Final[LiteralString] = "DELETE FROM {s}.installflow_views WHERE generation = %b::bigint"


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
        return [ViewState(*found) for found in self._select(VIEWS)]

    def view_position(self, view: str) -> int:
        found = self._select(LIVE, (view,))
        return found[0][1] if found else 0

    def view_snapshot(self, view: str, limit: int, topics: Sequence[str] = ()) -> ViewSnapshot:
        found: dict[str, list[Any]] = {kind: [] for kind in ("live", "last", "event", "row", "parked")}
        for kind, *columns in self._select(SNAPSHOT, (view, *log_after(0, topics, limit)[1:])):
            found[kind].append(columns)
        generation, _, position, *_ = found["live"][0]
        last = found["last"][0][0]
        events = sorted(row_of(columns) for columns in found["event"])
        rows = {id_: ViewRow(row, folded) for _, id_, folded, _, row in found["row"]}
        parked = {columns[1] for columns in found["parked"]}
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
        if (expected or generation) and not parked and not unparked:  # it has begun, and rows are all there is to write
            of_build = (position, view, expected, generation, generation)
            with self._session() as cursor:
                moved = cursor.execute(self._sql(MOVE_WITH_ROWS), (*of_build, *_columns(changed)), prepare=True)
                return moved.fetchone() is not None
        with self._transaction() as cursor:
            found = cursor.execute(self._sql(LIVE_LOCKED), (view,), prepare=True).fetchone()
            live, reached = found or (0, 0)
            if reached != expected or (generation is not None and generation != live):
                return False
            if not live:
                begun = cursor.execute(self._sql(FIRST_LIVE), (view,)).fetchone()
                if not begun:
                    return False
                live = begun[0]
            cursor.execute(self._sql(MOVE), (position, live), prepare=True)
            self._write_rows(cursor, live, changed.items())
            if unparked:
                cursor.execute(self._sql(UNPARK), (live, list(unparked)))
            self._park(cursor, live, parked)
        return True

    def view_rows(self, view: str, ids: Sequence[UUID] | None = None) -> list[tuple[UUID, bytes]]:
        return self._select(ROWS, (view,)) if ids is None else self._select(ROWS_OF, (view, list(ids)))

    def view_page(self, view: str, after: UUID | None, limit: int) -> list[tuple[UUID, ViewRow]]:
        return [(id_, ViewRow(row, events)) for id_, row, events in self._select(PAGE, (view, after, after, limit))]

    def view_parked(self, view: str) -> list[tuple[UUID, ParkedAt]]:
        return [(id_, ParkedAt(*parked)) for id_, *parked in self._select(PARKED, (view,))]

    def view_begin(self, view: str) -> int:
        with self._transaction() as cursor:
            cursor.execute(self._sql(BEGIN_BUILD), (view,))
            generation: int = (cursor.fetchone() or (0,))[0]
        return generation

    def view_build(self, generation: int, rows: Sequence[tuple[UUID, ViewRow]]) -> bool:
        try:
            return self._build(generation, rows, self._copy_rows)
        except VersionTaken:  # some were written before: they are written over
            return self._build(generation, rows, self._write_rows)

    def _build(self, generation: int, rows: Sequence[tuple[UUID, ViewRow]], write: Write) -> bool:
        with self._transaction() as cursor:
            if not self._is_building(cursor, generation):
                return False
            write(cursor, generation, rows)
        return True

    def view_differences(self, view: str, generation: int, limit: int) -> list[ViewDifference]:
        return [
            ViewDifference(
                id_,
                None if live_events is None else ViewRow(live_row, live_events),
                None if built_events is None else ViewRow(built_row, built_events),
            )
            for id_, live_row, live_events, built_row, built_events in self._select(
                DIFFERENCES, (view, generation, limit)
            )
        ]

    def view_swap(self, view: str, generation: int, position: int, parked: Parked = NOTHING_PARKED) -> bool:
        with self._transaction() as cursor:
            cursor.execute(self._sql(LOCK_VIEWS))
            if not self._is_building(cursor, generation):
                return False
            self._park(cursor, generation, parked)
            # The other builds under way end too: they began before this one was swapped in.
            cursor.execute(self._sql(END_ALL), (view,))
            cursor.execute(self._sql(GO_LIVE), (position, generation))
        self._sweep()
        return True

    def view_abandon(self, generation: int) -> None:
        with self._transaction() as cursor:
            cursor.execute(self._sql(ABANDON), (generation,))
        self._sweep()

    def view_drop(self, view: str) -> None:
        with self._transaction() as cursor:
            cursor.execute(self._sql(LOCK_VIEWS))
            cursor.execute(self._sql(END_ALL), (view,))
        self._sweep()

    def _is_building(self, cursor: Cursor[TupleRow], generation: int) -> bool:
        """Whether this build still counts: another that finished first, or a dropped view, has ended it."""
        return cursor.execute(self._sql(BUILDING), (generation,)).fetchone() is not None

    def _write_rows(self, cursor: Cursor[TupleRow], generation: int, rows: Iterable[tuple[UUID, ViewRow]]) -> None:
        # By key: a row given twice would be one too many for a single statement, and the last one counts.
        written = dict(rows)
        if written:
            cursor.execute(self._sql(WRITE_ROWS), (generation, *_columns(written)), prepare=True)

    def _copy_rows(self, cursor: Cursor[TupleRow], generation: int, rows: Iterable[tuple[UUID, ViewRow]]) -> None:
        """Write rows that are all new, in half the time; raises `VersionTaken` when one is not."""
        with cursor.copy(self._sql(COPY_ROWS)) as copy:
            copy.set_types(["int8", "uuid", "bytea", "int8"])
            for id_, (row, events) in rows:
                copy.write_row((generation, id_, row, events))

    def _park(self, cursor: Cursor[TupleRow], generation: int, parked: Parked) -> None:
        if parked:
            positions, reasons, tries = zip(*parked.values(), strict=True)
            columns = (list(parked), list(positions), list(reasons), list(tries))
            cursor.execute(self._sql(PARK), (generation, *columns))

    def _sweep(self) -> None:
        """Delete the builds nobody reads any more, a little at a time; whoever sweeps next ends what a crash left."""
        swept = False
        while not swept:
            with self._transaction() as cursor:
                swept = self._sweep_some(cursor)

    def _sweep_some(self, cursor: Cursor[TupleRow]) -> bool:
        """Delete some rows of one dead build; whether there was none left."""
        found = cursor.execute(self._sql(ONE_DEAD)).fetchone()
        if not found:
            return True
        (generation,) = found
        cursor.execute(self._sql(SWEEP_ROWS), (generation, ROWS_PER_TRANSACTION))
        if cursor.rowcount < ROWS_PER_TRANSACTION:
            cursor.execute(self._sql(SWEEP_PARKED), (generation,))
            cursor.execute(self._sql(SWEEP_BUILD), (generation,))
        return False


def _columns(rows: Mapping[UUID, ViewRow]) -> tuple[list[UUID], list[bytes | None], list[int]]:
    """Rows to write as three arrays."""
    return list(rows), [row for row, _ in rows.values()], [events for _, events in rows.values()]
