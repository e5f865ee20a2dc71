"""What a PostgreSQL schema must hold to be one of our stores, and how it is made: by ``init``, never on opening."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, LiteralString, NamedTuple

from psycopg import Cursor
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from installflow.store import postgres_faults as faults
from installflow.store import postgres_shape as shape
from installflow.store.postgres_recorder import BEGIN, COMMIT, EVENTS_TABLE, bound
from installflow.store.postgres_tables import APPEND, APPEND_ONE, EVENTS, NOT_FOR_ALL, TABLE_NAMES, TABLES
from installflow.store.store import (
    ALTERED,
    COMMAND_LOST,
    COMMAND_UNREADABLE,
    INCOMPLETE,
    VIEW_ASTRAY,
    VIEW_PARKED,
    Fault,
    format_of,
)

APPLICATION: Final = "installflow"

FORMAT: Final = 2
"""The number of the tables' shape, one with SQLite's; PostgreSQL came with 2 and has no 1."""

LOCK: Final = 0x694E666C
"""The advisory lock under which the tables are made: one at a time on a database.

With the oid of its table of events it is the lock of a store's appends, 1766745708 in the functions that append: the
keys of two numbers are others than those of one.
"""

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
SELECT relname, oid FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(%s)) AND relname = ANY(%s)"""

SCHEMA_THERE: Final = b"""
SELECT oid IS NOT NULL,
    CASE WHEN oid IS NULL THEN has_database_privilege(current_database(), 'CREATE')
    ELSE has_schema_privilege(oid, 'CREATE') END
FROM (SELECT to_regnamespace(quote_ident(%s))::oid AS oid) AS given"""

STAMP: Final[LiteralString] = "SELECT key, value FROM {s}.installflow_meta"

WRITE_STAMP: Final[LiteralString] = (
    "INSERT INTO {s}.installflow_meta (key, value) VALUES ('application', %s), ('format', %s)"
)

# md5 reads each state to its last byte, those kept apart from their row too: damage there is met here.
READ_ALL: Final[LiteralString] = "SELECT count(md5(state)) FROM {s}.installflow_events"

UNREADABLE: Final[LiteralString] = """
SELECT notification_id,
    CASE WHEN originator_version < 1 THEN 'version' WHEN topic IS NULL THEN 'topic' WHEN state IS NULL THEN 'state'
    ELSE 'position' END
FROM {s}.installflow_events
WHERE originator_version < 1 OR topic IS NULL OR state IS NULL OR notification_id < 1 ORDER BY notification_id"""

NEXT_TAKEN: Final[LiteralString] = """
SELECT last.value FROM (SELECT max(notification_id) AS value FROM {s}.installflow_events) AS last,
    {s}.installflow_events_notification_id_seq AS sequence
WHERE last.value >= sequence.last_value + CASE WHEN sequence.is_called THEN 1 ELSE 0 END"""

VIEWS_ASTRAY: Final[LiteralString] = """
SELECT view, position FROM {s}.installflow_views WHERE state = 'live'
AND (position < 0 OR position > (SELECT coalesce(max(notification_id), 0) FROM {s}.installflow_events))"""

PARKED_ASTRAY: Final[LiteralString] = """
SELECT view, id FROM {s}.installflow_views JOIN {s}.installflow_view_parked AS aside USING (generation)
WHERE state = 'live' AND NOT aside.position BETWEEN 1 AND installflow_views.position LIMIT 1000"""

EMPTY: Final = ("store_not_initialised", "there is no store yet: make one with installflow db init")
FOREIGN: Final = ("store_foreign", "its tables are not those of an installflow store: give another database or schema")
NEWER: Final = ("store_newer", "it was written by a newer installflow: upgrade installflow to open it")
OLDER: Final = ("store_older", "an older installflow made it: bring it up to date with installflow db upgrade")
MAY_NOT_MAKE: Final = (
    "store_not_owner",
    "this user may not make tables in it: make the store as the user who owns the database or the schema",
)
MAY_NOT_MEND: Final = (
    "store_not_owner",
    "parts of it are missing, and this user does not own its tables: run installflow db upgrade as the user who does",
)
IS_OWNER: Final[LiteralString] = (
    "SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE oid = '{s}.installflow_events'::regclass"
)
DAMAGED: Final = ("store_corrupt", "some of its tables are missing: restore the database from a backup")

