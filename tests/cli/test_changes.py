"""open, record and absent: what they answer, what they store, and what they refuse."""

from __future__ import annotations

import pytest

RECEIPT = {"id", "ref", "version", "status", "event"}


def test_open_answers_a_receipt(sonia):
    ran = sonia("open", "client=Boulangerie Morel", "partner=vip télécom", "phones=6", "ref=CMD-1", "--json")
    assert ran.code == 0
    assert set(ran.json) == RECEIPT
    assert (ran.json["ref"], ran.json["version"], ran.json["status"], ran.json["event"]) == (
        "CMD-1", 1, "New", "OrderReceived",
    )  # fmt: skip


def test_open_says_in_french_what_was_recorded_and_what_it_alerts(sonia):
    ran = sonia("open", "client=Morel", "partner=HIGHCOM")
    assert "Commande reçue de HIGHCOM" in ran.out
    assert "⚠ nombre de téléphones inconnu" in ran.out


def test_a_dry_run_stores_nothing(sonia, tmp_path):
    assert sonia("open", "client=Morel", "partner=HIGHCOM", "--dry-run").code == 0
    assert list(tmp_path.iterdir()) == []


def test_record_takes_the_event_by_its_class_or_its_french_trigger(sonia, open_order):
    order = open_order()
    assert sonia("record", order, "CollecteStarted", "--json").json["status"] == "Collecte"
    ran = sonia("record", order[:8], "terminer_collecte", "phones=7", "--json")
    assert set(ran.json) == RECEIPT
    assert (ran.json["status"], ran.json["event"], ran.json["version"]) == ("Staging", "CollecteCompleted", 3)


def test_record_tells_the_move_in_french(sonia, open_order):
    ran = sonia("record", open_order(), "demarrer_collecte")
    assert "Boulangerie Morel" in ran.out
    assert "New → Collecte" in ran.out


def test_record_tells_the_alerts_the_change_raised_and_no_older_one(sonia, open_order):
    order = open_order(phones="")
    ran = sonia("record", order, "demander_annulation", "reason=perte du contrat")
    assert "⚠ annulation demandée (perte du contrat)" in ran.out
    assert "téléphones inconnu" not in ran.out


def test_a_refusal_lists_every_reason_and_exits_3(sonia, open_order):
    order = open_order()
    for event in (("demarrer_collecte",), ("terminer_collecte",), ("terminer_staging",)):
        assert sonia("record", order, *event).code == 0
    ran = sonia("record", order, "confirmer_installation", "--json")
    assert ran.code == 3
    assert set(ran.json) == {"error", "reasons"}
    assert ran.json["error"] == "refused"
    assert len(ran.json["reasons"]) > 2
    for reason in ran.json["reasons"]:
        assert set(reason) == {"guard", "sentence"}
        assert reason["sentence"] in ran.err


def test_a_wrong_role_exits_3_and_names_the_roles_that_may(cli, open_order):
    ran = cli("record", open_order(), "poser_imper", "date=2027-01-04", "--by", "Léa", "--role", "client", "--json")
    assert (ran.code, ran.json["error"]) == (3, "forbidden")
    assert "planificatrice" in ran.err
    assert "planner" in ran.json["reasons"][0]["sentence"]


def test_several_orders_are_each_their_own_unit(sonia, open_order, cli):
    first, second = open_order("Morel"), open_order("Petit")
    assert sonia("record", second, "demarrer_collecte").code == 0
    ran = sonia("record", first, second, "demarrer_collecte", "--json")
    assert ran.code == 3
    assert [set(one) for one in ran.json] == [RECEIPT, {"error", "reasons", "order"}]
    assert ran.json[1]["order"] == second
    assert {row["status"] for row in cli("board", "--json").json} == {"Collecte"}


def test_with_several_orders_the_exit_code_is_the_worst(sonia, open_order):
    ran = sonia("record", open_order(), "nulle-part", "terminer_staging")
    assert ran.code == 4
    assert "✗ nulle-part : aucune commande" in ran.err


