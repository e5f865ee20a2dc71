"""A file that lacks a key or an index of ours: named, not opened, and made whole again where it can be."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from installflow.errors import StoreUnavailable
from installflow.store import init_store, open_store, upgrade_store
from installflow.store import sqlite_shape as shape
from tests.store.sample import event

AGAIN = "CREATE TABLE again AS SELECT * FROM {0}; DROP TABLE {0}; ALTER TABLE again RENAME TO {0}"
"""A table as a hand makes it anew: with its rows, without its keys."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    store = open_store(f"sqlite:///{tmp_path}/orders.db")
    store.append([event()])
    store.view_advance("planning@1", 0, 1, {})
    store.close()
    return tmp_path / "orders.db"


def do(path: Path, statements: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript(statements)


def missing(path: Path) -> list[str]:
    """What opening, and making, a store say is missing."""
    found = []
    for call in (open_store, init_store):
        with pytest.raises(StoreUnavailable, match="installflow db upgrade") as refused:
            call(f"sqlite:///{path}")
        assert refused.value.code == "store_incomplete"
        found.append([reason.sentence for reason in refused.value.reasons])
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize(
    ("damage", "names"),
    [
        *((f"DROP INDEX {name}", [name]) for name in ("everyday_rows", "live_views", "view_keys_by_key")),
        ("DROP INDEX live_views; CREATE UNIQUE INDEX live_views ON views (view)", ["live_views"]),
        (AGAIN.format("view_parked"), ["view_parked (generation, id)"]),
    ],
)
def test_what_the_views_lack_is_named_and_made_again_by_an_upgrade(path: Path, opener, damage: str, names: list[str]):
    url = f"sqlite:///{path}"
    store = opener(url)
    do(path, damage)
    assert missing(path) == names
    assert [(fault.code, fault.where) for fault in store.check()] == [("store_incomplete", name) for name in names]
    store.close()
    assert upgrade_store(url) == (2, 2)
    again = opener(url)
    assert (again.position(), again.view_position("planning@1"), again.check()) == (1, 0, [])


@pytest.mark.parametrize("table", ["stored_events", "meta", "workflows", "commands"])
def test_a_table_without_its_key_is_for_a_backup_to_mend(path: Path, table: str):
    do(path, AGAIN.format(table))
    assert all(name.startswith(table) for name in missing(path))
    with pytest.raises(StoreUnavailable, match="backup") as refused:
        upgrade_store(f"sqlite:///{path}")
    assert refused.value.code == "store_corrupt"


def test_a_trigger_on_a_table_of_ours_is_named(path: Path, opener):
    do(
        path,
        "CREATE TRIGGER t BEFORE INSERT ON stored_events BEGIN SELECT RAISE(IGNORE); END; CREATE TABLE theirs (x);"
        "CREATE TRIGGER other AFTER INSERT ON theirs BEGIN SELECT 1; END;",
    )
    faults = opener(f"sqlite:///{path}").check()
    assert [(fault.code, fault.where) for fault in faults] == [("store_altered", "stored_events: TRIGGER t")]


@pytest.mark.parametrize("number", [1, 2])
def test_events_a_trigger_eats_are_not_answered_as_recorded(path: Path, opener, number: int):
    do(path, "CREATE TRIGGER t BEFORE INSERT ON stored_events BEGIN SELECT RAISE(IGNORE); END")
    store = opener(f"sqlite:///{path}")
    with pytest.raises(StoreUnavailable, match="trigger") as refused:
        store.append([event() for _ in range(number)], {"k": "[]"})
    assert refused.value.code == "store_altered"
    assert (store.position(), store.command("k")) == (1, None)


def test_every_part_of_a_new_store_is_looked_for(path: Path):
    with closing(sqlite3.connect(path)) as database:
        found = {tuple(row) for row in database.execute(shape.FOUND)}
    assert found == set(shape.NEEDED)
