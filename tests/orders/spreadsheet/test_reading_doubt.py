"""What a planner types in haste: read for what it says, never for more."""

from __future__ import annotations

import datetime as dt

import pytest

from installflow.orders.spreadsheet import RawRow, ReadRow, read_row
from installflow.orders.spreadsheet.choices import read_status
from installflow.orders.spreadsheet.comments import read_phones
from installflow.orders.spreadsheet.porta import read_porta
from installflow.orders.terms import OrderStatus, Porta

TODAY = dt.date(2026, 11, 21)


def read(**cells: str) -> ReadRow:
    return read_row(RawRow(2, {"CLIENT": "Hôtel", "PARTENAIRE": "HIGHCOM"} | cells), TODAY)


@pytest.mark.parametrize(
    "typed", ["RIO OK", "RIO reçu", "RIO bien reçu", "16/12/2026 RIO OK", "16/12/2026 - RIO confirmé", "ok RIO",
              "client ok pour le matin", "NDI 01 99 00 45 10 ok"],
)  # fmt: skip
def test_that_the_rio_came_confirms_no_day(typed: str) -> None:
    assert read_porta(typed, TODAY)[0].state is not Porta.CONFIRMED


@pytest.mark.parametrize(
    "typed", ["porta ok", "12/11/2026 OK", "OK 12/11/2026", "3/12 OK SFR", "ok", "Porta : ok le 3/12"]
)
def test_an_ok_of_the_portability_or_its_day_is_one_and_said(typed: str) -> None:
    porta, notes, _ = read_porta(typed, TODAY)
    assert porta.state is Porta.CONFIRMED
    assert "« ok » est lu comme confirmée : à vérifier" in notes


@pytest.mark.parametrize("typed", ["04/12 fiabilisée SFR", "12/11/2026 confirmée", "12/11/2026 ; confirmée ; RIO reçu"])
def test_a_portability_said_confirmed_needs_no_remark(typed: str) -> None:
    porta, notes, _ = read_porta(typed, TODAY)
    assert porta.state is Porta.CONFIRMED
    assert not [note for note in notes if "lu comme" in note]


@pytest.mark.parametrize(
    ("typed", "proposed"),
    [
        ("Installation faite", OrderStatus.CLOTUREE),
        ("Installation OK", OrderStatus.CLOTUREE),
        ("install ok", OrderStatus.CLOTUREE),
        ("RDV posé", OrderStatus.RDV_POSE),
        ("INSTALL", OrderStatus.RDV_POSE),
        ("En attente", OrderStatus.TO_PLAN),
        ("attente", OrderStatus.TO_PLAN),
        ("Livré", None),
        ("Clos", OrderStatus.CLOTUREE),
        ("Clôturé", OrderStatus.CLOTUREE),
        ("facturé", OrderStatus.CLOTUREE),
        ("Posé", OrderStatus.CLOTUREE),
        ("Terminée le 12", OrderStatus.CLOTUREE),
        ("pas terminé", None),
        ("à facturer", None),
    ],
)
def test_a_status_nobody_knows_is_proposed_one(typed: str, proposed: OrderStatus | None) -> None:
    status, suggested, said = read_status(typed)
    assert (status, suggested) == (None, proposed)
    assert "statut inconnu" in said
    assert ("écrivez « Installation clôturée »" in said) is (proposed is OrderStatus.CLOTUREE)


def test_the_eleven_are_named_where_none_is_proposed() -> None:
    said = read_status("Livré")[2]
    assert all(status.label in said for status in OrderStatus)
    assert read_status("Installation clôturée")[:2] == (OrderStatus.CLOTUREE, None)


@pytest.mark.parametrize(
    "typed", ["+ de 10 tel, 5 à 6 postes", "5 à 6 postes", "5-6 tel", "plus de 10 téléphones", "environ 8 tel"]
)
def test_a_range_is_no_count(typed: str) -> None:
    phones = read_phones(typed)
    assert phones.count is None
    assert "imprécis" in phones.message


def test_mobiles_count_with_the_others() -> None:
    assert read_phones("1 tel fixe 3 portables").count == 4


@pytest.mark.parametrize("typed", ["Karim ABSENT", "Karim puis Sofiane", "Sofiane en congés", "Karim remplacé"])
def test_words_that_are_no_name_name_nobody(typed: str) -> None:
    row = read(**{"NOM TECH": typed})
    assert row.technicians == ()
    assert row.unread == {"NOM TECH": typed}


@pytest.mark.parametrize("typed", ["Bruno L.", "Yanis (5com)", "Y. Morvandel", "Jean-Dispault"])
def test_names_stay_names(typed: str) -> None:
    assert read(**{"NOM TECH": typed}).technicians == (typed,)


@pytest.mark.parametrize("client", ["Total", "Total :", "TOTAL GÉNÉRAL", "Sous-total"])
def test_totals_are_no_orders(client: str) -> None:
    assert "total" in read(CLIENT=client, PARTENAIRE="", DATE="12").refused
    assert not read(CLIENT=client, PARTENAIRE="HIGHCOM").refused
