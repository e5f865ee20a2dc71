"""A door to PostgreSQL that can be shut at any request: before it goes through, while it is served, or after."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import quote, urlencode

from tests.faults.processes import DEADLINE

PORT: Final = "5432"
CHUNK: Final = 1 << 16
TICK: Final = 0.05

Moment = Literal["before", "during", "after"]
"""When the line is cut: the request never arrives, it is served and nobody hears of it, its answer is swallowed."""

Trigger = Callable[[bytes], bool]


def nth(number: int) -> Trigger:
    """The n-th request."""
    seen = 0

    def is_it(_: bytes) -> bool:
        nonlocal seen
        seen += 1
        return seen == number

    return is_it


def append() -> Trigger:
    """The request that executes an append: the one after its statement is prepared."""
    prepared = False

    def is_it(request: bytes) -> bool:
        nonlocal prepared
        before, prepared = prepared, b"installflow_append" in request
        return before

    return is_it


class Proxy:
    """Passes connections on to a server until told to cut one; in a thread for each."""

    def __init__(self, url: str, folder: Path) -> None:
        from psycopg.conninfo import conninfo_to_dict  # an extra: the faults of SQLite do without

        self._given = conninfo_to_dict(url)
        self._folder = folder
        self._trigger: Trigger | None = None
        self._moment: Moment = "before"
        self._deaf = False
        self._open = True
        self.cuts = 0
        self._busy = 0
        self._served = threading.Condition()
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(folder / f".s.PGSQL.{PORT}"))
        self._door.listen(32)
        self._threads = [threading.Thread(target=self._welcome)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        for thread in self._threads:
            thread.join(DEADLINE)
        self._door.close()

    @property
    def url(self) -> str:
        """The address through this door."""
        given = {name: value for name, value in self._given.items() if value is not None}
        return "postgresql:///?" + urlencode(given | {"host": str(self._folder), "port": PORT}, quote_via=quote)

    def cut(self, trigger: Trigger, moment: Moment, *, deaf: bool = False) -> None:
        """Cut the line at a request to come; ``deaf``, let nobody in from then on, until mended."""
        self.cuts, self._moment, self._deaf = 0, moment, deaf
        self._trigger = trigger

    def mend(self) -> None:
        """Let everybody through again, once the server has done all that was asked of it."""
        self._trigger, self._deaf = None, False
        with self._served:
            assert self._served.wait_for(lambda: not self._busy, DEADLINE), "the server still works"

    @property
    def _is_shut(self) -> bool:
        return self._deaf and self.cuts > 0

    def _welcome(self) -> None:
        while self._open:
            if select.select([self._door], [], [], TICK)[0]:
                client, _ = self._door.accept()
                if self._is_shut:
                    client.close()
                    continue
                thread = threading.Thread(target=self._serve, args=(client,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, self._connected() as server:
            while self._open and not self._is_shut:
                ready, _, _ = select.select([client, server], [], [], TICK)
                if server in ready:
                    answer = server.recv(CHUNK)
                    client.sendall(answer)
                    if not answer:
                        return
                if client in ready:
                    request = client.recv(CHUNK)
                    if not request:
                        return
                    if self._trigger is not None and self._trigger(request):
                        self._cut(client, server, request)
                        return
                    server.sendall(request)

    def _cut(self, client: socket.socket, server: socket.socket, request: bytes) -> None:
        """Cut the client off; the server's side stays open until it has answered, so that it is known to be done."""
        with self._served:
            self._busy += 1
        try:
            self._trigger = None
            self.cuts += 1
            if self._moment == "before":
                client.close()
                return
            server.sendall(request)
            if self._moment == "during":
                client.close()
            server.settimeout(DEADLINE)
            server.recv(CHUNK)
        finally:
            with self._served:
                self._busy -= 1
                self._served.notify_all()

    def _connected(self) -> socket.socket:
        host, port = str(self._given.get("host") or "localhost"), str(self._given.get("port") or PORT)
        if not host.startswith("/"):
            return socket.create_connection((host, int(port)))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server
