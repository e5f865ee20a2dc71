"""The only door to the event store, and the only importer of `eventsourcing`, `sqlite3` and `psycopg`."""

from __future__ import annotations

from installflow.store.store import Row, Store, VersionTaken, ViewSnapshot
from installflow.store.url import init_store, open_store, upgrade_store

__all__ = ["Row", "Store", "VersionTaken", "ViewSnapshot", "init_store", "open_store", "upgrade_store"]
