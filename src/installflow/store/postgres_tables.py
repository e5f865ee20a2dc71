"""The tables of a PostgreSQL store and the functions that append to them, as they are made in a schema."""

from __future__ import annotations

from typing import Final, LiteralString

from installflow.store.postgres_recorder import EVENTS_TABLE

POSITIONS: Final[LiteralString] = (
    "CREATE UNIQUE INDEX installflow_events_notification_id_idx ON {s}.installflow_events (notification_id ASC)"
)
LIVE_VIEWS: Final[LiteralString] = (
    "CREATE UNIQUE INDEX installflow_live_views ON {s}.installflow_views (view) WHERE state = 'live'"
)

# Everyday screens leave archived rows unread, however many there are, but for those found by a key of theirs.
EVERYDAY_ROWS: Final[LiteralString] = (
    "CREATE INDEX installflow_everyday_rows ON {s}.installflow_view_rows (generation, id) WHERE archived IS NULL"
)
ARCHIVED_ROWS: Final[LiteralString] = r"""
CREATE INDEX installflow_archived_rows ON {s}.installflow_view_rows USING gin (string_to_array(archived, E'\n'))
WITH (fastupdate = off) WHERE archived IS NOT NULL"""

EVENTS: Final[tuple[LiteralString, ...]] = (
    # To the letter the library's own, so that its tools read our stores, but for the last setting: rows that are never
    # changed are frozen by the first VACUUM that new ones bring about, and no later one has to read them all again.
    """
CREATE TABLE {s}.installflow_events (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text,
    state bytea,
    notification_id bigserial,
    PRIMARY KEY (originator_id, originator_version)
) WITH (
    autovacuum_enabled = true,
    autovacuum_vacuum_threshold = 100000000,
    autovacuum_vacuum_scale_factor = 0.5,
    autovacuum_analyze_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.01,
    autovacuum_freeze_min_age = 0
)""",
    POSITIONS,
)

TABLES: Final[tuple[LiteralString, ...]] = (
    """CREATE TABLE {s}.installflow_meta (key text COLLATE "C" PRIMARY KEY, value text NOT NULL)""",
    """CREATE TABLE {s}.installflow_workflows (digest text COLLATE "C" PRIMARY KEY, document text NOT NULL)""",
    # The commands whose id their caller chose, and what each recorded: ``[[aggregate id, version], …]``.
    """CREATE TABLE {s}.installflow_commands (id text COLLATE "C" PRIMARY KEY, events text NOT NULL)""",
    # Each build of a view is a generation; at most one of them is live, the one readers see. `revision` counts what was
    # written to it once it stood, `beat` is when its builder last did, by the database's clock.
    """
CREATE TABLE {s}.installflow_views (
    generation bigserial PRIMARY KEY,
    view text COLLATE "C" NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    revision bigint NOT NULL DEFAULT 0,
    state text NOT NULL CHECK (state IN ('building', 'live', 'dead')),
    beat timestamptz NOT NULL DEFAULT clock_timestamp()
)""",
    LIVE_VIEWS,
    # `events` counts those folded into the row; a row with nothing to show yet is null, its count is kept. Rows are
    # written over and over: with room left on its page, the new one needs no entry in an index and no VACUUM.
    """
CREATE TABLE {s}.installflow_view_rows (
    generation bigint NOT NULL, id uuid NOT NULL, row bytea, events bigint NOT NULL, archived text,
    PRIMARY KEY (generation, id)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)""",
    EVERYDAY_ROWS,
    ARCHIVED_ROWS,
    """
CREATE TABLE {s}.installflow_view_parked (
    generation bigint NOT NULL, id uuid NOT NULL, position bigint NOT NULL, reason text NOT NULL,
    tries bigint NOT NULL, PRIMARY KEY (generation, id)
)""",
)

# The lock makes the order of positions the order of commits: without it a reader could pass over a position whose
# transaction is still open. It is held until the commit. An advisory one: to lock the table so would keep VACUUM,
# ANALYZE and new indexes away, and them us. Not above the last one, a position would lie where readers have been.
# As their owner, so that whoever appends needs no right to write to the tables.
APPEND: Final[LiteralString] = """
CREATE FUNCTION {s}.installflow_append(
    ids uuid[], versions bigint[], topics text[], states bytea[],
    command_ids text[], command_events text[], digests text[], documents text[]
) RETURNS bigint[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last bigint;
    positions bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock(1766745708, $t${s}.installflow_events$t$::regclass::oid::int);
    IF cardinality(documents) > 0 THEN
        INSERT INTO {s}.installflow_workflows (digest, document)
        SELECT given.digest, given.document FROM unnest(digests, documents) AS given (digest, document)
        ON CONFLICT DO NOTHING;
    ELSIF EXISTS (SELECT FROM unnest(digests) AS given (digest)
        WHERE NOT EXISTS (SELECT FROM {s}.installflow_workflows AS kept WHERE kept.digest = given.digest))
    THEN
        RETURN NULL;
    END IF;
    WITH inserted AS (
        INSERT INTO {s}.installflow_events (originator_id, originator_version, topic, state)
        SELECT given.id, given.version, given.topic, given.state
        FROM unnest(ids, versions, topics, states) WITH ORDINALITY AS given (id, version, topic, state, place)
        ORDER BY given.place
        RETURNING notification_id
    )
    SELECT (SELECT max(before.notification_id) FROM {s}.installflow_events AS before),
        coalesce(array_agg(notification_id ORDER BY notification_id), ARRAY[]::bigint[])
    INTO last, positions FROM inserted;
    IF positions[1] <= last THEN
        RAISE EXCEPTION 'position % is not above the last one, %', positions[1], last USING ERRCODE = 'IF001';
    END IF;
    IF cardinality(command_ids) > 0 THEN
        INSERT INTO {s}.installflow_commands (id, events)
        SELECT given.id, given.events FROM unnest(command_ids, command_events) AS given (id, events);
    END IF;
    RETURN positions;
END
$$"""

# The same for the one event most commands record: without the arrays it takes two thirds of the time.
APPEND_ONE: Final[LiteralString] = """
CREATE FUNCTION {s}.installflow_append_one(
    event_id uuid, event_version bigint, event_topic text, event_state bytea, event_digest text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last bigint;
    inserted bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(1766745708, $t${s}.installflow_events$t$::regclass::oid::int);
    INSERT INTO {s}.installflow_events (originator_id, originator_version, topic, state)
    SELECT event_id, event_version, event_topic, event_state
    FROM {s}.installflow_workflows AS kept WHERE kept.digest = event_digest
    RETURNING notification_id, (SELECT max(before.notification_id) FROM {s}.installflow_events AS before)
    INTO inserted, last;
    IF inserted <= last THEN
        RAISE EXCEPTION 'position % is not above the last one, %', inserted, last USING ERRCODE = 'IF001';
    END IF;
    RETURN inserted;
END
$$"""

NOT_FOR_ALL: Final[LiteralString] = (
    "REVOKE EXECUTE ON FUNCTION {s}.installflow_append, {s}.installflow_append_one FROM PUBLIC"
)

TABLE_NAMES: Final = frozenset(
    {EVENTS_TABLE}
    | {f"installflow_{name}" for name in ("meta", "workflows", "commands", "views", "view_rows", "view_parked")}
)
