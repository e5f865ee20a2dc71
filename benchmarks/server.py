"""The PostgreSQL that is measured: an address that was given, or a throw-away server that is durable."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from tests.postgres_server import CannotRun, Server, candidates, new_folder

ADDRESS = "INSTALLFLOW_TEST_POSTGRES"
SETTINGS = {
    # As PostgreSQL comes, and as it is to be run: a commit is on the disk when it is acknowledged.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "listen_addresses": "",
    "max_connections": "200",
    "log_min_messages": "warning",
}


class DurableServer(Server):
    """A server for measuring commits: nothing is switched off."""

    settings = SETTINGS


@contextmanager
def postgres(given: str | None) -> Iterator[tuple[str | None, str]]:
    """The address of a server while it is needed, and what it is; without one, why."""
    address = given or os.environ.get(ADDRESS)
    if address:
        yield address, f"the server at {'--postgres' if given else ADDRESS}, {_durability(address)}"
        return
    reasons = []
    for programs in candidates():
        folder = new_folder()
        server = DurableServer(programs, folder)
        try:
            server.create()
            server.start()
            yield server.url, f"a server of its own ({_durability(server.url)})"
        except CannotRun as error:
            reasons.append(f"{programs}: {error}")
            continue
        else:
            return
        finally:
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)
    yield None, "; ".join(reasons) or "no PostgreSQL was found on this machine"


def _durability(address: str) -> str:
    """Its version, and whether a commit waits for its disk."""
    import psycopg  # noqa: PLC0415  # an extra

    with psycopg.connect(address) as connection:
        settings = [connection.execute(f"SHOW {name}").fetchone() for name in ("server_version", "fsync")]
        version, fsync = [row[0].split()[0] for row in settings if row]
        return f"PostgreSQL {version}, fsync {fsync}"
