from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING

import pytest

from installflow.errors import ImportRejected
from installflow.orders.spreadsheet import read_board
from installflow.orders.terms import HEADERS

if TYPE_CHECKING:
    from pathlib import Path

LINE = ("", "Hôtel du Lac", "HIGHCOM", "", "", "", "", "", "", "New", "", "", "", "")


def text_of(*lines: tuple[str, ...], delimiter: str = ";") -> str:
    return "".join(delimiter.join(line) + "\r\n" for line in lines)


def save(path: Path, data: bytes | str, encoding: str = "utf-8") -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_encoding_and_delimiter_in_use(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = save(tmp_path / "a.csv", text_of(HEADERS, LINE, delimiter=delimiter), encoding)
    (row,) = read_board(path).rows
    assert row.cells["CLIENT"] == "Hôtel du Lac"
    assert (row.line, list(row.cells)) == (2, list(HEADERS))


def test_a_quoted_line_break_makes_one_record(tmp_path: Path) -> None:
    text = 'CLIENT;STATUT;DATE\r\n"a\r\nb";New;\r\nc;New;\r\n'
    rows = read_board(save(tmp_path / "a.csv", text)).rows
    assert [(r.line, r.cells["CLIENT"]) for r in rows] == [(2, "a\nb"), (3, "c")]


def test_titles_above_shift_no_line_number(tmp_path: Path) -> None:
    text = "Planning novembre;;\r\n\r\nCLIENT;STATUT;DATE\r\nc;New;\r\n"
    board = read_board(save(tmp_path / "a.csv", text))
    assert board.rows[0].line == 2
    assert board.layouts[0].header_row == 3


def test_headers_in_any_order_case_and_spelling(tmp_path: Path) -> None:
    text = "statut ;N\u00ba Chrono;materiel  recu;CLIENT;Porta prevue le;Zone;No te\r\nNew;X1;LIVRÉ;c;p;Sud;\r\n"
    (row,) = read_board(save(tmp_path / "a.csv", text)).rows
    assert row.cells == {
        "CLIENT": "c", "PORTA PRÉVUE LE": "p", "STATUT": "New", "MATÉRIEL REÇU": "LIVRÉ", "N° CHRONO": "X1",
    }  # fmt: skip
    assert row.extra == {"Zone": "Sud"}


@pytest.mark.parametrize(
    "spelling", ["N° CHRONO", "N\u00ba CHRONO", "No chrono", "n°chrono", "\u2116 Chrono", "NUMÉRO CHRONO"]
)
def test_the_spellings_of_the_parcel_column(tmp_path: Path, spelling: str) -> None:
    (row,) = read_board(save(tmp_path / "a.csv", f"CLIENT;STATUT;{spelling}\nc;New;X1\n")).rows
    assert row.cells["N° CHRONO"] == "X1"


def test_a_longer_line_keeps_what_stands_beyond_the_headers(tmp_path: Path) -> None:
    rows = read_board(save(tmp_path / "a.csv", "CLIENT;STATUT;DATE\nc;New;;oublié\nd;New\n")).rows
    assert rows[0].extra == {"colonne D": "oublié"}
    assert rows[1].cells == {"CLIENT": "d", "STATUT": "New", "DATE": ""}


def test_lines_left_aside_are_listed_in_ranges(tmp_path: Path) -> None:
    text = "CLIENT;STATUT;DATE;x\n;;;\n\n;;;seul\nClient;statut;date;\nc;New;;\n\n"
    board = read_board(save(tmp_path / "a.csv", text))
    assert [(s.line, s.last, s.reason) for s in board.skipped] == [
        (2, 3, "ligne vide"),
        (4, 4, "aucune des colonnes du planning n'est remplie"),
        (5, 5, "en-tête répété"),
        (7, 7, "ligne vide"),
    ]
    assert sum(s.count for s in board.skipped) == 5


def test_a_shielded_formula_is_given_back(tmp_path: Path) -> None:
    (row,) = read_board(save(tmp_path / "a.csv", "CLIENT;STATUT;DATE\n'=1+1;New;'t Hof\n")).rows
    assert row.cells == {"CLIENT": "=1+1", "STATUT": "New", "DATE": "'t Hof"}


def test_one_damaged_character_does_not_damage_the_others(tmp_path: Path) -> None:
    data = "CLIENT;STATUT;DATE\nHôtel Élysée à Forêt;New;\n".encode() + b"b\xffd;New;\n"
    rows = read_board(save(tmp_path / "a.csv", data)).rows
    assert [r.cells["CLIENT"] for r in rows] == ["Hôtel Élysée à Forêt", "b\ufffdd"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "vide"),
        (b" \r\n\r\n", "vide"),
        (b"%PDF-1.7 ...", "un PDF"),
        (b"\x89PNG\r\n\x1a\n....", "une image PNG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
        (b"<html><table>", "page web"),
        (bytes(range(256)) * 20, "aucune ligne d'en-têtes"),
        (bytes(4000), "pas du texte"),
        (b"PK\x03\x04 truncated", "abîmé"),
        (b"bonjour;le;monde\r\n", "aucune ligne d'en-têtes"),
        ("CLIENT;PARTENAIRE;DATE\nc;p;\n", "il manque la colonne « STATUT »"),
        ("HEURE;PARTENAIRE;DATE\nc;p;\n", "il manque la colonne « CLIENT » et « STATUT »"),
        ("CLIENT;STATUT;DATE;Client\nc;New;;\n", "« CLIENT » figure 2 fois (colonnes A et D)"),
        ('CLIENT;STATUT;DATE\nc;New;"ouvert\nd;New;\n', "guillemet"),
        ('CLIENT;STATUT;DATE\nc;New;"a" b\n', "guillemet"),
        ("CLIENT;STATUT;DATE\nc;New;" + "x" * 20_000_000 + "\n", "démesurée"),
    ],
)
def test_what_is_no_board_is_refused_in_one_sentence(tmp_path: Path, data: bytes | str, sentence: str) -> None:
    path = save(tmp_path / "a.csv", data)
    with pytest.raises(ImportRejected) as refused:
        read_board(path)
    assert sentence in refused.value.sentence
    assert refused.value.sentence.startswith("a.csv")
    assert "\n" not in refused.value.sentence


