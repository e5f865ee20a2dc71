"""A small made-up lifecycle, a book lent to a reader, and the bench its events are recorded on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

from pydantic import Field

from installflow.store import open_store
from installflow.store.engine import Engine
from installflow.store.mapper import Mapper
from installflow.store.unit_of_work import Command, Outcome, Request
from installflow.workflow.aggregate import Aggregate, evolves
from installflow.workflow.decision import PolicyWorkflow
from installflow.workflow.event import Actor, Event, Recorded, Registry
from installflow.workflow.fields import FilledPersonal, FilledText, Text
from installflow.workflow.guard import reads_event
from installflow.workflow.policy import Policy, WaitAsked
from installflow.workflow.reaction import Reaction
from installflow.workflow.status import Status
from installflow.workflow.table import PREVIOUS, SAME, OneOf, Target, Transition, Workflow

FIRST = UUID(int=1)
NOON = dt.datetime(2027, 4, 14, 12, tzinfo=dt.UTC)
CLERK = Actor("Ada", role="clerk")


class Loan(Status):
    ASKED = "asked", "Demandé"
    LENT = "lent", "Prêté"
    QUEUED = "queued", "En file"
    PAUSED = "paused", "En pause"
    BACK = "end.back", "Terminé"
    LOST = "end.lost", "Terminé"


OPEN = frozenset({Loan.ASKED, Loan.LENT, Loan.QUEUED, Loan.PAUSED})


class Choosing(Event):
    next: Loan | None = None


class Asked(Event, topic="loan.asked", trigger="demander", said="Livre demandé"):
    reader: FilledPersonal
    weeks: int = 2
    waits: tuple[WaitAsked, ...] = ()


class TakenOver(Event, topic="loan.taken_over", said="Prêt repris"):
    status: Loan


class Answered(Choosing, topic="loan.answered", trigger="repondre", said="Réponse"):
    waits: tuple[WaitAsked, ...] = ()


class Renewed(Event, topic="loan.renewed", said="Prêt prolongé"):
    weeks: int = Field(ge=1)


class Stamped(Event, topic="loan.stamped"):
    colour: Text = "bleu"


class Paused(Event, topic="loan.paused", said="Mis en pause"):
    pass


class Resumed(Choosing, topic="loan.resumed", said="Repris"):
    pass


class Returned(Event, topic="loan.returned", said="Livre rendu"):
    pass


class Mislaid(Event, topic="loan.mislaid", said="Livre perdu"):
    reason: FilledText


class Corrected(Event, topic="loan.corrected", said="Statut corrigé"):
    status: Loan


class Warned(Event, topic="loan.warned", said="Alerte"):
    sentence: Text
    about: Text = ""


def book_is_in(_loan: Lending, facts: Any) -> str | None:
    return None if facts.copies else "aucun exemplaire : attendre un retour"


def loan_is_short(loan: Lending, facts: Any) -> str | None:
    return None if loan.weeks <= facts.max_weeks else f"plus de {facts.max_weeks} semaines : demander moins"


@reads_event(Renewed)
def renewal_is_short(_loan: Lending, facts: Any, event: Renewed | None) -> str | None:
    if event is None or event.weeks <= facts.max_weeks:
        return None
    return f"plus de {facts.max_weeks} semaines : prolonger moins"


@reads_event(Stamped)
def ink_is_blue(_loan: Lending, _facts: Any, event: Stamped | None) -> str | None:
    return None if event is None or event.colour == "bleu" else "l'encre est bleue"


def queue_is_open(_loan: Lending, facts: Any) -> str | None:
    return None if facts.queue else "la file est fermée : revenir demain"


def reader_is_patient(loan: Lending, _facts: Any) -> str | None:
    return None if loan.reader != "Léon" else "Léon n'attend pas"


def book_is_still_lent(loan: Lending, _facts: Any) -> str | None:
    return None if loan.weeks < 9 else "le prêt a expiré"


WORKFLOW = Workflow(
    "loan",
    statuses=Loan,
    opens={Asked: Loan.ASKED},
    takeovers=(TakenOver,),
    corrections=(Corrected,),
    waits={"réponse", "retour"},
    transitions=(
        Transition(
            Answered,
            {Loan.ASKED},
            (
                Target(Loan.LENT, guards=(loan_is_short,)),
                Target(Loan.QUEUED, guards=(queue_is_open,), when=(reader_is_patient,)),
                Target(Loan.LOST, only_named=True),
            ),
        ),
        Transition(Answered, {Loan.QUEUED}, Loan.LENT),
        Transition(Renewed, {Loan.LENT}, SAME, guards=(renewal_is_short,)),
        Transition(Stamped, OPEN, SAME, guards=(ink_is_blue,)),
        Transition(Paused, OPEN - {Loan.PAUSED}, Loan.PAUSED),
        Transition(
            Resumed,
            {Loan.PAUSED},
            (Target(PREVIOUS, among={Loan.ASKED: (), Loan.LENT: (book_is_still_lent,)}), Loan.ASKED),
        ),
        Transition(Returned, {Loan.LENT}, Loan.BACK),
        Transition(Mislaid, {Loan.LENT}, Loan.LOST),
        Transition(Warned, frozenset(Loan), SAME),
    ),
    finals={Loan.BACK, Loan.LOST},
    entry={Loan.LENT: (book_is_in,)},
    parameters={"max_weeks": 3, "queue": "ouverte", "copies": 1, "desk": OneOf("jour", "soir")},
    roles={Asked: {"reader"}, Answered: {"librarian", "boss"}},
    every_role={"clerk", "system"},
)


class Lending(Aggregate, kind="loan", workflow=WORKFLOW, alert=Warned):
    def __init__(self, id: UUID) -> None:  # noqa: A002
        super().__init__(id)
        self.reader = ""
        self.weeks = 2

    @property
    def policy_name(self) -> str:
        return self.reader

    @evolves(Asked)
    def _asked(self, event: Asked, _recorded: Recorded) -> None:
        self.reader, self.weeks = event.reader, event.weeks

    @evolves(Renewed)
    def _renewed(self, event: Renewed, _recorded: Recorded) -> None:
        self.weeks = event.weeks

    @evolves(Paused)
    def _paused(self, _event: Paused, _recorded: Recorded) -> None:
        # The status was moved already: what it left is what the record before it reached.
        self.previous = self.left

    def evolve(self, recorded: Recorded) -> None:
        self.left = self.status
        super().evolve(recorded)


PLAIN = Policy("plain")


def under(policy: Policy = PLAIN, workflow: Workflow = WORKFLOW) -> PolicyWorkflow:
    """The loan's workflow under a policy."""
    return PolicyWorkflow(workflow, policy)


