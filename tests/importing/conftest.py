from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from installflow import InstallFlow
from tests.importing.boards import Board


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with InstallFlow(clock=seconds()) as flow:
        yield Board(flow, tmp_path)


def seconds() -> Callable[[], dt.datetime]:
    now = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)

    def tick() -> dt.datetime:
        nonlocal now
        now += dt.timedelta(seconds=1)
        return now

    return tick
