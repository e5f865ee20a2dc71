"""Which PostgreSQL URLs open a store, how one is made, and what is refused, untouched."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from installflow.errors import Invalid, StoreUnavailable
from installflow.store import init_store, open_store, upgrade_store
from installflow.store.url import DB_FUNCTIONS
from tests.store.calls import ALL, code_of
from tests.store.sample import WORKFLOW, event

psycopg = pytest.importorskip("psycopg", reason="no PostgreSQL: psycopg is not installed")


def refusal(call: Callable[..., object], url: str, **options: Any) -> StoreUnavailable:
    with pytest.raises(StoreUnavailable) as caught:
        call(url, **options)
    return caught.value


@pytest.fixture
def empty_url(new_postgres_url) -> str:
    """A schema without a table of ours."""
    url: str = new_postgres_url(initialised=False)
    return url


@pytest.fixture
def beside(postgres_url: str) -> Iterator[Any]:
    """Another connection to the store's schema, as an administrator has."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


def tables_at(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return {name for (name,) in found}


def test_a_store_is_made_once_and_then_found(empty_url: str, opener):
    assert init_store(empty_url)
    assert not init_store(empty_url)
    store = opener(empty_url)
    assert store.url == empty_url
    assert store.append([event()]) == [1]
    assert not init_store(empty_url)
    assert store.position() == 1


def test_opening_makes_nothing(empty_url: str):
    error = refusal(open_store, empty_url)
    assert error.code == "store_not_initialised"
    assert "installflow db init" in error.sentence
    assert refusal(upgrade_store, empty_url).code == "store_not_initialised"
    assert tables_at(empty_url) == set()


def test_several_make_one_store_at_once_and_one_of_them_made_it(empty_url: str, opener):
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(init_store, [empty_url] * 6))
    assert sorted(made) == [False] * 5 + [True]
    assert opener(empty_url).append([event()]) == [1]


def test_a_store_that_cannot_be_made_to_the_end_is_not_made_at_all(empty_url: str):
    with psycopg.connect(empty_url, autocommit=True) as other:
        arguments = "uuid[], bigint[], text[], bytea[], text[], text[], text[], text[]"
        other.execute(f"CREATE FUNCTION installflow_append({arguments}) RETURNS int LANGUAGE sql AS 'SELECT 1'")
        assert refusal(init_store, empty_url).code == "store_failed"
        assert tables_at(empty_url) == set()
        other.execute("DROP FUNCTION installflow_append")
    assert init_store(empty_url)


def test_a_schema_that_is_named_and_not_there_is_made(empty_url: str, opener):
    url = empty_url + "_more"
    assert refusal(open_store, url).code == "store_not_initialised"
    assert init_store(url)
    assert opener(url).append([event()]) == [1]
    with psycopg.connect(url, autocommit=True) as connection:
        (schema,) = connection.execute("SELECT current_schema()").fetchone()
        assert schema.endswith("_more")
        connection.execute(f'DROP SCHEMA "{schema}" CASCADE')


def test_a_store_further_down_the_search_path_is_somebody_else_s(postgres_url: str, empty_url: str):
    url = f"{empty_url},{postgres_url.rpartition('search_path%3D')[2]}"
    assert refusal(open_store, url).code == "store_not_initialised"


def test_several_stores_live_in_one_database(postgres_url: str, empty_url: str, opener):
    init_store(empty_url)
    first, second = opener(postgres_url), opener(empty_url)
    first.append([event(), event()])
    assert (first.position(), second.position()) == (2, 0)


