"""The state of an offer as its sheets tell it: the rules in their order, and what must hold whatever they are (2.3)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installflow.openip.rollup import GONE, ORDER_LABELS, delivered_on, rolled_up
from installflow.openip.terms import FpStatus as F
from installflow.openip.terms import OcStatus as O

STATUSES = st.lists(st.sampled_from(F), max_size=6)


@pytest.mark.parametrize(
    ("sheets", "state"),
    [
        ([], O.DEPOSEE),
        ([F.NON_DEFINI, F.NON_DEFINI], O.DEPOSEE),
        ([F.NON_DEFINI, F.ANNULEE], O.EN_COURS),
        ([F.ANNULEE, F.LIVRAISON_IMPOSSIBLE], O.ANNULEE),
        ([F.RESILIEE, F.ANNULEE], O.RESILIEE),
        ([F.RESILIEE, F.EN_RESILIATION], O.EN_RESILIATION),
        ([F.LIVREE, F.EN_RESILIATION, F.ANNULEE], O.LIVREE),
        ([F.LIVREE, F.EN_COURS], O.EN_COURS),
        ([F.LIVRAISON_EN_COURS], O.EN_COURS),
    ],
)
def test_the_first_rule_that_holds(sheets: list[F], state: O):
    assert rolled_up(sheets) is state


@given(STATUSES.flatmap(lambda sheets: st.tuples(st.just(sheets), st.permutations(sheets))))
def test_their_order_does_not_matter(both: tuple[list[F], list[F]]):
    assert rolled_up(both[0]) is rolled_up(both[1])


@given(STATUSES, st.sampled_from(sorted(GONE)))
def test_a_sheet_that_is_gone_changes_nothing_unless_all_are(sheets: list[F], gone: F):
    """Rule 1 looks at all sheets: beside nothing but `Non défini`, a gone one shows that somebody took it in charge."""
    if set(sheets) - GONE - {F.NON_DEFINI}:
        assert rolled_up([*sheets, gone]) is rolled_up(sheets)
    if not set(sheets) - GONE:
        assert rolled_up([*sheets, gone]) is O.ANNULEE


@given(STATUSES)
def test_one_more_delivered_keeps_delivered(sheets: list[F]):
    if rolled_up(sheets) is O.LIVREE:
        assert rolled_up([*sheets, F.LIVREE]) is O.LIVREE


@given(STATUSES, st.integers(1, 4))
def test_how_many_there_are_of_each_does_not_matter(sheets: list[F], times: int):
    assert rolled_up(sheets * times) is rolled_up(sheets)


def test_an_offer_is_delivered_with_the_last_of_its_sheets():
    first, last = dt.date(2026, 3, 1), dt.date(2026, 3, 9)
    assert delivered_on([(F.LIVREE, first), (F.LIVREE, last), (F.ANNULEE, dt.date(2027, 1, 1))]) == last
    assert delivered_on([(F.LIVREE, first), (F.EN_COURS, last)]) is None
    assert delivered_on([(F.LIVREE, None)]) is None


def test_an_order_is_called_by_the_word_that_was_seen():
    assert ORDER_LABELS[rolled_up([F.EN_COURS])] == "Commande en cours"
