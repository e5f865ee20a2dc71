"""A schema that lacks a key, an index, a default or a function of ours: named, not opened, and made whole again."""

from __future__ import annotations

import re
from typing import Any

import pytest

from installflow.errors import StoreUnavailable
from installflow.store import VersionTaken, init_store, open_store, upgrade_store
from tests.store.sample import WORKFLOW, event, numbered

psycopg = pytest.importorskip("psycopg", reason="no PostgreSQL: psycopg is not installed")

ONE = "event_id uuid, event_version bigint, event_topic text, event_state bytea, event_digest text"

EATS = "CREATE FUNCTION eats() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"

LOST = [
    *(
        (f"ALTER TABLE installflow_{table} DROP CONSTRAINT installflow_{table}_pkey", f"installflow_{table}_pkey")
        for table in ("events", "meta", "workflows", "commands", "views", "view_rows", "view_parked")
    ),
    *(
        (f"DROP INDEX {index}", index)
        for index in (
            "installflow_events_notification_id_idx",
            "installflow_live_views",
            "installflow_everyday_rows",
            "installflow_archived_rows",
        )
    ),
    (
        "DROP INDEX installflow_live_views; CREATE INDEX installflow_live_views ON installflow_views (view)",
        "installflow_live_views",
    ),
    ("ALTER TABLE installflow_events ALTER notification_id DROP DEFAULT", "installflow_events.notification_id"),
    ("ALTER TABLE installflow_views ALTER beat DROP DEFAULT", "installflow_views.beat"),
    ("ALTER SEQUENCE installflow_events_notification_id_seq CACHE 50", "installflow_events_notification_id_seq"),
    ("DROP SEQUENCE installflow_views_generation_seq CASCADE", "installflow_views_generation_seq"),
    ("DROP FUNCTION installflow_append", "installflow_append"),
    ("ALTER FUNCTION installflow_append_one RESET search_path", "installflow_append_one"),
    ("ALTER FUNCTION installflow_append_one SECURITY INVOKER", "installflow_append_one"),
    (
        f"CREATE OR REPLACE FUNCTION installflow_append_one({ONE}) RETURNS bigint LANGUAGE sql AS 'SELECT 7::bigint'",
        "installflow_append_one",
    ),
]


