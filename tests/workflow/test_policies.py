"""A policy adds guards, waits and values; it deletes nothing, and names only what exists."""

from __future__ import annotations

import json
from typing import Any

import pytest

from installflow.errors import DeclarationError, Refused
from installflow.workflow.event import Event
from installflow.workflow.guard import Facts
from installflow.workflow.policy import Policy, WaitAsked
from tests.workflow.lending import (
    WORKFLOW,
    Answered,
    Asked,
    Bench,
    Lending,
    Loan,
    Paused,
    Resumed,
    facts,
    loan,
    loan_is_short,
    under,
)


def reader_is_known(loan: Lending, _facts: Any) -> str | None:
    return None if loan.reader != "Inconnu" else "le lecteur est inconnu : l'inscrire"


def refused(policy: Policy, before: Lending, event: Event, **seen: Any) -> list[str]:
    bound = under(policy)
    with pytest.raises(Refused) as refusal:
        bound.decide(before, event, Facts({**facts(), **bound.parameters, **seen}))
    return [reason.guard for reason in refusal.value.reasons]


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (
            Policy("p", parameters={"weeks_max": 3}),
            r"unknown parameter 'weeks_max' \(known: copies, desk, max_weeks, queue\)",
        ),
        (Policy("p", guards={Answered: ("reader_is_knwon",)}), "unknown guard 'reader_is_knwon'"),
        (Policy("p", guards={"Answerd": ()}), "'Answerd' is neither an event nor a status of workflow 'loan'"),
        (Policy("p", waits={"Perdu": ()}), "'Perdu' is neither an event nor a status"),
    ],
    ids=["parameter", "guard", "event", "status"],
)
def test_a_name_that_does_not_exist_is_refused(policy: Policy, sentence: str):
    with pytest.raises(DeclarationError, match=sentence):
        under(policy)


@pytest.mark.parametrize("key", [Answered, "Answered", "repondre"], ids=["class", "name", "trigger"])
def test_a_guard_is_added_to_an_event(key: Any):
    policy = Policy("p", guards={key: (reader_is_known,)})
    assert refused(policy, loan(Loan.QUEUED, reader="Inconnu"), Answered()) == ["reader_is_known"]
    assert under(policy).decide(loan(), Answered(), Facts(facts())).status is Loan.LENT


@pytest.mark.parametrize("key", [Loan.LENT, "lent", "Prêté"], ids=["member", "value", "label"])
def test_a_guard_is_added_to_the_entry_of_a_status(key: Any):
    policy = Policy("p", guards={key: (reader_is_known,)})
    assert refused(policy, loan(Loan.QUEUED, reader="Inconnu"), Answered()) == ["reader_is_known"]
    back = under(policy).decide(loan(previous=Loan.LENT, reader="Inconnu"), Resumed(), Facts(facts()))
    assert back.status is Loan.ASKED


def test_a_guard_of_the_workflow_is_added_by_its_name():
    policy = Policy("p", guards={Paused: ("queue_is_open",)})
    assert refused(policy, loan(), Paused(), queue=False) == ["queue_is_open"]


def test_a_guard_is_added_to_what_opens():
    def never(_loan: Lending, _facts: Any) -> str:
        return "fermé"

    with Bench(policy=Policy("p", guards={Asked: (never,)})) as bench, pytest.raises(Refused):
        bench.open(Asked(reader="Zoé"))


def test_a_guard_named_twice_is_asked_once():
    policy = Policy("p", guards={Answered: ("book_is_in",), Loan.LENT: ("book_is_in",)})
    assert refused(policy, loan(Loan.QUEUED), Answered(), copies=0) == ["book_is_in"]


def test_a_policy_takes_nothing_away():
    policy = Policy("p", guards={Answered: (reader_is_known,)})
    reasons = refused(policy, loan(Loan.QUEUED, reader="Inconnu"), Answered(), copies=0)
    assert reasons == ["reader_is_known", "book_is_in"]


def test_a_parameter_has_the_policy_s_value_and_the_others_keep_theirs():
    bound = under(Policy("p", parameters={"max_weeks": 8}))
    assert bound.parameters == {"max_weeks": 8, "queue": "ouverte", "copies": 1, "desk": "jour"}
    assert under().parameters == WORKFLOW.parameters
    assert bound.decide(loan(weeks=8), Answered(), Facts(facts(max_weeks=8))).status is Loan.LENT
    assert refused(Policy("q", parameters={"max_weeks": 1, "queue": ""}), loan(weeks=2), Answered()) == [
        "loan_is_short", "queue_is_open",
    ]  # fmt: skip


# Waits


