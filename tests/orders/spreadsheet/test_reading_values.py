"""Each column read alone: every spelling that can only mean one thing, and nothing guessed."""

from __future__ import annotations

import datetime as dt

import pytest

from installflow.orders.spreadsheet.choices import read_material, read_origins, read_slot, read_status
from installflow.orders.spreadsheet.dates import nearest, read_date
from installflow.orders.spreadsheet.porta import read_porta
from installflow.orders.spreadsheet.rio import rio_warnings
from installflow.orders.spreadsheet.tracking import read_tracking, s10_warning
from installflow.orders.terms import Material, OrderStatus, Origin, Porta, Slot

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("15/12/2026", "2026-12-15"),
        ("7/12/26", "2026-12-07"),
        ("07.12.2026", "2026-12-07"),
        ("07-12-2026", "2026-12-07"),
        ("2026-12-11", "2026-12-11"),
        ("2026-12-11T00:00:00", "2026-12-11"),
        ("lundi 23 nov", "2026-11-23"),
        ("Lun. 23 novembre 2026", "2026-11-23"),
        ("1er déc.", "2026-12-01"),
        ("30/11", "2026-11-30"),
        ("12/01", "2027-01-12"),
        ("25/09", "2026-09-25"),
        ("46364", "2026-12-08"),
        ("46364,0", "2026-12-08"),
        ("15/12/2026 9H30", "2026-12-15"),
        (" 15\u00a0décembre 2026 ", "2026-12-15"),
    ],
)
def test_a_date_in_any_of_its_spellings(typed: str, date: str) -> None:
    assert read_date(typed, TODAY).date == dt.date.fromisoformat(date)


@pytest.mark.parametrize(
    "typed",
    [
        "S51", "semaine 51", "à confirmer", "??", "15/12/2026 ??", "15/12/2026 ou 16/12/2026", "du 15 au 17/12/2026",
        "31/02/2026", "12/25/2026", "15/12/0206", "12345", "04.65.71.20.00", "lundi", "15/12/2026 à confirmer",
        "1/2/3/4", "99999", "٣٠/١١/٢٠٢٦",
    ],
)  # fmt: skip
def test_what_is_no_certain_date_stays_unread_with_its_reason(typed: str) -> None:
    read = read_date(typed, TODAY)
    assert read.date is None
    assert read.unread


def test_a_missing_year_is_the_nearest_not_sixty_days_back() -> None:
    assert nearest(22, 9, TODAY) == dt.date(2026, 9, 22)
    assert nearest(21, 9, TODAY) == dt.date(2027, 9, 21)
    assert nearest(29, 2, TODAY) == dt.date(2028, 2, 29)
    assert nearest(31, 2, TODAY) is None
    assert "année absente" in read_date("30/11", TODAY).notes[0]


def test_a_wrong_weekday_and_a_far_date_are_said() -> None:
    assert "est un lundi, pas un mardi" in " ".join(read_date("mardi 23 nov 2026", TODAY).notes)
    assert "très lointaine" in " ".join(read_date("15/12/2062", TODAY).notes)
    assert "matin" in " ".join(read_date("15/12/2026 matin", TODAY).notes)


def test_day_and_month_are_doubted_only_when_the_french_reading_is_implausible() -> None:
    assert "ambiguë" in " ".join(read_date("12/07/2026", TODAY).notes)
    assert read_date("07/12/2026", TODAY).notes == ()
    assert read_date("05/12/2026", TODAY).notes == ()


@pytest.mark.parametrize(
    ("typed", "slot"),
    [
        ("9H", Slot.H0900), ("9 h", Slot.H0900), ("9h00", Slot.H0900), ("09:00", Slot.H0900), ("9H30", Slot.H0930),
        ("9 H 30", Slot.H0930), ("09:30:00", Slot.H0930), ("0,395833333333333", Slot.H0930), ("10h", Slot.H1000),
        ("0.4375", Slot.H1030), ("11 h", Slot.H1100), ("14H", Slot.H1400), ("14H 30", Slot.H1430),
        ("14H30", Slot.H1430), ("15\u00a0h", Slot.H1500), ("15h30", Slot.H1530), ("15 heures 30", Slot.H1530),
    ],
)  # fmt: skip
def test_the_nine_slots_in_all_their_spellings(typed: str, slot: Slot) -> None:
    assert read_slot(typed) == (slot, "")


