"""Every event is told in French, from the words of its declaration and the fields filled in."""

from __future__ import annotations

import re

import pytest

from installflow.orders import Order, TechnicianDay
from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.calendar import AbsenceCancelled, TechnicianAbsent
from installflow.orders.narrative import WORDS, told
from installflow.orders.terms import OrderStatus
from installflow.workflow.event import Event
from tests.corpus.specimens import full, least

EVERY = [event for kind in (Order, TechnicianDay) for event in kind.workflow.events]


@pytest.mark.parametrize("event", EVERY, ids=lambda event: event.topic)
def test_every_event_says_something_in_french_full_or_least(event: type[Event]):
    assert event.said, "`said` is what the history tells"
    assert event.trigger, "people type a French trigger"
    assert re.fullmatch(r"[a-z0-9_]+", event.trigger)
    for specimen in (full()[event.topic], least()[event.topic]):
        sentence = told(specimen)
        assert len(sentence) > 5
        assert event in (AbsenceCancelled, TechnicianAbsent) or sentence[0].isupper(), "the one that begins with a name"
        for machine in ("None", "True", "False", "Enum", "<", "{", "datetime", "WaitAsked", "  "):
            assert machine not in sentence


@pytest.mark.parametrize("event", EVERY, ids=lambda event: event.topic)
def test_no_field_is_told_by_its_english_name(event: type[Event]):
    sentence = told(full()[event.topic])
    unworded = {name for name in event.model_fields if name not in WORDS}
    assert not {name for name in unworded if re.search(rf"\b{name} :", sentence)}


def test_fields_are_told_with_french_words_and_dates():
    assert told(full()["order.visit_rescheduled"]) == (
        "RDV reporté (malgré une journée déjà prise, parce que : accord du technicien, ensuite : Attente tech, "
        "motif : client absent, date : 15/04/2027, heure : 14H, technicien d'accord : oui, partenaire d'accord : oui)"
    )


def test_nothing_filled_in_is_nothing_told():
    assert told(e.CollecteCompleted()) == "Collecte terminée"
    assert told(e.CollecteCompleted(phones=0)) == "Collecte terminée (téléphones : 0)"


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (e.OrderReceived(client="A", partner="HIGHCOM"), "Commande reçue de HIGHCOM"),
        (e.OrderReceived(client="A", partner="HIGHCOM", phones=3), "Commande reçue de HIGHCOM pour 3 téléphones"),
        (
            e.StatusCorrected(status=OrderStatus.NEW, reason="erreur de saisie"),
            "CORRECTION : statut mis à « New » (motif : erreur de saisie)",
        ),
        (
            e.StatusCorrected(status=OrderStatus.NEW, reason="x", imported=True),
            "CORRECTION : statut mis à « New » par l'import du tableau (motif : x)",
        ),
        (n.CommentAdded(text="x"), "Commentaire : x"),
        (n.CommentAdded(text="x", category="blocages"), "Commentaire [blocages] : x"),
        (n.ClientContacted(), "Contact sortant avec le client"),
        (n.RowReimported(typed={}, conflicts=("DATE",)), "Ligne du tableau relue, conflits : DATE"),
        (n.BillingNoted(text="x", billed=True), "Infos facturation : x (facture faite)"),
    ],
)
def test_some_events_have_words_of_their_own(event: Event, sentence: str):
    assert told(event) == sentence