STAMP_DAMAGED: Final = ("store_corrupt", "the number of its format cannot be read: restore the database from a backup")
ENCODING: Final = ("store_encoding", "its encoding is not UTF8: make another database, with ENCODING 'UTF8'")
SCHEMA_NAME: Final = ("store_schema", "no store lies in a schema with a % or $t$ in its name: give another schema")

FIRST_SCHEMA: Final = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,]*))')
"""The first name of a search path: in quotes, where a comma separates nothing and a quote is doubled, or bare."""


class Found(NamedTuple):
    """What a schema holds: nothing of ours (``format`` is ``None``), or a store of a format, and what it misses.

    ``events`` is the oid of its table of events.
    """

    schema: str
    format: int | None
    events: int = 0
    missing: Collection[str] = ()


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
    found: dict[str, int] = dict(cursor.execute(FOUND, (schema, sorted(TABLE_NAMES))).fetchall())
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
    if made <= FORMAT and TABLE_NAMES - found.keys():
        raise faults.unavailable(where, DAMAGED)
    return Found(schema, made, found.get(EVENTS_TABLE, 0), shape.missing(cursor, schema) if made == FORMAT else [])


def refuse_unusable(where: str, found: Found) -> str:
    """The schema of a store that can be used as it is; a refusal that says what to do for any other."""
    _refuse_other_formats(where, found)
    if found.missing:
        raise shape.incomplete(where, found.missing)
    return found.schema


def _refuse_other_formats(where: str, found: Found) -> None:
    if found.format is None:
        raise faults.unavailable(where, EMPTY)
    if found.format != FORMAT:
        raise faults.unavailable(where, NEWER if found.format > FORMAT else OLDER)


def init(where: str, cursor: Cursor[TupleRow]) -> bool:
    """Make the tables in one transaction, whoever else is at it; whether they were made now."""
    cursor.execute(BEGIN)
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    found = look(where, cursor)
    if found.format is None:
        # Asked first: to make a schema takes more rights than to fill one.
        ((there, may_make),) = cursor.execute(SCHEMA_THERE, (found.schema,)).fetchall()
        if not may_make:
            raise faults.unavailable(where, MAY_NOT_MAKE)
        if not there:
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

    PostgreSQL stores began with today's: there is none to bring up yet. What a store misses is made again.
    """
    cursor.execute(BEGIN)
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    found = look(where, cursor)
    _refuse_other_formats(where, found)
    if found.missing:
        # What is made belongs to whoever makes it: the functions would write as somebody else than the tables' owner.
        if cursor.execute(bound(found.schema, IS_OWNER)).fetchone() != (True,):
            raise faults.unavailable(where, MAY_NOT_MEND)
        shape.mend(where, cursor, found.schema, found.missing)
        refuse_unusable(where, look(where, cursor))
    cursor.execute(COMMIT)
    return FORMAT, FORMAT


def faults_in(cursor: Cursor[TupleRow], schema: str) -> list[Fault]:
    """The events nobody can read, and positions that would be given twice; damaged pages are the server's error."""
    cursor.execute(bound(schema, READ_ALL))
    found = []
    for position, what in cursor.execute(bound(schema, UNREADABLE)).fetchall():
        found.append(Fault(f"event_{what}", f"position {position}", f"its {what} is damaged"))
    taken = cursor.execute(bound(schema, NEXT_TAKEN)).fetchone()
    if taken:
        sentence = f"the sequence of positions is behind the last event ({taken[0]}): {faults.SET_POSITIONS}"
        found.append(Fault("positions_behind", "installflow_events_notification_id_seq", sentence))
    for id_, reads in cursor.execute(bound(schema, COMMANDS_AMISS)).fetchall():
        code, sentence = COMMAND_LOST if reads else COMMAND_UNREADABLE
        found.append(Fault(code, str(id_), sentence))
    code, sentence = INCOMPLETE
    found += [Fault(code, name, sentence) for name in shape.missing(cursor, schema)]
    code, sentence = ALTERED
    found += [Fault(code, f"{table}: {what}", sentence) for table, what in shape.stands_between(cursor, schema)]
    code, sentence = VIEW_ASTRAY
    for view, position in cursor.execute(bound(schema, VIEWS_ASTRAY)).fetchall():
        found.append(Fault(code, f"{view}: {position}", sentence))
    code, sentence = VIEW_PARKED
    found += [
        Fault(code, f"{view}: {one}", sentence) for view, one in cursor.execute(bound(schema, PARKED_ASTRAY)).fetchall()
    ]
    return found
