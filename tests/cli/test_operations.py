"""`installflow db`: a store made, brought up to date, checked, whatever state it is in."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from urllib.parse import quote

import psycopg
import pytest

from installflow import Actor, InstallFlow
from installflow.orders import OrderReceived
from tests.conftest import ROOT

FILE = "installflow.db"
SONIA = Actor("Sonia", role="planner")
SECRET = "s3cr3t p@ss/w:rd?"
FORMAT_1 = ROOT / "tests" / "corpus" / "stores" / "format-1.sql"


def change(statement, *values, path=FILE):
    """Write to a store's file as nobody should."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


# init


def test_init_makes_a_store_and_finds_it_afterwards(cli, tmp_path):
    first = cli("db", "init")
    assert (first.code, first.out) == (0, "✓ la base « sqlite:///installflow.db » est prête\n")
    assert [file.name for file in tmp_path.iterdir()] == [FILE]
    again = cli("db", "init")
    assert (again.code, again.out) == (0, "la base « sqlite:///installflow.db » était déjà prête : rien à faire\n")
    assert cli("board", "--json").json == []


def test_init_answers_programs(cli):
    assert cli("db", "init", "--json").json == {"made": True}
    assert cli("db", "--json", "init").json == {"made": False}


@pytest.mark.parametrize("words", [("init",), ("check",)])
@pytest.mark.parametrize(
    ("db", "code", "said"),
    [
        ("commandes.db", "store_url", "--db ne désigne pas une base"),
        ("sqlite:///nulle/part.db", "store_no_folder", "n'existe pas"),
        ("mysql://moi@serveur/base", "store_url", "--db ne désigne pas une base"),
    ],
)
def test_an_address_that_is_none_exits_2(cli, words, db, code, said):
    ran = cli("db", *words, "--db", db, "--json")
    assert (ran.code, ran.json["error"]) == (2, code)
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


# upgrade


def test_a_store_of_today_has_nothing_to_upgrade(cli, open_order):
    open_order()
    ran = cli("db", "upgrade")
    assert (ran.code, ran.out) == (0, "la base « sqlite:///installflow.db » est au format 2, et rien ne lui manque\n")
    assert cli("db", "upgrade", "--json").json == {"before": 2, "after": 2}


def test_a_store_that_lacks_an_index_is_named_by_the_check_and_whole_after_an_upgrade(cli, open_order):
    open_order()
    with closing(sqlite3.connect(FILE)) as database:
        database.execute("DROP INDEX everyday_rows")
    assert [(one["code"], "(everyday_rows)" in one["sentence"]) for one in found(cli)["findings"]] == [
        ("store_incomplete", True)
    ]
    refused = cli("board")
    assert refused.code == 1
    assert "(everyday_rows)" in refused.err
    assert cli("db", "upgrade").code == 0
    assert cli("db", "check").code == 0


def test_a_store_of_an_older_version_is_refused_until_it_is_upgraded(cli, sonia):
    with closing(sqlite3.connect(FILE)) as connection:
        connection.executescript(FORMAT_1.read_text(encoding="utf-8"))
    for words in (("board",), ("db", "init"), ("follow", "--once")):
        ran = cli(*words, "--json")
        assert (words, ran.code, ran.json["error"]) == (words, 1, "store_older")
        assert "installflow db upgrade" in ran.err
    assert [finding["code"] for finding in found(cli)["findings"]] == ["store_older"]
    ran = cli("db", "upgrade")
    assert (ran.code, ran.out) == (0, "✓ la base « sqlite:///installflow.db » est passée du format 1 au format 2\n")
    assert {row["client"] for row in cli("board", "--json").json} == {"Boulangerie Morel", "Garage Petit"}
    assert cli("db", "check").code == 0


