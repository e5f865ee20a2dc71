"""`installflow views` and `rebuild`: what the views hold, what they left aside, building them again."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from installflow import Actor, InstallFlow
from installflow.orders import CommentAdded
from installflow.projections.rebuilding import DIFFERENCES_TOLD

FILE = "installflow.db"


NAMES = ["agenda", "billing", "conversations", "offers", "planning", "sheets", "supply_orders"]


def change(statement, *values):
    """Write to the store's file as nobody should."""
    with closing(sqlite3.connect(FILE)) as connection, connection:
        connection.execute(statement, values)


def damage(order):
    """Make an order's last event unreadable; answers how to mend it."""
    key = order.replace("-", "")
    with closing(sqlite3.connect(FILE)) as connection:
        last, state = connection.execute(
            "SELECT position, state FROM stored_events WHERE originator_id = ? ORDER BY position DESC LIMIT 1", (key,)
        ).fetchone()
    change("UPDATE stored_events SET state = X'5B' WHERE position = ?", last)
    return lambda: change("UPDATE stored_events SET state = ? WHERE position = ?", state, last)


@pytest.fixture
def damaged(cli, sonia, open_order):
    """One order a view follows, another parked at its second event; its id and how to mend it."""
    open_order("Garage Petit")
    order = open_order(ref="CMD-1")
    cli("board")
    sonia("record", order, "commenter", "text=vu", "--json")
    mend = damage(order)
    # Rows made before the damage would hide it.
    change("DELETE FROM views")
    return order, mend


def test_the_status_of_views_is_told_before_they_are_read(cli, sonia, open_order):
    order = open_order()
    cli("board")
    cli("agenda")
    cli("billing")
    # From the library, which reads no view: the command line shows alerts after each event.
    with InstallFlow("sqlite:///installflow.db") as flow:
        flow.record(order, CommentAdded(text="vu"), by=Actor("Sonia", role="planner"))
    views = cli("views", "status", "--json").json
    assert [view["name"] for view in views] == NAMES
    planning = views[NAMES.index("planning")]
    assert planning == {
        "name": "planning", "version": planning["version"], "position": 1, "behind": 1, "rows": 1, "events": 1,
        "parked": 0, "building": False, "live": True,
    }  # fmt: skip
    shown = cli("views", "status").out
    assert "planning" in shown
    assert "lue par les écrans" in shown


@pytest.mark.usefixtures("empty_base")
def test_views_nobody_read_yet_have_a_status_too(cli):
    views = cli("views", "status", "--json").json
    assert {(view["name"], view["position"], view["rows"]) for view in views} == {(name, 0, 0) for name in NAMES}


def test_nothing_parked_is_said(cli, open_order):
    open_order()
    assert cli("views", "parked").out == "aucun dossier n'est laissé de côté\n"
    assert cli("views", "parked", "--json").json == []
    assert cli("views", "retry").out == "aucun dossier n'est laissé de côté : rien à reprendre\n"
    assert cli("views", "retry", "--json").json == []


def test_what_a_view_cannot_follow_is_named_and_retried(cli, damaged):
    order, mend = damaged
    assert len(cli("board", "--json").json) == 2
    once = cli("follow", "--once")
    assert (once.code, order in once.err) == (0, True)
    ran = cli("views", "parked", "--json")
    assert ran.code == cli("views", "parked").code == 1
    parked = ran.json
    assert [set(one) for one in parked] == [{"view", "id", "position", "reason", "tries"}] * len(parked)
    assert {(one["view"], one["id"], one["position"]) for one in parked} >= {("planning", order, 3)}
    assert parked[0]["tries"] >= 1
    assert f"planning : {order} ne se lit plus à la position 3" in cli("views", "parked").out

    still = cli("views", "retry", "planning")
    assert still.code == 1
    assert "toujours laissé de côté" in still.out
    mend()
    ran = cli("views", "retry", "--json")
    assert ran.code == 0
    assert {(one["view"], one["id"], one["followed"], one["reason"]) for one in ran.json} >= {
        ("planning", order, True, None)
    }
    ran = cli("views", "parked", "--json")
    assert (ran.code, ran.json) == (0, [])
    assert cli("db", "check").code == 0


