"""What the upkeep of the views answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Parked:
    """An aggregate a view could not follow: from which position, why, and how many times it was tried."""

    view: str
    id: UUID
    position: int
    reason: str
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Retried:
    """A parked aggregate folded again from its first event; ``parked`` is where it stumbles still, if it does."""

    view: str
    id: UUID
    parked: Parked | None = None

    @property
    def followed(self) -> bool:
        """Whether the view follows the aggregate now."""
        return self.parked is None


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A view built again: its rows, and the ids whose live row differed (at most `DIFFERENCES_TOLD` of them).

    A view that had not begun was not ``compared`` with anything.
    """

    rows: int
    changed: tuple[UUID, ...] = ()
    added: tuple[UUID, ...] = ()
    removed: tuple[UUID, ...] = ()
    compared: bool = True


@dataclass(frozen=True, slots=True)
class ViewStatus:
    """One version of a view as the store keeps it, or a build of it under way.

    ``behind`` is how far the log has gone on since its position: at most so many events are still to fold.
    ``live`` is the one screens read; what is neither live nor ``building`` is another version of the view's rows.
    """

    name: str
    version: int
    position: int
    behind: int
    rows: int
    events: int
    parked: int
    building: bool
    live: bool
