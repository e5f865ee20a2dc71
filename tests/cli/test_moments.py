"""Days are read alike wherever one is typed, and what was understood is told."""

from __future__ import annotations

import datetime as dt

import pytest

from installflow.cli.moments import day_said, moment_said, spoken_day
from installflow.errors import Invalid

TODAY = dt.date(2026, 11, 21)
"""A Saturday."""


@pytest.mark.parametrize(
    ("typed", "coming", "past"),
    [
        ("lundi", "2026-11-23", "2026-11-16"),
        ("Samedi", "2026-11-28", "2026-11-14"),
        ("vendredi prochain", "2026-11-27", "2026-11-27"),
        ("lundi dernier", "2026-11-16", "2026-11-16"),
        ("hier", "2026-11-20", "2026-11-20"),
        ("avant-hier", "2026-11-19", "2026-11-19"),
        ("Aujourd\u2019hui", "2026-11-21", "2026-11-21"),
        ("après-demain", "2026-11-23", "2026-11-23"),
        ("15/12", "2026-12-15", "2025-12-15"),
        ("21/11", "2026-11-21", "2026-11-21"),
        ("22.11", "2026-11-22", "2025-11-22"),
        ("15 déc.", "2026-12-15", "2025-12-15"),
        ("15/12/26", "2026-12-15", "2026-12-15"),
        ("mardi 24/11/2026", "2026-11-24", "2026-11-24"),
    ],
)
def test_a_day_as_people_say_it(typed, coming, past):
    assert spoken_day(typed, TODAY) == dt.date.fromisoformat(coming)
    assert spoken_day(typed, TODAY, past=True) == dt.date.fromisoformat(past)


@pytest.mark.parametrize("typed", ["2026-11-24", "24/11/2026", "31/11", "24/11 ou 25/11", "bientôt", "lundis", ""])
def test_a_whole_date_and_no_date_are_not_understood(typed):
    assert spoken_day(typed, TODAY) is None


def test_a_day_that_contradicts_itself_is_refused():
    with pytest.raises(Invalid, match="est un mardi, pas un lundi"):
        day_said("lundi 24/11/2026", TODAY)


def test_a_moment_may_have_its_hour(capsys):
    assert str(moment_said("hier 14h30", TODAY)) == "2026-11-20 14:30:00+01:00"
    assert str(moment_said("lundi à 9h", TODAY)) == "2026-11-16 09:00:00+01:00"
    assert str(moment_said("20/11/2026 09:15", TODAY)) == "2026-11-20 09:15:00+01:00"
    assert capsys.readouterr().err.splitlines()[0] == "« hier 14h30 » : lu vendredi 20/11/2026 à 14:30"
    assert moment_said("2026-11-20T09:00+01:00", TODAY) == "2026-11-20T09:00+01:00"


def test_days_are_said_alike_on_every_command(sonia, cli, open_order):
    order = open_order("Garage")
    today = dt.datetime.now(dt.UTC).date()
    monday = today + dt.timedelta(days=7 - today.weekday())
    assert sonia("record", order, "planifier_rdv", "date=lundi", "heure=9h").code == 0
    row = cli("show", order, "--json").json
    assert row["date"] == f"{monday:%Y-%m-%d}"
    for words in (("--from", "lundi", "--to", "lundi"), ("--status", "nouveau"), ("--today", "demain")):
        ran = cli("board", *words, "--json")
        assert [one["id"] for one in ran.json] == [order], words
    assert "lundi" in cli("board", "--from", "lundi").err
    assert cli("board", "--as-of", "hier", "--json").json == []
    assert sonia("record", order, "commenter", "texte=vu", "--occurred-at", "hier").code == 0
    events = cli("history", order, "--json").json
    assert events[-1]["occurred_at"] < events[0]["occurred_at"]


@pytest.mark.parametrize(
    ("typed", "shown"), [("att tech", 0), ("Attente technicien", 0), ("nouvelle", 1), ("installation confirmée", 0)]
)
def test_a_status_is_named_in_any_spelling_an_import_reads(cli, open_order, typed, shown):
    open_order()
    ran = cli("board", "--status", typed, "--json")
    assert (ran.code, len(ran.json)) == (0, shown)


def test_a_view_that_is_behind_is_told_to_be_no_fault(cli, open_order):
    open_order()
    assert "c'est normal" in cli("views", "status").out
    cli("follow", "--once")
    assert "c'est normal" not in cli("views", "status").out


@pytest.mark.parametrize("typed", ["31/11", "31.11", "30/02/2027", "2026-02-30", "23/13", "31 novembre"])
def test_a_day_no_calendar_has_is_told_so(sonia, open_order, typed):
    order = open_order()
    said = f"« {typed} » : ce jour n'existe pas, corriger le jour ou le mois"
    assert sonia("record", order, "planifier_rdv", f"date={typed}").err == f"RDV planifié : date : {said}\n"
    for read in (day_said, moment_said):
        with pytest.raises(Invalid, match=said):
            read(typed, TODAY)


@pytest.mark.parametrize("typed", ["23", "le 23"])
def test_a_day_without_its_month_is_told_so(sonia, open_order, typed):
    ran = sonia("record", open_order(), "planifier_rdv", f"date={typed}")
    assert (ran.code, ran.err) == (
        2, f"RDV planifié : date : « {typed} » : il manque le mois : écrire 23/12 ou 23/12/2026\n",
    )  # fmt: skip


def test_what_may_not_have_been_meant_is_told(capsys):
    assert day_said("29/02", TODAY) == dt.date(2028, 2, 29)
    assert day_said("29/02/2028", TODAY) == dt.date(2028, 2, 29)
    assert day_said("samedi", TODAY) == dt.date(2026, 11, 28)
    assert day_said("samedi prochain", TODAY) == dt.date(2026, 11, 28)
    assert str(moment_said("samedi", TODAY)) == "2026-11-14"
    assert capsys.readouterr().err.splitlines() == [
        "⚠ « 29/02 » : lu mardi 29/02/2028, dans plus d'un an : vérifier l'année",
        "« samedi » : lu samedi 28/11/2026, et non aujourd'hui",
        "« samedi prochain » : lu samedi 28/11/2026",
        "« samedi » : lu samedi 14/11/2026, et non aujourd'hui",
    ]
