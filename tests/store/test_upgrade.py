"""A store made by an older installflow: refused with the way forward, then brought up to date with every event."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from installflow import InstallFlow
from installflow.errors import StoreUnavailable
from installflow.store import open_store, upgrade_store
from installflow.store import sqlite_schema as schema

FORMAT_1 = Path(__file__).parent.parent / "corpus" / "stores" / "format-1.sql"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(FORMAT_1.read_text(encoding="utf-8"))
    return path


def events_of(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT * FROM stored_events ORDER BY position").fetchall()


def test_an_older_store_is_refused_untouched_and_the_way_forward_is_said(old: Path):
    before = old.read_bytes()
    with pytest.raises(StoreUnavailable, match="installflow db upgrade") as refused:
        open_store(f"sqlite:///{old}")
    assert refused.value.code == "store_older"
    assert old.read_bytes() == before


def test_an_upgrade_keeps_every_event_and_builds_the_views_again(old: Path):
    before = events_of(old)
    assert upgrade_store(f"sqlite:///{old}") == (1, schema.FORMAT)
    assert events_of(old) == before
    with InstallFlow(f"sqlite:///{old}", clock=lambda: dt.datetime(2026, 12, 1, tzinfo=dt.UTC)) as flow:
        cells = {row.cells["CLIENT"]: row.cells["STATUT"] for row in flow.planning()}
        assert cells == {"Boulangerie Morel": "Installation", "Garage Petit": "New"}
        assert [receipt.version for receipt in flow.outcome("cmd-1")] == [1]
        assert flow.check().findings == []


def test_a_second_upgrade_finds_nothing_to_do(old: Path):
    upgrade_store(f"sqlite:///{old}")
    after = old.read_bytes()
    assert upgrade_store(f"sqlite:///{old}") == (schema.FORMAT, schema.FORMAT)
    assert old.read_bytes() == after


def test_an_upgrade_that_fails_leaves_the_old_store_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(schema, "VIEW_TABLES", (*schema.VIEW_TABLES, "CREATE TABLE meta (again TEXT)"))
    before = events_of(old)
    with pytest.raises(StoreUnavailable):
        upgrade_store(f"sqlite:///{old}")
    monkeypatch.undo()
    assert events_of(old) == before
    assert upgrade_store(f"sqlite:///{old}") == (1, schema.FORMAT)


def test_only_a_store_of_ours_is_upgraded(tmp_path: Path):
    with pytest.raises(StoreUnavailable) as missing:
        upgrade_store(f"sqlite:///{tmp_path}/none.db")
    assert missing.value.code == "store_not_initialised"
    assert not (tmp_path / "none.db").exists()
    with closing(sqlite3.connect(tmp_path / "theirs.db")) as database:
        database.execute("CREATE TABLE theirs (one INTEGER)")
    with pytest.raises(StoreUnavailable) as foreign:
        upgrade_store(f"sqlite:///{tmp_path}/theirs.db")
    assert foreign.value.code == "store_foreign"
