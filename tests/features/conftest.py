"""Every example of the features is played in memory, on a file and on PostgreSQL: see `tests.postgres`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from installflow import InstallFlow, Policy
from installflow.testing.clock import FixedClock


@pytest.fixture(autouse=True)
def place(store_url: str | None) -> str | None:
    """The scenario's store: asked for by itself, for a step asks for the flow long after pytest has counted stores."""
    return store_url


@pytest.fixture
def flow(place: str | None, clock: FixedClock, policies: list[Policy]) -> Iterator[InstallFlow]:
    """The plugin's flow, on the scenario's store."""
    with InstallFlow(place, policies=policies, clock=clock, synchronous="NORMAL") as flow:
        yield flow
