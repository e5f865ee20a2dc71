"""What a command did, as its caller is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import TYPE_CHECKING, Any

from installflow.france.workdays import day_off
from installflow.orders import Order
from installflow.workflow.status import Status
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    from uuid import UUID

    from installflow.errors import Reason
    from installflow.orders.visit import Visit
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
    visits: tuple[Visit, Visit] | None = field(default=None, repr=False, compare=False)
    """The visit before and after, where the command changed it."""

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


def receipt_of(outcome: Outcome, advice: tuple[str, ...] = ()) -> Receipt:
    """The receipt of one command carried out."""
    after, recorded = outcome.after, outcome.recorded
    warnings = (*map(_warning, outcome.not_taken, repeat(recorded.event)), *advice)
    receipt = Receipt(after.id, after.ref, recorded.version, after.status, recorded, warnings, outcome.repeated)
    if not isinstance(after, Order) or outcome.repeated or after.visit is outcome.before.visit:
        return receipt
    return replace(receipt, visits=(outcome.before.visit, after.visit))


def _warning(reason: Reason, event: Event) -> str:
    asked = getattr(event, "next", None)
    if isinstance(asked, Status) and reason.target == asked.label:
        return f"« {reason.target} » demandé, non retenu : {reason.sentence}"
    return f"« {reason.target} » n'est pas possible : {reason.sentence}"


def advice(outcome: Outcome) -> tuple[str, ...]:
    """What to know of the days an order is newly planned on: week-ends, holidays, days past when it happened."""
    if not isinstance(outcome.after, Order) or outcome.repeated:
        return ()
    before, after = outcome.before.visit, outcome.after.visit
    if after is before:
        return ()
    happened = outcome.recorded.occurred_at.astimezone(PARIS).date()
    known = {before.date, *(further.date for further in before.further)}
    planned = dict.fromkeys((after.date, *(further.date for further in after.further)))
    said = []
    for day in planned:
        if day is not None and day not in known:
            off = day_off(day)
            said += [f"DATE le {day:%d/%m/%Y} : {off}"] if off else []
            said += [f"DATE passée ({day:%d/%m/%Y})"] if day < happened else []
    return tuple(said)
