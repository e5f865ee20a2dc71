"""Rows that lost cells, or have lines about them: what is certain stays, in its column."""

from __future__ import annotations

import datetime as dt

import pytest

from installflow.openip.page import OrderedSheet
from installflow.openip.portal import read_page
from installflow.openip.said import UNSAID
from installflow.openip.terms import FpStatus
from tests.openip.portal.printed import page_text

TITLES = "Réf. contractée\tRéf. commandée\tNom\tRéf. fournisseur\tStatut fiche produit\tLivraison"
ROW = "FPC1\tCFP1\tLien Data\tOPI-118\tEn cours\t30/07/2020"
SHEET = OrderedSheet(
    contracted_ref="FPC1",
    ordered_ref="CFP1",
    name="Lien Data",
    supplier_ref="OPI-118",
    status=FpStatus.EN_COURS,
    delivery=dt.date(2020, 7, 30),
)


def ordered(*lines: str) -> tuple[OrderedSheet, ...]:
    [order] = read_page("\n".join([TITLES, *lines])).order_pages
    assert order.sheets is not UNSAID
    return order.sheets


def stacked(*lines: str) -> tuple[OrderedSheet, ...]:
    [order] = read_page("\n".join([TITLES, *lines]).replace("\t", "\n")).order_pages
    assert order.sheets is not UNSAID
    return order.sheets


def test_the_lines_under_a_table_are_no_rows_of_it():
    for read in (ordered, stacked):
        assert read(
            ROW, "Etat de la commande", "Pilote ADV de la commande", "Dates prévisionnelles", "de livraison"
        ) == (SHEET,)


def test_blank_lines_between_rows_do_not_end_a_table():
    assert ordered("", ROW, "", "", ROW, "") == (SHEET, SHEET)


def test_a_row_without_its_last_cells_leaves_them_unsaid():
    short = SHEET.model_copy(update={"status": UNSAID, "delivery": UNSAID})

    assert ordered("FPC1\tCFP1\tLien Data\tOPI-118", ROW) == (short, SHEET)


def test_two_short_rows_are_not_made_one():
    assert [row.contracted_ref for row in ordered("FPC1\tCFP1\tLien Data\tOPI-118", "FPC2\tCFP2\tLien", ROW)] == [
        "FPC1",
        "FPC2",
        "FPC1",
    ]


def test_a_cell_that_goes_on_under_itself_is_put_together():
    assert ordered(ROW.replace("Lien Data", "Lien\nData"), ROW) == (SHEET, SHEET)


def test_lines_that_do_not_make_a_whole_row_are_not_put_together():
    [row] = ordered("FPC1\tCFP1\tLien", "Data", "encore", "et encore", "et toujours")

    assert row == OrderedSheet(contracted_ref="FPC1", ordered_ref="CFP1")


def test_a_cell_put_together_has_to_suit_its_column():
    [row] = ordered("FPC1\tCFP1\tLien\tOPI-118\tEn", "cours\tbientôt")

    assert (row.status, row.delivery) == (UNSAID, UNSAID)


def test_a_blank_cell_lost_between_certain_ones_is_found():
    for between in ("   ", "\n"):
        text = ROW.replace("CFP1\t", "").replace("\t", between)
        titles = TITLES.replace("\t", between)
        [order] = read_page(f"{titles}\n{text}\n").order_pages

        assert order.sheets == (SHEET.model_copy(update={"ordered_ref": UNSAID}),)


def test_rows_one_cell_a_line_that_have_more_cells_than_titles_are_told():
    text = f"{TITLES}\n{ROW}\nune ligne de trop\n{ROW}".replace("\t", "\n")
    page = read_page(text)

    assert page.order_pages[0].sheets == (SHEET,)
    assert page.missing[0] == "Fiches produits, ligne 1 : ses cases n'ont pas de place certaine, elle n'est pas lue"


@pytest.mark.parametrize("after", ["Abonnement mensuel", "Frais\tde mise\ten service"])
def test_totals_one_amount_a_line_end_where_the_amounts_do(after: str):
    text = page_text("details").replace("\t", "\n").replace("<b>6.00 €</b>", "")

    page = read_page(text + after)

    [offer] = page.offer_pages
    assert offer.sheets
    assert len(offer.sheets.rows) == 2
    assert offer.sheets.totals is UNSAID
    assert "Détails : la ligne « Totaux » n'a pas ses 2 montants, elle n'est pas lue" in page.missing


def test_the_titles_alone_are_a_table_without_a_row():
    page = read_page(TITLES)

    assert page.order_pages[0].sheets == ()
    assert "Fiches produits : aucune ligne lisible sous les titres" in page.missing
