"""What is typed as a filter, a role or an option: found however it is spelt, and never misread without a word."""

from __future__ import annotations

import pytest

BOARD = """\
CLIENT;PARTENAIRE;DATE;HEURE;TECH;NOM TECH;NOM CP;STATUT
Morel;HIGHCOM;24/11/2026;9H;Direct;Karim Benali;Inès Castel;New
Petit;VIP TELECOM;25/11/2026;;5 com;;;Att 5COM
Zoo;VIP TELECOM;26/11/2026;;Occitech;;;Attente tech
"""
DAY = ("--today", "2026-11-21")


@pytest.fixture
def imported(once, sonia, tmp_path):
    """A board of three orders, two of them of subcontractors without a name."""

    def made():
        (tmp_path / "p.csv").write_text(BOARD, encoding="utf-8")
        assert sonia("import", "p.csv", *DAY).code == 0

    once(made)


def clients(ran):
    return {row["client"] for row in ran.json}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--partner", "viptelecom"), {"Petit", "Zoo"}),
        (("--partner", "Vip  Télécom"), {"Petit", "Zoo"}),
        (("--partner", "high com"), {"Morel"}),
        (("--technician", "occitech"), {"Zoo"}),
        (("--technician", "5 com"), {"Petit"}),
        (("--technician", "5com"), {"Petit"}),
        (("--technician", "benali"), {"Morel"}),
        (("--project-manager", "ines"), {"Morel"}),
    ],
)
def test_a_name_is_found_however_it_is_spelt(cli, imported, words, found):
    ran = cli("board", *words, "--json")
    assert (clients(ran), ran.err) == (found, "")


@pytest.mark.parametrize(
    ("name", "found"), [("occitech", {"Zoo"}), ("viptelecom", {"Petit", "Zoo"}), ("Inès", {"Morel"})]
)
def test_the_day_of_somebody_is_found_by_where_he_comes_from(cli, imported, name, found):
    ran = cli("today", "--for", name, "--today", "2026-12-15", "--json")
    assert (clients(ran), ran.err) == (found, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("board", "--partner", "HIGHCMO"), "aucun partenaire « HIGHCMO » au tableau ; peut-être HIGHCOM"),
        (
            ("board", "--technician", "Karin Benali"),
            "aucun technicien « Karin Benali » au tableau ; peut-être Karim Benali",
        ),
        (("board", "--technician", "ocitec"), "aucun technicien « ocitec » au tableau ; peut-être Occitech"),
        (
            ("board", "--project-manager", "Castle"),
            "aucun chef de projet « Castle » au tableau ; peut-être Inès Castel",
        ),
        (("today", "--for", "Karin"), "personne ne s'appelle « Karin » au tableau ; peut-être Karim Benali"),
        (("board", "--partner", "zzz"), "aucun partenaire « zzz » au tableau"),
    ],
)
def test_a_name_nobody_bears_is_said(cli, imported, words, said):
    ran = cli(*words, *DAY)
    assert (ran.code, ran.err) == (0, f"⚠ {said}\n")
    assert cli(*words, *DAY, "--json").json == []


@pytest.mark.parametrize(
    "words",
    [("board", "--partner", "HIGHCOM", "--status", "Collecte"), ("today", "--for", "Karim", "--today", "2026-11-01")],
)
def test_somebody_with_nothing_to_show_is_not_taken_for_nobody(cli, imported, words):
    ran = cli(*words, "--json")
    assert (ran.code, ran.json, ran.err) == (0, [], "")


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("board", "--status", "New", "--status", "Collecte"), "--status"),
        (("board", "--partner=A", "--partner", "A"), "--partner"),
        (("board", "--from", "2026-11-21", "--from", "2026-11-22"), "--from"),
        (("today", "--for", "A", "--for", "B"), "--for"),
        (("open", "client=A", "--source", "mail", "--source", "mail"), "--source"),
        (("--db", "sqlite:///a.db", "--db", "sqlite:///b.db", "board"), "--db"),
        (("views", "--role", "planner", "--role", "technician", "status"), "--role"),
    ],
)
def test_an_option_given_twice_exits_2(cli, imported, words, option):
    ran = cli(*words)
    assert ran.code == 2
    assert ran.err.startswith(f"{option} est donné deux fois : n'en garder qu'un (installflow")


def test_a_flag_may_be_repeated_and_an_option_stand_before_and_after(cli, imported):
    ran = cli(
        "--db", "sqlite:///nulle.db", "board", "--all", "--all", "--json", "--json", "--db", "sqlite:///installflow.db"
    )
    assert len(ran.json) == 3


