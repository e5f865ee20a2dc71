"""What the French steps share: the flow, the people, the orders by client, what the last « Quand » did."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from installflow import Actor, InstallflowError, Policy
from installflow.orders.calendar import TechnicianDay, day_id
from installflow.orders.narrative import told
from installflow.orders.terms import OrderStatus, key_of
from installflow.testing.sentences import PHASES, day_of, event_of, with_dates
from installflow.testing.story import last_position, recorded_since

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from uuid import UUID

    import pytest

    from installflow import Event, InstallFlow, Recorded
    from installflow.testing.clock import FixedClock
    from installflow.workflow.status import Status

Table = list[list[str]]

PEOPLE = {
    "Sonia": "planner",
    "Inès": "project_manager",
    "Karim": "technician",
    "Moussa": "technician",
    "Lucie": "billing",
    "Hugo": "auditor",
    "l'atelier": "workshop",
    "le partenaire": "partner",
    "l'opérateur": "operator",
    "le client": "client",
}
"""Who acts in the features, and as what."""


@dataclass
class World:
    """One scenario's world; made by the `world` fixture."""

    request: pytest.FixtureRequest
    clock: FixedClock
    people: dict[str, str]
    orders: dict[str, UUID] = field(default_factory=dict)
    order: UUID | None = None
    files: dict[str, Path] = field(default_factory=dict)
    seen: Any = None
    """What the last « Quand » read or answered."""
    refusal: InstallflowError | None = None
    _before: int = 0
    _refusal_told: bool = False

    @cached_property
    def flow(self) -> InstallFlow:
        """The flow; asked for once the partners of the scenario are known."""
        flow: InstallFlow = self.request.getfixturevalue("flow")
        return flow

    def partner(self, policy: Policy) -> None:
        """Add a partner, which has to be known before the flow is."""
        assert "flow" not in self.__dict__, "dire le partenaire avant la première commande"  # noqa: S101
        self.request.getfixturevalue("policies").append(policy)

    # Words of the features

    def actor(self, who: str) -> Actor:
        """Somebody of the features."""
        assert who in self.people, f"qui est « {who} » ? connus : {', '.join(self.people)}"  # noqa: S101
        return Actor(who, role=self.people[who])

    def day(self, text: str) -> dt.date:
        """A day as features write it."""
        return day_of(text, self.clock.today.year)

    def text(self, text: str) -> str:
        """A text with its days in figures, as sentences of the history have them."""
        return with_dates(text, self.clock.today.year)

    def event(self, sentence: str, client: str = "") -> Event:
        """The event a sentence tells of."""
        return event_of(self.flow, self.text(sentence), client=client)

    def id_of(self, client: str | None = None) -> UUID:
        """The order of a client, or the one the scenario is about."""
        if client:
            assert key_of(client) in self.orders, f"aucune commande « {client} »"  # noqa: S101
            return self.orders[key_of(client)]
        assert self.order is not None, "aucune commande dans ce scénario"  # noqa: S101
        return self.order

    def know(self, client: str, order: UUID) -> None:
        """Remember an order: the first one is the one the scenario is about."""
        self.orders[key_of(client)] = order
        self.order = self.order or order

    # Acting

    def past(self, sentence: str, who: str, client: str | None = None) -> None:
        """Record something that happened before; a refusal here is a fault of the scenario."""
        self._write(self.event(sentence, client or ""), self.actor(who), client)

    def act(self, action: Callable[[], Any]) -> None:
        """Do what the « Quand » says; a refusal is kept for the « Alors »."""
        self._before, self.refusal, self.seen, self._refusal_told = last_position(self.flow), None, None, False
        try:
            self.seen = action()
        except InstallflowError as refusal:
            self.refusal = refusal

    def note(self, sentence: str, who: str, client: str | None = None) -> None:
        """Act: record what a sentence says."""
        self.act(lambda: self._write(self.event(sentence, client or ""), self.actor(who), client))

    def _write(self, event: Event, by: Actor, client: str | None) -> Any:
        opens = type(event) in self.flow._kinds[event.kind()].workflow.opens  # noqa: SLF001
        if opens:
            receipt = self.flow.open(event, by=by)
            if event.kind() == "order":
                self.know(client or "", receipt.id)
            return receipt
        return self.flow.record(self.id_of(client), event, by=by)

    # Looking

    def told_reasons(self) -> list[str]:
        """The sentences of the refusal; fails where nothing was refused."""
        assert self.refusal is not None, f"rien n'est refusé : {self.happened()}"  # noqa: S101
        self._refusal_told = True
        return [self.refusal.sentence, *(reason.sentence for reason in self.refusal.reasons)]

    def went_well(self) -> None:
        """Fail where the « Quand » was refused and no « Alors » said so."""
        if self.refusal is not None and not self._refusal_told:
            raise AssertionError(" ; ".join(self.told_reasons())) from self.refusal

    def happened(self) -> list[str]:
        """What the last « Quand » recorded, in the words of the history, each move of the status after its cause."""
        return [line for recorded in self.recorded() for line in _lines(recorded)]

    def recorded(self) -> list[Recorded]:
        """The events of the last « Quand », the technicians' days included."""
        return recorded_since(self.flow, self._before)

    def held_by(self, technician: str, day: dt.date) -> tuple[str, ...]:
        """The clients that hold a technician's day."""
        one = day_id(technician, day)
        histories = [r for r in recorded_since(self.flow, 0) if r.id == one]
        return tuple(held.client for held in TechnicianDay.replay(one, histories).held)


def _lines(recorded: Recorded) -> list[str]:
    moved = [] if recorded.status is None or recorded.event_type.kind() != "order" else [recorded.status]
    return [told(recorded.event), *(f"Statut : {name_of(OrderStatus(status))}" for status in moved)]  # type: ignore[call-arg]


def name_of(status: Status) -> str:
    """A status as features name it: the two moments of Installation apart."""
    return next((name for name, value in PHASES.items() if value == status.value), status.label)


def status_of(text: str) -> OrderStatus:
    """The status a feature names; « Installation » alone is the appointment set."""
    wanted = PHASES.get(text, text)
    for status in OrderStatus:
        if wanted in (status.value, status.label):
            return status
    raise AssertionError(f"« {text} » n'est pas un statut")


def rows_of(table: Table) -> list[dict[str, str]]:
    """A table under its header, line by line."""
    header, *lines = table
    return [dict(zip(header, line, strict=True)) for line in lines]


def compare(found: Sequence[Sequence[str]], expected: Sequence[Sequence[str]]) -> None:
    """Fail with both tables where they differ."""
    found, expected = [list(line) for line in found], [list(line) for line in expected]
    shown = "\n".join(" | ".join(line) for line in found) or "(rien)"
    assert found == expected, f"il y a :\n{shown}"  # noqa: S101
