"""What was seen of OpenIP is told in French, field by field and event by event."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID

import pytest

from installflow.audit import HistoryEntry
from installflow.openip import KINDS
from installflow.openip.offer import OfferFacts
from installflow.openip.page import Amounts, Duration, Site, Termination
from installflow.openip.sheet import SheetFacts
from installflow.openip.telling import sentence, told, written
from installflow.workflow.event import Actor, Event, Recorded
from tests.corpus.specimens import full, least

EVERY = [event for kind in KINDS for event in kind.workflow.events]


@pytest.mark.parametrize("event", EVERY, ids=lambda event: event.topic)
def test_every_event_says_something_in_french_full_or_least(event: type[Event]):
    assert event.said
    assert re.fullmatch(r"[a-z0-9_]+", event.trigger)
    for specimen in (full()[event.topic], least()[event.topic]):
        said = sentence(specimen)
        assert said.startswith(event.said)
        for machine in ("None", "True", "UNSAID", "<", "{", "datetime", "Decimal", "_", "  "):
            assert machine not in said


def test_the_history_tells_them_so():
    at = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
    recorded = Recorded(
        id=UUID(int=1), version=1, event_type=type(full()["offer.linked"]), event=full()["offer.linked"],
        by=Actor("Sonia", "planner"), recorded_at=at,
    )  # fmt: skip
    entry = HistoryEntry(recorded, None, None)
    assert entry.sentence == ("21/11/2026 10:00 Offre rattachée (commande d'installation 0b8a1b52) — Sonia (planner)")


def test_a_field_is_told_with_what_it_was_before():
    before = OfferFacts(client="Aubry", delivery=None)
    now = OfferFacts(client="Aubry SAS", delivery=dt.date(2027, 4, 14), phones=("1", "2"))
    assert list(told(before, now)) == [
        "Client final : Aubry SAS (avant : Aubry)",
        "N° téléphone : 2",
        "Livraison : 14/04/2027 (avant : Pas encore livrée)",
    ]


def test_a_part_is_told_field_by_field_under_the_portal_s_names():
    site = OfferFacts(site=Site(name="Atelier", address="12 rue\n57000 Metz", extra=None))
    assert list(told(None, site)) == [
        "Site d'installation : Nom : Atelier, Adresse : 12 rue 57000 Metz, Complément : aucun"
    ]
    end = OfferFacts(termination=Termination(allowed=False, notice=Duration(count=90, unit="jour")))
    assert list(told(None, end)) == ["Résiliation : Résiliation : non, Préavis de résiliation : 90 jours"]


def test_a_margin_on_nothing_is_a_dash_and_what_no_page_told_is_blank():
    assert written("setup_margin", Amounts(setup_margin=None).setup_margin) == "—"
    assert written("setup_margin", Amounts().setup_margin) == ""
    assert list(told(None, SheetFacts(subscription_margin=None))) == ["Marge Abonnement : —"]
