"""The two kinds of store every behaviour is tried on, each closed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from installflow.store import Store, open_store

Opener = Callable[..., Store]


@pytest.fixture
def opener() -> Iterator[Opener]:
    with ExitStack() as stack:

        def opened(url: str | None, **options: Any) -> Store:
            store = open_store(url, **options)
            stack.callback(store.close)
            return store

        yield opened


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'orders.db'}"


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, opener: Opener, file_url: str) -> Store:
    return opener(file_url if request.param == "file" else None, synchronous="NORMAL")
