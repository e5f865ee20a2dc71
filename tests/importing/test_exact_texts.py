"""Every text recording accepts comes back from an export as no change, whatever its signs and its length."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from installflow import InstallFlow, Invalid
from installflow.importing import import_board
from installflow.orders import BillingNoted, CommentAdded, OrderReceived
from tests.importing.boards import PLANNER, TODAY, Board, counts
from tests.importing.conftest import FreshStore, seconds
from tests.importing.test_round_trip import exported

SIGNS = st.sampled_from(
    ("\u202e", "\u200b", "\ufeff", "\ufffe", "\uffff", "\ufffd", "\r", "\r\n", "\n", "\t", "\u2028", "\u00a0", "\u00ad",
     "_x000D_", "_x005F_", "x005F_", "_x", "'", "=", "+", "-", "@", ";", '"', "e\u0301", "\U0001f600", "a", "9")
)  # fmt: skip
TEXTS = st.lists(SIGNS, min_size=1, max_size=6).map("".join)


@given(TEXTS, TEXTS)
@example("_x000D_", "a _x005F_x000D_ b")
@example("\u202eabc", "a\rb\uffff")
@example("\ufeff=1", "\u200b=1")
def test_any_text_is_exported_and_read_back_as_no_change(fresh_store: FreshStore, one: str, other: str) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        InstallFlow(fresh_store(), clock=seconds(), synchronous="NORMAL") as flow,
    ):
        board = Board(flow, Path(folder))
        try:
            order = flow.open(OrderReceived(client=f"Garage {one}", partner=f"P{other}"), by=PLANNER)
            flow.record(order.id, CommentAdded(text=f"{one}{other}"), by=PLANNER)
            flow.record(order.id, BillingNoted(text=f"n°{other}{one}"), by=PLANNER)
        except (Invalid, ValidationError):
            return
        for name in ("export.csv", "export.xlsx"):
            position = board.position
            report = import_board(flow, exported(board, name), by=PLANNER, today=TODAY)
            assert counts(report) == {"unchanged": 1}, (name, report.warnings)
            assert board.position == position


@pytest.mark.parametrize("name", ["export.csv", "export.xlsx"])
@pytest.mark.parametrize("sign", ["y", "é", "€"])
def test_comments_longer_than_any_cell_read_back_as_no_change(board: Board, name: str, sign: str) -> None:
    order = board.flow.open(OrderReceived(client="Garage", partner="HIGHCOM"), by=PLANNER)
    for _ in range(10):
        board.flow.record(order.id, CommentAdded(text=sign * 9_000), by=PLANNER)
        board.flow.record(order.id, BillingNoted(text=sign * 9_000), by=PLANNER)
    assert board.cells("Garage")["COMMENTAIRES PLANIF"].endswith("… (suite dans installflow show)")
    position = board.position
    report = import_board(board.flow, exported(board, name), by=PLANNER, today=TODAY)
    assert counts(report) == {"unchanged": 1}, report.warnings
    assert board.position == position


def test_a_word_added_under_a_cut_text_is_a_comment(board: Board) -> None:
    order = board.flow.open(OrderReceived(client="Garage", partner="HIGHCOM"), by=PLANNER)
    for _ in range(3):
        board.flow.record(order.id, CommentAdded(text="y" * 9_000), by=PLANNER)
    path = exported(board, "export.csv")
    text = path.read_text("utf-8-sig")
    path.write_text(text.replace("installflow show)", "installflow show)\nrappeler", 1), "utf-8-sig")
    report = import_board(board.flow, path, by=PLANNER, today=TODAY)
    assert report.created == 0
    assert [row.row.client for row in board.flow.planning(all=True)] == ["Garage"]
