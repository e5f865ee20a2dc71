"""Portability: the legal delays on both sides of each date, the numbers, and sentences with a way forward."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installflow.openip.portability import (
    DELAYS,
    LONGEST_INTERRUPTION,
    RIO_RULES,
    Delay,
    Step,
    delay_on,
    earliest_portability,
    installation_gap,
    missing_rio,
    number_warnings,
    quarantine_end,
    quarantine_warning,
    rio_rule_on,
    too_early,
)

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2032, 1, 1))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("asked", "business", "saturday", "earliest"),
    [
        ("2026-12-21", True, False, "2026-12-31"),  # over Christmas
        ("2026-12-21", True, True, "2026-12-30"),
        ("2026-12-31", True, False, "2027-01-12"),  # over New Year's day
        ("2027-03-24", True, False, "2027-04-05"),  # over Easter Monday, 29/03
        ("2027-03-24", True, True, "2027-04-02"),
        ("2027-06-30", True, False, "2027-07-09"),  # the last day of the 7 days
        ("2027-06-30", True, True, "2027-07-08"),
        ("2027-07-01", True, False, "2027-07-06"),  # the first day of the 3 days
        ("2027-07-01", True, True, "2027-07-05"),
        ("2028-02-25", True, False, "2028-03-01"),  # over the leap day, a Tuesday
        ("2028-02-29", True, False, "2028-03-03"),
        ("2026-12-19", True, False, "2026-12-30"),  # asked for on a Saturday
        ("2026-12-21", False, False, "2026-12-24"),  # a consumer
        ("2026-12-22", False, False, "2026-12-28"),
        ("2026-12-22", False, True, "2026-12-26"),
        ("2010-01-04", True, False, "2010-01-13"),  # before the oldest rule known
    ],
)
def test_the_first_day_the_law_gives(asked: str, *, business: bool, saturday: bool, earliest: str):
    assert earliest_portability(day(asked), business=business, saturday=saturday) == day(earliest)


def test_the_delays_are_the_sum_of_their_steps_and_say_where_they_come_from():
    assert [(one.since, one.business, one.days) for one in DELAYS] == [
        (day("2013-06-25"), False, 3),
        (day("2013-06-25"), True, 7),
        (day("2027-07-01"), True, 3),
    ]
    assert all(one.source and all(step.what for step in one.steps) for one in DELAYS)
    assert [step.days for step in delay_on(day("2026-12-21")).steps] == [0, 6, 1]
    assert dt.timedelta(hours=4) == LONGEST_INTERRUPTION


def test_a_rule_more_is_one_line_more_whatever_its_place():
    between = replace(DELAYS[1], since=day("2027-01-01"), steps=(Step("réponse", 4), Step("portage", 1)))
    delays = (between, *DELAYS)
    assert [delay_on(day(one), delays=delays).days for one in ("2026-12-31", "2027-01-01", "2027-07-01")] == [7, 5, 3]
    contract = (Delay(day("2020-01-01"), business=True, steps=(Step("convenu", 10),), source="contrat OpenIP"),)
    assert earliest_portability(day("2026-11-23"), delays=contract) == day("2026-12-07")
    assert "10 jours ouvrés" in str(too_early(day("2026-12-04"), day("2026-11-23"), delays=contract))


@given(DAYS, st.booleans(), st.booleans())
def test_the_first_day_itself_is_early_enough_and_the_one_before_is_not(asked: dt.date, business: bool, saturday: bool):
    earliest = earliest_portability(asked, business=business, saturday=saturday)
    assert asked < earliest <= earliest_portability(asked, business=business)
    assert too_early(earliest, asked, business=business, saturday=saturday) is None
    assert too_early(earliest - dt.timedelta(days=1), asked, business=business, saturday=saturday)


def test_too_early_says_from_when():
    assert too_early(day("2026-12-28"), day("2026-12-21")) == (
        "portabilité voulue le 28/12/2026, plus tôt que le délai légal (7 jours ouvrés après la demande du 21/12/2026)"
        " : demandez le 31/12/2026 ou plus tard, ou faites confirmer cette date par OpenIP"
    )
    assert too_early(day("2026-12-31"), day("2026-12-21")) is None
    assert "7 jours ouvrables" in str(too_early(day("2026-12-28"), day("2026-12-21"), saturday=True))
    assert "avant la demande du 21/12/2026" in str(too_early(day("2026-12-20"), day("2026-12-21")))


@pytest.mark.parametrize(
    ("portability", "says"),
    [
        ("2027-04-14", None),
        ("2027-04-16", "2 jours après l'installation du 14/04/2027 : demandez le même jour"),
        ("2027-04-13", "1 jour avant l'installation du 14/04/2027 : demandez un report"),
    ],
)
def test_portability_and_installation_on_two_days(portability: str, says: str | None):
    gap = installation_gap(day(portability), day("2027-04-14"))
    assert gap is says or (says is not None and says in str(gap))


@pytest.mark.parametrize(
    ("asked", "grouped", "since"),
    [
        ("2025-06-30", False, None),
        ("2025-07-01", False, "2025-07-01"),
        ("2027-06-30", True, None),
        ("2027-07-01", True, "2027-07-01"),
        ("2027-07-01", False, "2025-07-01"),
    ],
)
def test_when_a_business_needs_a_rio(asked: str, *, grouped: bool, since: str | None):
    rule = rio_rule_on(day(asked), grouped=grouped)
    assert (rule and rule.since) == (since and day(since))
    assert all(rule.source for rule in RIO_RULES)


def test_a_consumer_needs_a_rio_for_each_number():
    assert rio_rule_on(day("2024-01-01"), grouped=False, business=False) is not None
    assert rio_rule_on(day("2024-01-01"), grouped=True, business=False) is not None


@pytest.mark.parametrize(
    ("asked", "grouped", "says"),
    [
        ("2026-11-21", False, "RIO obligatoire depuis le 01/07/2025 pour un numéro isolé : demandez-le à l'opérateur"),
        ("2027-07-01", True, "RIO obligatoire depuis le 01/07/2027 pour des numéros groupés : demandez-le"),
        ("2026-11-21", True, "joignez la liste complète des SDA et la tête de ligne (NDI)"),
        ("2025-01-10", False, "donnez-le si le client l'a"),
    ],
)
def test_without_a_rio_the_planner_reads_what_to_do(asked: str, *, grouped: bool, says: str):
    assert says in missing_rio(day(asked), grouped=grouped)


@pytest.mark.parametrize(
    ("terminated", "end"),
    [("2026-11-21", "2026-12-31"), ("2028-01-25", "2028-03-05"), ("2027-01-25", "2027-03-06")],
)
def test_the_quarantine_is_of_forty_calendar_days(terminated: str, end: str):
    assert quarantine_end(day(terminated)) == day(end)
    assert "faites annuler la résiliation" in str(quarantine_warning(day(terminated), day(end)))
    assert "prévoyez de nouveaux numéros" in str(quarantine_warning(day(terminated), day(end) + dt.timedelta(days=1)))
    assert quarantine_warning(day(terminated), day(terminated)) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("08 00 12 34 56", ["08 00 12 34 56 : numéro de service"]),
        ("le 3179", []),
        ("3179", ["3179 : numéro de service"]),
        ("06 12 34 56 78", ["06 12 34 56 78 : numéro mobile"]),
        ("06 92 12 34 56", ["06 92 12 34 56 : numéro mobile", "06 92 12 34 56 : numéro de La Réunion"]),
        ("tranche 05 96 50 12 00 à 09", ["05 96 50 12 00 à 05 96 50 12 09 : numéro de la Martinique"]),
        ("09 76 12 34 56", ["09 76 12 34 56 : numéro d'outre-mer"]),
        ("06 39 98 00 00", ["06 39 98 00 00 : numéro d'aucune tranche attribuée"]),
        (
            "01 99 00 99 90 à 06 39 11 99 90, 06 39 11 99 90 à 06 39 12 00 10",
            [
                "06 39 11 99 90 : numéro mobile",
                "06 39 11 99 90 : numéro de Mayotte",
                "06 39 11 99 90 à 06 39 12 00 10 : numéro mobile",
                "06 39 11 99 90 à 06 39 12 00 10 : numéro de Mayotte",
                "06 39 12 00 10 : numéro d'aucune tranche attribuée",
            ],
        ),
        ("01 99 00 45 10 à 19, et le 08 00 12 34 56", ["08 00 12 34 56 : numéro de service"]),
        ("08 00 12 34 56, je répète 08 00 12 34 56", ["08 00 12 34 56 : numéro de service"]),
    ],
)
def test_numbers_that_are_not_ported_so(text: str, says: list[str]):
    warnings = number_warnings(text)
    if not says:
        (warning,) = warnings
        assert "aucun numéro français lu" in warning
        return
    assert len(warnings) == len(says)
    for warning, start in zip(warnings, says, strict=True):
        assert warning.startswith(start)
        assert " ; " in warning, "a way forward follows"


@pytest.mark.parametrize("text", ["01 99 00 45 10", "tranche 01 99 00 45 10 à 19", "09 77 12 34 56 / 02 61 91 00 00"])
def test_fixed_numbers_of_the_metropole_are_ported(text: str):
    assert number_warnings(text) == []


@pytest.mark.parametrize("text", ["", "numéro à confirmer", "x" * 100_000])
def test_no_number_says_how_to_write_one(text: str):
    (warning,) = number_warnings(text)
    assert "écrivez-le comme 01 99 00 45 10" in warning
    assert len(warning) < 250
