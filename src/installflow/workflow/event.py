"""Events: what happened, as frozen models, and the envelope they are stored in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import SchemaValidator

from installflow.errors import DeclarationError, Invalid, StoreUnavailable
from installflow.workflow.fields import ON_FIRST_USE, READING, clean, reading

S = TypeVar("S", bound="Status")

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from uuid import UUID

    from installflow.workflow.status import Status


class Event(BaseModel):
    """What happened, in the past tense: payload only, frozen, one declaration for every use.

    Declare it with its ``topic`` (``"<kind>.<what_happened>"``, for ever), the French ``trigger`` people may
    type instead of the class name, and ``said``, the French words of the history. When the payload's shape
    changes, raise ``schema`` and override `upcast`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, defer_build=ON_FIRST_USE)

    topic: ClassVar[str] = ""
    schema_version: ClassVar[int] = 1
    trigger: ClassVar[str] = ""
    said: ClassVar[str] = ""
    filled: ClassVar[frozenset[str]] = frozenset({"waits"})
    """Fields the workflow fills in when it decides; they do not count when two commands are compared."""

    def __init_subclass__(
        cls, *, topic: str = "", schema: int = 1, trigger: str = "", said: str = "", **kwargs: Any
    ) -> None:
        """Take the declaration's words from the class line."""
        super().__init_subclass__(**kwargs)
        cls.topic, cls.schema_version, cls.trigger, cls.said = topic, schema, trigger, said

    @classmethod
    def kind(cls) -> str:
        """The kind of aggregate the event belongs to: its topic's prefix."""
        return cls.topic.partition(".")[0]

    @classmethod
    def upcast(cls, payload: dict[str, Any], schema: int) -> dict[str, Any]:
        """Bring the payload of an older ``schema`` to today's; the default keeps it as it is."""
        del schema
        return payload

    @classmethod
    def read(cls, payload: dict[str, Any], schema: int) -> Self:
        """The event of a stored payload, upcast, without the checks that are for new events."""
        if schema != cls.schema_version:
            payload = cls.upcast(payload, schema)
        event: Self = _reader(cls).validate_python(payload, context=READING)
        return event

    def refuse_unreadable(self) -> None:
        """Raise `Invalid` for an event that could not be read back: one made around the checks of its class."""
        given = vars(self)
        try:
            wrong = [] if vars(_reader(type(self)).validate_python(given, context=READING)) == given else ["a field"]
        except ValidationError as error:
            wrong = sorted({str(fault["loc"][0]) if fault["loc"] else "a field" for fault in error.errors()})
        if wrong:
            name = type(self).__name__
            msg = f"{name} could not be read back, {', '.join(wrong)} does not fit its class: make it by {name}(…)"
            raise Invalid(msg)

    def asks_the_same(self, other: Event) -> bool:
        """Whether two events were asked for alike, apart from what the workflow fills in."""
        return type(self) is type(other) and self.model_dump(exclude=set(self.filled)) == other.model_dump(
            exclude=set(other.filled)
        )


# pydantic would take the class's own validator, checks included, in place of the schema without them.
_AS_GIVEN: dict[str, Any] = (
    {"_use_prebuilt": False} if "_use_prebuilt" in str(SchemaValidator.__text_signature__) else {}
)


def as_stored(event_type: type[Event]) -> Any:
    """The core schema of an event as it is stored: what a new one has to pass besides is left out."""
    event_type.model_rebuild()  # only where this is its first use
    return reading(event_type.__pydantic_core_schema__)


def validator(schema: Any) -> SchemaValidator:
    """A validator of a core schema to the letter."""
    return SchemaValidator(schema, **_AS_GIVEN)


@cache
def _reader(event_type: type[Event]) -> SchemaValidator:
    return validator(as_stored(event_type))


DAMAGED_EVENT = "store_damaged_event"
"""The code of one event that cannot be read, in a store that is sound otherwise."""

ACTOR_KINDS = ("human", "service")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a name, a role, and when it differs the one who decided (``on_behalf_of``).

    ``kind`` is ``human`` or ``service``; ``id`` is the embedding application's own identifier; nothing is ever joined
    on a name. Raises `Invalid` for a blank name or role, or another kind.
    """

    name: str
    role: str
    id: str = ""
    kind: str = "human"
    on_behalf_of: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse a nameless actor."""
        for field in ("name", "role", "id", "kind", "on_behalf_of", "source"):
            value = getattr(self, field)
            try:
                object.__setattr__(self, field, clean(value, 200))
                value.encode()
            except Exception as error:
                msg = f"acteur : {field} n'est pas un texte court et lisible"
                raise Invalid(msg) from error
        if not self.name or not self.role:
            msg = "un acteur a un nom et un rôle : dire qui agit, et en quelle qualité"
            raise Invalid(msg)
        if self.kind not in ACTOR_KINDS:
            msg = f"acteur : kind est human ou service, pas « {self.kind} »"
            raise Invalid(msg)

    @classmethod
    def read(cls, name: str, role: str, id: str, kind: str, on_behalf_of: str, source: str) -> Self:  # noqa: A002
        """The actor of a stored envelope, as stored: checks are for those who act now."""
        actor = object.__new__(cls)
        values = {"name": name, "role": role, "id": id, "kind": kind, "on_behalf_of": on_behalf_of, "source": source}
        for field, value in values.items():
            object.__setattr__(actor, field, value)
        return actor


