"""A Hypothesis state machine over orders, technicians' days and views, beside the model of `tests.faults.model`."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar
from uuid import UUID, uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from installflow import Conflict, InstallFlow, Refused
from installflow import orders as o
from installflow.testing.clock import FixedClock
from installflow.workflow.reaction import Change, Effect, Reaction
from tests.faults.model import STEPS, DayOf, Model, OrderModel
from tests.faults.oracles import caught_up
from tests.faults.places import Place
from tests.faults.report import Report
from tests.faults.stores import Wrapped, rewired
from tests.flow.acts import SONIA, received

DATES = ("2057-04-16", "2057-04-17")
NAMES = ("Karim", "Lea")
TEXTS = st.text("abc é'", min_size=1, max_size=8).map(str.strip).filter(bool)

Spoil = Callable[[InstallFlow], object]


class Planner(RuleBasedStateMachine):
    """Two flows on one store, as two processes would have, told the same as the model."""

    place: ClassVar[Place]
    spoil: ClassVar[Spoil] = staticmethod(lambda flow: flow)
    steps: ClassVar[Counter[str]] = Counter()

    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.clock = FixedClock()
        self.tag = uuid4().hex[:8]
        self.model = Model()
        self.past: list[tuple[dt.datetime, Mapping[UUID, Any]]] = []
        self.last: tuple[UUID, Any, str] | None = None
        self.flows = [self._opened()]
        if self.place.url is not None:
            self.flows.append(self._opened())
        self.began = self.flows[0]._store.position()

    def _opened(self) -> InstallFlow:
        flow = self.place.open(clock=self.clock, synchronous="NORMAL")
        type(self).spoil(flow)
        return flow

    def teardown(self) -> None:
        try:
            found = caught_up(self.flows[0])
        finally:
            for flow in self.flows:
                flow.close()
        assert not found, found

    # What planners do

    @rule(target=orders, text=TEXTS)
    def receive(self, text: str) -> UUID:
        self._time_passes("receive")
        receipt = self._flow.open(received(client=text, phones=2), by=SONIA, command_id=uuid4().hex)
        self.model.put(receipt.id, OrderModel(text))
        return receipt.id

    @rule(one=orders, name=st.sampled_from(sorted(STEPS)))
    def prepare(self, one: UUID, name: str) -> None:
        if not self.model.orders[one].is_idle:
            self._try(one, getattr(o, name)(), self.model.step(one, name))

    @rule(one=orders, text=TEXTS)
    def comment(self, one: UUID, text: str) -> None:
        order = self.model.orders[one]
        self.model.put(one, replace(order, comments=(*order.comments, text)))
        self._try(one, o.CommentAdded(text=text), allowed=True)

    @rule(one=orders, name=st.sampled_from(NAMES), date=st.sampled_from(DATES), override=st.booleans())
    def plan(self, one: UUID, name: str, date: str, override: bool) -> None:
        day = DayOf(f"{name} {self.tag}", date)
        event = o.VisitScheduled.model_validate(
            {"date": date, "technician": day.technician, "slot": "9H30", "override_reason": "renfort" * override}
        )
        self._try(one, event, self.model.plan(one, day, override=override))

    @rule(one=orders)
    def unassign(self, one: UUID) -> None:
        self.model.put(one, replace(self.model.orders[one], technician=""))
        self._try(one, o.TechnicianUnassigned(), allowed=True)

    @rule(one=orders)
    def put_off(self, one: UUID) -> None:
        self._try(one, o.PutOnStandBy(reason="client absent"), self.model.put_off(one))

    @rule(one=orders)
    def resume(self, one: UUID) -> None:
        self._try(one, o.Resumed(), self.model.resume(one))

    @rule(one=orders)
    def ask_to_cancel(self, one: UUID) -> None:
        self._try(one, o.CancellationRequested(reason="perte du contrat"), self.model.ask_to_cancel(one))

    @rule(one=orders)
    def cancel(self, one: UUID) -> None:
        self._try(one, o.OrderCancelled(confirmed_by="M. X", how="mail"), self.model.cancel(one))

    @rule(one=consumes(orders))
    def forget(self, one: UUID) -> None:
        """Nothing more happens to this order: the others go on beside it."""

    @rule(name=st.sampled_from(NAMES), date=st.sampled_from(DATES), away=st.booleans())
    def absence(self, name: str, date: str, away: bool) -> None:
        self._time_passes("absence")
        day = DayOf(f"{name} {self.tag}", date)
        given = {"technician": day.technician, "day": date}
        absent, back = o.TechnicianAbsent.model_validate, o.AbsenceCancelled.model_validate
        event = absent(given | {"reason": "congés"}) if away else back(given)
        allowed = True
        if away:
            self.model.leave(day)
        else:
            allowed = self.model.come_back(day)
        try:
            self._flow.open(event, by=SONIA)
        except Refused:
            assert not allowed, "refused, and the model allows it"
        else:
            assert allowed, "allowed, and the model refuses it"

    # What goes wrong around them

    @precondition(lambda self: self.last)
    @rule()
    def say_it_again(self) -> None:
        assert self.last is not None
        one, event, command_id = self.last
        self._time_passes("again")
        assert self._flow.record(one, event, by=SONIA, command_id=command_id).repeated, "said again"
        with suppress(Conflict):
            self._flow.record(one, o.CommentAdded(text="autre chose"), by=SONIA, command_id=command_id)
            raise AssertionError("a command id served twice")

    @rule()
    def rebuild(self) -> None:
        self._time_passes("rebuild")
        for name, rebuilt in self._flow.rebuild().items():
            assert (rebuilt.changed, rebuilt.added, rebuilt.removed) == ((), (), ()), name

    @precondition(lambda self: self.place.url)
    @rule()
    def start_again(self) -> None:
        self._time_passes("start again")
        self.flows.pop(0).close()
        self.flows.append(self._opened())

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        moment, board = data.draw(st.sampled_from(self.past))
        self._time_passes("look back")
        assert self._shown(self._flow.known_on(moment)) == board, "known on"
        assert self._shown(self._flow.as_of(moment)) == board, "as of"

    # What has to be so

    @invariant()
    def the_board_shows_what_was_told(self) -> None:
        assert self._shown(self._flow) == self.model.board(), "the board"

    @invariant()
    def the_days_are_held_by_those_who_took_them(self) -> None:
        for name in NAMES:
            for date in DATES:
                day = DayOf(f"{name} {self.tag}", date)
                one = o.day_id(day.technician, dt.date.fromisoformat(date))
                if self._flow._store.load(one):
                    loaded = self._flow.load(one)
                    assert {held.order for held in loaded.held} == self.model.holders(day), "who holds a day"
                    assert bool(loaded.absent) == (day in self.model.away), "who is away"

    @invariant()
    def nothing_more_was_recorded(self) -> None:
        assert len(self._flow._store.log(self.began, 100_000)) == self.model.events, "how many events"

    @property
    def _flow(self) -> InstallFlow:
        return self.flows[len(self.past) % len(self.flows)]

    def _try(self, one: UUID, event: Any, allowed: bool) -> None:
        self._time_passes(type(event).__name__)
        command_id = uuid4().hex
        try:
            self._flow.record(one, event, by=SONIA, command_id=command_id)
        except Refused:
            assert not allowed, "refused, and the model allows it"
        else:
            assert allowed, "allowed, and the model refuses it"
            self.last = (one, event, command_id)

    def _time_passes(self, step: str) -> None:
        """Remember the board as it stands, and let some time pass before the next thing happens."""
        self.steps[step] += 1
        self.past.append((self.clock.now, self._shown(self._flow)))
        self.clock.advance(minutes=7)

    def _shown(self, screens: Any) -> Mapping[UUID, Any]:
        return {
            row.id: (
                row.row.client,
                row.status.label,
                row.row.visit.date.isoformat() if row.row.visit.date else "",
                " ".join(row.row.visit.technicians),
                tuple(comment.text for comment in row.row.comments),
            )
            for row in screens.planning(all=True)
            if row.id in self.model.orders
        }


def walk(place: Place, *, examples: int, steps: int, spoil: Spoil | None = None, derandomize: bool = True) -> Report:
    """Walk the machine about on a store; a step that differs from the model is shrunk and told."""
    machine = type("Walk", (Planner,), {"place": place, "steps": Counter(), "TestCase": None})
    if spoil is not None:
        machine.spoil = staticmethod(spoil)  # type: ignore[attr-defined]  # made above
    phases = (Phase.generate,) if spoil is not None else (Phase.generate, Phase.shrink)
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, derandomize=derandomize, deadline=None, database=None,
        phases=phases, print_blob=False, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    broken = []
    try:
        run_state_machine_as_test(machine, settings=chosen)
    except AssertionError as error:
        broken.append(f"differs from the model: {error}")
    walked: Counter[str] = machine.steps  # type: ignore[attr-defined]  # made above
    figure = f"{walked.total():,} steps of {len(walked)} kinds: {len(broken)} differences from the model"
    return Report(figure, broken)


# Controls: bugs the machine has to find


def keeps_days(flow: InstallFlow) -> None:
    """A day is never given back."""
    _respoil(flow, lambda effects: [effect for effect in effects if not isinstance(effect.event, o.DayReleased)])


def releases_twice(flow: InstallFlow) -> None:
    """A day is given back twice."""
    _respoil(flow, lambda effects: [*effects, *(one for one in effects if isinstance(one.event, o.DayReleased))])


def _respoil(flow: InstallFlow, spoilt: Callable[[list[Effect]], list[Effect]]) -> None:
    flow._engine.reactions = [
        replace(reaction, effects=partial(_spoilt, reaction, spoilt)) for reaction in flow._engine.reactions
    ]


def _spoilt(reaction: Reaction, spoilt: Callable[[list[Effect]], list[Effect]], change: Change) -> list[Effect]:
    return spoilt(list(reaction.effects(change)))


class Forgetful(Wrapped):
    """Moves a view on without its last changed row."""

    def view_advance(
        self, view: str, expected: int, position: int, changed: Mapping[UUID, Any], *rest: Any, **named: Any
    ) -> bool:
        kept = dict(list(changed.items())[:-1])
        return bool(self.store.view_advance(view, expected, position, kept, *rest, **named))


def skips_events(flow: InstallFlow) -> None:
    """A view skips an event."""
    rewired(flow, Forgetful(flow._store))
