"""Binds every feature file to the French steps of `installflow.testing.steps`."""

from __future__ import annotations

import pytest
from pytest_bdd import scenarios

# What the examples show of the trade is covered line by line by tests/orders and tests/flow: not traced once more.
pytestmark = pytest.mark.no_cover

scenarios(".")