def test_what_is_no_store_is_not_upgraded(cli, tmp_path):
    (tmp_path / FILE).write_text("des notes " * 200)
    ran = cli("db", "upgrade", "--json")
    assert (ran.code, ran.json["error"]) == (2, "store_not_a_database")
    assert (tmp_path / FILE).read_text() == "des notes " * 200


# check


def test_a_sound_store_is_counted(cli, sonia, open_order):
    one = open_order()
    open_order("Garage Petit")
    sonia("record", one, "commenter", "text=vu")
    cli("board")
    ran = cli("db", "check")
    assert ran.code == 0, ran.out
    assert ran.out.startswith("3 événement(s) de 2 dossier(s)\n")
    assert ran.out.endswith("✓ la base « sqlite:///installflow.db » est saine\n")
    checked = cli("db", "check", "--json").json
    assert set(checked) == {"sound", "events", "aggregates", "views", "findings"}
    assert (checked["sound"], checked["events"], checked["aggregates"], checked["findings"]) == (True, 3, 2, [])
    planning = next(view for view in checked["views"] if view["view"].startswith("planning"))
    assert planning == {"view": planning["view"], "recorded": 3, "projected": 3, "parked": 0, "skipped": 0}


@pytest.mark.parametrize("words", [("check",), ("upgrade",)])
def test_where_there_is_no_base_there_is_none_afterwards(cli, tmp_path, words):
    ran = cli("db", *words, "--json")
    assert (ran.code, ran.json["error"]) == (4, "no_store")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_no_base(cli, tmp_path):
    (tmp_path / FILE).touch()
    ran = cli("db", "check")
    assert ran.code == 4
    assert "le fichier installflow.db est vide" in ran.err
    assert (tmp_path / FILE).stat().st_size == 0


def found(cli):
    """The findings of a check, which must be told to people and programs alike."""
    ran = cli("db", "check", "--json")
    assert ran.code == 1, ran.out
    assert ran.json["sound"] is False
    for finding in ran.json["findings"]:
        assert set(finding) == {"code", "where", "sentence"}
    told = cli("db", "check")
    assert told.code == 1
    assert "est saine" not in told.out
    assert all(f"({finding['code']})" in " ".join(told.out.split()) for finding in ran.json["findings"])
    return ran.json


def test_a_file_that_is_no_database_is_a_finding(cli, tmp_path):
    (tmp_path / FILE).write_text("des notes " * 200)
    checked = found(cli)
    assert [finding["code"] for finding in checked["findings"]] == ["store_not_a_database"]
    assert "n'est pas une base SQLite" in checked["findings"][0]["sentence"]
    assert (checked["events"], checked["aggregates"], checked["views"]) == (None, None, [])
    assert (tmp_path / FILE).read_text() == "des notes " * 200


