"""Pages of the portal observed: what is new is recorded once, and nothing else."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from installflow import Actor, Conflict, Forbidden, InstallFlow, Invalid, NotFound
from installflow.observing import DocumentSeen, observe
from installflow.openip import (
    FpStatus,
    OcStatus,
    OfferLinked,
    OfferUnlinked,
    Page,
    SheetStatusObserved,
    SupplyOrderLinked,
    SupplyOrderUnlinked,
    offer_id,
    sheet_id,
    supply_order_id,
)
from installflow.openip.page import (
    Contract,
    HistoryLine,
    OfferPage,
    OrderedSheet,
    OrderPage,
    Sheet,
    Sheets,
    SheetTotals,
)
from installflow.testing.clock import FixedClock
from tests.conftest import ROOT
from tests.flow.acts import SONIA, opened_order

PAGES = ROOT / "tests" / "openip" / "pages"
WHOLE = (PAGES / "dossier_entier.txt").read_text(encoding="utf-8")
OC, COM, FPC = "OC204817", "COM155901", "FPC90211"


def positions(flow: InstallFlow) -> int:
    return flow._store.position()


def seen_of(documents: tuple[DocumentSeen, ...], label: str) -> DocumentSeen:
    return next(document for document in documents if document.label == label)


def offer_of(sheets: int, ref: str = "OC1", **said: Any) -> Page:
    """A page of one offer with so many sheets, all of them in progress."""
    rows = tuple(Sheet(ref=f"FPC{ref[2:]}0{number}", status="En cours") for number in range(sheets))
    told = Sheets(rows=rows, totals=SheetTotals(subscription=Decimal(0), setup_fee=Decimal(0)))
    return Page(offer_pages=(OfferPage(contract=Contract(ref=ref, status="En cours"), sheets=told, **said),))


def test_a_page_opens_what_it_tells_and_the_same_page_again_nothing(flow: InstallFlow):
    first = observe(flow, WHOLE, by=SONIA)
    assert [document.new for document in first.documents] == [True] * 7
    assert (flow.load(offer_id(OC)).status, flow.load(sheet_id(FPC)).status) == (
        OcStatus.EN_COURS, FpStatus.PORTA_CONFIRMEE,
    )  # fmt: skip
    before = positions(flow)
    again = observe(flow, WHOLE, by=SONIA)
    assert (again.documents, again.unchanged, positions(flow)) == ((), 7, before)
    assert again.remarks == first.remarks != ()


def test_only_what_changed_is_recorded_and_told_with_what_it_was(flow: InstallFlow):
    observe(flow, WHOLE, by=SONIA)
    before = positions(flow)
    observed = observe(flow, WHOLE.replace("17/03/2026", "19/03/2026"), by=SONIA)
    assert [document.sentence for document in observed.documents] == [
        f"fiche {FPC} : Livraison : 19/03/2026 (avant : 17/03/2026)"
    ]
    assert positions(flow) == before + 1


def test_a_step_nobody_expects_is_recorded_and_said_so(flow: InstallFlow):
    observe(flow, WHOLE, by=SONIA)
    observed = observe(flow, WHOLE.replace("RDV planifié", "Résiliée"), by=SONIA)
    told = seen_of(observed.documents, "FPC90212").told
    assert told == ("statut : « RDV planifié » → « Résiliée » (transition inattendue)",)
    assert flow.load(sheet_id("FPC90212")).status is FpStatus.RESILIEE
    expected = observe(
        flow, WHOLE.replace("RDV planifié", "Résiliée").replace("Date de portabilité confirmée", "Livrée"), by=SONIA
    )
    assert seen_of(expected.documents, FPC).told == ("statut : « Date de portabilité confirmée » → « Livrée »",)


def test_a_trial_tells_the_same_and_stores_nothing(flow: InstallFlow):
    trial = observe(flow, WHOLE, by=SONIA, dry_run=True)
    assert (positions(flow), flow.openip(all=True)) == (0, [])
    done = observe(flow, WHOLE, by=SONIA)
    assert trial.sentences == done.sentences
    assert trial.as_json() == done.as_json() | {"dry_run": True}


@pytest.mark.parametrize("text", ["", "bonjour", "{", "[]", '{"offers": 1}', "{}", "\ufeff {}"])
def test_a_text_that_is_no_page_is_refused_whole(flow: InstallFlow, text: str):
    with pytest.raises(Invalid):
        observe(flow, text, by=SONIA)
    assert positions(flow) == 0


@pytest.mark.parametrize(("page", "by"), [(b"x", SONIA), (WHOLE, "Sonia")])
def test_what_is_no_text_and_who_is_nobody(flow: InstallFlow, page: Any, by: Any):
    with pytest.raises(Invalid):
        observe(flow, page, by=by)


def test_the_same_as_json_records_the_same(flow: InstallFlow):
    from installflow.openip import read_page

    observe(flow, WHOLE, by=SONIA)
    again = observe(flow, "\n " + read_page(WHOLE).model_dump_json(), by=SONIA)
    assert (again.documents, again.unchanged) == ((), 7)


def test_a_role_that_may_not_look_stores_nothing(flow: InstallFlow):
    with pytest.raises(Forbidden):
        observe(flow, WHOLE, by=Actor("Karim", role="technician"))
    assert positions(flow) == 0


def test_a_page_older_than_what_is_known_changes_nothing(flow: InstallFlow, clock: FixedClock):
    observe(flow, WHOLE, by=SONIA)
    before, earlier = positions(flow), clock() - dt.timedelta(hours=2)
    late = observe(flow, WHOLE.replace("17/03/2026", "10/03/2026"), by=SONIA, seen_at=earlier)
    assert (late.documents, positions(flow)) == ((), before)
    assert len(late.left) == 7
    assert f"{OC} : vu plus récemment" in late.left[0]
    with pytest.raises(Invalid, match="à venir"):
        observe(flow, WHOLE.replace("17/03/2026", "10/03/2026"), by=SONIA, seen_at=clock() + dt.timedelta(hours=2))


def test_a_look_of_yesterday_is_recorded_as_of_yesterday(flow: InstallFlow, clock: FixedClock):
    yesterday = clock() - dt.timedelta(days=1)
    observe(flow, WHOLE, by=SONIA, seen_at=yesterday)
    assert len(flow.as_of(yesterday).openip(all=True)) == 2
    assert flow.known_on(yesterday).openip(all=True) == []


def test_an_offer_and_its_sheets_are_one_unit_of_work(flow: InstallFlow):
    observe(flow, offer_of(20), by=SONIA)
    ids = [offer_id("OC1"), *(sheet_id(f"FPC10{number}") for number in range(20))]
    assert len({flow.history(one)[0].recorded.command_id for one in ids}) == 1


def test_an_offer_no_unit_can_hold_is_recorded_in_several(flow: InstallFlow):
    observed = observe(flow, offer_of(150), by=SONIA)
    assert len(observed.documents) == 151
    assert (observe(flow, offer_of(150), by=SONIA).documents, len(flow.openip()[0].sheets)) == ((), 150)


def test_what_is_too_long_for_the_store_is_left_and_said_and_the_rest_recorded(flow: InstallFlow):
    history = tuple(HistoryLine(cells=(f"ligne {number}", "x" * 400)) for number in range(100))
    observed = observe(flow, offer_of(1, history=history), by=SONIA)
    assert observed.left == ("OC1 : « Historique » est trop long pour être enregistré",)
    assert [key.ref for key in flow.load(offer_id("OC1")).said.sheets] == ["FPC100"]


def test_facts_that_are_too_many_for_one_event_are_recorded_as_several(flow: InstallFlow):
    lines = tuple(HistoryLine(cells=(f"ligne {number}", "x" * 400)) for number in range(60))
    page = offer_of(0, history=lines)
    long = page.offer_pages[0].model_copy(
        update={"scope": {"attachments": tuple(f"{number} {'y' * 400}.pdf" for number in range(60))}}
    )
    observed = observe(flow, Page.model_validate({"offer_pages": [long.model_dump()]}), by=SONIA)
    assert observed.left == ()
    said = flow.load(offer_id("OC1")).said
    assert (len(said.history), len(said.attachments)) == (60, 60)


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each answers, started together."""
    start, answers = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        start.wait()
        answers.append(act())

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_who_look_at_once_record_each_thing_once(opened, lasting_url: str):
    flows = [opened(lasting_url) for _ in range(3)]
    seen = at_once([partial(observe, flow, WHOLE, by=SONIA) for flow in flows])
    assert sum(len(observed.documents) for observed in seen) == 7
    assert [len(flows[0].history(one)) for one in (offer_id(OC), sheet_id(FPC), supply_order_id(COM))] == [2, 2, 1]


