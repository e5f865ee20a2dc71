"""The pytest plugin: an in-memory flow, a clock that stands still, people, a story to tell.

It is loaded in every pytest run of whoever installed installflow, so it imports nothing until a fixture is asked
for. The French steps are not part of it: a project that writes features names ``installflow.testing.steps`` in the
``pytest_plugins`` of its root conftest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from installflow import Actor, InstallFlow, Policy
    from installflow.testing.clock import FixedClock
    from installflow.testing.story import Story


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at nine on 2 March 2027 until it is set."""
    from installflow.testing.clock import FixedClock  # noqa: PLC0415  # see the module's docstring

    return FixedClock()


@pytest.fixture
def policies() -> list[Policy]:
    """The partners of the embedding application; override it, or add to it before the flow is asked for."""
    return []


@pytest.fixture
def flow(clock: FixedClock, policies: list[Policy]) -> Iterator[InstallFlow]:
    """A flow in memory, on the fixed clock, with the application's policies."""
    from installflow import InstallFlow  # noqa: PLC0415  # see the module's docstring

    with InstallFlow(policies=policies, clock=clock) as flow:
        yield flow


@pytest.fixture
def actor() -> Callable[..., Actor]:
    """Make people: ``actor()`` is Sonia who plans, ``actor("Karim", "technician")`` installs."""
    from installflow import Actor  # noqa: PLC0415  # see the module's docstring

    def make(name: str = "Sonia", role: str = "planner", **fields: str) -> Actor:
        return Actor(name, role=role, **fields)

    return make


@pytest.fixture
def story(flow: InstallFlow) -> Iterator[Story]:
    """Given, when, then on the flow, told by a planner; a refusal that nobody read fails the test."""
    from installflow.testing.story import Story  # noqa: PLC0415  # see the module's docstring

    story = Story(flow)
    yield story
    story.end()
