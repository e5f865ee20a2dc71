"""What each partner adds to the order's workflow: one file per partner, found by being here (R-BOARD-05)."""

from __future__ import annotations

import importlib
import pkgutil

from installflow.workflow.policy import Policy

DEFAULT = Policy("défaut")
"""The policy of any partner without one of its own."""


def shipped_policies() -> tuple[Policy, ...]:
    """The ``POLICY`` of every file of this package."""
    found = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return tuple(module.POLICY for module in found)
