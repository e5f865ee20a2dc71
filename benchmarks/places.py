"""Where stores lie: SQLite files at two durabilities, and schemas of a PostgreSQL server.

Each place makes an installflow, a plain `eventsourcing` and a bare table alike, all with the same durability.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit
from uuid import UUID, uuid4

from benchmarks import filling, plain_kept
from benchmarks.bare import Bare, PostgresBare, SQLiteBare, Synchronous, connected
from benchmarks.life import BY, DAYS, NEXT, NOW, finished, life, record
from benchmarks.measuring import Result, Run, Skipped
from benchmarks.plain import SQLITE_MODULE, PlainOrders, lived
from installflow import InstallFlow

OURS, PLAIN, NEW = "ours", "plain", "new"
"""Whose table of events a bare connection works on."""


class Place(ABC):
    """Somewhere stores are made."""

    name: str

    @abstractmethod
    def url(self, name: str) -> str:
        """The address of a store, made on the first asking."""

    @abstractmethod
    def plain_env(self, name: str) -> dict[str, str]:
        """What plain `eventsourcing` is told of its own."""

    @abstractmethod
    def bare(self, name: str, table: str) -> Bare:
        """A bare connection to a store: to ours, plain `eventsourcing`'s, or a new one (see ``OURS``, ``PLAIN``)."""

    @property
    def synchronous(self) -> Synchronous:
        """SQLite's durability; PostgreSQL's is its server's."""
        return "FULL"

    def opened(self, name: str) -> InstallFlow:
        """A flow, whose clock stands still."""
        return InstallFlow(self.url(name), synchronous=self.synchronous, clock=lambda: NOW)

    def plain(self, name: str, *, kept: bool = False) -> PlainOrders:
        """Orders on plain `eventsourcing`; with what our envelope keeps, or with their payload alone."""
        made = plain_kept.KeptOrders if kept else PlainOrders
        return made(self.plain_env(name), self.synchronous)

    def fill(self, name: str, orders: int, *, over: bool = False) -> list[UUID]:
        """Fill a store of ours with orders under way, or with orders that are over; answers their ids."""
        ids = filling.new_ids(orders)
        self.opened(name).close()
        self._copy(name, OURS, _our_lives(over=over), ids)
        return ids

    def fill_plain(self, name: str, orders: int, *, kept: bool = False) -> list[UUID]:
        """The same on plain `eventsourcing`."""
        ids = filling.new_ids(orders)
        self.plain(name).close()
        self._copy(name, PLAIN, _plain_lives(kept=kept), ids)
        return ids

    def _copy(self, name: str, table: str, lives: Sequence[filling.Life], ids: list[UUID]) -> None:
        bare = self.bare(name, table)
        try:
            filling.copies(lives, ids, bare.write)
        finally:
            bare.close()


class SQLitePlace(Place):
    """Files of a folder."""

    def __init__(self, folder: Path, synchronous: Synchronous) -> None:
        self.folder = folder
        self._synchronous = synchronous
        self.name = f"SQLite {synchronous}"

    @property
    def synchronous(self) -> Synchronous:
        """As it was made."""
        return self._synchronous

    def path(self, name: str) -> Path:
        """A store's file."""
        return self.folder / f"{name}-{self._synchronous}.db"

    def url(self, name: str) -> str:
        """See `Place`."""
        return f"sqlite:///{self.path(name)}"

    def plain_env(self, name: str) -> dict[str, str]:
        """See `Place`."""
        return {"PERSISTENCE_MODULE": SQLITE_MODULE, "SQLITE_DBNAME": str(self.path(name))}

    def bare(self, name: str, table: str) -> SQLiteBare:
        """See `Place`."""
        return SQLiteBare(self.path(name), self._synchronous, new=table == NEW)


