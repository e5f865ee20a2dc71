"""The face of a store: what the rest of installflow may ask of it, whatever database lies behind.

A store holds raw bytes. It knows no event class, no envelope and no view: those are written above it.
No type and no exception of a database or of the event-sourcing library crosses this face.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from installflow.errors import Invalid

MAX_EVENTS: Final = 100
"""The most events one unit of work may record: a larger one is refused, never split."""

MAX_UNIT_BYTES: Final = 128 * 1024
"""The most bytes the events of one unit of work may weigh together."""

MAX_EVENT_BYTES: Final = 32 * 1024
"""The most bytes one event may weigh."""

NewRow: TypeAlias = tuple[UUID, int, str, bytes]
"""An event to append: aggregate id, version, topic, state."""

Parked: TypeAlias = Mapping[UUID, tuple[int, str]]
"""Aggregates a view could not follow: the position of the event it stumbled on, and why."""

NO_COMMANDS: Final[Mapping[str, str]] = MappingProxyType({})

NOTHING_PARKED: Final[Parked] = MappingProxyType({})


class VersionTaken(Exception):
    """Somebody else recorded this version of the aggregate first: reload and decide again.

    It stays inside the house (whoever decides again turns it into a refusal or a ``Conflict``), so it
    carries nothing.
    """


class Row(NamedTuple):
    """One recorded event as stored; ``position`` is its place in the global commit order (0 when not known)."""

    position: int
    id: UUID
    version: int
    topic: str
    state: bytes


class ViewSnapshot(NamedTuple):
    """What a view needs to catch up, as it stood at one instant.

    ``upto`` is the position the view may move to once it has folded ``events``: it is beyond the last of
    them when the log goes on with topics the view does not read. ``generation`` tells one build of the
    view from the next: handed back to ``view_advance``, rows folded on a build since replaced are not written.
    """

    position: int
    events: list[Row]
    rows: dict[UUID, bytes]
    parked: set[UUID]
    upto: int
    generation: int


def check_unit(rows: Sequence[NewRow]) -> None:
    """Refuse a unit of work too large to be one transaction on every store."""
    if len(rows) > MAX_EVENTS:
        raise Invalid(
            f"une opération enregistre au plus {MAX_EVENTS} événements, celle-ci en compte {len(rows)} : "
            "faites-la en plusieurs fois",
            code="unit_too_large",
        )
    total = 0
    for _, _, topic, state in rows:
        size = len(state)
        if size > MAX_EVENT_BYTES:
            raise Invalid(
                f"un événement pèse au plus {MAX_EVENT_BYTES // 1024} Kio, celui-ci ({topic}) en pèse "
                f"{-(-size // 1024)} : raccourcissez ses textes",
                code="event_too_large",
            )
        total += size
    if total > MAX_UNIT_BYTES:
        raise Invalid(
            f"une opération pèse au plus {MAX_UNIT_BYTES // 1024} Kio, celle-ci en pèse {-(-total // 1024)} : "
            "faites-la en plusieurs fois",
            code="unit_too_large",
        )


class Store(ABC):
    """Recorded events, the workflow tables they were decided by, and the rows of the views.

    Throughout, ``view`` is a view's name and version, as in ``planning@1``: each version is tracked by itself.

    One object may be used by several threads. After ``close()``, and in a process forked from the one
    that opened it, every method raises ``StoreUnavailable``.
    """

    url: str

    @abstractmethod
    def append(self, rows: Sequence[NewRow], commands: Mapping[str, str] = NO_COMMANDS) -> Sequence[int]:
        """Record events, all or none, and return their positions.

        ``commands`` are the ids callers chose, each with what it recorded, kept in the same transaction. Raises
        ``VersionTaken`` when one of these versions or command ids exists, ``Invalid`` when the unit is too large.
        """

    @abstractmethod
    def command(self, command_id: str) -> str | None:
        """What was recorded under a command id its caller chose, or ``None``."""

    @abstractmethod
    def load(self, id: UUID, *, after: int = 0) -> list[Row]:  # noqa: A002 - an aggregate's id is called id everywhere
        """The events of one aggregate whose version is above ``after``, by version."""

    @abstractmethod
    def load_many(self, ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
        """The events of several aggregates as of one instant; an unknown id has an empty list."""

    @abstractmethod
    def log(self, after: int, limit: int, topics: Sequence[str] = ()) -> list[Row]:
        """The next events after a position, in commit order; of these topics only, if any are named."""

    @abstractmethod
    def position(self) -> int:
        """The position of the last event, 0 when there is none."""

    @abstractmethod
    def ids(self, prefix: str, kind: str, limit: int = 20) -> list[UUID]:
        """The aggregates of a kind whose id begins with these hexadecimal digits (dashes do not count)."""

    @abstractmethod
    def remember_workflow(self, digest: str, document: str) -> None:
        """Keep a workflow table under its digest; the first document kept is the one that stays."""

    @abstractmethod
    def workflow(self, digest: str) -> str | None:
        """The workflow table kept under this digest."""

    @abstractmethod
    def views(self) -> dict[str, int]:
        """Every view the store holds rows for, and its position."""

    @abstractmethod
    def view_position(self, view: str) -> int:
        """The position of the last event the view has folded, 0 when it has not begun."""

    @abstractmethod
    def view_snapshot(self, view: str, limit: int, topics: Sequence[str] = ()) -> ViewSnapshot:
        """The view's position, the next events and the rows they concern, all as of one instant."""

    @abstractmethod
    def view_advance(
        self,
        view: str,
        expected: int,
        position: int,
        changed: Mapping[UUID, bytes | None],
        parked: Parked = NOTHING_PARKED,
        *,
        unparked: Collection[UUID] = (),
        generation: int | None = None,
    ) -> bool:
        """Write changed rows (``None`` deletes one) and move the view, if it still is where it was read.

        Returns ``False``, with nothing written, when the view is no longer at ``expected`` or its
        ``generation`` is no longer the one given. ``unparked`` aggregates are followed again from here on: with
        their row folded up to ``expected`` in ``changed``, no event of theirs is lost in between.
        """

    @abstractmethod
    def view_rows(self, view: str, ids: Sequence[UUID] | None = None) -> list[tuple[UUID, bytes]]:
        """The view's rows by id, all of them or those of these aggregates."""

    @abstractmethod
    def view_parked(self, view: str) -> list[tuple[UUID, int, str]]:
        """The aggregates the view could not follow: id, position of the event it stumbled on, reason."""

    @abstractmethod
    def view_unpark(self, view: str, id: UUID) -> None:  # noqa: A002
        """Forget that an aggregate was parked, and leave its row as it is."""

    @abstractmethod
    def view_replace(
        self, view: str, position: int, rows: Iterable[tuple[UUID, bytes]], parked: Parked = NOTHING_PARKED
    ) -> None:
        """Build the view anew beside the live one, then swap: readers see the old rows or the new, never a mixture.

        ``rows`` is read outside any transaction and may be as long as it likes; ``parked`` is read after it,
        so one loop may fill both. Of two builds under way at once, the first to finish stands.
        """

    @abstractmethod
    def view_drop(self, view: str) -> None:
        """Delete a view's rows and its position: it begins again from the first event."""

    @abstractmethod
    def close(self) -> None:
        """Give the database back; closing twice is closing once."""