def test_another_application_s_database_is_a_finding(cli):
    change("CREATE TABLE contacts (name TEXT)")
    assert [finding["code"] for finding in found(cli)["findings"]] == ["store_foreign"]


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_truncated_file_is_named(cli, tmp_path, kept):
    with InstallFlow(f"sqlite:///{FILE}", synchronous="NORMAL") as flow:
        for number in range(30):
            flow.open(OrderReceived(client=f"Client {number}", partner="HIGHCOM", ref="x" * 50), by=SONIA)
        flow.planning()
    with closing(sqlite3.connect(FILE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[: int(len(whole) * kept)])
    assert "store_corrupt" in {finding["code"] for finding in found(cli)["findings"]}


def test_a_damaged_event_is_named_with_its_order(cli, open_order):
    open_order("Garage Petit")
    order = open_order()
    change("UPDATE stored_events SET state = '[1,' WHERE originator_id = ?", order.replace("-", ""))
    checked = found(cli)
    (finding,) = [one for one in checked["findings"] if order in one["where"]]
    assert finding["sentence"]
    assert checked["events"] == 2


def test_an_unknown_topic_is_named(cli, open_order):
    order = open_order()
    change("UPDATE stored_events SET topic = 'order.teleported'")
    assert any(order in one["where"] + one["sentence"] for one in found(cli)["findings"])


def test_an_id_that_is_none_is_named_and_the_rest_is_read(cli, open_order):
    open_order()
    open_order("Garage Petit")
    change("UPDATE stored_events SET originator_id = 'zzz' WHERE position = 1")
    assert any("1" in one["where"] for one in found(cli)["findings"])
    assert [row["client"] for row in cli("board", "--json").json] == ["Garage Petit"]


def test_a_store_of_a_newer_version_is_a_finding(cli, open_order):
    open_order()
    change("UPDATE meta SET value = '999' WHERE key = 'format'")
    (finding,) = found(cli)["findings"]
    assert finding["code"] == "store_newer"
    assert "mettre installflow à jour" in finding["sentence"]


def test_a_row_a_view_lost_is_a_finding(cli, open_order):
    order = open_order()
    cli("board")
    change("DELETE FROM view_rows WHERE id = ?", order.replace("-", ""))
    checked = found(cli)
    assert any(view["skipped"] for view in checked["views"])
    assert any(order in one["where"] + one["sentence"] for one in checked["findings"])
    assert cli("rebuild").code == 0
    assert cli("db", "check").code == 0


# The family itself


@pytest.mark.parametrize("family", ["db", "views"])
def test_a_family_without_a_command_shows_its_page(cli, family):
    ran = cli(family)
    assert ran.code == 2
    assert ran.out.startswith(f"Usage : installflow {family} [OPTIONS] COMMANDE")
    assert cli(family, "--help").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("db", "inti"), "au choix : init"),
        (("views", "xyz"), "au choix : status, parked, retry"),
        (("db", "init", "ici"), "« ici » est de trop"),
        (("db", "check", "--vite"), "--vite"),
    ],
)
def test_a_wrong_use_of_a_family_exits_2(cli, words, said):
    ran = cli(*words)
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [("db", "init"), ("db", "upgrade"), ("db", "check"), ("views", "status"), ("views", "parked"), ("views", "retry"),
     ("follow",), ("rebuild",)],
)  # fmt: skip
def test_every_page_is_french_and_says_something(cli, words):
    page = cli(*words, "--help").out
    assert page.startswith(f"Usage : installflow {' '.join(words)} [OPTIONS]")
    assert "Show this" not in page
    assert "--db URL" in page


# PostgreSQL


def test_a_postgresql_base_is_made_once_and_used(cli, sonia, new_postgres_url, monkeypatch):
    monkeypatch.setenv("INSTALLFLOW_DB", new_postgres_url(initialised=False))
    for words in (("board",), ("db", "check"), ("db", "upgrade"), ("follow", "--once"), ("rebuild",)):
        ran = cli(*words, "--json")
        assert (words, ran.code, ran.json["error"]) == (words, 4, "store_not_initialised")
        assert "installflow db init" in ran.err
    assert sonia("open", "client=Morel", "partner=HIGHCOM").code == 4
    assert cli("db", "init", "--json").json == {"made": True}
    assert cli("db", "init", "--json").json == {"made": False}
    assert sonia("open", "client=Morel", "partner=HIGHCOM").code == 0
    assert [row["client"] for row in cli("board", "--json").json] == ["Morel"]
    assert cli("db", "upgrade", "--json").json == {"before": 2, "after": 2}
    assert cli("db", "check", "--json").json["sound"] is True
    assert cli("views", "status", "--json").code == cli("rebuild", "--compare").code == 0


def test_what_is_no_damage_is_no_finding(cli, tmp_path):
    (tmp_path / "loop.db").symlink_to("loop.db")
    for url, code, error, told in (
        ("postgresql://moi@127.0.0.1:1/base", 1, "store_unreachable", "ne répond pas"),
        (f"sqlite:///{tmp_path}", 2, "store_not_a_file", "n'est pas un fichier"),
        (f"sqlite:///{tmp_path}/loop.db", 2, "store_link", "est un lien qui ne mène nulle part"),
    ):
        for words in (("db", "check"), ("board",)):
            ran = cli(*words, "--json", "--db", url)
            assert (ran.code, ran.json["error"]) == (code, error)
            assert f"la base « {url} » {told}" in ran.json["reasons"][0]["sentence"]


