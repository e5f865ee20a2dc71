from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from installflow import Actor, InstallFlow
from installflow.importing import import_board
from installflow.orders import CommentAdded
from tests.importing.boards import PLANNER, TODAY, Board, counts, line, write

# Whole files again, broken off or overtaken half way: their lines are traced in test_at_once.py.
pytestmark = pytest.mark.no_cover

LINES = [line(f"Client {number // 2}", DATE="14/12/2026", NOM="Karim", COMMENT=str(number)) for number in range(300)]

KILLED = """
    import os, signal, sys
    import datetime as dt
    from installflow import Actor, InstallFlow
    from installflow.importing import import_board

    def progress(done, of):
        if done == 170:
            os.kill(os.getpid(), signal.SIGKILL)

    with InstallFlow(sys.argv[1]) as flow:
        sonia = Actor("Sonia", role="planner")
        import_board(flow, sys.argv[2], by=sonia, today=dt.date(2026, 11, 21), progress=progress)
"""


def test_an_import_killed_half_way_is_finished_by_running_it_again(tmp_path: Path) -> None:
    path, url = write(tmp_path / "planning.csv", LINES), f"sqlite:///{tmp_path / 'orders.db'}"
    killed = subprocess.run([sys.executable, "-c", dedent(KILLED), url, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    with InstallFlow(url) as flow:
        stored = len(flow.planning())
        assert 0 < stored < len(LINES)
        report = import_board(flow, path, by=PLANNER, today=TODAY)
        assert counts(report) == {"created": len(LINES) - stored, "unchanged": stored}
        assert counts(import_board(flow, path, by=PLANNER, today=TODAY)) == {"unchanged": len(LINES)}


def test_two_imports_of_one_file_at_once_make_each_order_once(board: Board) -> None:
    path = board.file("planning.csv", *LINES[:60])
    other: list[dict[str, int]] = []

    def meanwhile(done: int, _of: int) -> None:
        if done == 10:
            other.append(counts(import_board(board.flow, path, by=PLANNER, today=TODAY)))

    mine = counts(import_board(board.flow, path, by=PLANNER, today=TODAY, progress=meanwhile))
    assert (other, mine) == ([{"created": 60}], {"unchanged": 60})
    assert len(board.flow.planning()) == 60


def test_a_line_whose_order_somebody_writes_on_meanwhile_is_compared_again(board: Board) -> None:
    board.imports(line("Hôtel", COMMENT="un"), line("Lycée"))

    def meanwhile(done: int, _of: int) -> None:
        if done == 1:
            board.record("Hôtel", CommentAdded(text="vu avec le gérant"))

    report = board.imports(line("Hôtel", COMMENT="un", INFOS="à facturer"), line("Lycée"), progress=meanwhile)
    assert counts(report) == {"updated": 1, "unchanged": 1}
    assert board.cells("Hôtel")["INFOS FACTURATION"].endswith("à facturer")
    assert "vu avec le gérant" in board.cells("Hôtel")["COMMENTAIRES PLANIF"]


def test_large_lines_share_no_commit_too_large_for_the_store(board: Board) -> None:
    lines = [line(f"Client {number}", COMMENT="é" * 6_000) for number in range(20)]
    assert counts(board.imports(*lines)) == {"created": 20}


def test_a_service_may_import_too(board: Board) -> None:
    path = board.file("planning.csv", line("Hôtel"))
    night = Actor("import de nuit", role="planner", kind="service")
    assert counts(import_board(board.flow, path, by=night, today=TODAY)) == {"created": 1}
