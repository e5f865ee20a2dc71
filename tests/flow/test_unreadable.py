"""What could not be read back is refused before anything is decided: events made around the checks of their class."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from installflow import Event, InstallFlow, Invalid
from installflow.orders import CommentAdded, DetailsChanged, OrderReceived, VisitScheduled
from tests.flow.acts import SONIA, opened_order, received

WRONG: list[Event] = [
    CommentAdded.model_construct(text=5),
    CommentAdded.model_construct(),
    CommentAdded.model_construct(text="a\ud800"),
    CommentAdded.model_construct(text=object()),
    VisitScheduled.model_construct(date="2027-04-14"),
    VisitScheduled.model_construct(technician={"Karim"}),
    CommentAdded(text="x").model_copy(update={"text": [1]}),
    DetailsChanged.model_construct(phones="beaucoup"),
]


@pytest.mark.parametrize("event", WRONG, ids=range(len(WRONG)))
def test_an_event_that_could_not_be_read_back_is_refused(flow: InstallFlow, event: Any):
    one = opened_order(flow)
    for dry_run in (True, False):
        with pytest.raises(Invalid):
            flow.record(one, event, by=SONIA, dry_run=dry_run)
    with pytest.raises(Invalid):
        flow.record_many([(one, CommentAdded(text="x")), (one, event)], by=SONIA)
    assert len(flow.history(one)) == 1
    assert flow.check().findings == []


def test_neither_does_one_open_an_order(flow: InstallFlow):
    with pytest.raises(Invalid, match=r"client does not fit its class: make it by OrderReceived\("):
        flow.open(OrderReceived.model_construct(client={1, 2}, partner="HIGHCOM"), by=SONIA)
    assert flow.check().events == 0


def test_what_is_made_by_hand_and_sound_is_taken(flow: InstallFlow):
    made = received().model_copy(update={"client": "Garage Petit"})
    one = flow.open(made, by=SONIA).id
    planned = VisitScheduled.model_construct(**{**vars(VisitScheduled(slot="9H30")), "date": dt.date(2027, 4, 14)})
    flow.record(one, planned, by=SONIA)
    assert flow.load(one).client == "Garage Petit"
    assert flow.check().findings == []
