"""The screens: for people in French, for programs under the keys of the public contract."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

BOARD = {
    "id", "ref", "imper", "client", "partner", "date", "porta", "slot", "technician_origin", "technician",
    "project_manager", "status", "phase", "comments", "material", "tracking", "billing_info", "phones", "visits",
    "waits", "alerts", "raw",
}  # fmt: skip


@pytest.fixture
def orders(once, sonia, open_order):
    """Three orders: one planned with a reminder, one on stand-by, one cancelled."""

    def made():
        planned = open_order("Boulangerie Morel", ref="CMD-1")
        sonia("record", planned, "planifier_rdv", "date=14/04/2027", "slot=9H30", "origin=Direct", "technician=Karim",
              "project_manager=Inès")  # fmt: skip
        sonia("record", planned, "poser_imper", "date=2027-04-01", "check=rappeler")
        waiting = open_order("Garage Petit", partner="VIP TELECOM", phones=2)
        sonia("record", waiting, "mettre_en_stand_by", "reason=travaux")
        gone = open_order("Hôtel du Lac")
        sonia("record", gone, "demander_annulation", "reason=perte du contrat")
        sonia("record", gone, "annuler", "confirmed_by=Mme Aubry", "how=mail")
        return {"planned": planned, "waiting": waiting, "gone": gone}

    return once(made)


def clients(ran):
    return [row["client"] for row in ran.json]


def test_the_board_has_the_keys_of_the_contract(cli, orders):
    rows = {row["client"]: row for row in cli("board", "--json").json}
    assert set(rows) == {"Boulangerie Morel", "Garage Petit"}
    row = rows["Boulangerie Morel"]
    assert set(row) == BOARD
    assert set(row["porta"]) == {"state", "date", "operator", "remarks", "raw"}
    assert [set(visit) for visit in row["visits"]] == [{"date", "slot", "origin", "technician", "outcome"}]
    assert (row["date"], row["slot"], row["imper"]) == ("2027-04-14", "09:30", ["2027-04-01"])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--all",), {"Boulangerie Morel", "Garage Petit", "Hôtel du Lac"}),
        (("--status", "stand by"), {"Garage Petit"}),
        (("--status", "Annuler"), {"Hôtel du Lac"}),
        (("--partner", "vip télécom"), {"Garage Petit"}),
        (("--technician", "karim"), {"Boulangerie Morel"}),
        (("--project-manager", "ines"), {"Boulangerie Morel"}),
        (("--from", "2027-04-14", "--to", "14/04/2027"), {"Boulangerie Morel"}),
        (("--from", "2027-04-15"), set()),
        (("--search", "petit garage"), {"Garage Petit"}),
    ],
)
def test_the_board_is_filtered(cli, orders, words, found):
    assert set(clients(cli("board", *words, "--json"))) == found


def test_the_board_is_sorted(cli, orders):
    assert clients(cli("board", "--sort", "CLIENT", "--json")) == ["Boulangerie Morel", "Garage Petit"]
    assert clients(cli("board", "--sort", "-client", "--json")) == ["Garage Petit", "Boulangerie Morel"]


def test_the_board_is_by_date_then_client_and_so_are_its_files(cli, orders, open_order, sonia):
    for client in ("Zoo", "Auberge"):
        sonia("record", open_order(client), "planifier_rdv", "date=13/04/2027")
    expected = ["Auberge", "Zoo", "Boulangerie Morel", "Garage Petit"]
    assert clients(cli("board", "--json")) == expected
    cli("board", "--csv", "b.csv")
    lines = Path("b.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [line.split(";")[1] for line in lines] == expected


def test_the_board_may_be_brief_and_begin_only(cli, orders, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    whole, brief = cli("board"), cli("board", "--brief", "--limit", "1")
    assert "⚠" in whole.out
    assert "⚠" not in brief.out
    assert "PORTA PRÉVUE LE" not in whole.out
    assert "Garage Petit" not in brief.out
    assert "1 commande(s), dont 0 avec alertes" in brief.out
    assert "1 autre(s) sans --limit" in brief.out
    assert cli("board", "--limit", "0").code == 2
    monkeypatch.setenv("COLUMNS", "160")
    assert "PORTA PRÉVUE LE" in cli("board").out


def test_a_date_nobody_could_read_is_shown_whole(sonia, tmp_path, monkeypatch):
    (tmp_path / "p.csv").write_text(
        "CLIENT;PARTENAIRE;DATE;STATUT\nMorel;HIGHCOM;31/11/2026;New\nPetit;HIGHCOM;après les travaux du toit;New\n",
        encoding="utf-8",
    )
    sonia("import", "p.csv", "--today", "2026-11-21")
    monkeypatch.setenv("COLUMNS", "110")
    out = sonia("board").out
    assert "? 31/11/2026" in out
    words = " ".join(out.split())
    assert all(word in words for word in ("après", "travaux", "toit"))


def test_a_long_word_is_broken_at_its_hyphens_only(open_order, cli, monkeypatch):
    open_order("Mairie de Saint-Barthélemy-de-Bellegarde")
    monkeypatch.setenv("COLUMNS", "84")
    assert "Bellegarde" in cli("board").out


def test_the_board_is_read_by_people(cli, orders):
    out = cli("board").out
    for header in ("IMPER", "CLIENT", "PARTENAIRE", "DATE", "HEURE", "NOM TECH", "NOM CP", "STATUT"):
        assert header in out
    assert orders["planned"][:8] in out
    assert "2 commande(s)" in out
    assert "14/04/27" in out


@pytest.mark.usefixtures("empty_base")
def test_an_empty_board_says_where_to_begin(cli):
    assert "installflow import" in cli("board").out


@pytest.mark.parametrize(
    "words",
    [("board",), ("today",), ("agenda",), ("billing",), ("show", "x"), ("history", "x"), ("options", "x"), ("rebuild",),
     ("record", "x", "demarrer_collecte", "--by", "Sonia", "--role", "planner")],
)  # fmt: skip
def test_a_command_that_only_reads_makes_no_base(cli, tmp_path, words):
    ran = cli(*words, "--json")
    assert (ran.code, ran.json["error"]) == (4, "no_store")
    assert "aucune base installflow.db ici : commencer par « installflow import FICHIER »" in ran.err
    assert "« installflow db init »" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_filter_that_keeps_nothing_says_so(cli, orders):
    assert "aucune commande ne répond à ces filtres" in cli("board", "--partner", "Inconnu").out


def test_what_depends_on_the_day_follows_today(cli, orders):
    late = cli("board", "--today", "2027-04-05", "--search", "Morel", "--json").json[0]["alerts"]
    early = cli("board", "--today", "2027-03-05", "--search", "Morel", "--json").json[0]["alerts"]
    assert "IMPER dépassé (01/04/2027)" in late
    assert "IMPER dépassé (01/04/2027)" not in early


def test_the_past_is_another_board(cli, orders):
    assert cli("board", "--as-of", "2020-01-01", "--json").json == []
    assert cli("board", "--known-on", "01/01/2020", "--json").json == []
    assert len(cli("board", "--as-of", "2999-01-01", "--known-on", "2999-01-01", "--json").json) == 2


def test_the_agenda(cli, orders):
    entries = cli("agenda", "--today", "2027-04-05", "--json").json
    assert [set(entry) for entry in entries] == [
        {"id", "ref", "client", "partner", "status", "date", "check", "state", "last"}
    ]
    assert (entries[0]["state"], entries[0]["check"]) == ("en retard", "rappeler")
    out = cli("agenda", "--today", "2027-04-05").out
    assert "en retard" in out
    assert "01/04/2027" in out


@pytest.mark.usefixtures("empty_base")
def test_an_agenda_without_reminder_says_how_to_set_one(cli):
    assert "poser_imper" in cli("agenda").out


def test_the_list_of_the_day(cli, orders):
    items = cli("today", "--today", "2027-04-05", "--json").json
    assert all(set(item) == {"section", "id", "ref", "client", "partner", "status", "what", "date"} for item in items)
    assert "Rappels à faire" in {item["section"] for item in items}
    out = cli("today", "--today", "2027-04-05", "--for", "inès").out
    assert "À faire le lundi 05/04/2027 pour inès" in out
    assert "Rappels à faire (1)" in out


@pytest.mark.usefixtures("empty_base")
def test_a_day_with_nothing_to_do_says_so(cli):
    assert "rien à faire" in cli("today").out


def test_billing(cli, sonia, orders):
    sonia("record", orders["planned"], "noter_facturation", "text=FMS 150 €")
    lines = cli("billing", "--json").json
    assert [set(line) for line in lines] == [
        {"id", "ref", "client", "partner", "phones", "status", "state", "closed_at", "billed_at", "notes",
         "billable_trips"}
    ]  # fmt: skip
    out = cli("billing").out
    assert "FMS 150 € (Sonia)" in out
    assert "RÉFÉRENCE" in out
    assert len(cli("billing", "--all", "--json").json) == 3


@pytest.mark.usefixtures("empty_base")
def test_nothing_to_bill_says_so(cli):
    assert "rien à facturer" in cli("billing").out


def test_show_gives_one_order_in_full(cli, orders):
    assert set(cli("show", "CMD-1", "--json").json) == BOARD
    out = cli("show", orders["planned"][:8]).out
    for header in ("COMMENTAIRES PLANIF", "N° CHRONO", "INFOS FACTURATION", "Visites", "Peut se passer maintenant"):
        assert header in out
    assert "14/04/2027 · 9H30 · Direct · Karim" in out
    assert "demarrer_collecte → Collecte" in out


def test_show_tells_what_is_missing_for_the_next_step(cli, sonia, orders):
    out = cli("show", "CMD-1").out
    assert "Il manque, pour aller plus loin" in out
    assert "demarrer_staging → Staging\n    - la collecte est obligatoire" in out
    assert out.count("14/04/2027 · 9H30") == 1


def test_show_gives_waits_and_past_moments(cli, sonia, orders):
    sonia("record", orders["planned"], "attendre_partenaire", "reason=date", "confirmer=BVC Orange")
    out = cli("show", "CMD-1").out
    assert "Attend" in out
    assert "BVC Orange" in out
    past = cli("show", "CMD-1", "--as-of", "2020-01-01")
    assert past.code == 4
    assert "n'existait pas encore" in past.err


def test_history_is_a_sentence_an_event_or_the_envelopes(cli, orders):
    envelopes = cli("history", "CMD-1", "--json").json
    assert [envelope["type"] for envelope in envelopes] == ["OrderReceived", "VisitScheduled", "ReminderSet"]
    assert {"position", "id", "version", "topic", "by", "recorded_at", "occurred_at", "event"} <= set(envelopes[0])
    lines = cli("history", "CMD-1").out.splitlines()
    assert len(lines) == 3
    assert "Sonia (planificatrice)" in lines[0]
    assert cli("history", "CMD-1", "--known-on", "2020-01-01", "--json").json == []
    assert "rien n'était encore enregistré" in cli("history", "CMD-1", "--as-of", "2020-01-01").out


def test_options_are_allowed_or_refused_with_every_reason(cli, orders):
    options = cli("options", "CMD-1", "--json").json
    assert all(set(option) == {"event", "target", "allowed", "reasons", "fields"} for option in options)
    by_event = {(option["event"], option["target"]): option for option in options}
    assert by_event["CollecteStarted", "Collecte"]["allowed"] is True
    refused = by_event["StagingStarted", "Staging"]
    assert refused["allowed"] is False
    assert set(refused["reasons"][0]) == {"guard", "sentence"}
    assert "properties" in by_event["CommentAdded", None]["fields"]
    out = cli("options", "CMD-1").out
    assert out.index("Permis") < out.index("demarrer_collecte") < out.index("Pas maintenant")
    assert refused["reasons"][0]["sentence"] in out


def test_options_depend_on_the_role(cli, orders):
    def allowed(role):
        return {o["event"] for o in cli("options", "CMD-1", "--as-role", role, "--json").json if o["allowed"]}

    assert "CollecteStarted" in allowed("project_manager")
    assert "CollecteStarted" not in allowed("client")


def test_events_are_listed_without_a_store(cli, tmp_path):
    events = {event["event"]: event for event in cli("events", "--json").json}
    assert set(events["StagingStarted"]) == {"event", "trigger", "said", "kind", "roles", "fields"}
    assert events["StagingStarted"]["trigger"] == "demarrer_staging"
    assert events["StagingStarted"]["roles"] == ["planner", "project_manager", "workshop"]
    assert "demarrer_staging" in cli("events").out
    one = cli("events", "annuler").out
    assert "confirmé_par* (confirmed_by)" in one
    assert "exemple : installflow record COMMANDE annuler" in one
    failed = cli("events", "rdv_en_echec").out
    assert "cause : client absent | client pas prêt" in failed
    assert "déplacement_facturable (billable) : oui ou non" in failed
    visit = cli("events", "planifier_rdv").out
    assert "tech (origin) : Direct | 5 com | Occitech ; plusieurs : séparés par « + »" in visit
    assert "date : un jour" in visit
    assert "demarrer_staging" not in one
    assert list(tmp_path.iterdir()) == []


def test_diagram_is_mermaid(cli):
    assert cli("diagram", "commande").out.startswith("stateDiagram-v2\n")
    assert cli("diagram", "order", "--json").json["workflow"] == "order"
    ran = cli("diagram", "x")
    assert ran.code == 2
    assert "commande" in ran.err


def test_an_order_the_screens_cannot_follow_is_said_and_shown_as_it_was(sonia):
    order = sonia("open", "client=Boulangerie Morel", "partner=HIGHCOM", "phones=2", "--json").json["id"]
    sonia("open", "client=Garage Petit", "partner=HIGHCOM", "phones=2")
    sonia("record", order, "demarrer_collecte", "--json")  # which reads no screen
    with contextlib.closing(sqlite3.connect("installflow.db")) as damaged, damaged:
        damaged.execute("UPDATE stored_events SET state = '[1' WHERE topic = 'order.collecte_started'")
    board = sonia("board")
    assert board.code == 0
    assert "Garage Petit" in board.out
    assert f"{order[:8]} : illisible" in board.err
    sonia("open", "client=Morel", "partner=HIGHCOM", "--db", "sqlite:///other.db")
    assert "illisible" not in sonia("board", "--db", "sqlite:///other.db").err