def test_there_is_nothing_to_upgrade_yet(postgres_url: str):
    assert upgrade_store(postgres_url) == (2, 2)


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (
            "UPDATE installflow_meta SET value = '3' WHERE key = 'format'; DROP TABLE installflow_view_rows",
            "store_newer",
        ),
        ("UPDATE installflow_meta SET value = '1' WHERE key = 'format'", "store_older"),
        ("UPDATE installflow_meta SET value = 'other' WHERE key = 'application'", "store_foreign"),
        ("DELETE FROM installflow_meta", "store_foreign"),
        ("DROP TABLE installflow_meta", "store_foreign"),
        ("DROP TABLE installflow_view_rows", "store_corrupt"),
    ],
)
def test_what_is_no_whole_store_of_today_is_refused(new_postgres_url, damage: str, code: str):
    url = new_postgres_url()
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(damage)
    for call in (open_store, init_store, upgrade_store):
        error = refusal(call, url)
        assert error.code == code
        assert error.sentence.startswith(f"{url}: ")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_both_spellings_of_the_scheme_are_read(postgres_url: str, opener, scheme: str):
    assert opener(f"{scheme}:{postgres_url.partition(':')[2]}").position() == 0


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u:pw@h/db",
        "postgresql:pw",
        "postgresql://u:pw@ss@h/db",
        "postgresql://u:pw/ss@h/db",
        "postgresql://u:123/pw@h/db",
        "postgresql://u:pw?ss@h/db",
        "postgresql://u:pw#ss@h/db",
        "postgresql://h/db?pw=1",
        "postgresql://h:pw/db",
        "postgresql://h/db%",
        "postgresql://h/db?options=-csearch_path=pw",
        "postgresql://h/\0pw",
    ],
)
def test_a_url_that_cannot_be_read_is_one_error_that_repeats_nothing(url: str):
    for call in (open_store, init_store, upgrade_store):
        with pytest.raises(Invalid) as caught:
            call(url)
        assert caught.value.code == "store_url"
        assert "pw" not in caught.value.sentence
        assert caught.value.__cause__ is None


def test_a_url_that_cannot_be_read_says_how_every_part_is_written():
    with pytest.raises(Invalid, match=r"write @ : / \? # = & and % inside a part as .*options=-csearch_path%3Dorders"):
        open_store("postgresql://h/db?options=-csearch_path=orders")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("postgresql://u:s3cret@127.0.0.1:1/db", "postgresql://u@127.0.0.1:1/db"),
        ("postgres://127.0.0.1:1/db?user=u&password=s3cret", "postgres://127.0.0.1:1/db?user=u"),
        (
            "postgresql://u:s3c%40ret@127.0.0.1:1/d%20b?sslmode=prefer",
            "postgresql://u@127.0.0.1:1/d%20b?sslmode=prefer",
        ),
        ("postgresql://u:s3cret@127.0.0.1:1,127.0.0.1:2/db", "postgresql://u@127.0.0.1:1,127.0.0.1:2/db"),
        ("postgresql://127.0.0.1:1/db", "postgresql://127.0.0.1:1/db"),
    ],
)
def test_a_server_that_is_not_there_is_said_without_the_password(given: str, shown: str):
    for call in (open_store, init_store, upgrade_store):
        error = refusal(call, given)
        assert error.code == "store_unreachable"
        assert error.sentence.startswith(f"{shown}: ")
        assert "s3c" not in f"{error.sentence}{error.__cause__}"


@pytest.mark.parametrize("part", ["user=nobody_of_this_name", "dbname=nothing_of_this_name"])
def test_a_user_or_a_database_the_server_does_not_know_is_refused(postgres_url: str, part: str):
    error = refusal(open_store, f"{postgres_url}&{part}")
    assert error.code == "store_refused"
    assert "_of_this_name" in error.sentence


