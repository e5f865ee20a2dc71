"""French telephone numbers: found in sentences, alone and in ranges, and told apart."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installflow.france.telephone import PhoneKind, Territory, phone_numbers, spoken, telephone, without_numbers

FILMS = ("019900", "026191", "035301", "046571", "053649")
"""Five ranges set aside for films: nobody's numbers, and good ones."""


def found(text: str) -> list[str]:
    return [str(one) for one in phone_numbers(text)]


@pytest.mark.parametrize(
    "typed",
    [
        "01 99 00 45 10", "0199004510", "01.99.00.45.10", "01-99-00-45-10", "+33 1 99 00 45 10", "+33199004510",
        "0033 1 99 00 45 10", "+33 (0)1 99 00 45 10", "+33 (0) 1 99 00 45 10", "01\u00a099\u00a000\u00a045\u00a010",
        "tél. : 01 99 00 45 10, demander Inès", "01\u202f99\u202f00\u202f45\u202f10",
    ],
)  # fmt: skip
def test_one_number_however_it_is_typed(typed: str):
    assert found(typed) == ["01 99 00 45 10"]


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ("01 99 00 45 10 à 19", "0199004519"),
        ("de 01 99 00 45 10 au 19 inclus", "0199004519"),
        ("01 99 00 45 10 jusqu'à 19", "0199004519"),
        ("0199004510-0199004519", "0199004519"),
        ("01 99 00 45 10 à 01 99 00 45 19", "0199004519"),
        ("01 99 00 45 00 à 01 99 00 45 19", "0199004519"),
        ("01 99 00 45 10 à +33 1 99 00 45 19", "0199004519"),
        ("01 99 00 45 10 à 4609", "0199004609"),
        ("01 99 00 45 10 à 609", "0199004609"),
        ("01 99 00 45 10/11", "0199004511"),
    ],
)
def test_a_range_is_one_find(typed: str, last: str):
    (one,) = phone_numbers(typed)
    assert one.last == last
    assert not one.isolated
    assert one.all()[0] == one.first
    assert one.all()[-1] == last


@pytest.mark.parametrize(
    "typed",
    [
        "01 99 00 45 10 à 14h", "01 99 00 45 10 à 14 h 30", "01 99 00 45 10 - 15/12", "01 99 00 45 10 le 12",
        "01 99 00 45 10 à 05", "01 99 00 45 10 à confirmer", "01 99 00 45 10 - 15.12.2026",
    ],
)  # fmt: skip
def test_an_hour_or_a_date_is_no_end_of_a_range(typed: str):
    (one,) = phone_numbers(typed)
    assert one.isolated
    assert one.all() == ["0199004510"]


def test_ranges_have_every_number():
    assert len(phone_numbers("04 65 71 20 00 - 99")[0].all()) == 100
    assert phone_numbers("01 99 00 45 98 à 4601")[0].all() == ["0199004598", "0199004599", "0199004600", "0199004601"]


def test_two_numbers_far_apart_are_two_numbers():
    assert found("01 99 00 45 10 à 01 99 04 45 10") == ["01 99 00 45 10", "01 99 04 45 10"]
    assert found("01 99 00 45 10 puis 02 61 91 00 00 à 09") == ["01 99 00 45 10", "02 61 91 00 00 à 02 61 91 00 09"]


@pytest.mark.parametrize("typed", ["", "3179", "XW004123875FR", "20260101123456", "1234567890123", "00 00 00 00 00"])
def test_what_is_no_number_is_not_found(typed: str):
    assert found(typed) == []


def test_numbers_are_blanked_out_in_place():
    text = "3 postes, 01 99 00 45 10 à 19, et 1 base"
    plain = without_numbers(text)
    assert plain == "3 postes," + " " * len(" 01 99 00 45 10 à 19") + ", et 1 base"


@given(st.sampled_from(FILMS), st.integers(0, 9999), st.integers(1, 999))
def test_a_range_reads_back(prefix: str, first: int, size: int):
    low, high = f"{prefix}{first:04d}", f"{int(prefix + f'{first:04d}') + size:010d}"
    (one,) = phone_numbers(f"{spoken(low)} à {spoken(high)}")
    assert (one.first, one.last, len(one.all())) == (low, high, size + 1)
    assert phone_numbers(str(one))[0].all() == one.all()


