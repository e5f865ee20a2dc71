"""A page as JSON: what is left out was not on the page, null is the portal's nothing, the schema says the rest."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from installflow.errors import Invalid
from installflow.openip.page import page_schema
from installflow.openip.portal import read_json, read_page
from installflow.openip.said import UNSAID
from installflow.openip.terms import FpStatus
from tests.openip.portal.printed import page_text


def as_json(**content: Any) -> str:
    return json.dumps(content)


def test_what_is_left_out_is_unsaid_and_null_is_nothing():
    page = read_json(
        as_json(order_pages=[{"ref": "COM155756", "production_pilot": None, "deposited": "2020-07-22T12:10"}])
    )

    [order] = page.order_pages
    assert order.production_pilot is None
    assert order.adv_pilot is UNSAID
    assert order.deposited == dt.datetime(2020, 7, 22, 12, 10)


@pytest.mark.parametrize("name", ["dossier_entier", "bandeau_haut", "details", "tarifs", "perimetre", "commande"])
def test_a_page_read_is_the_same_through_json(name: str):
    page = read_page(page_text(name))

    assert read_json(page.model_dump_json()) == page


def test_statuses_are_written_as_labels_and_amounts_as_text():
    written = json.loads(read_page(page_text("details")).model_dump_json())

    row = written["offer_pages"][0]["sheets"]["rows"][0]
    assert row["status"] == "En cours"
    assert row["setup_fee"] == "3.00"
    assert row["accountcode"] is None
    assert "contract" not in written["offer_pages"][0]


def test_json_calls_for_the_same_remarks_as_a_pasted_page():
    sheet = {"ref": "FPC8", "status": "En pause", "setup_fee": 3}
    page = read_json(as_json(offer_pages=[{"sheets": {"rows": [sheet, sheet], "totals": {"setup_fee": "7.00"}}}]))

    assert "Détails : la référence « FPC8 » figure 2 fois ; chaque ligne est gardée, dans l'ordre" in page.remarks
    assert "Détails : le total FMS affiché est 7.00 €, la somme des lignes 6.00 €" in page.remarks
    assert any("« En pause » n'est pas un libellé connu" in remark for remark in page.remarks)
    assert any("on ne sait de quelle offre" in sentence for sentence in page.missing)


def test_a_label_in_json_is_a_status_however_it_is_typed():
    page = read_json(as_json(order_pages=[{"sheets": [{"status": "date de portabilite confirmee"}]}]))

    assert page.order_pages[0].sheets
    assert page.order_pages[0].sheets[0].status is FpStatus.PORTA_CONFIRMEE


def test_a_byte_order_mark_and_numbers_are_accepted():
    page = read_json("\ufeff" + as_json(offer_pages=[{"prices": {"totals": {"client_setup": 50.25}}}]))

    assert page.offer_pages[0].prices
    assert page.offer_pages[0].prices.totals
    assert page.offer_pages[0].prices.totals.client_setup == Decimal("50.25")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "ce n'est pas du JSON"),
        ("Offre contractée", "ce n'est pas du JSON"),
        ("[" * 100_000, "ce n'est pas du JSON"),
        ("[]", "la page"),
        ("{}", "ne dit rien d'une page"),
        (as_json(offres=[]), "« offres » n'est pas un champ d'une page"),
        (as_json(offers=[{"delivery": "22/07/2020"}]), "« offers.0.delivery »"),
        (as_json(offers=[{"delivery": "1820-07-22"}]), "invraisemblable"),
        (as_json(offers=[{"ref": ""}]), "« offers.0.ref »"),
        (as_json(offers=[{"ref": "OC\x00"}]), "« offers.0.ref »"),
        (as_json(offers=[{"ref": "O" * 501}]), "« offers.0.ref »"),
        (as_json(offers=[{"ref": "OC1\nOC2"}]), "une ligne"),
        (as_json(offers=[{"status": 3}]), "« offers.0.status »"),
        (as_json(offer_pages=[{"sheets": {"rows": [{"setup_fee": "NaN"}]}}]), "setup_fee"),
        (as_json(offer_pages=[{"sheets": {"rows": [{"setup_fee": "0.001"}]}}]), "setup_fee"),
        (as_json(order_pages=[{"deposited": "2020-07-22T12:10Z"}]), "deposited"),
        (as_json(order_pages=[{"deposited": "unsaid"}]), "deposited"),
        (as_json(offer_pages=[{"scope": {"commitment": {"period": {"count": 1}}}}]), "unit"),
    ],
)
def test_other_json_is_refused_in_one_sentence(text: str, words: str):
    with pytest.raises(Invalid) as refusal:
        read_json(text)

    assert words in refusal.value.sentence
    assert "installflow openip schema" in refusal.value.sentence
    assert "\n" not in refusal.value.sentence


def test_the_schema_has_no_required_field_but_what_makes_a_value():
    schema = page_schema()

    assert {name: part["required"] for name, part in schema["$defs"].items() if "required" in part} == {
        "Duration": ["count", "unit"],
        "HistoryLine": ["cells"],
    }
    assert "unsaid" not in json.dumps(schema).casefold()


def test_a_part_knows_what_it_says():
    [order] = read_json(as_json(order_pages=[{"ref": "COM1", "quote": None}])).order_pages

    assert order.says("ref", "quote")
    assert not order.says("ref", "status")


def test_what_is_not_said_reads_as_such_and_a_duration_as_the_portal_prints_it():
    [offer] = read_page(page_text("dossier_entier")).offer_pages

    assert (repr(UNSAID), bool(UNSAID)) == ("UNSAID", False)
    assert offer.scope
    assert offer.scope.commitment
    assert (str(offer.scope.commitment.period), str(offer.scope.commitment.renewal)) == ("36 mois", "1 an")