def test_a_wrong_password_is_refused_and_not_repeated(own_postgres, opener):
    with psycopg.connect(own_postgres.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE guarded LOGIN PASSWORD 'r1ght'; GRANT CREATE ON DATABASE postgres TO guarded")
        (own_postgres.data / "pg_hba.conf").write_text(
            "local all postgres trust\nlocal all guarded scram-sha-256\n", encoding="ascii"
        )
        connection.execute("SELECT pg_reload_conf()")
    host = f"host={quote(str(own_postgres.folder))}&options=-csearch_path%3Dguarded"
    error = refusal(init_store, f"postgresql://guarded:wr0ng@/postgres?{host}")
    assert error.code == "store_refused"
    assert "wr0ng" not in f"{error.sentence}{error.__cause__}"
    right = f"postgresql://guarded:r1ght@/postgres?{host}"
    assert init_store(right)
    store = opener(right)
    assert store.append([event()]) == [1]
    assert "r1ght" not in store.url


CHANGES = [
    "INSERT INTO installflow_events (originator_id, originator_version) VALUES (gen_random_uuid(), 1)",
    "UPDATE installflow_events SET state = '[]'",
    "DELETE FROM installflow_events",
    "TRUNCATE installflow_events",
    "SELECT setval('installflow_events_notification_id_seq', 1)",
    "UPDATE installflow_workflows SET document = '{}'",
    "DELETE FROM installflow_workflows",
    "UPDATE installflow_commands SET events = '[]'",
    "DELETE FROM installflow_commands",
    "DELETE FROM installflow_meta",
    "DROP FUNCTION installflow_append",
]
"""What was recorded stays, whatever a program with a worker's rights does."""


HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"


def as_the_page_says(schema: str = "public") -> list[str]:
    """The statements of the how-to that give a worker its rights, for a schema."""
    page = (HOW_TO / "run-on-postgresql.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    return [statement for statement in block.replace("public", schema).split(";") if statement.strip()]


def test_a_worker_can_do_its_work_and_change_nothing_that_was_recorded(own_postgres, opener):
    init_store(own_postgres.url)
    west = f"{own_postgres.url}&options=-csearch_path%3Douest"
    init_store(west)
    with psycopg.connect(own_postgres.url, autocommit=True) as connection:
        connection.execute(
            "CREATE ROLE worker LOGIN; CREATE ROLE anybody LOGIN; REVOKE CREATE ON SCHEMA public FROM public"
        )
        for grant in (*as_the_page_says(), *as_the_page_says("ouest")):
            connection.execute(grant)
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO anybody")
    store = opener(f"{west}&user=worker")
    for call in ALL.values():
        call(store)
    url = f"{own_postgres.url}&user=worker"
    store = opener(url)
    for call in ALL.values():
        call(store)
    store.append([event(), event()], {"k": "[]"}, {"a": "{}", "b": "{}"})
    assert not init_store(url)
    with psycopg.connect(url, autocommit=True) as connection:
        for change in CHANGES:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(change)
    for unit in ([event()], [event(), event()]):
        with pytest.raises(StoreUnavailable) as caught:
            opener(f"{own_postgres.url}&user=anybody").append(unit, workflows=WORKFLOW)
        assert caught.value.code == "store_right_missing"
    with psycopg.connect(own_postgres.url, autocommit=True) as connection:
        connection.execute("REVOKE SELECT ON installflow_events FROM worker")
    assert code_of(ALL["position"], store) == "store_right_missing"


def test_a_copy_restored_as_the_page_says_belongs_to_who_owned_the_store(own_postgres, opener, tmp_path):
    """Restored otherwise, what appends would run with the administrator's rights."""
    programs = own_postgres._programs
    if not all((programs / name).is_file() for name in ("createdb", "pg_dump", "pg_restore")):
        pytest.skip("this PostgreSQL has no pg_dump")
    page = (HOW_TO / "check-a-store.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith(("pg_dump ", "createdb ", "pg_restore "))]
    assert [line.partition(" ")[0] for line in lines] == ["pg_dump", "createdb", "pg_restore"]
    with psycopg.connect(own_postgres.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE installflow LOGIN; CREATE ROLE worker LOGIN")
        connection.execute("CREATE DATABASE orders OWNER installflow")
    database = own_postgres.url.replace("/postgres?", "/{}?") + "&user={}"
    owned = database.format("orders", "installflow")
    init_store(owned)
    with psycopg.connect(owned, autocommit=True) as connection:
        for grant in as_the_page_says():
            connection.execute(grant)
    opener(owned).append([event(), event()], {"k": "[]"}, WORKFLOW)
    where = {"PGHOST": str(own_postgres.folder), "PGUSER": "postgres"}
    for line in lines:
        name, *words = line.split()
        subprocess.run([programs / name, *words], check=True, cwd=tmp_path, env=os.environ | where)
    for user in ("installflow", "worker"):
        store = opener(database.format("orders_copy", user))
        for call in ALL.values():
            call(store)
    with psycopg.connect(database.format("orders_copy", "installflow")) as connection:
        owners = "SELECT DISTINCT proowner::regrole::text FROM pg_proc WHERE proname LIKE 'installflow%'"
        assert connection.execute(owners).fetchall() == [("installflow",)]


@pytest.mark.parametrize("value", ["y", "1", "True", "on"])
def test_functions_that_append_without_the_lock_are_refused(postgres_url: str, monkeypatch, value: str):
    monkeypatch.setenv(DB_FUNCTIONS, value)
    error = refusal(open_store, postgres_url)
    assert error.code == "store_db_functions"
    assert DB_FUNCTIONS in error.sentence


@pytest.mark.parametrize("value", ["", "n", "0", "False"])
def test_a_setting_that_says_no_is_no_refusal(postgres_url: str, opener, monkeypatch, value: str):
    monkeypatch.setenv(DB_FUNCTIONS, value)
    assert opener(postgres_url).position() == 0


@pytest.mark.parametrize("missing", ["psycopg", "psycopg_pool"])
def test_without_the_driver_the_extra_is_named_and_sqlite_goes_on(missing: str):
    script = f"""
import sys
sys.modules[{missing!r}] = None
from installflow.errors import StoreUnavailable
from installflow.store import init_store, open_store
open_store(None).close()
for call in (open_store, init_store):
    try:
        call("postgresql://u:pw@h/db")
    except StoreUnavailable as error:
        print(error.code, error.sentence)
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    said = ran.stdout.splitlines()
    assert len(said) == 2
    for line in said:
        assert line.startswith("store_postgres_missing ")
        assert "pip install 'installflow[postgres]'" in line
        assert "pw" not in line


def test_every_connection_has_its_limits(postgres_url: str, opener):
    store = opener(postgres_url, lock_timeout=3)
    with store._session() as first, store._session() as second:
        for cursor in (first, second):
            shown = [
                cursor.execute(f"SHOW {name}").fetchone()[0]
                for name in ("lock_timeout", "idle_in_transaction_session_timeout", "default_transaction_isolation")
            ]
            assert shown == ["3s", "1min", "read committed"]
            assert cursor.connection.info.get_parameters()["connect_timeout"] == "3"


def test_a_writer_may_wait_for_less_than_a_second(postgres_url: str, opener):
    with opener(postgres_url, lock_timeout=0.25)._session() as cursor:
        assert cursor.execute("SHOW lock_timeout").fetchone() == ("250ms",)


def test_what_the_url_asks_for_goes_before_our_own(postgres_url: str, opener):
    store = opener(f"{postgres_url}&connect_timeout=9&application_name=board")
    with store._session() as cursor:
        given = cursor.connection.info.get_parameters()
    assert (given["connect_timeout"], given["application_name"]) == ("9", "board")


@pytest.mark.parametrize(
    ("synchronous", "before", "after"),
    [("FULL", "on", "on"), ("FULL", "off", "on"), ("FULL", "local", "local"), ("NORMAL", "on", "off")],
)
def test_durability_is_set_on_each_connection(postgres_url: str, opener, synchronous: str, before: str, after: str):
    store = opener(f"{postgres_url}%20-csynchronous_commit%3D{before}", synchronous=synchronous)
    with store._session() as cursor:
        assert cursor.execute("SHOW synchronous_commit").fetchone() == (after,)


LEFT_OPEN = """
import sys, threading
from uuid import uuid4
from installflow.store import open_store
store = open_store(sys.argv[1])
store.append([(uuid4(), 1, "order.order_received", b"[]")])
print(threading.active_count())
"""


def test_a_program_that_forgets_to_close_ends_at_once_and_no_thread_was_started(postgres_url: str):
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", LEFT_OPEN, postgres_url],
        capture_output=True, text=True, check=False, timeout=30, env=os.environ | {"PYTHONDEVMODE": "1"},
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "1\n", "")
