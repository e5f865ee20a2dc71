"""What a command did, as its caller is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from installflow.workflow.status import Status

if TYPE_CHECKING:
    from uuid import UUID

    from installflow.store.unit_of_work import Outcome
    from installflow.workflow.event import Event, Recorded


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command did: the aggregate's id, reference, version and status, what was recorded, and what to know.

    ``warnings`` are French sentences: a named target that was not taken, and why. ``repeated`` says that the
    command id had been answered before and nothing new was stored.
    """

    id: UUID
    ref: str
    version: int
    status: Any
    recorded: Recorded
    warnings: tuple[str, ...] = ()
    repeated: bool = False

    @property
    def event(self) -> Event:
        """The event as recorded."""
        return self.recorded.event

    def as_json(self) -> dict[str, Any]:
        """The receipt under the keys of the public contract."""
        return {
            "id": str(self.id),
            "ref": self.ref,
            "version": self.version,
            "status": self.status.label if self.status else None,
            "event": self.recorded.event_type.__name__,
        }


def receipt_of(outcome: Outcome) -> Receipt:
    """The receipt of one command carried out."""
    after, recorded = outcome.after, outcome.recorded
    asked = getattr(recorded.event, "next", None)
    warnings = tuple(
        f"« {reason.target} » demandé, non retenu : {reason.sentence}"
        if isinstance(asked, Status) and reason.target == asked.label
        else f"« {reason.target} » n'est pas possible : {reason.sentence}"
        for reason in outcome.not_taken
    )
    return Receipt(
        after.id, getattr(after, "ref", ""), recorded.version, after.status, recorded, warnings, outcome.repeated
    )
