"""Schemas of any name, databases of any encoding: used as they are, or refused with what to do."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from installflow.errors import StoreUnavailable
from installflow.store import init_store, open_store
from tests.store.sample import event

psycopg = pytest.importorskip("psycopg", reason="no PostgreSQL: psycopg is not installed")


def named(url: str, path: str) -> str:
    """The base of a URL, its connections looking into these schemas."""
    return f"{url.rpartition('search_path%3D')[0]}search_path%3D{quote(path, safe='')}"


@pytest.mark.parametrize("written", ["{0},b", '{0}" b', "{0} C", "{0}$user", "{0}'"])
def test_a_schema_is_the_first_name_of_the_path_whatever_its_letters(new_postgres_url, opener, written: str):
    url = new_postgres_url(initialised=False)
    schema = written.format(url.rpartition("search_path%3D")[2] + "_q")
    as_path = '"{}"'.format(schema.replace('"', '""')).replace("\\", "\\\\").replace(" ", "\\ ")
    asked = named(url, f"{as_path},public")
    try:
        assert init_store(asked)
        assert opener(asked).append([event()]) == [1]
        assert not init_store(asked)
        with psycopg.connect(url) as connection:
            found = connection.execute(
                "SELECT schemaname FROM pg_tables WHERE tablename = 'installflow_events' AND schemaname = %s", (schema,)
            )
            assert found.fetchall() == [(schema,)]
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            doubled = schema.replace('"', '""')
            connection.execute(f'DROP SCHEMA IF EXISTS "{doubled}" CASCADE')


@pytest.mark.parametrize("schema", ["100%", "a$t$b"])
def test_a_schema_no_store_can_lie_in_is_refused_and_not_made(new_postgres_url, schema: str):
    url = new_postgres_url(initialised=False)
    for call in (init_store, open_store):
        with pytest.raises(StoreUnavailable, match="give another schema") as refused:
            call(named(url, f'"{schema}"'))
        assert refused.value.code == "store_schema"
    with psycopg.connect(url) as connection:
        assert not connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema,)).fetchone()


def test_a_base_that_is_not_in_utf8_is_refused(own_postgres):
    with psycopg.connect(own_postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    url = f"postgresql://postgres@/latin?host={quote(str(own_postgres.folder))}"
    for call in (init_store, open_store):
        with pytest.raises(StoreUnavailable, match="ENCODING 'UTF8'") as refused:
            call(url)
        assert refused.value.code == "store_encoding"


@pytest.mark.parametrize("stamp", ["9" * 6000, "²", ""])
def test_a_format_that_is_no_number_is_a_damaged_store(postgres_url: str, stamp: str):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("UPDATE installflow_meta SET value = %s WHERE key = 'format'", (stamp,))
        try:
            with pytest.raises(StoreUnavailable) as refused:
                open_store(postgres_url)
            assert refused.value.code == "store_corrupt"
        finally:
            connection.execute("UPDATE installflow_meta SET value = '2' WHERE key = 'format'")


@pytest.mark.parametrize("events", ['["abc"]', "{}", "[]", "null", "[["])
def test_what_a_command_recorded_is_read_by_the_check_or_named(postgres_url: str, opener, events: str):
    store = opener(postgres_url)
    store.append([event()], {"kept": events})
    assert [(fault.code, fault.where) for fault in store.check()] == [("command_unreadable", "kept")]


@pytest.mark.parametrize("position", [-1, 9_000])
def test_a_view_that_stands_where_the_log_is_not_is_named(postgres_url: str, opener, position: int):
    store = opener(postgres_url)
    store.append([event()])
    store.view_advance("planning@1", 0, 1, {})
    assert store.check() == []
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("UPDATE installflow_views SET position = %s", (position,))
    assert [(fault.code, fault.where) for fault in store.check()] == [("view_position", f"planning@1: {position}")]
