"""Carries requests out: decided, committed, decided again when somebody wrote first, looked up after a break."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installflow.errors import Conflict, NotFound, OutcomeUnknown, StoreUnavailable
from installflow.store.kept import history_at, places_of, recorded_by
from installflow.store.store import VersionTaken
from installflow.store.unit_of_work import Outcome, Request, UnitOfWork

if TYPE_CHECKING:
    import datetime as dt

    from installflow.store.mapper import Mapper
    from installflow.store.store import Store
    from installflow.workflow.aggregate import Aggregate
    from installflow.workflow.decision import PolicyWorkflow
    from installflow.workflow.event import Event
    from installflow.workflow.reaction import Reaction

ATTEMPTS = 5
"""How often a command is decided again when somebody else wrote first."""

PAUSE = 0.002
"""Seconds at most before it is, doubled each time and drawn by lot: those who met once would else meet again."""

LOST = "store_lost"
"""Code of a connection that broke: nobody knows how far the server has come with what it was asked."""

BROKEN = frozenset({"store_io", "store_failed", LOST})
"""Codes of a store that broke in the middle: whether it committed has to be looked up."""

PolicyOf = Callable[["Aggregate", "Event | None"], "PolicyWorkflow"]


@dataclass(slots=True)
class Engine:
    """What every unit of work needs: the store, the mapper, the policies, the reactions and the clock."""

    store: Store
    mapper: Mapper
    policy_of: PolicyOf
    reactions: Sequence[Reaction]
    clock: Callable[[], dt.datetime]

    def carry_out(self, request: Request) -> list[Outcome]:
        """Decide and commit one request; decided again from fresh state when somebody else wrote first.

        Raises `Refused`, `Forbidden`, `NotFound`, `Invalid`, or `Conflict` when an expected version is not the
        one found, a command id served something else, or others kept writing first.
        """
        for attempt in range(1, ATTEMPTS + 1):
            unit = UnitOfWork(self)
            outcomes = unit.add(request)
            try:
                unit.commit()
            except VersionTaken:
                exact = any(command.expected_version is not None for command in request.commands)
                # Under a command id it may be the same request that wrote first: looked up before anything else.
                if (exact and not request.repeatable) or attempt == ATTEMPTS:
                    break
                time.sleep(random.uniform(0, PAUSE * 2**attempt))  # noqa: S311  # no secret
            except StoreUnavailable as error:
                if error.code not in BROKEN:
                    raise
                return self._look_up(request, outcomes, error)
            else:
                return outcomes
        msg = "quelqu'un d'autre vient d'écrire sur ce dossier : le relire, puis recommencer"
        raise Conflict(msg)

    def _look_up(self, request: Request, outcomes: list[Outcome], error: StoreUnavailable) -> list[Outcome]:
        """After a break at the commit: the outcome when the store has it, the error when it certainly has not."""
        try:
            found = UnitOfWork(self).answered(request)
        except StoreUnavailable:
            found = []
            known = False
        else:
            # A server that lost us may still be waiting for its turn to write: what is not there yet may come.
            known = bool(found) or error.code != LOST
        if not known:
            msg = f"the store broke while a command was committed, and may have done it or do it yet: {_safe(request)}"
            raise OutcomeUnknown(msg) from error
        if not found:
            raise error
        positions = {(one.event_id, one.by, one.recorded_at): one.position for one in found}
        for outcome in outcomes:
            ours = outcome.recorded
            ours.position = positions.get((ours.event_id, ours.by, ours.recorded_at), 0)
        if all(outcome.recorded.position for outcome in outcomes):
            return outcomes
        return UnitOfWork(self).add(request)  # sent twice at once, it is the other that was carried out

    def outcome(self, command_id: str, kinds: Mapping[str, type[Aggregate]]) -> list[Outcome]:
        """What a command id its caller chose recorded, each aggregate as that left it; raises `NotFound`."""
        kept = self.store.command(command_id)
        if kept is None:
            # An id we made up ourselves is not kept: to call it unrecorded would have its command done twice.
            msg = (
                f"aucune commande de l'identifiant choisi {command_id!r} : si l'appelant l'avait choisi, rien n'est "
                "encore enregistré, et la renvoyer sous le même identifiant ne la fait qu'une fois ; sinon, relire "
                "l'historique du dossier avant de recommencer"
            )
            raise NotFound(msg)
        outcomes = []
        for one, version in places_of(command_id, kept):
            rows = history_at(command_id, self.store.load(one), version)
            recorded = recorded_by(command_id, self.mapper.decode(rows[-1]))
            then = self.mapper.replay(kinds[recorded.event_type.kind()], recorded.id, rows)
            outcomes.append(Outcome(recorded, then, then, repeated=True))
        return outcomes

    def rehearse(self, request: Request) -> list[Outcome]:
        """Decide one request and commit nothing; what the store would refuse for its size is refused too."""
        unit = UnitOfWork(self)
        outcomes = unit.add(request)
        unit.check()
        return outcomes


def _safe(request: Request) -> str:
    """How to try again a command nobody knows the outcome of, without doing it twice."""
    if request.repeatable:
        return (
            f"send the same again under the command id {request.command_id!r}, which is done once; "
            f"flow.outcome({request.command_id!r}) tells what it did, and may not find what the server has yet to write"
        )
    ids = ", ".join(dict.fromkeys(str(command.id) for command in request.commands if not command.opens))
    what = f"at the history of {ids}" if ids else "for what it opens on the screens"
    return f"look {what} first, and again a moment later; with a command_id of yours, sending it again would be safe"
