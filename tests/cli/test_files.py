"""Files in and out: the import, and the screens written as .csv and .xlsx."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from installflow.orders.spreadsheet.tables import write_table_csv, write_table_xlsx
from installflow.orders.terms import HEADERS

LINES = (
    HEADERS,
    ("24/11/2026", "Cabinet des Tilleuls", "HIGHCOM", *[""] * 5, "Inès", "Collecte", "relance le 24", "", "", ""),
    ("", "Garage Petit", "VIP TELECOM", "15/12/2026", "sans porta", "9H30", "Direct", "Karim", "Inès", "Bientôt",
     "", "LIVRÉ", "", "FMS 150"),
)  # fmt: skip
KEYS = {"rows", "created", "updated", "unchanged", "skipped", "absent", "conflicts", "warnings"}


def read_csv(name: str) -> list[list[str]]:
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


@pytest.fixture
def board(tmp_path) -> str:
    (tmp_path / "planning.csv").write_text("\n".join(map(";".join, LINES)), encoding="utf-8")
    return "planning.csv"


def test_an_import_answers_its_counts_and_warnings(sonia, board):
    ran = sonia("import", board, "--today", "2026-11-21", "--json")
    assert ran.code == 0, ran.err
    assert set(ran.json) == KEYS
    assert (ran.json["rows"], ran.json["created"]) == (2, 2)
    warning = next(w for w in ran.json["warnings"] if w["column"] == "STATUT")
    assert set(warning) == {"line", "column", "value", "message"}
    assert (warning["line"], warning["value"]) == (3, "Bientôt")


def test_an_import_tells_people_what_it_did(sonia, board):
    out = sonia("import", board, "--today", "2026-11-21").out
    assert "planning.csv : 2 ligne(s) lue(s)" in out
    assert "2 créée(s)" in out
    assert "⚠ ligne 3, STATUT" in out
    assert "2 inchangée(s)" in sonia("import", board, "--today", "2026-11-21").out


def test_a_trial_import_stores_nothing(sonia, cli, board):
    ran = sonia("import", board, "--today", "2026-11-21", "--dry-run")
    assert "essai : rien n'est enregistré" in ran.out
    assert cli("board", "--json").code == 4  # not even a base


def test_an_import_gives_the_file_back_with_its_remarks(sonia, board):
    ran = sonia("import", board, "--today", "2026-11-21", "--report", "remarques.xlsx")
    assert "remarques.xlsx" in ran.out
    assert "Remarques" in openpyxl.load_workbook("remarques.xlsx").sheetnames


def test_an_import_needs_somebody_who_may(cli, board):
    assert cli("import", board).code == 2
    assert cli("import", board, "--by", "Léa", "--role", "client").code == 3


@pytest.mark.parametrize("name", ["sortie.csv", "sortie.xlsx"])
def test_what_the_board_writes_reads_back_without_a_change(sonia, cli, board, name):
    sonia("import", board, "--today", "2026-11-21")
    option = "--csv" if name.endswith("csv") else "--xlsx"
    ran = cli("board", option, name, "--today", "2026-11-21")
    assert ran.out == f"2 commande(s) dans {name}\n"
    again = sonia("import", name, "--today", "2026-11-21", "--json").json
    assert (again["unchanged"], again["created"], again["updated"], again["conflicts"]) == (2, 0, 0, 0)


def test_the_board_s_files_have_the_14_headers(sonia, cli, board):
    sonia("import", board, "--today", "2026-11-21")
    assert cli("board", "--csv", "b.csv", "--xlsx", "b.xlsx", "--today", "2026-11-24", "--json").code == 0
    assert tuple(read_csv("b.csv")[0]) == HEADERS
    book = openpyxl.load_workbook("b.xlsx")
    assert tuple(cell.value for cell in book["Planning"][1]) == HEADERS
    assert "Cabinet des Tilleuls" in [cell.value for cell in book["Aujourd'hui"]["B"]]
    assert book["Alertes"].max_row > 2


def test_the_agenda_and_the_billing_are_written_too(sonia, cli, board):
    sonia("import", board, "--today", "2026-11-21")
    assert cli("agenda", "--csv", "a.csv", "--today", "2026-11-24").out == "1 rappel(s) dans a.csv\n"
    assert read_csv("a.csv")[0][:3] == ["IMPER", "ÉTAT", "CLIENT"]
    assert read_csv("a.csv")[1][:3] == ["24/11/2026", "aujourd'hui", "Cabinet des Tilleuls"]
    assert cli("billing", "--csv", "f.csv", "--xlsx", "f.xlsx").code == 0
    assert read_csv("f.csv")[1][-1] == "FMS 150"
    assert openpyxl.load_workbook("f.xlsx")["Facturation"]["A1"].value == "À FAIRE"


def test_a_table_keeps_dates_as_dates_and_formulas_as_text(tmp_path):
    rows = [("=SOMME(1;2)", dt.date(2026, 11, 21), None)]
    write_table_csv(tmp_path / "t.csv", ("A", "B", "C"), rows)
    assert read_csv(str(tmp_path / "t.csv"))[1] == ["'=SOMME(1;2)", "21/11/2026", ""]
    write_table_xlsx(tmp_path / "t.xlsx", "Table", ("A", "B", "C"), rows)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["Table"]
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", "=SOMME(1;2)")
    assert sheet["B2"].value == dt.datetime(2026, 11, 21)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_board_is_not_read_as_of_a_day_out_of_all_reason(cli, tmp_path, day):
    (tmp_path / "p.csv").write_text("CLIENT;STATUT;DATE\nGarage;New;12/01\n", "utf-8")
    ran = cli("import", str(tmp_path / "p.csv"), "--today", day, "--by", "Sonia", "--role", "planner")
    assert (ran.code, ran.out) == (2, "")
    assert "une année de 2000 à 2099" in ran.err
    assert ran.err.count("\n") == 1
