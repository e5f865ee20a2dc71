"""The only door to the event store, and the only importer of `eventsourcing` and `sqlite3`."""

from __future__ import annotations

from installflow.store.store import Row, Store, VersionTaken, ViewSnapshot
from installflow.store.url import open_store

__all__ = ["Row", "Store", "VersionTaken", "ViewSnapshot", "open_store"]
