"""A store whose n-th call fails, before or after it did its work, for every n; and acknowledgements lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from installflow import InstallFlow, NotFound, OutcomeUnknown, StoreUnavailable
from installflow.orders import CommentAdded, PutOnStandBy
from installflow.store.engine import Engine
from installflow.store.unit_of_work import Outcome, Request
from tests.faults.commands import DAY, NEXT_DAY
from tests.faults.oracles import HALF, TWICE, caught_up, log
from tests.faults.places import Place
from tests.faults.report import Report
from tests.faults.stores import Wrapped, rewired
from tests.flow.acts import SONIA, opened_order, planned, received

DISHONEST = "dishonest"

Act = Callable[[], Any]


class Case(NamedTuple):
    """A command to try: what it does, and the id its caller chose, if one was."""

    act: Act
    command_id: str | None = None


def cases(flow: InstallFlow, acting: InstallFlow | None = None) -> Iterator[tuple[str, Callable[[], Case]]]:
    """Commands of every shape, each on orders of its own so that one try does not touch the next.

    What comes before is recorded by ``flow``, the command itself by ``acting``, if that is another.
    """
    acting = acting or flow

    def noted() -> Case:
        one = opened_order(flow)
        return Case(partial(acting.record, one, CommentAdded(text="x"), by=SONIA))

    def opened() -> Case:
        command_id = uuid4().hex
        return Case(partial(acting.open, received(), by=SONIA, command_id=command_id), command_id)

    def several() -> Case:
        given = [(opened_order(flow), CommentAdded(text="x")) for _ in range(3)]
        return Case(partial(acting.record_many, given, by=SONIA))

    def moved() -> Case:
        technician, other = uuid4().hex, uuid4().hex
        one = opened_order(flow, planned(technician=technician, date=DAY))
        command_id = uuid4().hex
        event = planned(technician=other, date=NEXT_DAY)
        return Case(partial(acting.record, one, event, by=SONIA, command_id=command_id), command_id)

    def several_with_reactions() -> Case:
        technicians = [uuid4().hex, uuid4().hex]
        booked = opened_order(flow, planned(technician=technicians[0], date=DAY))
        given: list[tuple[UUID, Any]] = [
            (booked, PutOnStandBy(reason="client absent")),
            (opened_order(flow), planned(technician=technicians[0], date=DAY)),
            (opened_order(flow), planned(technician=technicians[1], date=DAY)),
        ]
        command_id = uuid4().hex
        return Case(partial(acting.record_many, given, by=SONIA, command_id=command_id), command_id)

    yield "one event", noted
    yield "an order opened, its id chosen", opened
    yield "three aggregates", several
    yield "an event with its reactions, its id chosen", moved
    yield "three aggregates with reactions, the id chosen", several_with_reactions


class Failing(Wrapped):
    """Its ``nth`` call fails, before or ``after`` it did its work; ``deaf``, so do all that follow."""

    def __init__(self, store: Any, nth: int, *, after: bool, deaf: bool) -> None:
        super().__init__(store)
        self.calls, self.nth, self.after, self.deaf = 0, nth, after, deaf

    def called(self, name: str, call: Callable[[], Any]) -> Any:
        self.calls += 1
        if self.calls < self.nth or (self.calls > self.nth and not self.deaf):
            return call()
        if self.calls == self.nth and self.after:
            call()
        raise StoreUnavailable(f"the store broke in {name}", code="store_io")


def answer_of(act: Act) -> str:
    """What the caller is told: done, an error that says nothing was stored, or that nobody knows."""
    try:
        act()
    except OutcomeUnknown:
        return "unknown"
    except StoreUnavailable:
        return "error"
    return "done"


def failing_calls(place: Place, *, engine: type[Engine] = Engine) -> Report:
    """For every command, every call of the store it makes and every way to fail: whole or absent, and honestly so."""
    tries: Counter[str] = Counter()
    broken: list[str] = []
    with place.open(synchronous="NORMAL") as flow:
        replace_engine(flow, engine)
        for name, prepared in cases(flow):
            whole = recorded_by(prepared().act, flow._store)[1]
            for after, deaf in ((False, False), (True, False), (False, True), (True, True)):
                for nth in count(1):
                    case, store = prepared(), flow._store
                    failing = Failing(store, nth, after=after, deaf=deaf)
                    rewired(flow, failing)
                    answer, topics = recorded_by(case.act, store, partial(rewired, flow, store))
                    if failing.calls < nth:
                        break
                    tries[answer] += 1
                    told = f"{name}, call {nth} {'after' if after else 'before'}{', then deaf' if deaf else ''}"
                    broken += [f"{told}: {finding}" for finding in judged(flow, case, answer, topics, whole)]
        broken += caught_up(flow)
    figure = (
        f"{tries.total()} failures: {tries['done']} answered done, {tries['error']} an error with nothing stored, "
        f"{tries['unknown']} an outcome unknown and then looked up; {len(broken)} half done or dishonest"
    )
    return Report(figure, broken)


def recorded_by(act: Act, store: Any, mended: Act = lambda: None) -> tuple[str, list[str]]:
    """What an act answered and, once what was broken is mended, the topics it left in the log."""
    before = store.position()
    try:
        answer = answer_of(act)
    finally:
        mended()
    return answer, [row.topic for row in store.log(before, 1_000)]


def judged(flow: InstallFlow, case: Case, answer: str, topics: list[str], whole: list[str]) -> Iterator[str]:
    """What is wrong with an answer, given what was recorded; then with the same command sent again."""
    if topics not in ([], whole):
        yield f"{HALF}: {topics}"
    if (answer == "done" and topics != whole) or (answer == "error" and topics):
        yield f"{DISHONEST}: answered {answer}, recorded {topics}"
    if case.command_id is not None:
        try:
            known = bool(flow.outcome(case.command_id))
        except NotFound:
            known = False
        if known != bool(topics):
            yield f"{DISHONEST}: its outcome is {'known' if known else 'not found'}, recorded {topics}"
        again, more = recorded_by(case.act, flow._store)
        if again != "done" or topics + more != whole:
            yield f"{TWICE}: sent again, answered {again}, recorded {topics} and {more}"


class Broken(Wrapped):
    """Every commit holds, and its acknowledgement is lost."""

    def append(self, *given: Any, **named: Any) -> Any:
        self.store.append(*given, **named)
        raise StoreUnavailable("the line went dead", code="store_io")


def lost_acknowledgements(place: Place, *, commands: int, engine: type[Engine] = Engine) -> Report:
    """Every commit holds and its answer is lost on the way: nothing is recorded twice, sent again or not."""
    broken: list[str] = []
    answers: Counter[str] = Counter()
    with place.open(synchronous="NORMAL") as flow:
        replace_engine(flow, engine)
        prepared = [one for _, one in cases(flow)]
        wholes = [recorded_by(one().act, flow._store)[1] for one in prepared]
        for number in range(commands):
            case, whole = prepared[number % len(prepared)](), wholes[number % len(prepared)]
            store = flow._store
            rewired(flow, Broken(store))
            answer, topics = recorded_by(case.act, store, partial(rewired, flow, store))
            answers[answer] += 1
            if len(topics) > len(whole):
                broken.append(f"{TWICE}: {topics}")
            broken += judged(flow, case, answer, topics, whole)
        broken += caught_up(flow)
        events = sum(1 for _ in log(flow))
    figure = (
        f"{commands} acknowledgements lost: {answers['done']} answered as recorded, {answers['unknown']} unknown, "
        f"{sum(finding.startswith(TWICE) for finding in broken)} recorded twice ({events:,} events)"
    )
    return Report(figure, broken)


def replace_engine(flow: InstallFlow, engine: type[Engine]) -> None:
    """Have a flow decide and commit through another engine, over the same store."""
    flow._engine = engine(**{field.name: getattr(flow._engine, field.name) for field in fields(Engine)})


class Hasty(Engine):
    """The control: after a break it answers "nothing was stored" without looking."""

    def _look_up(self, request: Request, outcomes: list[Outcome], error: StoreUnavailable) -> list[Outcome]:
        raise error


class Stubborn(Engine):
    """The control: after a break it commits once more, as a retry does that knows nothing of what it sends."""

    def _look_up(self, request: Request, outcomes: list[Outcome], error: StoreUnavailable) -> list[Outcome]:
        self.store = self.store.store if isinstance(self.store, Wrapped) else self.store
        return self.carry_out(request)
