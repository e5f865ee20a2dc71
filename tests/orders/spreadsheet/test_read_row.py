"""A whole line: what it says, what it leaves unread, what does not hold together."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installflow.orders.spreadsheet import RawRow, ReadRow, Remark, cross_check, read_row
from installflow.orders.spreadsheet.typed import CELL_LIMIT, ROW_LIMIT
from installflow.orders.terms import HEADERS, Material, OrderStatus, Porta

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[..., ReadRow]

TODAY = dt.date(2026, 11, 21)


def said(remarks: tuple[Remark, ...] | list[Remark], column: str) -> str:
    return " | ".join(r.message for r in remarks if r.column == column)


def test_who_beside_the_partner_confirms(read: Read) -> None:
    assert read({"PARTENAIRE": "Entreprise Pro/BVC Orange"}).confirmer == "BVC Orange"
    assert read({"PARTENAIRE": "Entreprise Pro/BVC Orange"}).partner == "Entreprise Pro"
    waiting = {"STATUT": "Attente Parte", "COMMENTAIRES PLANIF": "attente BVC orange"}
    assert read(waiting).confirmer == "BVC Orange"
    assert read(waiting | {"STATUT": "New"}).confirmer == ""
    other = read({"PARTENAIRE": "Alpha / Beta"})
    assert (other.partner, other.confirmer) == ("Alpha", "Beta")
    assert "Beta" in said(other.remarks, "PARTENAIRE")


def test_reminders_keep_their_notes(read: Read) -> None:
    row = read({"IMPER": "26/11/2026 rappeler VIP puis 03/12/2026"})
    assert [(r.date.day, r.note) for r in row.reminders] == [(26, "rappeler VIP"), (3, "")]
    assert [(r.date.day, r.note) for r in read({"IMPER": "relance le 24/11/2026"}).reminders] == [(24, "relance le")]
    assert read({"IMPER": "46364"}).reminders[0].date == dt.date(2026, 12, 8)
    assert read({"IMPER": "31/02/2026 puis 03/12/2026"}).unread["IMPER"]


def test_several_technicians(read: Read) -> None:
    assert read({"NOM TECH": "Y.  Morvandel / B. Lauzières"}).technicians == ("Y. Morvandel", "B. Lauzières")
    assert read({"NOM TECH": "Y. Morvandel / y morvandel"}).technicians == ("Y. Morvandel",)
    assert read({"NOM TECH": "Morvandel ??"}).unread == {"NOM TECH": "Morvandel ??"}
    assert read({"NOM CP": "à confirmer"}).unread == {"NOM CP": "à confirmer"}


def test_origin_and_status_that_contradict_each_other(read: Read) -> None:
    row = read({"STATUT": "Attente tech", "TECH": "5com"})
    assert (row.status, row.suggested) == (OrderStatus.ATTENTE_TECH, OrderStatus.ATT_5COM)
    row = read({"STATUT": "Att 5COM", "TECH": "Direct"})
    assert (row.status, row.suggested) == (OrderStatus.ATT_5COM, OrderStatus.ATTENTE_TECH)
    assert "« Attente tech » est proposé" in said(row.remarks, "STATUT")
    assert read({"STATUT": "Att 5COM", "TECH": "Direct + 5com"}).suggested is None


def test_an_installation_says_all_it_lacks(read: Read) -> None:
    row = read({"STATUT": "Installation"})
    for header in ("DATE", "HEURE", "NOM TECH", "NOM CP"):
        assert f"{header} vide en Installation" in said(row.remarks, header)
    assert not said(read({"STATUT": "Staging"}).remarks, "NOM CP")


def test_reminders_overdue_or_missing(read: Read) -> None:
    assert "dépassé (20/11/2026)" in said(read({"IMPER": "20/11/2026"}).remarks, "IMPER")
    assert not said(read({"IMPER": "21/11/2026"}).remarks, "IMPER")
    assert not said(read({"IMPER": "20/11/2026", "STATUT": "Annuler"}).remarks, "IMPER")
    assert "vide en Stand BY" in said(read({"STATUT": "Stand BY"}).remarks, "IMPER")
    assert "vide" not in said(read({"STATUT": "Stand BY", "IMPER": "??"}).remarks, "IMPER")


def test_past_dates(read: Read) -> None:
    assert "clôture à confirmer" in said(read({"DATE": "12/11/2026", "STATUT": "Installation"}).remarks, "DATE")
    assert "date passée" in said(read({"DATE": "12/11/2026", "STATUT": "Staging"}).remarks, "DATE")
    assert not said(read({"DATE": "12/11/2026", "STATUT": "Annuler"}).remarks, "DATE")


def test_collecte_above_four_telephones(read: Read) -> None:
    assert "présumée" in said(read({"STATUT": "Staging", "COMMENTAIRES PLANIF": "5 postes"}).remarks, "STATUT")
    absent = {"STATUT": "Staging", "COMMENTAIRES PLANIF": "5 postes, sans collecte"}
    assert "obligatoire" in said(read(absent).remarks, "STATUT")
    for status, text in (("Staging", "4 postes"), ("Collecte", "9 postes"), ("New", "9 postes")):
        assert not said(read({"STATUT": status, "COMMENTAIRES PLANIF": text}).remarks, "STATUT")


def test_portability_against_the_other_columns(read: Read) -> None:
    late = read({"DATE": "09/12/2026", "PORTA PRÉVUE LE": "18/12/2026"})
    assert "porta après l'installation" in said(late.remarks, "PORTA PRÉVUE LE")
    told = read({"PORTA PRÉVUE LE": "17/12/2026", "COMMENTAIRES PLANIF": "porta fiabilisée au 17/12"})
    assert told.porta.state is Porta.UNKNOWN
    assert "le commentaire dit" in said(told.remarks, "PORTA PRÉVUE LE")


def test_material_without_a_parcel_number(read: Read) -> None:
    row = read({"MATÉRIEL REÇU": "ENVOYÉ"})
    assert row.material is Material.SENT
    assert "ENVOYÉ sans N° CHRONO" in said(row.remarks, "MATÉRIEL REÇU")
    assert not said(read({"MATÉRIEL REÇU": "ENVOYÉ", "N° CHRONO": "6,1E+12"}).remarks, "MATÉRIEL REÇU")


def test_a_cancellation_without_reason_or_confirmation(read: Read) -> None:
    assert "sans confirmation" in said(read({"STATUT": "Annuler"}).remarks, "STATUT")
    assert "sans motif" in said(read({"STATUT": "Annuler"}).remarks, "STATUT")


def test_a_line_without_client_is_refused_with_its_reason(read: Read) -> None:
    row = read({"CLIENT": " \u200b "})
    assert "CLIENT vide" in row.refused
    assert read({"PARTENAIRE": ""}).refused == ""


def test_what_no_store_can_keep_is_taken_out_and_said(read: Read) -> None:
    row = read({"COMMENTAIRES PLANIF": "a\x00b\ud800c", "CLIENT": "Ga\u200brage"})
    assert row.raw.cells["COMMENTAIRES PLANIF"] == "ab\ufffdc"
    assert row.client == "Garage"
    assert "contrôle" in said(row.remarks, "COMMENTAIRES PLANIF")
    assert "illisibles" in said(row.remarks, "COMMENTAIRES PLANIF")
    row.raw.cells["COMMENTAIRES PLANIF"].encode("utf-8")


def test_a_text_too_long_refuses_its_line_and_cuts_nothing(read: Read) -> None:
    long = "é" * (CELL_LIMIT // 2 + 1)
    row = read({"COMMENTAIRES PLANIF": long})
    assert "« COMMENTAIRES PLANIF » dépasse 16 Kio" in row.refused
    assert row.raw.cells["COMMENTAIRES PLANIF"] == long
    assert read({"COMMENTAIRES PLANIF": long[:-1]}).refused == ""
    half = "x" * (ROW_LIMIT // 2)
    assert "la ligne entière" in read({"COMMENTAIRES PLANIF": half, "INFOS FACTURATION": half}).refused


def test_a_formula_is_kept_as_text(read: Read) -> None:
    row = read({"INFOS FACTURATION": "=SOMME(150;36)", "COMMENTAIRES PLANIF": "- prévoir switch"})
    assert row.billing == "=SOMME(150;36)"
    assert "commençant par =" in said(row.remarks, "INFOS FACTURATION")
    assert not said(row.remarks, "COMMENTAIRES PLANIF")


def test_lines_that_meet_on_the_same_board(read: Read) -> None:
    booked = {"DATE": "14/12/2026", "HEURE": "9H", "NOM TECH": "Y. Morvandel", "NOM CP": "T. Brisquet"}
    rows = [
        read(booked, 2),
        read(booked | {"CLIENT": "garage DU PONT "}, 3),
        read(booked | {"CLIENT": "B", "HEURE": "14H", "NOM TECH": "y morvandel"}, 4),
        read(booked | {"CLIENT": "C", "STATUT": "Stand BY"}, 5),
        read(booked | {"CLIENT": "D", "DATE": "15/12/2026"}, 6),
    ]
    remarks = cross_check(rows)
    assert [(r.line, r.column) for r in remarks] == [(3, "CLIENT"), (3, "NOM TECH"), (3, "NOM CP"), (4, "NOM TECH")]
    assert "double réservation : Y. Morvandel le 14/12/2026 à 9H, déjà pris ligne 2" in remarks[1].message
    assert "technicien déjà bloqué ce jour" in remarks[3].message


def test_the_same_parcel_twice(read: Read) -> None:
    rows = [read({"N° CHRONO": "EE550187324FR"}, 2), read({"CLIENT": "B", "N° CHRONO": "ee 550187324 fr"}, 3)]
    assert [r.message for r in cross_check(rows)] == ["N° CHRONO en double : EE550187324FR est déjà ligne 2"]


SCRAPS = st.sampled_from(
    [
        "15/12/2026", "31/02", "lundi", "23 nov", " puis ", "S51", "??", "9H30", "14H 30", "5com", "Direct", " + ", "/",
        "RIO", "0KR7GH42BFE+", "01 99 00 45 10 à 19", "EE550187324FR", "6,12E+12", "confirmé par", "HIGHCOM", "porta",
        "donneur : ", "3 postes", "Installation", "Annulé", "livré le ", "\n", "\u00a0", "\x00", "\ud800", "=", "46364",
    ]
)  # fmt: skip
TYPED = st.one_of(
    st.text(st.characters(), max_size=40),  # lone surrogates and controls included
    st.lists(SCRAPS, max_size=6).map(" ".join),
    st.lists(SCRAPS, max_size=6).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.sampled_from(HEADERS), TYPED))
def test_any_line_is_read_and_no_cell_is_lost(cells: dict[str, str]) -> None:
    row = read_row(RawRow(7, cells, {"autre": "x\x00"}), TODAY)
    cross_check([row, row])
    if row.refused:
        assert [r for r in row.remarks if "CLIENT vide" in r.message]
        return
    values = {
        "IMPER": row.reminders,
        "CLIENT": row.client,
        "PARTENAIRE": row.partner,
        "DATE": row.date,
        "PORTA PRÉVUE LE": row.porta.raw,
        "HEURE": row.slot,
        "TECH": row.origins,
        "NOM TECH": row.technicians,
        "NOM CP": row.project_manager,
        "STATUT": row.status,
        "COMMENTAIRES PLANIF": row.comments,
        "MATÉRIEL REÇU": row.material,
        "N° CHRONO": row.tracking,
        "INFOS FACTURATION": row.billing,
    }
    for header, text in row.raw.cells.items():
        text.encode("utf-8")
        assert values[header] or header in row.unread or not text.strip() or header == "PARTENAIRE"
        if header in row.unread:
            assert row.unread[header] == text
            assert said(row.remarks, header)


@pytest.mark.parametrize("header", HEADERS)
def test_a_hostile_cell_is_read_at_once(header: str) -> None:
    for scrap in (
        "1",
        " ",
        "a ",
        "1/",
        "01 99 00 45 10 ",
        "RIO ",
        "3 postes ",
        "j'ai appelé ",
        "confirmé par ",
        "((",
        "à",
    ):
        row = read_row(RawRow(2, {"CLIENT": "A", header: scrap * (CELL_LIMIT // len(scrap.encode()))}), TODAY)
        assert row.raw.line == 2
