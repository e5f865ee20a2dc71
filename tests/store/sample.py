"""Events and ids for the store's tests: the store does not look into them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final
from uuid import UUID, uuid4

from installflow.store.store import NewRow

WORKFLOW: Final = MappingProxyType({"9f2c": "{}"})
"""A workflow table under its digest; one event decided by one table is appended by a statement of its own."""


def event(
    id_: UUID | None = None, version: int = 1, topic: str = "order.order_received", state: bytes = b"[1]"
) -> NewRow:
    return (id_ or uuid4(), version, topic, state)


def numbered(number: int) -> UUID:
    return UUID(int=number)
