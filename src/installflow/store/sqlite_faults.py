"""Turns what SQLite and the connection pool raise into installflow's own errors."""

from __future__ import annotations

import sqlite3
from typing import Final

from eventsourcing.domain import EventSourcingError
from eventsourcing.persistence import ConnectionPoolClosedError, ConnectionUnavailableError

from installflow.errors import InstallflowError, Invalid, StoreUnavailable
from installflow.store.store import BUSY, CLOSED, VersionTaken

PRIMARY: Final = 0xFF
"""SQLite's extended result codes carry the primary one in their lowest byte."""

NOT_A_DATABASE: Final = ("store_not_a_database", "this is not an SQLite database: give another path")
READ_ONLY: Final = ("store_read_only", "it may not be written: give write access to the file and to its folder")

FAULTS: Final = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: ("store_full", "no room is left on its disk, nothing was stored: make room and try again"),
    sqlite3.SQLITE_CORRUPT: ("store_corrupt", "the file is damaged: restore it from a backup"),
    sqlite3.SQLITE_NOTADB: NOT_A_DATABASE,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: ("store_cannot_open", "the file cannot be opened: check its path and its access rights"),
    sqlite3.SQLITE_IOERR: ("store_io", "its disk failed to read or write: check the disk, then try again"),
}


DATABASE_ERRORS: Final = (sqlite3.Error, EventSourcingError, OverflowError, UnicodeEncodeError)
"""Everything a session on the database may raise, its own faults and those of the values it is handed."""


def unavailable(where: str, fault: tuple[str, str]) -> StoreUnavailable:
    """The error for one of the faults above, naming the store it happened to."""
    code, sentence = fault
    return StoreUnavailable(f"{where}: {sentence}", code=code)


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection holds the database: waiting may help."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & PRIMARY in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def translated(where: str, error: BaseException) -> InstallflowError | VersionTaken:
    """What to raise in place of one of `DATABASE_ERRORS`."""
    if isinstance(error, OverflowError | UnicodeEncodeError):
        return Invalid(f"{where}: the database cannot hold such a value: {error}")
    if isinstance(error, ConnectionUnavailableError):
        return unavailable(where, BUSY)
    if isinstance(error, ConnectionPoolClosedError):
        return unavailable(where, CLOSED)
    code = getattr(error, "sqlite_errorcode", 0)
    if code in {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}:
        return VersionTaken()
    return unavailable(where, FAULTS.get(code & PRIMARY, ("store_failed", f"the database failed: {error}")))
