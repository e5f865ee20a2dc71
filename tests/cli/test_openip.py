"""`installflow openip`: the list, a page observed, an offer in full, links."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from installflow.cli.openip import TYPED_SORTS
from installflow.openip.status import SORTS
from tests.cli.conftest import Cli
from tests.conftest import ROOT

EXAMPLES = ROOT / "examples" / "openip"
PAGE, LATER = str(EXAMPLES / "OC204817.txt"), str(EXAMPLES / "OC204817-plus-tard.txt")
TEXT = Path(PAGE).read_text(encoding="utf-8")


@pytest.fixture
def observed(sonia: Cli) -> None:
    """A base where the first page was observed."""
    assert sonia("openip", "observe", PAGE).code == 0


def test_what_changed_is_told_document_by_document(sonia: Cli):
    first = sonia("openip", "observe", PAGE)
    assert first.out.startswith("document(s) : 7 nouveau(x)\n+ offre OC204817 (nouvelle) : statut : « En cours »")
    assert "⚠ Offres contractées, ligne 2 : Type commande « Modification »" in first.out
    again = sonia("openip", "observe", PAGE)
    assert (again.code, again.out.splitlines()[0]) == (0, "document(s) : 7 inchangé(s)")
    later = sonia("openip", "observe", LATER)
    assert later.out.splitlines()[:3] == [
        "document(s) : 2 modifié(s), 5 inchangé(s)",
        "~ fiche FPC90211 : Livraison : 19/03/2026 (avant : 17/03/2026)",
        "~ fiche FPC90212 : statut : « RDV planifié » → « RDV en échec »",
    ]


def test_a_page_is_pasted_on_standard_input(sonia: Cli):
    assert sonia("openip", "observe", "-", stdin=TEXT).out.startswith("document(s) : 7 nouveau(x)")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_as_windows_wrote_it(sonia: Cli, tmp_path: Path, encoding: str):
    text = TEXT.replace("↕", "").replace("—", "-")
    (tmp_path / "page.txt").write_text(text, encoding=encoding)
    ran = sonia("openip", "observe", "page.txt", "--json")
    assert len(ran.json["documents"]) == 7
    assert "Date de portabilité confirmée" in json.dumps(ran.json, ensure_ascii=False)


def test_a_trial_makes_no_base(sonia: Cli, tmp_path: Path):
    ran = sonia("openip", "observe", PAGE, "--dry-run")
    assert ran.out.startswith("document(s) : 7 nouveau(x) (essai : rien n'est enregistré)")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("observed")
def test_a_page_copied_before_the_last_one_changes_nothing(sonia: Cli):
    ran = sonia("openip", "observe", LATER, "--seen-at", "hier 14h30", "--json")
    assert (ran.code, ran.json["documents"], len(ran.json["left"])) == (0, [], 7)


@pytest.mark.parametrize(
    ("words", "stdin", "code", "told"),
    [
        (("observe", "-"), "bonjour à tous", 2, "rien de MyOpenIP"),
        (("observe", "-"), '{"offers": 3}', 2, "offers"),
        (("observe", "missing.txt"), "", 2, "ne peut pas être lu"),
        (("observe", "."), "", 2, "ne peut pas être lu"),
        (("observe",), "", 2, "FICHIER"),
        (("--all", "observe", PAGE), "", 2, "--all est une option de la liste"),
        (("--sort", "COULEUR"), "", 2, "RÉF, NOM, COMMANDE, ENTREPRISE, LIVRAISON"),
        (("--status", "rouge"), "", 2, "Déposée / en cours"),
        (("--limit", "0"), "", 2, "--limit"),
        (("rien",), "", 2, "« rien » n'est pas une commande de installflow openip"),
        (("show", "OC9"), "", 4, "aucune offre « OC9 »"),
        (("show", "OC204817", "--as-of", "2020-01-01"), "", 4, "n'était pas encore observée"),
        (("link", "OC9", "M-1"), "", 4, "ni offre (OC) ni commande (COM)"),
        (("link", "OC204817", "nobody"), "", 4, "aucune commande « nobody »"),
        (("unlink", "COM155901", "nobody"), "", 4, "aucune commande « nobody »"),
    ],
)
@pytest.mark.usefixtures("observed")
def test_what_cannot_be_done_is_said_in_one_sentence(
    sonia: Cli, words: tuple[str, ...], stdin: str, code: int, told: str
):
    ran = sonia("openip", *words, stdin=stdin)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err


def test_a_text_that_is_no_page_makes_no_history(sonia: Cli):
    assert sonia("openip", "observe", "-", stdin="bonjour").code == 2
    assert sonia("openip", "--all", "--json").json == []


def test_who_looks_must_be_said_and_allowed(cli: Cli):
    assert cli("openip", "observe", PAGE).code == 2
    assert cli("openip", "observe", PAGE, "--by", "Karim", "--role", "technician").code == 3


def test_without_a_base_there_is_nothing_to_read(cli: Cli):
    assert cli("openip").code == 4


@pytest.mark.usefixtures("empty_base")
def test_an_empty_list_says_how_to_begin(cli: Cli):
    assert "installflow openip observe FICHIER" in cli("openip").out


@pytest.mark.usefixtures("observed")
def test_the_list_shows_what_is_awaited_and_all_of_it_on_demand(sonia: Cli):
    assert [line["ref"] for line in sonia("openip", "--json").json] == ["OC204817"]
    assert [line["ref"] for line in sonia("openip", "--all", "--sort", "entreprise", "--json").json] == [
        "OC204817", "OC204818",
    ]  # fmt: skip
    assert [line["ref"] for line in sonia("openip", "--status", "Livree", "--json").json] == ["OC204818"]
    assert sonia("openip", "--status", "Annulée").out.startswith("aucune offre à montrer")
    assert "\n1 autre(s) sans --limit\n" in sonia("openip", "--all", "--limit", "1").out
    out = sonia("openip").out
    assert ("OC204817" in out, "Menuiserie Aubry" in out, "OC204818" in out) == (True, True, False)


@pytest.mark.usefixtures("observed")
def test_what_waits_for_us_stands_beneath_its_offer(sonia: Cli):
    assert sonia("openip", "--tasks").out.startswith("aucune offre")
    sonia("openip", "observe", LATER)
    assert (
        "⚠ FPC90212 : le dernier RDV a échoué et OpenIP attend notre réponse : y répondre"
        in sonia("openip", "--tasks").out
    )


@pytest.mark.usefixtures("observed")
def test_the_list_goes_to_files(sonia: Cli, tmp_path: Path):
    assert (
        sonia("openip", "--all", "--csv", "o.csv", "--xlsx", "o.xlsx").out
        == "2 offre(s) dans o.csv\n2 offre(s) dans o.xlsx\n"
    )
    header, first, *_ = (tmp_path / "o.csv").read_text(encoding="utf-8-sig").splitlines()
    assert header.startswith("RÉF.;NOM DE L'OFFRE;RÉF. COMMANDE;CLIENT FINAL")
    assert first.startswith("OC204817;Centrex Premium;COM155901;Menuiserie Aubry;Aubry SAS;Atelier;;En cours;En cours;")


def test_an_offer_in_full(sonia: Cli, open_order):
    open_order("Menuiserie Aubry", ref="AUB-1")
    sonia("openip", "observe", PAGE)
    sonia("openip", "observe", LATER)
    sonia("openip", "link", "OC204817", "AUB-1")
    out = sonia("openip", "show", "oc204817").out
    for told in (
        "OC204817 — Centrex Premium  En cours", "Menuiserie Aubry (New)", "01 99 00 12 34 / 01 99 00 12 35",
        "livraison prévue : 17/03/2026, vu le", "statut « RDV planifié » vu le", "33.36 %", "—", "90 jours",
        "mandat signé.pdf", "Aubry · Claire · claire@exemple.test", "05/02/2026 · Lucie D. · Passage en cours",
        "RIO manquant", "1262.50 €", "le dernier RDV a échoué",
    ):  # fmt: skip
        assert told in out
    shown = sonia("openip", "show", "OC204817", "--json").json
    assert (shown["ref"], shown["said"]["account"], len(shown["sheets"][0]["forecasts"])) == ("OC204817", "VTA-4410", 2)


def test_an_offer_seen_on_the_list_alone_is_shown_as_far_as_it_is_known(sonia: Cli):
    sonia("openip", "observe", "-", stdin=TEXT[TEXT.index("Pilote\tRéf.") :])
    out = sonia("openip", "show", "OC204818").out
    assert "Garage Muller" in out
    assert "Fiches produits" not in out


def test_a_link_is_made_once_and_undone(sonia: Cli, open_order):
    order = open_order("Menuiserie Aubry", ref="AUB-1")
    sonia("openip", "observe", PAGE)
    for words, told in (
        (("unlink", "OC204817", "AUB-1"), "n'était pas rattachée à"),
        (("link", "OC204817", "AUB-1"), "rattachée à"),
        (("link", "oc204817", order[:8]), "déjà rattachée à"),
        (("unlink", "OC204817", "AUB-1"), "détachée de"),
        (("link", "COM155901", "AUB-1"), "rattachée à"),
    ):
        ran = sonia("openip", *words)
        assert (ran.code, ran.out) == (0, f"✓ {words[1]} : {told} Menuiserie Aubry\n")
    assert sonia("openip", "unlink", "COM155901", "AUB-1", "--json").json["changed"] is True
    told = sonia("openip", "show", "OC204817", "--json").json
    assert told["orders"] == []


def test_the_schema_is_json(cli: Cli):
    schema = cli("openip", "schema").json
    assert {"offers", "offer_pages", "order_pages", "conversations"} <= set(schema["properties"])


def test_every_sort_has_its_french_name():
    assert set(TYPED_SORTS) == set(SORTS)
