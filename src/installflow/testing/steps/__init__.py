"""The French steps, as a pytest plugin: name it in the ``pytest_plugins`` of a project's root conftest.

docs/reference/features.md lists them. A project adds its people by overriding the fixture `people`, its partners by
overriding `policies`, and its own steps beside these.
"""

from __future__ import annotations

import pytest

from installflow.testing.clock import FixedClock
from installflow.testing.world import PEOPLE, World

pytest_plugins = [
    "installflow.testing.steps.past",
    "installflow.testing.steps.acting",
    "installflow.testing.steps.outcomes",
    "installflow.testing.steps.screens",
    "installflow.testing.steps.spreadsheet",
]


@pytest.fixture
def people() -> dict[str, str]:
    """Who acts in the features, and in which role."""
    return dict(PEOPLE)


@pytest.fixture
def world(request: pytest.FixtureRequest, clock: FixedClock, people: dict[str, str]) -> World:
    """What the steps of one scenario share."""
    return World(request, clock, people)