def test_what_others_keep_writing_first_is_a_conflict(flow: InstallFlow, monkeypatch: pytest.MonkeyPatch):
    from installflow.store.store import VersionTaken
    from installflow.store.unit_of_work import UnitOfWork

    def taken(_unit: UnitOfWork) -> None:
        raise VersionTaken

    monkeypatch.setattr(UnitOfWork, "commit", taken)
    with pytest.raises(Conflict, match="le reste seul sera enregistré"):
        observe(flow, offer_of(1), by=SONIA)


# Links


def test_the_sheets_follow_their_offer_into_an_order_and_out_of_it(flow: InstallFlow):
    order = opened_order(flow)
    observe(flow, WHOLE, by=SONIA)
    flow.record(offer_id(OC), OfferLinked(order=order), by=SONIA)
    assert flow.load(sheet_id(FPC)).orders == {order}
    assert flow.history(sheet_id(FPC))[-1].recorded.by.role == "system"
    flow.record(offer_id(OC), OfferLinked(order=order), by=SONIA)  # said twice, told once
    assert len(flow.history(sheet_id(FPC))) == 3
    flow.record(offer_id(OC), OfferUnlinked(order=order), by=SONIA)
    assert flow.load(sheet_id(FPC)).orders == frozenset()


def test_a_sheet_linked_through_its_offer_and_its_order_keeps_the_one_when_it_loses_the_other(flow: InstallFlow):
    order = opened_order(flow)
    observe(flow, WHOLE, by=SONIA)
    flow.record(offer_id(OC), OfferLinked(order=order), by=SONIA)
    flow.record(supply_order_id(COM), SupplyOrderLinked(order=order), by=SONIA)
    flow.record(offer_id(OC), OfferUnlinked(order=order), by=SONIA)
    assert flow.load(sheet_id(FPC)).orders == {order}
    flow.record(supply_order_id(COM), SupplyOrderUnlinked(order=order), by=SONIA)
    assert flow.load(sheet_id(FPC)).orders == frozenset()
    rows = {sheet.ref: sheet.links for line in flow.openip(all=True) for sheet in line.sheets}
    assert rows == {FPC: (), "FPC90212": ()}


