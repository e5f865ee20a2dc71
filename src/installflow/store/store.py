"""The face of a store: what the rest of installflow may ask of it, whatever database lies behind.

A store holds raw bytes. It knows no event class, no envelope and no view: those are written above it.
No type and no exception of a database or of the event-sourcing library crosses this face.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
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

NO_COMMANDS: Final[Mapping[str, str]] = MappingProxyType({})
NO_WORKFLOWS: Final[Mapping[str, str]] = MappingProxyType({})

HEX_DIGITS: Final = frozenset("0123456789abcdef")
UUID_LENGTH: Final = 32

BUSY: Final = ("store_busy", "another writer holds it for too long: try again, or open it with a longer lock_timeout")
CLOSED: Final = ("store_closed", "it is closed: open it again")
REPLACED: Final = (
    "store_replaced",
    "its file was replaced, moved or deleted since it was opened, nothing was stored: open it again",
)
FORKED: Final = ("store_forked", "this process was forked after it was opened: open it again in the new process")


class VersionTaken(Exception):
    """Somebody else recorded this version of the aggregate first: reload and decide again.

    It stays inside the house (whoever decides again turns it into a refusal or a ``Conflict``), so it
    carries nothing.
    """


class ViewBehind(Exception):
    """A view stands before the position it has to be at: whoever asked folds on, then asks again.

    It stays inside the house, as `VersionTaken` does.
    """


class BuildUnderWay(Exception):
    """Somebody else is building this view: wait for theirs. It stays inside the house, as `VersionTaken` does."""


class Row(NamedTuple):
    """One recorded event as stored; ``position`` is its place in the global commit order (0 when not known)."""

    position: int
    id: UUID
    version: int
    topic: str
    state: bytes


class ViewRow(NamedTuple):
    """A view's row for one aggregate, and how many of its events are folded in; no ``row``: nothing to show yet.

    ``archived`` is what a row that everyday screens leave out is found again by, a key a line; ``None`` for the others.
    """

    row: bytes | None
    events: int
    archived: str | None = None

    @property
    def keys(self) -> list[str]:
        """The keys it is found again by."""
        return self.archived.split("\n") if self.archived else []


class ParkedAt(NamedTuple):
    """Where a view stumbled on an aggregate: the event's position, why, and how many times it was tried."""

    position: int
    reason: str
    tries: int = 1


Parked: TypeAlias = Mapping[UUID, ParkedAt]
"""Aggregates a view could not follow."""

NOTHING_PARKED: Final[Parked] = MappingProxyType({})


class Revision(NamedTuple):
    """Which build of a view, and how often it was written to: what was folded on one revision holds for no other.

    The position alone would not tell: what was parked is taken up again without moving it.
    """

    generation: int
    number: int


class ViewSnapshot(NamedTuple):
    """What a view needs to catch up, as it stood at one instant.

    ``upto`` is the position the view may move to once it has folded ``events``: it is beyond the last of
    them when the log goes on with topics the view does not read. ``revision`` is handed back to ``view_advance``: rows
    folded on a build since written to, or replaced, are not written.
    """

    position: int
    events: list[Row]
    rows: dict[UUID, ViewRow]
    parked: set[UUID]
    upto: int
    revision: Revision


class ViewState(NamedTuple):
    """One build of a view: where it has come to, what it holds, and whether it is the one readers see."""

    view: str
    generation: int
    position: int
    live: bool
    rows: int
    events: int
    parked: int


class ViewDifference(NamedTuple):
    """A row that differs between the live build of a view and another: ``None`` where it is missing."""

    id: UUID
    live: ViewRow | None
    built: ViewRow | None


class Fault(NamedTuple):
    """Something wrong in the database itself: a stable code, what it concerns, and a sentence."""

    code: str
    where: str
    sentence: str


COMMAND_LOST: Final = ("command_without_events", "it says that it recorded events which are not there")
COMMAND_UNREADABLE: Final = ("command_unreadable", "what it recorded cannot be read")
PARTS: Final = "store"
"""What the reasons of a store that lacks parts are under: each names one."""

INCOMPLETE: Final = ("store_incomplete", "it is missing, or not as it was made: run installflow db upgrade")
ALTERED: Final = ("store_altered", "somebody put this on one of its tables, and it may change what is stored there")
EATEN: Final = ("store_altered", "a trigger or a rule on its table kept the events from being stored: remove it")
POSITION_DAMAGED: Final = ("event_position", "it stands before the first position, where no view reads")
POSITION_MISSING: Final = ("missing_position", "the events of these positions are gone")
TAIL_MISSING: Final = ("missing_tail", "the last events are gone")
POSITIONS_MOVED: Final = ("positions_moved", "the counter of positions was changed by hand")
VIEW_ASTRAY: Final = ("view_position", "it says that it has come where the log has not: it is built anew when read")
VIEW_STRAY: Final = ("view_stray", "the view has a row under what is no aggregate's id: build it again")
VIEW_PARKED: Final = ("view_row_damaged", "what the view set aside cannot be read: build it again")

FORMAT_DIGITS: Final = 9


def format_of(stamp: object) -> int | None:
    """The number of a format as its stamp has it; ``None`` for what is none."""
    return int(stamp) if isinstance(stamp, str) and stamp.isdecimal() and len(stamp) <= FORMAT_DIGITS else None


