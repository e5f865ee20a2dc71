"""The screens: views read for a day, live or as of a moment."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID

from installflow.billing import BILLING, BillingLine, statement
from installflow.errors import Invalid, NotFound
from installflow.openip import OfferLine, OfferQuery
from installflow.openip import rows as openip_rows
from installflow.openip.status import Rows as OpenipRows
from installflow.openip.status import offers
from installflow.orders import AGENDA, PLANNING, AgendaEntry, BoardQuery, BoardRow, TodayItem, archive
from installflow.orders.absences import ABSENCES, Absence
from installflow.orders.agenda import agenda
from installflow.orders.board import board, one_on_board
from installflow.orders.today import today_list
from installflow.workflow.reading import Line
from installflow.workflow.zone import PARIS, end_of_day

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from installflow.audit import HistoryEntry
    from installflow.orders.planning_row import PlanningRow
    from installflow.workflow.event import Recorded
    from installflow.workflow.view import View

Q = TypeVar("Q", BoardQuery, OfferQuery)

ID_LENGTH = 32
YEARS = range(1970, 9999)
"""Those in which an event may stand, or a screen be read."""


class Rows(Protocol):
    """Where screens have their rows from, in the order of their ids.

    Screens leave out what they do not show whatever they are given, so a source may answer more than it is asked for.
    """

    def rows(self, view: View[Any], ids: Sequence[UUID] | None = None) -> list[Any]:
        """Every row of a view, or those of some aggregates."""

    def everyday(self, view: View[Any], keys: Collection[str] = ()) -> list[Any]:
        """The rows that are not archived, and those archived under one of the keys."""

    def lines(self, view: View[Any]) -> list[Line[Any]]:
        """The rows that are not archived, each read as far as its brief."""

    def archived(self, view: View[Any], keys: Collection[str]) -> list[Any]:
        """The rows archived under one of the keys."""


@dataclass(frozen=True, slots=True)
class Screens:
    """What people read, from one source of rows, on one day."""

    source: Rows
    today_is: dt.date
    parameters: Callable[[str], Mapping[str, Any]]
    absences: Callable[[], Sequence[Absence]] = tuple
    """Who is away; read by those screens alone that tell of it."""

    def planning(self, query: BoardQuery | None = None, /, **filters: Any) -> list[BoardRow]:
        """The planning board: filters as in `BoardQuery`; finished orders are left out unless ``all=True``."""
        query = _asked(BoardQuery, query, filters)
        if query.shows_finished:
            lines = _lines(self.source.rows(PLANNING))
        else:
            lines = self.source.lines(PLANNING)
            lines = self._with_archived(lines, lines)
        return board(lines, self.today_is, query, self.parameters)

    def row(self, one: UUID) -> BoardRow | None:
        """One order's row of the board, finished or not."""
        lines = self.source.lines(PLANNING)
        found = [line for line in lines if line.id.int == one.int]
        if not found:
            found = _lines(self.source.rows(PLANNING, [one]))
            lines = _with(lines, found)
        return one_on_board(one, self._with_archived(lines, found), self.today_is, self.parameters)

    def _with_archived(self, lines: list[Line[PlanningRow]], of: list[Line[PlanningRow]]) -> list[Line[PlanningRow]]:
        """Lines, and those archived that share a tracking number with some of them."""
        numbers = [key for line in of for key in line.brief.keys if archive.is_number(key)]
        return _with(lines, _lines(self.source.archived(PLANNING, numbers)))

    def agenda(self, *, all: bool = False) -> list[AgendaEntry]:  # noqa: A002  # the word of the command line
        """The reminders, the oldest first."""
        return agenda(self.source.rows(AGENDA) if all else self.source.everyday(AGENDA), self.today_is, every=all)

    def today(self, person: str = "") -> list[TodayItem]:
        """The list of the day, or one person's."""
        rows = self.source.everyday(PLANNING, archive.of_the_day(self.today_is))
        return today_list(rows, self.today_is, person, self.absences())

    def billing(self, *, all: bool = False) -> list[BillingLine]:  # noqa: A002  # the word of the command line
        """What there is to bill."""
        return statement(self.source.rows(BILLING) if all else self.source.everyday(BILLING), every=all)

    def openip(self, query: OfferQuery | None = None, /, **filters: Any) -> list[OfferLine]:
        """OpenIP's offers with their sheets; filters as in `OfferQuery`, those at an end are left out by default."""
        source = self.source
        rows = OpenipRows(
            source.rows(openip_rows.OFFERS),
            source.rows(openip_rows.SHEETS),
            source.rows(openip_rows.SUPPLY_ORDERS),
            source.rows(openip_rows.CONVERSATIONS),
        )
        return offers(rows, _asked(OfferQuery, query, filters))


