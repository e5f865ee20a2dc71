"""Reactions: an event recorded here, and the events recorded there with it, in one unit of work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from uuid import UUID

    from installflow.workflow.aggregate import Aggregate
    from installflow.workflow.event import Event, Recorded


class Change(NamedTuple):
    """One event just decided: the aggregate before and after it, and the parameters of the policy in force."""

    before: Any
    after: Any
    recorded: Recorded
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """An event to record on another aggregate because of a change."""

    aggregate: type[Aggregate]
    id: UUID
    event: Event


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a change here does there.

    A ``required`` one belongs to the command: when its target refuses, the whole command is refused. Otherwise
    the cause stands and the target keeps an alert with the reasons, or the aggregate it comes from where the target is
    not there yet or keeps none. Never run on replay or rebuild.
    """

    name: str
    on: frozenset[type[Event]]
    effects: Callable[[Change], Iterable[Effect]]
    required: bool


def reaction(*on: type[Event], required: bool = False) -> Callable[[Callable[[Change], Iterable[Effect]]], Reaction]:
    """Declare the decorated function as a reaction to these events."""

    def declare(effects: Callable[[Change], Iterable[Effect]]) -> Reaction:
        return Reaction(effects.__name__, frozenset(on), effects, required)

    return declare
