"""The statements of a PostgreSQL store on its views, ``{s}`` standing for its schema."""

# ruff: noqa: S608 - statements are put together from literals alone: mypy holds them to LiteralString

from __future__ import annotations

from typing import Final, LiteralString

from installflow.store.postgres_recorder import ROW

VIEWS: Final[LiteralString] = """
SELECT v.view, v.generation, v.position, v.state = 'live',
    (SELECT count(row) FROM {s}.installflow_view_rows r WHERE r.generation = v.generation),
    (SELECT coalesce(sum(events), 0)::bigint FROM {s}.installflow_view_rows r WHERE r.generation = v.generation),
    (SELECT count(*) FROM {s}.installflow_view_parked p WHERE p.generation = v.generation)
FROM {s}.installflow_views v WHERE v.state <> 'dead' ORDER BY v.view, v.generation"""

NAMES: Final[LiteralString] = (
    "SELECT DISTINCT view FROM {s}.installflow_views WHERE state <> 'dead' ORDER BY view"  # in the order of the bytes
)

STAND: Final[LiteralString] = "SELECT generation, revision, position FROM {s}.installflow_views WHERE "

OF_VIEW: Final[LiteralString] = "view = %b::text AND state = 'live'"

OF_BUILD: Final[LiteralString] = "generation = %b::bigint AND state = 'building'"

LIVE: Final[LiteralString] = STAND + OF_VIEW

# One statement sees one instant by itself, in one round trip: the view, the next events, and the rows of the aggregates
# they touch, which are looked up by key however many rows the view has.
TAKEN: Final[LiteralString] = (
    """
), taken AS MATERIALIZED (
    SELECT """
    + ROW
    + """ FROM {s}.installflow_events
    WHERE notification_id > (SELECT position FROM stand) AND (%b::text[] IS NULL OR topic = ANY(%b::text[]))
    ORDER BY notification_id LIMIT %b::bigint
)
SELECT 'stand', generation, NULL::uuid, position, revision::text, NULL::bytea FROM stand
UNION ALL
SELECT 'last', coalesce(max(notification_id), 0), NULL, NULL, NULL, NULL FROM {s}.installflow_events
UNION ALL
SELECT 'event', notification_id, originator_id, originator_version, topic, state FROM taken
UNION ALL
SELECT 'row', NULL, id, events, archived, row FROM {s}.installflow_view_rows
WHERE generation = (SELECT generation FROM stand) AND id = ANY(ARRAY(SELECT DISTINCT originator_id FROM taken))
UNION ALL
SELECT 'parked', NULL, id, NULL, NULL, NULL FROM {s}.installflow_view_parked
WHERE generation = (SELECT generation FROM stand) AND id = ANY(ARRAY(SELECT DISTINCT originator_id FROM taken))"""
)

AS_IT_STANDS: Final[LiteralString] = """
WITH stand AS MATERIALIZED (
    SELECT coalesce(max(generation), 0) AS generation, coalesce(max(revision), 0) AS revision,
        coalesce(max(position), 0) AS position
    FROM {s}.installflow_views WHERE """

SNAPSHOT: Final[LiteralString] = AS_IT_STANDS + OF_VIEW + TAKEN

BUILD_SNAPSHOT: Final[LiteralString] = AS_IT_STANDS + OF_BUILD + TAKEN

# The live generation as a value of its own: the rows then come in the order of the key's index, without a sort.
OF_LIVE: Final[LiteralString] = (
    "generation = (SELECT generation FROM {s}.installflow_views WHERE view = %b::text AND state = 'live')"
)

# A last row without an id, as of the same instant as the others: the view has come so far, and not beyond the log.
COME_SO_FAR: Final[LiteralString] = (
    " UNION ALL SELECT NULL, NULL, NULL FROM {s}.installflow_views,"
    " (SELECT %b::text AS view, %b::bigint AS position) AS asked"
    " WHERE installflow_views.view = asked.view AND state = 'live' AND installflow_views.position >= asked.position"
    " AND (installflow_views.position = asked.position"
    " OR installflow_views.position <= (SELECT max(notification_id) FROM {s}.installflow_events))"
)

IN_ORDER: Final[LiteralString] = " ORDER BY 1"

SHOWN: Final[LiteralString] = "SELECT id, row, false FROM {s}.installflow_view_rows WHERE row IS NOT NULL AND "

ROWS: Final[LiteralString] = SHOWN + OF_LIVE + COME_SO_FAR + IN_ORDER

ROWS_OF: Final[LiteralString] = SHOWN + OF_LIVE + " AND id = ANY(%b::uuid[])" + COME_SO_FAR + IN_ORDER

# Added to, the generation is looked up in no index: without statistics yet, the whole build would seem the shorter way.
# The keys are asked as a query: seeing a thousand of them, the planner takes every row for found and reads them all.
WITH_KEYS: Final[LiteralString] = (
    r"""
SELECT id, row, true FROM {s}.installflow_view_rows
WHERE row IS NOT NULL AND archived IS NOT NULL AND string_to_array(archived, E'\n') && (SELECT %b::text[]) AND 0 + """
    + OF_LIVE
)

