"""What the tables of a PostgreSQL store need besides their columns: keys, indexes, defaults, functions of their own.

A half-done restore lacks some of them, and functions that came with a schema of another name write where that name
stands now. Neither is seen by what is asked of the store later: both are looked for on opening.
"""

# ruff: noqa: S608 - statements are put together from literals alone: mypy holds them to LiteralString

from __future__ import annotations

from collections.abc import Collection
from typing import Final, LiteralString, NamedTuple

from psycopg import Cursor, errors
from psycopg.rows import TupleRow

from installflow.errors import Reason, StoreUnavailable
from installflow.store import postgres_faults as faults
from installflow.store.postgres_recorder import bound
from installflow.store.postgres_tables import (
    APPEND,
    APPEND_ONE,
    ARCHIVED_ROWS,
    EVERYDAY_ROWS,
    LIVE_VIEWS,
    NOT_FOR_ALL,
    POSITIONS,
    TABLE_NAMES,
)
from installflow.store.store import INCOMPLETE
from installflow.store.store import PARTS as PARTS_MISSING

DOUBLED: Final = (
    "store_corrupt",
    "a key that is missing cannot be made again, some rows stand there twice: restore the database from a backup",
)


class Part(NamedTuple):
    """Something the tables need: how the catalog spells it, and the statements that make it."""

    kind: LiteralString
    name: LiteralString
    detail: LiteralString
    made_by: tuple[LiteralString, ...]


def _key(table: LiteralString, columns: LiteralString) -> Part:
    name = "installflow_" + table + "_pkey"
    of = "{s}.installflow_" + table
    return Part(
        "index",
        name,
        "installflow_" + table + " unique " + columns,
        (
            "ALTER TABLE " + of + " DROP CONSTRAINT IF EXISTS " + name,
            "DROP INDEX IF EXISTS {s}." + name,
            "ALTER TABLE " + of + " ADD CONSTRAINT " + name + " PRIMARY KEY (" + columns + ")",
        ),
    )


def _index(name: LiteralString, detail: LiteralString, statement: LiteralString) -> Part:
    return Part("index", name, detail, ("DROP INDEX IF EXISTS {s}." + name, statement))


def _counted(table: LiteralString, column: LiteralString) -> tuple[Part, Part]:
    """A column numbered by a sequence: first the sequence, then the default that asks it."""
    of, name = "{s}.installflow_" + table, "installflow_" + table + "_" + column + "_seq"
    made: tuple[LiteralString, ...] = (
        "CREATE SEQUENCE IF NOT EXISTS {s}." + name,
        "ALTER SEQUENCE {s}." + name + " INCREMENT 1 CACHE 1 NO CYCLE OWNED BY " + of + "." + column,
        "ALTER TABLE " + of + " ALTER COLUMN " + column + " SET DEFAULT nextval($t${s}." + name + "$t$)",
        # Where it had to be made anew, it begins above what is there.
        "SELECT setval($t${s}." + name + "$t$, max(" + column + ")) FROM " + of
        + " HAVING max(" + column + ") >= (SELECT last_value FROM {s}." + name + ")",
    )  # fmt: skip
    return Part("sequence", name, "1 1 f", made), Part("default", "installflow_" + table + "." + column, name, made)


def _default(column: LiteralString, value: LiteralString) -> Part:
    made: LiteralString = "ALTER TABLE {s}.installflow_views ALTER COLUMN " + column + " SET DEFAULT " + value
    return Part("default", "installflow_views." + column, "", (made,))


PARTS: Final = (
    _key("events", "originator_id,originator_version"),
    _key("meta", "key"),
    _key("workflows", "digest"),
    _key("commands", "id"),
    _key("views", "generation"),
    _key("view_rows", "generation,id"),
    _key("view_parked", "generation,id"),
    _index(faults.POSITION_INDEX, "installflow_events unique notification_id", POSITIONS),
    _index("installflow_live_views", "installflow_views unique view partial", LIVE_VIEWS),
    _index("installflow_everyday_rows", "installflow_view_rows generation,id partial", EVERYDAY_ROWS),
    _index("installflow_archived_rows", "installflow_view_rows string_to_array partial", ARCHIVED_ROWS),
    *_counted("events", "notification_id"),
    *_counted("views", "generation"),
    _default("position", "0"),
    _default("revision", "0"),
    _default("beat", "clock_timestamp()"),
)

FUNCTIONS: Final[dict[str, LiteralString]] = {"installflow_append": APPEND, "installflow_append_one": APPEND_ONE}

