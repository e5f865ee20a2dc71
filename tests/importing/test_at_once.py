"""Two imports at once: both read the orders before either records, so each believes that its lines are new."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from uuid import uuid4

import pytest

from installflow import InstallFlow
from installflow.importing import board as importing_board
from installflow.importing import import_board
from installflow.orders import InstallationClosed, VisitDone
from tests.importing.boards import PLANNER, TODAY, Board, Lines, counts, line, told, write

CLIENTS = [f"Boutique {number:03}" for number in range(60)]
MINE = [line(client, COMMENT="3 postes") for client in CLIENTS]
THEIRS = [line(client, COMMENT="3 postes\nrappeler lundi") for client in CLIENTS]


def at_once(board: Board, mine: Lines, theirs: Lines) -> tuple[dict[str, int], dict[str, int]]:
    """Import two files, the second from end to end once the first has matched its lines; what each did."""
    first, second = board.file("mine.csv", *mine), board.file("theirs.csv", *theirs)
    other: list[dict[str, int]] = []

    def meanwhile(done: int, _of: int) -> None:
        if done == 1:
            other.append(counts(import_board(board.flow, second, by=PLANNER, today=TODAY)))

    done = counts(import_board(board.flow, first, by=PLANNER, today=TODAY, progress=meanwhile))
    return done, other[0]


def test_two_files_of_the_same_clients_make_each_order_once(board: Board) -> None:
    mine, theirs = at_once(board, THEIRS, MINE)
    assert (theirs, mine) == ({"created": 60}, {"updated": 60})
    assert len(board.flow.planning()) == 60
    assert "rappeler lundi" in board.cells("Boutique 007")["COMMENTAIRES PLANIF"]


def test_orders_under_ids_of_their_own_would_be_made_twice(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing_board._Import, "_next_of", lambda *_: (uuid4().hex, uuid4()))
    assert at_once(board, THEIRS, MINE) == ({"created": 60}, {"created": 60})
    assert len(board.flow.planning()) == 120


def test_an_older_copy_imported_meanwhile_does_not_undo_the_newer(board: Board) -> None:
    at_once(board, MINE, THEIRS)
    assert len(board.flow.planning()) == 60
    assert "rappeler lundi" in board.cells("Boutique 007")["COMMENTAIRES PLANIF"]


@pytest.mark.parametrize("reverse", [False, True])
def test_two_orders_of_one_client_stay_two(board: Board, reverse: bool) -> None:
    two = [line("Mairie", COMMENT="annexe"), line("Mairie", COMMENT="hôtel de ville")]
    mine, theirs = at_once(board, two[::-1] if reverse else two, two)
    assert (theirs, mine) == ({"created": 2}, {"unchanged": 2})


def test_the_order_only_one_file_has_is_made_beside_the_common_one(board: Board) -> None:
    annexe = line("Mairie", COMMENT="annexe")
    mine, theirs = at_once(board, [annexe, line("Mairie", COMMENT="hôtel de ville")], [annexe])
    assert (theirs, mine) == ({"created": 1}, {"unchanged": 1, "created": 1})


def test_orders_nothing_tells_apart_are_reported_and_not_guessed(board: Board) -> None:
    mine, theirs = at_once(
        board,
        [line("Mairie", COMMENT="un"), line("Mairie", COMMENT="deux")],
        [line("Mairie", COMMENT="trois"), line("Mairie", COMMENT="quatre")],
    )
    assert (theirs, mine) == ({"created": 2}, {"skipped": 2, "conflicts": 2})
    assert len(board.flow.planning()) == 2


def test_a_partner_only_one_file_knows_makes_no_second_order(board: Board) -> None:
    mine, theirs = at_once(board, [line("Mairie", "HIGHCOM")], [line("Mairie", "")])
    assert (theirs, mine) == ({"created": 1}, {"updated": 1})
    assert board.one("Mairie").row.partner == "HIGHCOM"


def test_one_client_of_two_partners_is_two_orders(board: Board) -> None:
    mine, theirs = at_once(board, [line("Mairie", "HIGHCOM")], [line("Mairie", "VIP TELECOM")])
    assert (theirs, mine) == ({"created": 1}, {"created": 1})


def test_a_finished_order_leaves_room_for_one_new_order_only(board: Board) -> None:
    old = line("Mairie", status="Installation", DATE="20/11/2026", HEURE="9H", TECH="Direct", NOM="Karim", CP="Inès")
    board.imports(old)
    board.record("Mairie", VisitDone(report="posé"))
    board.record("Mairie", InstallationClosed())
    mine, theirs = at_once(board, [line("Mairie", COMMENT="étage\n2 postes")], [line("Mairie", COMMENT="étage")])
    assert (theirs, mine) == ({"created": 1}, {"updated": 1})
    assert len(board.flow.planning(all=True)) == 2


def test_a_rehearsal_meets_the_orders_made_meanwhile_too(board: Board) -> None:
    path = board.file("mine.csv", *THEIRS)

    def meanwhile(done: int, _of: int) -> None:
        if done == 1:
            board.imports(*MINE)

    report = import_board(board.flow, path, by=PLANNER, today=TODAY, dry_run=True, progress=meanwhile)
    assert counts(report) == {"updated": 60}
    assert "rappeler lundi" not in board.cells("Boutique 007")["COMMENTAIRES PLANIF"]


def test_the_loser_of_a_race_for_a_technician_is_told_who_has_the_day(board: Board) -> None:
    visit = {"status": "En attente de planification", "DATE": "14/12/2026", "HEURE": "9H", "NOM": "Karim"}
    first, second = board.file("mine.csv", line("Hôtel", **visit)), board.file("theirs.csv", line("Lycée", **visit))

    def meanwhile(done: int, _of: int) -> None:
        import_board(board.flow, second, by=PLANNER, today=TODAY)

    report = import_board(board.flow, first, by=PLANNER, today=TODAY, progress=meanwhile)
    assert told(report, "NOM TECH") == ["double réservation : Karim le 14/12/2026 à 9H, déjà pris par Lycée"]


IMPORTING = """
    import datetime as dt, sys
    from installflow import Actor, InstallFlow
    from installflow.importing import import_board

    def progress(done, of):
        if done == 1:  # every line is matched by now, and none recorded
            print("matched", flush=True)
            sys.stdin.readline()

    with InstallFlow(sys.argv[1], lock_timeout=30) as flow:
        sonia = Actor("Sonia", role="planner")
        done = import_board(flow, sys.argv[2], by=sonia, today=dt.date(2026, 11, 21), progress=progress)
        print(done.created, done.updated + done.unchanged + done.conflicts, done.skipped)
"""


def test_two_processes_at_once_make_each_order_once(lasting_url: str, tmp_path: Path) -> None:
    InstallFlow(lasting_url).close()
    files = [write(tmp_path / "mine.csv", MINE), write(tmp_path / "theirs.csv", THEIRS)]
    command = [sys.executable, "-c", dedent(IMPORTING), lasting_url]
    pipe = subprocess.PIPE
    planners = [subprocess.Popen([*command, str(file)], stdin=pipe, stdout=pipe, text=True) for file in files]
    for planner in planners:
        assert planner.stdout is not None
        assert planner.stdout.readline() == "matched\n"
    for planner in planners:
        assert planner.stdin is not None
        planner.stdin.write("\n")
        planner.stdin.flush()
    done = [[int(count) for count in planner.communicate()[0].split()] for planner in planners]
    assert sum(created for created, _, _ in done) == 60
    assert sum(met for _, met, _ in done) == 60
    assert sum(skipped for *_, skipped in done) == 0
    with InstallFlow(lasting_url) as flow:
        assert sorted(row.row.client for row in flow.planning()) == CLIENTS