def recorded(event: Event, version: int = 1, status: Loan | None = None, id: UUID = FIRST) -> Recorded:  # noqa: A002
    """An event in an envelope nobody decided: history as it is found."""
    return Recorded(
        id=id,
        version=version,
        event_type=type(event),
        event=event,
        status=None if status is None else status.value,
        by=CLERK,
        recorded_at=NOON,
    )


def loan(status: Loan = Loan.ASKED, *, weeks: int = 2, reader: str = "Zoé", previous: Loan | None = None) -> Lending:
    """A loan that has reached a status."""
    history = [recorded(Asked(reader=reader, weeks=weeks), 1, Loan.ASKED)]
    if previous is not None:
        history.append(recorded(Corrected(status=previous), 2, previous))
        history.append(recorded(Paused(), 3, Loan.PAUSED))
    elif status is not Loan.ASKED:
        history.append(recorded(Corrected(status=status), 2, status))
    return Lending.replay(UUID(int=1), history)


class Bench:
    """The engine over a store in memory, for one lifecycle, with a clock that is set by hand."""

    def __init__(
        self,
        *,
        policy: Policy = PLAIN,
        reactions: Sequence[Reaction] = (),
        aggregate: type[Aggregate] = Lending,
    ) -> None:
        self.now = NOON
        self.aggregate = aggregate
        self.store = open_store(None)
        self.mapper = Mapper(Registry(aggregate.workflow.events))
        bound = PolicyWorkflow(aggregate.workflow, policy)
        self.engine = Engine(self.store, self.mapper, lambda _aggregate, _event: bound, reactions, lambda: self.now)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()

    def open(self, event: Event, **options: Any) -> Outcome:
        return self.record(uuid4(), event, opens=True, **options)

    def record(self, id: UUID, event: Event, *, opens: bool = False, by: Actor = CLERK, **options: Any) -> Outcome:  # noqa: A002
        command = Command(self.aggregate, id, event, opens=opens)
        return self.engine.carry_out(Request([command], by, str(uuid4()), **options))[0]

    def history(self, id: UUID) -> list[Recorded]:  # noqa: A002
        return [self.mapper.decode(row) for row in self.store.load(id)]

    def reload(self, id: UUID) -> Any:  # noqa: A002
        return self.aggregate.replay(id, self.history(id))


def facts(**values: Any) -> Mapping[str, Any]:
    """The facts a guard of a loan may read, with the workflow's own defaults."""
    return {**WORKFLOW.parameters, "today": NOON.date(), **values}