def id_beginning(prefix: str) -> str | None:
    """The hexadecimal digits an id begins with, dashes left out; ``None`` when none can begin so."""
    start = prefix.replace("-", "").lower()
    return start if HEX_DIGITS.issuperset(start) and len(start) <= UUID_LENGTH else None


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
    def append(
        self,
        rows: Sequence[NewRow],
        commands: Mapping[str, str] = NO_COMMANDS,
        workflows: Mapping[str, str] = NO_WORKFLOWS,
    ) -> Sequence[int]:
        """Record events, all or none, and return their positions.

        ``commands`` are the ids callers chose, each with what it recorded, kept in the same transaction.
        ``workflows`` are the tables the events were decided by, each under its digest: in that transaction the store
        holds them, whatever it held before, and the first document kept under a digest stays. Raises
        ``VersionTaken`` when one of these versions or command ids exists, ``Invalid`` when the unit is too large.
        """

    @abstractmethod
    def command(self, command_id: str) -> str | None:
        """What was recorded under a command id its caller chose, or ``None``."""

    @abstractmethod
    def commands(self, ids: Sequence[str]) -> dict[str, str]:
        """What was recorded under each of these command ids that was chosen."""

    @abstractmethod
    def command_page(self, after: str, limit: int) -> list[tuple[str, str]]:
        """The next chosen command ids with what was recorded under them, by id."""

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
    def workflow(self, digest: str) -> str | None:
        """The workflow table kept under this digest."""

    @abstractmethod
    def streams(self, after: tuple[UUID, int] | None, upto: int, limit: int, topics: Sequence[str] = ()) -> list[Row]:
        """The next events up to a position by aggregate id, then version; ``after`` is the last id and version read."""

    @abstractmethod
    def check(self) -> list[Fault]:
        """What is wrong in the database itself, below any event: damaged pages, ids and versions nobody can read.

        Commands too, whose events are not there.
        """

    @abstractmethod
    def views(self) -> list[ViewState]:
        """Every build of a view the store keeps, by view and generation; a build that was replaced is not one.

        It counts their rows: to learn which there are, `view_names` is at hand.
        """

    @abstractmethod
    def view_names(self) -> list[str]:
        """The views the store keeps a build of."""

    @abstractmethod
    def view_position(self, view: str) -> int:
        """The position of the last event the live view has folded, 0 when it has not begun."""

    @abstractmethod
    def view_snapshot(
        self, view: str, limit: int, topics: Sequence[str] = (), *, build: int | None = None
    ) -> ViewSnapshot:
        """The view's position, the next events and the rows they concern, all as of one instant.

        Of the live build, or of the ``build`` under way of that generation.
        """

    @abstractmethod
    def view_advance(
        self,
        view: str,
        expected: int,
        position: int,
        changed: Mapping[UUID, ViewRow],
        parked: Parked = NOTHING_PARKED,
        *,
        unparked: Collection[UUID] = (),
        revision: Revision | None = None,
    ) -> bool:
        """Write changed rows and move the view, if it still is where it was read.

        Returns ``False``, with nothing written, when the view is no longer at ``expected`` or at the ``revision``
        given; a revision of a build under way moves that build. ``unparked`` aggregates are followed again from here
        on: with their row folded up to ``expected`` in ``changed``, no event of theirs is lost in between. One that
        is parked again keeps one entry, with the tries added up.
        """

    @abstractmethod
    def view_rows(self, view: str, ids: Sequence[UUID] | None = None, *, at_least: int = 0) -> list[tuple[UUID, bytes]]:
        """The rows there are to show by id, all of them or those of these aggregates.

        Here and below, raises ``ViewBehind`` when the view that is read stands before the position ``at_least``.
        """

    @abstractmethod
    def view_everyday(
        self, view: str, keys: Collection[str] = (), *, at_least: int = 0
    ) -> tuple[list[tuple[UUID, bytes]], list[tuple[UUID, bytes]]]:
        """The rows to show that are not archived, and those archived under one of the keys, as of one instant.

        Both by id. However many rows are archived, no other of them is read.
        """

    @abstractmethod
    def view_archived(self, view: str, keys: Collection[str], *, at_least: int = 0) -> list[tuple[UUID, bytes]]:
        """The rows archived under one of the keys, by id."""

    @abstractmethod
    def view_page(self, view: str, after: UUID | None, limit: int) -> list[tuple[UUID, ViewRow]]:
        """The next rows by id, those with nothing to show included, each with its count of folded events."""

    @abstractmethod
    def view_parked(self, view: str) -> list[tuple[UUID, ParkedAt]]:
        """The aggregates the view could not follow, by position."""

    @abstractmethod
    def view_begin(self, view: str, lease: float = 0) -> int:
        """Begin a build of the view beside the live one; answers its generation.

        Raises ``BuildUnderWay`` when another was begun or written to less than ``lease`` seconds ago by the clock of
        the database.
        """

    @abstractmethod
    def view_build(self, generation: int, rows: Sequence[tuple[UUID, ViewRow]]) -> bool:
        """Write rows of a build in one transaction; ``False`` when the build no longer counts (replaced, dropped).

        Without rows too, it renews the lease of the build.
        """

    @abstractmethod
    def view_differences(self, view: str, generation: int, after: UUID | None, limit: int) -> list[ViewDifference]:
        """The next rows in which a build differs from the live one, by id, at most ``limit`` of them."""

    @abstractmethod
    def view_swap(self, view: str, generation: int) -> bool:
        """Make a build the live one: readers see the old rows or the new, never a mixture.

        Of two builds under way at once, the first to be swapped in stands and the other no longer counts: ``False``.
        Raises ``ViewBehind`` when the live one has come further: readers would lose what they have seen.
        """

    @abstractmethod
    def view_abandon(self, generation: int) -> None:
        """Give up a build and forget its rows."""

    @abstractmethod
    def view_drop(self, view: str) -> None:
        """Delete a view's rows and its position: it begins again from the first event."""

    @abstractmethod
    def close(self) -> None:
        """Give the database back; closing twice is closing once."""
