from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from installflow import Actor, Forbidden, ImportRejected, InstallFlow
from installflow.importing import import_board
from installflow.orders.spreadsheet import write_report
from installflow.orders.terms import key_of
from tests.importing.boards import PLANNER, TODAY, Board, counts, told

BOARDS = Path(__file__).resolve().parents[1] / "data" / "board"
FILES = ("planning.csv", "planning_cp1252.csv", "planning.xlsx")
EXPECTED: list[dict[str, Any]] = json.loads((BOARDS / "planning_expected.json").read_text(encoding="utf-8"))
LINES = [expected for expected in EXPECTED if "skip" not in expected]

# Whole boards: each of their lines is traced where it is tested alone.
pytestmark = pytest.mark.no_cover

# What each key of an expectation asks of the board.
READERS: dict[str, Callable[[Any], object]] = {
    "imper": lambda shown: shown["imper"],
    "date": lambda shown: shown["date"],
    "porta_date": lambda shown: shown["porta"]["date"],
    "phones": lambda shown: shown["phones"],
    "heure": lambda shown: shown["slot"],
    "tech": lambda shown: shown["technician_origin"].replace(" + ", "+").replace("5 com", "5COM"),
    "materiel": lambda shown: shown["material"],
}


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_the_order_its_author_expects(board: Board, name: str) -> None:
    report = import_board(board.flow, BOARDS / name, by=PLANNER, today=TODAY)
    assert (report.rows, counts(report)) == (len(EXPECTED), {"created": len(LINES), "skipped": 2})
    shown = [row.as_json() for row in board.flow.planning(all=True)]
    for expected in LINES:
        wanted = expected["client"].strip(), expected["statut"] or "New"
        of_the_client = [one for one in shown if one["client"] == wanted[0]]
        assert wanted[1] in [one["status"] for one in of_the_client]
        first = of_the_client[0] if len(of_the_client) == 1 else next(o for o in of_the_client if o["phones"])
        assert key_of(first["partner"]) == key_of(expected.get("partenaire", ""))
        if len(of_the_client) == 1:
            for key in READERS.keys() & expected.keys():
                assert READERS[key](first) == expected[key], key


def test_the_three_files_are_the_same_orders(tmp_path: Path) -> None:
    boards = []
    for name in FILES:
        with InstallFlow() as flow:
            import_board(flow, BOARDS / name, by=PLANNER, today=TODAY)
            shown = [row.cells for row in flow.planning(all=True)]
        for cells in shown:
            cells.pop("N° CHRONO")  # Excel destroyed one in the CSV files
        # Windows-1252 has no narrow no-break space, and Excel's XML its own line ends.
        boards.append(sorted(" | ".join(" ".join(text.split()) for text in cells.values()) for cells in shown))
    assert boards[0] == boards[1] == boards[2]


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_again_records_nothing(board: Board, name: str) -> None:
    first = import_board(board.flow, BOARDS / name, by=PLANNER, today=TODAY)
    position = board.position
    again = import_board(board.flow, BOARDS / name, by=PLANNER, today=TODAY)
    assert board.position == position
    assert counts(again) == {"unchanged": len(LINES), "skipped": 2}
    assert again.warnings == first.warnings


def test_what_a_planner_must_look_at_is_alerted(board: Board) -> None:
    report = import_board(board.flow, BOARDS / "planning.csv", by=PLANNER, today=TODAY)
    alerts = {row.row.client: row.alerts for row in board.flow.planning(all=True)}
    assert "STATUT illisible : « RDV KO »" in alerts["Agence Immo Rive-Claire"]
    assert "STATUT vide dans le tableau : à préciser" in alerts["Scierie Hautebranche"]
    assert "PARTENAIRE à préciser" in alerts["Scierie Hautebranche"]
    assert any(
        "double réservation du technicien le 15/12/2026" in said for said in alerts["Cave coopérative d'Estarvelle"]
    )
    assert any("contact direct d'un client VIP TELECOM" in said for said in told(report, "COMMENTAIRES PLANIF"))
    assert "doublon possible de la ligne 2 : même CLIENT, même PARTENAIRE" in told(report, "CLIENT")


def test_a_rehearsal_says_the_same_and_stores_nothing(board: Board) -> None:
    rehearsed = import_board(board.flow, BOARDS / "planning.csv", by=PLANNER, today=TODAY, dry_run=True)
    assert board.position == 0
    assert rehearsed == import_board(board.flow, BOARDS / "planning.csv", by=PLANNER, today=TODAY)


def test_the_report_under_the_keys_of_the_contract(board: Board) -> None:
    report = import_board(board.flow, BOARDS / "planning.csv", by=PLANNER, today=TODAY).as_json()
    assert list(report) == ["rows", "created", "updated", "unchanged", "skipped", "absent", "conflicts", "warnings"]
    assert list(report["warnings"][0]) == ["line", "column", "value", "message"]


def test_the_remarks_go_back_on_the_planners_own_file(board: Board, tmp_path: Path) -> None:
    report = import_board(board.flow, BOARDS / "planning.xlsx", by=PLANNER, today=TODAY)
    write_report(BOARDS / "planning.xlsx", report.remarks, tmp_path / "remarques.xlsx")
    assert (tmp_path / "remarques.xlsx").stat().st_size > 0


def test_progress_is_told_to_the_last_line(board: Board) -> None:
    seen: list[tuple[int, int]] = []
    import_board(
        board.flow, BOARDS / "planning.csv", by=PLANNER, today=TODAY, progress=lambda done, of: seen.append((done, of))
    )
    assert seen == [(done, len(LINES)) for done in range(1, len(LINES) + 1)]


def test_a_file_that_is_no_board_stores_nothing(board: Board) -> None:
    path = board.folder / "notes.txt"
    path.write_text("bonjour")
    with pytest.raises(ImportRejected):
        import_board(board.flow, path, by=PLANNER)
    assert board.position == 0


def test_who_may_not_import_is_told_so(board: Board) -> None:
    with pytest.raises(Forbidden):
        import_board(board.flow, BOARDS / "planning.csv", by=Actor("Karim", role="technician"), today=TODAY)
    assert board.position == 0
