"""Any page the portal could print is read back as it was; any text is read, or refused in one sentence."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installflow.errors import Invalid
from installflow.openip.page import Page
from installflow.openip.portal import read_json, read_page
from installflow.openip.said import UNSAID, Part
from tests.openip.portal import made_up, printed

WORDS = """
Offre contractée|Réf. offre contractée|OC12|OC|État|En cours|Date de création|22/07/2020|Date de livraison
Pas encore livrée|Client|Client final|N° téléphone|0173|Site d'installation|Nom|Adresse|Complément|Aucun
Détails|Tarifs|Périmètre|Historique|Conversations (3)|Ref.|FPC8|Totaux|0.00 €|100.00 %|—|Offre|Résiliation|Oui
1 mois|Contacts|Email|Pièces jointes|a.pdf|Commande : COM155756|Réf.|COM155756|Devis|Commentaires|Date de dépôt
22/07/2020 - 12:10|Fiches produits|Consulter >|Détail >|texte libre|Site principal|Pays|Offre: Réf. (OFO), Nom (x)
**|<b>|[a](#)"""
VOCABULARY = (
    *WORDS.strip().replace("\n", "|").split("|"),
    "Ref.\tAbonnement client\tFMS client\tAbonnement Opé.\tFMS Opé.\tMarge Abonnement\tMarge FMS",
    "Réf. contractée\tRéf. commandée\tNom\tRéf. fournisseur\tStatut fiche produit\tLivraison",
    "Réf. contractée\nRéf. commandée\nNom\nRéf. fournisseur\nStatut fiche produit\nLivraison",
    "| a | b |",
)


def content(page: Page) -> Page:
    return page.model_copy(update={"remarks": (), "missing": ()})


def invented(whole: Any, cut: Any, where: str = "") -> list[str]:
    """What a cut page says that the whole one does not say at the same place."""
    if cut is UNSAID or whole == cut:
        return []
    if isinstance(whole, Part) and type(whole) is type(cut):
        told = [name for name in type(whole).model_fields if name not in {"remarks", "missing"}]
        return [one for name in told for one in invented(getattr(whole, name), getattr(cut, name), f"{where}.{name}")]
    if isinstance(whole, tuple) and isinstance(cut, tuple):  # rows may be left out, never added nor moved
        rest = iter(enumerate(whole))
        return [
            f"{where} : {one!r}"
            for one in cut
            if not any(not invented(row, one, f"{where}[{number}]") for number, row in rest)
        ]
    return [f"{where} : {cut!r}, not {whole!r}"]


@given(made_up.pages)
def test_a_printed_page_is_read_back(page: Page):
    assert content(read_page(printed.whole(page))) == page


@given(made_up.pages)
def test_a_page_goes_through_json_and_back(page: Page):
    read = read_json(page.model_dump_json())

    assert content(read) == page
    assert read_json(read.model_dump_json()) == read


@given(made_up.pages, st.data())
def test_a_made_up_page_cut_at_a_line_invents_nothing(page: Page, data: st.DataObject):
    lines = printed.whole(page).split("\n")
    end = data.draw(st.integers(1, len(lines)))
    try:
        cut = read_page("\n".join(lines[:end]))
    except Invalid:
        return
    assert invented(page, cut) == []


@pytest.mark.parametrize("between", ["   ", "\n", "\n\n"])
@given(made_up.pages)
def test_a_layout_that_loses_the_blank_cells_invents_nothing(between: str, page: Page):
    cells = [[cell for cell in line.split("\t") if cell] for line in printed.whole(page).split("\n")]
    try:
        read = read_page("\n".join(between.join(line) for line in cells))
    except Invalid:
        return
    assert invented(page, read) == []


@pytest.mark.parametrize("layout", ["tabs", "spaces", "one cell a line", "one cell a line, with blanks"])
def test_a_whole_file_cut_at_any_line_invents_nothing(layout: str):
    text = printed.page_text("dossier_entier")
    cells = [cell for line in text.split("\n") for cell in line.split("\t") if cell]
    text = {"tabs": text, "spaces": text.replace("\t", "   "), "one cell a line": "\n".join(cells)}.get(
        layout, "\n\n".join(cells)
    )
    whole, lines, read = read_page(text), text.split("\n"), 0
    for end in range(1, len(lines)):
        try:
            cut = read_page("\n".join(lines[:end]))
        except Invalid:
            continue
        read += 1
        assert invented(whole, cut) == [], lines[end - 1]
    assert read > len(lines) - 40


@pytest.mark.parametrize("between", ["\t", "   ", "\n"])
@given(st.data())
def test_any_excerpt_of_a_whole_file_invents_nothing(between: str, data: st.DataObject):
    text = printed.page_text("dossier_entier")
    lines = "\n".join(
        between.join(filter(None, line.split("\t"))) if between != "\t" else line for line in text.split("\n")
    ).split("\n")
    start = data.draw(st.integers(0, len(lines) - 1))
    end = data.draw(st.integers(start + 1, len(lines)))
    whole = read_page("\n".join(lines))
    try:
        cut = read_page("\n".join(lines[start:end]))
    except Invalid:
        return
    [offer] = whole.offer_pages
    assert [one for page in cut.offer_pages for one in invented(offer, page)] == []
    for name in ("offers", "order_pages", "conversations"):
        assert invented(getattr(whole, name), getattr(cut, name)) == []


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str):
    for read in (read_page, read_json):
        with contextlib.suppress(Invalid):
            assert isinstance(read(text), Page)


@given(
    st.lists(st.sampled_from(VOCABULARY) | st.text(max_size=8), max_size=40).flatmap(
        lambda cells: st.tuples(
            st.just(cells),
            st.lists(st.sampled_from(["\t", "\n", "\n\n", "  ", " : "]), min_size=len(cells), max_size=len(cells)),
        )
    )
)
def test_the_portals_words_in_any_order_are_read_or_refused(told: tuple[list[str], list[str]]):
    text = "".join(cell + between for cell, between in zip(*told, strict=True))
    try:
        page = read_page(text)
    except Invalid:
        return
    assert read_json(page.model_dump_json()) == page