@pytest.mark.parametrize("said", ["id", "short", "ref"])
def test_one_order_can_be_retried(cli, damaged, said):
    order, mend = damaged
    cli("board")
    mend()
    ran = cli("views", "retry", "planning", {"id": order, "short": order[:8], "ref": "cmd-1"}[said])
    assert (ran.code, ran.out) == (0, f"✓ planning : {order} est suivi de nouveau\n")


def test_an_order_parked_from_its_first_event_can_be_retried_by_its_id(cli, open_order):
    order = open_order(ref="CMD-1")
    mend = damage(order)
    change("DELETE FROM views")
    assert cli("board", "--json").json == []
    mend()
    assert cli("views", "retry", "planning", "CMD-1").code == 4  # a reference is looked up on the board
    assert cli("views", "retry", "planning", order[:8]).code == 0
    assert len(cli("board", "--json").json) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("views", "retry", "xyz"), "planning"),
        (("views", "retry", "xyz", "CMD-1"), "planning"),
        (("views", "retry", "planning", "zzz"), "zzz"),
        (("views", "retry", "planning", "CMD-1"), "n'est pas laissée de côté"),
        (("rebuild", "xyz"), "planning"),
    ],
)
def test_an_unknown_view_or_order_exits_4(cli, open_order, words, said):
    open_order(ref="CMD-1")
    ran = cli(*words)
    assert ran.code == 4
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_rebuild_answers_the_rows_and_what_differed(cli, open_order):
    order = open_order()
    open_order("Garage Petit")
    for screen in ("board", "agenda", "billing", "openip"):
        cli(screen)
    same = {"rows": 2, "changed": [], "added": [], "removed": [], "compared": True}
    of_orders = dict.fromkeys(("agenda", "billing", "planning"), same)
    assert cli("rebuild", "--json").json == dict.fromkeys(NAMES, same | {"rows": 0}) | of_orders
    assert cli("rebuild", "planning").out == "planning : 2 ligne(s) reconstruite(s), aucune différence\n"

    change("UPDATE view_rows SET row = CAST(replace(CAST(row AS TEXT), 'Garage Petit', 'Garage Grand') AS BLOB)")
    change("DELETE FROM view_rows WHERE id = ?", order.replace("-", ""))
    compared = cli("rebuild", "planning", "--compare", "--json")
    assert compared.code == 1
    planning = compared.json["planning"]
    assert (planning["rows"], planning["added"], len(planning["changed"]), planning["removed"]) == (2, [order], 1, [])
    told = cli("rebuild", "planning", "--compare")
    assert told.code == 1
    assert told.out.startswith(
        "planning : 2 ligne(s) recalculée(s), 2 de différence avec ce que montraient les écrans\n"
    )
    assert f"manquaient : {order}" in told.out
    assert [row["client"] for row in cli("board", "--json").json] == ["Garage Grand"]  # nothing has changed

    ran = cli("rebuild", "planning")
    assert ran.code == 0
    assert "2 de différence" in ran.out
    assert {row["client"] for row in cli("board", "--json").json} == {"Garage Petit", "Boulangerie Morel"}
    assert cli("rebuild", "planning", "--compare").code == 0


def test_the_first_ten_that_differ_are_named(cli, open_order):
    for number in range(13):
        open_order(f"Client {number}")
    cli("board")
    change("UPDATE view_rows SET row = CAST(replace(CAST(row AS TEXT), 'Client ', 'Autre ') AS BLOB)")
    out = cli("rebuild", "planning").out
    assert "13 de différence" in out
    assert out.count("-4") >= 10
    assert out.endswith("et 3 autre(s)\n")
    assert DIFFERENCES_TOLD > 13


def test_rebuild_says_what_it_left_aside(cli, damaged):
    order, mend = damaged
    for words in (("rebuild", "planning"), ("rebuild", "planning", "--compare")):
        ran = cli(*words)
        assert ran.code == 1
        assert f"⚠ planning : le dossier {order} est laissé de côté" in ran.err
    mend()
    assert cli("rebuild", "planning").code == 0


@pytest.mark.parametrize("words", [(), ("--compare",)])
def test_a_view_never_built_is_not_called_equal(cli, open_order, words):
    open_order()
    ran = cli("rebuild", "agenda", *words)
    assert ran.code == 0
    assert ran.out.endswith(", jamais construite jusqu'ici : rien à comparer\n")
    cli("agenda")
    assert cli("rebuild", "agenda", *words).out.endswith(", aucune différence\n")
    assert cli("rebuild", "billing", *words, "--json").json["billing"]["compared"] is False