def do(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def missing(url: str) -> list[str]:
    """What opening, and making, a store say is missing."""
    found = []
    for call in (open_store, init_store):
        with pytest.raises(StoreUnavailable, match="installflow db upgrade") as refused:
            call(url)
        assert refused.value.code == "store_incomplete"
        found.append([reason.sentence for reason in refused.value.reasons])
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize(("damage", "name"), LOST)
def test_what_is_missing_is_named_the_store_not_opened_and_made_whole_by_an_upgrade(
    new_postgres_url, opener, damage: str, name: str
):
    url = new_postgres_url()
    store = opener(url)
    store.append([event(numbered(1))], {"k": f'[["{numbered(1).hex}", 1]]'}, WORKFLOW)
    do(url, damage)
    assert name in missing(url)
    assert ("store_incomplete", name) in [(fault.code, fault.where) for fault in store.check()]
    assert upgrade_store(url) == (2, 2)
    again = opener(url)
    assert again.append([event(numbered(2))], {}, WORKFLOW) == [2]
    assert again.check() == []


def test_rows_that_stand_twice_are_not_hidden_by_an_upgrade(new_postgres_url, opener):
    url = new_postgres_url()
    opener(url).append([event(numbered(1))])
    do(
        url,
        "ALTER TABLE installflow_events DROP CONSTRAINT installflow_events_pkey",
        "INSERT INTO installflow_events SELECT originator_id, originator_version, topic, state FROM installflow_events",
    )
    with pytest.raises(StoreUnavailable, match="twice") as refused:
        upgrade_store(url)
    assert refused.value.code == "store_corrupt"
    assert missing(url) == ["installflow_events_pkey"]


def test_a_schema_under_another_name_never_appends_to_the_one_that_has_its_name_now(new_postgres_url, opener):
    url = new_postgres_url()
    name = url.rpartition("search_path%3D")[2]
    old = f"{url}_old"
    opener(url).append([event(numbered(1))], {}, WORKFLOW)
    try:
        do(url, f'ALTER SCHEMA "{name}" RENAME TO "{name}_old"')
        assert missing(old) == ["installflow_append", "installflow_append_one"]
        assert init_store(url)
        assert missing(old) == ["installflow_append", "installflow_append_one"]
        upgrade_store(old)
        assert opener(old).append([event(numbered(2))], {}, WORKFLOW) == [2]
        assert opener(old).append([event(numbered(3)), event(numbered(4))]) == [3, 4]
        assert opener(url).position() == 0
    finally:
        do(url, f'DROP SCHEMA IF EXISTS "{name}_old" CASCADE')


def test_a_store_whose_schema_takes_another_name_while_it_is_open_stores_nothing_until_its_functions_are_its_own(
    new_postgres_url, opener
):
    one, two = new_postgres_url(), new_postgres_url()
    a, b = (url.rpartition("search_path%3D")[2] for url in (one, two))
    store = opener(one)
    assert store.append([event(numbered(1))], {}, WORKFLOW) == [1]
    for old, new in ((a, f"{a}_"), (b, a), (f"{a}_", b)):
        do(one, f'ALTER SCHEMA "{old}" RENAME TO "{new}"')
    for unit in ([event(numbered(2))], [event(numbered(3)), event(numbered(4))]):
        with pytest.raises(StoreUnavailable, match="installflow_append_one") as refused:
            store.append(unit, {}, WORKFLOW)
        assert refused.value.code == "store_incomplete"
    for url in (one, two):
        assert missing(url) == ["installflow_append", "installflow_append_one"]
        upgrade_store(url)
    assert opener(two).append([event(numbered(5))], {}, WORKFLOW) == [2]
    with pytest.raises(VersionTaken):  # what was decided on the other tables is decided again
        store.append([event(numbered(6))], {}, WORKFLOW)
    assert store.append([event(numbered(6))], {}, WORKFLOW) == [1], "it goes on with what its URL names now"


def test_functions_that_would_write_as_another_than_the_tables_owner_are_neither_used_nor_made(new_postgres_url):
    url = new_postgres_url()
    role = f"o{url.rpartition('search_path%3D')[2]}"
    do(url, f'CREATE ROLE "{role}"', f'ALTER TABLE installflow_events OWNER TO "{role}"')
    try:
        assert missing(url) == ["installflow_append", "installflow_append_one"]
        with pytest.raises(StoreUnavailable, match="does not own its tables") as refused:
            upgrade_store(url)
        assert refused.value.code == "store_not_owner"
    finally:
        do(url, "ALTER TABLE installflow_events OWNER TO CURRENT_USER", f'DROP ROLE "{role}"')
    assert upgrade_store(url) == (2, 2)


def test_functions_made_anew_may_be_called_by_whoever_could_before_and_by_nobody_else(new_postgres_url):
    url = new_postgres_url()
    role = f"w{url.rpartition('search_path%3D')[2]}"
    granted = "SELECT has_function_privilege(%s, oid, 'EXECUTE') FROM pg_proc WHERE proname = 'installflow_append' \
        AND pronamespace = current_schema()::regnamespace"
    do(url, f'CREATE ROLE "{role}"', f'GRANT EXECUTE ON FUNCTION installflow_append TO "{role}"')
    try:
        do(url, "ALTER FUNCTION installflow_append RESET search_path")
        upgrade_store(url)
        with psycopg.connect(url) as connection:
            (mine,) = connection.execute(granted, (role,)).fetchone()
            (everybody,) = connection.execute(granted, ("public",)).fetchone()
        assert (mine, everybody) == (True, False)
    finally:
        do(url, f'DROP OWNED BY "{role}"', f'DROP ROLE "{role}"')


@pytest.mark.parametrize(
    ("put", "what"),
    [
        (
            f"{EATS}; CREATE TRIGGER t AFTER INSERT ON installflow_events EXECUTE FUNCTION eats()",
            "installflow_events: TRIGGER t",
        ),
        (
            "CREATE RULE r AS ON INSERT TO installflow_events WHERE new.originator_version > 2 DO INSTEAD NOTHING",
            "installflow_events: RULE r",
        ),
        ("ALTER TABLE installflow_commands ENABLE ROW LEVEL SECURITY", "installflow_commands: ROW LEVEL SECURITY"),
        ("ALTER TABLE installflow_events SET UNLOGGED", "installflow_events: UNLOGGED"),
    ],
)
def test_what_stands_between_us_and_the_tables_is_named(new_postgres_url, opener, put: str, what: str):
    url = new_postgres_url()
    store = opener(url)
    assert store.check() == []
    do(url, put)
    assert [(fault.code, fault.where) for fault in store.check()] == [("store_altered", what)]


@pytest.mark.parametrize("number", [1, 2])
def test_events_a_trigger_eats_are_not_answered_as_recorded(new_postgres_url, opener, number: int):
    url = new_postgres_url()
    do(url, f"{EATS}; CREATE TRIGGER t BEFORE INSERT ON installflow_events FOR EACH ROW EXECUTE FUNCTION eats()")
    with pytest.raises(StoreUnavailable, match="trigger") as refused:
        opener(url).append([event(numbered(one)) for one in range(number)], {}, WORKFLOW)
    assert refused.value.code == "store_altered"


def test_every_part_the_library_makes_is_looked_for(postgres_url: str):
    """Each index and default of a new store is one of those declared: one that is added must be added there too."""
    from installflow.store import postgres_shape as shape

    with psycopg.connect(postgres_url) as connection:
        rows: Any = connection.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() UNION ALL"
            " SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() UNION ALL"
            " SELECT table_name || '.' || column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND column_default IS NOT NULL"
        ).fetchall()
    assert {name for (name,) in rows} == {part.name for part in shape.PARTS}
    assert all(re.search(r"\{s\}\.", statement) for part in shape.PARTS for statement in part.made_by)
