"""What a PostgreSQL schema must hold to be one of our stores, and how it is made: by ``init``, never on opening."""

from __future__ import annotations

import re
from typing import Final, LiteralString, NamedTuple

from psycopg import Cursor
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from installflow.store import postgres_faults as faults
from installflow.store.postgres_recorder import BEGIN, COMMIT, EVENTS_TABLE, bound
from installflow.store.store import COMMAND_LOST, COMMAND_UNREADABLE, VIEW_ASTRAY, Fault, format_of

APPLICATION: Final = "installflow"

FORMAT: Final = 2
"""The number of the tables' shape, one with SQLite's; PostgreSQL came with 2 and has no 1."""

LOCK: Final = 0x694E666C
"""The advisory lock under which the tables are made: one at a time on a database.

With the oid of its table of events it is the lock of a store's appends, 1766745708 in the functions below: the keys of
two numbers are others than those of one.
"""

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
    "CREATE UNIQUE INDEX installflow_events_notification_id_idx ON {s}.installflow_events (notification_id ASC)",
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
    "CREATE UNIQUE INDEX installflow_live_views ON {s}.installflow_views (view) WHERE state = 'live'",
    # `events` counts those folded into the row; a row with nothing to show yet is null, its count is kept. Rows are
    # written over and over: with room left on its page, the new one needs no entry in an index and no VACUUM.
    """
CREATE TABLE {s}.installflow_view_rows (
    generation bigint NOT NULL, id uuid NOT NULL, row bytea, events bigint NOT NULL, archived text,
    PRIMARY KEY (generation, id)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)""",
    # Everyday screens leave archived rows unread, however many there are, but for those found by a key of theirs.
    "CREATE INDEX installflow_everyday_rows ON {s}.installflow_view_rows (generation, id) WHERE archived IS NULL",
    r"""
CREATE INDEX installflow_archived_rows ON {s}.installflow_view_rows USING gin (string_to_array(archived, E'\n'))
WITH (fastupdate = off) WHERE archived IS NOT NULL""",
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

FUNCTIONS: Final = frozenset({"installflow_append", "installflow_append_one"})

TABLE_NAMES: Final = frozenset(
    {EVENTS_TABLE}
    | {f"installflow_{name}" for name in ("meta", "workflows", "commands", "views", "view_rows", "view_parked")}
)

HERE: Final = b"SELECT current_setting('search_path'), current_schema()"

COMMANDS_AMISS: Final[LiteralString] = r"""
SELECT id, reads FROM (
    SELECT id, events, events ~ '^\[(\["[0-9a-f]{{32}}", [0-9]{{1,18}}\](, )?)+\]$' AS reads
    FROM {s}.installflow_commands
) c WHERE NOT reads OR EXISTS (
    SELECT 1 FROM jsonb_array_elements(CASE WHEN reads THEN c.events ELSE '[]' END::jsonb) place
    WHERE NOT EXISTS (
        SELECT 1 FROM {s}.installflow_events
        WHERE originator_id = (place ->> 0)::uuid AND originator_version = (place ->> 1)::bigint
    )
) ORDER BY id"""

FOUND: Final = b"""
SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(%s)) AND relname = ANY(%s)"""

FOUND_FUNCTIONS: Final = b"""
SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace(quote_ident(%s)) AND proname = ANY(%s)"""

HAS_SCHEMA: Final = b"SELECT 1 FROM pg_namespace WHERE nspname = %s"

STAMP: Final[LiteralString] = "SELECT key, value FROM {s}.installflow_meta"

WRITE_STAMP: Final[LiteralString] = (
    "INSERT INTO {s}.installflow_meta (key, value) VALUES ('application', %s), ('format', %s)"
)

# md5 reads each state to its last byte, those kept apart from their row too: damage there is met here.
READ_ALL: Final[LiteralString] = "SELECT count(md5(state)) FROM {s}.installflow_events"

UNREADABLE: Final[LiteralString] = """
SELECT notification_id, originator_version < 1, topic IS NULL FROM {s}.installflow_events
WHERE originator_version < 1 OR topic IS NULL OR state IS NULL ORDER BY notification_id"""

NEXT_TAKEN: Final[LiteralString] = """
SELECT last.value FROM (SELECT max(notification_id) AS value FROM {s}.installflow_events) AS last,
    {s}.installflow_events_notification_id_seq AS sequence
WHERE last.value >= sequence.last_value + CASE WHEN sequence.is_called THEN 1 ELSE 0 END"""

VIEWS_ASTRAY: Final[LiteralString] = """
SELECT view, position FROM {s}.installflow_views WHERE state = 'live'
AND (position < 0 OR position > (SELECT coalesce(max(notification_id), 0) FROM {s}.installflow_events))"""

EMPTY: Final = ("store_not_initialised", "there is no store yet: make one with installflow db init")
FOREIGN: Final = ("store_foreign", "its tables are not those of an installflow store: give another database or schema")
NEWER: Final = ("store_newer", "it was written by a newer installflow: upgrade installflow to open it")
OLDER: Final = ("store_older", "an older installflow made it: bring it up to date with installflow db upgrade")
DAMAGED: Final = ("store_corrupt", "some of its tables are missing: restore the database from a backup")