def test_orders_come_from_standard_input(sonia, open_order, cli):
    first, second = open_order("Morel"), open_order("Petit")
    ran = sonia("record", "-", "commenter", "text=à rappeler", stdin=f"{first}\n\n{second[:8]}\n")
    assert ran.code == 0
    assert all("à rappeler" in row["comments"] for row in cli("board", "--json").json)


def test_a_command_id_counts_once_for_one_order_and_for_several(sonia, open_order, cli):
    first, second = open_order("Morel"), open_order("Petit")
    for orders in ((first,), (first, second)):
        for _ in range(2):
            assert sonia("record", *orders, "commenter", "text=vu", "--command-id", f"c{len(orders)}").code == 0
    assert len(cli("history", first, "--json").json) == 3
    assert len(cli("history", second, "--json").json) == 2


def test_a_repeated_command_says_so(sonia, open_order):
    words = ("record", open_order(), "commenter", "text=vu", "--command-id", "c1")
    sonia(*words)
    assert "déjà enregistré" in sonia(*words).out


def test_a_command_id_used_for_something_else_exits_5(sonia, open_order):
    order = open_order()
    sonia("record", order, "commenter", "text=vu", "--command-id", "c1")
    ran = sonia("record", order, "commenter", "text=autre", "--command-id", "c1", "--json")
    assert (ran.code, ran.json["error"]) == (5, "conflict")


def test_an_expected_version_that_is_not_the_one_exits_5(sonia, open_order):
    order = open_order()
    assert sonia("record", order, "commenter", "text=vu", "--expected-version", "1").code == 0
    assert sonia("record", order, "commenter", "text=vu", "--expected-version", "1").code == 5
    assert sonia("record", order, "commenter", "text=vu", "--expected-version", "un").code == 2


def test_who_decided_and_where_it_comes_from_are_in_the_history(sonia, open_order, cli):
    order = open_order()
    sonia("record", order, "commenter", "text=vu", "--on-behalf-of", "Mme Aubry", "--source", "mail")
    by = cli("history", order, "--json").json[-1]["by"]
    assert (by["name"], by["on_behalf_of"], by["source"]) == ("Sonia", "Mme Aubry", "mail")


def test_it_may_have_happened_earlier(sonia, open_order, cli):
    order = open_order()
    assert sonia("record", order, "commenter", "text=vu", "--occurred-at", "2026-01-05T10:00+01:00").code == 0
    assert cli("history", order, "--json").json[-1]["occurred_at"].startswith("2026-01-05T09:00")
    assert sonia("record", order, "commenter", "text=vu", "--occurred-at", "2999-01-01").code == 2
    assert sonia("record", order, "commenter", "text=vu", "--occurred-at", "naguère").code == 2


def test_who_acts_comes_from_the_environment(cli, monkeypatch):
    monkeypatch.setenv("INSTALLFLOW_BY", "Sonia")
    monkeypatch.setenv("INSTALLFLOW_ROLE", "planner")
    assert cli("open", "client=Morel", "partner=HIGHCOM").code == 0


def test_options_stand_before_or_after_the_command(cli, tmp_path):
    db = f"sqlite:///{tmp_path / 'autre.db'}"
    actor = ("--by", "Sonia", "--role", "planner")
    assert cli("--db", db, *actor, "open", "client=Morel", "partner=HIGHCOM").code == 0
    assert len(cli("board", "--db", db, "--json").json) == 1
    assert len(cli("--json", "--db", db, "board").json) == 1
    assert cli("board", "--json").code == 4


def test_an_absence_is_recorded_each_day_and_lists_the_orders_it_hits(sonia, open_order):
    order = open_order()
    sonia("record", order, "planifier_rdv", "date=14/04/2027", "slot=9H30", "technician=Karim")
    ran = sonia("absent", "karim", "2027-04-14", "15/04/2027", "--reason", "congés", "--json")
    assert ran.code == 0
    assert [set(day) for day in ran.json] == [{"id", "version", "technician", "day", "orders"}] * 2
    assert [day["day"] for day in ran.json] == ["2027-04-14", "2027-04-15"]
    assert [[hit["client"] for hit in day["orders"]] for day in ran.json] == [["Boulangerie Morel"], []]
    told = sonia("absent", "Karim", "2027-04-14", "--reason", "formation").out
    assert "Boulangerie Morel" in told
    assert order[:8] in told


