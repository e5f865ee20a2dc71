"""The tables of an SQLite store, the stamp that says they are ours, and how a file is opened for the first time."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import time
from pathlib import Path
from typing import Final

from installflow.store import sqlite_faults as faults
from installflow.store import sqlite_shape as shape
from installflow.store.sqlite_recorder import ID_READS, READABLE
from installflow.store.sqlite_shape import TABLE_NAMES, VIEW_TABLE_NAMES
from installflow.store.store import (
    ALTERED,
    COMMAND_LOST,
    COMMAND_UNREADABLE,
    INCOMPLETE,
    POSITION_DAMAGED,
    POSITION_MISSING,
    POSITIONS_MOVED,
    TAIL_MISSING,
    VIEW_ASTRAY,
    VIEW_PARKED,
    VIEW_STRAY,
    Fault,
    format_of,
)

APPLICATION: Final = "installflow"

FORMAT: Final = 2
"""The number of the tables' shape: a store with a higher one is refused, one with a lower one is brought up to it.

1 kept no count of the events folded into a view's row, and archived none. The events have had one shape since the
first.
"""

APPLICATION_ID: Final = 0x694E666C
"""``iNfl`` in the file's header, where it can be read before anything is touched. For ever."""

EVENTS_TABLE: Final = """
CREATE TABLE stored_events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    UNIQUE (originator_id, originator_version)
)"""

TABLES: Final = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE workflows (digest TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID",
    # The commands whose id their caller chose, and what each recorded: ``[[aggregate id, version], …]``.
    "CREATE TABLE commands (id TEXT PRIMARY KEY, events TEXT NOT NULL) WITHOUT ROWID",
)

VIEW_TABLES: Final = (
    # Each build of a view is a generation; at most one of them is live, the one readers see. `revision` counts what was
    # written to it once it stood, `beat` is when its builder last did, in seconds of the database's clock.
    """
CREATE TABLE views (
    generation INTEGER PRIMARY KEY AUTOINCREMENT,
    view TEXT NOT NULL,
    position INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('building', 'live', 'dead')),
    beat INTEGER NOT NULL
)""",
    "CREATE UNIQUE INDEX live_views ON views (view) WHERE state = 'live'",
    # `events` counts those folded into the row; a row with nothing to show yet is null, its count is kept.
    """
CREATE TABLE view_rows (
    generation INTEGER NOT NULL, id TEXT NOT NULL, row BLOB, events INTEGER NOT NULL,
    archived INTEGER NOT NULL CHECK (archived IN (0, 1)), PRIMARY KEY (generation, id)
) WITHOUT ROWID""",
    # Everyday screens leave archived rows unread, however many there are, but for those found by a key of theirs.
    "CREATE INDEX everyday_rows ON view_rows (generation, id) WHERE archived = 0",
    """
CREATE TABLE view_keys (
    generation INTEGER NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (generation, id, key)
) WITHOUT ROWID""",
    "CREATE INDEX view_keys_by_key ON view_keys (generation, key)",
    """
CREATE TABLE view_parked (
    generation INTEGER NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, reason TEXT NOT NULL,
    tries INTEGER NOT NULL, PRIMARY KEY (generation, id)
) WITHOUT ROWID""",
)

# CASE, for AND may try its sides in any order, and JSON functions fail on what is no JSON.
COMMANDS_AMISS: Final = """
SELECT id, reads FROM (
    SELECT id, events, CASE
        WHEN typeof(events) <> 'text' OR NOT json_valid(events) THEN 0
        WHEN json_type(events) <> 'array' OR json_array_length(events) = 0 THEN 0
        ELSE NOT EXISTS (
            SELECT 1 FROM json_each(events) e WHERE CASE WHEN e.type <> 'array' THEN 1 ELSE
                json_array_length(e.value) <> 2 OR json_type(e.value, '$[0]') <> 'text'
                OR json_type(e.value, '$[1]') <> 'integer' END
        ) END AS reads
    FROM commands
) c WHERE NOT reads OR EXISTS (
    SELECT 1 FROM json_each(CASE WHEN reads THEN c.events ELSE '[]' END) e
    WHERE NOT EXISTS (
        SELECT 1 FROM stored_events
        WHERE originator_id = json_extract(e.value, '$[0]') AND originator_version = json_extract(e.value, '$[1]')
    )
) ORDER BY id"""

