"""A file that was replaced, moved or deleted under an open store takes nothing any more, and says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from installflow import InstallFlow, StoreUnavailable
from installflow.orders import CommentAdded
from tests.flow.acts import SONIA, opened_order

CODE = "store_replaced"


@pytest.mark.parametrize("way", ["deleted", "moved", "replaced"])
def test_nothing_is_written_into_a_file_that_is_gone(tmp_path: Path, way: str):
    path, copy = tmp_path / "orders.db", tmp_path / "copy.db"
    with InstallFlow(f"sqlite:///{path}") as flow:
        one = opened_order(flow)
    shutil.copy(path, copy)
    with InstallFlow(f"sqlite:///{path}") as flow:
        assert len(flow.planning()) == 1
        if way == "deleted":
            path.unlink()
        elif way == "moved":
            path.rename(tmp_path / "elsewhere.db")
        else:
            copy.replace(path)
        for call in (
            lambda: flow.record(one, CommentAdded(text="perdu ?"), by=SONIA),
            flow.planning,
            flow.check,
            flow.follow,
        ):
            with pytest.raises(StoreUnavailable) as refused:
                call()
            assert refused.value.code == CODE
            assert "open it again" in str(refused.value)
    if way == "replaced":
        with InstallFlow(f"sqlite:///{path}") as flow:
            assert len(flow.history(one)) == 1
            assert flow.check().findings == []


def test_a_file_written_to_by_others_is_the_same_file(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/orders.db"
    with InstallFlow(url) as flow, InstallFlow(url) as other:
        one = opened_order(flow)
        other.record(one, CommentAdded(text="x"), by=SONIA)
        assert len(flow.history(one)) == 2


def test_a_follower_ends_with_the_file_it_follows(tmp_path: Path):
    path = tmp_path / "orders.db"
    with InstallFlow(f"sqlite:///{path}") as flow:
        follower = flow.follow(interval=0.01)
        path.unlink()
        follower._thread.join(5)
        assert not follower.running
        assert isinstance(follower.error, StoreUnavailable)
        assert follower.error.code == CODE
