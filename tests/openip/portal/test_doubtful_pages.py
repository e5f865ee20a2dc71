"""What a page prints wrongly, half or in words nobody knows: read as printed, left unsaid, and told either way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from installflow.errors import Invalid
from installflow.openip.page import OfferLine, Sheet
from installflow.openip.portal import read_page
from installflow.openip.said import UNSAID
from installflow.openip.terms import FpStatus
from tests.openip.portal.printed import page_text

WHOLE = page_text("dossier_entier")


def sheets(text: str) -> tuple[Sheet, ...]:
    [offer] = read_page(text).offer_pages
    assert offer.sheets
    return offer.sheets.rows


def test_a_status_the_portal_never_listed_is_kept_and_flagged():
    text = page_text("details").replace("En cours", "En pause", 1)

    assert [sheet.status for sheet in sheets(text)] == ["En pause", FpStatus.EN_COURS]
    assert (
        "Détails, ligne 1 : Statut fiche produit « En pause » n'est pas un libellé connu ; gardé tel quel"
        in read_page(text).remarks
    )


def test_totals_that_do_not_add_up_are_read_and_told():
    text = page_text("details").replace("<b>6.00 €</b>", "<b>7.00 €</b>")
    page = read_page(text)

    [offer] = page.offer_pages
    assert offer.sheets
    assert offer.sheets.totals
    assert offer.sheets.totals.setup_fee == Decimal("7.00")
    assert "Détails : le total FMS affiché est 7.00 €, la somme des lignes 6.00 €" in page.remarks


def test_a_margin_that_differs_from_the_prices_is_read_and_told():
    page = read_page(page_text("tarifs").replace("100.00 %\t100.00 %", "90.00 %\t—", 1))

    [offer] = page.offer_pages
    assert offer.prices
    assert (offer.prices.rows[0].subscription_margin, offer.prices.rows[0].setup_margin) == (Decimal("90.00"), None)
    assert page.remarks == (
        "Tarifs, ligne 1 : Marge Abonnement affichée 90.00 %, calculée 100.00 %",
        "Tarifs, ligne 1 : Marge FMS affichée —, calculée 100.00 %",
    )


def test_dates_out_of_order_are_read_and_told():
    page = read_page(
        WHOLE.replace("17/03/2026", "17/03/2025")
        .replace("09/02/2026 12:06", "03/02/2026 12:06")
        .replace("Date de livraison\tPas encore livrée", "Date de livraison\t01/01/2026")
    )

    assert set(page.remarks) >= {
        "Offre contractée : la livraison (01/01/2026) est avant la création (03/02/2026) ; lu comme affiché",
        "Détails, ligne 1 : la livraison (17/03/2025) est avant la création (03/02/2026) ; lu comme affiché",
        "Commande : la livraison (01/01/2026) est avant le dépôt (03/02/2026) ; lu comme affiché",
        "Fiches produits, ligne 1 : la livraison (17/03/2025) est avant le dépôt (03/02/2026) ; lu comme affiché",
        "Conversations, ligne 1 : le dernier échange est avant la création ; lu comme affiché",
    }
    assert sheets(page_text("details"))[0].delivery == dt.date(2020, 7, 30)


@pytest.mark.parametrize(
    ("printed", "wrong", "sentence"),
    [
        ("30/07/2020", "30/02/2020", "Détails, ligne 1 : Livraison « 30/02/2020 » n'est dans aucun calendrier"),
        ("30/07/2020", "bientôt", "Détails, ligne 1 : Livraison « bientôt » n'est pas une date"),
        ("0.00 €", "0.000 €", "Détails, ligne 1 : Abonnement « 0.000 € » n'est pas un montant"),
        ("3.00 €", "gratuit", "Détails, ligne 1 : FMS « gratuit » n'est pas un montant"),
    ],
)
def test_a_value_not_understood_is_left_unsaid_and_told(printed: str, wrong: str, sentence: str):
    page = read_page(page_text("details").replace(printed, wrong, 1))

    [offer] = page.offer_pages
    assert offer.sheets
    row = offer.sheets.rows[0]
    assert [row.delivery, row.subscription, row.setup_fee].count(UNSAID) == 1
    assert [remark for remark in page.remarks if remark.startswith(sentence)]


def test_the_titles_of_two_references_that_differ_are_told():
    page = read_page(WHOLE.replace("Commande : COM155901", "Commande : COM999"))

    assert "Commande : le titre dit « COM999 » et la page « COM155901 »" in page.remarks
    assert page.order_pages[0].best_ref == "COM155901"


def test_a_list_cut_before_its_totals_may_lack_sheets():
    page = read_page("\n".join(page_text("details").split("\n")[:-3]))

    [offer] = page.offer_pages
    assert offer.sheets
    assert len(offer.sheets.rows) == 1
    assert offer.sheets.totals is UNSAID
    sentence = "la ligne « Totaux » de l'onglet Détails n'est pas sur la page, des fiches peuvent manquer"
    assert f"Offre sans référence : {sentence}" in page.missing


def test_a_row_cut_in_its_middle_keeps_what_is_certain():
    [line, *_] = read_page(page_text("offres_contractees").partition("\tDéposée")[0]).offers or ()

    assert line == OfferLine(pilot=None, ref="OC", order_ref="COM", site="Siège Social", delivery=None)


def test_a_text_cut_at_the_end_of_a_row_is_not_taken_for_the_whole_of_it():
    text = page_text("commande").rstrip().removesuffix("\tOPI-205\tEn cours\t30/07/2020")

    page = read_page(text)

    assert page.order_pages[0].sheets
    assert page.order_pages[0].sheets[1].name is UNSAID
    assert "Fiches produits, ligne 2 : elle est coupée ; recopiez la page entière" in page.missing


def test_blank_cells_lost_on_the_way_leave_only_certain_places():
    page = read_page(page_text("offres_contractees").replace("\t\t", "\t").replace("\t\t", "\t").replace("\t", "   "))

    [line] = page.offers or ()
    assert (line.ref, line.order_ref, str(line.kind)) == ("OC", "COM", "Création")
    assert line.site is line.client is line.company is UNSAID  # « Siège Social » may be any of the three
    assert page.missing == (
        "Offres contractées, ligne 1 : des cases n'ont pas de place certaine, elles ne sont pas lues",
    )


def test_a_row_with_more_cells_than_titles_is_not_read():
    page = read_page(page_text("conversations").replace("Cécilia\t", "Cécilia\tMartin\t"))

    assert page.conversations == ()
    assert page.missing[0].startswith("Conversations, ligne 1 : plus de cases que de titres")


def test_the_header_alone_names_the_tabs_it_lacks():
    page = read_page(page_text("bandeau_haut"))

    assert "Offre OC : aucun onglet n'est sur la page (Détails, Tarifs, Périmètre, Historique)" in page.missing


@pytest.mark.parametrize("heading", ["Client\t", "Site d'installation\t"])
def test_a_header_without_one_of_its_blocks_names_it(heading: str):
    before, _, after = page_text("bandeau_haut").partition(heading)
    page = read_page(before + after.partition("\n\n")[2])

    assert f"Offre OC : le bloc « {heading.strip()} » n'est pas sur la page" in page.missing


def test_labels_that_stand_in_several_blocks_are_not_read_without_their_heading():
    page = read_page(page_text("bandeau_haut").replace("Site d'installation\t", "Site de secours\t"))

    assert page.offer_pages[0].site is UNSAID


def test_an_address_at_the_end_of_the_text_may_go_on():
    text, _, _ = WHOLE.partition("57000 Metz")
    page = read_page(text)

    [offer] = page.offer_pages
    assert offer.site
    assert offer.site.address is UNSAID
    assert "Site d'installation : « Adresse » est peut-être coupé, il n'est pas lu ; recopiez la page" in page.missing


def test_a_field_told_twice_keeps_the_first_and_says_so():
    page = read_page(page_text("perimetre").replace("Pays\tFRANCE", "Pays\tFRANCE\nPays\tBELGIQUE"))

    [offer] = page.offer_pages
    assert offer.scope
    assert offer.scope.main_site
    assert offer.scope.main_site.country == "FRANCE"
    assert "Site principal : « Pays » figure deux fois ; le premier est gardé" in page.remarks


def test_a_field_nobody_knows_is_told():
    page = read_page(page_text("perimetre").replace("Pays\tFRANCE", "Pays\tFRANCE\nÉtage\t3"))

    assert "Site principal : « Étage » n'est pas un champ connu, il n'est pas lu" in page.remarks


def test_a_tab_of_conversations_gives_their_number_and_the_history_its_times():
    [offer] = read_page(WHOLE).offer_pages

    assert offer.conversation_count == 2
    assert isinstance(offer.history, tuple)
    assert [(line.day, line.time) for line in offer.history] == [
        (dt.date(2026, 2, 3), dt.time(9, 15)),
        (dt.date(2026, 2, 5), UNSAID),
    ]
    assert offer.history[0].cells == ("03/02/2026 - 09:15", "Lucie D.", "Dépôt de la commande")


def test_the_history_under_the_row_of_tabs_needs_no_heading():
    text = (
        page_text("bandeau_haut")
        + "\nDétails\tTarifs\tPérimètre\tHistorique\tConversations (0)\n05/02/2026\tLucie D.\tOuvert\n"
    )

    [offer] = read_page(text).offer_pages

    assert isinstance(offer.history, tuple)
    assert len(offer.history) == 1


def test_a_form_value_not_understood_is_left_unsaid_and_told():
    page = read_page(page_text("bandeau_haut").replace("22/07/2020", "hier"))

    [offer] = page.offer_pages
    assert offer.contract
    assert offer.contract.created is UNSAID
    assert any("Date de création « hier » n'est pas une date" in remark for remark in page.remarks)


def test_a_text_too_long_for_its_field_is_left_unsaid_and_told():
    page = read_page(page_text("bandeau_haut").replace("VTA-0000", "V" * 501))

    [offer] = page.offer_pages
    assert offer.client
    assert offer.client.account is UNSAID
    assert any("est trop long (au plus 500 caractères)" in remark and "V" * 41 not in remark for remark in page.remarks)


def test_a_line_stuck_to_a_text_that_may_go_on_leaves_it_unsaid():
    page = read_page(
        page_text("bandeau_haut").replace("Complément\tAucun", "Complément\tBâtiment B\nOffre commandée\n")
    )

    [offer] = page.offer_pages
    assert offer.site
    assert offer.site.extra is UNSAID
    assert (
        "Site d'installation : « Complément » est peut-être coupé, il n'est pas lu ; recopiez la page" in page.missing
    )


def test_a_column_nobody_knows_is_told_and_the_others_are_read():
    text = (
        page_text("commande")
        .replace("Statut fiche produit", "Couleur\tStatut fiche produit")
        .replace("\tEn cours\t", "\tbleu\tEn cours\t")
    )
    page = read_page(text)

    assert page.order_pages == read_page(page_text("commande")).order_pages
    assert "Fiches produits : la colonne « Couleur » n'est pas connue, elle n'est pas lue" in page.remarks


def test_titles_that_two_tables_share_tell_none():
    with pytest.raises(Invalid):
        read_page("Réf. fournisseur\tStatut fiche produit\tLivraison\nOPI-205\tEn cours\t30/07/2020\n")


def test_a_row_of_a_sheet_among_the_overall_amounts_is_told():
    before, _, after = page_text("tarifs").rpartition("<b>Totaux</b>")
    page = read_page(f"{before}FPC9\t1.00 €\t1.00 €\t1.00 €\t1.00 €\t0.00 %\t0.00 %\n<b>Totaux</b>{after}")

    assert "Montants totaux : une ligne qui n'est pas « Totaux » n'est pas lue" in page.remarks
    assert page.offer_pages == read_page(page_text("tarifs")).offer_pages


def test_a_line_of_totals_without_its_amounts_is_not_read():
    page = read_page(page_text("details").replace("<b>0.00 €</b>\t<b>6.00 €</b>\t", "<b>6.00 €</b>"))

    [offer] = page.offer_pages
    assert offer.sheets
    assert offer.sheets.totals is UNSAID
    assert "Détails : la ligne « Totaux » n'a pas ses 2 montants, elle n'est pas lue" in page.missing


def test_no_contact_and_no_file_are_told_from_a_block_that_is_not_there():
    text = page_text("perimetre").partition("Contacts")[0]

    [offer] = read_page(f"{text}Contacts\t\nAucun\n\nPièces jointes\t\nAucune\n").offer_pages
    [without] = read_page(text).offer_pages

    assert offer.scope
    assert without.scope
    assert (offer.scope.contacts, offer.scope.attachments) == ((), ())
    assert (without.scope.contacts, without.scope.attachments) == (UNSAID, UNSAID)


def test_rows_one_cell_a_line_that_do_not_fit_are_told():
    titles, row = (line.split("\t") for line in page_text("conversations").splitlines())

    page = read_page("\n".join([*titles, "Filtrer", *row, *row[:4]]))

    assert page.conversations == ()
    assert page.missing == (
        "Conversations, ligne 1 : ses cases n'ont pas de place certaine, elle n'est pas lue",
        "Conversations : la dernière ligne est coupée, elle n'est pas lue",
        "Conversations : aucune ligne lisible sous les titres",
    )