@pytest.mark.parametrize("setting", ["sslmode=zz", "gssencmode=zz", "port=99999999", "hostaddr=1.2.3.4,5.6.7.8"])
def test_an_address_with_a_setting_that_is_none_cannot_be_read(cli, setting):
    ran = cli("board", "--json", "--db", f"postgresql://moi@127.0.0.1/base?{setting}")
    assert (ran.code, ran.json["error"]) == (2, "store_url")
    assert ran.err.startswith("--db ne se lit pas")


def test_a_right_that_is_missing_is_called_that(cli, new_postgres_url, request):
    url = new_postgres_url()
    with psycopg.connect(url, autocommit=True) as owner:
        ((schema,),) = owner.execute("SELECT current_schema()").fetchall()
        reader = f"reader_{schema}"
        owner.execute(f"CREATE ROLE {reader}")
        request.addfinalizer(lambda: drop_role(url, reader))
        owner.execute(f"GRANT {reader} TO CURRENT_USER")
        owner.execute(f"GRANT USAGE ON SCHEMA {schema} TO {reader}")
        owner.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {reader}")
    read_only = f"{url}%20-crole%3D{reader}"
    ran = cli("rebuild", "--json", "--db", read_only)
    assert (ran.code, ran.json["error"]) == (1, "store_right_missing")
    assert "il manque un droit à l'utilisateur de la base" in ran.err
    assert "run-on-postgresql.md" in ran.err
    assert "mot de passe" not in ran.err


def drop_role(url, role):
    """Take a role away again."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"DROP OWNED BY {role}")
        owner.execute(f"DROP ROLE {role}")


def test_a_password_is_shown_nowhere(cli, sonia, monkeypatch, postgres_url):
    written = [quote(SECRET, safe=""), SECRET]
    urls = [
        *(f"postgresql://moi:{password}@127.0.0.1:1/base" for password in written),
        *(f"postgresql://moi@127.0.0.1:1/base?password={password}" for password in written),
        f"postgresql://moi:{written[0]}@{postgres_url.partition('@')[2]}" if "@" in postgres_url else postgres_url,
        f"autre://moi:{SECRET}@serveur/base",
    ]
    commands = (
        ("board",), ("db", "init"), ("db", "check"), ("db", "upgrade"), ("follow", "--once"), ("views", "status"),
        ("rebuild",), ("open", "client=Morel", "partner=HIGHCOM", "--by", "Sonia", "--role", "planner"), ("--help",),
    )  # fmt: skip
    for url in urls:
        monkeypatch.setenv("INSTALLFLOW_DB", url)
        for words in commands:
            for ran in (cli(*words, "--json"), cli(*words), cli(*words, "--db", url)):
                assert not [part for part in (SECRET, written[0], "s3cr3t", "w:rd") if part in ran.out + ran.err]


def test_a_base_on_file_needs_no_driver(open_order):
    open_order()
    program = """
import sys
from installflow.cli import main
sys.modules["psycopg"] = None
main(["board"])
sys.exit(main(["board", "--db", "postgresql://moi@serveur/base"]))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 2
    assert "Boulangerie" in ran.stdout
    assert ran.stderr == "une base PostgreSQL demande l'extra « postgres » : pip install 'installflow[postgres]'\n"


def test_a_base_on_file_loads_no_driver(open_order):
    open_order()
    program = """
import sys
from installflow.cli import main
main(["board"])
sys.exit(any(name.startswith(("psycopg", "installflow.store.postgres")) for name in sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", program], stdout=subprocess.DEVNULL, check=False).returncode == 0