@pytest.mark.parametrize(
    "typed", ["12H", "16H", "13h30", "9H15", "0,5", "25H", "matin", "9", "vers 10H", "9H ou 10H", "?"]
)
def test_anything_else_is_no_slot(typed: str) -> None:
    slot, why = read_slot(typed)
    assert slot is None
    assert "choisissez 9H, 9H30" in why


@pytest.mark.parametrize(
    ("typed", "origins"),
    [
        ("Direct", (Origin.DIRECT,)), ("Direct à nous", (Origin.DIRECT,)), ("DIRECT ", (Origin.DIRECT,)),
        ("5 com", (Origin.CINQ_COM,)), ("5COM", (Origin.CINQ_COM,)), ("5com", (Origin.CINQ_COM,)),
        ("occitech", (Origin.OCCITECH,)), ("Direct + Occitech", (Origin.DIRECT, Origin.OCCITECH)),
        ("Occitech / 5 Com", (Origin.OCCITECH, Origin.CINQ_COM)),
    ],
)  # fmt: skip
def test_origins(typed: str, origins: tuple[Origin, ...]) -> None:
    assert read_origins(typed) == (origins, "")


def test_an_unknown_origin_leaves_the_cell_unread() -> None:
    assert read_origins("Direct + Telcom") == ((), "TECH inconnu « Telcom » : choisissez Direct, 5 com, Occitech")
    assert read_origins("+")[1]


@pytest.mark.parametrize("status", [s for s in OrderStatus if s is not OrderStatus.CLOTUREE])
@pytest.mark.parametrize("spelling", ["{}", "  {} ", "{} -", "{}.", "{} …"])
def test_the_labels_survive_case_blanks_and_trailing_signs(status: OrderStatus, spelling: str) -> None:
    for label in (status.label, status.label.upper(), status.label.lower(), status.label.replace(" ", "\u00a0 ")):
        assert read_status(spelling.format(label)) == (status, None, "")


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("Annulé", OrderStatus.ANNULER), ("ANNULÉE", OrderStatus.ANNULER),
        ("Attente Partenaire", OrderStatus.ATTENTE_PARTE),
        ("En attente de planif", OrderStatus.TO_PLAN), ("Att 5 COM", OrderStatus.ATT_5COM),
        ("Installation clôturée", OrderStatus.CLOTUREE), ("Installation", OrderStatus.RDV_POSE),
    ],
)  # fmt: skip
def test_other_names_of_a_status(typed: str, status: OrderStatus) -> None:
    assert read_status(typed) == (status, None, "")


def test_an_unknown_status_is_never_more_than_a_suggestion() -> None:
    assert read_status("RDV KO")[:2] == (None, OrderStatus.TO_PLAN)
    assert read_status("Stagging")[:2] == (None, OrderStatus.STAGING)
    assert read_status("Staging ?")[0] is None
    assert read_status("zzz")[:2] == (None, None)
    assert read_status(" ")[:2] == (None, OrderStatus.NEW)
    assert read_status("-")[:2] == (None, OrderStatus.NEW)


@pytest.mark.parametrize(
    ("typed", "material"),
    [
        ("ENVOYE", Material.SENT),
        ("envoyée", Material.SENT),
        ("Livré", Material.DELIVERED),
        ("LIVRE", Material.DELIVERED),
    ],
)
def test_material(typed: str, material: Material) -> None:
    assert read_material(typed) == (material, "")


def test_material_with_more_beside_it() -> None:
    assert read_material("livré le 17")[0] is Material.DELIVERED
    assert "le 17" in read_material("livré le 17")[1]
    for typed in ("En cours", "livré ?", "non livré", "livré à moitié", "oui"):
        assert read_material(typed)[0] is None


