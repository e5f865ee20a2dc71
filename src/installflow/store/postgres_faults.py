"""Turns what PostgreSQL, psycopg and the network raise into installflow's own errors."""

from __future__ import annotations

import re
from typing import Final

import psycopg
from eventsourcing.domain import EventSourcingError
from psycopg import errors
from psycopg_pool import PoolClosed, PoolTimeout

from installflow.errors import InstallflowError, Invalid, StoreUnavailable
from installflow.store.store import BUSY, CLOSED, VersionTaken

LOST: Final = ("store_lost", "the connection broke in the middle: look up what was asked, then try again")
READ_ONLY: Final = ("store_read_only", "it may only be read: give the address of the server that takes writes")
FULL: Final = ("store_full", "no room is left on the server's disk, nothing was stored: make room and try again")
CORRUPT: Final = ("store_corrupt", "the server finds its files damaged: restore the database from a backup")
TIMEOUT: Final = (
    "store_timeout",
    "it took longer than the server allows, nothing was stored: ALTER ROLE … SET statement_timeout to something longer",
)
CANCELLED: Final = ("store_cancelled", "somebody at the server cancelled the statement, nothing was stored: try again")
FAILED: Final = "store_failed"

SET_POSITIONS: Final = (
    "SELECT setval('installflow_events_notification_id_seq', (SELECT max(notification_id) FROM installflow_events))"
)
POSITIONS_BEHIND: Final = (
    "store_positions_behind",
    f"its sequence of positions is behind the last event, and nothing was stored: {SET_POSITIONS}",
)

NOT_ABOVE: Final = "IF001"
"""The SQLSTATE our functions raise when they were given a position that is not above the last event's."""

POSITION_INDEX: Final = "installflow_events_notification_id_idx"

KEYS: Final = frozenset({f"installflow_{name}_pkey" for name in ("events", "commands", "view_rows")})
"""The keys that say somebody else was first: with his version, his command id, his row of a build."""

BY_A_USER: Final = "user request"
"""What the server says of a cancelled statement, in English alone: elsewhere it is taken for a timeout."""

DATABASE_ERRORS: Final = (psycopg.Error, EventSourcingError, OverflowError, UnicodeEncodeError)
"""Everything a session on the database may raise, its own faults and those of the values it is handed."""

BY_SQLSTATE: Final = {
    "25006": READ_ONLY,
    "40001": BUSY,
    "40P01": BUSY,  # a deadlock, broken by the server
    "42501": ("store_right_missing", "its user may not do that: give the user the right (docs: run on PostgreSQL)"),
    "53100": FULL,
    "55P03": BUSY,  # lock_timeout
    NOT_ABOVE: POSITIONS_BEHIND,
    "58030": ("store_io", "the server's disk failed to read or write: check the disk, then try again"),
    "XX001": CORRUPT,
    "XX002": CORRUPT,
}

BROKEN_CLASSES: Final = ("08", "57P", "25P03")
"""SQLSTATEs that come with the end of the connection."""

VALUE_CLASS: Final = "22"
"""SQLSTATEs of values the database cannot hold: out of range, not in its encoding."""

TEMPORARY: Final = ("starting up", "shutting down", "recovery mode", "not yet accepting", "too many", "remaining conn")
"""What a server says that will take connections again. It says it in its own language: elsewhere it is a refusal."""


ASKED_IN_VAIN: Final = "no password supplied"
"""What the client says, by itself, to a server that asks for a password."""

UNREADABLE_SETTING: Final = re.compile(r'invalid "?(\w+)"? (?:value|number)|could not match \d+ (host) names')
"""What the client says of a URL it cannot use, before it asks any server."""


def unavailable(where: str, fault: tuple[str, str]) -> StoreUnavailable:
    """The error for one of the faults above, naming the store it happened to."""
    code, sentence = fault
    return StoreUnavailable(f"{where}: {sentence}", code=code)


def not_connected(where: str, error: BaseException) -> InstallflowError | VersionTaken:
    """What to raise when no connection can be had: the server does not answer, or refuses us."""
    if isinstance(error, PoolTimeout | PoolClosed) or not isinstance(error, psycopg.OperationalError) or error.sqlstate:
        return translated(where, error)
    _, fatal, reason = str(error).rpartition("FATAL:")
    if not fatal and (setting := UNREADABLE_SETTING.search(reason)):
        # What stands in its place is not repeated, in case it was meant as a password.
        named = next(filter(None, setting.groups()))
        return Invalid(f"the PostgreSQL client cannot read the {named} of this URL: correct it", code="store_url")
    if (not fatal and ASKED_IN_VAIN not in reason) or any(words in reason for words in TEMPORARY):
        sentence = f"no connection can be had ({_brief(reason)}): check that the server runs and its address"
        return unavailable(where, ("store_unreachable", sentence))
    sentence = f"the server refuses the connection ({_brief(reason)}): check the user, the password and the database"
    return unavailable(where, ("store_refused", sentence))


def translated(  # noqa: PLR0911 - one way out for each kind of fault
    where: str, error: BaseException, *, broken: bool = False
) -> InstallflowError | VersionTaken:
    """What to raise in place of one of `DATABASE_ERRORS`; ``broken``: the connection ended with it."""
    if isinstance(error, OverflowError | UnicodeEncodeError):
        return Invalid(f"{where}: the database cannot hold such a value: {error}")
    if isinstance(error, PoolTimeout):
        return unavailable(where, BUSY)
    if isinstance(error, PoolClosed):
        return unavailable(where, CLOSED)
    state = (getattr(error, "sqlstate", None) or "") if isinstance(error, psycopg.Error) else ""
    if broken or state.startswith(BROKEN_CLASSES):
        return unavailable(where, LOST)
    if state.startswith(VALUE_CLASS) or (not state and isinstance(error, errors.DataError)):
        return Invalid(f"{where}: the database cannot hold such a value: {_brief(str(error))}")
    if isinstance(error, errors.UniqueViolation) and error.diag.constraint_name in KEYS:
        return VersionTaken()
    return unavailable(where, _fault(error, state))


def _fault(error: BaseException, state: str) -> tuple[str, str]:
    if isinstance(error, errors.UniqueViolation) and error.diag.constraint_name == POSITION_INDEX:
        return POSITIONS_BEHIND
    if isinstance(error, errors.QueryCanceled):
        return CANCELLED if BY_A_USER in str(error) else TIMEOUT
    return BY_SQLSTATE.get(state) or (FAILED, f"the database failed: {_brief(str(error))}")


def _brief(said: str) -> str:
    """The first line of what a server or a library says: the next ones quote the statement, or repeat."""
    return next((line.strip() for line in said.splitlines() if line.strip()), "no reason given")
