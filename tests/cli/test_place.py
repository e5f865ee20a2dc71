"""No way to spell an address shows the password in it, on its own or within a sentence."""

from __future__ import annotations

import random

import pytest

from installflow import Invalid
from installflow.cli.place import place_of, without_password
from installflow.store.url import _shown

SECRET = "hunter2"


def spelt(chance: random.Random, name: str) -> str:
    """The name with some letters in percent, as PostgreSQL reads it too."""
    return "".join(f"%{ord(letter):02{chance.choice('xX')}}" if chance.random() < 0.4 else letter for letter in name)


@pytest.mark.parametrize("seed", range(5))
def test_the_name_of_a_parameter_may_be_spelt_in_percent(seed: int):
    chance = random.Random(seed)  # noqa: S311  # not a secret
    for _ in range(40):
        name = spelt(chance, chance.choice(["password", "sslpassword"]))
        others = ["host=/tmp", "connect_timeout=3", f"{name}={SECRET}"]
        chance.shuffle(others)
        url = f"postgresql://moi@h/base?{'&'.join(others)}"
        assert SECRET not in place_of(url)
        assert SECRET not in without_password(f"la base « {url} » ne répond pas : vérifier")
        assert SECRET not in _shown(url)
        assert "connect_timeout=3" in place_of(url)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://moi:{SECRET}@h/base",
        f"postgresql://moi%3A{SECRET}@h/base",
        f"postgresql://m%6Fi:{SECRET}@h/base",
        f"postgresql:///base?password%3D{SECRET}",
        f"postgresql:///base?PASSWORD={SECRET}",
        f"postgresql:///base?%2570assword={SECRET}",
        f"postgresql:///base?a=b&password={SECRET}",
    ],
)
def test_neither_does_one_nobody_can_connect_by(url: str):
    assert SECRET not in place_of(url)
    assert SECRET not in without_password(f"« {url} » : « {url} »")
    try:
        shown = _shown(url)
    except Invalid as error:
        shown = str(error)
    assert SECRET not in shown or "%3A" in url, "a name with a colon in it is no password to the server"


@pytest.mark.parametrize(
    "words", [("board",), ("db", "init"), ("open", "client=Morel", "partner=HIGHCOM", "--dry-run")]
)
@pytest.mark.parametrize("blank", ["", " "])
def test_a_blank_address_makes_no_store(cli, tmp_path, monkeypatch, words, blank):
    given = (*words, "--by", "Sonia", "--role", "planner", "--json")
    monkeypatch.setenv("INSTALLFLOW_DB", blank)
    from_environment = cli(*given)
    monkeypatch.setenv("INSTALLFLOW_DB", "sqlite:///other.db")
    for ran in (from_environment, cli(*given, "--db", blank)):
        assert (ran.code, ran.json["error"]) == (2, "store_url")
        assert ran.err.startswith("l'adresse de la base est vide (--db ou $INSTALLFLOW_DB)")
        assert len(ran.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_named_to_the_letter():
    assert place_of("sqlite:///password=x&y.db") == "la base « sqlite:///password=x&y.db »"
