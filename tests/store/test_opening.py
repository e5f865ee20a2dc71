"""Which URLs open a store, and which files are refused, untouched."""

from __future__ import annotations

import math
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import ConnectionNotFromPoolError

from installflow.errors import Invalid, StoreUnavailable
from installflow.store import init_store, open_store, upgrade_store
from installflow.store.sqlite_schema import APPLICATION_ID, FORMAT, prepare, refuse_stamp
from tests.store.sample import event

NOBODY = 65534


def refusal(url: str) -> str:
    with pytest.raises(StoreUnavailable) as caught:
        open_store(url, lock_timeout=0)
    assert caught.value.sentence.startswith(f"{url}: ")
    return caught.value.code


def changed(path: Path, *statements: str) -> None:
    database = sqlite3.connect(path)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A store's file, closed, with one event."""
    path = tmp_path / "orders.db"
    store = open_store(f"sqlite:///{path}")
    store.append([event()])
    store.close()
    return path


@pytest.mark.parametrize(
    "name",
    [
        "orders.db", "mes commandes.db", "100%.db", "a%20b.db", "quoi?.db", "n#1.db", "été à Nîmes.db", "a&b=c;d.db",
        "mode=memory", "x:memory:y",
    ],
)  # fmt: skip
def test_any_path_is_taken_to_the_letter(tmp_path: Path, name: str):
    folder = tmp_path / name / "dossier"
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder / name}"
    for expected in (1, 2):
        store = open_store(url)
        assert store.url == url
        store.append([event()])
        assert store.position() == expected
        store.close()
    assert [path.name for path in folder.iterdir()] == [name]


def test_three_slashes_are_relative_to_where_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opener):
    monkeypatch.chdir(tmp_path)
    store = opener("sqlite:///orders.db")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    store.append([event()])
    assert (tmp_path / "orders.db").exists()
    assert not (tmp_path / "elsewhere" / "orders.db").exists()


@pytest.mark.parametrize(
    "url",
    ["", "orders.db", "sqlite:", "sqlite://", "sqlite:///", "sqlite:///  ", "sqlite://orders.db", "mysql://u:pw@h/db",
     "sqlite:///a\0b"],
)  # fmt: skip
def test_what_is_no_url_of_a_store_is_invalid(url: str):
    with pytest.raises(Invalid) as caught:
        open_store(url)
    assert caught.value.code == "store_url"
    assert "pw" not in caught.value.sentence


@pytest.mark.parametrize("given", [Path("orders.db"), b"sqlite:///orders.db", 7])
def test_a_url_that_is_no_text_says_how_to_write_one(given: Any):
    for call in (open_store, init_store, upgrade_store):
        with pytest.raises(Invalid, match=r"a text, not \w+: for a file, f'sqlite:///\{path\}'") as caught:
            call(given)
        assert caught.value.code == "store_url"


@pytest.mark.parametrize("given", ["OFF", "full", None, []])
def test_a_durability_there_is_not_is_said(given: Any):
    with pytest.raises(Invalid, match="synchronous is 'FULL' or 'NORMAL', not "):
        open_store(None, synchronous=given)


def test_a_missing_folder_is_said_and_not_made(tmp_path: Path):
    assert refusal(f"sqlite:///{tmp_path}/nowhere/orders.db") == "store_no_folder"
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder(made: Path):
    assert refusal(f"sqlite:///{made}/orders.db") == "store_no_folder"


def test_a_folder_is_no_database(tmp_path: Path):
    assert refusal(f"sqlite:///{tmp_path}") == "store_not_a_file"