@pytest.mark.parametrize(
    ("typed", "kind", "territory"),
    [
        ("01 99 00 45 10", PhoneKind.GEOGRAPHIC, Territory.METROPOLE),
        ("06 12 34 56 78", PhoneKind.MOBILE, Territory.METROPOLE),
        ("09 77 12 34 56", PhoneKind.NON_GEOGRAPHIC, Territory.METROPOLE),
        ("02 62 20 12 34", PhoneKind.GEOGRAPHIC, Territory.REUNION),
        ("+262 262 20 12 34", PhoneKind.GEOGRAPHIC, Territory.REUNION),
        ("06 92 12 34 56", PhoneKind.MOBILE, Territory.REUNION),
        ("02 69 60 12 34", PhoneKind.GEOGRAPHIC, Territory.MAYOTTE),
        ("06 39 01 23 45", PhoneKind.MOBILE, Territory.MAYOTTE),
        ("05 90 90 12 34", PhoneKind.GEOGRAPHIC, Territory.GUADELOUPE),
        ("06 90 12 34 56", PhoneKind.MOBILE, Territory.GUADELOUPE),
        ("05 94 30 12 34", PhoneKind.GEOGRAPHIC, Territory.GUYANE),
        ("05 96 50 12 34", PhoneKind.GEOGRAPHIC, Territory.MARTINIQUE),
        ("05 08 41 12 34", PhoneKind.GEOGRAPHIC, Territory.SAINT_PIERRE),
        ("08 00 12 34 56", PhoneKind.SERVICE, None),
        ("08 92 12 34 56", PhoneKind.SERVICE, None),
        ("0 806 12 34 56", PhoneKind.SERVICE, None),
        ("31 79", PhoneKind.SERVICE, None),
        ("118 218", PhoneKind.SERVICE, None),
        ("112", PhoneKind.SERVICE, None),
        ("06 39 98 00 00", PhoneKind.UNKNOWN, None),
    ],
)
def test_what_a_number_is_and_where(typed: str, kind: PhoneKind, territory: Territory | None):
    phone = telephone(typed)
    assert (phone.kind, phone.territory) == (kind, territory)
    assert phone.overseas is (territory not in {None, Territory.METROPOLE})


def test_the_numbers_of_films_are_attributed():
    assert {telephone(prefix + "0000").kind for prefix in FILMS} == {PhoneKind.GEOGRAPHIC}


def test_where_the_plan_only_says_overseas_no_territory_is_guessed():
    phone = telephone("09 76 12 34 56")
    assert (phone.overseas, phone.territory, phone.e164) == (True, None, "")


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("01 99 00 45 10", "+33199004510"),
        ("02 62 20 12 34", "+262262201234"),
        ("05 08 41 12 34", "+508411234"),
        ("08 00 12 34 56", "+33800123456"),
        ("31 79", ""),
    ],
)
def test_the_form_other_countries_dial(typed: str, e164: str):
    assert telephone(typed).e164 == e164


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("+44 20 8366 1177", "écrivez-le comme 01 99 00 45 10"),
        ("01 99 00 45", "écrivez-le comme"),
        ("", "écrivez-le comme"),
        ("01 99 00 45 10 / 02 61 91 00 00", "écrivez-le comme"),
        ("199004510", "il y manque le 0 du début, écrivez 01 99 00 45 10"),
        ("9" * 10_000, "écrivez-le comme"),
    ],
)
def test_what_is_no_french_number_says_how_to_write_one(typed: str, says: str):
    with pytest.raises(ValueError, match="n'est pas un numéro français") as refused:
        telephone(typed)
    assert says in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.no_cover
def test_the_library_is_imported_on_use_only():
    code = (
        "import sys; from installflow.france.telephone import phone_numbers; phone_numbers('01 99 00 45 10');"
        "print('phonenumbers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