# AUTOINCREMENT adds one to the last position there ever was, and what is rolled back gives its own back: no hole and no
# end before the counter's is ours.
POSITIONS: Final = """
SELECT (SELECT CASE typeof(seq) WHEN 'integer' THEN seq END FROM sqlite_sequence WHERE name = 'stored_events'),
    COALESCE(MAX(position), 0), COUNT(*) FILTER (WHERE position > 0) FROM stored_events"""
HOLES: Final = """
SELECT before + 1, position - 1 FROM (
    SELECT position, LAG(position, 1, 0) OVER (ORDER BY position) AS before FROM stored_events WHERE position > 0
) WHERE position > before + 1 ORDER BY position LIMIT 1000"""
NOWHERE: Final = "SELECT position FROM stored_events WHERE position < 1 ORDER BY position LIMIT 1000"

FARTHEST: Final = 1 << 40
"""More events than any store has lost at its end: a counter farther ahead was set so."""

LIVE: Final = "JOIN views v ON v.generation = t.generation WHERE v.state = 'live'"
BEYOND: Final = (
    "SELECT view, position FROM views WHERE state = 'live' AND (typeof(position) <> 'integer' OR position < 0"
    " OR position > (SELECT COALESCE(MAX(position), 0) FROM stored_events))"
)
STRAY_ROWS, STRAY_PARKED = (
    f"SELECT v.view, t.id FROM {table} t {LIVE} AND NOT ({ID_READS.format('t.id')}) LIMIT 1000"  # noqa: S608 - constants
    for table in ("view_rows", "view_parked")
)
PARKED_DAMAGED: Final = (
    f"SELECT v.view, t.id FROM view_parked t {LIVE} AND {ID_READS.format('t.id')} AND NOT (typeof(t.reason) = 'text'"  # noqa: S608
    " AND typeof(t.position) = 'integer' AND typeof(t.tries) = 'integer' AND t.position BETWEEN 1 AND v.position)"
    " LIMIT 1000"
)
VIEWS_AMISS: Final = (
    (VIEW_ASTRAY, BEYOND),
    (VIEW_STRAY, STRAY_ROWS),
    (VIEW_STRAY, STRAY_PARKED),
    (VIEW_PARKED, PARKED_DAMAGED),
)

FOREIGN: Final = ("store_foreign", "this SQLite database is not an installflow store: give another path")
NEWER: Final = ("store_newer", "it was written by a newer installflow: upgrade installflow to open it")
OLDER: Final = ("store_older", "an older installflow made it: bring it up to date with installflow db upgrade")
DAMAGED: Final = faults.FAULTS[sqlite3.SQLITE_CORRUPT]
KEYLESS: Final = ("store_corrupt", "a table lacks its key, so a row may stand there twice: restore it from a backup")
NO_LINK: Final = ("store_link", "this is a link that leads nowhere: make it anew, or give another path")
NOT_A_FILE: Final = ("store_not_a_file", "this is not a file: give the path of a database file")
EMPTY: Final = ("store_not_initialised", "there is no store yet: make one with installflow db init")
NO_FOLDER: Final = ("store_no_folder", "its folder does not exist: make it first")

SMALLEST_DATABASE: Final = 512
"""SQLite's smallest page, in bytes."""

RETRY_SECONDS: Final = 0.02


