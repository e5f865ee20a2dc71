"""InstallFlow: the composition root, and the facade an embedding application holds."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, Self
from uuid import UUID, uuid4, uuid5

from installflow import openip
from installflow.audit import HistoryEntry, history_of
from installflow.billing import BILLING
from installflow.checking import Checked, check
from installflow.errors import DeclarationError, Invalid, NotFound
from installflow.finding import find_order
from installflow.orders import AGENDA, PLANNING, Order, TechnicianDay
from installflow.orders.absences import ABSENCES
from installflow.orders.partners import DEFAULT, shipped_policies
from installflow.policies import Policies
from installflow.projections import Follower, Parked, Projections, Rebuilt, Retried, ViewStatus
from installflow.reactions import REACTIONS
from installflow.receipt import Receipt, advice, receipt_of
from installflow.screens import Moments, Past, ReadsScreens, Screens, id_of, moment_of
from installflow.store import init_store, open_store, upgrade_store
from installflow.store.engine import Engine
from installflow.store.mapper import Mapper
from installflow.store.store import Row
from installflow.store.unit_of_work import Command, Request, UnitOfWork
from installflow.workflow.aggregate import Aggregate
from installflow.workflow.decision import Option
from installflow.workflow.entry import event_named, parse_event
from installflow.workflow.event import Actor, Event, Recorded, Registry
from installflow.workflow.fields import is_storable
from installflow.workflow.policy import Policy
from installflow.workflow.zone import PARIS

KINDS: tuple[type[Aggregate], ...] = (Order, TechnicianDay, *openip.KINDS)
VIEWS = (PLANNING, AGENDA, BILLING, *openip.VIEWS)
OPENED = UUID("0d5a5f0e-6d4b-5c93-8f5d-2f6a3f0b9f11")
"""Namespace of the aggregates opened under a command id; frozen: the same command opens the same one for ever."""

COMMAND_ID_LIMIT = 200


class InstallFlow(ReadsScreens):
    """Orders, their screens and their history over one store.

    ``url`` is ``sqlite:///orders.db``; without one the store is in memory and lives as long as the object.
    ``policies`` are the application's own partners, added to those shipped; ``clock`` answers the time (aware).
    ``synchronous="NORMAL"`` trades the last commits before a power cut for speed. Several may live in one process;
    close each, or use it in a ``with``.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        policies: Sequence[Policy] = (),
        clock: Callable[[], dt.datetime] | None = None,
        synchronous: Literal["FULL", "NORMAL"] = "FULL",
        lock_timeout: float = 5,
    ) -> None:
        self.registry = Registry(event for kind in KINDS for event in kind.workflow.events)
        self.policies = Policies(KINDS, Order, DEFAULT, shipped_policies(), policies)
        self._clock = clock or (lambda: dt.datetime.now(dt.UTC))
        given: object = self._clock  # what a caller without types may pass
        now = given() if callable(given) else given
        if not callable(given) or not isinstance(now, dt.datetime) or now.tzinfo is None:
            msg = f"the clock answers {now!r}, not a time with its zone: answer datetime.now(UTC)"
            raise DeclarationError(msg)
        self._store = open_store(url, synchronous=synchronous, lock_timeout=lock_timeout)
        self.url = self._store.url
        self._mapper = Mapper(self.registry)
        self._engine = Engine(self._store, self._mapper, self.policies.of, REACTIONS, self._clock)
        self._projections = Projections(self._store, self._mapper, VIEWS)
        self._kinds = {kind.kind: kind for kind in KINDS}
        self._followers: list[Follower] = []

    def __enter__(self) -> Self:
        """The flow itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Stop the followers and let go of the store; again does nothing."""
        for follower in self._followers:
            follower.end()
        self._store.close()

    # Changing the world

    def open(
        self,
        event: Event,
        *,
        by: Actor,
        occurred_at: dt.datetime | dt.date | str | None = None,
        command_id: str | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Start an aggregate (an order) with its first event.

        With a ``command_id``, which is always worth giving, the id is derived from it, so the same command opens once.
        Raises `Refused`, `Forbidden`, `Invalid` or `Conflict`; then nothing is stored.
        """
        kind = self._kind_of(event)
        _check_command_id(command_id)
        one = getattr(kind, "id_for", lambda _event: None)(event)
        one = one or (uuid5(OPENED, command_id) if command_id else uuid4())
        command = Command(kind, one, self._tidied(event), opens=True)
        return self._carry_out([command], by, occurred_at, command_id, dry_run=dry_run)[0]

    def record(
        self,
        id: UUID | str,  # noqa: A002  # the envelope's own word
        event: Event,
        *,
        by: Actor,
        occurred_at: dt.datetime | dt.date | str | None = None,
        command_id: str | None = None,
        expected_version: int | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Record what happened to an aggregate, if its workflow and its partner's policy allow it.

        The guards decide on the state found; when somebody else wrote first it is decided again, unless
        ``expected_version`` is given, which raises `Conflict` at once. The same ``command_id`` with the same event
        is the same answer. Raises `Refused` (with every reason), `Forbidden`, `NotFound`, `Invalid`, `Conflict`.
        """
        command = Command(self._kind_of(event), id_of(id), self._tidied(event), expected_version=expected_version)
        return self._carry_out([command], by, occurred_at, command_id, dry_run=dry_run)[0]

    def record_many(
        self,
        events: Iterable[tuple[UUID | str, Event]],
        *,
        by: Actor,
        occurred_at: dt.datetime | dt.date | str | None = None,
        command_id: str | None = None,
        dry_run: bool = False,
    ) -> list[Receipt]:
        """Record several events on one or several aggregates as one unit of work: all of them, or none."""
        commands = [Command(self._kind_of(event), id_of(one), self._tidied(event)) for one, event in events]
        return self._carry_out(commands, by, occurred_at, command_id, dry_run=dry_run)

    def outcome(self, command_id: str) -> list[Receipt]:
        """What a command id its caller chose recorded; raises `NotFound`.

        Soon after an `OutcomeUnknown` that may be a moment too early, where sending the same again is safe at any time.
        """
        return [receipt_of(outcome) for outcome in self._engine.outcome(command_id, self._kinds)]

    def event(self, name: str, fields: Mapping[str, Any] | None = None) -> Event:
        """The event of a class name or French trigger and fields as people type them; raises `Invalid` in French."""
        return parse_event(event_named(self.registry, name), {} if fields is None else fields)

    # Reading it

    def options(self, id: UUID | str, role: str = "planner", *, today: dt.date | None = None) -> list[Option]:  # noqa: A002
        """What may happen now to an order, and what may not, with every reason; for a role, on a day."""
        aggregate = self.load(id)
        policy = self.policies.of(aggregate)
        facts = {**policy.parameters, **aggregate.facts(None, today or self.today_is)}
        return list(policy.options(aggregate, facts, role))

    def load(self, id: UUID | str) -> Any:  # noqa: A002  # the envelope's own word
        """The aggregate as its guards see it; raises `NotFound`."""
        one = id_of(id)
        rows = self._rows(one)
        kind = self._kinds[self._mapper.kind_of(rows[0])]
        return self._mapper.replay(kind, one, rows)

    def history(self, id: UUID | str, *, before: int | None = None) -> list[HistoryEntry]:  # noqa: A002  # the envelope's own word
        """Who did what for whom, when it happened and when it was entered, oldest first; raises `NotFound`.

        ``before`` leaves out that version and the later ones: what still reads of a history damaged there.
        """
        return self._entries(id_of(id), Moments(), before)

    @property
    def today_is(self) -> dt.date:
        """Today in Paris, by the flow's clock."""
        return self._clock().astimezone(PARIS).date()

    @property
    def screens(self) -> Screens:
        """The live screens, on today's day."""
        return self.screens_on(self.today_is)

    def screens_on(self, today: dt.date) -> Screens:
        """The live screens, read as if on another day (what is due, late or near depends on it)."""
        return Screens(self._projections, today, self.parameters, lambda: self.past_rows(ABSENCES, Moments()))

    def as_of(self, when: str | dt.date | dt.datetime) -> Past:
        """The screens as things truly were at a moment, with all that is known today."""
        return Past(self, Moments(as_of=moment_of(when)))

    def known_on(self, when: str | dt.date | dt.datetime) -> Past:
        """The screens as they were shown at a moment, with what was known then."""
        return Past(self, Moments(known_on=moment_of(when)))

    def find(self, text: UUID | str) -> UUID:
        """The order of an id, an unambiguous id prefix, or a reference.

        Raises `NotFound`, or `Invalid` (code ``ambiguous``) with the candidates as its reasons.
        """
        return find_order(self._projections, self._store, text)

    # Keeping the views, and the store

    @staticmethod
    def init(url: str) -> bool:
        """Make the tables of a store where there are none: ``True`` when made now. PostgreSQL asks for it once."""
        return init_store(url)

    @staticmethod
    def upgrade(url: str) -> tuple[int, int]:
        """Bring the tables of a store to today's format; answers the format before and after."""
        return upgrade_store(url)

    def follow(self, interval: float = 0.1, *, views: Sequence[str] = ()) -> Follower:
        """A thread that keeps the views, or those named, ahead of their readers: stop it, or use it in a ``with``.

        It asks for the last position every ``interval`` seconds. Closing the flow stops it. Raises `NotFound`.
        """
        given: object = interval  # what a caller without types may pass
        if not isinstance(given, int | float) or not 0 < given < math.inf:
            raise Invalid("a follower looks at the log every `interval` seconds: give a positive number")
        names = (views,) if isinstance(views, str) else views
        follower = self._projections.follow(interval, [self._projections.named(name) for name in names])
        self._followers = [one for one in self._followers if one.running]
        self._followers.append(follower)
        return follower

    def views(self) -> list[ViewStatus]:
        """How far each view has come and what it holds, other versions and builds under way included."""
        return self._projections.status()

    def parked(self) -> list[Parked]:
        """The aggregates some view could not follow, each with where, why and how many times it was tried."""
        return self._projections.parked()

    def retry(self, view: str, id: UUID | str | None = None) -> list[Retried]:  # noqa: A002  # the envelope's own word
        """Fold a view's parked aggregate, or all of them, again from its first event; raises `NotFound`."""
        return self._projections.retry(self._projections.named(view), None if id is None else id_of(id))

    def rebuild(self, view: str | None = None, *, compare_only: bool = False) -> dict[str, Rebuilt]:
        """Build one view, or all, again beside what is shown, compare row by row, and swap.

        Readers see the old rows or the new. With ``compare_only`` what is shown stays as it is.
        """
        names = [view] if view is not None else sorted(self._projections.views)
        return self._projections.rebuild([self._projections.named(name) for name in names], compare_only=compare_only)

    def check(self) -> Checked:
        """Read the whole store, count what each view took in, and name what is wrong; nothing is changed."""
        return check(self._store, self._mapper, KINDS, tuple(self._projections.views.values()))

    @property
    def projections(self) -> Projections:
        """The views' upkeep, for importers and tests."""
        return self._projections

    def workflow_document(self, digest: str) -> str | None:
        """The table and policy that were in force under a digest of the history, as JSON."""
        return self._store.workflow(digest)

    # Inside

    def unit(self) -> UnitOfWork:
        """A unit of work to batch requests in, for importers; see `installflow.store.unit_of_work`."""
        return UnitOfWork(self._engine)

    def past_rows(self, view: Any, moments: Moments) -> list[Any]:
        """The rows of a view from the events that apply."""
        return self._projections.as_of(view, moments.applies)

    def entries(self, one: UUID, moments: Moments) -> list[HistoryEntry]:
        """The history entries that apply."""
        return self._entries(one, moments)

    def _entries(self, one: UUID, moments: Moments, before: int | None = None) -> list[HistoryEntry]:
        history = self._history(one, before)
        kept = [recorded for recorded in history if moments.applies(recorded)]
        return history_of(self._kinds[history[0].event_type.kind()].workflow.statuses, kept) if history else []

    def _history(self, one: UUID, before: int | None) -> list[Recorded]:
        return [self._mapper.decode(row) for row in self._rows(one) if before is None or row.version < before]

    def _rows(self, one: UUID) -> list[Row]:
        rows = self._store.load(one)
        if not rows:
            msg = f"il n'y a pas de dossier {one} : vérifier l'identifiant"
            raise NotFound(msg)
        return rows

    def _carry_out(
        self,
        commands: Sequence[Command],
        by: Actor,
        occurred_at: dt.datetime | dt.date | str | None,
        command_id: str | None,
        *,
        dry_run: bool,
    ) -> list[Receipt]:
        if not commands:
            return []
        _check_command_id(command_id)
        acting: object = by  # what a caller without types may pass
        if not isinstance(acting, Actor):
            msg = f"by is an Actor, as Actor('Sonia', role='planner'), not {type(acting).__name__}"
            raise Invalid(msg)
        request = Request(
            commands,
            by,
            command_id or str(uuid4()),
            self.happened(occurred_at),
            repeatable=command_id is not None,
        )
        carry_out = self._engine.rehearse if dry_run else self._engine.carry_out
        return [receipt_of(outcome, advice(outcome)) for outcome in carry_out(request)]

    def happened(self, when: dt.datetime | dt.date | str | None) -> dt.datetime | None:
        """When it happened; a bare date is the end of that day, today's is now."""
        if when is None:
            return None
        moment, now = moment_of(when), self._clock()
        same_day = moment.astimezone(PARIS).date() == now.astimezone(PARIS).date()
        bare = not isinstance(when, dt.datetime) and moment == moment_of(moment.astimezone(PARIS).date())
        return now if bare and same_day else moment.astimezone(dt.UTC)

    def _kind_of(self, event: Event) -> type[Aggregate]:
        given: object = event  # what a caller without types may pass
        if isinstance(given, type):
            msg = f"an event is made of its class first: {given.__name__}(…), with its fields between the brackets"
            raise Invalid(msg, code="unknown_event")
        if self.registry.named(type(event).__name__) is not type(event):
            msg = f"{type(event).__name__} is not an event of any lifecycle of this flow"
            raise Invalid(msg, code="unknown_event")
        return self._kinds[event.kind()]

    def _tidied(self, event: Event) -> Event:
        """The partner under the name its policy gives it, however it was typed; an order it is linked to must exist."""
        if isinstance(event, openip.OfferLinked | openip.SupplyOrderLinked):
            self._check_order(event.order)
        partner = vars(event).get("partner", "")  # a pydantic model takes long to miss an attribute
        canonical = self.policies.canonical(partner) if partner else ""
        return event if canonical == partner else event.model_copy(update={"partner": canonical})

    def _check_order(self, one: UUID) -> None:
        """Raise `NotFound` where no installation order has that id: orders never go, so it is no passing fact."""
        rows = self._store.load(one)
        if not rows or self._mapper.kind_of(rows[0]) != Order.kind:
            msg = f"il n'y a pas de commande d'installation {one} : vérifier l'identifiant (installflow board)"
            raise NotFound(msg)

    def parameters(self, partner: str) -> Mapping[str, Any]:
        """The parameters of the policy a partner is under, and the partner it may be a misspelling of."""
        return {**self.policies.named(partner).parameters, "lookalike": self.policies.lookalike(partner)}


def _check_command_id(command_id: object) -> None:
    """Raise `Invalid` for a command id the store cannot keep."""
    if command_id is None:
        return
    if (
        not isinstance(command_id, str)
        or not 0 < len(command_id.strip()) <= COMMAND_ID_LIMIT
        or not is_storable(command_id)
    ):
        msg = f"un identifiant de commande fait de 1 à {COMMAND_ID_LIMIT} caractères, sans caractères de contrôle"
        raise Invalid(msg)
