"""The diagram of a workflow, and views as pure folds."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from installflow.workflow.diagram import mermaid
from installflow.workflow.event import Event, Recorded
from installflow.workflow.status import Status
from installflow.workflow.table import Transition, Workflow
from installflow.workflow.view import view
from tests.workflow.lending import WORKFLOW, Asked, Loan, Paused, Renewed, Returned, recorded

DIAGRAM = """\
stateDiagram-v2
    state "Demandé" as s_asked
    state "Prêté" as s_lent
    state "En file" as s_queued
    state "En pause" as s_paused
    state "Terminé (back)" as s_end_back
    state "Terminé (lost)" as s_end_lost
    [*] --> s_asked : demander
    s_asked --> s_lent : repondre
    s_asked --> s_queued : repondre
    s_asked --> s_paused : Paused
    s_asked --> s_end_lost : repondre
    s_lent --> s_paused : Paused
    s_lent --> s_end_back : Returned
    s_lent --> s_end_lost : Mislaid
    s_queued --> s_lent : repondre
    s_queued --> s_paused : Paused
    s_paused --> s_asked : Resumed
    s_paused --> s_lent : Resumed
    s_end_back --> [*]
    s_end_lost --> [*]
"""


def test_a_workflow_is_drawn_with_labels_triggers_and_no_loops():
    assert mermaid(WORKFLOW) == DIAGRAM


def test_labels_and_values_with_signs_are_drawn():
    class Odd(Status):
        FIRST = "att-5com", "Att 5COM"
        LAST = "fin", "Fin"

    class Begun(Event, topic="odd.begun"):
        pass

    class Ended(Event, topic="odd.ended", trigger="finir"):
        pass

    class Broken(Event, topic="odd.broken", trigger="casser"):
        pass

    odd = Workflow(
        "odd", statuses=Odd, opens={Begun: Odd.FIRST}, finals={Odd.LAST},
        transitions=(Transition(Ended, {Odd.FIRST}, Odd.LAST), Transition(Broken, {Odd.FIRST}, Odd.LAST)),
    )  # fmt: skip
    drawn = mermaid(odd)
    assert 'state "Att 5COM" as s_att_5com' in drawn
    assert "[*] --> s_att_5com : Begun" in drawn
    assert "s_att_5com --> s_fin : casser, finir" in drawn


class Count(BaseModel):
    model_config = ConfigDict(frozen=True)

    events: int


@view("count", version=2, row=Count, topics=[event.topic for event in (Asked, Renewed, Returned)])
def counted(row: Count | None, recorded: Recorded) -> Count | None:
    if recorded.event_type is Returned:
        return None
    return Count(events=row.events + 1 if row else 1)


def test_a_view_is_tracked_by_name_and_version():
    assert counted.key == "count@2"


def test_a_view_folds_a_history_row_by_row_and_leaves_out_what_it_deleted():
    one, two = UUID(int=1), UUID(int=2)
    history = [
        recorded(Asked(reader="Zoé"), 1, Loan.ASKED, one),
        recorded(Asked(reader="Léon"), 1, Loan.ASKED, two),
        recorded(Paused(), 2, Loan.PAUSED, one),
        recorded(Renewed(weeks=2), 3, None, one),
        recorded(Returned(), 2, Loan.BACK, two),
    ]
    assert counted.fold_all(history) == {one: Count(events=2)}
    assert counted.fold_all([]) == {}


def test_a_row_reads_back_as_it_was_written():
    assert counted.decode(counted.encode(Count(events=3))) == Count(events=3)