def _lines(rows: Iterable[PlanningRow]) -> list[Line[PlanningRow]]:
    return [Line.of(PLANNING, row.id, row) for row in rows]


def _with(lines: list[Line[PlanningRow]], others: list[Line[PlanningRow]]) -> list[Line[PlanningRow]]:
    """Lines and others by id; of one that is in both, read a moment apart, the first."""
    if not others:
        return lines
    by_id = {line.id: line for line in (*others, *lines)}
    return lines if len(by_id) == len(lines) else sorted(by_id.values(), key=lambda line: line.id.int)


@dataclass(frozen=True, slots=True)
class Moments:
    """Two times, two questions: what had happened by ``as_of``, as far as was known by ``known_on``."""

    as_of: dt.datetime | None = None
    known_on: dt.datetime | None = None

    def applies(self, recorded: Recorded) -> bool:
        """Whether an event counts."""
        return (self.as_of is None or recorded.occurred_at <= self.as_of) and (
            self.known_on is None or recorded.recorded_at <= self.known_on
        )

    @property
    def day(self) -> dt.date | None:
        """The day the screens are read on."""
        moments = [moment for moment in (self.as_of, self.known_on) if moment]
        return min(moments).astimezone(PARIS).date() if moments else None


def moment_of(when: str | dt.date | dt.datetime) -> dt.datetime:
    """A moment: a bare date is the end of that day in Paris, a datetime must carry its zone; else `Invalid`."""
    given: object = when  # what a caller without types may pass
    if isinstance(when, str):
        when = _read(when)
    if isinstance(when, dt.datetime):
        if when.tzinfo is None:
            msg = f"« {when.isoformat()} » n'a pas de fuseau horaire : écrire par exemple {when.isoformat()}+01:00"
            raise Invalid(msg)
        return _in_reach(when)
    if not isinstance(given, dt.date | str):
        msg = f"{str(when)[:60]!r} n'est pas un moment : donner une date, un datetime avec son fuseau, ou un texte"
        raise Invalid(msg)
    return _in_reach(end_of_day(when))


def _in_reach(when: dt.datetime) -> dt.datetime:
    """A moment of the years that have a past and a future in every zone; `Invalid` for another."""
    try:
        year = when.astimezone(dt.UTC).year
    except OverflowError:
        year = 0
    if year not in YEARS:
        msg = f"« {when.isoformat()[:60]} » est hors du calendrier : choisir une année de {YEARS[0]} à {YEARS[-1]}"
        raise Invalid(msg)
    return when


