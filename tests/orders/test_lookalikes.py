"""Whose names may be one person's: never two whole first names, whatever the order, the case and the accents."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installflow.orders.lookalikes import Technicians, alike
from installflow.orders.visit import Visit

FIRST = st.sampled_from(["Yves", "Yann", "Zoé", "Karim", "Jean", "Chloé"])
LAST = st.sampled_from(["Morvandel", "Durand", "Le Goff", "Benaïssa"])
DAY = dt.date(2026, 12, 24)


@st.composite
def people(draw):
    """A first name, a surname, and one way to spell them."""
    first, last = draw(FIRST), draw(LAST)
    short = draw(st.sampled_from([first, first.upper(), f"{first[0]}.", first[0].lower(), ""]))
    words = draw(st.permutations([short, draw(st.sampled_from([last, last.upper(), last.lower()]))]))
    return first, last, short, " ".join(filter(None, words))


@given(people(), people())
def test_it_goes_both_ways_and_asks_for_one_surname_and_no_other_first_name(one, other):
    (first, last, short, name), (others_first, others_last, others_short, others_name) = one, other
    assert alike(name, others_name) is alike(others_name, name)
    if last != others_last or (len(short) > 2 and len(others_short) > 2 and first != others_first):
        assert not alike(name, others_name)


@given(people(), st.permutations(["Morvandel", "Yves"]))
def test_a_name_is_not_like_itself(person, words):
    assert not alike(person[3], person[3].upper())
    assert not alike(" ".join(words), " ".join(words).casefold())


@given(FIRST, LAST)
def test_every_spelling_of_a_person_is_like_every_other(first, last):
    spellings = [f"{first[0]}. {last}", f"{first} {last.upper()}", f"{last} {first[0]}.", last]
    for one in spellings:
        assert [alike(one, other) for other in spellings] == [other != one for other in spellings]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("JP Martin", "Jean-Pierre Martin", True),
        ("J.-P. Martin", "Jean Pierre MARTIN", True),
        ("Chr. Durand", "Christian Durand", True),
        ("Mme Durand", "Zoé Durand", True),
        ("Le Goff", "Le Bris", False),
        ("Y. Le Goff", "A. Le Goff", False),
        ("Y. Morvandel", "Y. Durand", False),
        ("Paul Martin", "Martin Durand", False),
        ("Tech 1", "Tech 2", False),
        ("?", "Durand", False),
        (" ".join("abcdefghijklmnop") + " Durand", " ".join("qrstuvwxyzabcdef") + " Durand", False),
    ],
)
def test_what_counts_as_alike(one, other, expected):
    assert alike(one, other) is expected


def test_the_clients_of_a_day_are_named_but_not_all_of_them():
    visit = Visit(date=DAY, technicians=("Y. Morvandel",), booked=True)
    orders = [(UUID(int=number), f"Client {number}", visit) for number in range(1, 8)]
    mine = Visit(date=DAY, technicians=("Yves MORVANDEL",), booked=True)
    told = Technicians([*orders, (UUID(int=9), "Le mien", mine)]).told(UUID(int=9), Visit(), mine)
    (sentence,) = told
    assert sentence == (
        "Yves MORVANDEL ressemble à Y. Morvandel, qui est pris le 24/12/2026 (Client 1, Client 2, Client 3, Client 4, "
        "Client 5 et 2 de plus) : si c'est la même personne, écrire le même nom"
    )
