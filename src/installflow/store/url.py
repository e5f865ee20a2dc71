"""Opens the store a URL names."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from installflow.errors import Invalid, StoreUnavailable
from installflow.store import sqlite_faults as faults
from installflow.store.sqlite import SQLiteStore
from installflow.store.sqlite_schema import NO_FOLDER
from installflow.store.store import Store

SQLITE: Final = "sqlite:///"
MEMORY: Final = "sqlite:///:memory:"
POSTGRES: Final = ("postgresql:", "postgres:", "postgresql+")


def open_store(url: str | None, *, synchronous: Literal["FULL", "NORMAL"] = "FULL", lock_timeout: int = 5) -> Store:
    """Open the store at ``url``, made on first use; ``None`` opens one in memory, of its own.

    ``sqlite:///orders.db`` is relative to the current folder, ``sqlite:////var/lib/orders.db`` is absolute.
    The path is taken to the letter: ``%``, ``?`` and ``#`` are characters like the others. ``lock_timeout``
    is how many seconds to wait for another writer.
    """
    given: tuple[object, object] = (url, synchronous)  # what a caller without types may pass
    if not isinstance(given[0], str | None) or given[1] not in ("FULL", "NORMAL"):
        raise Invalid("a store is opened by its URL, a text, with synchronous FULL or NORMAL", code="store_url")
    if url is None or url == MEMORY:
        return SQLiteStore(MEMORY, None, synchronous=synchronous, lock_timeout=lock_timeout)
    if url.startswith(POSTGRES):
        raise StoreUnavailable(
            "PostgreSQL is not supported yet: use sqlite:///<path>, or no URL for a store in memory",
            code="store_postgres_missing",
        )
    path = url.removeprefix(SQLITE)
    if path == url or not path.strip() or "\0" in path:
        # The URL itself is not repeated: it may hold a password.
        raise Invalid(
            "a store's URL is sqlite:///<relative path> or sqlite:////<absolute path>; give none for a store in memory",
            code="store_url",
        )
    try:
        absolute = Path(path).absolute()
    except OSError as error:  # a relative path has no meaning in a folder that was deleted
        raise faults.unavailable(url, NO_FOLDER) from error
    return SQLiteStore(url, absolute, synchronous=synchronous, lock_timeout=lock_timeout)