# One round trip of a millisecond, and as many again on no other call: columns, not definitions, which each version of
# the server may spell in its own way.
FOUND: Final = b"""
WITH space AS (SELECT to_regnamespace(quote_ident(%s))::oid AS oid),
ours AS (
    SELECT of.oid, of.relname FROM pg_class AS of, space
    WHERE of.relnamespace = space.oid AND of.relname = ANY(%s) AND of.relkind = 'r'
)
SELECT 'index', named.relname, concat_ws(' ', ours.relname,
    CASE WHEN one.indisunique THEN 'unique' END,
    (SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = one.indexrelid),
    CASE WHEN one.indpred IS NOT NULL THEN 'partial' END)
FROM ours JOIN pg_index AS one ON one.indrelid = ours.oid JOIN pg_class AS named ON named.oid = one.indexrelid
WHERE one.indisvalid AND one.indisready AND one.indimmediate
UNION ALL
SELECT 'default', concat(ours.relname, '.', attname), coalesce(counter.relname, '')
FROM ours JOIN pg_attrdef AS given ON given.adrelid = ours.oid
JOIN pg_attribute ON attrelid = ours.oid AND attnum = given.adnum
LEFT JOIN (pg_depend AS asked JOIN pg_class AS counter ON counter.oid = asked.refobjid AND counter.relkind = 'S'
    AND counter.relnamespace = (SELECT oid FROM space))
    ON asked.classid = 'pg_attrdef'::regclass AND asked.objid = given.oid AND asked.refclassid = 'pg_class'::regclass
UNION ALL
SELECT 'sequence', counter.relname, concat_ws(' ', seqincrement, seqcache, seqcycle)
FROM space JOIN pg_class AS counter ON counter.relnamespace = space.oid AND counter.relkind = 'S'
JOIN pg_sequence ON seqrelid = counter.oid
UNION ALL
SELECT 'function', proname, CASE WHEN prosecdef AND proconfig = ARRAY['search_path=pg_catalog, pg_temp']
    AND proowner = (SELECT relowner FROM pg_class WHERE relnamespace = space.oid AND relname = 'installflow_events')
    THEN prosrc END
FROM pg_proc, space WHERE pronamespace = space.oid AND proname = ANY(%s)"""

STANDS_BETWEEN: Final = b"""
WITH ours AS (
    SELECT oid, relname, relrowsecurity, relpersistence FROM pg_class
    WHERE relnamespace = to_regnamespace(quote_ident(%s)) AND relname = ANY(%s)
)
SELECT relname, concat('TRIGGER ', tgname) FROM ours JOIN pg_trigger ON tgrelid = ours.oid
WHERE NOT tgisinternal AND tgenabled <> 'D'
UNION ALL SELECT relname, concat('RULE ', rulename) FROM ours JOIN pg_rewrite ON ev_class = ours.oid
WHERE ev_enabled <> 'D'
UNION ALL SELECT relname, 'ROW LEVEL SECURITY' FROM ours WHERE relrowsecurity
UNION ALL SELECT relname, 'UNLOGGED' FROM ours WHERE relpersistence = 'u'
ORDER BY 1, 2"""


def missing(cursor: Cursor[TupleRow], schema: str) -> list[str]:
    """The names of the parts that are not there, or not as we make them."""
    given = (schema, sorted(TABLE_NAMES), sorted(FUNCTIONS))
    found = {tuple(row) for row in cursor.execute(FOUND, given)}
    wanted = [(part.kind, part.name, part.detail) for part in PARTS]
    wanted += [("function", name, _body(schema, made)) for name, made in FUNCTIONS.items()]
    return list(dict.fromkeys(name for kind, name, detail in wanted if (kind, name, detail) not in found))


def incomplete(where: str, names: Collection[str]) -> StoreUnavailable:
    """The refusal that names what is missing; its reasons are the names."""
    sentence = (
        f"{where}: some of what its tables need is missing, or is not ours for this schema ({', '.join(names)}): "
        "run installflow db upgrade as their owner, or restore the database from a backup"
    )
    return StoreUnavailable(sentence, code=INCOMPLETE[0], reasons=[Reason(PARTS_MISSING, name) for name in names])


def mend(where: str, cursor: Cursor[TupleRow], schema: str, names: Collection[str]) -> None:
    """Make what is missing, in the transaction under way; a refusal where rows that stand twice forbid a key."""
    statements = [statement for part in PARTS if part.name in names for statement in part.made_by]
    if not FUNCTIONS.keys().isdisjoint(names):
        # In place of the others: who was granted to call them still is.
        statements += [made.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") for made in FUNCTIONS.values()]
        statements.append(NOT_FOR_ALL)
    try:
        for statement in dict.fromkeys(statements):
            cursor.execute(bound(schema, statement), prepare=False)
    except errors.UniqueViolation as error:
        raise faults.unavailable(where, DOUBLED) from error


def stands_between(cursor: Cursor[TupleRow], schema: str) -> list[tuple[str, str]]:
    """What others have put between us and the tables: each table, and what stands on it."""
    return [(table, what) for table, what in cursor.execute(STANDS_BETWEEN, (schema, sorted(TABLE_NAMES)))]


def _body(schema: str, made: LiteralString) -> str:
    """A function's body as the catalog keeps it."""
    return bound(schema, made).decode().partition("AS $$")[2].rpartition("$$")[0]
