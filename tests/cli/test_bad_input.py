"""Bad input: one clear French sentence, the right exit code, nothing stored, never a traceback."""

from __future__ import annotations

import os
import re
import sqlite3
import sys
from uuid import UUID

import pytest

from installflow import Actor, InstallFlow, NotFound
from installflow.cli.failures import EVENT_SENTENCES, STORE_SENTENCES
from installflow.orders import DayReleased
from tests.conftest import ROOT

SURROGATE = "caf\udce9"
FIRST, LAST = "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"
"""Moments that no other zone can write."""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Usage"),
        (("bord",), "board"),
        (("board", "--statu", "New"), "--status"),
        (("board", "--status"), "--status"),
        (("board", "--json=oui"), "--json"),
        (("show",), "COMMANDE"),
        (("show", "a", "b"), "« b » est de trop"),
        (("board", "--status", "Instalation"), "Installation"),
        (("board", "--status", "xyz"), "au choix : New"),
        (("board", "--sort", "couleur"), "CLIENT"),
        (("board", "--from", "2027-02-30"), "2027-02-30"),
        (("board", "--from", "2027-02-02", "--to", "2027-02-01"), "inverser"),
        (("board", "--as-of", "naguère"), "naguère"),
        (("board", "--as-of", "2027-01-01T10:00"), "fuseau horaire"),
        (("events", "demarer_staging"), "demarrer_staging"),
        (("board", "--csv", "nulle/part.csv"), "n'existe pas"),
        (("board", "--xlsx", "."), "dossier"),
        (("agenda", "--csv", "nulle/part.csv"), "n'existe pas"),
        (("billing", "--xlsx", "nulle/part.xlsx"), "n'existe pas"),
        (("board", "--db", "commandes.db"), "sqlite:///"),
        (("board", "--db", "sqlite:///nulle/part.db"), "n'existe pas"),
        (("board", "--db", "sqlite:///."), "n'est pas un fichier"),
    ],
)
def test_a_wrong_use_exits_2(cli, open_order, words, said):
    open_order()
    ran = cli(*words)
    assert ran.code == 2
    assert said in ran.err + ran.out
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) <= 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("open", "client= ", "partner=HIGHCOM"), "client"),
        (("open", "partner=HIGHCOM"), "client : est obligatoire"),
        (("open", "client=Morel", "partner=HIGHCOM", "phones=beaucoup"), "phones"),
        (("open", "client=Morel", "partner=HIGHCOM", "couleur=bleu"), "au choix"),
        (("open", "client=Morel", "client=Petit"), "deux fois"),
        (("open", "Morel"), "champ=valeur"),
        (("open", "client=a\0b", "partner=HIGHCOM"), "caractères de contrôle"),
        (("open", f"client={SURROGATE}", "partner=HIGHCOM"), "client"),
        (("record",), "il manque la commande"),
        (("record", "ORDER"), "il manque l'événement"),
        (("record", "demarrer_staging"), "il manque la commande"),
        (("record", "ORDER", "demarer_staging"), "demarrer_staging"),
        (("record", "ORDER", "planifier_rdv", "slot=12H"), "14H 30"),
        (("record", "ORDER", "planifier_rdv", "origin=Bouygues"), "Occitech"),
        (("record", "ORDER", "commenter", "text=" + "x" * 20_000_000), "la limite est"),
        (("record", "ORDER", "commenter", f"text={SURROGATE}"), "text"),
        (("record", "ORDER", "commenter", "vite"), "champ=valeur"),
        (("record", "ORDER", "liberer_journee", "order=ORDER"), "absent"),
        (("record", "-", "commenter", "text=vu"), "entrée standard"),
        (("record", "ORDER", "commenter", "text=vu", "--on-behalf-of", SURROGATE), "acteur"),
        (("record", "ORDER", "commenter", "text=vu", "--command-id", "x" * 500), "identifiant de commande"),
        (("absent", "Karim", "bientôt", "--reason", "congés"), "n'est pas un jour"),
        (("absent", "Karim", "2027-01-04"), "--reason"),
        (("record", "ORDER", "commenter", "text=vu", "--command-id", SURROGATE), "identifiant de commande"),
        (("open", "client=Morel", "partner=HIGHCOM", "--command-id", SURROGATE), "identifiant de commande"),
        (("record", "ORDER", "commenter", "text=vu", "--expected-version", "9" * 5000), "--expected-version"),
        (("record", "ORDER", "commenter", "text=vu", "--occurred-at", FIRST), "hors du calendrier"),
        (("record", "ORDER", "commenter", "text=vu", "--occurred-at", LAST), "hors du calendrier"),
        (("board", "--as-of", FIRST), "hors du calendrier"),
        (("board", "--known-on", LAST), "hors du calendrier"),
        (("absent", "Karim", "", "--reason", "congés"), "jour"),
        (("absent", " ", "2027-01-04", "--reason", "congés"), "nom_tech"),
        (("import", "absent.csv"), "introuvable"),
        (("import", "."), "dossier"),
        (("demo", "--keep", "installflow.db"), "existe déjà"),
    ],
)
def test_a_wrong_value_exits_2_and_stores_nothing(sonia, open_order, words, said):
    order = open_order()
    before = sonia("history", order, "--json").json
    ran = sonia(*(word.replace("ORDER", order) for word in words))
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert sonia("history", order, "--json").json == before
    assert len(sonia("board", "--json").json) == 1