STAMP_DAMAGED: Final = ("store_corrupt", "the number of its format cannot be read: restore the database from a backup")
ENCODING: Final = ("store_encoding", "its encoding is not UTF8: make another database, with ENCODING 'UTF8'")
SCHEMA_NAME: Final = ("store_schema", "no store lies in a schema with a % or $t$ in its name: give another schema")

FIRST_SCHEMA: Final = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,]*))')
"""The first name of a search path: in quotes, where a comma separates nothing and a quote is doubled, or bare."""


class Found(NamedTuple):
    """What a schema holds: nothing of ours (``format`` is ``None``), or a store of a format."""

    schema: str
    format: int | None


def schema_in_use(cursor: Cursor[TupleRow]) -> str:
    """The schema a store lies in: the first its connections look into.

    The first one named, there or not: the next ones may be somebody else's, who has a store there too.
    """
    path, current = cursor.execute(HERE).fetchone() or ("", None)
    quoted, bare = FIRST_SCHEMA.match(path).groups("")  # type: ignore[union-attr]  # it matches nothing too
    first = quoted.replace('""', '"') or bare.strip().lower()
    return str(current or "public") if first in {"", "$user"} else first


def look(where: str, cursor: Cursor[TupleRow]) -> Found:
    """What lies in the schema in use; a refusal for tables that are not a store, or not a whole one."""
    if (cursor.connection.info.parameter_status("server_encoding") or "UTF8") != "UTF8":
        raise faults.unavailable(where, ENCODING)
    schema = schema_in_use(cursor)
    if "%" in schema or "$t$" in schema:
        raise faults.unavailable(where, SCHEMA_NAME)
    found = {name for (name,) in cursor.execute(FOUND, (schema, sorted(TABLE_NAMES)))}
    if not found:
        return Found(schema, None)
    if "installflow_meta" not in found:
        raise faults.unavailable(where, FOREIGN)
    stamp: dict[str, str] = dict(cursor.execute(bound(schema, STAMP)).fetchall())
    if stamp.get("application") != APPLICATION:
        raise faults.unavailable(where, FOREIGN)
    made = format_of(stamp.get("format"))
    if made is None:
        raise faults.unavailable(where, STAMP_DAMAGED)
    functions = {name for (name,) in cursor.execute(FOUND_FUNCTIONS, (schema, sorted(FUNCTIONS)))}
    if made <= FORMAT and (TABLE_NAMES - found or FUNCTIONS - functions):
        raise faults.unavailable(where, DAMAGED)
    return Found(schema, made)


def refuse_unusable(where: str, found: Found) -> str:
    """The schema of a store that can be used as it is; a refusal that says what to do for any other."""
    if found.format is None:
        raise faults.unavailable(where, EMPTY)
    if found.format != FORMAT:
        raise faults.unavailable(where, NEWER if found.format > FORMAT else OLDER)
    return found.schema


def init(where: str, cursor: Cursor[TupleRow]) -> bool:
    """Make the tables in one transaction, whoever else is at it; whether they were made now."""
    cursor.execute(BEGIN)
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    found = look(where, cursor)
    if found.format is None:
        if not cursor.execute(HAS_SCHEMA, (found.schema,)).fetchone():  # asked first: to make one takes more rights
            cursor.execute(SQL("CREATE SCHEMA {}").format(Identifier(found.schema)))
        for statement in (*EVENTS, *TABLES, APPEND, APPEND_ONE, NOT_FOR_ALL):
            cursor.execute(bound(found.schema, statement), prepare=False)
        cursor.execute(bound(found.schema, WRITE_STAMP), (APPLICATION, str(FORMAT)))
    else:
        refuse_unusable(where, found)
    cursor.execute(COMMIT)
    return found.format is None


def upgrade(where: str, cursor: Cursor[TupleRow]) -> tuple[int, int]:
    """Bring the tables of an older store to today's format; answers the formats before and after.

    PostgreSQL stores began with today's: there is none to bring up yet.
    """
    found = look(where, cursor)
    refuse_unusable(where, found)
    return FORMAT, FORMAT


def faults_in(cursor: Cursor[TupleRow], schema: str) -> list[Fault]:
    """The events nobody can read, and positions that would be given twice; damaged pages are the server's error."""
    cursor.execute(bound(schema, READ_ALL))
    found = []
    for position, version_damaged, topic_missing in cursor.execute(bound(schema, UNREADABLE)).fetchall():
        what = "version" if version_damaged else "topic" if topic_missing else "state"
        found.append(Fault(f"event_{what}", f"position {position}", f"its {what} is damaged"))
    taken = cursor.execute(bound(schema, NEXT_TAKEN)).fetchone()
    if taken:
        sentence = f"the sequence of positions is behind the last event ({taken[0]}): {faults.SET_POSITIONS}"
        found.append(Fault("positions_behind", "installflow_events_notification_id_seq", sentence))
    for id_, reads in cursor.execute(bound(schema, COMMANDS_AMISS)).fetchall():
        code, sentence = COMMAND_LOST if reads else COMMAND_UNREADABLE
        found.append(Fault(code, str(id_), sentence))
    code, sentence = VIEW_ASTRAY
    for view, position in cursor.execute(bound(schema, VIEWS_ASTRAY)).fetchall():
        found.append(Fault(code, f"{view}: {position}", sentence))
    return found
