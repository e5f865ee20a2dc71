"""One technician spelt twice stays two, and whoever records it reads so."""

from __future__ import annotations

import pytest

SAME = "si c'est la même personne, écrire le même nom"
TAKEN = f"Yves MORVANDEL ressemble à Y. Morvandel, qui est pris le 24/12/2026 (Hôtel Le Goff) : {SAME}"


def plan(run, order: str, name: str, *more: str):
    return run("record", order, "planifier_rdv", "date=24/12/2026", "slot=9H", f"technician={name}", *more)


@pytest.fixture
def planned(sonia, open_order):
    order = open_order("Hôtel Le Goff")
    plan(sonia, order, "Y. Morvandel")
    return order


def test_another_spelling_of_somebody_taken_that_day_is_said(sonia, open_order, planned):
    mine = open_order()
    assert TAKEN in plan(sonia, mine, "Yves MORVANDEL", "--dry-run").out
    ran = plan(sonia, mine, "Yves MORVANDEL")
    assert ran.code == 0
    assert ran.out.count("ressemble") == 1
    assert TAKEN in ran.out
    assert "ressemble" not in sonia("record", mine, "commenter", "text=x").out
    assert "ressemble" not in plan(sonia, open_order("Garage"), "Zoé Morvandel-Petit").out


def test_a_program_reads_it_beside_the_receipt(sonia, open_order, planned):
    ran = plan(sonia, open_order(), "Yves MORVANDEL", "--json")
    assert set(ran.json) == {"id", "ref", "version", "status", "event"}
    assert ran.err == f"{TAKEN}\n"


def test_a_new_spelling_of_somebody_known_is_said_once(sonia, open_order, planned):
    known = f"Morvandel ressemble à Y. Morvandel, déjà connu (Hôtel Le Goff) : {SAME}"
    words = ("planifier_rdv", "technician=Morvandel")
    assert known in sonia("record", open_order("A"), *words).out
    assert "ressemble" not in sonia("record", open_order("B"), *words).out


def test_a_day_moved_to_is_looked_at_too(sonia, open_order, planned):
    mine = open_order()
    sonia("record", mine, "planifier_rdv", "date=23/12/2026", "technician=Yves MORVANDEL")
    assert TAKEN in sonia("record", mine, "planifier_rdv", "date=24/12/2026").out


def test_somebody_who_is_away_under_another_spelling_is_said(sonia, open_order, planned):
    sonia("absent", "Y. Morvandel", "2026-12-28", "--reason", "congés")
    ran = sonia("record", open_order(), "planifier_rdv", "date=28/12/2026", "technician=Morvandel Y.")
    assert f"Morvandel Y. ressemble à Y. Morvandel, qui est absent le 28/12/2026 (congés) : {SAME}" in ran.out


def test_the_list_of_the_day_has_both(sonia, open_order, cli, planned):
    plan(sonia, open_order(), "Yves MORVANDEL")
    items = cli("today", "--today", "2026-12-01", "--json").json
    told = [item["what"] for item in items if "ressemble" in item["what"]]
    assert len(told) == 2
    assert TAKEN in told


def test_an_absence_names_those_whose_name_is_near(sonia, open_order, planned):
    ran = sonia("absent", "Yves MORVANDEL", "2026-12-24", "--reason", "congés")
    assert f"⚠ {TAKEN}".replace("Le Goff)", f"Le Goff, {planned[:8]})") in ran.out
    assert "aucune commande ne comptait" not in ran.out
    plan(sonia, open_order("Garage"), "Morvandel")
    ran = sonia("absent", "Y. Morvandel", "2026-12-24", "--reason", "congés", "--json")
    assert [[hit["client"] for hit in day["orders"]] for day in ran.json] == [["Hôtel Le Goff"]]
    assert "Y. Morvandel ressemble à Morvandel, qui est pris le 24/12/2026 (Garage, " in ran.err


def test_of_a_long_absence_the_days_to_act_on_stand_last(sonia, open_order, planned):
    ran = sonia("absent", "Y. Morvandel", "--from", "2026-12-21", "--to", "2026-12-31", "--reason", "congés")
    assert ran.out.splitlines() == [
        "✓ Y. Morvandel absent du 21/12/2026 au 31/12/2026 (11 jours) : congés",
        "  aucune commande ne comptait sur ces journées : du 21/12/2026 au 23/12/2026, du 25/12/2026 au 31/12/2026",
        "  jeudi 24/12/2026",
        f"  ⚠ {planned[:8]} Hôtel Le Goff (New) : RDV à reporter",
    ]
    words = ("absent", "Y. Morvandel", "--from", "2026-12-30", "--to", "2027-01-02", "--reason", "congés")
    assert "  déjà noté, rien de nouveau : du 30/12/2026 au 31/12/2026\n" in sonia(*words).out
    back = sonia("absent", "Y. Morvandel", "2026-12-24", "2026-12-30", "--cancel").out
    assert back.startswith("✓ Y. Morvandel de nouveau là le 24/12/2026, le 30/12/2026 (2 jours)\n")
    assert "sa journée tient" in back


def test_an_import_says_it_once_a_pair_and_a_day(sonia, open_order, tmp_path, planned):
    board = tmp_path / "planning.csv"
    board.write_text(
        "CLIENT;PARTENAIRE;DATE;HEURE;TECH;NOM TECH;NOM CP;STATUT\n"
        "Garage A;HIGHCOM;24/12/2026;9H;Direct;Yves MORVANDEL;;Attente tech\n"
        "Garage B;HIGHCOM;26/12/2026;9H;Direct;Zoé Durand;;Attente tech\n"
        "Garage C;HIGHCOM;27/12/2026;9H;Direct;DURAND;;Attente tech\n"
        "Garage D;HIGHCOM;28/12/2026;9H;Direct;DURAND;;Attente tech\n",
        encoding="utf-8",
    )
    ran = sonia("import", str(board), "--today", "2026-11-21", "--json")
    assert ran.code == 0, ran.err
    told = [(one["line"], one["message"]) for one in ran.json["warnings"] if "ressemble" in one["message"]]
    assert told == [
        (2, TAKEN),
        (3, f"Zoé Durand ressemble à DURAND, déjà connu (Garage C, Garage D) : {SAME}"),
    ]
    assert "ressemble" not in sonia("import", str(board), "--today", "2026-11-21").out


def test_an_absence_under_another_spelling_stays_on_the_list_of_the_day(sonia, open_order, cli, planned):
    sonia("absent", "Yves MORVANDEL", "2026-12-24", "2026-12-25", "--reason", "congés")
    said = f"Y. Morvandel ressemble à Yves MORVANDEL, qui est absent le 24/12/2026 (congés) : {SAME}"
    items = [item for item in cli("today", "--today", "2026-12-01", "--json").json if item["what"] == said]
    assert [(item["client"], item["date"]) for item in items] == [("Hôtel Le Goff", "2026-12-24")]
    assert said in cli("show", planned, "--today", "2026-12-01", "--json").json["alerts"]
    assert said not in cli("show", planned, "--today", "2026-12-25", "--json").json["alerts"]
    for words in (("--today", "2026-11-01"), ("--as-of", "2026-11-01")):
        assert said not in cli("today", *words).out
    sonia("absent", "Yves MORVANDEL", "2026-12-24", "--cancel")
    assert "ressemble" not in cli("today", "--today", "2026-12-01").out
    assert "ressemble" not in cli("show", planned, "--today", "2026-12-01").out
