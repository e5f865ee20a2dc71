"""Where each fault is tried: on a file and on PostgreSQL, in memory too where one process is enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.places import Place, memory, sqlite


def place_of(store: str, request: pytest.FixtureRequest) -> Place:
    folder: Path = request.getfixturevalue("tmp_path")
    if store == "postgres":
        return Place(store, request.getfixturevalue("postgres_url"), folder)
    return sqlite(folder) if store == "sqlite" else memory(folder)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> Place:
    """A store several processes may open."""
    return place_of(request.param, request)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def any_place(request: pytest.FixtureRequest) -> Place:
    return place_of(request.param, request)


@pytest.fixture
def file_place(tmp_path: Path) -> Place:
    return sqlite(tmp_path)


@pytest.fixture
def in_memory(tmp_path: Path) -> Place:
    return memory(tmp_path)
