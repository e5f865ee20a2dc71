"""The demo: the main job on the example board, from the planning to one order's audit trail."""

from __future__ import annotations

from pathlib import Path

from installflow.cli.demo import ORDER, example_board


def test_the_demo_tells_its_story_and_leaves_nothing_behind(cli, tmp_path):
    ran = cli("demo")
    assert (ran.code, ran.err) == (0, "")
    for words in (
        "installflow import", "installflow board", "À faire le samedi 21/11/2026", "INFOS FACTURATION",
        "✗ « Staging démarré » : refusé", "la collecte est obligatoire", "déjà pris ce jour-là",
        "Attente Parte → Installation", "Sonia pour Y. Morvandel",
    ):  # fmt: skip
        assert words in ran.out
    assert list(tmp_path.iterdir()) == []
    assert ran.out.count("⚠ ligne") == 5
    assert "autres (--report" in ran.out
    assert "12 commande(s)" in ran.out


def test_the_demo_is_the_same_for_programs(cli):
    steps = cli("demo", "--json").json
    assert [set(step) for step in steps] == [{"command", "exit_code", "output"}] * len(steps)
    refused = [step["command"][2] for step in steps if step["exit_code"] == 3]
    assert refused == ["demarrer_staging", "planifier_rdv", "contacter_client"]
    assert {step["exit_code"] for step in steps} == {0, 3}
    statuses = [step["to"] for step in steps[-1]["output"] if step["to"] != step["from"]]
    assert statuses == [
        "new", "collecte", "staging", "en_attente_de_planification", "attente_tech", "attente_parte",
        "installation.rdv_pose",
    ]  # fmt: skip


def test_the_demo_s_base_can_be_kept(cli):
    ran = cli("demo", "--keep", "demo.db")
    assert "--db sqlite:///demo.db board" in ran.out
    assert cli("show", ORDER, "--db", "sqlite:///demo.db").code == 0


def test_the_demo_needs_no_setting(cli, monkeypatch):
    monkeypatch.setenv("INSTALLFLOW_DB", "sqlite:///nulle/part.db")
    monkeypatch.setenv("INSTALLFLOW_POLICIES", "nulle_part:RIEN")
    assert cli("demo").code == 0


def test_the_example_board_is_found_where_it_is_shipped():
    assert example_board().is_file()
    assert example_board().name == Path("planning.csv").name
