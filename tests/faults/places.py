"""Where the store of a fault lives, and how the same place is opened again and again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from installflow import InstallFlow
from tests.postgres_server import Server

STORES = ("memory", "sqlite", "postgres")


@dataclass(frozen=True, slots=True)
class Place:
    """A store of a kind: its URL, none when it lives in memory, and a folder for what goes with it."""

    store: str
    url: str | None
    folder: Path
    server: Server | None = None
    """A server of the fault's own, to be hurt."""

    def open(self, **options: Any) -> InstallFlow:
        """A flow on it."""
        return InstallFlow(self.url, **options)

    @property
    def address(self) -> str:
        """Its URL, for another process."""
        assert self.url is not None, "a store in memory is one process's own"
        return self.url

    @property
    def file(self) -> Path:
        """Its database file."""
        return Path(self.address.removeprefix("sqlite:///"))


def memory(folder: Path) -> Place:
    """A place in memory: each opening is a store of its own."""
    return Place("memory", None, folder)


def sqlite(folder: Path) -> Place:
    """A new database file."""
    return Place("sqlite", f"sqlite:///{folder / uuid4().hex}.db", folder)


def postgres(server: Server, folder: Path) -> Place:
    """A new schema on a server of the fault's own, which takes it along when it goes."""
    import psycopg  # an extra: the faults of SQLite do without

    schema = f"fault_{uuid4().hex}"
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(f"CREATE SCHEMA {schema}".encode())
    url = f"{server.url}&options=-csearch_path%3D{schema}"
    InstallFlow.init(url)
    return Place("postgres", url, folder, server)
