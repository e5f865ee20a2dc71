"""One event that cannot be read: its order alone stops, which is said in French and never of the whole base."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from installflow import Actor, InstallFlow
from installflow.cli.follow import Teller
from installflow.cli.session import Session
from installflow.orders import CollecteStarted

FILE = "installflow.db"

ENGLISH = ("cannot", " damaged", "restore", "event ")


def change(statement, *values):
    """Write to the store's file as nobody should."""
    with closing(sqlite3.connect(FILE)) as connection, connection:
        connection.execute(statement, values)


@pytest.fixture
def damaged(once, cli, sonia, open_order):
    """An order whose second of three events cannot be read, folded before it was."""

    def made():
        open_order("Garage Petit")
        order = open_order()
        sonia("record", order, "demarrer_collecte")
        sonia("record", order, "commenter", "text=vu")
        cli("board")
        change("UPDATE stored_events SET state = X'5B' WHERE position = 3")
        return order

    return once(made)


@pytest.mark.parametrize("words", [("options",), ("record", "terminer_collecte")])
def test_the_order_is_named_and_not_the_base(sonia, damaged, words):
    command, *rest = words
    ran = sonia(command, damaged, *rest)
    assert ran.code == 1
    assert ran.err == (
        f"le dossier {damaged} s'arrête à son événement 2, abîmé : les autres continuent "
        "(« installflow db check » dit ce qui ne va pas)\n"
    )
    ran = sonia(command, damaged, *rest, "--json")
    assert (ran.code, ran.json["error"]) == (1, "store_damaged_event")


@pytest.mark.parametrize(
    ("statement", "code", "said"),
    [
        ("UPDATE stored_events SET topic = 'order.teleported' WHERE position = 3", "store_unknown_topic", "inconnu"),
        (
            "UPDATE stored_events SET state = CAST('[9' || substr(CAST(state AS TEXT), 3) AS BLOB) WHERE position = 3",
            "store_newer_event",
            "écrit par une version plus récente",
        ),
    ],
)
def test_an_event_of_another_version_asks_for_that_version(sonia, open_order, statement, code, said):
    open_order("Garage Petit")
    order = open_order()
    sonia("record", order, "demarrer_collecte")
    change(statement)
    ran = sonia("options", order, "--json")
    assert (ran.code, ran.json["error"]) == (1, code)
    assert f"le dossier {order} s'arrête à son événement 2, {said}" in ran.err
    assert "mettre installflow à jour ; les autres continuent" in ran.err


def test_history_tells_what_comes_before_it(cli, damaged):
    ran = cli("history", damaged)
    assert ran.code == 1, "a part of a history is no whole one"
    assert len(ran.out.splitlines()) == 1
    assert "Commande reçue de HIGHCOM" in ran.out
    assert f"⚠ le dossier {damaged} s'arrête à son événement 2" in ran.err
    assert cli("history", damaged, "--json").json["error"] == "store_damaged_event"


def test_history_stops_at_the_first_of_several(cli, sonia, damaged):
    change("UPDATE stored_events SET state = X'5B' WHERE position = 4")
    ran = cli("history", damaged)
    assert len(ran.out.splitlines()) == 1
    assert "à son événement 2" in ran.err


def test_a_history_damaged_from_its_first_event_on_tells_nothing(cli, damaged):
    change("UPDATE stored_events SET state = X'5B' WHERE position = 2")
    ran = cli("history", damaged)
    assert ran.code == 1
    assert "à son événement 1" in ran.err


@pytest.mark.parametrize("command", ["show", "options", "history"])
def test_an_order_no_view_can_follow_is_not_called_unknown(cli, damaged, command):
    change("UPDATE stored_events SET state = X'5B' WHERE position = 2")
    change("DELETE FROM views")
    ran = cli(command, damaged[:8])
    assert ran.code == 1
    assert f"le dossier {damaged} s'arrête à son événement 1, abîmé" in ran.err


def test_show_tells_the_order_as_it_was(cli, damaged):
    ran = cli("show", damaged)
    assert ran.code == 0
    assert "Boulangerie Morel" in ran.out
    assert f"⚠ le dossier {damaged} s'arrête à son événement 2" in ran.err
    change("DELETE FROM views")
    ran = cli("show", damaged)
    assert ran.code == 0
    assert "New" in ran.out
    assert f"⚠ {damaged[:8]} : illisible depuis un de ses événements, montré tel qu'avant" in ran.err
    assert cli("show", damaged, "--json").json["status"] == "New"


def test_an_order_beside_it_is_told_without_a_word_of_it(cli, open_order, damaged):
    change("DELETE FROM views")
    cli("board")
    assert cli("show", open_order("Mairie")).err == ""


def test_a_damaged_remark_does_not_stop_the_order(cli, sonia, damaged):
    order = cli("board", "--json", "--search", "garage").json[0]["id"]
    sonia("record", order, "commenter", "text=vu")
    change('UPDATE stored_events SET state = replace(CAST(state AS TEXT), \'{"text":"vu"\', \'{"texte":1\') ')
    ran = sonia("record", order, "demarrer_collecte")
    assert ran.code == 0, ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("views", "parked"),
        ("views", "retry"),
        ("board",),
        ("today",),
        ("db", "check"),
        ("rebuild",),
        ("follow", "--once"),
    ],
)
def test_what_is_left_aside_is_told_in_french(cli, damaged, words):
    change("DELETE FROM views")
    if words[0] in ("views", "db"):
        cli("board")
    ran = cli(*words)
    told = ran.out + ran.err
    assert "un de ses événements est abîmé" in told
    assert not [word for word in ENGLISH if word in told]


def test_follow_counts_what_was_folded_and_says_what_was_left_aside(cli, sonia, open_order):
    order = open_order()
    for screen in ("board", "agenda", "billing"):
        cli(screen)
    with InstallFlow(f"sqlite:///{FILE}") as flow:
        flow.record(order, CollecteStarted(), by=Actor("Sonia", role="planner"))
    change("UPDATE stored_events SET state = X'5B' WHERE position = 2")
    lines = [json.loads(line) for line in cli("follow", "--once", "--json").out.splitlines()]
    assert [(line["what"], line["folded"]) for line in lines] == [("parked", 0)] * 3 + [("caught_up", 0)]
    assert {(line["view"], line["id"], line["position"]) for line in lines[:3]} == {
        ("agenda", order, 2), ("billing", order, 2), ("planning", order, 2),
    }  # fmt: skip
    again = cli("follow", "planning", "--once")
    assert again.out == "0 événement(s) repris dans les vues\n"
    assert again.err == f"⚠ planning : le dossier {order} est laissé de côté (un de ses événements est abîmé)\n"


def test_what_is_left_aside_while_following_is_said_once(cli, open_order, capsys):
    order = open_order()
    change("UPDATE stored_events SET state = X'5B'")
    with InstallFlow(f"sqlite:///{FILE}") as flow, flow.follow(0.01) as follower:
        teller = Teller(Session(), ("planning",))
        while teller.position < 1:
            teller.look_aside(flow, follower)
        teller.look_aside(flow, follower)
        teller.tell_parked(flow)
    said = f"⚠ planning : le dossier {order} est laissé de côté (un de ses événements est abîmé)\n"
    assert capsys.readouterr().err == said, "once, and of the view that is followed"