ARCHIVED: Final[LiteralString] = WITH_KEYS + COME_SO_FAR + IN_ORDER

EVERYDAY: Final[LiteralString] = (
    SHOWN + "archived IS NULL AND " + OF_LIVE + " UNION ALL " + WITH_KEYS + COME_SO_FAR + IN_ORDER
)

AFTER: Final[LiteralString] = " AND (%b::uuid IS NULL OR id > %b::uuid)"

PAGE: Final[LiteralString] = (
    "SELECT id, row, events, archived FROM {s}.installflow_view_rows WHERE "
    + OF_LIVE
    + AFTER
    + " ORDER BY id LIMIT %b::bigint"
)

PARKED: Final[LiteralString] = (
    "SELECT id, position, reason, tries FROM {s}.installflow_view_parked WHERE " + OF_LIVE + " ORDER BY position, id"
)

LIVE_LOCKED: Final[LiteralString] = LIVE + " FOR UPDATE"

BUILD_LOCKED: Final[LiteralString] = STAND + OF_BUILD + " FOR UPDATE"

# Of two that begin a view at once, the second waits here for the first, and is told nothing.
FIRST_LIVE: Final[LiteralString] = """
INSERT INTO {s}.installflow_views (view, state) VALUES (%b::text, 'live')
ON CONFLICT (view) WHERE state = 'live' DO NOTHING RETURNING generation"""

MOVE: Final[LiteralString] = """
UPDATE {s}.installflow_views SET position = %b::bigint, revision = revision + 1, beat = clock_timestamp()
WHERE generation = %b::bigint"""

# The whole of a plain step in one round trip: no row is written unless the view moved, and the move locks it.
MOVE_WITH_ROWS: Final[LiteralString] = """
WITH moved AS (
    UPDATE {s}.installflow_views SET position = %b::bigint, revision = revision + 1, beat = clock_timestamp()
    WHERE view = %b::text AND position = %b::bigint AND CASE WHEN %b::bigint IS NULL THEN state = 'live'
        ELSE (generation, revision) = (%b::bigint, %b::bigint) AND state <> 'dead' END
    RETURNING generation
), written AS (
    INSERT INTO {s}.installflow_view_rows (generation, id, row, events, archived)
    SELECT moved.generation, given.id, given.row, given.events, given.archived
    FROM moved, unnest(%b::uuid[], %b::bytea[], %b::bigint[], %b::text[]) AS given (id, row, events, archived)
    ON CONFLICT (generation, id) DO UPDATE
    SET row = excluded.row, events = excluded.events, archived = excluded.archived
)
SELECT generation FROM moved"""

WRITE_ROWS: Final[LiteralString] = """
INSERT INTO {s}.installflow_view_rows (generation, id, row, events, archived)
SELECT %b::bigint, given.id, given.row, given.events, given.archived
FROM unnest(%b::uuid[], %b::bytea[], %b::bigint[], %b::text[]) AS given (id, row, events, archived)
ON CONFLICT (generation, id) DO UPDATE
SET row = excluded.row, events = excluded.events, archived = excluded.archived"""

COPY_ROWS: Final[LiteralString] = (
    "COPY {s}.installflow_view_rows (generation, id, row, events, archived) FROM STDIN WITH (FORMAT BINARY)"
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
    "INSERT INTO {s}.installflow_views (view, state) VALUES (%b::text, 'building') RETURNING generation"
)

# A beat of the time to come is a clock that was put back: it says nothing for longer than the lease.
UNDER_WAY: Final[LiteralString] = """
SELECT 1 FROM {s}.installflow_views WHERE view = %b::text AND state = 'building'
    AND abs(extract(epoch FROM clock_timestamp() - beat)) < %b::float8"""

# The lock it takes keeps others from ending the build meanwhile.
BEAT: Final[LiteralString] = "UPDATE {s}.installflow_views SET beat = clock_timestamp() WHERE " + OF_BUILD

DIFFERENCES: Final[LiteralString] = (
    "SELECT id, l.row, l.events, l.archived, b.row, b.events, b.archived"
    " FROM (SELECT * FROM {s}.installflow_view_rows WHERE "
    + OF_LIVE
    + AFTER
    + ") AS l FULL JOIN (SELECT * FROM {s}.installflow_view_rows WHERE generation = %b::bigint"
    + AFTER
    + """) AS b USING (id)
WHERE (l.row, l.events, l.archived) IS DISTINCT FROM (b.row, b.events, b.archived) ORDER BY id LIMIT %b::bigint"""
)

# What ends builds waits for those at work on any, and they for it: no order of row locks to get wrong.
LOCK_VIEWS: Final[LiteralString] = "LOCK TABLE {s}.installflow_views IN EXCLUSIVE MODE"

END_ALL: Final[LiteralString] = "UPDATE {s}.installflow_views SET state = 'dead' WHERE view = %b::text"

GO_LIVE: Final[LiteralString] = "UPDATE {s}.installflow_views SET state = 'live' WHERE generation = %b::bigint"

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
