"""Turns what PostgreSQL, psycopg and the network raise into installflow's own errors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import psycopg
from eventsourcing.domain import EventSourcingError
from psycopg import errors
from psycopg_pool import PoolClosed, PoolTimeout

from installflow.errors import InstallflowError, Invalid, Reason, StoreUnavailable
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
REFUSED: Final = ("store_refused", "check the user, the password, the database and the server's pg_hba.conf")
FAILED: Final = "store_failed"

SAID: Final = "server"
"""Whose words the one reason of a connection that was not made are."""

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

TEMPORARY: Final = ("starting up", "shutting down", "recovery mode", "not yet accepting")
"""What a server says that will take connections again. It says it in its own language: elsewhere it is a refusal."""

FULL_UP: Final = ("too many", "remaining conn", "no more connections", "trop de ", "connexions restant")
"""What a server, or a pooler before it, says when as many are connected as it lets in."""

DISAGREE: Final = re.compile(
    r"support SSL|SSL error: (?!unexpected eof)|certificate|private key|channel binding|GSSAPI"
)
"""What the client says of a line that one end wants encrypted, and the other does not, or not so."""

ENCRYPTED_ALONE: Final = re.compile(r"SSL (?:connection )?(?:is )?required|valid client certificate")
"""What a server, or a pooler before it, says that takes encrypted lines alone."""

NOT_ENCRYPTED: Final = re.compile(r"no pg_hba\.conf entry.*(?:no encryption|SSL off)")
"""What a server says that may take the same user over an encrypted line: by itself the client tries one first."""

NOT_TO_ENCRYPT: Final = re.compile(r"[?&]sslmode=(?:disable|allow)\b")

STANDBY: Final = ("session is read-only", "server is in hot standby mode")
"""What the client says of a server it was told to leave alone (target_session_attrs)."""

WRONG_METHOD: Final = "authentication method requirement"

NO_SERVICE: Final = re.compile(r"definition of service |service file")
"""What the client says of a service it finds in no file."""

ASKED_IN_VAIN: Final = "no password supplied"
"""What the client says, by itself, to a server that asks for a password."""

UNREADABLE_SETTING: Final = re.compile(
    r'invalid "?(\w+)"? (?:value|number)|could not match \d+ (host) names|could not parse network (address)'
)
"""What the client says of a URL it cannot use, before it asks any server."""


def unavailable(where: str, fault: tuple[str, str]) -> StoreUnavailable:
    """The error for one of the faults above, naming the store it happened to."""
    code, sentence = fault
    return StoreUnavailable(f"{where}: {sentence}", code=code)


def not_connected(where: str, error: BaseException, secrets: Iterable[str] = ()) -> InstallflowError | VersionTaken:
    """What to raise when no connection can be had: the server does not answer, or refuses us.

    What it said is in the error's one reason, unless one of ``secrets`` is in it.
    """
    if isinstance(error, PoolTimeout | PoolClosed) or not isinstance(error, psycopg.OperationalError) or error.sqlstate:
        return translated(where, error)
    _, fatal, reason = str(error).rpartition("FATAL:")
    if not fatal and (setting := UNREADABLE_SETTING.search(reason)):
        # What stands in its place is not repeated, in case it was meant as a password.
        named = next(filter(None, setting.groups()))
        return Invalid(f"the PostgreSQL client cannot read the {named} of this URL: correct it", code="store_url")
    if not fatal and NO_SERVICE.search(reason):
        sentence = "the PostgreSQL client knows no such service: correct the URL, or the file of services"
        return Invalid(sentence, code="store_service")
    said = _brief(reason).removeprefix("connection failed: ").removeprefix("connection is bad: ")
    code, way = _why_not(where, reason, fatal=bool(fatal))
    if any(secret in said for secret in secrets):
        return unavailable(where, (code, f"no connection can be had: {way}"))
    return StoreUnavailable(
        f"{where}: no connection can be had ({said}): {way}", code=code, reasons=[Reason(SAID, said)]
    )


def _why_not(where: str, reason: str, *, fatal: bool) -> tuple[str, str]:
    """The code of a connection that was not made, and the way forward; ``fatal``: the server itself said why."""
    unencrypted = NOT_ENCRYPTED.search(reason) and NOT_TO_ENCRYPT.search(where)
    if unencrypted or (ENCRYPTED_ALONE if fatal else DISAGREE).search(reason):
        return "store_ssl", "the URL and the server must agree on SSL: look at sslmode, and at the server's settings"
    if any(words in reason for words in FULL_UP):
        return "store_full_up", "as many are connected as the server or the role lets in: close some, or allow more"
    if any(words in reason for words in STANDBY):
        return READ_ONLY
    if fatal and not any(words in reason for words in TEMPORARY):
        return REFUSED
    if ASKED_IN_VAIN in reason or WRONG_METHOD in reason:
        return REFUSED
    return "store_unreachable", "check that the server runs and its address"


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