@pytest.mark.parametrize(
    ("typed", "state", "date", "operator", "remarks"),
    [
        ("sans porta", Porta.NONE, None, "", ""),
        ("Pas de porta.", Porta.NONE, None, "", ""),
        ("12/11/2026 confirmée", Porta.CONFIRMED, "2026-11-12", "", ""),
        ("fiabilisée au 17/12/2026", Porta.CONFIRMED, "2026-12-17", "", "fiabilisée au"),
        ("17/12/2026 pas confirmée", Porta.UNKNOWN, "2026-12-17", "", "pas confirmée"),
        (
            "porta le 08/12/2026 (donneur : opérateur historique)",
            Porta.UNKNOWN,
            "2026-12-08",
            "opérateur historique",
            "",
        ),
        ("à demander", Porta.TO_ASK, None, "", ""),
        ("demandée ; donneur : ABC", Porta.ASKED, None, "ABC", ""),
        ("11/12/2026 ?? à reconfirmer", Porta.UNKNOWN, "2026-12-11", "", "?? à reconfirmer"),
    ],
)
def test_portability_in_its_pieces(typed: str, state: Porta, date: str | None, operator: str, remarks: str) -> None:
    porta, _, why = read_porta(typed, TODAY)
    assert (porta.state, porta.date and porta.date.isoformat(), porta.operator, porta.remarks) == (
        state,
        date,
        operator,
        remarks,
    )
    assert porta.raw == typed
    assert not why


@pytest.mark.parametrize("typed", ["semaine 51", "01/12/2026 ou 08/12/2026", "31/11/2026", "bientôt"])
def test_a_portability_without_a_certain_date_says_so(typed: str) -> None:
    porta, _, why = read_porta(typed, TODAY)
    assert porta.date is None
    assert why
    assert porta.remarks


@pytest.mark.parametrize(
    ("text", "false"),
    [
        ("RIO 01PEROY4P4TR pour le 06 12 34 56 78", False),
        ("RIO 01peroy4p4tr / 0612345678", False),
        ("RIO : 01 P EROY4P 4TR - 06.12.34.56.78", False),
        ("RIO 01PEROY4P4TS pour le 06 12 34 56 78", True),
        ("RIO 01PEROY4P4TS", False),
        ("on garde 06 12 34 56 70, RIO 01PEROY4P4TR pour le +33 6 12 34 56 78", False),
        ("06 12 34 56 78 : RIO 01PEROY4P4TR", False),
        ("tranche 01 99 00 45 10 à 19 - RIO 0KR7GH42BFE+", False),
        ("tranche 01 99 00 45 20 à 29 - RIO 0KR7GH42BFE+", True),
        ("tranche 01 99 00 45 00 à 01 99 00 45 19 - RIO 0KR7GH42BFE+", False),
        ("RIO à demander pour le 06 12 34 56 78", False),
        ("RIO confirmation attendue 06 12 34 56 78", False),
    ],
)
def test_a_rio_is_checked_against_the_number_near_it(text: str, *, false: bool) -> None:
    assert bool(rio_warnings(text)) is false


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("XW004123875FR", ("XW004123875FR",)),
        ("ee 550 187 324 fr", ("EE550187324FR",)),
        ("XS204577162FR / XW004123878FR", ("XS204577162FR", "XW004123878FR")),
        ("XS204577162FR XW004123878FR", ("XS204577162FR", "XW004123878FR")),
        ("6A12345678901", ("6A12345678901",)),
        ("123456789012345", ("123456789012345",)),
    ],
)
def test_tracking_numbers(typed: str, numbers: tuple[str, ...]) -> None:
    assert read_tracking(typed).numbers == numbers
    assert not read_tracking(typed).unread


def test_tracking_that_is_none() -> None:
    assert "détruit par Excel" in read_tracking("6,12346E+12").unread
    assert read_tracking("6.1E+12").unread
    assert read_tracking("pas encore").unread
    assert read_tracking("XW004123875FR / à venir").numbers == ("XW004123875FR",)
    assert "à venir" in read_tracking("XW004123875FR / à venir").unread


def test_only_an_s10_number_has_a_check_digit() -> None:
    assert s10_warning("RB123456785GB") == ""
    assert "RB123456784GB devrait finir par 5GB" in s10_warning("RB123456784GB")
    assert s10_warning("6A12345678901") == ""