class PostgresPlace(Place):
    """Schemas of a server, dropped at the end; with a ``prefix``, those another process made."""

    name = "PostgreSQL"

    def __init__(self, server: str, prefix: str | None = None) -> None:
        self.server = server
        self.prefix = prefix or f"bench_{uuid4().hex[:8]}"
        self._mine = prefix is None
        self._made: set[str] = set()

    def url(self, name: str) -> str:
        """See `Place`."""
        url = self._address(name)
        if self._mine and name not in self._made:
            self._schema(name)
            InstallFlow.init(url)
        return url

    def plain_env(self, name: str) -> dict[str, str]:
        """See `Place`."""
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415  # an extra

        self._schema(name)
        given = conninfo_to_dict(self.server)
        return {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(given.get("dbname") or "postgres"),
            "POSTGRES_HOST": str(given.get("host") or "localhost"),
            "POSTGRES_PORT": str(given.get("port") or 5432),
            "POSTGRES_USER": str(given.get("user") or "postgres"),
            "POSTGRES_PASSWORD": str(given.get("password") or ""),
            "POSTGRES_SCHEMA": self._named(name),
        }

    def bare(self, name: str, table: str) -> PostgresBare:
        """See `Place`."""
        tables = {OURS: "installflow_events", PLAIN: "plainorders_events", NEW: "events"}
        if table == NEW:
            self._schema(name)
        return PostgresBare(self._address(name), tables[table], new=table == NEW)

    def close(self) -> None:
        """Drop the schemas."""
        for name in self._made:
            self._execute(f"DROP SCHEMA {self._named(name)} CASCADE")
        self._made.clear()

    def _named(self, name: str) -> str:
        return f"{self.prefix}_{name}".replace("-", "_").lower()

    def _address(self, name: str) -> str:
        parts = urlsplit(self.server)
        query = [*parse_qsl(parts.query), ("options", f"-csearch_path={self._named(name)}")]
        return urlunsplit(parts._replace(query=urlencode(query, safe="/", quote_via=quote)))

    def _schema(self, name: str) -> None:
        if self._mine and name not in self._made:
            self._execute(f"CREATE SCHEMA {self._named(name)}")
            self._made.add(name)

    def _execute(self, statement: str) -> None:
        connection = connected(self.server)
        connection.execute("SET client_min_messages = warning")
        connection.execute(statement)
        connection.close()


@cache
def _our_lives(*, over: bool) -> list[filling.Life]:
    make = finished if over else life
    with TemporaryDirectory() as folder:
        place = SQLitePlace(Path(folder), "NORMAL")
        with place.opened("lives") as flow:
            record(flow, [make(filling.MARK, day) for day in range(DAYS)])
        return _lives(place.bare("lives", OURS))


@cache
def _plain_lives(*, kept: bool) -> list[filling.Life]:
    made = plain_kept.lived if kept else lived
    with TemporaryDirectory() as folder:
        place = SQLitePlace(Path(folder), "NORMAL")
        plain = place.plain("lives", kept=kept)
        for day in range(DAYS):
            plain.save(made(filling.MARK, day))
        plain.close()
        return _lives(place.bare("lives", PLAIN))


def _lives(bare: Bare) -> list[filling.Life]:
    """The orders of a small store, in the order they were begun."""
    lives: dict[str, list[tuple[str, bytes]]] = {}
    for one, _, topic, state in bare.events():
        lives.setdefault(one, []).append((topic, state))
    bare.close()
    return list(lives.values())


def next_rows(place: Place, name: str) -> tuple[str, bytes]:
    """The topic and bytes our next command stores, from a store of its own."""
    (one,) = place.fill(name, 1)
    with place.opened(name) as flow:
        flow.record(one, NEXT, by=BY)
    bare = place.bare(name, OURS)
    *_, state = bare.states()
    bare.close()
    return NEXT.topic, state


Measure = Callable[[Place, Run], list[Result]]


def everywhere(run: Run, measure: Measure, what: str, synchronous: Sequence[Synchronous] = ()) -> list[Result]:
    """Measure in SQLite files and on PostgreSQL; without a server that part is said to be skipped."""
    results: list[Result] = []
    for durability in synchronous or tuple(reversed(get_args(Synchronous))):
        results += measure(SQLitePlace(run.folder, durability), run)
    if run.postgres is None:
        return [*results, Skipped(f"{what} on PostgreSQL", "no server: give --postgres URL")]
    place = PostgresPlace(run.postgres)
    try:
        return [*results, *measure(place, run)]
    finally:
        place.close()
