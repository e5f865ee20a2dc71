"""Euros and margins as the portal prints them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installflow.openip.money import margin, read_money, read_percent, total, write_money, write_percent
from installflow.openip.unread import Unread

cents = st.integers(-(10**11), 10**11).map(lambda number: Decimal(number) / 100)


@pytest.mark.parametrize(
    ("printed", "amount"),
    [
        ("64.00 €", "64.00"),
        ("0.00 €", "0.00"),
        ("1 234,50 €", "1234.50"),
        ("1\u00a0234,50\u00a0€", "1234.50"),
        ("1\u202f234\u202f567.89€", "1234567.89"),
        ("12,5 €", "12.50"),
        ("150 € HT", "150.00"),
        ("64.00", "64.00"),
        ("-3.00 €", "-3.00"),
        ("\u22123.00 €", "-3.00"),
        ("-0.00 €", "0.00"),
    ],
)
def test_an_amount_is_read_to_the_cent(printed: str, amount: str):
    assert str(read_money(printed)) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "€",
        "1.234 €",
        "1,234.50 €",
        "1.234,50 €",
        "12 34 €",
        "64.00 $",
        "64.00 € env.",
        "٦٤ €",
        "1e3 €",
        "NaN",
        "1234567890123 €",
        "soixante",
    ],
)
def test_what_could_be_another_amount_is_not_read(text: str):
    with pytest.raises(Unread, match="n'est pas un montant"):
        read_money(text)


def test_a_percentage_is_read_and_a_dash_is_none():
    assert read_percent("100.00 %") == Decimal("100.00")
    assert read_percent("-33,33 %") == Decimal("-33.33")
    assert read_percent("—") is None
    with pytest.raises(Unread, match="pourcentage"):
        read_percent("100.00")


@pytest.mark.parametrize(
    ("client", "operator", "expected"),
    [
        ("64.00", "0.00", "100.00"),
        ("12.50", "8.33", "33.36"),
        ("3.00", "4.00", "-33.33"),
        ("8.00", "7.9996", "0.01"),
        ("200.00", "199.99", "0.01"),
        ("10.00", "10.00", "0.00"),
    ],
)
def test_the_margin_is_of_the_clients_price_to_two_decimals(client: str, operator: str, expected: str):
    assert str(margin(Decimal(client), Decimal(operator))) == expected


def test_a_client_who_pays_nothing_has_no_margin():
    assert margin(Decimal(0), Decimal("12.00")) is None
    assert write_percent(margin(Decimal("0.00"), Decimal(0))) == "—"


@given(cents)
def test_an_amount_written_is_read_back(amount: Decimal):
    assert read_money(write_money(amount)) == amount
    assert read_percent(write_percent(amount)) == amount


@given(st.lists(cents))
def test_a_total_is_the_sum_in_any_order(amounts: list[Decimal]):
    assert total(amounts) == total(reversed(amounts)) == sum(amounts)