def test_a_mistyped_day_records_no_absence_at_all(sonia, open_order):
    assert sonia("absent", "Karim", "2027-04-14", "2027-04-32", "--reason", "congés").code == 2
    order = open_order()
    ran = sonia("record", order, "planifier_rdv", "date=14/04/2027", "technician=Karim")
    assert ran.code == 0


def test_an_absence_may_last_and_is_alerted_once(sonia, open_order, cli):
    order = open_order()
    sonia("record", order, "planifier_rdv", "date=15/04/2027", "technician=Karim")
    words = ("absent", "Karim", "--from", "2027-04-14", "--to", "16/04/2027", "--reason", "congés")
    first = sonia(*words, "--json").json
    assert [day["day"] for day in first] == ["2027-04-14", "2027-04-15", "2027-04-16"]
    assert sonia(*words, "--json").json == first
    assert "déjà noté" in sonia(*words).out
    alerts = cli("show", order, "--json").json["alerts"]
    assert len([alert for alert in alerts if "Karim est absent" in alert]) == 1
    today = cli("today", "--today", "2027-04-01").out
    assert "RDV du 15/04 : Karim est absent le 15/04/2027 (congés)" in today


def test_an_absence_that_does_not_take_place_is_cancelled(sonia, open_order):
    sonia("absent", "Karim", "2027-04-14", "2027-04-15", "--reason", "congés")
    wrong = sonia("absent", "Karim", "2027-04-14", "2027-04-16", "--cancel")
    assert wrong.code == 4
    assert "aucune absence de Karim le 16/04/2027" in wrong.err
    order = open_order()
    planned = ("record", order, "planifier_rdv", "date=14/04/2027", "technician=Karim")
    assert sonia(*planned).code == 3
    assert "de nouveau là" in sonia("absent", "karim", "2027-04-14", "--cancel").out
    assert sonia(*planned).code == 0


def test_a_technician_nobody_knows_is_said_with_near_names(sonia, open_order):
    sonia("record", open_order(), "planifier_rdv", "date=15/04/2027", "technician=Y. Morvandel")
    ran = sonia("absent", "Y. Morvandl", "2027-04-15", "--reason", "congés")
    assert ran.code == 0
    assert "« Y. Morvandl » n'est NOM TECH d'aucune commande ; peut-être : Y. Morvandel" in ran.err
    assert "NOM TECH" not in sonia("absent", "y morvandel", "2027-04-16", "--reason", "congés").err


def test_an_absence_without_its_days_or_its_reason_exits_2(sonia):
    for words in (
        ("Karim", "--reason", "congés"),
        ("Karim", "2027-04-14"),
        ("Karim", "--from", "2027-04-14", "--reason", "congés"),
        ("Karim", "--from", "2027-04-14", "--to", "2027-04-13", "--reason", "congés"),
        ("Karim", "--from", "2027-04-14", "--to", "2072-04-13", "--reason", "congés"),
    ):
        assert sonia("absent", *words).code == 2


def test_a_day_said_without_its_year_is_read_from_today_and_told(sonia, open_order, cli):
    order = open_order()
    for said in ("24/11", "demain"):
        ran = sonia("record", order, "poser_imper", f"date={said}", "--json")
        assert ran.code == 0
        assert f"« {said} » : lu " in ran.err
    assert any(day.endswith("-11-24") for day in cli("show", order, "--json").json["imper"])
    assert sonia("record", order, "commenter", "text=24/11").err == ""
    assert sonia("record", order, "poser_imper", "date=31/11").code == 2


def test_several_words_of_a_closed_list_are_typed_with_a_slash(sonia, open_order, cli):
    order = open_order()
    words = ("corriger_statut", "status=Attente tech", "reason=erreur", "open_waits=technicien / partenaire")
    assert sonia("record", order, *words).code == 0
    assert [wait["kind"] for wait in cli("show", order, "--json").json["waits"]] == ["technicien", "partenaire"]


