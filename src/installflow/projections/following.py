"""A thread that keeps views ahead of their readers."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, Self

from installflow.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from installflow.store import Store
    from installflow.workflow.view import View

LONGEST_PAUSE = 5.0
"""Seconds between two attempts on a store that does not answer, at most."""

LASTING = frozenset({"store_closed", "store_forked", "store_replaced"})
"""What no waiting mends."""


class Follower:
    """Folds what is recorded into views as it comes, from a thread of its own; stop it, or use it in a ``with``.

    It asks the store for its last position every ``interval`` seconds, and folds when that moved. A store that goes
    away is asked again, ever less often, until it is back: `error` says what is wrong meanwhile. Several followers,
    in as many threads and processes, and readers beside them, fold each event once.
    """

    def __init__(
        self,
        store: Store,
        catch_up: Callable[[Sequence[View[Any]], Callable[[], bool]], int],
        views: Sequence[View[Any]],
        interval: float,
        stopping: threading.Event | None = None,
    ) -> None:
        self._store = store
        self._catch_up = catch_up
        self._views = views
        self._interval = interval
        self._opened_by = os.getpid()
        self._stopping = stopping or threading.Event()
        self._error: Exception | None = None
        self._folded = 0
        self._position = -1
        self._thread = threading.Thread(target=self._run, name="installflow-follower", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """The follower itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stop()

    @property
    def error(self) -> Exception | None:
        """What keeps it from following right now; ``None`` while it follows."""
        self._refuse_after_fork()
        return self._error

    @property
    def folded(self) -> int:
        """How many events it has folded itself, each counted once for each view that reads it."""
        self._refuse_after_fork()
        return self._folded

    @property
    def position(self) -> int:
        """How far the log had come when it last caught up with it; -1 before it did."""
        self._refuse_after_fork()
        return self._position

    @property
    def running(self) -> bool:
        """Whether it still follows: not once it was stopped, or its flow closed."""
        self._refuse_after_fork()
        return self._thread.is_alive()

    def stop(self) -> None:
        """End the thread, once it has written the chunk it is folding; again does nothing."""
        self._refuse_after_fork()
        self.end()

    def end(self) -> None:
        """As `stop`, for a flow that closes: in a forked process, whose thread it is not, nothing."""
        self._stopping.set()
        if os.getpid() == self._opened_by and threading.current_thread() is not self._thread:
            self._thread.join()

    def _refuse_after_fork(self) -> None:
        if os.getpid() != self._opened_by:
            msg = "this follower's thread stayed in the process that started it: open the store and follow again here"
            raise StoreUnavailable(msg, code="store_forked")

    def _run(self) -> None:
        seen, pause = -1, self._interval
        while not self._stopping.is_set():
            try:
                position = self._store.position()
                if position != seen:
                    self._folded += self._catch_up(self._views, self._stopping.is_set)
                    self._position = seen = position
            except Exception as error:  # noqa: BLE001  # a thread that dies is a view that stops without a word
                self._error = error
                if getattr(error, "code", "") in LASTING:
                    return
                seen, pause = -1, min(max(pause, self._interval) * 2, max(LONGEST_PAUSE, self._interval))
            else:
                self._error, pause = None, self._interval
            self._stopping.wait(pause)