def test_a_path_that_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ImportRejected, match="introuvable"):
        read_board(tmp_path / "absent.csv")
    with pytest.raises(ImportRejected, match="dossier"):
        read_board(tmp_path)
    with pytest.raises(ImportRejected, match="ne peut pas être lu"):
        read_board("a\0.csv")


def test_nul_bytes_in_a_cell_keep_the_line(tmp_path: Path) -> None:
    text = "CLIENT;STATUT;DATE\n" + "c\0d;New;\n" + "e;New;\n" * 40
    assert len(read_board(save(tmp_path / "a.csv", text)).rows) == 41


@pytest.mark.no_cover  # a hundred thousand times the same lines
def test_a_file_far_too_large_or_far_too_long(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(ImportRejected, match="dépasse 64 Mio"):
        read_board(tmp_path / "a.csv")
    text = "CLIENT;STATUT;DATE\n" + "c;New;\n" * 100_001
    with pytest.raises(ImportRejected, match="plus de 100000 lignes"):
        read_board(save(tmp_path / "b.csv", text))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(ImportRejected, match="fichier ordinaire"):
        read_board(tmp_path / "a.csv")


def test_an_application_that_allows_longer_fields_changes_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "a.csv", "CLIENT;STATUT;DATE\nc;New;" + "x" * 200_000 + "\n")
    before = csv.field_size_limit(10_000_000)
    try:
        with pytest.raises(ImportRejected, match="démesurée"):
            read_board(path)
    finally:
        csv.field_size_limit(before)


def test_the_two_headers_a_board_needs_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Suivi\nCLIENT;STATUT\nGarage;New\nCLIENT;STATUT\nHôtel;Staging\n", "utf-8")
    board = read_board(path)
    assert [row.cells for row in board.rows] == [
        {"CLIENT": "Garage", "STATUT": "New"},
        {"CLIENT": "Hôtel", "STATUT": "Staging"},
    ]
    assert [skipped.reason for skipped in board.skipped] == ["en-tête répété"]