def test_a_failure_is_an_object_for_programs(cli):
    ran = cli("board", "--status", "xyz", "--json")
    assert set(ran.json) == {"error", "reasons"}
    assert set(ran.json["reasons"][0]) == {"guard", "sentence"}
    assert cli("bord", "--json").json["error"] == "usage"


def test_nobody_acting_is_said_with_the_way_to_say_who(cli):
    ran = cli("open", "client=Morel", "partner=HIGHCOM")
    assert ran.code == 2
    assert "--by NOM (ou $INSTALLFLOW_BY) et --role RÔLE (ou $INSTALLFLOW_ROLE)" in ran.err
    assert "--by" not in cli("open", "client=Morel", "partner=HIGHCOM", "--by", "Sonia").err


@pytest.mark.parametrize("command", ["show", "history", "options"])
@pytest.mark.parametrize("order", ["zzz", "0" * 32, "", SURROGATE])
def test_an_unknown_order_exits_4(cli, command, order):
    assert cli(command, order).code == 4


def test_an_event_of_another_lifecycle_is_refused_by_the_library_too(open_order):
    order = open_order()
    with InstallFlow("sqlite:///installflow.db") as flow, pytest.raises(NotFound):
        flow.record(order, DayReleased(order=UUID(order)), by=Actor("Sonia", role="planner"))


def test_an_ambiguous_reference_exits_2_with_the_candidates(cli, open_order):
    ids = [open_order("Morel", ref="CMD-1"), open_order("Petit", ref="CMD-1")]
    ran = cli("show", "cmd-1", "--json")
    assert ran.code == 2
    assert all(one in ran.err for one in ids)
    assert {reason["guard"] for reason in ran.json["reasons"]} == set(ids)


