"""The installation order: what its guards read, folded from its events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.lifecycle import WORKFLOW
from installflow.orders.terms import OrderStatus, Porta
from installflow.orders.visit import CHANGE_VISITS, UNBOOKED, UNPLANNED
from installflow.orders.waits import CHANGE_WAITS, FINALS, SHOWN_WAIT, Situation, Waits, waits_after
from installflow.workflow.aggregate import Aggregate, evolves

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from uuid import UUID

    from installflow.workflow.event import Event, Recorded

STEPS_BEFORE = (OrderStatus.NEW, OrderStatus.COLLECTE, OrderStatus.STAGING)


IGNORED = (
    n.CommentAdded, n.BillingNoted, n.ParcelSent, n.ParcelDelivered, n.ParcelReturned, n.ReminderSet, n.ReminderDone,
    n.RowReimported, n.AlertRaised, n.AlertSettled, n.ClientContacted,
)  # fmt: skip
"""The events that no guard reads anything of."""

_PLANNING = frozenset(WORKFLOW.events) - {n.DetailsChanged, *IGNORED}
"""The events that may change the visit, the waits or the status."""

_QUIET = frozenset(WORKFLOW.events) - CHANGE_VISITS - CHANGE_WAITS
"""The events that change neither the visit nor the waits by themselves; the status they reach may."""

_TELLING = frozenset({*UNBOOKED, *FINALS, *SHOWN_WAIT})
"""The statuses that do."""


class Order(Aggregate, kind="order", workflow=WORKFLOW, alert=n.AlertRaised, ignores=IGNORED):
    """An installation order, from the partner's order to its closing or cancellation."""

    def __init__(self, id: UUID) -> None:  # noqa: A002  # the envelope's own word
        super().__init__(id)
        self.client = ""
        self.partner = ""
        self.phones: int | None = None
        self.equipment: bool | None = None
        self.collected = self.collecte_presumed = False
        self.staged = False
        self.porta = Porta.UNKNOWN
        self.visit = UNPLANNED
        self.reported = False
        self.cancellation = False
        self.waits: Waits = ()
        self.came_from: Mapping[Any, Any] = {}
        """For each waiting status, the status it was entered from: where its answer leads back to."""

    @property
    def label(self) -> str:
        """The client, as planners call an order."""
        return self.client or super().label

    @property
    def policy_name(self) -> str:
        """The partner's name."""
        return self.partner

    def facts(self, event: Event | None, today: dt.date) -> Mapping[str, Any]:
        """Guards may also ask how many product sheets are still to be delivered."""
        return {**super().facts(event, today), "sheets_pending": 0}

    def waits_for(self, kind: str) -> bool:
        """Whether a wait of this kind is open."""
        return any(wait.kind == kind for wait in self.waits)

    def evolve(self, recorded: Recorded) -> None:
        """Fold the event, then what follows from it whatever it is: the visit, the waits, where it came from."""
        before = self.status
        super().evolve(recorded)
        event_type = recorded.event_type
        if event_type not in _PLANNING:
            return
        event, moved, telling = recorded.event, recorded.status is not None, self.status in _TELLING
        # Most events leave visit and waits as they are: to see that at once halves the time of a replay.
        if telling or event_type not in _QUIET or vars(event).get("waits"):
            at = recorded.occurred_at
            visit_before, self.visit = self.visit, self.visit.settled(event, self.status, at, moved=moved)
            now = Situation(self.status, moved, visit_before, self.visit, self.partner, at)
            self.waits = waits_after(self.waits, event, now)
        if moved and telling:
            self._remember(before)

    def _remember(self, before: OrderStatus | None) -> None:
        if self.status == OrderStatus.STAND_BY:
            self.previous = before
        if before != self.status and self.status in SHOWN_WAIT and self.came_from.get(before) != self.status:
            self.came_from = {**self.came_from, self.status: before}

    @evolves(e.OrderReceived)
    def _received(self, event: e.OrderReceived, _recorded: Recorded) -> None:
        self.client, self.partner, self.phones = event.client, event.partner, event.phones
        self.equipment, self.porta, self.ref = event.equipment, event.porta, event.ref

    @evolves(e.OrderImported)
    def _imported(self, event: e.OrderImported, _recorded: Recorded) -> None:
        self.client, self.partner, self.phones, self.porta = event.client, event.partner, event.phones, event.porta
        self.collecte_presumed = event.status not in (OrderStatus.NEW, OrderStatus.COLLECTE)
        self.staged = event.status not in STEPS_BEFORE

    @evolves(e.CollecteCompleted)
    def _collected(self, event: e.CollecteCompleted, _recorded: Recorded) -> None:
        self.collected = True
        self._count(event.phones)

    @evolves(e.CollecteReopened)
    def _collecte_reopened(self, event: e.CollecteReopened, _recorded: Recorded) -> None:
        self.collected = self.collecte_presumed = False
        self._count(event.phones)

    @evolves(e.StagingCompleted)
    def _staged(self, _event: e.StagingCompleted, _recorded: Recorded) -> None:
        self.staged = True

    @evolves(e.StagingReopened)
    def _staging_reopened(self, _event: e.StagingReopened, _recorded: Recorded) -> None:
        self.staged = False

    @evolves(e.StagingSkipped)
    def _staging_skipped(self, event: e.StagingSkipped, _recorded: Recorded) -> None:
        self.equipment, self.staged = False, True
        self.collected = self.collected or event.collecte_completed
        self._count(event.phones)

    @evolves(e.PortabilityConfirmed)
    def _portability_confirmed(self, _event: e.PortabilityConfirmed, _recorded: Recorded) -> None:
        self.porta = Porta.CONFIRMED

    @evolves(e.PortabilityAwaited, e.PortabilityPostponed, e.PortabilityRefused)
    def _portability_is_asked(self, _event: Event, _recorded: Recorded) -> None:
        self.porta = Porta.ASKED

    @evolves(n.PortabilityNoted)
    def _portability_noted(self, event: n.PortabilityNoted, _recorded: Recorded) -> None:
        self.porta = event.state or self.porta

    @evolves(e.VisitDone)
    def _visited(self, event: e.VisitDone, _recorded: Recorded) -> None:
        self.reported = event.result == "terminé"

    @evolves(e.VisitRescheduled)
    def _rescheduled(self, _event: e.VisitRescheduled, _recorded: Recorded) -> None:
        self.reported = False

    @evolves(e.CancellationRequested)
    def _cancellation_requested(self, _event: e.CancellationRequested, _recorded: Recorded) -> None:
        self.cancellation = True

    @evolves(e.CancellationWithdrawn)
    def _cancellation_withdrawn(self, _event: e.CancellationWithdrawn, _recorded: Recorded) -> None:
        self.cancellation = False

    @evolves(e.StatusCorrected)
    def _corrected(self, event: e.StatusCorrected, _recorded: Recorded) -> None:
        self.cancellation = False
        self.collecte_presumed = self.collecte_presumed or event.status not in STEPS_BEFORE

    @evolves(n.DetailsChanged)
    def _changed(self, event: n.DetailsChanged, _recorded: Recorded) -> None:
        self.client, self.partner = event.client or self.client, event.partner or self.partner
        self.ref = event.ref or self.ref
        self._count(event.phones)

    def _count(self, phones: int | None) -> None:
        self.phones = self.phones if phones is None else phones