def test_a_pipe_is_no_database(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    assert refusal(f"sqlite:///{tmp_path}/pipe") == "store_not_a_file"


def test_a_link_that_leads_nowhere_is_said_as_such(tmp_path: Path):
    (tmp_path / "loop.db").symlink_to("loop.db")
    (tmp_path / "dangling.db").symlink_to("nowhere/orders.db")
    for name in ("loop.db", "dangling.db"):
        assert refusal(f"sqlite:///{tmp_path}/{name}") == "store_link"
    assert len(list(tmp_path.iterdir())) == 2
    (tmp_path / "there.db").symlink_to("orders.db")
    open_store(f"sqlite:///{tmp_path}/there.db").close()
    assert (tmp_path / "orders.db").is_file(), "one that leads to a file yet to be made makes it"


@pytest.mark.parametrize("patience", [-1, math.nan, math.inf, "x", None, True])
def test_a_patience_that_is_no_number_of_seconds_is_refused(tmp_path: Path, patience: Any):
    for url in (f"sqlite:///{tmp_path}/orders.db", None, "postgresql:///orders"):
        with pytest.raises(Invalid, match="lock_timeout is a number of seconds"):
            open_store(url, lock_timeout=patience)
    assert list(tmp_path.iterdir()) == []


def test_an_address_no_path_can_have_is_refused():
    for call in (open_store, init_store, upgrade_store):
        with pytest.raises(Invalid, match="characters no path can have"):
            call("sqlite:///\ud800.db")


@pytest.mark.parametrize("content", [b"client;partenaire\n" * 200, b"x", b"SQLite format 3\0", b"\0" * 5000])
def test_a_file_that_is_no_database_is_left_as_it_was(tmp_path: Path, content: bytes):
    path = tmp_path / "board.csv"
    path.write_bytes(content)
    assert refusal(f"sqlite:///{path}") == "store_not_a_database"
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_an_empty_file_becomes_a_store(tmp_path: Path, opener):
    (tmp_path / "orders.db").touch()
    assert opener(f"sqlite:///{tmp_path}/orders.db").append([event()]) == [1]


def test_a_database_without_a_table_becomes_a_store(tmp_path: Path, opener):
    changed(tmp_path / "orders.db", "PRAGMA user_version = 0", "CREATE TABLE t (a)", "DROP TABLE t")
    assert opener(f"sqlite:///{tmp_path}/orders.db").append([event()]) == [1]


def test_a_database_without_a_table_that_bears_the_stamp_of_another_is_left_as_it_was(tmp_path: Path):
    changed(tmp_path / "orders.db", "PRAGMA application_id = 77")
    before = (tmp_path / "orders.db").read_bytes()
    assert refusal(f"sqlite:///{tmp_path}/orders.db") == "store_foreign"
    assert (tmp_path / "orders.db").read_bytes() == before


@pytest.mark.parametrize("left_open", [False, True])
def test_tables_another_application_still_holds_in_its_log_are_seen(tmp_path: Path, left_open: bool):
    path = tmp_path / "parc.db"
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE parc (id TEXT)")
    if not left_open:
        database.close()
    assert refusal(f"sqlite:///{path}") == "store_foreign"
    database.close()


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_the_database_of_another_application_is_left_as_it_was(tmp_path: Path, journal: str):
    path = tmp_path / "parc.db"
    changed(path, f"PRAGMA journal_mode = {journal}", "CREATE TABLE stored_events (originator_id TEXT)")
    before = path.read_bytes()
    assert refusal(f"sqlite:///{path}") == "store_foreign"
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_store_of_a_newer_installflow_is_left_as_it_was(made: Path):
    changed(made, f"PRAGMA user_version = {FORMAT + 1}")
    before = made.read_bytes()
    assert refusal(f"sqlite:///{made}") == "store_newer"
    assert made.read_bytes() == before
    assert list(made.parent.iterdir()) == [made]


def test_a_newer_format_is_read_from_the_tables_too(made: Path):
    changed(made, "UPDATE meta SET value = '3' WHERE key = 'format'", "DROP TABLE view_rows")
    before = made.read_bytes()
    assert refusal(f"sqlite:///{made}") == "store_newer"
    assert made.read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TABLE meta",
        "DROP TABLE view_rows",
        "DELETE FROM meta WHERE key = 'format'",
        "UPDATE meta SET value = 'II' WHERE key = 'format'",
        "UPDATE meta SET value = 'other' WHERE key = 'application'",
    ],
)
def test_a_store_whose_tables_are_not_all_there_is_corrupt(made: Path, damage: str):
    changed(made, damage)
    assert refusal(f"sqlite:///{made}") == "store_corrupt"


def test_a_store_whose_first_page_is_damaged_is_corrupt(made: Path):
    with made.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 500)
    assert refusal(f"sqlite:///{made}") == "store_corrupt"


def test_a_store_cut_short_is_corrupt(made: Path):
    with made.open("r+b") as file:
        file.truncate(8192)
    assert refusal(f"sqlite:///{made}") == "store_corrupt"


def test_a_path_too_long_cannot_be_opened(tmp_path: Path):
    assert refusal(f"sqlite:///{tmp_path}/{'x' * 300}") == "store_cannot_open"


