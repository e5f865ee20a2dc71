"""Decisions: the workflow under one policy, what it allows, and every reason why not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from installflow.errors import Forbidden, Reason, Refused
from installflow.workflow.event import Event
from installflow.workflow.guard import Facts, as_json, events_read, name_of, unmet
from installflow.workflow.policy import BoundPolicy
from installflow.workflow.status import Status
from installflow.workflow.table import PREVIOUS, SAME, Target, Transition, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from installflow.workflow.aggregate import Aggregate
    from installflow.workflow.guard import Guard
    from installflow.workflow.policy import Policy, WaitAsked

DEPENDS = "dépend de la saisie"
DEPENDS_ALONE = f"la réponse {DEPENDS} : elle vient à l'enregistrement"
"""What `options` says of a guard that reads an event nobody has filled in yet: after its sentence, or alone."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: the status reached (``None``: unmoved), and why a named or wanted target was not taken."""

    status: Status | None
    not_taken: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that may, or may not, happen now; ``fields`` is the JSON schema of what has to be typed."""

    event: type[Event]
    target: Status | None
    allowed: bool
    reasons: tuple[Reason, ...]

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON schema of the event's fields, without those the workflow fills in."""
        schema = self.event.model_json_schema()
        for name in self.event.filled:
            schema.get("properties", {}).pop(name, None)
        return schema


