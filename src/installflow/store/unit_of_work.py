"""Units of work: commands decided against what they loaded, with their reactions, committed together."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from installflow.errors import Conflict, DeclarationError, Invalid, NotFound, Reason, Refused
from installflow.store.kept import history_at, places_of, recorded_by
from installflow.store.mapper import encode
from installflow.store.store import check_unit
from installflow.workflow.decision import Decision
from installflow.workflow.event import SYSTEM, Actor, Event, Recorded
from installflow.workflow.guard import Facts
from installflow.workflow.reaction import Change, Effect
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    from installflow.store.engine import Engine
    from installflow.store.store import Row
    from installflow.workflow.aggregate import Aggregate
    from installflow.workflow.decision import PolicyWorkflow

DEPTH = 3
"""How far reactions to reactions go."""


class Command(NamedTuple):
    """One event asked of one aggregate; ``opens`` it, or else it must exist."""

    aggregate: type[Aggregate]
    id: UUID
    event: Event
    opens: bool = False
    expected_version: int | None = None


class Request(NamedTuple):
    """What is committed together: the commands, who asks, when it happened, and the command id they share."""

    commands: Sequence[Command]
    by: Actor
    command_id: str
    occurred_at: dt.datetime | None = None
    repeatable: bool = False
    """Whether the caller chose the command id, so that the same request may come again."""


class Outcome(NamedTuple):
    """One command carried out: what was recorded, the aggregate before and after, why a named target was not taken."""

    recorded: Recorded
    before: Any
    after: Any
    not_taken: tuple[Reason, ...] = ()
    repeated: bool = False


@dataclass(slots=True)
class UnitOfWork:
    """Aggregates as this unit sees them, and the events it will commit."""

    engine: Engine
    _aggregates: dict[UUID, Any] = field(default_factory=dict)
    _histories: dict[UUID, Sequence[Row]] = field(default_factory=dict)
    _pending: list[Recorded] = field(default_factory=list)
    _before: list[Any] = field(default_factory=list)
    """For each event waiting, its aggregate as it was before it."""
    _tables: dict[str, str] = field(default_factory=dict)
    _commands: dict[str, str] = field(default_factory=dict)
    _now: dt.datetime | None = None
    _day: tuple[dt.datetime, dt.date] | None = None

    @property
    def size(self) -> int:
        """How many events are waiting to be committed."""
        return len(self._pending)

    @property
    def decided(self) -> Sequence[Recorded]:
        """The events waiting to be committed, those of reactions included."""
        return tuple(self._pending)

    def add(self, request: Request) -> list[Outcome]:
        """Decide every command of a request and its reactions; all of it, or on an error nothing of it."""
        repeated = self._repeated(request) if request.repeatable else None
        if repeated is not None:
            return repeated
        self.load({command.id: command.aggregate for command in request.commands})
        pending = len(self._pending)
        try:
            outcomes = [self._decide(command, request) for command in request.commands]
        except Exception:
            self._back_to(pending)
            # Sent twice at once, the other may have been carried out since it was looked for, and be what refuses.
            if request.repeatable and (repeated := self._repeated(request)) is not None:
                return repeated
            raise
        if request.repeatable:
            places = [[outcome.recorded.id.hex, outcome.recorded.version] for outcome in outcomes]
            self._commands[request.command_id] = json.dumps(places)
        return outcomes

    def _back_to(self, pending: int) -> None:
        """Forget what was decided since so many events were waiting."""
        while len(self._pending) > pending:
            self._pending.pop()
            before = self._before.pop()
            self._aggregates[before.id] = before

    def check(self) -> None:
        """Raise `Invalid` when what was decided is more than one unit of work may hold."""
        check_unit([encode(recorded) for recorded in self._pending])

    def commit(self) -> None:
        """Commit what was decided in one transaction; raises `VersionTaken` when somebody else wrote first."""
        if not self._pending:
            return
        encoded = [encode(recorded) for recorded in self._pending]
        positions = self.engine.store.append(encoded, self._commands, self._tables)
        for recorded, position in zip(self._pending, positions, strict=True):
            recorded.position = position
        self._pending, self._before, self._commands = [], [], {}

    def load(self, wanted: Mapping[UUID, type[Aggregate]]) -> None:
        """Load several aggregates at once, ahead of the commands that name them."""
        known = self._aggregates
        missing = {one: aggregate for one, aggregate in wanted.items() if one not in known} if known else wanted
        if not missing:
            return
        rows, mapper = self.engine.store.load_many(list(missing)), self.engine.mapper
        for one, aggregate in missing.items():
            history = rows.get(one, ())
            if history and mapper.kind_of(history[0]) != aggregate.kind:
                msg = f"le dossier {one} n'est pas de la sorte « {aggregate.kind} » : vérifier l'identifiant"
                raise NotFound(msg)
            self._histories[one] = history
            self._aggregates[one] = mapper.replay(aggregate, one, history)

    def aggregate(self, aggregate: type[Aggregate], one: UUID) -> Any:
        """An aggregate as this unit sees it: what others write meanwhile is found when it is committed."""
        try:
            return self._aggregates[one]
        except KeyError:
            self.load({one: aggregate})
            return self._aggregates[one]

    def answered(self, request: Request) -> list[Recorded]:
        """What the store holds of this command id on the aggregates the request names, reactions left out."""
        self.load({command.id: command.aggregate for command in request.commands})
        return [
            recorded
            for one in dict.fromkeys(command.id for command in request.commands)
            for recorded in map(self.engine.mapper.decode, self._histories[one])
            if recorded.command_id == request.command_id and recorded.causation_id is None
        ]

    def _repeated(self, request: Request) -> list[Outcome] | None:
        """The answer already given to this command id, if it was; raises `Conflict` when it served something else."""
        kept = self.engine.store.command(request.command_id)
        if kept is None and request.command_id not in self._commands:
            return None
        places = [] if kept is None else places_of(request.command_id, kept)
        outcomes = []
        if [one for one, _ in places] == [command.id for command in request.commands]:
            for command in request.commands:  # loaded after the look-up: what was loaded before may be older
                self._aggregates.pop(command.id, None)
            self.load({command.id: command.aggregate for command in request.commands})
            for command, (_, version) in zip(request.commands, places, strict=True):
                history = history_at(request.command_id, self._histories[command.id], version)
                recorded = recorded_by(request.command_id, self.engine.mapper.decode(history[-1]))
                same_time = request.occurred_at in (None, recorded.occurred_at)
                if same_time and command.event.asks_the_same(recorded.event):
                    then = self.engine.mapper.replay(command.aggregate, command.id, history)
                    outcomes.append(Outcome(recorded, then, then, repeated=True))
        if not outcomes or len(outcomes) != len(request.commands):
            msg = f"la commande {request.command_id!r} a déjà servi à autre chose : en choisir un autre identifiant"
            raise Conflict(msg)
        return outcomes

    def _decide(self, command: Command, request: Request) -> Outcome:
        command.event.refuse_unreadable()
        aggregate = self.aggregate(command.aggregate, command.id)
        if not aggregate.version and not command.opens:
            msg = f"il n'y a pas de dossier {command.id} : vérifier l'identifiant"
            raise NotFound(msg)
        if command.expected_version not in (None, aggregate.version):
            msg = f"le dossier en est à la version {aggregate.version}, pas {command.expected_version} : le relire"
            raise Conflict(msg)
        policy = self.engine.policy_of(aggregate, command.event)
        policy.check_role(type(command.event), request.by.role)
        return self._record(aggregate, command.event, request, policy, cause=None, depth=0)

    def _record(  # one event's whole context, private
        self,
        aggregate: Any,
        event: Event,
        request: Request,
        policy: PolicyWorkflow,
        *,
        cause: Recorded | None,
        depth: int,
    ) -> Outcome:
        recorded_at = self._moment(aggregate)
        occurred_at = min(cause.occurred_at, recorded_at) if cause else request.occurred_at or recorded_at
        if occurred_at > recorded_at:
            msg = f"cela ne peut pas s'être passé le {occurred_at.astimezone(PARIS):%d/%m/%Y %H:%M}, qui est à venir"
            raise Invalid(msg)
        event_type = type(event)
        facts = Facts({**policy.parameters, **aggregate.facts(event, self._day_of(occurred_at))})
        if event_type in (policy.workflow.corrections if aggregate.version else policy.workflow.takeovers):
            decision = Decision(policy.status_named(event, aggregate))
        else:
            decision = policy.decide(aggregate, event, facts)
        status = decision.status
        if status is not None and aggregate.moved_at is not None and occurred_at < aggregate.moved_at:
            moved = aggregate.moved_at.astimezone(PARIS)
            apart = event_type in (*policy.workflow.takeovers, *policy.workflow.corrections)
            mend = "donner un moment plus récent" if apart else "le corriger (corriger_statut)"
            sentence = f"le statut a changé le {moved:%d/%m/%Y %H:%M}, après ce moment : {mend}"
            raise Refused(f"« {event.said} » : refusé", reasons=[Reason("moves_follow_one_another", sentence)])
        waits = policy.waits_for(event_type, status)
        if waits and "waits" in event_type.model_fields:
            event = event.model_copy(update={"waits": waits})
        recorded = Recorded(
            id=aggregate.id,
            version=aggregate.version + 1,
            event_type=event_type,
            event=event,
            schema=event_type.schema_version,
            status=None if status is None else status.value,
            workflow=policy.digest,
            facts=facts.read(),
            by=SYSTEM if cause else request.by,
            recorded_at=recorded_at,
            occurred_at=occurred_at,
            command_id=request.command_id,
            causation_id=cause.event_id if cause else None,
        )
        after = aggregate.after(recorded)
        self._aggregates[aggregate.id] = after
        self._pending.append(recorded)
        self._before.append(aggregate)
        self._tables[policy.digest] = policy.document
        self._react(Change(aggregate, after, recorded, policy.parameters), request, depth)
        return Outcome(recorded, aggregate, after, decision.not_taken)

    def _react(self, change: Change, request: Request, depth: int) -> None:
        for reaction in self.engine.reactions:
            if change.recorded.event_type not in reaction.on:
                continue
            for effect in reaction.effects(change):
                if depth >= DEPTH:
                    msg = (
                        f"la réaction {reaction.name} va trop loin ({DEPTH} pas au plus) : la déclaration est à revoir"
                    )
                    raise Refused(msg, reasons=[Reason("reactions_end", msg)])
                self._effect(effect, change, request, depth + 1, required=reaction.required)

    def _effect(self, effect: Effect, change: Change, request: Request, depth: int, *, required: bool) -> None:
        target = self.aggregate(effect.aggregate, effect.id)
        policy = self.engine.policy_of(target, effect.event)
        pending = len(self._pending)
        try:
            self._record(target, effect.event, request, policy, cause=change.recorded, depth=depth)
        except Refused as refusal:
            if required:
                said = change.recorded.event.said
                raise Refused(f"« {said} » : refusé", reasons=refusal.reasons) from None
            self._back_to(pending)
            if target.alert is None or not target.version:
                target = self._aggregates[change.after.id]  # nothing there keeps it: it is kept where it began
            if target.alert is None:
                return
            policy = self.engine.policy_of(target, None)
            because = " ; ".join(reason.sentence for reason in refusal.reasons)
            alert = target.alert(sentence=f"{refusal.sentence} : {because}", about=change.recorded.event_type.trigger)
            self._record(target, alert, request, policy, cause=change.recorded, depth=depth)

    def _moment(self, aggregate: Any) -> dt.datetime:
        """One clock reading a unit of work, never before the aggregate's last event."""
        if self._now is None:
            self._now = now = self.engine.clock()
            if not dt.MINYEAR < now.year < dt.MAXYEAR:
                msg = f"the clock answers {now.isoformat()}, which not every time zone can show: set it right"
                raise DeclarationError(msg)
        return max(self._now, aggregate.recorded_at or self._now)

    def _day_of(self, moment: dt.datetime) -> dt.date:
        """The day in Paris of the moment most events of a unit share: a time zone costs as much as three guards."""
        if self._day is None or self._day[0] is not moment:
            self._day = (moment, moment.astimezone(PARIS).date())
        return self._day[1]
