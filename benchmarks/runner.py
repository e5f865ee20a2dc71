"""The three views kept by `eventsourcing`'s own means: a projection, and a view that records what it has tracked.

The folds, the rows and their bytes are ours, so that the work of a view is the same; events, mapper, transcoder,
notification log, tracking and transactions are the library's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from eventsourcing.persistence import Tracking
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder
from eventsourcing.utils import get_topic

from benchmarks.bare import Synchronous
from benchmarks.life import BY, NOW
from benchmarks.places import Place
from benchmarks.plain import PlainOrder, PlainOrders
from installflow.app import VIEWS
from installflow.orders import (
    CollecteCompleted,
    CollecteStarted,
    CommentAdded,
    OrderReceived,
    ParcelSent,
    ReminderSet,
    StagingCompleted,
    VisitScheduled,
)
from installflow.orders.terms import OrderStatus
from installflow.workflow.event import Event, Recorded

OURS: dict[str, tuple[type[Event], str | None]] = {
    "Received": (OrderReceived, OrderStatus.NEW.value),
    "CollecteStarted": (CollecteStarted, OrderStatus.COLLECTE.value),
    "CollecteCompleted": (CollecteCompleted, OrderStatus.STAGING.value),
    "StagingCompleted": (StagingCompleted, OrderStatus.TO_PLAN.value),
    "ReminderSet": (ReminderSet, None),
    "CommentAdded": (CommentAdded, None),
    "ParcelSent": (ParcelSent, None),
    "VisitScheduled": (VisitScheduled, None),
}
"""What each event of a plain order is to our folds: its class, and the status it reaches."""

POLL_SECONDS = 0.02
ENVELOPE = frozenset({"originator_id", "originator_version", "originator_topic", "timestamp"})


def recorded(happened: Any) -> Recorded:
    """A plain event as our folds take it."""
    event_type, status = OURS[type(happened).__name__]
    payload = {name: value for name, value in vars(happened).items() if name not in ENVELOPE}
    return Recorded(
        id=happened.originator_id,
        version=happened.originator_version,
        event_type=event_type,
        event=event_type.model_validate(payload),
        status=status,
        by=BY,
        recorded_at=NOW,
    )


class Table(Protocol):
    """Where a projection keeps rows: read one, and write some with the tracking in one transaction."""

    def row(self, view: str, one: UUID) -> bytes | None:
        """A stored row."""

    def keep(self, rows: Sequence[tuple[str, UUID, bytes]], tracking: Tracking) -> None:
        """Write rows and what was tracked."""


def fold(table: Table, views: Sequence[Any], happened: Any, tracking: Tracking) -> None:
    """What a projection does with one event, for the views it keeps: one transaction."""
    told = recorded(happened)
    rows = []
    for view in views:
        if told.topic not in view.topics:
            continue
        before = table.row(view.key, told.id)
        after = view.fold(None if before is None else view.decode(before), told)
        if after is not None:
            rows.append((view.key, told.id, view.encode(after)))
    table.keep(rows, tracking)


class SQLiteRows(SQLiteTrackingRecorder):
    """Rows of views in a file, and their tracking."""

    def construct_create_table_statements(self) -> list[str]:
        """The library's tables, and ours."""
        return [
            *super().construct_create_table_statements(),
            "CREATE TABLE IF NOT EXISTS rows (view TEXT, id TEXT, row BLOB, PRIMARY KEY (view, id)) WITHOUT ROWID",
        ]

    def row(self, view: str, one: UUID) -> bytes | None:
        """See `Table`."""
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute("SELECT row FROM rows WHERE view = ? AND id = ?", (view, one.hex))
            found = cursor.fetchone()
            return found[0] if found else None

    def keep(self, rows: Sequence[tuple[str, UUID, bytes]], tracking: Tracking) -> None:
        """See `Table`."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            for view, one, row in rows:
                cursor.execute("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", (view, one.hex, row))


def on_sqlite(
    app: PlainOrders, place: Place, name: str, synchronous: Synchronous, groups: Sequence[Sequence[Any]], limit: int
) -> int:
    """Drive projections over a file by a loop (the library's runner needs a subscription, which SQLite has not).

    Each group of views is one projection, with its own file, tracking and transactions.
    """
    for number, views in enumerate(groups):
        path = place.plain_env(f"{name}-{number}")["SQLITE_DBNAME"]
        datastore = SQLiteDatastore(path)
        with datastore.get_connection(commit=True) as connection:
            connection.cursor().execute(f"PRAGMA synchronous = {synchronous}")
        table = SQLiteRows(datastore)
        table.create_table()
        done = 0
        while done < limit:
            start = table.max_tracking_id(app.name)
            notifications = app.recorder.select_notifications(start, min(100, limit - done), inclusive_of_start=False)
            for notification in notifications:
                fold(table, views, app.mapper.to_domain_event(notification), Tracking(app.name, notification.id))
            done += len(notifications)
        datastore.close()
    return limit


def on_postgres(place: Place, store: str, name: str, groups: Sequence[Sequence[Any]], events: int) -> int:
    """Run the library's own runner over a store, one for each group of views, all at once, until all is seen."""
    from benchmarks.postgres_rows import PostgresRows  # noqa: PLC0415  # needs psycopg, an extra

    runners = []
    for number, views in enumerate(groups):
        projection = _projection(f"{name}_{number}", views)
        runner = ProjectionRunner(
            application_class=PlainOrders,
            projection_class=projection,
            view_class=PostgresRows,
            env=place.plain_env(store),
        )
        last = runner.app.recorder.select_notifications(None, events, topics=projection.topics)[-1].id
        runners.append((runner, last))
    for runner, last in runners:
        with runner:
            while not runner.view.has_tracking_id(PlainOrders.name, last):
                runner.run_forever(timeout=POLL_SECONDS)
    return events


def _projection(called: str, views: Sequence[Any]) -> type[Projection[Any]]:
    class Views(Projection[Any]):
        name = called
        topics = tuple(
            get_topic(getattr(PlainOrder, event))
            for event, (event_type, _) in OURS.items()
            if any(event_type.topic in view.topics for view in views)
        )

        def process_event(self, domain_event: Any, tracking: Tracking) -> None:
            fold(self.view, views, domain_event, tracking)

    return Views


ONE_A_VIEW = [[view] for view in VIEWS]
"""A projection a view, as the library's runner has it: each with its own transactions and tracking."""

ALL_IN_ONE = [list(VIEWS)]
"""One projection written by hand for all of them."""
