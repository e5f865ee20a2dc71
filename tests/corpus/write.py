"""Freezes a sample of every event type in its present shape; what is frozen is never written again.

    python -m tests.corpus.write

A new event needs its two lines in `specimens.py`. An event whose shape changes needs a higher ``schema`` on its
class and an ``upcast``: its new shape is frozen beside the old one, which must load for ever; in the old sample,
``as`` then says what it reads as today (``{"2": {…}}``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from installflow.app import KINDS
from installflow.orders.terms import OrderStatus
from installflow.store.mapper import encode
from installflow.workflow.event import Actor, Event, Recorded
from tests.corpus.specimens import full, least

FOLDER = Path(__file__).parent
SAMPLES = FOLDER / "samples"
SHAPES = FOLDER / "shapes.json"
AGGREGATE = UUID("7d0e5f1c-2b3a-4c5d-8e9f-0a1b2c3d4e5f")
RECORDED_AT = dt.datetime(2027, 3, 2, 8, 15, 30, 123456, tzinfo=dt.UTC)
SAID_BY_NOBODY = ("description", "examples", "title")


def event_types() -> list[type[Event]]:
    """Every event type of every lifecycle."""
    return [event for kind in KINDS for event in kind.workflow.events]


def file_of(event: type[Event]) -> Path:
    return SAMPLES / f"{event.topic}-{event.schema_version}.json"


def shape(event: type[Event]) -> str:
    """A digest of the event's JSON schema, without the words meant for people.

    The words of a closed list (a status, a slot) are left out too: a list may grow, and what is stored still reads.
    That none is renamed or deleted is for `test_frozen.py` to see.
    """
    fields = event.model_json_schema(mode="validation")
    for definition in fields.get("$defs", {}).values():
        definition.pop("enum", None)
    schema = json.dumps(_bare(fields), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(schema.encode()).hexdigest()[:16]


def _bare(value: Any, *, names: bool = False) -> Any:
    if isinstance(value, dict):
        return {
            key: _bare(item, names=key == "properties")
            for key, item in value.items()
            if names or key not in SAID_BY_NOBODY
        }
    return [_bare(item) for item in value] if isinstance(value, list) else value


def dumped(recorded: Recorded) -> dict[str, Any]:
    """An envelope as JSON values, without its payload."""
    by = recorded.by
    return {
        "id": str(recorded.id),
        "version": recorded.version,
        "topic": recorded.topic,
        "schema": recorded.schema,
        "status": recorded.status,
        "workflow": recorded.workflow,
        "facts": recorded.facts,
        "by": [by.name, by.role, by.id, by.kind, by.on_behalf_of, by.source],
        "recorded_at": recorded.recorded_at.isoformat(),
        "occurred_at": recorded.occurred_at.isoformat(),
        "command_id": recorded.command_id,
        "correlation_id": recorded.correlation_id,
        "causation_id": recorded.causation_id,
    }


def sample(event: Event, *, whole: bool) -> dict[str, Any]:
    """What is frozen of one event: its stored row, and what that row must read as."""
    recorded = Recorded(
        id=AGGREGATE,
        version=7 if whole else 1,
        event_type=type(event),
        event=event,
        schema=type(event).schema_version,
        status=OrderStatus.RDV_POSE.value if whole else None,
        workflow="0123456789abcdef" if whole else "",
        facts={"collecte_threshold": 4, "confirmer": "BVC Orange", "today": "2027-03-01"} if whole else None,
        by=Actor("Sonia", "planner", "u-17", "human", "Karim B.", "téléphone") if whole else Actor("Sonia", "planner"),
        recorded_at=RECORDED_AT,
        occurred_at=dt.datetime(2027, 3, 1, 22, 59, 59, 999999, tzinfo=dt.UTC) if whole else None,
        command_id="mail-42" if whole else "c",
        correlation_id="mail-41" if whole else None,
        causation_id=f"{AGGREGATE}/6" if whole else None,
    )
    id_, version, topic, state = encode(recorded)
    row = {"id": str(id_), "version": version, "topic": topic, "state": state.decode()}
    return {"row": row, "envelope": dumped(recorded), "event": event.model_dump(mode="json")}


def main() -> int:
    """Write what is missing; the exit code is 1 when something frozen no longer fits."""
    shapes = json.loads(SHAPES.read_text(encoding="utf-8")) if SHAPES.exists() else {}
    wholes, bare, refused = full(), least(), 0
    for event in event_types():
        key = f"{event.topic}-{event.schema_version}"
        if shapes.setdefault(key, shape(event)) != shape(event):
            print(f"{key} has changed its shape: raise its schema number and write its upcast", file=sys.stderr)  # noqa: T201  # its output
            refused += 1
        elif not file_of(event).exists():
            both = {
                "full": sample(wholes[event.topic], whole=True),
                "least": sample(bare[event.topic], whole=False),
            }
            text = json.dumps(both, ensure_ascii=False, indent=1)
            file_of(event).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    SHAPES.write_text(f"{json.dumps(shapes, indent=1, sort_keys=True)}\n", encoding="utf-8", newline="\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
