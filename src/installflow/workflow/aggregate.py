"""Aggregates: rebuilt from their events, whose status follows a workflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from installflow.errors import DeclarationError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from installflow.workflow.event import Event, Recorded
    from installflow.workflow.table import Workflow

M = TypeVar("M", bound=Callable[..., None])


def evolves(*events: type[Event]) -> Callable[[M], M]:
    """Mark the method that folds these events into the aggregate: ``(self, event, recorded)``."""

    def mark(method: M) -> M:
        method.evolves = events  # type: ignore[attr-defined]  # collected when the class is declared
        return method

    return mark


class Aggregate:
    """One order, offer, asset or ticket: its status and only what guards read, folded from its events.

    Declare it with its ``kind`` (the prefix of its topics) and its ``workflow``; mark with `evolves` the methods
    that fold, and name under ``ignores`` the events that change nothing here unless they move the status. Folding
    never refuses and consults neither guards, policies nor clocks. Attributes hold immutable values: they are
    replaced, never changed in place.
    """

    kind: ClassVar[str] = ""
    workflow: ClassVar[Workflow]
    alert: ClassVar[type[Event] | None] = None
    """The event that keeps, on this aggregate, the refusal of a reaction (its field is ``sentence``)."""
    folds: ClassVar[dict[str, Callable[[Any, Any, Recorded], None]]] = {}
    """Topic → the method that folds it."""
    statuses: ClassVar[Mapping[str | None, Any]] = {}
    """Stored value → status."""
    ignored: ClassVar[frozenset[str]] = frozenset()
    """Topics whose events need not be decoded to replay: they are only counted."""

    def __init_subclass__(
        cls,
        *,
        kind: str = "",
        workflow: Workflow | None = None,
        alert: type[Event] | None = None,
        ignores: Iterable[type[Event]] = (),
        **kwargs: Any,
    ) -> None:
        """Check the declaration: every topic has the kind's prefix, every folded event belongs to the workflow."""
        super().__init_subclass__(**kwargs)
        if workflow is None:
            return
        cls.kind, cls.workflow, cls.alert = kind, workflow, alert
        cls.folds = {event.topic: method for method in vars(cls).values() for event in getattr(method, "evolves", ())}
        for event in workflow.events:
            if event.kind() != kind:
                msg = f"{event.__name__} has the topic {event.topic!r}, which does not begin with {kind!r}"
                raise DeclarationError(msg)
        cls.statuses = {status.value: status for status in workflow.statuses}
        cls.ignored = frozenset(event.topic for event in ignores)
        if both := cls.ignored & cls.folds.keys():
            msg = f"{cls.__name__} both folds and ignores {sorted(both)}"
            raise DeclarationError(msg)
        strangers = set(cls.folds) - {event.topic for event in workflow.events}
        if strangers:
            msg = f"{cls.__name__} folds {sorted(strangers)}, which its workflow does not have"
            raise DeclarationError(msg)

    def __init__(self, id: UUID) -> None:  # noqa: A002  # the envelope's own word
        self.id = id
        self.ref = ""
        """The partner's or our own reference, for aggregates that have one."""
        self.version = 0
        self.status: Any = None
        self.previous: Any = None
        """The status left by the last stand-by, for `PREVIOUS`."""
        self.recorded_at: dt.datetime | None = None
        self.moved_at: dt.datetime | None = None
        """When the last event that moved the status happened."""

    @property
    def label(self) -> str:
        """What people call this aggregate in a sentence."""
        return str(self.id)[:8]

    @property
    def policy_name(self) -> str:
        """Whose policy applies: the partner's name; blank for none."""
        return ""

    def facts(self, event: Event | None, today: dt.date) -> Mapping[str, Any]:
        """The facts guards may read besides the policy's parameters."""
        del event
        return {"today": today}

    def evolve(self, recorded: Recorded) -> None:
        """Fold one recorded event in place."""
        if recorded.status is not None:
            self.status = self.statuses.get(recorded.status) or recorded.status_among(self.workflow.statuses)
            self.moved_at = recorded.occurred_at
        fold = self.folds.get(recorded.event_type.topic)
        if fold is not None:
            fold(self, recorded.event, recorded)
        self.version = recorded.version
        self.recorded_at = recorded.recorded_at

    def after(self, recorded: Recorded) -> Self:
        """A copy with one more event folded; the original stays as it was."""
        later = object.__new__(type(self))
        vars(later).update(vars(self))  # a third of the time of copy.copy
        later.evolve(recorded)
        return later

    @classmethod
    def replay(cls, id: UUID, history: Iterable[Recorded]) -> Self:  # noqa: A002  # the envelope's own word
        """The aggregate of a history."""
        aggregate = cls(id)
        for recorded in history:
            aggregate.evolve(recorded)
        return aggregate