def test_fields_are_named_in_french(sonia, cli):
    ran = sonia("open", "client=Garage", "partenaire=HIGHCOM", "telephones=2", "--json")
    assert ran.code == 0, ran.err
    order = ran.json["id"]
    words = ("date=24/12/2026", "heure=9h", "tech=Direct", "technicien=Yves Morvandel", "cp=Inès")
    assert sonia("record", order, "planifier_rdv", *words).code == 0
    assert sonia("record", order, "commenter", "texte=vu avec le client").code == 0
    row = cli("show", order, "--json").json
    assert (row["date"], row["slot"], row["technician"], row["project_manager"]) == (
        "2026-12-24", "09:00", "Yves Morvandel", "Inès",
    )  # fmt: skip
    assert sonia("record", order, "planifier_rdv", "heure=9h", "slot=10h").err == (
        "heure est donné deux fois : n'en garder qu'un\n"
    )


def test_fields_that_are_none_are_told_with_the_choices_once(sonia, open_order):
    order = open_order()
    err = sonia("record", order, "commenter", "texte=x", "couleur=bleu", "taille=2").err
    assert err == (
        "Commentaire : couleur : n'est pas un champ de cet événement ; taille : n'est pas un champ de cet événement ; "
        "au choix : texte, catégorie\n"
    )
    assert "heure : « 12H » n'est pas un créneau" in sonia("record", order, "planifier_rdv", "slot=12H").err
    out = sonia("options", order).out
    assert "texte* (text), catégorie (category)" in out
    assert "pour le rôle planificatrice (planner)" in out


def test_an_event_that_is_none_is_told_with_the_near_triggers(sonia, open_order):
    ran = sonia("record", open_order(), "facturer")
    assert (ran.code, ran.err) == (2, "« facturer » n'est pas un événement ; peut-être : noter_facturation\n")


def test_a_rehearsal_warns_of_all_the_real_one_would(sonia, open_order):
    words = ("date=24/12/2026", "heure=9h", "cp=Inès", "tech=Direct")
    sonia("record", open_order("Garage"), "planifier_rdv", *words, "technicien=Yves Morvandel")
    order = open_order()
    tried = sonia("record", order, "planifier_rdv", *words, "technicien=Zoé Durand", "--dry-run").out
    done = sonia("record", order, "planifier_rdv", *words, "technicien=Zoé Durand").out
    assert "le chef de projet a deux installations le 24/12/2026 à 09:00 (aussi : Garage)" in done
    assert tried == f"{done}  essai : rien n'est enregistré\n"
    again = sonia("open", "client=Garage", "partenaire=HIGHCOM", "--dry-run").out
    assert "doublon possible" in again


@pytest.mark.parametrize("typed", ["à confirmer", "?", "-", "à définir", "Karim ?"])
def test_what_names_nobody_is_no_name(sonia, open_order, typed):
    order = open_order()
    for field in ("nom_tech", "cp"):
        ran = sonia("record", order, "planifier_rdv", "date=24/12/2026", f"{field}={typed}")
        assert ran.code == 2
        assert f"« {typed} » ne nomme personne avec certitude : ne donner que le nom, ou laisser" in ran.err
    assert sonia("absent", typed, "2026-12-24", "--reason", "congés").code == 2


@pytest.mark.parametrize("typed", ["Luc Petit et Karim Benali", "Luc Petit + Karim Benali"])
def test_two_technicians_in_one_text_are_read_apart_and_told(sonia, cli, open_order, typed):
    order = open_order()
    ran = sonia("record", order, "planifier_rdv", "date=24/12/2026", f"nom_tech={typed}")
    assert f"« {typed} » : deux techniciens lus : Luc Petit, Karim Benali ; si c'est une seule personne" in ran.err
    assert cli("show", order, "--json").json["technician"] == "Luc Petit / Karim Benali"
    assert sonia("absent", typed, "2026-12-24", "--reason", "congés").code == 2
    assert "lus" not in sonia("record", order, "planifier_rdv", "nom_tech=Luc Petit / Zoé Durand").err
