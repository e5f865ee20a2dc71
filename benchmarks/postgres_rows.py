"""Rows of views in tables of PostgreSQL, and their tracking, as a view of `eventsourcing`'s runner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from psycopg.sql import SQL, Identifier


class PostgresRows(PostgresTrackingRecorder):
    """See `benchmarks.runner.Table`."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        table = {
            "schema": Identifier(datastore.schema),
            "rows": Identifier(f"{self.tracking_table_name}_rows"),
        }
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS {schema}.{rows} (view text, id uuid, row bytea, PRIMARY KEY (view, id))"
            ).format(**table)
        )
        self._select = SQL("SELECT row FROM {schema}.{rows} WHERE view = %s AND id = %s").format(**table)
        self._upsert = SQL(
            "INSERT INTO {schema}.{rows} VALUES (%s, %s, %s) ON CONFLICT (view, id) DO UPDATE SET row = excluded.row"
        ).format(**table)

    def row(self, view: str, one: UUID) -> bytes | None:
        """See `benchmarks.runner.Table`."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            found = cursor.execute(self._select, (view, one), prepare=True).fetchone()
            return bytes(found["row"]) if found else None

    def keep(self, rows: Sequence[tuple[str, UUID, bytes]], tracking: Tracking) -> None:
        """See `benchmarks.runner.Table`."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            for row in rows:
                cursor.execute(self._upsert, row, prepare=True)