def test_a_sheet_first_seen_on_a_linked_offer_is_linked_by_the_look(flow: InstallFlow):
    order = opened_order(flow)
    observe(flow, offer_of(1), by=SONIA)
    flow.record(offer_id("OC1"), OfferLinked(order=order), by=SONIA)
    observed = observe(flow, offer_of(2), by=SONIA)
    assert flow.load(sheet_id("FPC101")).orders == {order}
    assert f"rattachée à la commande d'installation {order.hex[:8]}" in seen_of(observed.documents, "FPC101").told


def test_more_sheets_than_a_unit_of_work_holds_are_linked_when_they_are_next_seen(flow: InstallFlow):
    order = opened_order(flow)
    observe(flow, offer_of(120), by=SONIA)
    flow.record(offer_id("OC1"), OfferLinked(order=order), by=SONIA)
    linked = [sheet for sheet in flow.openip()[0].sheets if sheet.links]
    assert 0 < len(linked) < 120
    observe(flow, offer_of(120), by=SONIA)
    assert all(sheet.links for sheet in flow.openip()[0].sheets)


def test_a_sheet_seen_on_a_linked_order_s_page_is_linked(flow: InstallFlow):
    order = opened_order(flow)
    page = OrderPage(ref="COM9", sheets=(OrderedSheet(contracted_ref="FPC9", ordered_ref="CFP9", status="En cours"),))
    observe(flow, Page(order_pages=(OrderPage(ref="COM9"),)), by=SONIA)
    flow.record(supply_order_id("COM9"), SupplyOrderLinked(order=order), by=SONIA)
    observe(flow, Page(order_pages=(page,)), by=SONIA)
    assert flow.load(sheet_id("FPC9")).orders == {order}