def refuse_unusable(where: str, path: Path) -> None:
    """Refuse a path that cannot become or is not one of our stores, without touching what lies there."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        found = None
    except OSError as error:
        fault = NO_LINK if error.errno == errno.ELOOP else faults.FAULTS[sqlite3.SQLITE_CANTOPEN]
        raise faults.unavailable(where, fault) from error
    if not found and path.is_symlink() and not path.resolve().parent.is_dir():
        raise faults.unavailable(where, NO_LINK)
    if not found and not path.parent.is_dir():
        raise faults.unavailable(where, NO_FOLDER)
    if found and not stat.S_ISREG(found.st_mode):
        raise faults.unavailable(where, NOT_A_FILE)
    # SQLite writes its journal beside the file: the folder has to be open too.
    if not os.access(path.parent, os.W_OK | os.X_OK) or (found and not os.access(path, os.R_OK | os.W_OK)):
        raise faults.unavailable(where, faults.READ_ONLY)
    if found and 0 < found.st_size < SMALLEST_DATABASE:  # SQLite would take it for an empty file, and write over it
        raise faults.unavailable(where, faults.NOT_A_DATABASE)
    if found and found.st_size:
        _refuse_foreign(where, path)


def _refuse_foreign(where: str, path: Path) -> None:
    # Read through SQLite, not with open(): closing a file this process also has open as a database
    # would drop the locks of that connection. `immutable` takes no lock and makes no file beside it.
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        refuse_stamp(where, connection.cursor())
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & faults.PRIMARY == sqlite3.SQLITE_NOTADB:
            raise faults.unavailable(where, faults.NOT_A_DATABASE) from error
        # Anything else may be another process writing its first page right now: read again under a lock.
    finally:
        connection.close()


def refuse_stamp(where: str, cursor: sqlite3.Cursor) -> bool:
    """Whether the file's header bears our stamp; ``False`` for an empty database, a refusal for anybody else's."""
    # The tables first: whoever makes them meanwhile stamps the file in the same transaction.
    has_tables = cursor.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    application = pragma(cursor, "application_id")
    if application == APPLICATION_ID:
        if pragma(cursor, "user_version") > FORMAT:
            raise faults.unavailable(where, NEWER)
        return True
    if application or has_tables:
        raise faults.unavailable(where, FOREIGN)
    return False


def pragma(cursor: sqlite3.Cursor, name: str) -> int:
    """The number one of SQLite's settings has."""
    value: int = cursor.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def prepare(where: str, connection: sqlite3.Connection, *, patience: float) -> None:
    """Make the tables of a new store, or check the stamp of one that exists.

    Several processes may do so at once on a new file. SQLite then answers "busy" without waiting in places
    (the switch to WAL is one), so the whole is tried again for ``patience`` seconds.
    """
    deadline = time.monotonic() + patience
    while True:
        cursor = connection.cursor()
        try:
            _prepare(where, cursor)
        except sqlite3.OperationalError as error:
            if not faults.is_busy(error) or time.monotonic() >= deadline:
                raise
            time.sleep(RETRY_SECONDS)
        else:
            return
        finally:
            if connection.in_transaction:
                connection.rollback()
            cursor.close()


def _prepare(where: str, cursor: sqlite3.Cursor) -> None:
    if not refuse_stamp(where, cursor):
        cursor.execute("BEGIN IMMEDIATE")
        if not refuse_stamp(where, cursor):  # again: another process may have been first
            _create(cursor)
        cursor.execute("COMMIT")
    _refuse_other_formats(where, cursor)
    # Only now, when the file is known to be ours: this writes to it, and lasts.
    cursor.execute("PRAGMA journal_mode = WAL")


def _create(cursor: sqlite3.Cursor) -> None:
    for statement in (EVENTS_TABLE, *TABLES, *VIEW_TABLES):
        cursor.execute(statement)
    cursor.executemany(
        "INSERT INTO meta (key, value) VALUES (?, ?)", [("application", APPLICATION), ("format", str(FORMAT))]
    )
    cursor.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    cursor.execute(f"PRAGMA user_version = {FORMAT}")