def test_waits_are_asked_by_an_event_or_by_the_status_reached():
    bound = under(
        Policy("p", waits={Answered: (WaitAsked("réponse", "Ada"),), "Prêté": (WaitAsked("retour", "lecteur"),)})
    )
    answer, comes_back = WaitAsked("réponse", "Ada"), WaitAsked("retour", "lecteur")
    assert bound.waits_for(Answered, None) == (answer,)
    assert bound.waits_for(Answered, Loan.LENT) == (answer, comes_back)
    assert bound.waits_for(Resumed, Loan.LENT) == (comes_back,)
    assert bound.waits_for(Resumed, Loan.ASKED) == ()


def test_waits_a_policy_asks_for_are_stored_with_the_event_that_opened_them():
    waiting = Policy("p", waits={Loan.LENT: (WaitAsked("retour", "lecteur"),)})
    with Bench(policy=waiting) as bench:
        asked = bench.open(Asked(reader="Zoé")).recorded
        bench.record(asked.id, Answered())
        first, answered = (one.event for one in bench.history(asked.id))
    assert isinstance(first, Asked)
    assert first.waits == ()
    assert isinstance(answered, Answered)
    assert answered.waits == (WaitAsked("retour", "lecteur"),)


def misfit(**parts: Any) -> str:
    with pytest.raises(DeclarationError) as refused:
        under(Policy(**{"name": "p", **parts}))
    return str(refused.value)


def test_a_wait_that_could_not_be_kept_is_refused_at_start():
    retour = (WaitAsked("retour", "lecteur"),)
    assert "a wait asked for <Loan.PAUSED: 'paused'> could not be stored: Paused keeps none" in misfit(
        waits={Loan.PAUSED: retour}
    )
    assert "could not be stored: Resumed keeps none" in misfit(waits={Resumed: retour})
    assert "unknown kind of wait 'x' (known: retour, réponse)" in misfit(waits={Loan.LENT: (WaitAsked("x", "y"),)})
    assert "unknown kind of wait 'retour, lecteur'" in misfit(waits={Loan.LENT: ("retour, lecteur",)})
    assert "neither an event nor a status" in misfit(waits={"Perdu": retour})


def test_what_does_not_fit_a_policy_is_refused_at_start():
    assert "it has no name" in misfit(name="  ")
    assert "spellings is a tuple of texts" in misfit(spellings="ABC")
    assert "is a tuple, not" in misfit(guards={Answered: loan_is_short})
    assert "parameter 'max_weeks' takes int, not 'dix'" in misfit(parameters={"max_weeks": "dix"})
    assert "parameter 'max_weeks' takes int, not True" in misfit(parameters={"max_weeks": True})
    assert "takes (aggregate, facts)" in misfit(guards={Answered: (lambda one: None,)})
    under(Policy("p", guards={Answered: (max,)}))  # a callable that tells nothing of its arguments


def test_a_parameter_may_have_a_closed_list():
    assert under(Policy("p", parameters={"desk": "soir"})).parameters["desk"] == "soir"
    assert under(Policy("p")).parameters["desk"] == "jour"
    assert "parameter 'desk' is one of 'jour', 'soir', not 'nuit'" in misfit(parameters={"desk": "nuit"})


# The document kept with the history


def test_the_table_in_force_is_described_under_its_digest():
    document = json.loads(under(Policy("p", parameters={"max_weeks": 8})).document)
    assert (document["workflow"], document["policy"]) == ("loan", "p")
    assert document["parameters"] == {"max_weeks": 8, "queue": "ouverte", "copies": 1, "desk": "jour"}
    assert document["opens"] == [["loan.asked", None, [{"to": "asked", "guards": []}]]]
    assert ["loan.renewed", "lent", [{"to": "SAME", "guards": ["renewal_is_short"]}]] in document["table"]
    back = {"asked": [], "lent": ["book_is_still_lent", "book_is_in"]}
    previous = {"to": "PREVIOUS", "guards": [], "among": back}
    assert ["loan.resumed", "paused", [previous, {"to": "asked", "guards": []}]] in document["table"]
    answered = next(
        targets for topic, source, targets in document["table"] if (topic, source) == ("loan.answered", "asked")
    )
    assert answered[1:] == [
        {"to": "queued", "guards": ["queue_is_open"], "when": ["reader_is_patient"]},
        {"to": "end.lost", "guards": [], "only_named": True},
    ]


def test_the_digest_changes_with_the_guards_the_parameters_and_the_name():
    digests = {
        under(policy).digest
        for policy in (
            Policy("p"),
            Policy("q"),
            Policy("p", parameters={"max_weeks": 8}),
            Policy("p", guards={Paused: (reader_is_known,)}),
        )
    }
    assert len(digests) == 4
    assert under(Policy("p")).digest == under(Policy("p")).digest
