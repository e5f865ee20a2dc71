"""Views as the tests of a store write and read them."""

from __future__ import annotations

from uuid import UUID

from installflow.store import Store
from installflow.store.store import NOTHING_PARKED, Parked, Revision, ViewRow, ViewState
from tests.store.sample import numbered

PLANNING = "planning@1"
ONE, TWO, THREE = numbered(1), numbered(2), numbered(3)
NOT_BEGUN = Revision(0, 0)


def row(text: str | None, events: int = 1, archived: str | None = None) -> ViewRow:
    return ViewRow(None if text is None else text.encode(), events, archived)


def live(store: Store, view: str = PLANNING) -> ViewState:
    (state,) = [state for state in store.views() if state.view == view and state.live]
    return state


def built(store: Store, rows: dict[UUID, ViewRow], view: str = PLANNING) -> int:
    generation = store.view_begin(view)
    assert store.view_build(generation, list(rows.items()))
    return generation


def shown(
    store: Store, generation: int, position: int, parked: Parked = NOTHING_PARKED, *, view: str = PLANNING
) -> bool:
    """Swap a build in that has come so far."""
    whole = store.view_advance(view, 0, position, {}, parked, revision=Revision(generation, 0))
    return whole and store.view_swap(view, generation)


def aged(store: Store, seconds: int) -> None:
    """Make what builders said of themselves so much older."""
    if store.url.startswith("postgres"):
        age = f"UPDATE installflow_views SET beat = beat - interval '{seconds} seconds'"  # noqa: S608 - a number
    else:
        age = f"UPDATE views SET beat = beat - {seconds}"  # noqa: S608 - a number
    with store._session(**({} if store.url.startswith("postgres") else {"write": True})) as cursor:  # type: ignore[attr-defined]
        cursor.execute(age)


def kept_in(store: Store) -> dict[str, int]:
    """How many rows the tables of the views hold, those no reader sees included."""
    prefix = "installflow_" if store.url.startswith("postgres") else ""
    with store._session() as cursor:  # type: ignore[attr-defined]
        return {
            table: cursor.execute(f"SELECT COUNT(*) FROM {prefix}{table}").fetchone()[0]  # noqa: S608 - our own tables
            for table in ("views", "view_rows", "view_parked")
        }


def keys_in(store: Store) -> int:
    """How many keys archived rows have, those no reader sees included; PostgreSQL has them in the rows alone."""
    table = "(SELECT * FROM view_keys)"
    if store.url.startswith("postgres"):
        table = "(SELECT string_to_table(archived, E'\\n') FROM installflow_view_rows) AS keys"
    with store._session() as cursor:  # type: ignore[attr-defined]
        return int(cursor.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own tables
