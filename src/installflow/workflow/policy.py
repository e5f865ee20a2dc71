"""Policies: what one partner adds to a workflow, checked against it before anything is decided."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from installflow.errors import DeclarationError
from installflow.workflow.fields import Personal
from installflow.workflow.guard import events_read, name_of
from installflow.workflow.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from installflow.workflow.event import Event
    from installflow.workflow.guard import Guard
    from installflow.workflow.table import Workflow


@dataclass(frozen=True, slots=True)
class WaitAsked:
    """A wait a policy asks for: of which kind (one of its workflow's), and of whom."""

    kind: str
    of: Personal


@dataclass(frozen=True, slots=True)
class Policy:
    """What one partner adds: more guards, other waits, values of declared parameters; it deletes nothing.

    ``guards`` and ``waits`` are keyed by an event (class, name or trigger) or a status (member, value or label);
    a guard is a function, or the name of one the workflow has. ``spellings`` are other ways the partner's name
    is typed. Whatever does not exist or does not fit raises `DeclarationError` when the flow starts.
    """

    name: str
    spellings: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    guards: Mapping[Any, tuple[Guard | str, ...]] = field(default_factory=dict)
    waits: Mapping[Any, tuple[WaitAsked, ...]] = field(default_factory=dict)


class BoundPolicy:
    """A policy resolved against a workflow: its parameters with their defaults, its guards and waits by what they key.

    Raises `DeclarationError` naming everything in the policy that does not exist or does not fit.
    """

    def __init__(self, workflow: Workflow, policy: Policy) -> None:
        self._workflow = workflow
        self._known = workflow.guards()
        faults = [*self._shape(policy), *self._parameters(policy)] or [*self._guards(policy), *self._waits(policy)]
        if faults:
            raise DeclarationError(f"policy {policy.name!r}: " + "; ".join(faults))
        self.parameters = {**workflow.parameters, **policy.parameters}
        self.guards: dict[Any, tuple[Guard, ...]] = {
            self._key(key): tuple(guard if callable(guard) else self._known[guard] for guard in guards)
            for key, guards in policy.guards.items()
        }
        self.waits = {self._key(key): tuple(waits) for key, waits in policy.waits.items()}

    def _shape(self, policy: Any) -> Iterator[str]:
        if not isinstance(policy.name, str) or not policy.name.strip():
            yield "it has no name"
        if not isinstance(policy.spellings, tuple):
            yield f"spellings is a tuple of texts, not {policy.spellings!r}"
        for what in (policy.guards, policy.waits):
            for key, several in what.items():
                if not isinstance(several, tuple):
                    yield f"what is asked for {key!r} is a tuple, not {several!r}"

    def _parameters(self, policy: Policy) -> Iterator[str]:
        for name, value in policy.parameters.items():
            if name not in self._workflow.parameters:
                yield f"unknown parameter {name!r} (known: {', '.join(sorted(self._workflow.parameters))})"
                continue
            choices = self._workflow.choices.get(name)
            kind = type(self._workflow.parameters[name])
            if choices is not None and value not in choices:
                yield f"parameter {name!r} is one of {', '.join(map(repr, choices))}, not {value!r}"
            elif type(value) is not kind:
                yield f"parameter {name!r} takes {kind.__name__}, not {value!r}"

    def _guards(self, policy: Policy) -> Iterator[str]:
        for key, guards in policy.guards.items():
            if self._key(key) is None:
                yield self._stranger(key)
            for guard in guards:
                if not callable(guard):
                    if guard not in self._known:
                        yield f"unknown guard {guard!r} (known: {', '.join(sorted(self._known))})"
                elif not _takes(guard, 2 if events_read(guard) is None else 3):
                    yield f"guard {name_of(guard)!r} takes (aggregate, facts), and the event if it reads one"

    def _waits(self, policy: Policy) -> Iterator[str]:
        for key, waits in policy.waits.items():
            found = self._key(key)
            if found is None:
                yield self._stranger(key)
                continue
            for wait in waits:
                kind = getattr(wait, "kind", wait)
                if kind not in self._workflow.waits:
                    yield f"unknown kind of wait {kind!r} (known: {', '.join(sorted(self._workflow.waits))})"
            deaf = sorted(event.__name__ for event in self._leading(found) if "waits" not in event.model_fields)
            if waits and deaf:
                yield f"a wait asked for {key!r} could not be stored: {', '.join(deaf)} keeps none"

    def _leading(self, key: Any) -> set[type[Event]]:
        """The events a wait asked for this key would be stored with."""
        if not isinstance(key, Status):
            return {key}
        return {event for _, event, status in self._workflow.passages(back=False) if status is key}

    def _stranger(self, key: Any) -> str:
        return f"{key!r} is neither an event nor a status of workflow {self._workflow.name!r}"

    def _key(self, key: Any) -> Any:
        if isinstance(key, self._workflow.statuses):
            return key
        for event in self._workflow.events:
            if key in (event, event.__name__, event.trigger):
                return event
        for status in self._workflow.statuses:
            if key in (status.value, status.label):
                return status
        return None


def _takes(guard: Guard, count: int) -> bool:
    """Whether a function can be called with that many arguments."""
    try:
        inspect.signature(guard).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # a callable that tells nothing of its arguments
        return True
    return True
