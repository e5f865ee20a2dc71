"""One file of pages, copied in all the ways a browser, an editor or a colleague may have it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest

from installflow.openip.page import OfferPage
from installflow.openip.portal import read_page
from installflow.openip.said import UNSAID
from tests.openip.portal.printed import page_text

TEXT = page_text("dossier_entier")
TITLES = {"Client", "Offre", "Détails", "Contacts", "Historique", "Fiches produits"}


def in_bars(text: str) -> str:
    """Tables of Markdown."""
    lines = [line.split("\t") for line in text.split("\n")]
    return "\n".join(line[0] if len(line) == 1 else "| " + " | ".join(line) + " |" for line in lines)


def with_colons(text: str) -> str:
    """Forms as `label : value`."""
    return re.sub(r"^([^\t\n]+)\t([^\t\n]+)$", r"\1 : \2", text, flags=re.MULTILINE)


WAYS: dict[str, Callable[[str], str]] = {
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "old Macintosh line ends": lambda text: text.replace("\n", "\r"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "accents apart from their letters": lambda text: unicodedata.normalize("NFD", text),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "narrow no-break spaces": lambda text: text.replace(" ", "\u202f"),
    "invisible characters": lambda text: text.replace("e", "e\u200b"),
    "bold cells in Markdown": lambda text: re.sub(r"[^\t\n]+", r"**\g<0>**", text),
    "bold cells in HTML": lambda text: re.sub(r"[^\t\n]+", r"<b>\g<0></b>", text),
    "slanted cells in Markdown": lambda text: re.sub(r"[^\t\n]+", r"*\g<0>*", text),
    "headings of Markdown": lambda text: re.sub(
        r"^.+$", lambda m: f"## {m[0]}" if m[0].strip() in TITLES else m[0], text, flags=re.MULTILINE
    ),
    "several spaces between cells": lambda text: text.replace("\t", "    "),
    "bars between cells": in_bars,
    "a colon after a label": with_colons,
    "no arrows to sort by": lambda text: text.replace(" ↕", ""),
    "another sorting arrow": lambda text: text.replace("↕", "▲"),
    "links of Markdown": lambda text: text.replace("Détail >", "[Détail >](#)"),
    "navigation around it": lambda text: f"MyOpenIP\nAccueil > Catalogue\n\n{text}\n\nMentions légales\n© openIP\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_page_is_read_alike_however_it_was_copied(way: str):
    assert WAYS[way](TEXT) != TEXT
    assert read_page(WAYS[way](TEXT)) == read_page(TEXT)


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_cells_one_a_line_give_the_same_but_for_the_history(between: str):
    cells = [cell for line in TEXT.split("\n") for cell in line.split("\t") if cell]

    stacked, whole = read_page(between.join(cells)), read_page(TEXT)

    [expected] = whole.offer_pages
    assert stacked.offer_pages == (expected.model_copy(update={"history": UNSAID}),)
    assert stacked.order_pages == whole.order_pages
    assert stacked.offers == whole.offers
    assert stacked.conversations == whole.conversations
    assert stacked.missing == ("Historique : aucune ligne lisible (une ligne a sa date et son texte côte à côte)",)


def test_lines_between_the_blocks_do_no_harm_but_to_a_text_without_end():
    noisy = read_page(TEXT.replace("\n\n", "\n\nAccueil > Catalogue\nMon compte\n\n"))

    whole = read_page(TEXT)
    assert noisy.offer_pages == whole.offer_pages
    [order] = noisy.order_pages
    assert order.comments is UNSAID  # nothing tells where the comment ends
    assert "Détails : « Commentaires » est peut-être coupé, il n'est pas lu ; recopiez la page" in noisy.missing


def test_a_cell_over_several_lines_is_put_together():
    text = page_text("details").replace("Aucune taxation", "TVA\nréduite").replace("Aucun service", "Service\nplus")

    [offer] = read_page(text).offer_pages

    assert offer.sheets
    assert [(sheet.taxation, sheet.service) for sheet in offer.sheets.rows] == [("TVA réduite", "Service plus")] * 2


def test_one_offer_copied_tab_by_tab_is_one_offer():
    header = page_text("bandeau_haut").replace("\tOC\n", "\tOC204817\n")
    tabs = [page_text(name) for name in ("details", "tarifs", "perimetre")]

    page = read_page("\n".join(header + tab for tab in tabs))

    [offer] = page.offer_pages
    assert all([offer.contract, offer.sheets, offer.prices, offer.scope])
    assert not [sentence for sentence in page.remarks if "diffère" in sentence]


def test_one_offer_copied_twice_with_a_difference_keeps_the_first_and_says_so():
    header = page_text("bandeau_haut").replace("\tOC\n", "\tOC204817\n")

    page = read_page(header + header.replace("VTA-0000", "VTA-0001"))

    [offer] = page.offer_pages
    assert offer.client
    assert offer.client.account == "VTA-0000"
    assert "OC204817 : « Client » est collé deux fois et diffère ; le premier est gardé" in page.remarks


def test_two_offers_in_one_text_are_two_pages():
    header, details = page_text("bandeau_haut"), page_text("details")
    first, second = (header.replace("\tOC\n", f"\tOC{number}\n") for number in (1, 2))

    pages = read_page(first + details + second + details).offer_pages

    assert [_ref(page) for page in pages] == ["OC1", "OC2"]
    assert pages[0].sheets == pages[1].sheets


def test_two_offers_whose_references_are_cut_are_not_taken_for_one():
    assert len(read_page(page_text("bandeau_haut") * 2).offer_pages) == 2


def test_a_second_tab_without_its_header_is_given_to_no_offer():
    header = page_text("bandeau_haut").replace("\tOC\n", "\tOC1\n")

    pages = read_page(header + page_text("details") + page_text("details")).offer_pages

    assert [_ref(page) for page in pages] == ["OC1", None]


def test_columns_in_another_order_or_left_out_are_read_by_their_titles():
    rows = [line.split("\t") for line in page_text("commande").splitlines() if line.count("\t") == 5]
    text = "\n".join("\t".join([row[4], row[0], row[5]]) for row in rows)

    [order] = read_page(text).order_pages

    assert order.sheets
    assert [(row.contracted_ref, str(row.status), row.says("name")) for row in order.sheets] == [
        ("FPC872", "En cours", False),
        ("FPC872", "En cours", False),
    ]


def _ref(page: OfferPage) -> str | None:
    return page.contract.ref or None if page.contract else None
