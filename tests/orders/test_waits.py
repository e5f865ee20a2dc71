"""What an order waits for: opened and closed by events, of whom, since when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.terms import OrderStatus as S
from installflow.orders.waits import Wait
from installflow.workflow.policy import WaitAsked
from tests.orders.told import NINE, Step, order, planned

AWAITED: Step = (e.PartnerAwaited(reason="x"), S.ATTENTE_PARTE)
REQUESTED: Step = (e.TechnicianRequested(), S.ATTENTE_TECH)
PORTA: Step = (e.PortabilityAwaited(operator="SFR"), S.ATT_PORTA)
TECHNICIAN, PARTNER, PORTABILITY = ("technicien", "Karim"), ("partenaire", "HIGHCOM"), ("portabilité", "SFR")


def waits(*steps: Step) -> list[tuple[str, str]]:
    return [(wait.kind, wait.of) for wait in order(*steps).waits]


CASES: dict[str, tuple[tuple[Step, ...], list[tuple[str, str]]]] = {
    "nothing": ((), []),
    "the partner": ((AWAITED,), [PARTNER]),
    "somebody else for the partner": (
        ((e.PartnerAwaited(reason="x", confirmer="Mme Orange"), S.ATTENTE_PARTE),), [("partenaire", "Mme Orange")],
    ),
    "the technician named": ((planned(), REQUESTED), [TECHNICIAN]),
    "the origin when nobody is named": (
        (planned(origin="5 com", technician=""), (e.TechnicianRequested(), S.ATT_5COM)), [("technicien", "5 com")],
    ),
    "portability of its operator": ((PORTA,), [PORTABILITY]),
    "several at once": ((PORTA, AWAITED), [PORTABILITY, PARTNER]),
    "asked by a policy": (
        (planned(), (e.TechnicianRequested(waits=(WaitAsked("partenaire", "BVC Orange"),)), S.ATTENTE_TECH)),
        [("partenaire", "BVC Orange"), TECHNICIAN],
    ),
    "the partner's yes closes its wait": ((PORTA, AWAITED, (e.PartnerConfirmed(), S.TO_PLAN)), [PORTABILITY]),
    "the partner's no closes it too": ((AWAITED, (e.PartnerDeclined(reason="x"), S.TO_PLAN)), []),
    "the partner's no releases the technician, who is no longer awaited": (
        (planned(), REQUESTED, AWAITED, (e.PartnerDeclined(reason="x"), S.TO_PLAN)), [],
    ),
    "the partner's no elsewhere leaves the technician awaited": (
        (planned(), AWAITED, REQUESTED, e.PartnerDeclined(reason="x")), [TECHNICIAN],
    ),
    "an answer on Stand BY closes its wait": (
        (AWAITED, (e.PutOnStandBy(reason="x"), S.STAND_BY), e.PartnerConfirmed()), [],
    ),
    "the technician's yes": ((planned(), REQUESTED, (e.TechnicianConfirmed(), S.RDV_POSE)), []),
    "the technician's no": ((planned(), REQUESTED, (e.TechnicianDeclined(reason="x"), S.TO_PLAN)), []),
    "a no where a yes was counted on opens the wait again": (
        (planned(), REQUESTED, (e.TechnicianConfirmed(), S.RDV_POSE), e.TechnicianDeclined(reason="x")), [TECHNICIAN],
    ),
    "a no nobody waited for opens none": ((planned(), e.TechnicianDeclined(reason="x")), []),
    "another origin is another wait": (
        (planned(), REQUESTED, (e.TechnicianOriginChanged(origin="5 com", technician="Paul"), S.ATT_5COM)),
        [("technicien", "Paul")],
    ),
    "portability confirmed": ((PORTA, (e.PortabilityConfirmed(date=NINE.date(), source="x"), S.TO_PLAN)), []),
    "portability postponed": ((e.PortabilityPostponed(),), [("portabilité", "")]),
    "portability refused": ((e.PortabilityRefused(reason="x"),), [("portabilité", "")]),
    "there is no portability after all": ((PORTA, n.PortabilityNoted(state="sans")), []),
    "a portability noted otherwise": ((PORTA, n.PortabilityNoted(state="demandée")), [PORTABILITY]),
    "a cancellation": ((e.CancellationRequested(reason="x"),), [("annulation", "HIGHCOM")]),
    "a cancellation withdrawn": ((e.CancellationRequested(reason="x"), e.CancellationWithdrawn()), []),
    "the end closes everything": (
        (PORTA, e.CancellationRequested(reason="x"), (e.OrderCancelled(confirmed_by="x", how="x"), S.ANNULER)), [],
    ),
    "news after the end open nothing": (
        ((e.OrderCancelled(confirmed_by="x", how="x"), S.ANNULER), e.PortabilityRefused(reason="x")), [],
    ),
    "a correction leaves what its status shows": (
        (PORTA, AWAITED, e.StatusCorrected(status=S.ATT_PORTA, reason="x")), [PORTABILITY],
    ),
    "a correction leaves nothing else": ((PORTA, AWAITED, e.StatusCorrected(status=S.TO_PLAN, reason="x")), []),
    "a correction states the waits that result": (
        (PORTA, e.StatusCorrected(status=S.ATTENTE_PARTE, reason="x", open_waits=("portabilité", "technicien"))),
        [PORTABILITY, ("technicien", ""), PARTNER],
    ),
    "a take-over waits for what it shows": (
        (e.OrderImported(status=S.ATTENTE_PARTE, client="A", partner="B", confirmer="BVC Orange"),),
        [("partenaire", "BVC Orange")],
    ),
    "a take-over in Att porta": ((e.OrderImported(status=S.ATT_PORTA, client="A"),), [("portabilité", "")]),
    "a comment": ((AWAITED, n.CommentAdded(text="x")), [PARTNER]),
}  # fmt: skip


@pytest.mark.parametrize(("steps", "open_waits"), CASES.values(), ids=CASES)
def test_it_waits_for(steps: tuple[Step, ...], open_waits: list[tuple[str, str]]):
    assert waits(*steps) == open_waits


def test_a_wait_already_open_keeps_its_date_and_whom_it_is_of():
    first = order(AWAITED).waits[0]
    again: Any = (e.PartnerAwaited(reason="y", confirmer="Mme Orange"), S.ATTENTE_PARTE)
    assert order(AWAITED, again).waits == (first,)
    assert first.since == NINE + dt.timedelta(minutes=1)


def test_stand_by_and_back_to_a_wait_keep_it_open():
    back: Step = (e.Resumed(), S.ATTENTE_PARTE)
    assert order(AWAITED, (e.PutOnStandBy(reason="x"), S.STAND_BY), back).waits == order(AWAITED).waits


def test_a_wait_in_words():
    assert Wait("partenaire", "BVC Orange", NINE).said == "partenaire (BVC Orange)"
    assert Wait("portabilité", "", NINE).said == "portabilité"


# Where an answer leads back to


def test_the_status_a_wait_was_entered_from_is_remembered():
    assert order(AWAITED).came_from == {S.ATTENTE_PARTE: S.NEW}
    collecting = order((e.CollecteStarted(), S.COLLECTE), AWAITED)
    assert collecting.came_from == {S.ATTENTE_PARTE: S.COLLECTE}


def test_a_detour_through_another_wait_does_not_make_a_circle():
    there_and_back = order(PORTA, AWAITED, (e.PartnerConfirmed(), S.ATT_PORTA))
    assert there_and_back.came_from == {S.ATT_PORTA: S.NEW, S.ATTENTE_PARTE: S.ATT_PORTA}


def test_stand_by_remembers_one_level():
    held = order(AWAITED, (e.PutOnStandBy(reason="x"), S.STAND_BY))
    assert held.previous is S.ATTENTE_PARTE