class PolicyWorkflow:
    """A workflow under one policy: the table decisions are taken with.

    Raises `DeclarationError` when the policy names what does not exist.
    """

    def __init__(self, workflow: Workflow, policy: Policy) -> None:
        self.workflow = workflow
        self.policy = policy
        bound = BoundPolicy(workflow, policy)
        self.parameters = bound.parameters
        self._waits = bound.waits
        self._added = {key: guards for key, guards in bound.guards.items() if not isinstance(key, Status)}
        self._entry = {
            status: (*workflow.entry.get(status, ()), *bound.guards.get(status, ())) for status in workflow.statuses
        }
        targets = {id(rule): self._targets(rule) for rule in workflow.transitions}
        self._rules = {key: targets[id(rule)] for key, rule in workflow.rules.items()}
        self._openings: dict[type[Event], tuple[Target, ...]] = {
            event: (self._target(target, self._added.get(event, ())),) for event, target in workflow.opens.items()
        }

    @cached_property
    def document(self) -> str:
        """The table and the policy as JSON; worked out when something is first recorded under them."""
        return json.dumps(self._describe(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """What each envelope names the document by."""
        return digest_of(self.document)

    def allows_role(self, event: type[Event], role: str) -> bool:
        """Whether a role may record an event."""
        return role in self.workflow.every_role or role in self.workflow.roles.get(event, ())

    def check_role(self, event: type[Event], role: str) -> None:
        """Raise `Forbidden`, naming the roles that may, when this one may not."""
        if not self.allows_role(event, role):
            raise Forbidden(f"{_said(event)} : le rôle « {role} » ne le peut pas", reasons=[self._role_reason(event)])

    def _role_reason(self, event: type[Event]) -> Reason:
        may = sorted((self.workflow.every_role - {"system"}) | self.workflow.roles.get(event, frozenset()))
        return Reason("role", f"réservé aux rôles : {', '.join(may)}")

    def waits_for(self, event: type[Event], status: Status | None) -> tuple[WaitAsked, ...]:
        """The waits the policy asks for when this event is recorded and leads to this status."""
        return (*self._waits.get(event, ()), *(self._waits.get(status, ()) if status is not None else ()))

    def decide(self, aggregate: Aggregate, event: Event, facts: Facts) -> Decision:
        """Choose the target of an event, or raise `Refused` with every reason, per target where there are several."""
        targets = self._targets_from(aggregate, type(event))
        named = vars(event).get("next")  # a pydantic model takes longer to miss an attribute than guards take to answer
        not_taken: tuple[Reason, ...] = ()
        if isinstance(named, Status):
            not_taken = self._why_not_named(targets, named, aggregate, event, facts)
            if not not_taken:
                return Decision(self._named(named, aggregate))
        refusals: list[Reason] = []
        wanted: list[Reason] = []
        for target in targets:
            reached = self._reached(target, aggregate)
            if target.only_named or (target.to is PREVIOUS and reached is None):
                continue
            if target.when and self._unmet(target.when, aggregate, event, facts, first=True):
                continue
            missing = self._unmet(self._needs(target, reached), aggregate, event, facts)
            if not missing:
                return Decision(None if target.to is SAME else reached, tuple(dict.fromkeys((*not_taken, *wanted))))
            label = reached.label if len(targets) > 1 and reached is not None else None
            reasons = [Reason(name_of(guard), sentence, label) for guard, sentence in missing]
            refusals += reasons
            wanted += reasons if target.wanted else []
        raise Refused(f"{_said(type(event))} : refusé", reasons=dict.fromkeys((*not_taken, *refusals)))

    def status_named(self, event: Event, aggregate: Aggregate) -> Status:
        """The status a take-over or correction names; raises `Refused` when it is the present one."""
        status: Status = event.status  # type: ignore[attr-defined]  # the declaration checked that it has one
        if aggregate.version and status == aggregate.status:
            reason = Reason("transition", f"le statut est déjà « {status.told} » : il n'y a rien à corriger")
            raise Refused(f"{_said(type(event))} : refusé", reasons=[reason])
        return status

    def options(self, aggregate: Aggregate, facts: Mapping[str, Any], role: str) -> Iterator[Option]:
        """Each event the table knows from here, target by target: allowed, or all the reasons why not."""
        for event_type, status in self._rules:
            if status != aggregate.status or event_type in self.workflow.internal:
                continue
            barred = () if self.allows_role(event_type, role) else (self._role_reason(event_type),)
            seen: set[Status | None] = set()
            for target in self._rules[event_type, status]:
                reached = self._reached(target, aggregate)
                if (target.to is PREVIOUS and reached is None) or reached in seen:
                    continue
                seen.add(reached)
                reasons, refused = self._weigh(self._needs(target, reached), aggregate, event_type, facts)
                shown = None if target.to is SAME else reached
                yield Option(event_type, shown, not (barred or refused), (*barred, *reasons))

    def _weigh(
        self, guards: tuple[Guard, ...], aggregate: Aggregate, event: type[Event], facts: Mapping[str, Any]
    ) -> tuple[list[Reason], bool]:
        reasons, refused, blank = [], False, _blank(event)
        for guard in guards:
            open_question = event in (events_read(guard) or ())
            if open_question and blank is None:
                reasons.append(Reason(name_of(guard), DEPENDS_ALONE))
                continue
            sentence = unmet(guard, aggregate, Facts(facts), blank)
            if sentence is not None:
                refused = refused or not open_question
                reasons.append(Reason(name_of(guard), f"{sentence} ({DEPENDS})" if open_question else sentence))
        return reasons, refused

    def _targets_from(self, aggregate: Aggregate, event: type[Event]) -> tuple[Target, ...]:
        if not aggregate.version:
            targets = self._openings.get(event)
            if targets is None:
                reason = Reason("transition", f"{_said(event)} n'ouvre rien : ce dossier n'existe pas encore")
                raise Refused(f"{_said(event)} : refusé", reasons=[reason])
            return targets
        targets = self._rules.get((event, aggregate.status))
        if targets is None:
            sources = ", ".join(status.told for status in self.workflow.sources_of(event))
            where = f" ; possible depuis : {sources}" if sources else " ; ceci ne fait qu'ouvrir un dossier"
            sentence = f"{_said(event)} ne se fait pas depuis « {aggregate.status.told} »{where}"
            raise Refused(f"{_said(event)} : refusé", reasons=[Reason("transition", sentence)])
        return targets

    def _why_not_named(
        self, targets: tuple[Target, ...], named: Status, aggregate: Aggregate, event: Event, facts: Facts
    ) -> tuple[Reason, ...]:
        reasons: tuple[Reason, ...] = ()
        for target in targets:
            reached = self._reached(target, aggregate)
            if reached is not named:
                continue
            missing = self._unmet(self._needs(target, reached), aggregate, event, facts)
            reasons = tuple(Reason(name_of(guard), sentence, named.label) for guard, sentence in missing)
            if not reasons:
                return ()
        return reasons or (
            Reason("transition", f"{_said(type(event))} ne mène pas à « {named.label} » depuis ici", named.label),
        )

    def _named(self, named: Status, aggregate: Aggregate) -> Status | None:
        return None if aggregate.version and named == aggregate.status else named

    def _reached(self, target: Target, aggregate: Aggregate) -> Status | None:
        reached: Any = target.to
        if target.to is SAME:
            reached = aggregate.status
        elif target.to is PREVIOUS:
            reached = aggregate.previous if aggregate.previous in target.among else None
        status: Status | None = reached
        return status

    def _needs(self, target: Target, reached: Status | None) -> tuple[Guard, ...]:
        if target.to is PREVIOUS and reached is not None:
            return (*target.guards, *target.among[reached])
        return target.guards

    def _unmet(
        self, guards: Iterable[Guard], aggregate: Aggregate, event: Event | None, facts: Facts, *, first: bool = False
    ) -> list[tuple[Guard, str]]:
        """The guards that do not hold, each with why; with ``first`` those after it are not asked."""
        missing: list[tuple[Guard, str]] = []
        for guard in guards:
            sentence = unmet(guard, aggregate, facts, event)
            if sentence is not None:
                missing.append((guard, sentence))
                if first:
                    break
        return missing

    def _targets(self, rule: Transition) -> tuple[Target, ...]:
        shared = (*rule.guards, *self._added.get(rule.event, ()))
        return tuple(self._target(target, shared) for target in rule.targets)

    def _target(self, target: Target, shared: tuple[Guard, ...]) -> Target:
        entry = self._entry.get(target.to, ()) if isinstance(target.to, Status) else ()
        guards = tuple(dict.fromkeys((*shared, *target.guards, *entry)))
        among = {
            status: tuple(dict.fromkeys((*guards, *self._entry[status]))) for status, guards in target.among.items()
        }
        return replace(target, guards=guards, among=among)

    def _describe(self) -> dict[str, Any]:
        def names(guards: Iterable[Guard]) -> list[str]:
            return [name_of(guard) for guard in guards]

        def leads(target: Target) -> dict[str, Any]:
            back = {status.value: names(guards) for status, guards in target.among.items()}
            told = {"when": names(target.when), "only_named": target.only_named, "among": back}
            given = {name: value for name, value in told.items() if value}
            return {"to": _name(target.to), "guards": names(target.guards), **given}

        def row(event: type[Event], source: str | None, targets: tuple[Target, ...]) -> list[Any]:
            return [event.topic, source, [leads(target) for target in targets]]

        return {
            "workflow": self.workflow.name,
            "policy": self.policy.name,
            "parameters": {name: as_json(value) for name, value in self.parameters.items()},
            "opens": [row(event, None, targets) for event, targets in self._openings.items()],
            "table": sorted(
                (row(event, status.value, targets) for (event, status), targets in self._rules.items()), key=str
            ),
        }


def digest_of(document: str) -> str:
    """What a document is kept under, and named by in each envelope."""
    return hashlib.sha256(document.encode()).hexdigest()[:16]


def _name(target: Any) -> str:
    return target.value if isinstance(target, Status) else repr(target)


def _said(event: type[Event]) -> str:
    return f"« {event.said or event.__name__} »"


def _blank(event: type[Event]) -> Event | None:
    """The event with nothing typed, when it asks for nothing."""
    try:
        return event()
    except ValidationError:
        return None
