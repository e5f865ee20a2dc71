"""What the store keeps under a command id its caller chose: ``[[aggregate id, version], …]``, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

from installflow.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from installflow.store.store import Row
    from installflow.workflow.event import Recorded


def places_of(command_id: str, kept: str) -> list[tuple[UUID, int]]:
    """The events a command recorded; raises `StoreUnavailable` for what cannot be read as such."""
    try:
        found = [(UUID(one), version) for one, version in json.loads(kept)]
    except (ValueError, TypeError, AttributeError, RecursionError):
        found = []
    if not found or not all(type(version) is int for _, version in found):
        raise _damaged(command_id)
    return found


def history_at(command_id: str, history: Sequence[Row], version: int) -> list[Row]:
    """An aggregate's history up to the event a command recorded; raises `StoreUnavailable` when it is not there."""
    rows = [row for row in history if row.version <= version]
    if not rows or rows[-1].version != version:
        raise _damaged(command_id)
    return rows


def recorded_by(command_id: str, recorded: Recorded) -> Recorded:
    """The event, if that command recorded it; raises `StoreUnavailable` for one of another's."""
    if recorded.command_id != command_id:
        raise _damaged(command_id)
    return recorded


def _damaged(command_id: str) -> StoreUnavailable:
    msg = f"what the command {command_id!r} recorded cannot be read: run installflow db check, restore from a backup"
    return StoreUnavailable(msg, code="store_damaged_command")
