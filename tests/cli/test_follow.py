"""`installflow follow`: views kept ahead, until it is stopped; a store that goes away is waited for."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, contextmanager

import pytest

from installflow import Actor, InstallFlow, StoreUnavailable
from installflow.cli.follow import Teller, _until_stopped
from installflow.cli.session import Session
from installflow.orders import CommentAdded

URL = "sqlite:///installflow.db"
SONIA = Actor("Sonia", role="planner")
PATIENCE = 30
"""Seconds after which a test that waits for a process has failed."""


def comment(order, url=URL):
    """Record an event without reading a view, as the command line would for its alerts."""
    with InstallFlow(url) as flow:
        flow.record(order, CommentAdded(text="vu"), by=SONIA)


@contextmanager
def following(*words):
    """A follower in a process of its own, under way; killed where a test leaves it."""
    command = [sys.executable, "-u", "-m", "installflow", "follow", "--interval", "0.02", *words]
    pipe = subprocess.PIPE
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, encoding="utf-8", env=env) as process:
        watch = threading.Timer(PATIENCE, process.kill)
        watch.start()
        try:
            yield process
        finally:
            watch.cancel()
            process.kill()


def told(process):
    """The next object it prints."""
    return json.loads(process.stdout.readline())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_folds_what_comes_and_says_how_much_at_the_end(cli, open_order, number):
    order = open_order()
    for screen in ("board", "agenda", "billing", "openip"):
        cli(screen)
    with following("--json") as process:
        assert told(process) == {"what": "following", "folded": 0}
        comment(order)
        folded = told(process)
        assert folded["what"] == "folded"
        assert folded["folded"] >= 1
        process.send_signal(number)
        out, err = process.communicate()
    last = json.loads(out.splitlines()[-1])
    assert (last["what"], process.returncode, err) == ("stopped", 0, "")
    assert last["folded"] >= folded["folded"]
    views = cli("views", "status", "--json").json
    assert [view["name"] for view in views if view["behind"]] == []


def test_people_read_two_lines(open_order):
    open_order()
    with following() as process:
        assert process.stdout is not None
        assert process.stdout.readline() == (
            "les vues de la base « sqlite:///installflow.db » sont tenues à jour ; Ctrl-C pour arrêter\n"
        )
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert out.endswith(" événement(s) repris dans les vues\n")
    assert len(out.splitlines()) == 1


def test_a_store_that_goes_away_is_said_once_and_waited_for(open_order):
    order = open_order()
    with following("--json") as process, closing(sqlite3.connect("installflow.db")) as connection:
        assert told(process)["what"] == "following"
        connection.execute("ALTER TABLE stored_events RENAME TO gone")
        seen = told(process)
        while seen["what"] == "folded":  # the first event, if it came to it before
            seen = told(process)
        assert set(seen) == {"what", "folded", "error", "sentence"}
        assert seen["what"] == "lost"
        connection.execute("ALTER TABLE gone RENAME TO stored_events")
        assert told(process)["what"] == "back"
        comment(order)
        while told(process)["what"] != "folded":
            pass
        process.send_signal(signal.SIGTERM)
        process.communicate()
    assert process.returncode == 0


def test_a_restarted_server_is_waited_for(cli, own_postgres):
    InstallFlow.init(own_postgres.url)
    with InstallFlow(own_postgres.url) as flow:
        order = flow.open(flow.event("OrderReceived", {"client": "Morel", "partner": "HIGHCOM"}), by=SONIA).id
    # A build that the stop broke off would hold its place for ten seconds.
    assert cli("follow", "--once", "--db", own_postgres.url).code == 0
    with following("--db", own_postgres.url) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        own_postgres.stop()
        assert process.stderr.readline().startswith("⚠ ")
        own_postgres.start()
        assert "répond de nouveau" in process.stderr.readline()
        comment(order, own_postgres.url)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate()
    assert (process.returncode, err) == (0, "")


def test_once_catches_up_and_leaves(cli, open_order):
    order = open_order()
    for screen in ("board", "agenda", "billing", "openip"):
        cli(screen)
    comment(order)
    first = cli("follow", "--once", "--json")
    assert first.code == 0
    assert first.json["what"] == "caught_up"
    assert first.json["folded"] >= 1
    again = cli("follow", "--once")
    assert (again.code, again.out) == (0, "0 événement(s) repris dans les vues\n")


def test_some_views_may_be_followed_and_the_others_left(cli, open_order):
    open_order()
    assert cli("follow", "agenda", "billing", "--once").code == 0
    behind = {view["name"]: view["behind"] for view in cli("views", "status", "--json").json}
    left = dict.fromkeys(("conversations", "offers", "planning", "sheets", "supply_orders"), 1)
    assert behind == {"agenda": 0, "billing": 0} | left
    with following("agenda", "--json") as process:
        assert told(process)["what"] == "following"
        process.send_signal(signal.SIGTERM)
        process.communicate()
    behind = {view["name"]: view["behind"] for view in cli("views", "status", "--json").json}
    assert behind["planning"] == 1


@pytest.mark.parametrize("words", [(), ("--once",)])
def test_a_view_there_is_not_exits_4(cli, open_order, words):
    open_order()
    ran = cli("follow", "rien", *words)
    assert (ran.code, "il n'y a pas de vue « rien »" in ran.err) == (4, True)


@pytest.mark.parametrize("text", ["0", "-1", "vite", "", "nan", "inf", "1e9", "9" * 5000])
def test_an_interval_that_is_none_exits_2(cli, open_order, text):
    open_order()
    ran = cli("follow", "--interval", text, "--once")
    assert ran.code == 2
    assert "n'est pas un nombre de secondes" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_an_interval_may_be_typed_with_a_comma(cli, open_order):
    open_order()
    assert cli("follow", "--interval", "0,5", "--once").code == 0


def test_without_a_store_it_makes_none(cli, tmp_path):
    ran = cli("follow", "--json")
    assert (ran.code, ran.json["error"]) == (4, "no_store")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        ((), 4, "no_store"),
        (("--once",), 4, "no_store"),
        (("--interval", "0"), 2, "usage"),
        (("--db", ""), 2, "store_url"),
    ],
)
def test_a_failure_is_the_last_line_for_programs(cli, words, code, error):
    ran = cli("follow", "--json", *words)
    assert ran.code == code
    (line,) = ran.out.splitlines()
    last = json.loads(line)
    assert (last["what"], last["folded"], last["error"]) == ("stopped", 0, error)
    assert ran.err == last["reasons"][0]["sentence"] + "\n"


def test_a_reader_who_leaves_ends_it(open_order):
    order = open_order()
    with following("--json") as process:
        assert told(process)["what"] == "following"
        assert process.stdout is not None
        process.stdout.close()
        while process.poll() is None:
            comment(order)
        assert process.returncode == 0


def test_what_no_waiting_mends_ends_it(open_order):
    open_order()
    with InstallFlow(URL) as flow, flow.follow(0.01) as follower:
        flow._store.close()
        follower._thread.join()
        with pytest.raises(StoreUnavailable) as caught:
            Teller(Session()).look(follower)
    assert caught.value.code == "store_closed"


def test_from_a_thread_it_leaves_signals_alone():
    """Only the main thread may set them: a command line run from another goes on without."""
    seen: list[object] = []

    def watch():
        with _until_stopped():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=watch)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGTERM)]


def test_a_second_signal_ends_it_at_once_as_ever():
    before = signal.getsignal(signal.SIGINT)
    with _until_stopped() as stop:
        assert signal.getsignal(signal.SIGINT) is not before
        signal.raise_signal(signal.SIGINT)
        assert stop.get_nowait() == signal.SIGINT
        assert signal.getsignal(signal.SIGINT) is before
