"""The sample board, in its three formats, against what was expected of it by hand."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from installflow.orders.spreadsheet import ReadRow, Remark, cross_check, read_board, read_row, says_we_called
from installflow.orders.terms import OrderStatus, key_of

BOARDS = Path(__file__).parents[2] / "data" / "board"
TODAY = dt.date(2026, 11, 21)
EXPECTED: list[dict[str, Any]] = json.loads((BOARDS / "planning_expected.json").read_text("utf-8"))
FILES = ("planning.csv", "planning_cp1252.csv", "planning.xlsx")

# What each expected warning must say, and of which column.
WARNINGS = {
    "porta non confirmée": ("PORTA PRÉVUE LE", "porta non confirmée"),
    "report 14/12 en commentaire": ("PORTA PRÉVUE LE", "report 14/12 en commentaire"),
    "IMPER vide en Stand BY": ("IMPER", "IMPER vide en Stand BY"),
    "date passée : clôture à confirmer": ("DATE", "date passée : clôture à confirmer"),
    "annulation sans confirmation du partenaire": ("STATUT", "annulation sans confirmation du partenaire"),
    "ENVOYÉ sans N° CHRONO": ("MATÉRIEL REÇU", "ENVOYÉ sans N° CHRONO"),
    "LIVRÉ sans N° CHRONO": ("MATÉRIEL REÇU", "LIVRÉ sans N° CHRONO"),
    "TECH=5COM mais statut Attente tech": ("STATUT", "mais statut Attente tech"),
    "clé S10 du N° CHRONO fausse": ("N° CHRONO", "clé S10 du N° CHRONO fausse"),
    "double réservation Y. Morvandel 2026-12-07 15:30": ("NOM TECH", "Y. Morvandel le 07/12/2026 à 15H30"),
    "jour férié (Noël)": ("DATE", "jour férié (Noël)"),
    "jour férié (Armistice)": ("DATE", "jour férié (Armistice)"),
    "samedi": ("DATE", "samedi"),
    "dimanche": ("DATE", "dimanche"),
    "HEURE 12H hors créneaux": ("HEURE", "HEURE 12H hors créneaux"),
    "HEURE 16H hors créneaux": ("HEURE", "HEURE 16H hors créneaux"),
    "NOM CP vide en Installation": ("NOM CP", "NOM CP vide en Installation"),
    "DATE imprécise (semaine 51)": ("DATE", "DATE imprécise « S51 »"),
    "HEURE imprécise": ("HEURE", "HEURE imprécise"),
    "DATE non datée": ("DATE", "DATE non datée"),
    "porta après l'installation": ("PORTA PRÉVUE LE", "porta après l'installation"),
    "IMPER dépassé": ("IMPER", "IMPER dépassé"),
    "Collecte obligatoire (> 4 téléphones) absente": ("STATUT", "Collecte obligatoire (> 4 téléphones) absente"),
    "doublon possible de la 1re ligne": ("CLIENT", "doublon possible de la ligne 2"),
    "statut inconnu « RDV KO »": ("STATUT", "statut inconnu « RDV KO »"),
    "STATUT vide": ("STATUT", "STATUT vide"),
    "PARTENAIRE vide": ("PARTENAIRE", "PARTENAIRE vide"),
    "clé RIO fausse": ("COMMENTAIRES PLANIF", "clé RIO fausse"),
    "PORTA sans année": ("PORTA PRÉVUE LE", "année absente"),
    "technicien déjà bloqué ce jour": ("NOM TECH", "technicien déjà bloqué ce jour"),
    "cellule commençant par = (injection de formule)": ("INFOS FACTURATION", "cellule commençant par ="),
    "N° CHRONO en double": ("N° CHRONO", "N° CHRONO en double"),
    "date ambiguë 12/07": ("DATE", "date ambiguë 12/07"),
    "deux techniciens": ("NOM TECH", "deux techniciens"),
    "deux N° CHRONO": ("N° CHRONO", "deux N° CHRONO"),
    "date passée": ("DATE", "date passée"),
    "MATÉRIEL REÇU inconnu « En cours »": ("MATÉRIEL REÇU", "MATÉRIEL REÇU inconnu « En cours »"),
}


class Sample:
    def __init__(self, name: str) -> None:
        self.name = name
        self.board = read_board(BOARDS / name)
        self.rows = {raw.line: read_row(raw, TODAY) for raw in self.board.rows}
        self.remarks: list[Remark] = [r for row in self.rows.values() for r in row.remarks]
        self.remarks += cross_check(self.rows.values())


@pytest.fixture(scope="module", params=FILES)
def sample(request: pytest.FixtureRequest) -> Sample:
    return Sample(request.param)


def test_every_line_is_either_read_or_skipped_with_its_reason(sample: Sample) -> None:
    skipped = {s.line: s.reason for s in sample.board.skipped}
    assert skipped == {e["line"] + 1: e["skip"] for e in EXPECTED if "skip" in e}
    assert set(sample.rows) == {e["line"] + 1 for e in EXPECTED if "skip" not in e}
    assert not [row for row in sample.rows.values() if row.refused]


@pytest.mark.parametrize("expected", [e for e in EXPECTED if "skip" not in e], ids=lambda e: f"line{e['line'] + 1}")
def test_a_line_is_read_as_expected(sample: Sample, expected: dict[str, Any]) -> None:
    row = sample.rows[expected["line"] + 1]
    said = [(r.column, r.message) for r in sample.remarks if r.line == row.raw.line]
    assert row.client == expected["client"].strip()
    assert key_of(row.partner) == key_of(expected.get("partenaire", ""))
    assert (row.status.label if row.status else None) == expected["statut"]
    assert (row.date and row.date.isoformat()) == expected.get("date")
    for key in READERS.keys() & expected.keys():
        assert READERS[key](row) == expected[key], key
    for warning in expected.get("warn", []):
        if warning == "N° CHRONO détruit par Excel":
            # The workbook still has the digits that its own CSV export destroys.
            text = "vérifiez ses chiffres" if sample.name.endswith("xlsx") else warning
            assert [m for c, m in said if c == "N° CHRONO" and text in m]
        elif warning == "contact direct d'un client VIP TELECOM":
            assert says_we_called(row.comments)
        else:
            column, text = WARNINGS[warning]
            assert [m for c, m in said if c == column and text in m], f"{warning}: {said}"
    if expected.get("chrono_ok") or expected.get("rio_ok"):
        assert not [m for _, m in said if "clé" in m]


# What each key of an expectation asks of the row. A key left out says nothing: line 6 has a reminder, its
# expectation does not mention it.
READERS: dict[str, Callable[[ReadRow], object]] = {
    "imper": lambda row: [r.date.isoformat() for r in row.reminders],
    "porta_date": lambda row: row.porta.date and row.porta.date.isoformat(),
    "phones": lambda row: row.phones,
    "heure": lambda row: row.slot and row.slot.value,
    "tech": lambda row: "+".join(o.label for o in row.origins).replace("5 com", "5COM"),
    "materiel": lambda row: row.material and row.material.label,
    "suggest": lambda row: row.suggested and row.suggested.label,
    "sub": lambda row: "cloturee?" if row.suggested is OrderStatus.CLOTUREE else "rdv_pose",
    "awaiting": lambda row: row.confirmer,
    "contact_client": lambda row: says_we_called(row.comments),
    "motif": lambda row: row.cancel_reason,
    "partner_confirmed": lambda row: row.cancel_confirmed,
}


def test_the_three_files_say_the_same() -> None:
    first, *others = [Sample(name).rows for name in FILES]
    for rows in others:
        for line, row in rows.items():
            if first[line].tracking == row.tracking:  # but for the number that Excel destroyed in the CSV files
                assert (row.client, row.date, row.slot, row.status) == (
                    first[line].client,
                    first[line].date,
                    first[line].slot,
                    first[line].status,
                )


def test_the_shipped_example_is_this_board() -> None:
    examples = BOARDS.parents[2] / "examples"
    assert read_board(examples / "planning.csv").rows == read_board(BOARDS / "planning.csv").rows
    assert read_board(examples / "planning.xlsx").rows == read_board(BOARDS / "planning.xlsx").rows