def test_the_stamp_is_what_it_was_in_the_first_release_but_for_the_format(made: Path):
    database = sqlite3.connect(made)
    assert database.execute("PRAGMA application_id").fetchone() == (0x694E666C,) == (APPLICATION_ID,)
    assert database.execute("PRAGMA user_version").fetchone() == (2,) == (FORMAT,)
    stamp = dict(database.execute("SELECT key, value FROM meta"))
    columns = [row[1] for row in database.execute("PRAGMA table_info(stored_events)")]
    database.close()
    assert stamp == {"application": "installflow", "format": "2"}
    assert columns == ["position", "originator_id", "originator_version", "topic", "state"]


@pytest.mark.parametrize(("synchronous", "level"), [("FULL", 2), ("NORMAL", 1)])
def test_durability_is_set_on_each_connection(file_url: str, opener, synchronous: str, level: int):
    store = opener(file_url, synchronous=synchronous)
    with store._session() as first, store._session() as second:
        for cursor in (first, second):
            assert cursor.execute("PRAGMA synchronous").fetchone()[0] == level
            assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
            assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] == 5000


def test_a_writer_may_wait_for_less_than_a_second(file_url: str, opener):
    with opener(file_url, lock_timeout=0.25)._session() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] == 250


def test_more_sessions_at_once_than_connections_are_kept(file_url: str, opener):
    store = opener(file_url)
    with ExitStack() as all_of_them:
        cursors = [all_of_them.enter_context(store._session()) for _ in range(8)]
        assert len({id(cursor.connection) for cursor in cursors}) == 8
    assert (store._datastore.pool.num_in_use, store._datastore.pool.num_in_pool) == (0, 5)
    with pytest.raises(ConnectionNotFromPoolError):
        store._datastore.pool.put_connection(store._datastore.pool._pool[0])


def test_opening_is_tried_again_while_another_process_makes_the_file(tmp_path: Path):
    path = tmp_path / "orders.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    mine = sqlite3.connect(path, isolation_level=None, timeout=0)
    seen: list[str] = []

    def release_at_the_second(statement: str) -> None:
        seen.append(statement)
        if seen.count("BEGIN IMMEDIATE") == 2 and other.in_transaction:
            other.execute("ROLLBACK")

    mine.set_trace_callback(release_at_the_second)
    prepare(str(path), mine, patience=5)
    assert seen.count("BEGIN IMMEDIATE") > 1
    assert mine.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    mine.close()
    other.close()


def test_a_file_another_process_makes_between_two_looks_at_it_is_no_stranger(tmp_path: Path, opener):
    made: list[object] = []

    class Slow(sqlite3.Cursor):
        def execute(self, *arguments: Any) -> Any:
            answer = super().execute(*arguments).fetchall()
            if not made:
                made.append(opener(f"sqlite:///{tmp_path}/orders.db"))
            return super().execute("SELECT ?", answer[0]) if answer else super().execute("SELECT 1 WHERE 0")

    with closing(sqlite3.connect(tmp_path / "orders.db")) as database:
        assert refuse_stamp("it", Slow(database)), "it bears our stamp by now"
    assert made


def test_a_store_that_cannot_be_made_to_the_end_is_not_made_at_all(tmp_path: Path, opener):
    path = tmp_path / "orders.db"
    mine = sqlite3.connect(path, isolation_level=None)
    mine.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        prepare(str(path), mine, patience=0)
    mine.close()
    assert path.stat().st_size == 0
    assert opener(f"sqlite:///{path}").append([event()]) == [1]


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder anybody may enter: pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def refusal_for_nobody(url: str) -> str:
    """What somebody without any right is told: root may write everywhere, so this is a process that is not root."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            if os.geteuid() == 0:
                os.setuid(NOBODY)
            open_store(url)
        except StoreUnavailable as error:
            os.write(writer, error.code.encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        return pipe.read()


def test_a_folder_that_may_not_be_written_is_said(public_folder: Path):
    public_folder.chmod(0o555)
    assert refusal_for_nobody(f"sqlite:///{public_folder}/orders.db") == "store_read_only"
    assert list(public_folder.iterdir()) == []


def test_a_file_that_may_not_be_written_is_said(public_folder: Path):
    path = public_folder / "orders.db"
    open_store(f"sqlite:///{path}").close()
    path.chmod(0o444)
    public_folder.chmod(0o777)
    before = path.read_bytes()
    assert refusal_for_nobody(f"sqlite:///{path}") == "store_read_only"
    assert path.read_bytes() == before


def test_a_folder_that_may_not_be_entered_is_said(public_folder: Path):
    closed = public_folder / "closed"
    closed.mkdir(mode=0o000)
    assert refusal_for_nobody(f"sqlite:///{closed}/orders.db") == "store_cannot_open"
    closed.chmod(0o700)
