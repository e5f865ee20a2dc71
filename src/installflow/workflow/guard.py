"""Guards and facts: what must be true, why it is not, and what was looked at to know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from installflow.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from installflow.workflow.event import Event


Guard: TypeAlias = Callable[..., "str | None"]
"""A named pure function: ``(aggregate, facts)`` → ``None``, or the French sentence why not.

One marked with `reads_event` takes the event as a third argument. It sees the aggregate as it was before the event,
and neither a clock nor a store.
"""


def name_of(guard: Guard) -> str:
    """The guard's name, as refusals and stored workflow tables give it."""
    return str(getattr(guard, "__name__", guard))


G = TypeVar("G", bound=Callable[..., str | None])


def reads_event(*events: type[Event]) -> Callable[[G], G]:
    """Declare that a guard also reads these events: it is called with ``(aggregate, facts, event)``.

    For any other event it gets ``None``; `PolicyWorkflow.options` says "dépend de la saisie" for these only.
    """

    def mark(guard: G) -> G:
        guard.reads = frozenset(events)  # type: ignore[attr-defined]  # a mark on the function is the declaration
        return guard

    return mark


def events_read(guard: Guard) -> frozenset[type[Event]] | None:
    """The events a guard reads, or ``None`` for a guard of the aggregate and the facts alone."""
    return getattr(guard, "reads", None)


def unmet(guard: Guard, aggregate: Any, facts: Any, event: Event | None) -> str | None:
    """What one guard answers, called as it was declared; a faulty guard is named."""
    reads = events_read(guard)
    sentence: Any
    try:
        if reads is None:
            sentence = guard(aggregate, facts)
        else:
            sentence = guard(aggregate, facts, event if type(event) in reads else None)
    except Exception as error:
        error.add_note(f"raised by the guard {name_of(guard)!r}")
        raise
    if sentence is None:
        return None
    if not (isinstance(sentence, str) and sentence):
        msg = f"the guard {name_of(guard)!r} answered {sentence!r}: a guard answers None or a sentence"
        raise DeclarationError(msg)
    return str(sentence)


class Facts(Mapping[str, Any]):
    """What was looked up before deciding; it remembers what the guards read, which is stored with the event.

    A fact nobody provided is a fault of the declaration, so reading it raises `DeclarationError`.
    """

    __slots__ = ("_read", "_values")

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self._read: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        try:
            value = self._values[name]
        except KeyError:
            if name.startswith("__"):
                raise AttributeError(name) from None
            msg = f"a guard reads the fact or parameter {name!r}, which nothing declares"
            raise DeclarationError(msg) from None
        self._read.add(name)
        return value

    def __getitem__(self, name: str) -> Any:
        self._read.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def read(self) -> dict[str, Any] | None:
        """The facts read so far as JSON values, or ``None`` when none was."""
        return {name: as_json(self._values[name]) for name in sorted(self._read)} or None


def as_json(value: Any) -> Any:
    """A fact as it is stored: dates as ISO text, statuses and terms as their stored value."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (tuple, frozenset, set, list)):
        return [as_json(item) for item in value]
    return value
