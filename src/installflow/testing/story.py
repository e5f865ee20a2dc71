"""Given what happened, when this is recorded, then that follows: a small kit for tests in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from installflow import Actor, Forbidden, Invalid, Receipt, Refused

if TYPE_CHECKING:
    from uuid import UUID

    from installflow import Event, InstallFlow, Recorded

PLANNER = Actor("Sonia", role="planner")
PAGE = 1000


def recorded_since(flow: InstallFlow, position: int) -> list[Recorded]:
    """Every event of the store after a position, in the order they were committed."""
    found: list[Recorded] = []
    while page := flow._store.log(position, PAGE):  # noqa: SLF001  # the log is no business of an application
        found += map(flow._mapper.decode, page)  # noqa: SLF001
        position = page[-1].position
    return found


def last_position(flow: InstallFlow) -> int:
    """The position of the last event, to hand to `recorded_since` later."""
    return flow._store.position()  # noqa: SLF001  # as above


class Story:
    """One aggregate's story over a flow, told in three words.

    >>> from installflow import InstallFlow
    >>> from installflow.orders import CollecteStarted, OrderReceived, StagingStarted
    >>> with InstallFlow() as flow:
    ...     story = Story(flow).given(OrderReceived(client="Boulangerie Morel", partner="HIGHCOM", phones=6))
    ...     _ = story.when(StagingStarted()).refused("la collecte est obligatoire au-delà de 4 téléphones")
    ...     _ = story.when(CollecteStarted()).then(CollecteStarted, status="Collecte")
    """

    def __init__(self, flow: InstallFlow, by: Actor = PLANNER) -> None:
        self.flow = flow
        self.by = by
        self.id: UUID | None = None
        self.receipt: Receipt | None = None
        self.refusal: Refused | Forbidden | Invalid | None = None
        self._before = 0

    def given(self, *events: Event, by: Actor | None = None) -> Self:
        """Record what happened before; the first event opens the aggregate."""
        for event in events:
            self.receipt = self._record(event, by)
        return self

    def when(self, event: Event, *, by: Actor | None = None, **options: Any) -> Self:
        """Record one event, or keep the refusal for `refused`; ``options`` are those of ``InstallFlow.record``."""
        self.refusal, self._before = None, last_position(self.flow)
        try:
            self.receipt = self._record(event, by, **options)
        except (Refused, Forbidden, Invalid) as refusal:
            self.refusal = refusal
        return self

    def then(self, *events: type[Event], status: str | None = None, waits: tuple[str, ...] | None = None) -> Self:
        """Check what was recorded (reactions included, in order), the label of the status, the kinds of open waits."""
        if self.refusal is not None:
            raise self.refusal
        recorded = [one.event_type for one in recorded_since(self.flow, self._before)]
        assert not events or recorded == list(events), [each.__name__ for each in recorded]  # noqa: S101  # a test kit
        if status is not None:
            assert self.aggregate.status.label == status, self.aggregate.status.label  # noqa: S101
        if waits is not None:
            found = tuple(wait.kind for wait in self.aggregate.waits)
            assert found == waits, found  # noqa: S101
        return self

    def refused(self, *sentences: str) -> Self:
        """Check that it was refused, and that some reason holds each of these texts."""
        assert self.refusal is not None, "nothing was refused"  # noqa: S101
        told = [self.refusal.sentence, *(reason.sentence for reason in self.refusal.reasons)]
        for sentence in sentences:
            assert any(sentence in each for each in told), told  # noqa: S101
        return self

    @property
    def aggregate(self) -> Any:
        """The aggregate as its guards see it now."""
        assert self.id is not None, "nothing happened yet"  # noqa: S101
        return self.flow.load(self.id)

    def _record(self, event: Event, by: Actor | None, **options: Any) -> Receipt:
        if self.id is None:
            receipt = self.flow.open(event, by=by or self.by, **options)
            self.id = receipt.id
            return receipt
        return self.flow.record(self.id, event, by=by or self.by, **options)
