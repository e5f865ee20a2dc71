"""Archived rows: left out of the everyday ones, found by their keys, compared like the rest of a row."""

from __future__ import annotations

from typing import Any

import pytest

from installflow.store import Store
from installflow.store.store import ParkedAt, ViewDifference
from tests.store.conftest import Opener
from tests.store.sample import event, numbered
from tests.store.views import ONE, PLANNING, THREE, TWO, built, row


def test_archived_rows_are_left_out_of_the_everyday_ones_but_for_those_of_a_key(store: Store):
    rows = {ONE: row("1"), TWO: row("2", 1, 'bill\nref é "x\\n'), THREE: row("3", 1, ""), numbered(4): row(None)}
    store.view_advance(PLANNING, 0, 3, rows)
    store.view_advance("agenda@1", 0, 3, {numbered(5): row("5", 1, "bill")})
    assert store.view_everyday(PLANNING) == ([(ONE, b"1")], [])
    assert store.view_everyday(PLANNING, ["bill", 'ref é "x\\n', "?"]) == ([(ONE, b"1")], [(TWO, b"2")])
    assert store.view_archived(PLANNING, ["bill"]) == [(TWO, b"2")]
    assert store.view_archived(PLANNING, ["", "?", "bil"]) == store.view_archived(PLANNING, []) == []
    assert [found for found, _ in store.view_rows(PLANNING)] == [ONE, TWO, THREE]
    assert dict(store.view_page(PLANNING, None, 9)) == rows


def test_a_row_written_again_is_found_by_its_new_keys_alone(store: Store):
    store.view_advance(PLANNING, 0, 3, {ONE: row("1", 1, "a\nb"), TWO: row("2", 1, "a")})
    store.view_advance(PLANNING, 3, 4, {ONE: row("1", 2, "b\nc")})
    assert [store.view_archived(PLANNING, [key]) for key in "abc"] == [[(TWO, b"2")], [(ONE, b"1")], [(ONE, b"1")]]
    store.view_advance(PLANNING, 4, 5, {ONE: row("1", 3), TWO: row("2", 2)})
    assert store.view_everyday(PLANNING, ["a", "b", "c"]) == ([(ONE, b"1"), (TWO, b"2")], [])
    store.view_advance(PLANNING, 5, 6, {TWO: row("2", 3, "a")}, {ONE: ParkedAt(6, "no")})
    assert store.view_everyday(PLANNING, ["a"]) == ([(ONE, b"1")], [(TWO, b"2")])


def test_rows_archived_are_found_by_many_keys_at_once(store: Store):
    ids = [numbered(number) for number in range(1, 1301)]
    assert store.view_swap(PLANNING, built(store, {one: row("x", 1, f"{one}\nall") for one in ids}))
    assert store.view_archived(PLANNING, [*map(str, ids), "all"]) == [(one, b"x") for one in ids]
    assert store.view_everyday(PLANNING, [str(ids[7])]) == ([], [(ids[7], b"x")])


def test_what_a_row_is_archived_under_is_compared_and_seen_in_a_snapshot(store: Store):
    store.append([event(ONE), event(TWO)])
    store.view_advance(PLANNING, 0, 0, {ONE: row("1", 1, "a"), TWO: row("2", 1, "a\nb"), THREE: row("3")})
    assert store.view_snapshot(PLANNING, 9).rows == {ONE: row("1", 1, "a"), TWO: row("2", 1, "a\nb")}
    other = built(store, {ONE: row("1", 1, "b"), TWO: row("2", 1, "a\nb"), THREE: row("3", 1, "")})
    assert store.view_differences(PLANNING, other, None, 9) == [
        ViewDifference(ONE, row("1", 1, "a"), row("1", 1, "b")),
        ViewDifference(THREE, row("3"), row("3", 1, "")),
    ]


def test_many_keys_are_looked_up_and_not_every_row_on_postgres(postgres_url: str, opener: Opener):
    statements = pytest.importorskip("installflow.store.postgres_view_sql", reason="no PostgreSQL: psycopg is missing")
    store: Any = opener(postgres_url)
    rows = {numbered(number): row("x" * 400, 1, f"ref cmd-{number}\nXY{number}FR") for number in range(20_000)}
    assert store.view_swap(PLANNING, built(store, rows))

    def plan(statement: str, *parameters: object) -> str:
        with store._session() as cursor:
            cursor.execute("ANALYZE installflow_view_rows")
            cursor.execute(b"EXPLAIN " + store._sql(statement), parameters)
            return "\n".join(line for (line,) in cursor)

    sought = [[f"XY{number}FR" for number in range(18_000, 22_000)], PLANNING, PLANNING, 0]
    plans = [plan(statements.ARCHIVED, *sought), plan(statements.EVERYDAY, PLANNING, *sought)]
    assert all("installflow_archived_rows" in found for found in plans)
    assert not any("Seq Scan on installflow_view_rows" in found for found in plans)
    seen = statements.ARCHIVED.replace("(SELECT %b::text[])", "%b::text[]")
    assert "Seq Scan on installflow_view_rows" in plan(seen, *sought)
