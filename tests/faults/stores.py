"""Stores put between a flow and its own, to see or to spoil what passes: never a switch in the code itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from installflow import InstallFlow
from installflow.projections import Projections


class Wrapped:
    """A store that passes everything on; a subclass spoils a method by defining it, or `called` for all."""

    def __init__(self, store: Any) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.store, name)
        if not callable(method):
            return method
        return lambda *given, **named: self.called(name, lambda: method(*given, **named))

    def called(self, name: str, call: Callable[[], Any]) -> Any:
        """Do one call."""
        del name
        return call()


def rewired(flow: InstallFlow, store: Any) -> InstallFlow:
    """The flow, with another store behind everything it does."""
    flow._store = flow._engine.store = store
    flow._projections = Projections(store, flow._mapper, tuple(flow._projections.views.values()))
    return flow
