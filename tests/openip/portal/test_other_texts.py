"""What is no page of the portal is one clear French sentence, at once, whatever its size."""

from __future__ import annotations

import time

import pytest

from installflow.errors import Invalid
from installflow.openip.portal import read_json, read_page
from tests.openip.portal.printed import page_text

MAIL = """De : lucie@exemple.test
À : planning@exemple.test
Objet : COM155756
Bonjour,
Réf. : COM155756
Devis : 1811
Date de dépôt : 22/07/2020 - 12:10
"""
ENGLISH = """Contracted offer
Contracted offer ref.	OC204817
Status	In progress
Creation date	22/07/2020
Client
End client	Aubry
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "le texte est vide"),
        (" \n\u00a0\t\ufeff\n", "le texte est vide"),
        ("\x00\x01PNG\r\n", "caractères de contrôle"),
        ("Détails\ud800", "caractères de contrôle"),
        (ENGLISH, "le portail s'affiche en français"),
        (MAIL, "c'est un courriel"),
        ("Bonjour, la commande COM155756 est livrée, merci.", "rien de MyOpenIP n'est reconnu"),
        ("Commande : COM155756", "rien de MyOpenIP n'est reconnu"),
        ("CLIENT;PARTENAIRE;DATE\nMorel;HIGHCOM;14/04/2027\n", "rien de MyOpenIP n'est reconnu"),
        ("Client\nSite d'installation\nDétails\nOffre\n", "rien de MyOpenIP n'est reconnu"),
    ],
)
def test_another_text_is_refused_with_a_way_forward(text: str, words: str):
    with pytest.raises(Invalid) as refusal:
        read_page(text)

    assert words in refusal.value.sentence
    assert "sélectionnez tout (Ctrl+A)" in refusal.value.sentence
    assert "\n" not in refusal.value.sentence


def test_ten_megabytes_are_refused_before_they_are_read():
    for read in (read_page, read_json):
        start = time.process_time()
        with pytest.raises(Invalid, match="à la fois"):
            read("Ref.\t" * 2_000_000)
        assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "[a](",
        "| ",
        "*",
        "<b>",
        "a  ",
        "Offre: Nom (((,,,\n",
        "Commentaires\tx\ny\n",
        "Ref.\n\n\n",
        "Contacts\nNom\nx\n",
        "Détails\n",
        "Conversations (0)\n\n",
        "Adresse\n",
        "Totaux\t1\n",
        "1 234 ",
        "Pilote\tRéf.\tAction\n",
        "- - - ",
    ],
)
def test_no_text_takes_longer_than_its_size(piece: str):
    text = page_text("details") + piece * (150_000 // len(piece))
    start = time.process_time()

    read_page(text)

    assert time.process_time() - start < 5  # a quadratic reader takes minutes


def test_rows_by_the_thousand_are_all_read():
    titles, row = page_text("offres_contractees").splitlines()

    page = read_page("\n".join([titles, *(row.replace("\tOC\t", f"\tOC{number}\t") for number in range(3000))]))

    assert len(page.offers or ()) == 3000