def test_a_file_that_is_no_database_exits_2_untouched(cli, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("des notes " * 200)
    ran = cli("board", "--db", "sqlite:///notes.txt")
    assert ran.code == 2
    assert "n'est pas une base SQLite" in ran.err
    assert path.read_text() == "des notes " * 200


def test_another_application_s_database_exits_2(cli):
    with sqlite3.connect("autre.db") as connection:
        connection.execute("CREATE TABLE contacts (name TEXT)")
    connection.close()
    ran = cli("board", "--db", "sqlite:///autre.db")
    assert ran.code == 2
    assert "autre application" in ran.err


def test_a_store_of_a_newer_version_exits_1(cli, open_order):
    open_order()
    with sqlite3.connect("installflow.db") as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'format'")
    connection.close()
    ran = cli("board")
    assert ran.code == 1
    assert "mettre installflow à jour" in ran.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_exits_1(cli, tmp_path):
    folder = tmp_path / "fermé"
    folder.mkdir(mode=0o500)
    ran = cli("board", "--db", "sqlite:///fermé/commandes.db")
    assert ran.code == 1
    assert "droit" in ran.err


def test_a_url_that_may_hold_a_password_is_not_repeated(cli):
    ran = cli("board", "--db", "postgresql://moi:secret@127.0.0.1:1/base")
    assert ran.code == 1
    assert "ne répond pas" in ran.err
    assert "secret" not in ran.err


def test_a_url_that_cannot_be_read_says_how_every_part_is_written(cli):
    ran = cli("board", "--json", "--db", "postgresql://moi@serveur/base?options=-csearch_path=commandes")
    assert (ran.code, ran.json["error"]) == (2, "store_url")
    assert "dans chaque partie, mot de passe compris, @ : / ? # = & et %" in ran.err
    assert "?options=-csearch_path%3Dcommandes" in ran.err


def test_a_store_that_is_busy_says_to_try_again(sonia, open_order, monkeypatch):
    order = open_order()
    defaults = InstallFlow.__init__.__kwdefaults__ or {}
    monkeypatch.setattr(InstallFlow.__init__, "__kwdefaults__", defaults | {"lock_timeout": 0})
    holder = sqlite3.connect("installflow.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        ran = sonia("record", order, "commenter", "text=vu", "--json")
    finally:
        holder.close()
    assert (ran.code, ran.json["error"]) == (1, "store_busy")
    assert "occupée" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("record", "ORDER", "demarrer_collecte"),
        ("record", "ORDER", "affecter_technicien", "technicien=Karim"),
        ("open", "client=Boulangerie Morel", "partner=HIGHCOM"),
    ],
)
def test_a_screen_that_cannot_be_read_after_the_commit_is_a_warning(cli, sonia, open_order, words):
    order = open_order()
    cli("board")
    with sqlite3.connect("installflow.db") as connection:
        # The events can be written, and from now on the views cannot.
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON view_rows BEGIN SELECT RAISE(ABORT, 'no room is left'); END"
        )
        (before,) = connection.execute("SELECT COUNT(*) FROM stored_events").fetchone()
    ran = sonia(*(word.replace("ORDER", order) for word in words))
    (after,) = connection.execute("SELECT COUNT(*) FROM stored_events").fetchone()
    connection.close()
    assert (ran.code, after) == (0, before + 1)
    assert ran.out.startswith("✓ Boulangerie Morel")
    assert ran.err.startswith("enregistré ; les alertes n'ont pas pu être relues : la base")
    assert "recommencer" not in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_fault_after_the_commit_says_that_it_is_recorded(sonia, open_order, cli, monkeypatch):
    order = open_order()

    def broken(*_arguments, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr("rich.console.Console.print", broken)
    ran = sonia("record", order, "commenter", "text=vu")
    assert ran.code == 1
    assert "ZeroDivisionError), ce qui était demandé est enregistré" in ran.err
    assert "enregistré" not in cli("show", order).err


def test_every_fault_of_the_store_has_its_french_sentence():
    files = (ROOT / "src" / "installflow" / "store").glob("*.py")
    codes = {code for file in files for code in re.findall(r'"(store_[a-z_]+)"', file.read_text(encoding="utf-8"))}
    assert {"store_full", "store_unreachable"} <= codes
    # What nobody can say more of, and what only a program that embeds the library can do.
    told = STORE_SENTENCES.keys() | EVENT_SENTENCES.keys()
    assert codes - {"store_failed", "store_closed", "store_forked"} <= told


def test_what_nobody_foresaw_is_one_sentence(cli, open_order, monkeypatch):
    open_order()

    def broken(*_arguments, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr(InstallFlow, "rebuild", broken)
    ran = cli("rebuild", "--json")
    assert (ran.code, ran.json["error"]) == (1, "unexpected")
    assert "ZeroDivisionError" in ran.err
    assert len(ran.err.splitlines()) == 1
    monkeypatch.setenv("INSTALLFLOW_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli("rebuild")


def test_an_interruption_is_silent(cli, open_order, monkeypatch):
    open_order()

    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(InstallFlow, "rebuild", interrupted)
    ran = cli("rebuild")
    assert (ran.code, ran.out, ran.err) == (130, "", "")


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_its_extra_the_command_names_it(cli, monkeypatch, missing):
    for name in [name for name in sys.modules if name.startswith("installflow.cli.") or name.split(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    ran = cli("board")
    assert ran.code == 2
    assert ran.err == "la ligne de commande demande l'extra « cli » : pip install 'installflow[cli]'\n"
