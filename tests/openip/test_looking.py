"""What a page tells of which document, and what of it is new."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from installflow.errors import Invalid
from installflow.openip.looking import Look, events_of, looks
from installflow.openip.news import merged, news
from installflow.openip.offer import Offer, OfferFacts, OfferObserved, OfferStatusObserved
from installflow.openip.page import Duration, Page, Site, Termination
from installflow.openip.portal import read_page
from installflow.openip.said import UNSAID, Part
from installflow.openip.sheet import Sheet, SheetFacts, SheetObserved, sheet_id
from installflow.openip.supply_order import SupplyOrder
from installflow.openip.terms import FpStatus, OcStatus
from installflow.workflow.event import Actor, Recorded

PAGES = Path(__file__).parent / "pages"


def page(name: str) -> Page:
    return read_page((PAGES / name).read_text(encoding="utf-8"))


def seen(look: Look, known: Any = None) -> Any:
    """The aggregate once a look is recorded."""
    known = look.aggregate(look.id) if known is None else known
    for event in list(events_of(look, known if known.version else None)):
        at = dt.datetime(2026, 2, 10, 9, tzinfo=dt.UTC)
        opening = type(known).workflow.opens.get(type(event)) if not known.version else None
        named: Any = getattr(event, "status", None) or (opening.to if opening else None)
        known = known.after(
            Recorded(
                id=look.id,
                version=known.version + 1,
                event_type=type(event),
                event=event,
                schema=1,
                status=None if named is None else named.value,
                workflow="x",
                facts={},
                by=Actor("Sonia", role="planner"),
                recorded_at=at,
                occurred_at=at,
                command_id="c",
                causation_id=None,
            )
        )
    return known


def test_a_whole_file_tells_of_its_offers_sheets_order_and_conversations():
    found, left = looks(page("dossier_entier.txt"))
    assert not left
    assert [(look.aggregate.kind, look.names.get("ref", look.names.get("subject"))) for look in found] == [
        ("offer", "OC204817"),
        ("offer", "OC204818"),
        ("sheet", "FPC90211"),
        ("sheet", "FPC90212"),
        ("supply_order", "COM155901"),
        ("conversation", "Commande en attente information client"),
        ("conversation", "RIO manquant"),
    ]
    sheet = next(look for look in found if look.aggregate is Sheet)
    assert sheet.status is FpStatus.PORTA_CONFIRMEE
    facts = sheet.facts
    assert (facts.offer_ref, facts.order_ref, facts.ordered_ref) == ("OC204817", "COM155901", "CFP8101")


def test_a_page_looked_at_again_tells_nothing_new():
    for look in looks(page("dossier_entier.txt"))[0]:
        assert list(events_of(look, None))
        known = seen(look)
        assert list(events_of(look, known)) == []


def test_what_is_opened_is_opened_in_the_state_it_was_first_seen_in():
    offer, sheet = (
        next(x for x in looks(page("dossier_entier.txt"))[0] if x.aggregate is kind) for kind in (Offer, Sheet)
    )
    assert [type(event) for event in events_of(offer, None)] == [OfferStatusObserved, OfferObserved]
    assert seen(sheet).status is FpStatus.PORTA_CONFIRMEE
    assert seen(sheet).portability


def test_an_unknown_label_is_kept_and_given_up_once_a_known_one_stands_there():
    text = (PAGES / "dossier_entier.txt").read_text(encoding="utf-8").replace("RDV planifié", "En pause")
    look = next(x for x in looks(read_page(text))[0] if x.id == sheet_id("FPC90212"))
    assert look.status is None
    known = seen(look)
    assert (known.status, known.said.unknown_status, known.status_seen) == (FpStatus.NON_DEFINI, "En pause", False)
    again = next(x for x in looks(page("dossier_entier.txt"))[0] if x.id == look.id)
    later = seen(again, known)
    assert (later.status, later.said.unknown_status) == (FpStatus.RDV_PLANIFIE, None)


def test_two_sheets_printed_under_one_reference_are_two():
    found, _ = looks(page("details.txt"))
    assert [look.names for look in found if look.aggregate is Sheet] == [{"ref": "FPC8"}, {"ref": "FPC8", "nth": 2}]


def test_what_designates_nothing_is_said_and_not_recorded():
    found, left = looks(page("offres_contractees.txt"))
    assert found == []
    assert left == ["une ligne de la liste ne dit pas de quelle offre (OC) il s'agit : copier aussi le haut de la page"]


@pytest.mark.parametrize("cut", range(1, 110, 7))
def test_a_page_cut_short_tells_nothing_a_whole_one_does_not(cut: int):
    lines = (PAGES / "dossier_entier.txt").read_text(encoding="utf-8").splitlines()
    whole = {look.id: look for look in looks(page("dossier_entier.txt"))[0]}
    found: list[Look] = []
    with suppress(Invalid):  # nothing of a page stands there yet
        found = looks(read_page("\n".join(lines[:cut])))[0]
    for look in found:
        same = whole[look.id]
        assert look.status in (None, same.status)
        for field in type(look.facts).model_fields:
            value = getattr(look.facts, field)
            if value is not UNSAID and not isinstance(value, Part):
                assert value == getattr(same.facts, field), field


def test_news_are_what_differs_and_merging_them_gives_what_was_seen():
    known = OfferFacts(client="Aubry", site=Site(name="Atelier", country="FRANCE"), delivery=None)
    later = OfferFacts(
        client=None, site=Site(name="Dépôt"), termination=Termination(notice=Duration(count=1, unit="mois"))
    )
    new = news(known, later)
    assert new is not None
    assert new.model_dump(mode="json") == {
        "client": None,
        "site": {"name": "Dépôt"},
        "termination": {"notice": {"count": 1, "unit": "mois"}},
    }
    now = merged(known, new)
    assert (now.client, now.site, now.delivery) == (None, Site(name="Dépôt", country="FRANCE"), None)
    assert news(now, later) is None


def test_events_read_back_as_they_were_made():
    for look in looks(page("dossier_entier.txt"))[0]:
        for event in events_of(look, None):
            event.refuse_unreadable()
            assert type(event).read(event.model_dump(mode="json"), 1) == event


def test_what_an_observation_says_is_refused_where_it_makes_no_sense():
    with pytest.raises(ValueError, match="validation error"):
        SheetObserved(ref="FPC1", said_now=SheetFacts(subscription="beaucoup"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="validation error"):
        OfferObserved(ref=" ")
    assert {SupplyOrder.kind, Offer.kind, Sheet.kind} == {"supply_order", "offer", "sheet"}
    assert OcStatus.DEPOSEE.meaning