@pytest.mark.parametrize(
    "words",
    [
        ("open", "client=A", "partner=B", "--by", "Sonia", "--role", "plannr"),
        ("options", "ORDER", "--as-role", "plannr"),
        ("options", "ORDER", "--role", "plannr"),
        ("show", "ORDER", "--role", "plannr"),
    ],
)
def test_an_unknown_role_exits_2(cli, imported, words):
    order = cli("board", "--json").json[0]["id"]
    ran = cli(*(order if word == "ORDER" else word for word in words), "--json")
    assert (ran.code, ran.json["error"]) == (2, "role")
    assert ran.err == "« plannr » n'est pas un rôle ; peut-être planificatrice (planner)\n"
    assert len(cli("board", "--json").json) == 3


def test_a_role_like_no_other_is_told_which_there_are(cli, imported, monkeypatch):
    monkeypatch.setenv("INSTALLFLOW_ROLE", "x")
    err = cli("open", "client=A", "--by", "S").err
    assert "au choix : atelier (workshop), auditrice (auditor), chef de projet (project_manager), client, " in err


@pytest.mark.parametrize("role", ["planificatrice", "Planificateur", "chef de projet", "CP", "planner"])
def test_a_role_is_said_in_french_too(cli, role, empty_base):
    ran = cli("open", "client=A", "partenaire=HIGHCOM", "--by", "Sonia", "--role", role, "--json")
    assert ran.code == 0
    (event,) = cli("history", ran.json["id"], "--json").json
    assert event["by"]["role"] == ("project_manager" if role in ("chef de projet", "CP") else "planner")


ROLES = (
    "planner", "project_manager", "workshop", "technician", "partner", "operator", "billing", "client", "supervisor",
    "auditor", "system",
)  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_role_there_is_has_its_options(cli, imported, role):
    order = cli("board", "--json").json[0]["id"]
    assert cli("options", order, "--as-role", role).code == 0


def test_a_reference_that_is_taken_is_said(cli, sonia):
    first = sonia("open", "client=Morel", "partner=HIGHCOM", "ref=Q-1", "--json").json["id"]
    again = sonia("open", "client=Petit", "partner=HIGHCOM", "ref=q-1")
    assert (again.code, again.err) == (0, f"⚠ la référence q-1 est déjà celle de Morel ({first[:8]})\n")
    third = sonia("open", "client=Zoo", "partner=HIGHCOM", "ref=Q-1", "--json")
    assert third.json["ref"] == "Q-1"
    assert len(third.err.splitlines()) == 2
    assert sonia("open", "client=Zoo", "partner=HIGHCOM", "ref=Q-2").err == ""
    assert sonia("open", "client=Zoo", "partner=HIGHCOM", f"ref={first[:8]}").err == "", "an id is no reference"


def test_the_same_demand_again_bears_no_reference_but_its_own(sonia):
    words = ("open", "client=Morel", "partner=HIGHCOM", "ref=Q-1", "--command-id", "c-1")
    assert sonia(*words).err == sonia(*words).err == ""


def test_days_count_from_the_day_the_board_is_read_on(cli, imported):
    words = ("--today", "16/11/2026", "--from", "mercredi prochain", "--to", "jeudi")
    assert "lu mercredi 18/11/2026" in cli("board", *words).err
    day = ("--today", "20/11/2026")
    assert clients(cli("board", *day, "--from", "25/11", "--json")) == {"Petit", "Zoo"}
    assert clients(cli("board", "--today", "20/11/2025", "--from", "25/11", "--to", "25/12", "--json")) == set()


def test_the_day_of_a_file_is_said_as_any_other(sonia, tmp_path):
    (tmp_path / "p.csv").write_text(BOARD, encoding="utf-8")
    for typed in ("lundi", "demain", "23/11"):
        ran = sonia("import", "p.csv", "--today", typed, "--dry-run")
        assert ran.code == 0, ran.err
        assert f"« {typed} » : lu " in ran.err
    assert sonia("import", "p.csv", "--today", "1/1/1950").code == 2
    assert sonia("import", "p.csv", "--today", "bientôt").code == 2


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("secrétaire", "au choix : atelier"),
        ("assistante", "au choix : atelier"),
        ("planif", "peut-être planificatrice (planner)\n"),
    ],
)
def test_a_role_that_is_near_none_is_not_guessed(cli, typed, near):
    assert near in cli("options", "Garage", "--as-role", typed).err


def test_a_planner_reads_the_roles_in_french(cli, open_order):
    order = open_order("Garage")
    ran = cli("record", order, "planifier_rdv", "date=24/12/2026", "--by", "Karim", "--role", "technicien")
    assert (ran.code, ran.err) == (
        3, "« RDV planifié » : le rôle « technicien » ne le peut pas\n  - réservé aux rôles : planificatrice\n",
    )  # fmt: skip
    assert "réservé aux rôles : planificatrice" in cli("options", order, "--as-role", "technician").out
    cli("record", order, "commenter", "texte=vu (planner) ?", "--by", "Zoé", "--role", "cp", "--on-behalf-of", "Inès")
    last = cli("history", order).out.splitlines()[-1]
    assert last.endswith("vu (planner) ? — Zoé pour Inès (chef de projet)")
