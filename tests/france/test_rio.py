"""The RIO: its parts, its key, and the mistakes the key catches."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installflow.france.rio import Rio, check_rio, rio_key

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
CODES = st.text(SIGNS, min_size=9, max_size=9)
NUMBERS = st.integers(100_000_000, 999_999_999).map(lambda rest: f"{rest:010d}")


def rio_of(code: str, number: str) -> str:
    return code + rio_key(code, number)


def swaps(text: str) -> set[str]:
    """The text with two different neighbours swapped, at each place."""
    return {text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1)} - {text}


@pytest.mark.parametrize(
    ("code", "number", "key"),
    [
        ("01PEROY4P", "0612345678", "4TR"),
        ("0KR7GH42B", "0199004512", "FE+"),
    ],
)
def test_the_key_of_a_rio(code: str, number: str, key: str):
    assert rio_key(code, number) == key
    assert check_rio(code + key, number) is None


def test_a_key_may_hold_a_plus_at_each_place():
    keys = [(f"01P{n:06d}", rio_key(f"01P{n:06d}", "0199004510")) for n in range(400)]
    for place in range(3):
        code, key = next((code, key) for code, key in keys if key[place] == "+")
        assert check_rio(code + key, "01 99 00 45 10") is None
        assert "devrait finir par" in str(check_rio(code + key.replace("+", "A"), "01 99 00 45 10"))


@pytest.mark.parametrize(
    "typed",
    ["01PEROY4P4TR", "01 P EROY4P 4TR", "rio : 01peroy4p4tr", "RIO 01-P-EROY4P-4TR", "01\u00a0P\u00a0EROY4P\u00a04TR",
     " Code RIO=01P EROY4P4TR\n"],
)  # fmt: skip
def test_a_rio_is_read_however_it_is_typed(typed: str):
    rio = Rio.read(typed)
    assert (rio.operator, rio.quality, rio.reference, rio.key) == ("01", "P", "EROY4P", "4TR")
    assert (str(rio), rio.spaced()) == ("01PEROY4P4TR", "01 P EROY4P 4TR")
    assert check_rio(typed, "+33 6 12 34 56 78") is None


@pytest.mark.parametrize("quality", SIGNS)
def test_no_quality_sign_is_refused(quality: str):
    assert check_rio(rio_of(f"0K{quality}7GH42B", "0199004512"), "0199004512") is None


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "il a 0 signes au lieu de 12"),
        ("RIO à demander", "le signe « à »"),
        ("01PEROY4P4T", "il a 11 signes au lieu de 12, + de la clé compris"),
        ("01PEROY4P4TRX", "il a 13 signes au lieu de 12 ; recopiez-le"),
        ("01PEROY4P4T*", "le signe « * » n'y existe pas"),
        ("01PÉROY4P4TR", "le signe « É » n'y existe pas"),
        ("01PEROY+P4TR", "le + n'existe que dans les trois derniers signes"),
        ("0" * 10_000, "il a 10000 signes"),
    ],
)
def test_what_is_no_rio_says_why_and_what_to_do(typed: str, says: str):
    warning = check_rio(typed, "0612345678")
    assert warning is not None
    assert says in warning
    assert "recopiez-le" in warning
    assert len(warning) < 250


@pytest.mark.parametrize("number", ["", "le fixe", "+44 20 8366 1177", "01 99 00 45 10 et 02 61 91 00 00"])
def test_a_rio_is_not_judged_without_its_number(number: str):
    assert "RIO non vérifié" in str(check_rio("01PEROY4P4TR", number))


def test_a_wrong_key_is_told_with_the_right_one():
    assert check_rio("01PEROY4P4TS", "0612345678") == (
        "clé RIO fausse : 01PEROY4P4TS devrait finir par 4TR pour le 06 12 34 56 78 ; vérifiez le RIO et le numéro,"
        " ou redemandez-le à l'opérateur donneur (3179 depuis la ligne)"
    )
    assert "devrait finir par FE+" in str(check_rio("0KR7GH42BFE0", "0199004512"))


def test_lower_case_is_never_the_cause():
    assert check_rio("01peroy4p4tr", "0612345678") is None
    assert "minuscules" in str(check_rio("01peroy4p4ts", "0612345678"))
    assert "minuscules" not in str(check_rio("01PEROY4P4TS", "0612345678"))


@pytest.mark.parametrize(
    ("typed", "right", "why"),
    [
        ("01PER0Y4P4TR", "01PEROY4P4TR", "avec la lettre O là où il y a le chiffre 0"),
        ("O1PEROY4P4TR", "01PEROY4P4TR", "avec le chiffre 0 là où il y a la lettre O"),
        ("0IPEROY4P4TR", "01PEROY4P4TR", "avec le chiffre 1 là où il y a la lettre I"),
        ("oipeROY4P4TR", "01PEROY4P4TR", "et avec le chiffre 0 là où il y a la lettre O"),
    ],
)
def test_o_for_zero_and_i_for_one_are_explained(typed: str, right: str, why: str):
    warning = str(check_rio(typed, "0612345678"))
    assert f"{right} serait juste" in warning
    assert why in warning
    assert "sur l'original" in warning


def test_any_number_of_a_range_will_do():
    assert check_rio("0KR7GH42BFE+", "01 99 00 45 10 à 19") is None
    assert "pour le 01 99 00 45 20" in str(check_rio("0KR7GH42BFE+", "01 99 00 45 20 à 29"))


@given(CODES, NUMBERS, st.integers(0, 21), st.sampled_from(SIGNS + "+"))
def test_one_sign_changed_is_always_caught(code: str, number: str, place: int, sign: str):
    typed = rio_of(code, number) + number
    if place >= 12:
        sign = "0123456789"[ord(sign) % 10]
    wrong = typed[:place] + sign + typed[place + 1 :]
    assert (check_rio(wrong[:12], wrong[12:]) is None) is (wrong == typed)


@given(CODES, NUMBERS)
def test_two_neighbours_swapped_are_always_caught(code: str, number: str):
    """Neighbours of the RIO, its key included, and of the number: the proof is in the module's docstring."""
    rio = rio_of(code, number)
    wrong = [(other, number) for other in swaps(rio)] + [(rio, other) for other in swaps(number)]
    assert [pair for pair in wrong if check_rio(*pair) is None] == []


@pytest.mark.no_cover
def test_up_to_three_signs_changed_are_caught_and_four_may_not_be():
    """The negative control of the two above: the key is no proof, two codes may share it for one number."""
    same = [
        code for three in product(SIGNS, repeat=3) if rio_key(code := "".join(three) + "EROY4P", "0612345678") == "4TR"
    ]
    assert same == ["01PEROY4P"]
    assert check_rio("MOEFROY4P4TR", "0612345678") is None
