from __future__ import annotations

import datetime as dt

import pytest

from installflow.orders.spreadsheet import says_we_called
from installflow.orders.spreadsheet.comments import cancel_reason, partner_confirmed, postponed_to, read_phones


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("3 postes T46 + 1 base DECT", 3),
        ("8 postes - formulaire", 8),
        ("12 postes + 2 bornes. switch 24 ports", 12),
        ("22 téléphones, collecte pas faite", 22),
        ("4 postes et 2 combinés DECT", 6),
        ("cinq postes", 5),
        ("tél. régie 01 99 00 73 20", None),
        ("01 99 00 73 20 postes", None),
        ("100 SDA, 2 techs, 2 jours", None),
        ("poste 12 en panne", None),
        ("RDV le 12/12 postes à prévoir", None),
        ("", None),
    ],
)
def test_telephones_are_counted_and_nothing_else(text: str, count: int | None) -> None:
    assert read_phones(text).count == count


def test_two_counts_of_the_same_thing_are_not_added_up() -> None:
    phones = read_phones("6 postes commandés, finalement 4 postes")
    assert phones.count is None
    assert "« 6 postes », « 4 postes »" in phones.message
    assert read_phones("6 postes. Rappel : 6 postes").count == 6


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("j'ai appelé le client pour confirmer", True),
        ("On a eu le client au tel", True),
        ("Nous avons contacté la cliente", True),
        ("RDV confirmé par mail avec le client", True),
        ("client rappelé le 12", True),
        ("NE PAS APPELER LE CLIENT", False),
        ("le client a appelé", False),
        ("le client nous a rappelés", False),
        ("VIP doit confirmer la date avec le client", False),
        ("VIP confirme au client -> on n'a pas le droit de les contacter", False),
        ("", False),
    ],
)
def test_whether_we_called_the_client(text: str, *, called: bool) -> None:
    assert says_we_called(text) is called


def test_why_an_order_was_cancelled() -> None:
    assert cancel_reason("Perte du contrat, confirmé par Highcom") == "perte du contrat"
    assert cancel_reason("le client ne veut plus") == "changement d'avis du client"
    assert cancel_reason("RAS") == ""


def test_whether_the_partner_confirmed() -> None:
    assert partner_confirmed("confirmé par Highcom le 16/11", "HIGHCOM")
    assert partner_confirmed("annulation confirmée par le partenaire", "HIGHCOM")
    assert not partner_confirmed("confirmé par le client", "HIGHCOM")
    assert not partner_confirmed("pas confirmé par Highcom", "HIGHCOM")
    assert not partner_confirmed("à confirmer par Highcom", "HIGHCOM")
    assert not partner_confirmed("confirmé par Highcomique", "HIGHCOM")


def test_a_postponement_needs_a_date() -> None:
    today = dt.date(2026, 11, 21)
    assert postponed_to("demande report au 14/12", today) == dt.date(2026, 12, 14)
    assert postponed_to("porta décalée au 18 par l'opérateur", today) is None