def _read(text: str) -> dt.date | dt.datetime:
    try:
        return dt.datetime.strptime(text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        pass
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        pass
    try:
        return dt.datetime.fromisoformat(text.strip())
    except ValueError:
        msg = (
            f"« {text[:60]} » n'est ni une date ni un moment : écrire 2026-03-31, 31/03/2026 ou 2026-03-31T14:00+02:00"
        )
        raise Invalid(msg) from None


def _asked(kind: type[Q], query: Q | None, filters: dict[str, Any]) -> Q:
    """The query given, or that of filters given by name; raises `Invalid`."""
    if query is not None and filters:
        msg = "les filtres se donnent dans la requête ou par leur nom, pas les deux"
        raise Invalid(msg)
    try:
        return query or kind(**filters)
    except TypeError:
        known = ", ".join(kind.__dataclass_fields__)
        msg = f"filtre inconnu : {', '.join(sorted(filters))} ; au choix : {known}"
        raise Invalid(msg) from None


class ReadsScreens(ABC):
    """The screens as methods of whoever has them: the flow live, or a moment of it."""

    @property
    @abstractmethod
    def screens(self) -> Screens:
        """The screens, on their day."""

    def planning(self, query: BoardQuery | None = None, /, **filters: Any) -> list[BoardRow]:
        """The planning board, as `Screens.planning`."""
        return self.screens.planning(query, **filters)

    def agenda(self, *, all: bool = False) -> list[AgendaEntry]:  # noqa: A002  # the word of the command line
        """The IMPER agenda, as `Screens.agenda`."""
        return self.screens.agenda(all=all)

    def today(self, person: str = "") -> list[TodayItem]:
        """The list of the day, as `Screens.today`."""
        return self.screens.today(person)

    def billing(self, *, all: bool = False) -> list[BillingLine]:  # noqa: A002  # the word of the command line
        """What there is to bill, as `Screens.billing`."""
        return self.screens.billing(all=all)

    def openip(self, query: OfferQuery | None = None, /, **filters: Any) -> list[OfferLine]:
        """OpenIP's offers, as `Screens.openip`."""
        return self.screens.openip(query, **filters)

    def row(self, id: UUID | str) -> BoardRow:  # noqa: A002  # the envelope's own word
        """One order's row of the board, finished or not; raises `NotFound`."""
        one = id_of(id)
        if row := self.screens.row(one):
            return row
        msg = f"il n'y a pas de commande {one} : vérifier l'identifiant"
        raise NotFound(msg)


class PastSource(Protocol):
    """What the past is read from."""

    @property
    def today_is(self) -> dt.date:
        """Today in Paris."""

    def parameters(self, partner: str) -> Mapping[str, Any]:
        """The parameters of the policy a partner is under."""

    def past_rows(self, view: View[Any], moments: Moments) -> list[Any]:
        """The rows of a view from the events that apply."""

    def entries(self, one: UUID, moments: Moments) -> list[HistoryEntry]:
        """The history entries that apply."""


@dataclass(frozen=True, slots=True)
class PastRows:
    """Rows as of a moment: nothing is stored of it, so each reading folds the whole history."""

    source: PastSource
    moments: Moments

    def rows(self, view: View[Any], ids: Sequence[UUID] | None = None) -> list[Any]:
        """See `Rows`."""
        return [row for row in self.source.past_rows(view, self.moments) if ids is None or row.id in ids]

    def everyday(self, view: View[Any], keys: Collection[str] = ()) -> list[Any]:  # noqa: ARG002  # whatever the keys
        """See `Rows`: every row."""
        return self.rows(view)

    def lines(self, view: View[Any]) -> list[Line[Any]]:
        """See `Rows`: of every row."""
        return [Line.of(view, row.id, row) for row in self.rows(view)]

    def archived(self, view: View[Any], keys: Collection[str]) -> list[Any]:  # noqa: ARG002  # whatever the view
        """See `Rows`: they are among the everyday ones."""
        return []


@dataclass(frozen=True, slots=True)
class Past(ReadsScreens):
    """The flow as of one moment, as known on another, or both; read only."""

    source: PastSource
    moments: Moments

    def as_of(self, when: str | dt.date | dt.datetime) -> Past:
        """The same knowledge, about another moment."""
        return Past(self.source, Moments(moment_of(when), self.moments.known_on))

    def known_on(self, when: str | dt.date | dt.datetime) -> Past:
        """The same moment, as known on another."""
        return Past(self.source, Moments(self.moments.as_of, moment_of(when)))

    @property
    def screens(self) -> Screens:
        """The screens of that moment."""
        today = self.moments.day or self.source.today_is
        rows = PastRows(self.source, self.moments)
        return Screens(rows, today, self.source.parameters, lambda: rows.rows(ABSENCES))

    def history(self, id: UUID | str) -> list[HistoryEntry]:  # noqa: A002  # the envelope's own word
        """The part of a history that applies."""
        return self.source.entries(id_of(id), self.moments)


def id_of(text: UUID | str) -> UUID:
    """An id, given as such or as its whole text; raises `NotFound`."""
    given: object = text  # what a caller without types may pass
    if isinstance(given, UUID):
        return given
    try:
        return UUID(given if isinstance(given, str) and len(given.replace("-", "")) == ID_LENGTH else "")
    except ValueError:
        msg = f"« {str(given)[:80]} » n'est pas un identifiant complet : le chercher d'abord (flow.find)"
        raise NotFound(msg) from None
