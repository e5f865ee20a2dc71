"""Fields are typed under the French names the receipts show, or under their own."""

from __future__ import annotations

import inspect
import re

import pytest

from installflow.app import KINDS
from installflow.cli.typed import fields_of
from installflow.orders import OrderCancelled, VisitScheduled, calendar, guards
from installflow.orders.field_names import field_named, french, names_of
from installflow.orders.narrative import WORDS
from installflow.workflow.event import Event
from installflow.workflow.spelling import key_of

EVERY = [event for kind in KINDS for event in kind.workflow.events]


@pytest.mark.parametrize("event", EVERY, ids=lambda event: event.topic)
def test_no_name_stands_for_two_fields_of_an_event(event: type[Event]):
    fields = [name for name in event.model_fields if name not in event.filled]
    for field in fields:
        for name in (field, *names_of(field)):
            assert field_named(fields, name) == field
            assert field_named(fields, name.upper().replace("_", " ")) == field
            assert name.isidentifier(), "a planner types it without quotes"


def test_the_receipts_words_are_names_as_far_as_they_can_be():
    assert {field for field, word in WORDS.items() if key_of(french(field)) != key_of(word)} == {
        *("how", "confirmed_on", "declined_by", "confirmer", "override_reason", "who", "day")
    }


def test_what_refusals_tell_to_type_are_french_names():
    told = re.findall(r"\b(\w+)=(?:…|oui|demandée)", inspect.getsource(guards) + inspect.getsource(calendar))
    assert {"heure", "visite_de_plus", "malgré"} <= set(told)
    assert set(told) <= {french(field) for event in EVERY for field in event.model_fields}


def test_a_planner_types_the_boards_words():
    words = ("date=24/12", "heure=9h", "Tech=Direct", "technicien=Yves", "CP=Inès", "malgré=renfort")
    assert fields_of(VisitScheduled, words) == {
        "date": "24/12", "slot": "9h", "origin": "Direct", "technician": "Yves", "project_manager": "Inès",
        "override_reason": "renfort",
    }  # fmt: skip
    assert fields_of(OrderCancelled, ("confirmé_par=Julie", "comment=mail")) == {"confirmed_by": "Julie", "how": "mail"}
