"""Every method of a store's face, called: what is asked of each store in each trouble."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from installflow.errors import StoreUnavailable
from installflow.store import Store
from installflow.store.store import ViewRow
from tests.store.sample import WORKFLOW, event, numbered

VIEW = "planning@1"
ROW = ViewRow(b"row", 1)

READS: dict[str, Callable[[Store], object]] = {
    "command": lambda store: store.command("x"),
    "commands": lambda store: store.commands(["x"]),
    "command_page": lambda store: store.command_page("", 10),
    "load": lambda store: store.load(numbered(1)),
    "load_many": lambda store: store.load_many([numbered(1)]),
    "log": lambda store: store.log(0, 10),
    "position": lambda store: store.position(),
    "ids": lambda store: store.ids("", "order"),
    "workflow": lambda store: store.workflow("9f2c"),
    "views": lambda store: store.views(),
    "streams": lambda store: store.streams(None, 10, 10),
    "check": lambda store: store.check(),
    "view_names": lambda store: store.view_names(),
    "view_position": lambda store: store.view_position(VIEW),
    "view_snapshot": lambda store: store.view_snapshot(VIEW, 10),
    "view_rows": lambda store: store.view_rows(VIEW),
    "view_everyday": lambda store: store.view_everyday(VIEW, ["key"]),
    "view_archived": lambda store: store.view_archived(VIEW, ["key"]),
    "view_parked": lambda store: store.view_parked(VIEW),
    "view_page": lambda store: store.view_page(VIEW, None, 10),
    "view_differences": lambda store: store.view_differences(VIEW, 1, None, 10),
}

WRITES: dict[str, Callable[[Store], object]] = {
    "append one": lambda store: store.append([event()], workflows=WORKFLOW),
    "append many": lambda store: store.append([event(), event()]),
    "append under a new workflow": lambda store: store.append([event()], workflows={uuid4().hex: "{}"}),
    "view_advance": lambda store: store.view_advance(VIEW, store.view_position(VIEW), 5, {numbered(1): ROW}),
    "view_begin": lambda store: store.view_begin(VIEW),
    "view_build": lambda store: store.view_build(1, [(numbered(1), ROW)]),
    "view_swap": lambda store: store.view_swap(VIEW, 1),
    "view_abandon": lambda store: store.view_abandon(1),
    "view_drop": lambda store: store.view_drop(VIEW),
}

ALL = READS | WRITES


def code_of(call: Callable[[Store], object], store: Store) -> str:
    with pytest.raises(StoreUnavailable) as caught:
        call(store)
    assert caught.value.sentence.startswith(f"{store.url}: ")
    return caught.value.code
