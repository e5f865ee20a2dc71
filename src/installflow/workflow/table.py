"""The declared table of a lifecycle: event × source status → target, checked when it is declared.

`transitions` holds the table; one machine is compiled once to a plain dict, which is what decisions read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from transitions import Machine

from installflow.errors import DeclarationError
from installflow.workflow.event import Event
from installflow.workflow.guard import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from installflow.workflow.guard import Guard
    from installflow.workflow.status import Status


class _Special:
    """A target that is not a status of its own."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


PREVIOUS: Final = _Special("PREVIOUS")
"""The status the aggregate left at its last stand-by; it is the aggregate that remembers it."""

SAME: Final = _Special("SAME")
"""The status as it is: the event closes a wait or notes a fact, and moves nothing."""


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a transition.

    ``guards`` must hold to go there. ``when`` must hold too for the target to be chosen by itself; an actor who
    names the target needs only its guards. ``only_named`` is never chosen by itself. Where a ``wanted`` one does not
    hold, whoever recorded the event is told why another was taken. ``among`` gives, for
    `PREVIOUS`, the statuses that can come back, each with the guards checked again on return.
    """

    to: Status | _Special
    guards: tuple[Guard, ...] = ()
    when: tuple[Guard, ...] = ()
    only_named: bool = False
    wanted: bool = False
    among: Mapping[Any, tuple[Guard, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, init=False)
class Transition:
    """An event that may be recorded in the source statuses, and where it leads.

    ``to`` is a status, `SAME`, a `Target`, or an ordered sequence of them: the first that holds wins.
    ``guards`` are needed whichever target is chosen.
    """

    event: type[Event]
    sources: frozenset[Status]
    targets: tuple[Target, ...]
    guards: tuple[Guard, ...]

    def __init__(
        self,
        event: type[Event],
        sources: AbstractSet[Status],
        to: Status | _Special | Target | tuple[Status | _Special | Target, ...],
        guards: tuple[Guard, ...] = (),
    ) -> None:
        targets = to if isinstance(to, tuple) else (to,)
        object.__setattr__(self, "event", event)
        object.__setattr__(self, "sources", frozenset(sources))
        object.__setattr__(self, "targets", tuple(t if isinstance(t, Target) else Target(t) for t in targets))
        object.__setattr__(self, "guards", guards)


@dataclass(frozen=True, slots=True, init=False)
class OneOf:
    """A parameter with a closed list of values, the default first."""

    values: tuple[Any, ...]

    def __init__(self, *values: Any) -> None:
        object.__setattr__(self, "values", values)


class Workflow:
    """A lifecycle: its statuses, what opens it, its transitions, and beside them who may record what.

    ``takeovers`` open an aggregate in, and ``corrections`` move it to, the status their event names: they stand
    apart from the table, its checks and its diagram. ``parameters`` are what guards read from the policy in
    force, with their defaults (`OneOf` for a closed list); ``waits`` the kinds of wait a policy may ask for.
    ``internal`` events are the application's own, never offered to a person. ``roles`` says which roles besides
    ``every_role`` may record an event.
    Raises `DeclarationError` naming every fault of the table.
    """

    def __init__(  # noqa: PLR0913  # a declaration names its parts
        self,
        name: str,
        *,
        statuses: type[Status],
        opens: Mapping[type[Event], Status | Target],
        transitions: tuple[Transition, ...],
        finals: AbstractSet[Status] = frozenset(),
        entry: Mapping[Any, tuple[Guard, ...]] | None = None,
        takeovers: tuple[type[Event], ...] = (),
        corrections: tuple[type[Event], ...] = (),
        parameters: Mapping[str, Any] | None = None,
        waits: AbstractSet[str] = frozenset(),
        internal: AbstractSet[type[Event]] = frozenset(),
        roles: Mapping[Any, AbstractSet[str]] | None = None,
        every_role: AbstractSet[str] = frozenset(),
    ) -> None:
        self.name = name
        self.statuses = statuses
        self.opens = {event: to if isinstance(to, Target) else Target(to) for event, to in opens.items()}
        self.transitions = transitions
        self.finals = frozenset(finals)
        self.entry = dict(entry or {})
        self.takeovers = takeovers
        self.corrections = corrections
        self.choices = {name: one.values for name, one in (parameters or {}).items() if isinstance(one, OneOf)}
        self.parameters = {**(parameters or {}), **{name: values[0] for name, values in self.choices.items()}}
        self.waits = frozenset(waits)
        self.internal = frozenset(internal)
        self.roles = {event: frozenset(names) for event, names in (roles or {}).items()}
        self.every_role = frozenset(every_role)
        faults = list(self._faults())
        if faults:
            raise DeclarationError(f"workflow {name!r}: " + "; ".join(faults))
        self.rules = self._compile()

    @property
    def events(self) -> tuple[type[Event], ...]:
        """Every event of the lifecycle, in declared order."""
        seen = dict.fromkeys((*self.opens, *self.takeovers, *(t.event for t in self.transitions), *self.corrections))
        return tuple(seen)

    def reachable(self, transition: Transition, source: Status) -> Iterator[tuple[Target, Status]]:
        """Each target of a transition with each status it may reach from ``source``."""
        for target in transition.targets:
            if target.to is SAME:
                yield target, source
            elif target.to is PREVIOUS:
                for status in target.among:
                    yield target, status
            else:
                yield target, target.to  # type: ignore[misc]  # what is not special is a status

    def passages(self, *, back: bool = True) -> set[tuple[Status, type[Event], Status]]:
        """Every passage from one status to another the table allows: the drawn lines, loops left out.

        Without ``back``, those that give back a status left before (`PREVIOUS`) are left out too.
        """
        return {
            (source, transition.event, status)
            for transition in self.transitions
            for source in transition.sources
            for target, status in self.reachable(transition, source)
            if target.to is not SAME and (back or target.to is not PREVIOUS)
        }

    def sources_of(self, event: type[Event]) -> list[Status]:
        """The statuses an event may be recorded in, in declared order."""
        return [status for status in self.statuses if (event, status) in self.rules]

    def _compile(self) -> dict[tuple[type[Event], Status], Transition]:
        """Hold the table in one machine and read it back as a dict: 0.1 µs a look-up, no machine per aggregate."""
        machine = Machine(
            model=None, states=[s.value for s in self.statuses], initial=None, auto_transitions=False, send_event=False
        )
        by_event: dict[str, Transition] = {}
        for transition in self.transitions:
            for source in transition.sources:
                key = f"{transition.event.topic}|{source.value}"
                by_event[key] = transition
                for _, status in self.reachable(transition, source):
                    machine.add_transition(transition.event.topic, source.value, status.value)
        types = {transition.event.topic: transition.event for transition in self.transitions}
        self.machine = machine
        return {
            (types[topic], self.statuses(source)): by_event[f"{topic}|{source}"]  # type: ignore[call-arg]
            for topic, trigger in machine.events.items()
            for source in trigger.transitions
        }

    def _faults(self) -> Iterator[str]:
        if not self.opens:
            yield "nothing opens it"
        yield from self._unknown_statuses()
        yield from self._clashes()
        yield from self._unreached()
        for event in (*self.takeovers, *self.corrections):
            if "status" not in event.model_fields:
                yield f"{event.__name__} is declared as a correction or take-over but names no status"
        for event in self.roles:
            if event not in self.events:
                yield f"roles are given for {event.__name__}, which is not one of its events"

    def _unknown_statuses(self) -> Iterator[str]:
        named: list[tuple[str, Any]] = [("finals", s) for s in self.finals]
        named += [("entry", s) for s in self.entry]
        named += [(event.__name__, target.to) for event, target in self.opens.items()]
        for transition in self.transitions:
            name = transition.event.__name__
            named += [(name, s) for s in transition.sources]
            for target in transition.targets:
                named += [(name, s) for s in target.among]
                if not isinstance(target.to, _Special):
                    named.append((name, target.to))
                elif target.to is PREVIOUS and not target.among:
                    yield f"{name} goes back to PREVIOUS among no status"
        for place, status in named:
            if not isinstance(status, self.statuses):
                yield f"{place} names the unknown status {status!r}"
        for place, guard in self._guards():
            if not callable(guard):
                yield f"{place} names the unknown guard {guard!r}"

    def _guards(self) -> Iterator[tuple[str, Any]]:
        for status, guards in self.entry.items():
            yield from ((f"entry of {status}", guard) for guard in guards)
        for event, opening in self.opens.items():
            yield from ((event.__name__, guard) for guard in opening.guards)
        for transition in self.transitions:
            name = transition.event.__name__
            yield from ((name, guard) for guard in transition.guards)
            for target in transition.targets:
                yield from ((name, guard) for guard in (*target.guards, *target.when))
                for guards in target.among.values():
                    yield from ((name, guard) for guard in guards)

    def guards(self) -> dict[str, Guard]:
        """Every guard of the table by its name."""
        return {name_of(guard): guard for _, guard in self._guards()}

    def _clashes(self) -> Iterator[str]:
        taken: dict[tuple[type[Event], Any], Transition] = {}
        for transition in self.transitions:
            name = transition.event.__name__
            if not transition.sources:
                yield f"{name} has no source status"
            if not transition.targets:
                yield f"{name} has no target"
            for source in transition.sources:
                if taken.setdefault((transition.event, source), transition) is not transition:
                    yield f"{name} has two transitions from {source.name}"
            if "next" in transition.event.model_fields:
                continue
            for earlier in transition.targets[:-1]:
                bare = not (earlier.guards or earlier.when or earlier.only_named or earlier.to is PREVIOUS)
                if bare and not (isinstance(earlier.to, self.statuses) and self.entry.get(earlier.to)):
                    yield f"{name} never reaches the targets after {earlier.to!r}, which always holds"

    def _unreached(self) -> Iterator[str]:
        passages: dict[Any, set[Any]] = {}
        for transition in self.transitions:
            for source in transition.sources:
                led = {status for target, status in self.reachable(transition, source) if target.to is not SAME}
                passages.setdefault(source, set()).update(led)
        reached: set[Any] = set()
        todo: list[Any] = [target.to for target in self.opens.values()]
        while todo:
            status = todo.pop()
            if status not in reached:
                reached.add(status)
                todo.extend(passages.get(status, ()))
        for status in self.statuses:
            if status not in reached:
                yield f"{status.name} is never reached"
            if status in self.finals and passages.get(status, set()) - {status}:
                yield f"{status.name} is declared final but has a way out"
            if status not in self.finals and not passages.get(status, set()) - {status}:
                yield f"{status.name} is a dead end that is not declared final"


def all_but(statuses: Iterable[Status], *left_out: Status) -> frozenset[Status]:
    """The statuses without those left out."""
    return frozenset(statuses) - set(left_out)
