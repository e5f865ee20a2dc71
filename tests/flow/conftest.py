"""Every behaviour of the flow is tried in memory, on a file and on PostgreSQL: see `tests.postgres`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from installflow import InstallFlow, Policy
from installflow.testing.clock import FixedClock

Opener = Callable[..., InstallFlow]


@pytest.fixture
def opened(clock: FixedClock) -> Iterator[Opener]:
    """Open flows on the fixed clock; all are closed at the end."""
    with ExitStack() as stack:

        def open_flow(url: str | None = None, **options: Any) -> InstallFlow:
            return stack.enter_context(InstallFlow(url, **{"clock": clock, "synchronous": "NORMAL", **options}))

        yield open_flow


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    """For what is about files."""
    return f"sqlite:///{tmp_path / 'orders.db'}"


@pytest.fixture
def flow(opened: Opener, store_url: str | None, policies: list[Policy]) -> InstallFlow:
    return opened(store_url, policies=policies)
