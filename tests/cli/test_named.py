"""An order is named by its client too, where nobody else can be meant."""

from __future__ import annotations

import pytest


@pytest.fixture
def orders(open_order):
    return {name: open_order(name) for name in ("Boulangerie Morel", "Boulangerie Petit", "Hôtel Le Goff", "Morel")}


@pytest.mark.parametrize(
    ("typed", "client"),
    [
        ("hotel le goff", "Hôtel Le Goff"),
        ("Hôtel", "Hôtel Le Goff"),
        ("boulangerie m", "Boulangerie Morel"),
        ("MOREL", "Morel"),
    ],
)
def test_a_client_or_the_beginning_of_one_stands_for_its_order(cli, orders, typed, client):
    for command in ("show", "history", "options"):
        assert cli(command, typed).code == 0
    assert cli("show", typed, "--json").json["id"] == orders[client]


def test_a_name_that_several_bear_is_nobodys(cli, sonia, orders):
    ran = sonia("record", "Boulangerie", "commenter", "texte=vu")
    assert ran.code == 2
    sentence, *candidates = ran.err.splitlines()
    assert sentence == "« Boulangerie » désigne plusieurs commandes : en choisir une par son identifiant"
    assert [line.split(maxsplit=2)[2] for line in sorted(candidates, key=lambda line: line.split()[2:])] == [
        "Boulangerie Morel (New)", "Boulangerie Petit (New)",
    ]  # fmt: skip


def test_an_order_that_is_over_is_a_candidate_as_any_other(cli, sonia, open_order):
    over = open_order("Garage")
    sonia("record", over, "annuler", "confirmé_par=Julie", "comment=mail", "motif=perte du contrat")
    assert cli("show", "garage", "--json").json["id"] == over
    open_order("Garage")
    assert cli("show", "garage").code == 2


@pytest.mark.parametrize("typed", ["Ho", "Bou Petit", "?", "Goff"])
def test_what_begins_no_name_is_not_found(cli, orders, typed):
    ran = cli("show", typed)
    assert ran.code == 4
    assert "le nom du client" in ran.err


def test_a_name_typed_without_quotes_is_one_client(sonia, orders):
    ran = sonia("record", "Hôtel", "Le", "Goff", "commenter", "texte=vu", "--json")
    assert ran.json["id"] == orders["Hôtel Le Goff"]


def test_of_several_orders_each_is_named_as_a_whole(sonia, orders):
    ran = sonia("record", "Hôtel", orders["Morel"], "commenter", "texte=vu", "--json")
    assert [answer.get("error", answer.get("id")) for answer in ran.json] == ["not_found", orders["Morel"]]
    ran = sonia("record", "Hôtel Le Goff", "Boulangerie Morel", "commenter", "texte=vu", "--json")
    assert [answer["id"] for answer in ran.json] == [orders["Hôtel Le Goff"], orders["Boulangerie Morel"]]


def test_the_beginning_of_a_number_is_looked_for_too(cli, orders):
    one = orders["Morel"]
    for typed in (one[:8], one[:8].upper(), one[:13], one):
        assert [row["id"] for row in cli("board", "--search", typed, "--json").json] == [one]
    assert len(cli("board", "--search", "morel", "--json").json) == 2


def test_a_reference_that_two_orders_bear_is_no_clients_name(sonia, open_order, orders):
    for name in ("A", "B"):
        open_order(name, ref="R-1")
    ran = sonia("record", "R-1", orders["Morel"], "commenter", "texte=vu", "--json")
    assert [answer.get("error", answer.get("id")) for answer in ran.json] == ["ambiguous", orders["Morel"]]


def test_a_name_that_reads_like_the_beginning_of_an_id_may_be_either(sonia, cli, open_order, orders):
    other = orders["Morel"]
    beginning = other[:2]
    mine = open_order(beginning)
    ran = sonia("record", beginning, "commenter", "texte=vu")
    assert ran.code == 2
    assert mine in ran.err
    assert f"{other} Morel (New)" in ran.err
    assert [cli("show", typed, "--json").json["id"] for typed in (mine[:8], mine, other[:8])] == [mine, mine, other]


def test_a_name_of_two_letters_is_one_as_a_whole(cli, open_order):
    assert cli("show", "zû", "--json").code == 4
    mine = open_order("Zu")
    assert cli("show", "zû", "--json").json["id"] == mine


def test_a_name_that_is_a_reference_too_may_be_either(sonia, cli, open_order):
    other, mine = open_order("Fleuriste", ref="Garage"), open_order("Garâge")
    sonia("record", mine, "annuler", "confirmé_par=Julie", "comment=mail", "motif=perte du contrat")
    ran = sonia("record", "garage", "commenter", "texte=vu")
    assert (ran.code, other in ran.err, mine in ran.err) == (2, True, True)
    both = open_order("Zinc", ref="ZINC")
    assert cli("show", "zinc", "--json").json["id"] == both


def test_words_that_are_each_an_order_and_together_a_client_may_be_either(sonia, cli, open_order):
    one, two = open_order("Fleuriste", ref="Bleu"), open_order("Garage", ref="Rouge")
    assert sonia("record", "Bleu", "Rouge", "commenter", "texte=vu").code == 0
    mine = open_order("Bleu Rouge")
    ran = sonia("record", "Bleu", "Rouge", "commenter", "texte=vu")
    assert ran.code == 2
    assert all(order in ran.err for order in (one, two, mine))
    assert sonia("record", one[:8], two[:8], "commenter", "texte=vu").code == 0