SYSTEM = Actor("installflow", role="system", kind="service")
"""Who signs what a reaction records."""


class Recorded:
    """An event in its envelope, as stored; the payload is decoded on first use.

    ``status`` is the status reached (its stored value) or ``None`` when the event moves none; the event's own
    id is ``<aggregate id>/<version>``; ``position`` is 0 until the commit is known.
    """

    __slots__ = (
        "_event", "_payload", "by", "causation_id", "command_id", "correlation_id", "event_type", "facts", "id",
        "occurred_at", "position", "recorded_at", "schema", "status", "version", "workflow",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913, PLR0917  # the envelope's fields, by place: names cost the mapper 0.5 µs an event
        self,
        id: UUID,  # noqa: A002  # the envelope's own word
        version: int,
        event_type: type[Event],
        by: Actor,
        recorded_at: dt.datetime,
        event: Event | None = None,
        payload: dict[str, Any] | None = None,
        schema: int = 1,
        status: str | None = None,
        workflow: str = "",
        facts: Mapping[str, Any] | None = None,
        occurred_at: dt.datetime | None = None,
        command_id: str = "",
        correlation_id: str | None = None,
        causation_id: str | None = None,
        position: int = 0,
    ) -> None:
        self.id = id
        self.version = version
        self.event_type = event_type
        self._event = event
        self._payload = payload
        self.schema = schema
        self.status = status
        self.workflow = workflow
        self.facts = facts
        self.by = by
        self.recorded_at = recorded_at
        self.occurred_at = occurred_at or recorded_at
        self.command_id = command_id
        self.correlation_id = correlation_id or command_id
        self.causation_id = causation_id
        self.position = position

    @property
    def event(self) -> Event:
        """The payload."""
        if self._event is None:
            try:
                self._event = self.event_type.read(self._payload or {}, self.schema)
            except ValidationError as error:
                fields = ", ".join(sorted({str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}))
                what = fields or "its payload"
                msg = f"event {self.event_id} ({self.topic}) cannot be read: {what} does not fit its class"
                raise StoreUnavailable(msg, code=DAMAGED_EVENT, event=self.event_id) from None
        return self._event

    def status_among(self, statuses: type[S]) -> S:
        """The status reached, as one of its lifecycle's; raises `StoreUnavailable` for one nobody declared."""
        try:
            return statuses(self.status)  # type: ignore[arg-type, call-arg]  # looked up by value; None is none
        except ValueError:
            msg = f"event {self.event_id} reached the unknown status {self.status!r}: its row is damaged"
            raise StoreUnavailable(msg, code=DAMAGED_EVENT, event=self.event_id) from None

    @property
    def topic(self) -> str:
        """The event's topic."""
        return self.event_type.topic

    @property
    def event_id(self) -> str:
        """The event's own id, ``<aggregate id>/<version>``."""
        return f"{self.id}/{self.version}"

    def __repr__(self) -> str:
        """Topic and id only: a payload may name people and a repr ends up in logs."""
        return f"<Recorded {self.topic} {self.event_id}>"


class Registry:
    """The allow-list of event types by topic; an unknown topic is reported, never imported.

    Raises `DeclarationError` when two classes share a topic, a name or a trigger.
    """

    def __init__(self, event_types: Iterable[type[Event]]) -> None:
        self._by_topic: dict[str, type[Event]] = {}
        self._by_name: dict[str, type[Event]] = {}
        for event_type in event_types:
            if not event_type.topic or "." not in event_type.topic:
                msg = f"{event_type.__name__} has no topic of the form 'kind.what_happened'"
                raise DeclarationError(msg)
            for index, key in (
                (self._by_topic, event_type.topic),
                (self._by_name, event_type.__name__),
                (self._by_name, event_type.trigger),
            ):
                if key and index.setdefault(key, event_type) is not event_type:
                    msg = f"{event_type.__name__} and {index[key].__name__} are both declared as {key!r}"
                    raise DeclarationError(msg)

    def __iter__(self) -> Iterator[type[Event]]:
        """Every event type, by topic."""
        return iter(sorted(self._by_topic.values(), key=lambda event_type: event_type.topic))

    def of_topic(self, topic: str, event: str = "") -> type[Event]:
        """The event type of a stored topic; raises `StoreUnavailable` for a topic nobody declared.

        ``event`` is the id of the event that bears it, for the error to name.
        """
        try:
            return self._by_topic[topic]
        except KeyError:
            which = f"event {event}" if event else "an event the store holds"
            msg = f"{which} is of the unknown topic {topic!r}: declare it, or run a newer version"
            raise StoreUnavailable(msg, code="store_unknown_topic", event=event) from None

    def named(self, name: str) -> type[Event] | None:
        """The event type of a class name (``StagingStarted``) or a French trigger (``demarrer_staging``)."""
        return self._by_name.get(name)

    def names(self) -> list[str]:
        """Every name and trigger an event answers to."""
        return sorted(self._by_name)