@pytest.mark.parametrize("missing", [UUID(int=7), offer_id(OC)])
def test_no_document_is_linked_to_an_order_there_is_not(flow: InstallFlow, missing: UUID):
    observe(flow, WHOLE, by=SONIA)
    before = positions(flow)
    for one, event in (
        (offer_id(OC), OfferLinked(order=missing)), (supply_order_id(COM), SupplyOrderLinked(order=missing)),
    ):  # fmt: skip
        with pytest.raises(NotFound, match="pas de commande d'installation"):
            flow.record(one, event, by=SONIA)
    assert positions(flow) == before


# The screen


def test_the_screen_keeps_every_forecast_and_the_gap(flow: InstallFlow, clock: FixedClock):
    observe(flow, WHOLE, by=SONIA)
    first = clock()
    clock.now += dt.timedelta(days=3)
    observe(
        flow, WHOLE.replace("17/03/2026", "19/03/2026").replace("RDV planifié", "Livrée")
        .replace("Date de portabilité confirmée", "Livrée"), by=SONIA,
    )  # fmt: skip
    (line,) = flow.openip(gaps=True)
    assert (line.row.ref, line.shown, line.computed) == (OC, "En cours", OcStatus.LIVREE)
    assert [one.day for one in line.sheets[0].forecasts] == [dt.date(2026, 3, 17), dt.date(2026, 3, 19)]
    (then,) = flow.as_of(first).openip()
    assert (then.gap, [one.day for one in then.sheets[0].forecasts]) == ("", [dt.date(2026, 3, 17)])
    (shown,) = flow.known_on(first).openip(search="aubry")
    assert shown.computed is OcStatus.EN_COURS


def test_what_openip_waits_for_from_us_is_a_task(flow: InstallFlow):
    observe(flow, WHOLE.replace("RDV planifié", "RDV en échec"), by=SONIA)
    (line,) = flow.openip(tasks=True)
    assert line.tasks == ("FPC90212 : le dernier RDV a échoué et OpenIP attend notre réponse : y répondre",)


def test_offers_in_which_nothing_is_awaited_are_left_out_unless_asked_for(flow: InstallFlow):
    observe(flow, WHOLE, by=SONIA)
    assert [line.row.ref for line in flow.openip()] == [OC]
    assert [line.row.ref for line in flow.openip(all=True, sort="company")] == [OC, "OC204818"]
    assert [line.row.ref for line in flow.openip(status="livree")] == ["OC204818"]


@pytest.mark.parametrize("filters", [{"sort": "colour"}, {"colour": 1}])
def test_a_filter_or_sort_there_is_not(flow: InstallFlow, filters: dict[str, Any]):
    with pytest.raises(Invalid, match="au choix"):
        flow.openip(**filters)


def test_the_views_are_the_same_folded_live_and_rebuilt(flow: InstallFlow):
    observe(flow, WHOLE, by=SONIA)
    flow.record(offer_id(OC), OfferLinked(order=opened_order(flow)), by=SONIA)
    flow.openip()
    built = flow.rebuild()
    for name, rows in (("offers", 2), ("sheets", 2), ("supply_orders", 1), ("conversations", 2)):
        assert (built[name].rows, built[name].changed, built[name].compared) == (rows, (), True)
    assert flow.check().findings == []


def test_a_status_may_be_told_by_hand(flow: InstallFlow):
    """A planner who was told on the telephone need not wait for the page."""
    observe(flow, WHOLE, by=SONIA)
    flow.record(sheet_id(FPC), SheetStatusObserved(ref=FPC, status=FpStatus.LIVREE), by=SONIA)
    assert flow.load(sheet_id(FPC)).status is FpStatus.LIVREE
