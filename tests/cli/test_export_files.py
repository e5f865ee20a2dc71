"""A planner's own file out and in again: columns of their own, a file that is not ours, a board of some orders."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from installflow.orders.terms import HEADERS
from tests.cli.test_files import read_csv

DAY = ("--today", "2026-11-21")
OWN = ("Tél. client", "Accès", "=Zone")
LINES = (
    (*HEADERS, *OWN),
    ("", "Cabinet des Tilleuls", "HIGHCOM", *[""] * 6, "New", *[""] * 4, "01 02 03 04 05", "", "=A1"),
    ("", "Garage Petit", "VIP TELECOM", *[""] * 6, "New", *[""] * 4, "", "code « 12 »\ncour", ""),
)


@pytest.fixture
def board(sonia) -> str:
    book = openpyxl.Workbook()
    for line in LINES:
        book.worksheets[0].append(line)
    book.save("planning.xlsx")
    assert sonia("import", "planning.xlsx", *DAY).code == 0
    return "planning.xlsx"


@pytest.mark.parametrize("name", ["b.csv", "b.xlsx"])
def test_the_planners_own_columns_come_out_after_the_14_and_in_again(sonia, cli, board, name):
    assert cli("board", f"--{name[2:]}", name, *DAY).code == 0
    if name == "b.csv":
        assert read_csv(name) == [[*HEADERS, "Tél. client", "'=Zone", "Accès"], *read_csv(name)[1:]]
        assert read_csv(name)[1][-3:] == ["01 02 03 04 05", "'=A1", ""]
    else:
        sheet = openpyxl.load_workbook(name)["Planning"]
        assert [cell.value for cell in sheet[1]] == [*HEADERS, "Tél. client", "=Zone", "Accès"]
        assert sheet.auto_filter.ref == "A1:Q3"
    again = sonia("import", name, *DAY, "--json").json
    assert (again["unchanged"], again["updated"], again["created"]) == (2, 0, 0)


def test_an_older_export_does_not_revert_a_column_of_the_planners(sonia, cli, board):
    cli("board", "--xlsx", "old.xlsx", *DAY)
    book = openpyxl.load_workbook(board)
    book.worksheets[0]["O2"] = "09 99 99 99 99"
    book.save("new.xlsx")
    assert sonia("import", "new.xlsx", *DAY, "--json").json["updated"] == 1
    assert sonia("import", "old.xlsx", *DAY, "--json").json["unchanged"] == 2
    book = openpyxl.load_workbook("old.xlsx")
    book["Planning"]["Q2"] = "digicode"
    book.save("old.xlsx")
    assert sonia("import", "old.xlsx", *DAY, "--json").json["updated"] == 1
    (row,) = cli("board", "--search", "Tilleuls", "--json").json
    assert (row["raw"]["Tél. client"], row["raw"]["Accès"]) == ("09 99 99 99 99", "digicode")


def test_the_base_settles_the_planners_own_columns_too(sonia, cli, board):
    cli("board", "--csv", "sent.csv", *DAY)
    Path("back.csv").write_bytes(Path("sent.csv").read_bytes().replace(b"HIGHCOM", b"highcom"))
    book = openpyxl.load_workbook(board)
    book.worksheets[0]["O2"] = "09 99 99 99 99"
    book.save("new.xlsx")
    sonia("import", "new.xlsx", *DAY)
    assert sonia("import", "back.csv", "--base", "sent.csv", *DAY).code == 0
    (row,) = cli("board", "--search", "Tilleuls", "--json").json
    assert row["raw"]["Tél. client"] == "09 99 99 99 99"


@pytest.mark.parametrize(
    ("command", "option", "name"),
    [("board", "--xlsx", "planning.xlsx"), ("board", "--csv", "mine.csv"), ("agenda", "--csv", "mine.csv"),
     ("billing", "--xlsx", "planning.xlsx"), ("board", "--xlsx", "broken.xlsx")],
)  # fmt: skip
def test_a_file_that_is_no_export_is_kept(cli, board, command, option, name):
    Path("mine.csv").write_text("CLIENT;STATUT\nGarage;New\n", "utf-8")
    Path("broken.xlsx").write_bytes(Path(board).read_bytes().replace(b"docProps", b"docPropz"))
    before = Path(name).read_bytes()
    ran = cli(command, option, name)
    assert (ran.code, ran.out) == (2, "")
    assert f"« {name} » existe déjà et n'est pas un export d'installflow" in ran.err
    assert Path(name).read_bytes() == before
    assert cli(command, option, name, "--force").code == 0
    assert Path(name).read_bytes() != before
    assert cli(command, option, name).code == 0


def test_no_file_is_written_when_one_of_two_is_somebody_s(cli, board):
    assert cli("board", "--csv", "new.csv", "--xlsx", board).code == 2
    assert not Path("new.csv").exists()


def test_an_empty_file_and_an_export_that_was_edited_may_be_replaced(cli, board):
    Path("e.csv").touch()
    assert cli("board", "--csv", "e.csv", "--xlsx", "e.xlsx").code == 0
    book = openpyxl.load_workbook("e.xlsx")
    book.properties.creator = "Sonia"
    book.save("e.xlsx")
    assert cli("board", "--csv", "e.csv", "--xlsx", "e.xlsx").code == 0


def test_what_may_never_be_replaced_is_said_as_ever(cli, board):
    Path("folder").mkdir()
    ran = cli("board", "--csv", "folder")
    assert ran.code == 2
    assert "est un dossier" in ran.err


@pytest.mark.parametrize("some", [("--partner", "HIGHCOM"), ("--limit", "1")])
def test_an_export_of_some_orders_tells_no_other_absent(sonia, cli, board, some):
    cli("board", "--xlsx", "some.xlsx", *some)
    assert sonia("import", "some.xlsx", *DAY, "--json").json["absent"] == 0
    cli("board", "--xlsx", "some.xlsx", "--sort", "-CLIENT")
    book = openpyxl.load_workbook("some.xlsx")
    book["Planning"].delete_rows(2)
    book.save("some.xlsx")
    assert sonia("import", "some.xlsx", *DAY, "--json").json["absent"] == 1


def test_a_line_cut_from_an_export_of_some_orders_is_absent(sonia, cli, board):
    cli("board", "--xlsx", "some.xlsx", "--partner", "HIGHCOM")
    book = openpyxl.load_workbook("some.xlsx")
    book["Planning"]["B2"], book["Planning"]["C2"] = "Nouveau client", "Entreprise Pro"
    book["Planning"]["O2"] = book["Planning"]["P2"] = None
    book["Planning"]["K2"], book["Planning"]["N2"] = "autre chose", "devis"
    book.save("some.xlsx")
    assert sonia("import", "some.xlsx", *DAY, "--dry-run", "--json").json["absent"] == 1


def test_people_read_the_row_excel_shows_and_the_sheet_where_there_are_several(sonia):
    book = openpyxl.Workbook()
    first, second, hidden = book.worksheets[0], book.create_sheet("Terminés"), book.create_sheet("Archive")
    for line in (["PLANNING"], [], ["CLIENT", "STATUT"], ["Garage", "??"], ["Garage", "New"]):
        first.append(line)
    for sheet in (second, hidden):
        sheet.append(["CLIENT", "STATUT"])
        sheet.append(["Hôtel", "??"])
    hidden.sheet_state = "hidden"
    book.save("p.xlsx")
    ran = sonia("import", "p.xlsx", *DAY, "--dry-run")
    assert "⚠ ligne 4 de « Sheet », STATUT" in ran.out
    assert "⚠ ligne 2 de « Terminés », STATUT" in ran.out
    assert "⚠ feuille « Archive » : feuille masquée, non lue" in " ".join(ran.out.split())
    assert "doublon possible de la ligne 4" in ran.out
    told = sonia("import", "p.xlsx", *DAY, "--dry-run", "--json").json["warnings"]
    assert {w["line"] for w in told if w["column"] == "STATUT" and w["value"] == "??"} == {2}
    del book["Terminés"], book["Archive"]
    book.save("p.xlsx")
    assert "⚠ ligne 4, STATUT" in sonia("import", "p.xlsx", *DAY, "--dry-run").out
