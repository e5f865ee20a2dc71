"""The envelope as one JSON document a row: a positional array with the payload last, frozen as format 1.

``[format, schema, status, workflow, facts, [name, role, id, kind, on behalf of, source], recorded_at,
occurred_at, command_id, correlation_id, causation_id, payload]``: ``occurred_at`` is null when equal to
``recorded_at``, ``correlation_id`` when equal to ``command_id``. Id, version and topic are columns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic_core import PydanticSerializationError, from_json, to_json
from pydantic_core import core_schema as core

from installflow.errors import Invalid, StoreUnavailable
from installflow.workflow.event import DAMAGED_EVENT, Actor, Event, Recorded, Registry, as_stored, validator
from installflow.workflow.fields import READING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from installflow.store.store import Row
    from installflow.workflow.aggregate import Aggregate

FORMAT = 1
FACTS_LIMIT = 4 * 1024
"""Bytes of facts one event may keep."""

NewRow = tuple["UUID", int, str, bytes]
A = TypeVar("A", bound="Aggregate")

_TEXT = core.str_schema(strict=True)
_TEXT_OR_NONE = core.nullable_schema(_TEXT)


_OBJECT = core.dict_schema(_TEXT)
_DOCUMENT = validator(
    core.tuple_schema(
        [
            core.int_schema(strict=True, ge=FORMAT, le=FORMAT),
            core.int_schema(strict=True, ge=1),
            *[_TEXT_OR_NONE, _TEXT, core.nullable_schema(_OBJECT), core.tuple_schema([_TEXT] * 6)],
            *[_TEXT, _TEXT_OR_NONE, _TEXT, _TEXT_OR_NONE, _TEXT_OR_NONE],
            _OBJECT,
        ]
    )
)
"""What stands in each place, whatever the payload."""


def encode(recorded: Recorded) -> NewRow:
    """A recorded event as the store takes it; raises `Invalid` when its facts are too many to keep."""
    by = recorded.by
    recorded_at, occurred_at = recorded.recorded_at, recorded.occurred_at
    command_id, correlation_id = recorded.command_id, recorded.correlation_id
    head = to_json(
        [
            FORMAT,
            recorded.schema,
            recorded.status,
            recorded.workflow,
            recorded.facts or None,
            (by.name, by.role, by.id, by.kind, by.on_behalf_of, by.source),
            _stamp(recorded_at),
            None if occurred_at == recorded_at else _stamp(occurred_at),
            command_id,
            None if correlation_id == command_id else correlation_id,
            recorded.causation_id,
        ]
    )
    if len(head) > FACTS_LIMIT and (size := len(to_json(recorded.facts or None))) > FACTS_LIMIT:
        msg = f"the facts its guards read take {size} bytes, more than the {FACTS_LIMIT} an event may keep"
        raise Invalid(msg)
    event_type, event = recorded.event_type, recorded.event
    try:
        payload = event_type.__pydantic_serializer__.to_json(event)  # `model_dump_json` takes three times as long
    except PydanticSerializationError as error:
        raise Invalid(f"{event_type.__name__} holds what no store can keep: {error}") from None
    return recorded.id, recorded.version, event_type.topic, b"%b,%b]" % (head[:-1], payload)


class Mapper:
    """Reads rows back into envelopes; actors are interned.

    A row in today's shape is read by one validator, made for its topic, straight from its bytes. Any other (an older
    schema, a damaged row) is taken apart piece by piece, its payload decoded on first use.
    """

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._actors: dict[tuple[str, ...], Actor] = {}
        self._readers: dict[str, tuple[type[Event], Callable[..., Any]]] = {}
        self._unmoving: dict[str, bytes] = {}

    def replay(self, aggregate: type[A], one: UUID, rows: Sequence[Row]) -> A:
        """The aggregate of its rows.

        Of those it ignores only the last is read, the others being as if they had not been: neither what happened nor
        when matters to it.
        """
        replayed, ignored = aggregate(one), aggregate.ignored
        for row in rows:
            try:
                passed_over = row.topic in ignored and row is not rows[-1] and row.state.startswith(self._unmoved(row))
            except (AttributeError, TypeError):  # a state that is no bytes is said when it is read
                passed_over = False
            if not passed_over:
                replayed.evolve(self.decode(row))
        if rows and replayed.status is None:
            first = f"{one}/{rows[0].version}"
            msg = f"event {first} opens its aggregate in no status: its row is damaged (restore it from a backup)"
            raise StoreUnavailable(msg, code=DAMAGED_EVENT, event=first)
        return replayed

    def decode(self, row: Row) -> Recorded:
        """The envelope of a stored row; raises `StoreUnavailable` for an unknown topic or a row that is damaged."""
        position, one, version, topic, state = row
        event_type, read = self._readers.get(topic) or self._reader(row)
        try:
            _, schema, status, workflow, facts, by, recorded, occurred, command, root, cause, event = read(
                state, context=READING
            )
            recorded_at = _moment(recorded)
            return Recorded(
                one,
                version,
                event_type,
                self._actors.get(by) or self._actor(by),
                recorded_at,
                event,
                None,
                schema,
                status,
                workflow,
                facts,
                recorded_at if occurred is None else _moment(occurred),
                command,
                root,
                cause,
                position,
            )
        except Exception:  # noqa: BLE001  # whatever it is, it is said when the part it stands in is read
            return self._taken_apart(row, event_type)

    def _reader(self, row: Row) -> tuple[type[Event], Callable[..., Any]]:
        event_type = self._type_of(row)
        document = [
            core.literal_schema([FORMAT]),
            core.literal_schema([event_type.schema_version]),
            _TEXT_OR_NONE,
            _TEXT,
            core.nullable_schema(core.dict_schema(_TEXT)),
            core.tuple_schema([_TEXT] * 6),
            _TEXT,
            _TEXT_OR_NONE,
            _TEXT,
            _TEXT_OR_NONE,
            _TEXT_OR_NONE,
            as_stored(event_type),
        ]
        reader = (event_type, validator(core.tuple_schema(document)).validate_json)
        self._readers[row.topic] = reader
        return reader

    def kind_of(self, row: Row) -> str:
        """The kind of aggregate a stored row belongs to; raises `StoreUnavailable` for an unknown topic."""
        return self._type_of(row).kind()

    def _type_of(self, row: Row) -> type[Event]:
        return self.registry.of_topic(row.topic, f"{row.id}/{row.version}")

    def _unmoved(self, row: Row) -> bytes:
        """How a row of this topic begins that moved no status."""
        start = self._unmoving.get(row.topic)
        if start is None:
            start = f"[{FORMAT},{self._type_of(row).schema_version},null,".encode()
            self._unmoving[row.topic] = start
        return start

    def _taken_apart(self, row: Row, event_type: type[Event]) -> Recorded:
        try:
            return self._envelope(row, event_type, from_json(row.state))
        except (ValueError, TypeError, IndexError, KeyError) as error:
            msg = f"event {row.id}/{row.version} cannot be read: its row is damaged (restore it from a backup)"
            raise StoreUnavailable(msg, code=DAMAGED_EVENT, event=f"{row.id}/{row.version}") from error

    def _envelope(self, row: Row, event_type: type[Event], document: list[Any]) -> Recorded:
        for name, number, known in (
            ("envelope format", document[0], FORMAT),
            ("schema", document[1], event_type.schema_version),
        ):
            if type(number) is int and number > known:
                msg = f"event {row.id}/{row.version} has the {name} {number}: a newer version wrote it"
                raise StoreUnavailable(msg, code="store_newer_event", event=f"{row.id}/{row.version}")
        _, schema, status, workflow, facts, by, recorded_at, occurred_at, command, root, cause, payload = (
            _DOCUMENT.validate_python(document)
        )
        return Recorded(
            id=row.id,
            version=row.version,
            event_type=event_type,
            payload=payload,
            schema=schema,
            status=status,
            workflow=workflow,
            facts=facts,
            by=self._actor(by),
            recorded_at=_moment(recorded_at),
            occurred_at=None if occurred_at is None else _moment(occurred_at),
            command_id=command,
            correlation_id=root,
            causation_id=cause,
            position=row.position,
        )

    def _actor(self, parts: Iterable[str]) -> Actor:
        key = tuple(parts)
        actor = self._actors.get(key)
        if actor is None:
            actor = self._actors[key] = Actor.read(*key)
        return actor


def _moment(stamp: str) -> dt.datetime:
    """A stored moment; one without a zone, or so far off that no zone can show it, is damage."""
    moment = dt.datetime.fromisoformat(stamp)
    if moment.tzinfo is None or not dt.MINYEAR < moment.year < dt.MAXYEAR:
        raise ValueError(stamp)
    return moment


def _stamp(moment: dt.datetime) -> str:
    """A moment as text that sorts as time does: UTC, always with microseconds."""
    if moment.tzinfo is not dt.UTC:
        moment = moment.astimezone(dt.UTC)
    return f"{moment.isoformat(timespec='microseconds')[:-6]}Z"
