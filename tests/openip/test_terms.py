"""The portal's statuses: 6 of an offer, 12 of a sheet, exact labels, stored values for ever."""

from __future__ import annotations

import unicodedata

import pytest

from installflow.openip.terms import FpStatus, OcStatus, OrderKind, fp_status, oc_status, order_kind


def test_the_six_statuses_of_an_offer():
    assert {status.value: status.label for status in OcStatus} == {
        "deposee_en_cours": "Déposée / en cours",
        "en_cours": "En cours",
        "livree": "Livrée",
        "annulee": "Annulée",
        "en_cours_de_resiliation": "En cours de résiliation",
        "resiliee": "Résiliée",
    }


def test_the_twelve_statuses_of_a_sheet():
    assert {status.value: status.label for status in FpStatus} == {
        "non_defini": "Non défini",
        "en_attente_d_informations_client": "En attente d'informations client",
        "en_cours": "En cours",
        "date_de_portabilite_confirmee": "Date de portabilité confirmée",
        "rdv_planifie": "RDV planifié",
        "rdv_en_echec": "RDV en échec",
        "livraison_en_cours": "Livraison en cours",
        "livree": "Livrée",
        "annulee": "Annulée",
        "livraison_impossible": "Livraison impossible",
        "resiliation_en_cours": "Résiliation en cours",
        "resiliee": "Résiliée",
    }


def test_a_status_means_what_the_portal_says():
    assert OcStatus.DEPOSEE.meaning == "L'ADV n'a pas encore pris en charge la commande"
    assert FpStatus.ATTENTE_CLIENT.meaning == "l'ADV attend un retour de votre part"
    assert FpStatus.LIVREE.meaning == OcStatus.LIVREE.meaning == ""


@pytest.mark.parametrize("status", FpStatus)
def test_a_label_is_read_however_it_is_typed(status: FpStatus):
    for typed in (status.label, status.label.upper(), unicodedata.normalize("NFD", status.label), status):
        assert fp_status(typed) is status


def test_the_screens_capital_is_the_lists_status():
    assert oc_status("Déposée / En cours") is OcStatus.DEPOSEE


def test_a_label_the_portal_never_listed_is_kept_as_text():
    for read in (oc_status, fp_status, order_kind):
        assert read("En pause") == "En pause"
        assert type(read("En pause")) is str
    assert order_kind("Création") is OrderKind.CREATION
