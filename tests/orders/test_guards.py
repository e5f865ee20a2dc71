"""The order's guards, one by one: what lifts each, and the sentence it says otherwise."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from installflow.orders import events as e
from installflow.orders import guards as g
from installflow.orders import notes as n
from installflow.orders.order import Order
from installflow.orders.terms import OrderStatus as S
from installflow.workflow.event import Event
from installflow.workflow.guard import Guard, unmet
from tests.orders.told import APRIL_14, APRIL_15, facts, order, planned, received

VIP = {"confirmer": "VIP TELECOM", "client_contact": False}
PORTA_FIRST = {"porta_before_installation": True}
DONE = e.VisitDone(report="posé")
CONFIRMED = e.PortabilityConfirmed(date=APRIL_14, source="OpenIP")
SAID_YES = (planned(), e.TechnicianConfirmed())

Case = tuple[Guard, Order, Event | None, dict[str, Any]]

HOLDS: dict[str, Case] = {
    "phones known": (g.phones_are_known, order(), None, {}),
    "phones typed with the event": (
        g.phones_are_known, order(received(phones=None)), e.CollecteCompleted(phones=3), {},
    ),
    "zero phones is a number": (g.phones_are_known, order(received(phones=0)), None, {}),
    "phones presumed on take-over": (
        g.phones_are_known, order(e.OrderImported(status=S.TO_PLAN, client="A", partner="B")), None, {},
    ),
    "phones put right": (g.phones_are_known, order(received(phones=None), n.DetailsChanged(phones=3)), None, {}),
    "four phones need no collecte": (g.collecte_is_done_above_threshold, order(received(phones=4)), None, {}),
    "five phones, collected": (
        g.collecte_is_done_above_threshold, order(received(phones=5), e.CollecteCompleted()), None, {},
    ),
    "five phones, being collected": (
        g.collecte_is_done_above_threshold, order(received(phones=5)), e.CollecteCompleted(), {},
    ),
    "five phones, collected says the event": (
        g.collecte_is_done_above_threshold, order(received(phones=5)), e.StagingSkipped(collecte_completed=True), {},
    ),
    "five phones under a higher threshold": (
        g.collecte_is_done_above_threshold, order(received(phones=5)), None, {"collecte_threshold": 5},
    ),
    "equipment unknown": (g.there_is_nothing_to_prepare, order(), None, {}),
    "no equipment": (g.there_is_nothing_to_prepare, order(received(equipment=False)), None, {}),
    "staging to do": (g.staging_is_not_done, order(), None, {}),
    "staging to do again": (
        g.staging_is_not_done, order(e.StagingCompleted(), e.StagingReopened(reason="x")), None, {},
    ),
    "a date": (g.date_is_set, order(planned()), None, {}),
    "a date typed with the event": (g.date_is_set, order(), planned(), {}),
    "a slot": (g.slot_is_set, order(planned()), None, {}),
    "an origin": (g.origin_is_set, order(planned()), None, {}),
    "a project manager": (g.project_manager_is_set, order(planned()), None, {}),
    "a Direct technician named": (g.own_technician_is_named, order(planned()), None, {}),
    "a 5 com technician unnamed": (
        g.own_technician_is_named, order(planned(origin="5 com", technician="")), None, {},
    ),
    "no origin yet": (g.own_technician_is_named, order(), None, {}),
    "portability not asked for by the policy": (g.portability_is_reliable_when_required, order(), None, {}),
    "portability reliable": (g.portability_is_reliable_when_required, order(CONFIRMED), None, PORTA_FIRST),
    "portability being made reliable": (g.portability_is_reliable_when_required, order(), CONFIRMED, PORTA_FIRST),
    "no portability": (g.portability_is_reliable_when_required, order(received(porta="sans")), None, PORTA_FIRST),
    "nobody to confirm": (g.confirmer_has_confirmed_the_visit, order(), None, {}),
    "the confirmer said yes": (
        g.confirmer_has_confirmed_the_visit, order(planned(), e.PartnerConfirmed()), None, VIP,
    ),
    "the confirmer is saying yes": (
        g.confirmer_has_confirmed_the_visit, order(planned()), e.PartnerConfirmed(), VIP,
    ),
    "the confirmer is silent": (g.confirmer_is_still_silent, order(planned()), None, VIP),
    "the technician said yes": (g.technician_has_confirmed_the_visit, order(*SAID_YES), None, {}),
    "the technician is saying yes": (
        g.technician_has_confirmed_the_visit, order(planned()), e.TechnicianConfirmed(), {},
    ),
    "portability missing": (g.portability_is_unreliable, order(), None, PORTA_FIRST),
    "ours": (g.technician_is_ours_or_occitech, order(planned()), None, {}),
    "occitech": (g.technician_is_ours_or_occitech, order(planned(origin="Occitech")), None, {}),
    "5 com": (g.technician_is_5com, order(planned(origin="5COM")), None, {}),
    "5 com among others": (g.technician_is_5com, order(planned(origin="Direct + 5 com")), None, {}),
    "another origin": (g.origin_differs, order(planned()), e.TechnicianOriginChanged(origin="5 com"), {}),
    "an origin to be typed": (g.origin_differs, order(planned()), None, {}),
    "portability asked": (g.portability_was_asked, order(received(porta="demandée")), None, {}),
    "portability asked, says the event": (
        g.portability_was_asked, order(), e.PortabilityAwaited(asked_on=APRIL_14), {},
    ),
    "portability to come": (g.portability_is_not_confirmed, order(), None, {}),
    "portability lost again": (
        g.portability_is_not_confirmed, order(CONFIRMED, e.PortabilityPostponed()), None, {},
    ),
    "portability lost": (g.portability_is_lost_or_moved, order(planned()), e.PortabilityPostponed(), {}),
    "portability moved": (
        g.portability_is_lost_or_moved, order(planned()), e.PortabilityPostponed(date=APRIL_15), {},
    ),
    "a new date": (g.new_date_is_given, order(), e.VisitRescheduled(reason="x", date=APRIL_15), {}),
    "no new date": (g.no_new_date_is_given, order(), e.VisitRescheduled(reason="x"), {}),
    "the partner contacts the client": (g.partner_alone_contacts_the_client, order(), None, VIP),
    "we contact the client": (g.we_may_contact_the_client, order(), n.ClientContacted(), {}),
    "the client calls us": (g.we_may_contact_the_client, order(), n.ClientContacted(direction="entrant"), VIP),
    "a technician awaited": (
        g.technician_is_awaited, order(planned(), (e.TechnicianRequested(), S.ATTENTE_TECH)), None, {},
    ),
    "a partner awaited": (g.partner_is_awaited, order((e.PartnerAwaited(reason="x"), S.ATTENTE_PARTE)), None, {}),
    "a portability awaited": (g.portability_is_awaited, order(e.PortabilityRefused(reason="x")), None, {}),
    "where it came from": (
        g.came_from(S.NEW), order((e.PartnerAwaited(reason="x"), S.ATTENTE_PARTE)), None, {},
    ),
    "a cancellation asked for": (
        g.cancellation_was_requested, order(e.CancellationRequested(reason="x")), None, {},
    ),
    "no cancellation yet": (g.cancellation_is_not_requested_yet, order(), None, {}),
    "a cancellation withdrawn": (
        g.cancellation_is_not_requested_yet,
        order(e.CancellationRequested(reason="x"), e.CancellationWithdrawn()), None, {},
    ),
    "the day itself": (g.date_has_come, order(planned()), None, {"today": APRIL_14}),
    "the day after": (g.date_has_come, order(planned()), None, {"today": APRIL_15}),
    "a report left": (g.report_is_present, order(DONE), None, {}),
    "a report joined": (g.report_is_present, order(), e.InstallationClosed(report="posé"), {}),
    "no wait": (g.no_wait_is_open, order(), None, {}),
    "every sheet delivered": (g.sheets_are_delivered, order(), None, {}),
    "a waiver": (g.sheets_are_delivered, order(), e.InstallationClosed(waiver="accord"), {"sheets_pending": 2}),
    "finished": (g.work_is_finished_or_goes_on, order(), DONE, {}),
    "not reported yet": (g.work_is_not_finished_yet, order(planned()), None, {}),
    "a technician to ask": (g.technician_has_not_confirmed, order(planned()), None, {}),
    "from our technician to 5 com": (
        g.origin_changes_the_wait, order(planned()), e.TechnicianOriginChanged(origin="5 com"), {},
    ),
    "no event": (g.origin_changes_the_wait, order(planned()), None, {}),
    "the partner confirmed yesterday": (
        g.confirmation_is_not_to_come, order(),
        e.OrderCancelled(confirmed_by="x", how="mail", confirmed_on=APRIL_14),
        {"today": APRIL_15},
    ),
    "the partner confirmed": (
        g.confirmation_is_not_to_come, order(), e.OrderCancelled(confirmed_by="x", how="mail"), {},
    ),
    "unfinished, with another visit": (
        g.work_is_finished_or_goes_on,
        order(planned(), planned(date=APRIL_15, extra=True)), e.VisitDone(report="x", result="à finir"), {},
    ),
}  # fmt: skip

REFUSES: dict[str, tuple[Case, str]] = {
    "phones unknown": (
        (g.phones_are_known, order(received(phones=None)), e.CollecteCompleted(), {}),
        "le nombre de téléphones est inconnu",
    ),
    "five phones": (
        (g.collecte_is_done_above_threshold, order(received(phones=5)), None, {}),
        "la collecte est obligatoire au-delà de 4 téléphones",
    ),
    "five phones typed with the event": (
        (g.collecte_is_done_above_threshold, order(), e.StagingSkipped(phones=5), {}), "au-delà de 4 téléphones",
    ),
    "two phones under a lower threshold": (
        (g.collecte_is_done_above_threshold, order(), None, {"collecte_threshold": 1}), "au-delà de 1 téléphones",
    ),
    "collecte reopened": (
        (
            g.collecte_is_done_above_threshold,
            order(received(phones=5), e.CollecteCompleted(), e.CollecteReopened(reason="x")), None, {},
        ),
        "la terminer d'abord",
    ),
    "collecte of an import reopened": (
        (
            g.phones_are_known,
            order(e.OrderImported(status=S.TO_PLAN, client="A"), e.CollecteReopened(reason="x")), None, {},
        ),
        "inconnu",
    ),
    "equipment": ((g.there_is_nothing_to_prepare, order(received(equipment=True)), None, {}), "matériel à préparer"),
    "staging done": ((g.staging_is_not_done, order(e.StagingCompleted()), None, {}), "le staging est déjà fait"),
    "no date": ((g.date_is_set, order(), None, {}), "la DATE manque"),
    "the date removed": ((g.date_is_set, order(planned()), n.VisitScheduled(remove_date=True), {}), "la DATE manque"),
    "no slot": ((g.slot_is_set, order(), None, {}), "l'HEURE manque"),
    "no origin": ((g.origin_is_set, order(), None, {}), "TECH manque"),
    "no project manager": ((g.project_manager_is_set, order(), None, {}), "le NOM CP manque"),
    "a Direct technician unnamed": (
        (g.own_technician_is_named, order(planned(technician="")), None, {}), "le NOM TECH manque",
    ),
    "portability missing": ((g.portability_is_reliable_when_required, order(), None, PORTA_FIRST), "pas fiabilisée"),
    "portability lost": (
        (g.portability_is_reliable_when_required, order(CONFIRMED, e.PortabilityPostponed()), None, PORTA_FIRST),
        "pas fiabilisée",
    ),
    "the confirmer is silent": (
        (g.confirmer_has_confirmed_the_visit, order(planned()), None, VIP), "VIP TELECOM n'a pas confirmé",
    ),
    "the confirmer said yes to another day": (
        (
            g.confirmer_has_confirmed_the_visit,
            order(planned(), e.PartnerConfirmed(), n.VisitScheduled(date=APRIL_15)), None, VIP,
        ),
        "cette DATE et cette HEURE",
    ),
    "nobody is asked": ((g.confirmer_is_still_silent, order(), None, {}), "n'est pas en attente"),
    "the confirmer said yes": (
        (g.confirmer_is_still_silent, order(planned(), e.PartnerConfirmed()), None, VIP), "a déjà confirmé",
    ),
    "the technician is silent": (
        (g.technician_has_confirmed_the_visit, order(planned()), None, {}), "n'est pas confirmée pour ce RDV",
    ),
    "the technician said yes to another slot": (
        (g.technician_has_confirmed_the_visit, order(*SAID_YES, n.VisitScheduled(slot="14H")), None, {}),
        "n'est pas confirmée",
    ),
    "portability is there": ((g.portability_is_unreliable, order(), None, {}), "n'est pas ce qui manque"),
    "5 com, not ours": ((g.technician_is_ours_or_occitech, order(planned(origin="5 com")), None, {}), "Att 5COM"),
    "no origin, not ours": ((g.technician_is_ours_or_occitech, order(), None, {}), "TECH manque"),
    "ours, not 5 com": ((g.technician_is_5com, order(planned()), None, {}), "TECH n'est pas 5 com"),
    "no origin, not 5 com": ((g.technician_is_5com, order(), None, {}), "TECH manque"),
    "the same origin": (
        (g.origin_differs, order(planned()), e.TechnicianOriginChanged(origin="Direct"), {}), "déjà l'origine",
    ),
    "portability not asked": ((g.portability_was_asked, order(), e.PortabilityAwaited(), {}), "pas été demandée"),
    "portability confirmed": ((g.portability_is_not_confirmed, order(CONFIRMED), None, {}), "déjà fiabilisée"),
    "no portability": (
        (g.portability_is_not_confirmed, order(received(porta="sans")), None, {}), "sans portabilité",
    ),
    "portability on the day": (
        (g.portability_is_lost_or_moved, order(planned()), e.PortabilityPostponed(date=APRIL_14), {}),
        "est le jour de l'installation",
    ),
    "no new date": ((g.new_date_is_given, order(), e.VisitRescheduled(reason="x"), {}), "pas de nouvelle DATE"),
    "a new date": (
        (g.no_new_date_is_given, order(), e.VisitRescheduled(reason="x", date=APRIL_15), {}), "une nouvelle DATE",
    ),
    "we contact the client": ((g.partner_alone_contacts_the_client, order(), None, {}), "nous-mêmes"),
    "we call a client we may not": (
        (g.we_may_contact_the_client, order(), n.ClientContacted(), VIP), "contacte le client, pas nous",
    ),
    "nobody awaited": ((g.technician_is_awaited, order(), None, {}), "aucun technicien n'est attendu"),
    "no partner awaited": ((g.partner_is_awaited, order(), None, {}), "n'est plus attendu"),
    "no portability awaited": ((g.portability_is_awaited, order(), None, {}), "n'est plus attendue"),
    "from elsewhere": (
        (g.came_from(S.COLLECTE), order((e.PartnerAwaited(reason="x"), S.ATTENTE_PARTE)), None, {}),
        "ne venait pas de « Collecte »",
    ),
    "no cancellation asked for": ((g.cancellation_was_requested, order(), None, {}), "aucune annulation"),
    "a cancellation asked for": (
        (g.cancellation_is_not_requested_yet, order(e.CancellationRequested(reason="x")), None, {}), "déjà demandée",
    ),
    "no date to close": ((g.date_has_come, order(), None, {}), "la DATE manque"),
    "the day before": (
        (g.date_has_come, order(planned()), None, {"today": APRIL_14 - dt.timedelta(days=1)}), "le 14/04/2027",
    ),
    "no report": ((g.report_is_present, order(), e.InstallationClosed(), {}), "le compte rendu manque"),
    "a report of unfinished work": (
        (g.report_is_present, order(e.VisitDone(report="x", result="à finir")), None, {}), "le compte rendu manque",
    ),
    "a wait": (
        (g.no_wait_is_open, order((e.PartnerAwaited(reason="x"), S.ATTENTE_PARTE)), None, {}),
        "il reste une attente ouverte : partenaire (HIGHCOM)",
    ),
    "two sheets": (
        (g.sheets_are_delivered, order(), e.InstallationClosed(), {"sheets_pending": 2}), "2 fiche(s) produit",
    ),
    "reported already": ((g.work_is_not_finished_yet, order(planned(), DONE), None, {}), "déjà faite et terminée"),
    "a technician who agreed": (
        (g.technician_has_not_confirmed, order(planned(), e.TechnicianConfirmed()), None, {}), "déjà confirmé",
    ),
    "from our technician to Occitech": (
        (g.origin_changes_the_wait, order(planned()), e.TechnicianOriginChanged(origin="Occitech"), {}),
        "changer seulement TECH",
    ),
    "the partner will confirm tomorrow": (
        (
            g.confirmation_is_not_to_come, order(),
            e.OrderCancelled(confirmed_by="x", how="mail", confirmed_on=APRIL_15), {"today": APRIL_14},
        ),
        "la confirmation du 15/04/2027 est à venir",
    ),
    "unfinished, nothing booked": (
        (g.work_is_finished_or_goes_on, order(planned()), e.VisitDone(report="x", result="à finir"), {}),
        "aucune autre visite n'est réservée",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HOLDS.values(), ids=HOLDS)
def test_it_holds(case: Case):
    guard, before, event, seen = case
    assert unmet(guard, before, facts(**seen), event) is None


@pytest.mark.parametrize(("case", "sentence"), REFUSES.values(), ids=REFUSES)
def test_it_refuses_and_says_why(case: Case, sentence: str):
    guard, before, event, seen = case
    said = unmet(guard, before, facts(**seen), event)
    assert said is not None
    assert sentence in said
    assert said == said.strip()
    assert re.match(r"[a-zà-ÿ0-9(]|TECH|VIP", said), "a sentence starts in lower case"


def test_every_guard_of_the_order_is_tried_both_ways():
    names = {guard.__name__ for guard in Order.workflow.guards().values()}
    names = {"came_from" if name.startswith("came_from_") else name for name in names}

    def tried(cases: list[Case]) -> set[str]:
        return {"came_from" if c[0].__name__.startswith("came_from") else c[0].__name__ for c in cases}

    assert names == tried(list(HOLDS.values()))
    assert names == tried([case for case, _ in REFUSES.values()])


def test_a_guard_leaves_the_order_as_it_was():
    before = order(planned())
    visit = before.visit
    unmet(g.technician_has_confirmed_the_visit, before, facts(), e.TechnicianConfirmed())
    assert before.visit == visit
