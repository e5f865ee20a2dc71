"""What the tables of an SQLite store need besides their columns: keys, indexes, positions that are used once.

A file that was put together by hand may lack some of them, and no statement would say so later: two orders would share
a technician's day. They are looked for on opening.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import Final

from installflow.errors import Reason, StoreUnavailable
from installflow.store.store import INCOMPLETE, PARTS

TABLE_NAMES: Final = frozenset(
    {"stored_events", "meta", "workflows", "commands", "views", "view_rows", "view_keys", "view_parked"}
)
VIEW_TABLE_NAMES: Final = frozenset({"views", "view_rows", "view_keys", "view_parked"})

NEEDED: Final = {
    ("stored_events", "", "unique originator_id,originator_version"): "stored_events (originator_id, …)",
    ("stored_events", "", "autoincrement"): "stored_events AUTOINCREMENT",
    ("meta", "", "unique key"): "meta (key)",
    ("workflows", "", "unique digest"): "workflows (digest)",
    ("commands", "", "unique id"): "commands (id)",
    ("views", "", "autoincrement"): "views AUTOINCREMENT",
    ("views", "live_views", "partial unique view"): "live_views",
    ("view_rows", "", "unique generation,id"): "view_rows (generation, id)",
    ("view_rows", "everyday_rows", "partial generation,id"): "everyday_rows",
    ("view_keys", "", "unique generation,id,key"): "view_keys (generation, id, key)",
    ("view_keys", "view_keys_by_key", "generation,key"): "view_keys_by_key",
    ("view_parked", "", "unique generation,id"): "view_parked (generation, id)",
}
"""Each table's part, under the name it was given if any, as it is found; and how it is called when it is missing."""

FOUND: Final = """
SELECT t.name, CASE i.origin WHEN 'c' THEN i.name ELSE '' END,
    CASE WHEN i.partial THEN 'partial ' ELSE '' END || CASE WHEN i."unique" THEN 'unique ' ELSE '' END || (
        SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)
    )
FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table'
UNION ALL
SELECT name, '', 'autoincrement' FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"""

TRIGGERS: Final = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2"


def missing(cursor: sqlite3.Cursor) -> dict[str, str]:
    """The parts that are not there, or not as we make them: what each is called, and its table."""
    found = {tuple(row) for row in cursor.execute(FOUND)}
    return {name: part[0] for part, name in NEEDED.items() if part not in found}


def incomplete(where: str, names: Collection[str]) -> StoreUnavailable:
    """The refusal that names what is missing; its reasons are the names."""
    sentence = (
        f"{where}: some of what its tables need is missing ({', '.join(names)}): "
        "run installflow db upgrade, or restore the file from a backup"
    )
    return StoreUnavailable(sentence, code=INCOMPLETE[0], reasons=[Reason(PARTS, name) for name in names])


def stands_between(cursor: sqlite3.Cursor) -> list[tuple[str, str]]:
    """What others have put between us and the tables: each table, and what stands on it."""
    return [(table, f"TRIGGER {name}") for table, name in cursor.execute(TRIGGERS) if table in TABLE_NAMES]
