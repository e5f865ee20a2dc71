"""The portal's words for nothing, its dates, its durations: to the letter, or not at all."""

from __future__ import annotations

import datetime as dt

import pytest

from installflow.openip.unread import Unread
from installflow.openip.values import (
    is_nothing,
    is_reference,
    read_day,
    read_duration,
    read_moment,
    read_yes_no,
    write_day,
    write_moment,
)


@pytest.mark.parametrize("word", ["Aucun", "Aucune", "AUCUN", " aucune "])
def test_aucun_is_nothing_everywhere(word: str):
    assert is_nothing(word)


def test_the_other_words_for_nothing_belong_to_their_field():
    assert is_nothing("Aucune taxation", of="taxation")
    assert is_nothing("Aucun service", of="service")
    assert is_nothing("Pas encore livrée", delivery=True)
    assert not is_nothing("Aucun service", of="taxation")
    assert not is_nothing("Pas encore livrée")
    assert not is_nothing("Aucun souci")
    assert not is_nothing("")


def test_a_day_is_read_with_or_without_its_hour():
    assert (
        read_day("22/07/2020") == read_day("22/07/2020 - 12:10") == read_day("22/07/2020 12:10") == dt.date(2020, 7, 22)
    )


@pytest.mark.parametrize("text", ["22/07/2020 - 12:10", "22/07/2020 12:10", "22/07/2020  -  12:10"])
def test_a_moment_is_read_in_both_shapes(text: str):
    assert read_moment(text) == dt.datetime(2020, 7, 22, 12, 10)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7/22/2020",
        "22/7/2020",
        "22/07/20",
        "2020-07-22",
        "31/02/2020",
        "22/07/1820",
        "22 juillet 2020",
        "22/07/2020 soir",
        "22/07/2020 25:10",
        "demain",
        "٢٢/٠٧/٢٠٢٠",
    ],
)
def test_a_day_that_is_not_certain_is_not_read(text: str):
    if text == "22/07/2020 25:10":
        with pytest.raises(Unread, match="horloge"):
            read_moment(text)
        return
    with pytest.raises(Unread):
        read_day(text)


def test_a_day_alone_is_no_moment():
    with pytest.raises(Unread, match="avec son heure"):
        read_moment("22/07/2020")


def test_days_and_moments_are_written_as_the_portal_does():
    assert write_day(dt.date(2020, 7, 2)) == "02/07/2020"
    assert write_day(None) == "Pas encore livrée"
    assert write_moment(dt.datetime(2020, 9, 4, 14, 45)) == "04/09/2020 14:45"


def test_yes_and_no():
    assert read_yes_no("Oui") is True
    assert read_yes_no("non") is False
    with pytest.raises(Unread):
        read_yes_no("Peut-être")


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("1 mois", (1, "mois")),
        ("36 Mois", (36, "mois")),
        ("1 an", (1, "an")),
        ("3 années", (3, "an")),
        ("90 jours", (90, "jour")),
        ("2 semaines", (2, "semaine")),
    ],
)
def test_a_duration_is_a_count_and_a_unit(text: str, duration: tuple[int, str]):
    assert read_duration(text) == duration


@pytest.mark.parametrize("text", ["un mois", "1", "mois", "1,5 mois", "1 mois et demi", "12345 mois"])
def test_another_duration_is_not_read(text: str):
    with pytest.raises(Unread, match="durée"):
        read_duration(text)


def test_the_shape_of_a_reference():
    assert all(map(is_reference, ["OC", "OC204817", "COM155756", "FPC872", "CFP8", "OFO"]))
    assert not any(map(is_reference, ["", "OPI-205", "Commande", "OC 12 bis"]))
