"""Given what happened, when this is recorded, then that follows: a small kit for tests in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from installflow import Actor, Conflict, Forbidden, Invalid, Receipt, Refused
from installflow.workflow.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from installflow import Event, InstallFlow, InstallflowError, Recorded

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
    """One aggregate's story over a flow, told in three words; a refusal that nobody asked for fails at the next one.

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
        self.refusal: Refused | Forbidden | Invalid | Conflict | None = None
        self._refusal_told = False
        self._before = 0

    def given(self, *events: Event, by: Actor | None = None) -> Self:
        """Record what happened before; the first event opens the aggregate."""
        self.end()
        for event in events:
            self.receipt = self._record(event, by)
        return self

    def when(self, event: Event, *, by: Actor | None = None, **options: Any) -> Self:
        """Record one event, or keep the refusal for `refused`; ``options`` are those of ``InstallFlow.record``."""
        self.end()
        self.receipt, self.refusal, self._refusal_told = None, None, False
        self._before = last_position(self.flow)
        try:
            self.receipt = self._record(event, by, **options)
        except (Refused, Forbidden, Invalid, Conflict) as refusal:
            self.refusal = refusal
        return self

    def then(
        self, *events: type[Event], status: Status | str | None = None, waits: tuple[str, ...] | None = None
    ) -> Self:
        """Check what was recorded (reactions included, in order), the status, the kinds of open waits.

        The status is a member (``OrderStatus.STAGING``) or a label; two statuses may share a label.
        """
        self.end()
        if events:
            _same("recorded", _names(self._recorded()), _names(events))
        if status is not None:
            found = self.aggregate.status
            same = found is status if isinstance(status, Status) else status in (found.label, found.value)
            _check(same, f"the status is {_told(found)}, not {_told(status)}")
        if waits is not None:
            _same("waiting for", ", ".join(wait.kind for wait in self.aggregate.waits), ", ".join(waits))
        return self

    def refused(self, *sentences: str, only: bool = False) -> Self:
        """Check that it was refused, and that some reason holds each of these texts.

        With ``only`` there is no other reason: each holds one of the texts.
        """
        if self.refusal is None:
            msg = f"nothing was refused; recorded: {_names(self._recorded())}"
            raise AssertionError(msg)
        self._refusal_told = True
        reasons = _reasons(self.refusal)
        for sentence in sentences:
            found = any(sentence in reason for reason in (*reasons, self.refusal.sentence))
            _check(found, f"no reason holds « {sentence} »; it was refused for:{_listed(reasons)}")
        others = [reason for reason in reasons if not any(sentence in reason for sentence in sentences)]
        _check(not (only and others), f"it was refused for more:{_listed(others)}")
        return self

    def end(self) -> None:
        """Fail where the last `when` was refused and no `refused` said so; the fixture calls it when the test ends."""
        if self.refusal is not None and not self._refusal_told:
            self._refusal_told = True
            msg = f"it was refused, and no refused(…) says so:{_listed(_reasons(self.refusal))}"
            raise AssertionError(msg) from self.refusal

    @property
    def aggregate(self) -> Any:
        """The aggregate as its guards see it now."""
        if self.id is None:
            msg = "nothing happened yet"
            raise AssertionError(msg)
        return self.flow.load(self.id)

    def _record(self, event: Event, by: Actor | None, **options: Any) -> Receipt:
        if self.id is None:
            receipt = self.flow.open(event, by=by or self.by, **options)
            self.id = receipt.id
            return receipt
        return self.flow.record(self.id, event, by=by or self.by, **options)

    def _recorded(self) -> list[type[Event]]:
        return [one.event_type for one in recorded_since(self.flow, self._before)]


def _check(holds: bool, otherwise: str) -> None:  # noqa: FBT001  # what was checked is its first argument
    """Fail with our sentence alone: pytest adds to that of an ``assert`` what this kit is made of."""
    if not holds:
        raise AssertionError(otherwise)


def _same(what: str, found: str, expected: str) -> None:
    _check(found == expected, f"{what}: {found or 'nothing'}; expected: {expected or 'nothing'}")


def _names(events: Iterable[type[Event]]) -> str:
    return ", ".join(event.__name__ for event in events)


def _told(status: Status | str) -> str:
    return f"« {status.label} » ({status.value})" if isinstance(status, Status) else f"« {status} »"


def _reasons(refusal: InstallflowError) -> list[str]:
    return [reason.sentence for reason in refusal.reasons] or [refusal.sentence]


def _listed(reasons: Iterable[str]) -> str:
    return "".join(f"\n- {reason}" for reason in reasons)
