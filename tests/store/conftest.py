"""The three kinds of store every behaviour is tried on, each closed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from installflow.store import Store, open_store
from tests.postgres import on, place_of

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


@pytest.fixture(params=[on(kind, covered=True) for kind in ("memory", "file", "postgres")])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    """As everywhere, but each counts for coverage: here the stores are what is tested."""
    return place_of(request, tmp_path)


@pytest.fixture
def store(store_url: str | None, opener: Opener) -> Store:
    return opener(store_url, synchronous="NORMAL")
