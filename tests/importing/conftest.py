"""Every import is tried in memory, on a file and on PostgreSQL: see `tests.postgres`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from installflow import InstallFlow
from tests.importing.boards import Board

FreshStore = Callable[[], str | None]


@pytest.fixture
def board(tmp_path: Path, store_url: str | None) -> Iterator[Board]:
    with InstallFlow(store_url, clock=seconds(), synchronous="NORMAL") as flow:
        yield Board(flow, tmp_path)


def seconds() -> Callable[[], dt.datetime]:
    now = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)

    def tick() -> dt.datetime:
        nonlocal now
        now += dt.timedelta(seconds=1)
        return now

    return tick
