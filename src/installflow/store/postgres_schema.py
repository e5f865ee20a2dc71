"""What a PostgreSQL schema must hold to be one of our stores, and how it is made: by ``init``, never on opening."""

from __future__ import annotations

from typing import Final, LiteralString, NamedTuple

from psycopg import Cursor
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from installflow.store import postgres_faults as faults
from installflow.store.postgres_recorder import BEGIN, COMMIT, EVENTS_TABLE, bound
from installflow.store.store import COMMAND_LOST, COMMAND_UNREADABLE, Fault

APPLICATION: Final = "installflow"

FORMAT: Final = 2
"""The number of the tables' shape, one with SQLite's; PostgreSQL came with 2 and has no 1."""

LOCK: Final = 0x694E666C
"""The advisory lock under which the tables are made: one at a time on a database."""

EVENTS: Final[tuple[LiteralString, ...]] = (
    # To the letter the library's own: its tools read our stores.
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
    autovacuum_analyze_scale_factor = 0.01
)""",
    "CREATE UNIQUE INDEX installflow_events_notification_id_idx ON {s}.installflow_events (notification_id ASC)",
)

TABLES: Final[tuple[LiteralString, ...]] = (
    """CREATE TABLE {s}.installflow_meta (key text COLLATE "C" PRIMARY KEY, value text NOT NULL)""",
    """CREATE TABLE {s}.installflow_workflows (digest text COLLATE "C" PRIMARY KEY, document text NOT NULL)""",
    # The commands whose id their caller chose, and what each recorded: ``[[aggregate id, version], …]``.
    """CREATE TABLE {s}.installflow_commands (id text COLLATE "C" PRIMARY KEY, events text NOT NULL)""",
    # Each build of a view is a generation; at most one of them is live, the one readers see.
    """
CREATE TABLE {s}.installflow_views (
    generation bigserial PRIMARY KEY,
    view text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('building', 'live', 'dead'))
)""",
    "CREATE UNIQUE INDEX installflow_live_views ON {s}.installflow_views (view) WHERE state = 'live'",
    # `events` counts those folded into the row; a row with nothing to show yet is null, its count is kept.
    """
CREATE TABLE {s}.installflow_view_rows (
    generation bigint NOT NULL, id uuid NOT NULL, row bytea, events bigint NOT NULL, PRIMARY KEY (generation, id)
)""",
    """
CREATE TABLE {s}.installflow_view_parked (
    generation bigint NOT NULL, id uuid NOT NULL, position bigint NOT NULL, reason text NOT NULL,
    tries bigint NOT NULL, PRIMARY KEY (generation, id)
)""",
)

# The lock makes the order of positions the order of commits: without it a reader could pass over a position whose
# transaction is still open. It is held until the commit, and it blocks writers alone, never a reader.
APPEND: Final[LiteralString] = """
CREATE FUNCTION {s}.installflow_append(
    ids uuid[], versions bigint[], topics text[], states bytea[], command_ids text[], command_events text[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    positions bigint[];
BEGIN
    LOCK TABLE {s}.installflow_events IN EXCLUSIVE MODE;
    WITH inserted AS (
        INSERT INTO {s}.installflow_events (originator_id, originator_version, topic, state)
        SELECT given.id, given.version, given.topic, given.state
        FROM unnest(ids, versions, topics, states) WITH ORDINALITY AS given (id, version, topic, state, place)
        ORDER BY given.place
        RETURNING notification_id
    )
    SELECT array_agg(notification_id ORDER BY notification_id) INTO positions FROM inserted;
    IF cardinality(command_ids) > 0 THEN
        INSERT INTO {s}.installflow_commands (id, events)
        SELECT given.id, given.events FROM unnest(command_ids, command_events) AS given (id, events);
    END IF;
    NOTIFY installflow_events;
    RETURN positions;
END
$$"""

# The same for the one event most commands record: without the arrays it takes two thirds of the time.
APPEND_ONE: Final[LiteralString] = """
CREATE FUNCTION {s}.installflow_append_one(id uuid, version bigint, topic text, state bytea)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    inserted bigint;
BEGIN
    LOCK TABLE {s}.installflow_events IN EXCLUSIVE MODE;
    INSERT INTO {s}.installflow_events AS events (originator_id, originator_version, topic, state)
    VALUES (id, version, installflow_append_one.topic, installflow_append_one.state)
    RETURNING events.notification_id INTO inserted;
    NOTIFY installflow_events;
    RETURN inserted;
END
$$"""

FUNCTIONS: Final = frozenset({"installflow_append", "installflow_append_one"})

TABLE_NAMES: Final = frozenset(
    {EVENTS_TABLE}
    | {f"installflow_{name}" for name in ("meta", "workflows", "commands", "views", "view_rows", "view_parked")}
)

HERE: Final = b"SELECT current_setting('search_path'), current_schema()"

COMMANDS_AMISS: Final[LiteralString] = r"""
SELECT id, reads FROM (
    SELECT id, events, events ~ '^\[(\["[0-9a-f]{{32}}", [0-9]{{1,18}}\](, )?)*\]$' AS reads
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

EMPTY: Final = ("store_not_initialised", "there is no store yet: make one with installflow db init")
FOREIGN: Final = ("store_foreign", "its tables are not those of an installflow store: give another database or schema")
NEWER: Final = ("store_newer", "it was written by a newer installflow: upgrade installflow to open it")
OLDER: Final = ("store_older", "an older installflow made it: bring it up to date with installflow db upgrade")
DAMAGED: Final = ("store_corrupt", "some of its tables are missing: restore the database from a backup")


class Found(NamedTuple):
    """What a schema holds: nothing of ours (``format`` is ``None``), or a store of a format."""

    schema: str
    format: int | None


def schema_in_use(cursor: Cursor[TupleRow]) -> str:
    """The schema a store lies in: the first its connections look into.

    The first one named, there or not: the next ones may be somebody else's, who has a store there too.
    """
    path, current = cursor.execute(HERE).fetchone() or ("", None)
    first: str = path.partition(",")[0].strip()
    if first == '"$user"' or not first:
        return str(current or "public")
    return first[1:-1].replace('""', '"') if first.startswith('"') else first.lower()


def look(where: str, cursor: Cursor[TupleRow]) -> Found:
    """What lies in the schema in use; a refusal for tables that are not a store, or not a whole one."""
    schema = schema_in_use(cursor)
    found = {name for (name,) in cursor.execute(FOUND, (schema, sorted(TABLE_NAMES)))}
    if not found:
        return Found(schema, None)
    if "installflow_meta" not in found:
        raise faults.unavailable(where, FOREIGN)
    stamp: dict[str, str] = dict(cursor.execute(bound(schema, STAMP)).fetchall())
    if stamp.get("application") != APPLICATION or not stamp.get("format", "").isdecimal():
        raise faults.unavailable(where, FOREIGN)
    made = int(stamp["format"])
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
        for statement in (*EVENTS, *TABLES, APPEND, APPEND_ONE):
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
        sentence = f"the sequence of positions is behind the last event ({taken[0]}): set it beyond, as pg_dump does"
        found.append(Fault("positions_behind", "installflow_events_notification_id_seq", sentence))
    for id_, reads in cursor.execute(bound(schema, COMMANDS_AMISS)).fetchall():
        code, sentence = COMMAND_LOST if reads else COMMAND_UNREADABLE
        found.append(Fault(code, str(id_), sentence))
    return found
