"""Names of people stay in the fields made for them: not in topics, ids, reprs, store errors or logs."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from installflow import Actor, InstallFlow, InstallflowError, Refused, StoreUnavailable
from installflow.openip.offer import OfferFacts
from installflow.openip.page import Contact, HistoryLine, Site
from installflow.openip.said import UNSAID
from installflow.openip.sheet import SheetFacts
from installflow.openip.supply_order import ConversationFacts, OrderFacts
from installflow.orders import OrderReceived, TechnicianAbsent
from installflow.store import Row
from installflow.store.mapper import Mapper, encode
from installflow.testing.story import recorded_since
from installflow.workflow.event import Event, Recorded, Registry
from installflow.workflow.fields import PersonalMark
from tests.corpus.specimens import full
from tests.corpus.write import AGGREGATE, RECORDED_AT, event_types
from tests.flow.acts import APRIL_14, SONIA, order_with_appointment, planned

SECRET = "Zénobie Quatremère"
"""A name nobody else has."""
NAMED_PEOPLE = {
    "client", "technician", "technicians", "project_manager", "confirmed_by", "declined_by", "who", "text", "report",
    "comments", "sentence", "typed", "unread", "extra", "subject", "said_now",
}  # fmt: skip
"""Field names under which people are always named."""
NAMED_WITHIN = {
    "pilot", "client", "phones", "company", "address", "email", "others", "accountcode", "attachments", "cells",
    "contacts", "adv_pilot", "production_pilot", "comments", "last_speaker", "site", "history",
}  # fmt: skip
"""The same within what a page of the portal says."""


def marked(annotation: Any) -> bool:
    """Whether a type holds the mark, however deep."""
    if isinstance(annotation, PersonalMark):
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return any(personal_fields(annotation))
    inside = (*getattr(annotation, "__metadata__", ()), *getattr(annotation, "__args__", ()))
    return any(marked(each) for each in inside)


def personal_fields(event: type[BaseModel]) -> Iterator[str]:
    for name, field in event.model_fields.items():
        if any(marked(each) for each in (*field.metadata, field.annotation)):
            yield name


def named(event: Event) -> Event:
    """The event with the secret in each of its personal fields."""
    return event.model_copy(update={name: secret(getattr(event, name)) for name in personal_fields(type(event))})


def secret(held: Any) -> Any:
    """The secret in the place of a value, or in each personal field within it."""
    if isinstance(held, BaseModel):
        return held.model_copy(update={name: secret(getattr(held, name)) for name in personal_fields(type(held))})
    if held is UNSAID:
        return held
    if isinstance(held, tuple):
        return tuple(map(secret, held)) if any(isinstance(one, BaseModel) for one in held) else (SECRET,)
    return {"CLIENT": SECRET} if isinstance(held, dict) else SECRET


@pytest.mark.parametrize("event", event_types(), ids=lambda event: event.topic)
def test_fields_that_name_people_are_marked(event: type[Event]):
    texts = {name for name, field in event.model_fields.items() if field.annotation is not bool}
    assert (NAMED_PEOPLE & texts) - set(personal_fields(event)) == set()


@pytest.mark.parametrize("facts", [OfferFacts, SheetFacts, OrderFacts, ConversationFacts, Site, Contact, HistoryLine])
def test_what_names_people_within_what_a_page_says_is_marked(facts: type[BaseModel]):
    assert NAMED_WITHIN & set(facts.model_fields) == NAMED_WITHIN & set(personal_fields(facts)) != set()


def test_there_are_personal_fields_to_find():
    assert set(personal_fields(OrderReceived)) == {"client"}
    assert sum(bool(list(personal_fields(event))) for event in event_types()) > 15


@pytest.mark.parametrize("event", full().values(), ids=full())
def test_a_name_is_in_the_payload_and_nowhere_else_of_what_is_shown(event: Event):
    one = named(event)
    recorded = Recorded(
        id=AGGREGATE, version=1, event_type=type(one), event=one, by=SONIA, recorded_at=RECORDED_AT, command_id="c"
    )
    id_, version, topic, state = encode(recorded)
    for shown in (repr(recorded), str(recorded), recorded.event_id, topic, str(id_)):
        assert SECRET not in shown
    assert (SECRET.encode() in state) == bool(list(personal_fields(type(event))))
    damaged = Row(0, id_, version, topic, state.replace(b'"c",', b'"c",7,', 1)[:-1])
    with pytest.raises(StoreUnavailable) as unreadable:
        Mapper(Registry(event_types())).decode(damaged)
    assert SECRET not in str(unreadable.value)


@pytest.mark.parametrize(
    "event", [one for one in full().values() if list(personal_fields(type(one)))], ids=lambda event: event.topic
)
def test_a_payload_that_no_longer_fits_is_reported_without_its_values(event: Event):
    payload = {**named(event).model_dump(mode="json"), "gone": SECRET}
    recorded = Recorded(
        id=AGGREGATE, version=1, event_type=type(event), payload=payload, by=SONIA, recorded_at=RECORDED_AT
    )
    with pytest.raises(StoreUnavailable) as unreadable:
        _ = recorded.event
    assert "gone" in str(unreadable.value)
    assert SECRET not in str(unreadable.value)
    assert unreadable.value.__suppress_context__, "pydantic's own error, which shows values, is not chained"


def test_a_whole_life_logs_no_name_and_shows_none(
    opened, lasting_url: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    caplog.set_level(logging.DEBUG)
    flow: InstallFlow = opened(lasting_url)
    secretive = Actor(SECRET, role="planner")
    one = order_with_appointment(flow, planned(technician=SECRET, project_manager=SECRET), client=SECRET)
    for event in full().values():
        with contextlib.suppress(InstallflowError):  # refused or not, nothing may be logged
            flow.record(one, named(event), by=secretive)
    day = flow.open(TechnicianAbsent(technician=SECRET, day=APRIL_14, reason="congés"), by=SONIA)
    flow.planning(all=True)
    flow.rebuild()
    history = flow.history(one)
    for shown in (repr(flow), repr(history), repr(flow.load(one)), repr(flow.load(day.id)), repr(flow.projections)):
        assert SECRET not in shown
    assert any(SECRET.encode() in encode(recorded)[3] for recorded in recorded_since(flow, 0)), "it was really there"
    assert SECRET not in repr(flow.workflow_document(history[0].recorded.workflow))
    flow.close()
    with pytest.raises(StoreUnavailable) as closed:
        flow.planning()
    output = capsys.readouterr()
    for said in (caplog.text, output.out, output.err, str(closed.value)):
        assert SECRET not in said
    assert SECRET not in " ".join(path.name for path in tmp_path.iterdir())


def test_a_log_that_told_a_name_would_be_seen(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("installflow").debug("booked %s", SECRET)
    assert SECRET in caplog.text


def test_a_refusal_may_name_the_client_because_planners_read_it(opened):
    flow = opened()
    order_with_appointment(flow, client=SECRET)
    with pytest.raises(Refused) as refused:
        order_with_appointment(flow)
    assert SECRET in refused.value.reasons[0].sentence
    assert SECRET not in str(refused.value), "a log of the error alone names nobody"
