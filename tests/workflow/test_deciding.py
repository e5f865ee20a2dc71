"""Deciding one event: which target it takes, or every reason why none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from installflow.errors import DeclarationError, Forbidden, Reason, Refused
from installflow.workflow.decision import Decision
from installflow.workflow.event import Event
from installflow.workflow.guard import Facts
from installflow.workflow.policy import Policy
from tests.workflow.lending import (
    Answered,
    Asked,
    Corrected,
    Lending,
    Loan,
    Mislaid,
    Paused,
    Renewed,
    Resumed,
    Returned,
    Stamped,
    facts,
    loan,
    under,
)


def decided(before: Lending, event: Event, policy: Policy | None = None, **seen: Any) -> Decision:
    return under(policy or Policy("plain")).decide(before, event, Facts(facts(**seen)))


def refused(before: Lending, event: Event, **seen: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as refusal:
        decided(before, event, **seen)
    return [(reason.guard, reason.target) for reason in refusal.value.reasons]


def test_the_first_target_that_holds_wins():
    assert decided(loan(), Answered()) == Decision(Loan.LENT)
    assert decided(loan(weeks=5), Answered()) == Decision(Loan.QUEUED)


def test_every_reason_is_given_at_once_and_for_each_target():
    with pytest.raises(Refused) as refusal:
        decided(loan(weeks=5), Answered(), copies=0, queue=False)
    assert refusal.value.reasons == (
        Reason("loan_is_short", "plus de 3 semaines : demander moins", "Prêté"),
        Reason("book_is_in", "aucun exemplaire : attendre un retour", "Prêté"),
        Reason("queue_is_open", "la file est fermée : revenir demain", "En file"),
    )
    assert refusal.value.sentence == "« Réponse » : refusé"


def test_a_target_whose_condition_fails_is_not_chosen_by_itself_and_gives_no_reason():
    assert refused(loan(weeks=5, reader="Léon"), Answered()) == [("loan_is_short", "Prêté")]


def test_a_target_with_the_only_reasons_names_no_target():
    assert refused(loan(Loan.QUEUED), Answered(), copies=0) == [("book_is_in", None)]


def test_an_event_the_status_does_not_know_is_refused_with_where_it_may_happen():
    with pytest.raises(Refused) as refusal:
        decided(loan(), Returned())
    sentence = "« Livre rendu » ne se fait pas depuis « Demandé » ; possible depuis : Prêté"
    assert refusal.value.reasons == (Reason("transition", sentence),)


def test_an_event_that_only_opens_is_refused_on_what_exists():
    with pytest.raises(Refused) as refusal:
        decided(loan(), Asked(reader="Zoé"))
    sentence = "« Livre demandé » ne se fait pas depuis « Demandé » ; ceci ne fait qu'ouvrir un dossier"
    assert refusal.value.reasons == (Reason("transition", sentence),)


def test_an_event_that_opens_nothing_is_refused_on_what_does_not_exist():
    nobody = Lending(UUID(int=1))
    assert refused(nobody, Returned()) == [("transition", None)]
    assert decided(nobody, Asked(reader="Zoé")) == Decision(Loan.ASKED)


# A target the actor names


def test_a_named_target_is_taken_when_its_guards_hold():
    assert decided(loan(), Answered(next=Loan.QUEUED)) == Decision(Loan.QUEUED)


def test_a_named_target_needs_its_guards_and_not_the_condition_of_choice():
    assert decided(loan(reader="Léon"), Answered(next=Loan.QUEUED)) == Decision(Loan.QUEUED)


def test_a_target_is_only_reached_by_name():
    assert decided(loan(), Answered(next=Loan.LOST)) == Decision(Loan.LOST)


def test_a_named_target_that_does_not_hold_is_not_taken_and_says_why():
    closed = Reason("queue_is_open", "la file est fermée : revenir demain", "En file")
    assert decided(loan(), Answered(next=Loan.QUEUED), queue=False) == Decision(Loan.LENT, (closed,))


def test_a_named_target_the_event_does_not_lead_to_is_not_taken_and_says_why():
    astray = Reason("transition", "« Réponse » ne mène pas à « En pause » depuis ici", "En pause")
    assert decided(loan(), Answered(next=Loan.PAUSED)) == Decision(Loan.LENT, (astray,))


def test_where_no_target_holds_the_named_one_is_among_the_reasons_once():
    reasons = refused(loan(weeks=5), Answered(next=Loan.QUEUED), queue=False, copies=0)
    assert reasons == [("queue_is_open", "En file"), ("loan_is_short", "Prêté"), ("book_is_in", "Prêté")]


def test_naming_the_present_status_leaves_it():
    assert decided(loan(Loan.QUEUED), Answered(next=Loan.QUEUED)).status is Loan.LENT
    assert decided(loan(), Answered(next=Loan.ASKED)).not_taken != ()


# PREVIOUS


@pytest.mark.parametrize("previous", [Loan.ASKED, Loan.LENT])
def test_previous_gives_back_the_status_that_was_left(previous: Loan):
    assert decided(loan(previous=previous), Resumed()) == Decision(previous)


def test_previous_is_left_out_when_the_status_cannot_come_back():
    assert decided(loan(previous=Loan.QUEUED), Resumed()) == Decision(Loan.ASKED)
    assert decided(loan(Loan.PAUSED), Resumed()) == Decision(Loan.ASKED)


def test_the_guards_of_the_way_back_and_of_the_entry_are_asked_again():
    assert decided(loan(previous=Loan.LENT, weeks=9), Resumed(), max_weeks=9) == Decision(Loan.ASKED)
    assert decided(loan(previous=Loan.LENT), Resumed(), copies=0) == Decision(Loan.ASKED)
    assert decided(loan(previous=Loan.LENT), Resumed(), copies=1) == Decision(Loan.LENT)


def test_a_named_previous_says_why_it_is_not_taken():
    decision = decided(loan(previous=Loan.LENT, weeks=9), Resumed(next=Loan.LENT))
    assert decision == Decision(Loan.ASKED, (Reason("book_is_still_lent", "le prêt a expiré", "Prêté"),))


# SAME


def test_a_loop_moves_nothing():
    assert decided(loan(Loan.LENT), Renewed(weeks=2)) == Decision(None)


def test_a_loop_has_guards_too():
    assert refused(loan(Loan.LENT), Renewed(weeks=7)) == [("renewal_is_short", None)]
    assert refused(loan(), Stamped(colour="rouge")) == [("ink_is_blue", None)]


# Corrections and roles


def test_a_correction_goes_where_it_says_unless_it_is_there_already():
    policy = under()
    assert policy.status_named(Corrected(status=Loan.LOST), loan()) is Loan.LOST
    with pytest.raises(Refused) as refusal:
        policy.status_named(Corrected(status=Loan.ASKED), loan())
    assert refusal.value.reasons[0].sentence == "le statut est déjà « Demandé » : il n'y a rien à corriger"


@pytest.mark.parametrize(
    ("event", "role", "allowed"),
    [
        (Answered, "clerk", True),
        (Answered, "librarian", True),
        (Answered, "reader", False),
        (Asked, "reader", True),
        (Returned, "librarian", False),
        (Returned, "clerk", True),
        (Returned, "", False),
    ],
)
def test_roles(event: type[Event], role: str, allowed: bool):
    policy = under()
    assert policy.allows_role(event, role) is allowed
    if allowed:
        policy.check_role(event, role)
        return
    with pytest.raises(Forbidden):
        policy.check_role(event, role)


def test_a_forbidden_role_reads_which_roles_may_people_only():
    with pytest.raises(Forbidden) as forbidden:
        under().check_role(Answered, "reader")
    assert forbidden.value.sentence == "« Réponse » : le rôle « reader » ne le peut pas"
    assert forbidden.value.reasons == (Reason("role", "réservé aux rôles : boss, clerk, librarian"),)


# Options


def offered(before: Lending, role: str = "clerk", **seen: Any) -> Mapping[tuple[str, Loan | None], Any]:
    options = under().options(before, facts(**seen), role)
    return {(option.event.__name__, option.target): option for option in options}  # type: ignore[misc]  # a loan's


def test_options_give_each_event_of_the_status_target_by_target():
    assert set(offered(loan())) == {
        ("Answered", Loan.LENT),
        ("Answered", Loan.QUEUED),
        ("Answered", Loan.LOST),
        ("Stamped", None),
        ("Paused", Loan.PAUSED),
        ("Warned", None),
    }


def test_an_option_is_allowed_or_gives_every_reason():
    options = offered(loan(weeks=5), copies=0)
    assert options["Answered", Loan.QUEUED].allowed
    lent = options["Answered", Loan.LENT]
    assert not lent.allowed
    assert [reason.guard for reason in lent.reasons] == ["loan_is_short", "book_is_in"]


def test_an_option_of_another_role_says_so_beside_the_other_reasons():
    lent = offered(loan(weeks=5), role="reader")["Answered", Loan.LENT]
    assert not lent.allowed
    assert [reason.guard for reason in lent.reasons] == ["role", "loan_is_short"]
    assert not offered(loan(), role="reader")["Answered", Loan.LENT].allowed


def test_what_an_unfilled_event_decides_depends_on_what_is_typed():
    renewed = offered(loan(Loan.LENT))["Renewed", None]
    assert renewed.allowed
    assert renewed.reasons == (
        Reason("renewal_is_short", "la réponse dépend de la saisie : elle vient à l'enregistrement"),
    )


def test_an_event_with_nothing_to_fill_in_is_weighed_as_it_is():
    assert offered(loan())["Stamped", None].reasons == ()


def test_a_refusal_that_typing_may_lift_is_shown_and_does_not_bar():
    strict = Policy("strict", guards={Stamped: (ink_is_red,)})
    stamped = next(o for o in under(strict).options(loan(), facts(), "clerk") if o.event is Stamped)
    assert stamped.allowed
    assert stamped.reasons == (Reason("ink_is_red", "l'encre est rouge (dépend de la saisie)"),)


def ink_is_red(_loan: Lending, _facts: Any, event: Stamped | None) -> str | None:
    return "l'encre est rouge" if event is None or event.colour != "rouge" else None


ink_is_red.reads = frozenset({Stamped})  # type: ignore[attr-defined]  # what `reads_event` writes


def test_options_show_the_status_that_comes_back_once():
    assert ("Resumed", Loan.LENT) in offered(loan(previous=Loan.LENT))
    resumed = [key for key in offered(loan(previous=Loan.ASKED)) if key[0] == "Resumed"]
    assert resumed == [("Resumed", Loan.ASKED)]
    assert [key for key in offered(loan(Loan.PAUSED)) if key[0] == "Resumed"] == [("Resumed", Loan.ASKED)]


def test_a_final_status_offers_only_what_is_recorded_there():
    assert set(offered(loan(Loan.BACK))) == {("Warned", None)}


def test_an_option_publishes_the_fields_to_type_without_those_filled_in():
    fields = offered(loan())["Answered", Loan.LENT].fields
    assert set(fields["properties"]) == {"next"}
    assert set(Mislaid.model_json_schema()["properties"]) == {"reason"}
    assert offered(loan(Loan.LENT))["Mislaid", Loan.LOST].fields["required"] == ["reason"]
    assert (
        "properties" not in Paused.model_json_schema()
        or not offered(loan())["Paused", Loan.PAUSED].fields["properties"]
    )


def test_a_faulty_guard_is_named():
    def hopes(_loan: Lending, _facts: Any) -> str | None:
        raise KeyError("boom")

    def shrugs(_loan: Lending, _facts: Any) -> str | None:
        return ""

    with pytest.raises(KeyError) as raised:
        decided(loan(), Answered(), policy=Policy("p", guards={Answered: (hopes,)}))
    assert raised.value.__notes__ == ["raised by the guard 'hopes'"]
    with pytest.raises(DeclarationError, match="the guard 'shrugs' answered ''"):
        decided(loan(), Answered(), policy=Policy("p", guards={Answered: (shrugs,)}))
