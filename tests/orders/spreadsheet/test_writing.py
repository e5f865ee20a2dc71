"""The board out, and in again without a change."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import socket
import sqlite3
import sys
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installflow.errors import Invalid
from installflow.orders.spreadsheet import (
    AgendaLine,
    AlertLine,
    BoardLine,
    RawRow,
    ReadPorta,
    ReadReminder,
    read_board,
    read_row,
    write_csv,
    write_xlsx,
)
from installflow.orders.spreadsheet.formatting import (
    format_date,
    format_material,
    format_names,
    format_origins,
    format_partner,
    format_porta,
    format_reminders,
    format_slot,
    format_status,
)
from installflow.orders.spreadsheet.formula import bared, shielded
from installflow.orders.spreadsheet.tables import write_table_csv, write_table_xlsx
from installflow.orders.terms import HEADERS, Material, OrderStatus, Origin, Porta, Slot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TODAY = dt.date(2026, 11, 21)
DANGEROUS = ("=1+1", "+33 1", "-5", "@cmd", "\t=x", " =x", "'=x", "''-1", "\uff1d1", "\n=1")


def line(number: int, **cells: str) -> BoardLine:
    named = {"CLIENT": f"Client {number}", "PARTENAIRE": "HIGHCOM", "STATUT": "New", "DATE": "15/12/2026"}
    return BoardLine(f"id-{number}", dict.fromkeys(HEADERS, "") | named | cells, {"DATE": dt.date(2026, 12, 15)})


def test_the_csv_is_what_excel_in_french_opens(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [line(1)])
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfIMPER;CLIENT;PARTENAIRE;DATE;")
    assert data.endswith(b"\r\n")
    assert len(data.split(b"\r\n")) == 3


def test_no_cell_becomes_a_formula(tmp_path: Path) -> None:
    lines = [line(i, **{"INFOS FACTURATION": text}) for i, text in enumerate(DANGEROUS)]
    write_csv(tmp_path / "a.csv", lines)
    write_xlsx(tmp_path / "a.xlsx", lines, today=TODAY)
    for row in (tmp_path / "a.csv").read_text("utf-8-sig").split("\r\n")[1:-1]:
        assert row.split(";")[-1].lstrip('"').startswith("'")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Planning"]
    for index, text in enumerate(DANGEROUS):
        cell = sheet.cell(index + 2, len(HEADERS))
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    for name in ("a.csv", "a.xlsx"):
        assert [r.cells["INFOS FACTURATION"] for r in read_board(tmp_path / name).rows] == list(DANGEROUS)


TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from("\n\t'=+-@;,\""), max_size=20)


@given(TEXTS)
def test_a_shield_comes_off_as_it_was_put_on(text: str) -> None:
    assert bared(shielded(text)) == text


@given(st.lists(st.dictionaries(st.sampled_from(HEADERS), TEXTS), max_size=5))
def test_export_then_import_is_no_change(
    tmp_path_factory: pytest.TempPathFactory, boards: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    lines = [line(i, **cells | {"CLIENT": f"Client {i}"}) for i, cells in enumerate(boards)]
    write_csv(folder / "a.csv", lines)
    write_xlsx(folder / "a.xlsx", lines, today=TODAY)
    for name in ("a.csv", "a.xlsx"):
        assert [dict(r.cells) for r in read_board(folder / name).rows] == [row.cells for row in lines]


def test_the_workbook_is_one_to_work_in(tmp_path: Path) -> None:
    due = BoardLine("id-1", line(1).cells | {"IMPER": "20/11/2026"}, {"IMPER": dt.date(2026, 11, 20)}, due=True)
    alerted = BoardLine("id-2", line(2).cells, alerts=("porta après l'installation",))
    agenda = [AgendaLine("Rappels dus", "Client 1", "HIGHCOM", "New", dt.date(2026, 11, 20), "=faire le point")]
    alerts = [AlertLine("Client 2", "HIGHCOM", "New", "porta après l'installation")]
    write_xlsx(tmp_path / "a.xlsx", [due, alerted, line(3)], today=TODAY, agenda=agenda, alerts=alerts)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [(s.title, s.sheet_state) for s in book] == [
        ("Planning", "visible"),
        ("Aujourd'hui", "visible"),
        ("Alertes", "visible"),
        ("Listes", "hidden"),
        ("installflow", "veryHidden"),
    ]
    sheet = book["Planning"]
    assert (sheet.auto_filter.ref, sheet.freeze_panes) == ("A1:N4", "C2")
    assert {str(rule.sqref).split(":")[0] for rule in sheet.data_validations.dataValidation} == {"F2", "G2", "J2", "L2"}
    assert (sheet["A2"].value, sheet["A2"].number_format) == (dt.datetime(2026, 11, 20), "DD/MM/YYYY")
    colours = {sheet[f"B{row}"].fill.fgColor.rgb for row in (2, 3, 4)}
    assert len(colours) == 3
    assert sheet["K2"].alignment.wrap_text
    assert book["Aujourd'hui"]["A1"].value == "À faire le 21/11/2026"
    assert [cell.value for cell in book["Aujourd'hui"][3]] == [
        "Rappels dus", "Client 1", "HIGHCOM", "New", "20/11/2026", "=faire le point",
    ]  # fmt: skip
    assert book["Aujourd'hui"]["F3"].data_type == "s"
    assert book["Alertes"]["D3"].value == "porta après l'installation"
    listed = [cell.value for cell in book["Listes"]["C"] if cell.value]
    assert listed == list(dict.fromkeys(s.label for s in OrderStatus))
    assert {s.name for s in read_board(tmp_path / "a.xlsx").ignored_sheets} == {"Aujourd'hui", "Alertes", "Listes"}


def test_a_typed_value_that_is_not_its_text_gives_way_to_the_text(tmp_path: Path) -> None:
    row = BoardLine("id", line(1).cells | {"DATE": "S51"}, {"DATE": dt.date(2026, 12, 15), "HEURE": dt.time(9)})
    write_xlsx(tmp_path / "a.xlsx", [row], today=TODAY)
    assert read_board(tmp_path / "a.xlsx").rows[0].cells["DATE"] == "S51"


def test_nothing_is_cut_in_silence(tmp_path: Path) -> None:
    row = line(1, **{"COMMENTAIRES PLANIF": "x" * 32_768})
    with pytest.raises(Invalid, match=r"exportez en \.csv"):
        write_xlsx(tmp_path / "a.xlsx", [row], today=TODAY)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_leaves_everything_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path, sentence in (
        (tmp_path / "absent" / "a.csv", "n'existe pas"),
        (tmp_path / "file" / "a.csv", "n'existe pas"),
        (tmp_path, "est un dossier"),
        (tmp_path / "a\0.csv", "nom de fichier"),
        (tmp_path / ("a" * 300), "ne peut pas être écrit"),
    ):
        with pytest.raises(Invalid, match=sentence):
            write_csv(path, [line(1)])
    (tmp_path / "a.csv").write_text("ancien")

    def failing() -> object:
        yield line(1)
        raise KeyError

    with pytest.raises(KeyError):
        write_csv(tmp_path / "a.csv", failing())
    assert (tmp_path / "a.csv").read_text() == "ancien"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "file"]


def read_back(header: str, text: str) -> object:
    return read_row(RawRow(2, {"CLIENT": "c", "PARTENAIRE": "p", "STATUT": "New"} | {header: text}), TODAY)


DATES = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
WORDS = st.sampled_from(["", "rappeler VIP", "vérifier la porta", "relance n°2"])
NAMES = st.lists(st.sampled_from(["Y. Morvandel", "B. Lauzières", "N. Guerlédan"]), min_size=1, unique=True)
PORTAS = st.builds(
    ReadPorta,
    state=st.sampled_from([s for s in Porta if s is not Porta.NONE]),
    date=DATES,
    operator=st.sampled_from(["", "Opérateur A", "opérateur historique"]),
    remarks=st.sampled_from(["", "4 numéros", "tranche SDA 01 99 00 45 10 à 19"]),
)


@given(DATES, st.lists(st.builds(ReadReminder, DATES, WORDS), min_size=1, max_size=3), NAMES, PORTAS)
def test_what_is_written_reads_back_as_the_same_value(
    date: dt.date, reminders: list[ReadReminder], names: list[str], porta: ReadPorta
) -> None:
    cells = {
        "CLIENT": "c",
        "PARTENAIRE": format_partner("Entreprise Pro", "BVC Orange"),
        "STATUT": "New",
        "DATE": format_date(date),
        "IMPER": format_reminders(reminders),
        "NOM TECH": format_names(names),
        "PORTA PRÉVUE LE": format_porta(porta),
    }
    row = read_row(RawRow(2, cells), TODAY)
    assert not row.unread
    assert (row.partner, row.confirmer) == ("Entreprise Pro", "BVC Orange")
    assert (row.date, list(row.reminders), list(row.technicians)) == (date, reminders, names)
    assert (row.porta.state, row.porta.date, row.porta.operator, row.porta.remarks) == (
        porta.state,
        porta.date,
        porta.operator,
        porta.remarks,
    )


@pytest.mark.parametrize("slot", Slot)
def test_slots_read_back(slot: Slot) -> None:
    assert read_back("HEURE", format_slot(slot)).slot is slot  # type: ignore[attr-defined]


@pytest.mark.parametrize("origins", [(Origin.DIRECT,), (Origin.CINQ_COM, Origin.DIRECT), tuple(Origin)])
def test_origins_read_back(origins: tuple[Origin, ...]) -> None:
    assert read_back("TECH", format_origins(origins)).origins == origins  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", [s for s in OrderStatus if s is not OrderStatus.CLOTUREE])
def test_statuses_read_back(status: OrderStatus) -> None:
    assert read_back("STATUT", format_status(status)).status is status  # type: ignore[attr-defined]


@pytest.mark.parametrize("material", Material)
def test_material_reads_back(material: Material) -> None:
    assert read_back("MATÉRIEL REÇU", format_material(material)).material is material  # type: ignore[attr-defined]


def test_blanks_are_blank() -> None:
    assert (format_date(None), format_slot(None), format_status(None), format_material(None)) == ("", "", "", "")
    assert format_porta(ReadPorta()) == ""
    assert format_porta(ReadPorta(Porta.NONE)) == "sans porta"


def test_without_openpyxl_the_sentence_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(Invalid, match=r"installflow\[xlsx\]"):
        write_xlsx(tmp_path / "a.xlsx", [line(1)], today=TODAY)


WRITERS = (
    lambda path: write_csv(path, [line(1)]),
    lambda path: write_xlsx(path, [line(1)], today=TODAY),
    lambda path: write_table_csv(path, ["Client"], [["Garage"]]),
    lambda path: write_table_xlsx(path, "Suivi", ["Client"], [["Garage"]]),
)


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("name", ["o.db", "link", "o.db-wal", "O.DB-SHM", "new.db-journal", "orders.sqlite-wal"])
def test_a_store_is_never_written_over(tmp_path: Path, name: str, writer: Callable[[Path], None]) -> None:
    for store in ("o.db", "orders.sqlite"):
        with contextlib.closing(sqlite3.connect(tmp_path / store)) as base:
            base.execute("create table t (a)")
    (tmp_path / "link").symlink_to("o.db")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(Invalid, match="est une base de données"):
        writer(tmp_path / name)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_only_an_ordinary_file_is_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "to fifo").symlink_to("fifo")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").mkdir()
    (tmp_path / "to folder").symlink_to("folder")
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as listening, contextlib.chdir(tmp_path):
        listening.bind("socket")
    names = sorted(path.name for path in tmp_path.iterdir())
    for name, sentence in (
        ("fifo", "n'est pas un fichier ordinaire"),
        ("to fifo", "n'est pas un fichier ordinaire"),
        ("socket", "n'est pas un fichier ordinaire"),
        ("folder", "est un dossier"),
        ("to folder", "est un dossier"),
        ("loop", "ne peut pas être écrit"),
    ):
        with pytest.raises(Invalid, match=sentence):
            write_csv(tmp_path / name, [line(1)])
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert (tmp_path / "fifo").is_fifo()


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "a.csv").write_text("ancien")
    (tmp_path / "a.csv").symlink_to("shared/a.csv")
    (tmp_path / "new.csv").symlink_to("shared/new.csv")
    (tmp_path / "notes-wal").write_text("the name alone makes no store")
    for name in ("a.csv", "new.csv", "notes-wal"):
        write_csv(tmp_path / name, [line(1)])
        assert "Client 1" in (tmp_path / name).read_text("utf-8-sig")
    assert (tmp_path / "a.csv").is_symlink()
    assert sorted(path.name for path in (tmp_path / "shared").iterdir()) == ["a.csv", "new.csv"]


@pytest.mark.parametrize("first", ["\ufeff", "\u200b", "\u2060", "\u202e", "\u00a0", " \u3000", "\u00ad"])
def test_what_a_spreadsheet_skips_hides_no_formula(tmp_path: Path, first: str) -> None:
    text = f"{first}=1+1"
    assert shielded(text) == f"'{text}"
    write_csv(tmp_path / "a.csv", [line(1, **{"INFOS FACTURATION": text})])
    assert read_board(tmp_path / "a.csv").rows[0].cells["INFOS FACTURATION"] == text


def test_a_text_too_long_for_a_table_is_cut_and_says_so(tmp_path: Path) -> None:
    write_table_xlsx(tmp_path / "a.xlsx", "Suivi", ["Texte"], [["x" * 40_000]])
    value = openpyxl.load_workbook(tmp_path / "a.xlsx")["Suivi"]["A2"].value
    assert len(value) == 32_767
    assert value.endswith("x… (suite dans installflow show)")
