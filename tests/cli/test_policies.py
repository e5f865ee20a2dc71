"""`--policies`: the command line decides under the application's own policies, and says when it does not."""

from __future__ import annotations

import sys

import pytest

RULES = """
from installflow import Policy

def never(order, facts):
    return "ZETA ne veut pas de staging"

ZETA = Policy("ZETA", guards={"StagingStarted": (never,)})
ALL = (ZETA, Policy("ETA"))
TWICE = [ZETA, ZETA]
NONE = 3
"""


@pytest.fixture(autouse=True)
def _rules(tmp_path, monkeypatch):
    """A module of the application's in the current folder, forgotten afterwards."""
    (tmp_path / "zeta_rules.py").write_text(RULES, encoding="utf-8")
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    sys.modules.pop("zeta_rules", None)


@pytest.mark.parametrize("name", ["zeta_rules:ZETA", "zeta_rules:ALL", "zeta_rules:ALL,"])
def test_the_application_s_policies_decide(sonia, open_order, name):
    order = open_order(partner="zeta", phones=2)
    ran = sonia("record", order, "demarrer_staging", "--policies", name)
    assert ran.code == 3
    assert "ZETA ne veut pas de staging" in ran.err
    assert sonia("record", order, "demarrer_staging").code == 0  # what it does without them


def test_the_environment_names_them_too(sonia, open_order, monkeypatch):
    monkeypatch.setenv("INSTALLFLOW_POLICIES", "zeta_rules:ZETA")
    assert sonia("record", open_order(partner="ZETA", phones=2), "demarrer_staging").code == 3


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("zeta_rules", "n'est pas de la forme MODULE:NOM"),
        ("nulle_part:ZETA", "ne se charge pas (ModuleNotFoundError"),
        ("zeta_rules:OMEGA", "ne se charge pas (AttributeError"),
        ("zeta_rules:NONE", "n'est ni une politique"),
        ("zeta_rules:TWICE", "ne conviennent pas"),
    ],
)
def test_what_cannot_be_loaded_exits_2(sonia, open_order, name, said):
    open_order()
    ran = sonia("board", "--policies", name, "--json")
    assert (ran.code, ran.json["error"]) == (2, "policies")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_an_order_under_a_policy_that_is_not_loaded_is_said(sonia, open_order):
    order = open_order()
    assert "politique" not in sonia("show", order).err
    opened = ("open", "client=Petit", "partner=ZETA", "phones=2", "--policies", "zeta_rules:ZETA", "--json")
    zeta = sonia(*opened).json["id"]
    last = "la dernière décision suit la politique « ZETA », que cette commande n'a pas chargée (--policies)"
    for command in (("show",), ("options",)):
        assert last in sonia(*command, zeta).err
        assert "politique" not in sonia(*command, zeta, "--policies", "zeta_rules:ALL").err
    assert last in sonia("record", zeta, "demarrer_collecte").err
    assert "des décisions ont suivi la politique « ZETA »" in sonia("record", zeta, "commenter", "text=vu").err
