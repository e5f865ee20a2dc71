"""From an appointment to its invoice, as a planner sees it: what may happen, what is to mend, what was billed."""

from __future__ import annotations

import pytest

from installflow.orders.today import SECTIONS

UNREAD = """\
IMPER;CLIENT;PARTENAIRE;DATE;PORTA PRÉVUE LE;HEURE;TECH;NOM TECH;NOM CP;STATUT;MATÉRIEL REÇU;N° CHRONO
bientôt;Morel;HIGHCOM;après les travaux;on verra;midi;Direct;Karim;Inès;New;peut-être;6,12E+12
"""
PLANNED = """\
CLIENT;PARTENAIRE;DATE;HEURE;TECH;NOM TECH;NOM CP;STATUT
Morel;HIGHCOM;19/11/2026;9H;Direct;Karim;Inès;Installation
"""
DAY = ("--today", "2026-11-21")


@pytest.fixture
def board(sonia, tmp_path):
    """Import a board; answers the id of its order."""

    def imported(text):
        (tmp_path / "p.csv").write_text(text, encoding="utf-8")
        assert sonia("import", "p.csv", *DAY).code == 0
        (row,) = sonia("board", "--all", "--json").json
        return row["id"]

    return imported


def test_every_cell_nobody_could_read_is_to_mend(cli, board):
    board(UNREAD)
    alerts = [alert for alert in cli("board", *DAY, "--json").json[0]["alerts"] if "illisible" in alert]
    assert {alert.split(" illisible")[0] for alert in alerts} >= {"IMPER", "DATE", "HEURE", "N° CHRONO"}
    (mend,) = [item["what"] for item in cli("today", *DAY, "--json").json if item["section"] == "Cellules à corriger"]
    assert mend.split(" ; ") == alerts, "in the words of the board"


def test_what_happens_unless_said_otherwise_stands_first(cli, board):
    order = board(PLANNED)
    said = "visite_faite → reste en Installation ou En attente de planification, selon la saisie"
    assert said in cli("show", order, *DAY).out
    lines = [line.split("  ")[1] for line in cli("options", order, *DAY).out.splitlines() if line.startswith("  ")]
    assert [line for line in lines if "visite_faite" in line] == [
        "✓ visite_faite → reste en Installation", "✓ visite_faite → En attente de planification",
    ]  # fmt: skip
    assert "commenter → " not in cli("options", order, *DAY).out


def test_a_closed_order_is_called_closed_and_its_invoice_has_its_day(cli, sonia, board):
    order = board(PLANNED)
    assert "Installation (clôturée)" not in cli("show", order).out
    assert sonia("record", order, "corriger_statut", "status=installation.cloturee", "reason=oubli").code == 0
    assert "Installation (clôturée)" in cli("show", order).out
    assert "Installation (clôturée)" in cli("billing").out
    assert (
        sonia("record", order, "noter_facturation", "text=F-12", "billed=oui", "--occurred-at", "2026-11-20").code == 0
    )
    shown = cli("billing", "--all").out
    assert "FACTURÉE LE" in shown
    assert "20/11/2026" in shown
    cli("billing", "--all", "--csv", "b.csv")


def test_the_page_of_the_day_names_its_sections_and_how_far_it_looks(cli):
    page = " ".join(cli("today", "--help").out.split())
    assert all(section in page for section in SECTIONS)
    assert "regardent un mois devant (30 jours)" in page
