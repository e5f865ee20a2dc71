"""What a signal handler raises, wherever it cuts a session short, keeps nobody from writing afterwards."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from types import CodeType, FrameType
from typing import Any

import pytest

from installflow.errors import StoreUnavailable
from installflow.store import Store
from installflow.store import sqlite as sqlite_store
from installflow.store import sqlite_recorder as recorder
from tests.store.sample import event, numbered


class Cut(BaseException):
    """What a handler raises: a time limit, an interrupt."""


WHERE = frozenset({recorder.__file__, sqlite_store.__file__})


def _may_cut(frame: FrameType, what: str, given: Any) -> bool:
    if frame.f_code.co_filename not in WHERE or what not in ("call", "c_return"):
        return False
    going = frame.f_back is not None and "__del__" in (frame.f_code.co_name, frame.f_back.f_code.co_name)
    return not going and getattr(given, "__name__", "") != "acquire"


@contextmanager
def cut_at(number: int) -> Iterator[list[CodeType]]:
    """Raise at the so many-th place of the store's own code where Python lets a signal's handler run.

    These are the beginning of a function, and the end of what one of C's was called for. Two are left out, where
    nothing can be done: the instruction after a lock was taken, and an object that is going away.
    """
    left, reached = number, []

    def profile(frame: FrameType, what: str, given: Any) -> None:
        nonlocal left
        if _may_cut(frame, what, given):
            left -= 1
            if left == 0:
                sys.setprofile(None)
                reached.append(frame.f_code)
                raise Cut

    sys.setprofile(profile)
    try:
        yield reached
    finally:
        sys.setprofile(None)


@pytest.fixture(autouse=True)
def nobody_keeps_what_is_cut_while_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is raised while an object goes away is printed and forgotten; pytest would keep both."""
    monkeypatch.setattr(sys, "unraisablehook", lambda _raised: None)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, opener, file_url: str) -> Store:
    found: Store = opener(None if request.param == "memory" else file_url, lock_timeout=0.02, synchronous="NORMAL")
    return found


def test_after_a_cut_anywhere_the_same_thread_and_another_still_write(store: Store):
    """Every place is tried in turn until there is none left."""
    version, number, reached = 0, 0, True
    while reached:
        number += 1
        with cut_at(number) as cut, suppress(Cut):
            store.append([event(numbered(1), version + 1), event(numbered(2), version + 1)])
        reached = bool(cut)
        version = len(store.load(numbered(1)))
        assert version == len(store.load(numbered(2))), "both or neither"
        store.append([event(numbered(1), version + 1), event(numbered(2), version + 1)])
        version += 1
        with ThreadPoolExecutor(1) as another:
            another.submit(store.append, [event(numbered(100 + number))]).result()
    assert number > 20, "so many places there are"


def test_a_handler_that_uses_the_store_itself_takes_nothing_from_what_it_interrupts(store: Store):
    """It cannot wait for whom it interrupts, and is told so; what is interrupted is recorded, or an error."""
    asked: list[str] = []

    def handler(frame: FrameType, what: str, given: Any) -> None:
        if _may_cut(frame, what, given):
            sys.setprofile(None)
            try:
                store.append([event()])
                asked.append("done")
            except StoreUnavailable as error:
                asked.append(error.code)
            finally:
                sys.setprofile(handler)

    for number in range(1, 4):
        sys.setprofile(handler)
        try:
            store.append([event(numbered(number)), event(numbered(number), 2)])
        finally:
            sys.setprofile(None)
        assert len(store.load(numbered(number))) == 2
    assert {"done", "store_busy"} <= set(asked)
    assert store.position() == 3 * 2 + asked.count("done")
