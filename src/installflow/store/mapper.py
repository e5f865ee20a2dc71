"""The envelope as one JSON document a row: a positional array with the payload last, frozen as format 1.

``[format, schema, status, workflow, facts, [name, role, id, kind, on behalf of, source], recorded_at,
occurred_at, command_id, correlation_id, causation_id, payload]``: ``occurred_at`` is null when equal to
``recorded_at``, ``correlation_id`` when equal to ``command_id``. Id, version and topic are columns.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from installflow.errors import Invalid, StoreUnavailable
from installflow.workflow.event import Actor, Event, Recorded, Registry

if TYPE_CHECKING:
    from uuid import UUID

    from installflow.store.store import Row

FORMAT = 1
FACTS_LIMIT = 4 * 1024
"""Bytes of facts one event may keep."""

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: ``json.dumps`` makes an encoder anew at each call."""

NewRow = tuple["UUID", int, str, bytes]


def encode(recorded: Recorded) -> NewRow:
    """A recorded event as the store takes it; raises `Invalid` when its facts are too many to keep."""
    by = recorded.by
    facts = recorded.facts or None
    if facts and (size := len(_as_json(facts).encode())) > FACTS_LIMIT:
        msg = f"the facts its guards read take {size} bytes, more than the {FACTS_LIMIT} an event may keep"
        raise Invalid(msg)
    same_time = recorded.occurred_at == recorded.recorded_at
    same_root = recorded.correlation_id == recorded.command_id
    head = _as_json(
        [
            FORMAT,
            recorded.schema,
            recorded.status,
            recorded.workflow,
            facts,
            [by.name, by.role, by.id, by.kind, by.on_behalf_of, by.source],
            _stamp(recorded.recorded_at),
            None if same_time else _stamp(recorded.occurred_at),
            recorded.command_id,
            None if same_root else recorded.correlation_id,
            recorded.causation_id,
        ]
    )
    state = f"{head[:-1]},{recorded.event.model_dump_json()}]"
    return recorded.id, recorded.version, recorded.topic, state.encode()


class Mapper:
    """Reads rows back into envelopes; actors are interned, payloads decoded on first use."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._actors: dict[tuple[str, ...], Actor] = {}

    def decode(self, row: Row) -> Recorded:
        """The envelope of a stored row; raises `StoreUnavailable` for an unknown topic or a row that is damaged."""
        event_type = self.registry.of_topic(row.topic)
        try:
            return self._envelope(row, event_type, from_json(row.state))
        except (ValueError, TypeError, IndexError, KeyError) as error:
            msg = f"event {row.id}/{row.version} cannot be read: its row is damaged (restore it from a backup)"
            raise StoreUnavailable(msg, code="store_corrupt") from error

    def _envelope(self, row: Row, event_type: type[Event], document: list[Any]) -> Recorded:
        if (form := document[0]) != FORMAT:
            msg = f"event {row.id}/{row.version} has the envelope format {form!r}: a newer version wrote it"
            raise StoreUnavailable(msg, code="store_newer")
        _, schema, status, workflow, facts, by, recorded_at, occurred_at, command, root, cause, payload = document
        if not isinstance(status, str | None) or not isinstance(facts, dict | None):
            raise TypeError(status, facts)
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

    def _actor(self, parts: list[str]) -> Actor:
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
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
