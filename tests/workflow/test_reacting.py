"""What an event here makes happen there: recorded with its cause, once, and to an end."""

from __future__ import annotations

import pytest

from installflow.errors import Refused
from installflow.workflow.event import SYSTEM
from installflow.workflow.reaction import Change, Effect, reaction
from tests.workflow.lending import Answered, Asked, Bench, Lending, Returned, Warned


@reaction(Returned)
def warn_of_the_return(change: Change) -> list[Effect]:
    return [Effect(Lending, change.after.id, Warned(sentence="rendu"))]


@reaction(Warned)
def warn_again(change: Change) -> list[Effect]:
    return [Effect(Lending, change.after.id, Warned(sentence="encore"))]


def test_a_reaction_is_declared_by_its_function():
    assert (warn_of_the_return.name, warn_of_the_return.on, warn_of_the_return.required) == (
        "warn_of_the_return", frozenset({Returned}), False,
    )  # fmt: skip


def test_a_reaction_is_recorded_with_its_cause_by_the_system():
    with Bench(reactions=(warn_of_the_return,)) as bench:
        asked = bench.open(Asked(reader="Zoé")).recorded.id
        bench.record(asked, Answered())
        cause = bench.record(asked, Returned()).recorded
        effect = bench.history(asked)[-1]
        assert bench.reload(asked).version == 4, "replaying ran no reaction"
    assert (effect.topic, effect.causation_id, effect.by) == ("loan.warned", cause.event_id, SYSTEM)
    assert (effect.command_id, effect.correlation_id) == (cause.command_id, cause.command_id)
    assert effect.recorded_at == cause.recorded_at
    assert effect.position == cause.position + 1


def test_reactions_to_reactions_end():
    with Bench(reactions=(warn_of_the_return, warn_again)) as bench:
        asked = bench.open(Asked(reader="Zoé")).recorded.id
        bench.record(asked, Answered())
        with pytest.raises(Refused, match="la réaction warn_again va trop loin"):
            bench.record(asked, Returned())
        assert len(bench.history(asked)) == 2, "nothing of it was stored"
