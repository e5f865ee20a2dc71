"""Building every view again from the first event."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from benchmarks.life import Synchronous, database, fill, opened
from benchmarks.measuring import Figure, Side, Sizes, compare
from installflow.app import VIEWS
from installflow.store import Store, open_store
from installflow.store.mapper import Mapper


def run(sizes: Sizes, folder: Path) -> list[Figure]:
    """Time a rebuild of planning, agenda and billing together; an event counts once, though three views fold it."""
    path = folder / "ours.db"
    with opened(path, "FULL") as flow:
        fill(flow, sizes.rebuilt // 8)
        store, mapper = open_store(flow.url), Mapper(flow.registry)

        def ours(_round: int) -> int:
            flow.rebuild()
            return sizes.rebuilt

        bare = database(path, "FULL")

        def read(_round: int) -> int:
            rows = bare.execute("SELECT originator_id, originator_version, topic, state FROM stored_events")
            return sum(bool(from_json(state)) for _, _, _, state in rows)

        def one_by_one(synchronous: Synchronous) -> Side:
            def each(number: int) -> int:
                apart = folder / f"views-{synchronous}-{number}.db"
                return _one_transaction_an_event(store, mapper, apart, synchronous, sizes.one_by_one)

            return each

        others = {
            "the same folds, one transaction an event, FULL": one_by_one("FULL"),
            "the same folds, one transaction an event, NORMAL": one_by_one("NORMAL"),
            "reading every row and parsing its JSON": read,
        }
        try:
            return compare("rebuilding all views", "events", sizes.rounds, ours, others)
        finally:
            bare.close()
            store.close()


def _one_transaction_an_event(store: Store, mapper: Mapper, path: Path, synchronous: Synchronous, limit: int) -> int:
    """What a projection runner does, at its leanest: read the rows, fold, write them and the position, commit."""
    views = database(path, synchronous)
    views.execute("CREATE TABLE rows (view TEXT, id TEXT, row BLOB, PRIMARY KEY (view, id)) WITHOUT ROWID")
    views.execute("CREATE TABLE tracking (position INTEGER)")
    views.execute("INSERT INTO tracking VALUES (0)")
    events = store.log(0, limit)
    for stored in events:
        recorded = mapper.decode(stored)
        views.execute("BEGIN IMMEDIATE")
        for view in VIEWS:
            before = _row(views, view, recorded.id.hex)
            after: Any = view.fold(before, recorded)
            views.execute(
                "INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", (view.key, recorded.id.hex, view.encode(after))
            )
        views.execute("UPDATE tracking SET position = ?", (stored.position,))
        views.execute("COMMIT")
    views.close()
    return len(events)


def _row(views: sqlite3.Connection, view: Any, one: str) -> Any:
    found = views.execute("SELECT row FROM rows WHERE view = ? AND id = ?", (view.key, one)).fetchone()
    return view.decode(found[0]) if found else None
