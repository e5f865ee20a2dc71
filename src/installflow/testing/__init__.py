"""For tests of applications that embed installflow: a pytest plugin, a given/when/then kit, the French steps.

As in `installflow`, the names below are imported when they are first used: the plugin is loaded in every pytest run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from installflow.testing.clock import FixedClock
    from installflow.testing.story import Story

_HOMES = {"FixedClock": "installflow.testing.clock", "Story": "installflow.testing.story"}

__all__ = ["FixedClock", "Story"]


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, imported already or not."""
    return sorted({*globals(), *__all__})