def _stamped_format(where: str, cursor: sqlite3.Cursor) -> int:
    """The format the tables say they have; a refusal when they are not all there."""
    found = {name for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "meta" not in found:
        raise faults.unavailable(where, DAMAGED)
    stamp = {key: value for key, value in cursor.execute("SELECT key, value FROM meta")}  # noqa: C416 - they are Row
    made = format_of(stamp.get("format"))
    if stamp.get("application") != APPLICATION or made is None:
        raise faults.unavailable(where, DAMAGED)
    expected = TABLE_NAMES if made == FORMAT else TABLE_NAMES - {"view_keys"}  # format 1 had no keys
    if made <= FORMAT and expected - found:  # a newer format may do without some of them
        raise faults.unavailable(where, DAMAGED)
    return made


def _refuse_other_formats(where: str, cursor: sqlite3.Cursor) -> None:
    stamped = _stamped_format(where, cursor)
    if stamped != FORMAT:
        raise faults.unavailable(where, NEWER if stamped > FORMAT else OLDER)
    if missing := shape.missing(cursor):
        raise shape.incomplete(where, missing)


def upgrade(where: str, path: Path, *, patience: float) -> int:
    """Bring the tables of an older store to today's format, in one transaction; answers the format it had.

    The events stay as they are. The views' tables are made anew, those too that lack an index: views are built again
    when they are first read.
    """
    refuse_unusable(where, path)
    if not path.exists():
        raise faults.unavailable(where, EMPTY)
    connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=patience)
    try:
        cursor = connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        if not refuse_stamp(where, cursor):
            raise faults.unavailable(where, EMPTY)
        before = _stamped_format(where, cursor)
        if before > FORMAT:
            raise faults.unavailable(where, NEWER)
        missing = set(shape.missing(cursor).values())
        if missing - VIEW_TABLE_NAMES:
            raise faults.unavailable(where, KEYLESS)
        if before < FORMAT or missing:
            for table in VIEW_TABLE_NAMES:
                cursor.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in VIEW_TABLES:
                cursor.execute(statement)
            cursor.execute("UPDATE meta SET value = ? WHERE key = 'format'", (str(FORMAT),))
            cursor.execute(f"PRAGMA user_version = {FORMAT}")
        cursor.execute("COMMIT")
    except faults.DATABASE_ERRORS as error:
        raise faults.translated(where, error) from error
    finally:
        connection.close()
    return before


def faults_in(cursor: sqlite3.Cursor) -> list[Fault]:
    """What SQLite finds wrong in its own pages, and the events whose id or version nobody can read."""
    found = [
        Fault("store_corrupt", "the database file", str(said))
        for (said,) in cursor.execute("PRAGMA integrity_check(20)")
        if said != "ok"
    ]
    cursor.execute(
        "SELECT position, typeof(originator_version) = 'integer' FROM stored_events"  # noqa: S608 - a constant
        f" WHERE NOT ({READABLE}) ORDER BY position"
    )
    for position, version_reads in cursor:
        what = "version" if not version_reads else "aggregate id"
        found.append(Fault(f"event_{what.rpartition(' ')[2]}", f"position {position}", f"its {what} is damaged"))
    found += _positions_amiss(cursor)
    for id_, reads in cursor.execute(COMMANDS_AMISS):
        code, sentence = COMMAND_LOST if reads else COMMAND_UNREADABLE
        found.append(Fault(code, str(id_), sentence))
    found += [Fault(INCOMPLETE[0], name, INCOMPLETE[1]) for name in shape.missing(cursor)]
    found += [Fault(ALTERED[0], f"{table}: {what}", ALTERED[1]) for table, what in shape.stands_between(cursor)]
    for (code, sentence), statement in VIEWS_AMISS:
        found += [Fault(code, f"{view}: {value!r:.80}", sentence) for view, value in cursor.execute(statement)]
    return found


def _positions_amiss(cursor: sqlite3.Cursor) -> list[Fault]:
    """The positions whose events are gone, and those no event of ours ever had."""
    code, sentence = POSITION_DAMAGED
    found = [Fault(code, f"position {position}", sentence) for (position,) in cursor.execute(NOWHERE)]
    counter, last, number = cursor.execute(POSITIONS).fetchone()
    if number < last:
        code, sentence = POSITION_MISSING
        found += [Fault(code, _positions(first, end), sentence) for first, end in cursor.execute(HOLES)]
    if (counter is None and last) or (counter is not None and not 0 <= counter - last < FARTHEST):
        found.append(Fault(POSITIONS_MOVED[0], f"position {last}", POSITIONS_MOVED[1]))
    elif counter is not None and counter > last:
        found.append(Fault(TAIL_MISSING[0], _positions(max(last, 0) + 1, counter), TAIL_MISSING[1]))
    return found


def _positions(first: int, last: int) -> str:
    return f"position {first}" if first == last else f"positions {first}-{last}"
