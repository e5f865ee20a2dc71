"""Opens the store a URL names, makes one, brings one up to date."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from installflow.errors import Invalid, StoreUnavailable
from installflow.store import sqlite_faults as faults
from installflow.store import sqlite_schema
from installflow.store.sqlite import SQLiteStore
from installflow.store.store import Store

if TYPE_CHECKING:
    from types import ModuleType

SQLITE: Final = "sqlite:///"
MEMORY: Final = "sqlite:///:memory:"
POSTGRES: Final = ("postgresql:", "postgres:")

PATIENCE: Final = 5
"""How many seconds to wait for another writer, unless the caller says otherwise."""

SECRETS: Final = frozenset({"password", "sslpassword"})
"""Parameters of a URL that are never shown."""

UNREADABLE: Final = (
    "this URL cannot be read: a PostgreSQL URL is "
    "postgresql://<user>:<password>@<host>:<port>/<database>?<parameter>=<value>; write @ : / ? # = & and % inside a "
    "part as %40 %3A %2F %3F %23 %3D %26 and %25, as in ?options=-csearch_path%3Dorders"
)

DB_FUNCTIONS: Final = "POSTGRES_ENABLE_DB_FUNCTIONS"
NO: Final = frozenset({"", "0", "n", "no", "f", "false", "off"})


def open_store(
    url: str | None, *, synchronous: Literal["FULL", "NORMAL"] = "FULL", lock_timeout: float = PATIENCE
) -> Store:
    """Open the store at ``url``; ``None`` opens one in memory, of its own.

    ``sqlite:///orders.db`` is relative to the current folder, ``sqlite:////var/lib/orders.db`` is absolute.
    The path is taken to the letter: ``%``, ``?`` and ``#`` are characters like the others. A file is made on
    first use. ``postgresql://user:password@host/database`` has to be made first, by `init_store`.
    ``lock_timeout`` is how many seconds to wait for another writer.
    """
    given: object = synchronous  # what a caller without types may pass
    if given not in ("FULL", "NORMAL"):
        raise Invalid(f"synchronous is 'FULL' or 'NORMAL', not {given!r}")
    patience: object = lock_timeout  # as above
    if isinstance(patience, bool) or not isinstance(patience, int | float) or not 0 <= patience < math.inf:
        raise Invalid(f"lock_timeout is a number of seconds, 0 or more, not {patience!r}")
    if url is None or url == MEMORY:
        return SQLiteStore(MEMORY, None, synchronous=synchronous, lock_timeout=lock_timeout)
    if _is_postgres(url):
        postgres = _postgres()  # first: a driver that is missing is told as such
        store: Store = postgres.PostgresStore(_shown(url), url, synchronous=synchronous, lock_timeout=lock_timeout)
        return store
    return SQLiteStore(url, _path(url), synchronous=synchronous, lock_timeout=lock_timeout)


def init_store(url: str, *, lock_timeout: float = PATIENCE) -> bool:
    """Make the store at ``url``, whoever else is at it; whether it was made now."""
    if _is_postgres(url):
        made: bool = _postgres().init(_shown(url), url, lock_timeout=lock_timeout)
        return made
    path = _path(url)
    there = path.exists() and path.stat().st_size > 0
    open_store(url, lock_timeout=lock_timeout).close()
    return not there


def upgrade_store(url: str, *, lock_timeout: float = PATIENCE) -> tuple[int, int]:
    """Bring the tables at ``url`` to today's format; answers the formats before and after."""
    if _is_postgres(url):
        formats: tuple[int, int] = _postgres().upgrade(_shown(url), url, lock_timeout=lock_timeout)
        return formats
    return sqlite_schema.upgrade(url, _path(url), patience=lock_timeout), sqlite_schema.FORMAT


def _is_postgres(url: str) -> bool:
    given: object = url  # what a caller without types may pass
    if not isinstance(given, str):
        told = f"a store's URL is a text, not {type(given).__name__}: for a file, f'sqlite:///{{path}}'"
        raise Invalid(told, code="store_url")
    return url.startswith(POSTGRES)


def _path(url: str) -> Path:
    path = url.removeprefix(SQLITE)
    if path == url or not path.strip() or "\0" in path:
        # The URL itself is not repeated: it may hold a password.
        raise Invalid(
            "a store's URL is sqlite:///<relative path>, sqlite:////<absolute path> or "
            "postgresql://<user>@<host>/<database>; give none for a store in memory",
            code="store_url",
        )
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        raise Invalid("this URL of a store has characters no path can have", code="store_url") from None
    try:
        return Path(path).absolute()
    except OSError as error:  # a relative path has no meaning in a folder that was deleted
        raise faults.unavailable(url, sqlite_schema.NO_FOLDER) from error


def _postgres() -> ModuleType:
    """The PostgreSQL store's module, imported on first use: what it needs is an extra."""
    if os.environ.get(DB_FUNCTIONS, "").strip().lower() not in NO:
        raise StoreUnavailable(
            f"{DB_FUNCTIONS} is set: eventsourcing would then record events without the lock on their table, and "
            "whoever reads the log would miss some; unset it",
            code="store_db_functions",
        )
    try:
        from installflow.store import postgres  # noqa: PLC0415 - an extra: SQLite must work without it
    except ImportError as error:
        raise StoreUnavailable(
            f"PostgreSQL needs a driver ({error}): pip install 'installflow[postgres]'", code="store_postgres_missing"
        ) from error
    return postgres


def _shown(url: str) -> str:
    """A PostgreSQL URL without its passwords, as errors show it; refuses one that cannot be read.

    Nothing of an unreadable URL is repeated: what was meant as a password may stand anywhere in it.
    """
    from psycopg import ProgrammingError  # noqa: PLC0415 - as above
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        read, parts = conninfo_to_dict(url), urlsplit(url)
    except (ProgrammingError, UnicodeError, ValueError):
        raise Invalid(UNREADABLE, code="store_url") from None
    ports = str(read.get("port") or "").replace(",", "")
    at_server = url.count("@") == parts.netloc.count("@") <= 1
    if not at_server or parts.fragment or "\0" in url or not (ports + "0").isdecimal():
        # Where libpq and we would split it differently, a part of a password would be taken for something to show.
        raise Invalid(UNREADABLE, code="store_url")
    if not SECRETS.intersection(read):
        return url
    user, at, server = parts.netloc.rpartition("@")
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in SECRETS]
    shown = parts._replace(
        netloc=f"{user.partition(':')[0]}{at}{server}", query=urlencode(query, safe="/,", quote_via=quote)
    )
    return urlunsplit(shown)
