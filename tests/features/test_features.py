"""Binds every feature file to the French steps of `installflow.testing.steps`."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios(".")
