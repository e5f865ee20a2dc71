"""A partner's policy, shipped or the application's own, and what is refused at the start."""

from __future__ import annotations

from typing import Any

import pytest

from installflow import DeclarationError, InstallFlow, Policy, Refused, WaitAsked
from installflow.orders import (
    ClientContacted,
    CollecteStarted,
    OrderStatus,
    PartnerAwaited,
    PartnerConfirmed,
    StagingStarted,
    TechnicianConfirmed,
    TechnicianRequested,
)
from tests.flow.acts import SONIA, opened_order, order_to_plan, planned


def name_is_spoken(order: Any, _facts: Any) -> str | None:
    return None if order.client.isascii() else "le nom du client a un accent : l'écrire sans"


OWN = Policy(
    "Réseau Sud",
    spellings=("RS", "Reseau-Sud SARL"),
    parameters={"collecte_threshold": 9, "porta_before_installation": True},
    guards={"CollecteStarted": (name_is_spoken,), OrderStatus.STAGING: (name_is_spoken,)},
    waits={"CollecteStarted": (), "PartnerAwaited": (WaitAsked("portabilité", "Réseau Sud"),)},
)


@pytest.fixture
def policies() -> list[Policy]:
    return [OWN]


@pytest.mark.parametrize("partner", ["Réseau Sud", "reseau sud", "rs", "RESEAU SUD SARL"])
def test_an_own_policy_adds_a_guard_for_its_partner_in_any_spelling(flow: InstallFlow, partner: str):
    one = opened_order(flow, partner=partner, client="Café Élan")
    for event in (CollecteStarted(), StagingStarted()):
        with pytest.raises(Refused) as refused:
            flow.record(one, event, by=SONIA)
        assert [reason.guard for reason in refused.value.reasons] == ["name_is_spoken"]
    flow.record(opened_order(flow, partner="HIGHCOM", client="Café Élan"), CollecteStarted(), by=SONIA)


def test_an_own_policy_gives_a_parameter_its_value(flow: InstallFlow):
    one = opened_order(flow, partner="RS", client="Cafe", phones=9)
    recorded = flow.record(one, StagingStarted(), by=SONIA).recorded
    assert recorded.facts == {"collecte_threshold": 9}
    with pytest.raises(Refused):
        flow.record(opened_order(flow, phones=9), StagingStarted(), by=SONIA)


def test_an_own_policy_asks_for_a_wait_stored_with_the_event(flow: InstallFlow):
    one = opened_order(flow, PartnerAwaited(reason="x"), partner="RS")
    assert [(wait.kind, wait.of) for wait in flow.load(one).waits] == [
        ("portabilité", "Réseau Sud"),
        ("partenaire", "Réseau Sud"),
    ]
    stored = flow.history(one)[-1].recorded.event
    assert isinstance(stored, PartnerAwaited)
    assert stored.waits == (WaitAsked("portabilité", "Réseau Sud"),)


def test_a_new_policy_binds_the_next_command_only(opened, lasting_url: str):
    before = opened(lasting_url)
    one = opened_order(before, PartnerAwaited(reason="x"), partner="RS", client="Café")
    digest = before.history(one)[-1].recorded.workflow
    before.close()
    after = opened(lasting_url, policies=[OWN])
    assert [wait.kind for wait in after.load(one).waits] == ["partenaire"]
    after.record(one, PartnerConfirmed(), by=SONIA)
    assert after.history(one)[-1].recorded.workflow != digest
    assert after.history(one)[-2].recorded.workflow == digest
    assert after.workflow_document(digest) is not None


def test_without_its_policy_the_partner_is_under_the_default(opened):
    flow = opened()
    flow.record(opened_order(flow, partner="RS", client="Café"), CollecteStarted(), by=SONIA)


def test_portability_first_is_a_parameter(flow: InstallFlow):
    one = order_to_plan(flow, planned(), TechnicianRequested(), partner="RS", client="Cafe")
    receipt = flow.record(one, TechnicianConfirmed(), by=SONIA)
    assert receipt.status is OrderStatus.ATT_PORTA
    assert receipt.recorded.facts is not None
    assert receipt.recorded.facts["porta_before_installation"] is True


# Those shipped


def test_vip_telecom_confirms_with_the_client_itself(flow: InstallFlow):
    one = order_to_plan(flow, planned(), TechnicianRequested(), partner="VIP TELECOM")
    assert [(wait.kind, wait.of) for wait in flow.load(one).waits] == [
        ("partenaire", "VIP TELECOM"), ("technicien", "Karim"),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        flow.record(one, ClientContacted(), by=SONIA)
    assert [reason.guard for reason in refused.value.reasons] == ["we_may_contact_the_client"]
    flow.record(one, ClientContacted(direction="entrant"), by=SONIA)
    assert "le client nous a joints : prévenir VIP TELECOM" in flow.row(one).alerts
    assert flow.record(one, TechnicianConfirmed(), by=SONIA).status is OrderStatus.ATTENTE_PARTE
    assert flow.record(one, PartnerConfirmed(confirmed_by="M. X"), by=SONIA).status is OrderStatus.RDV_POSE


def test_entreprise_pro_waits_for_the_bvc_orange(flow: InstallFlow):
    one = order_to_plan(flow, planned(), TechnicianRequested(), partner="Entreprise Pro")
    assert ("partenaire", "BVC Orange") in [(wait.kind, wait.of) for wait in flow.load(one).waits]
    flow.record(one, ClientContacted(), by=SONIA)
    assert flow.record(one, TechnicianConfirmed(), by=SONIA).status is OrderStatus.ATTENTE_PARTE


def test_highcom_has_the_default_process(flow: InstallFlow):
    one = order_to_plan(flow, planned(), TechnicianRequested(), partner="highcom")
    assert flow.record(one, TechnicianConfirmed(), by=SONIA).status is OrderStatus.RDV_POSE


# Refused at the start


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (Policy("X", parameters={"seuil": 4}), "unknown parameter 'seuil'"),
        (Policy("X", guards={"CollecteStarted": ("a_guard",)}), "unknown guard 'a_guard'"),
        (Policy("X", guards={"CollecteStartd": ()}), "'CollecteStartd' is neither an event nor a status"),
        (Policy("X", waits={"Attente Partenaire": ()}), "'Attente Partenaire' is neither an event nor a status"),
        (Policy("X", spellings=("VIP",)), "share the spelling 'VIP'"),
        (Policy("X", spellings=("vip télécom",)), "share the spelling"),
    ],
)
def test_a_policy_that_names_what_does_not_exist_is_refused(policy: Policy, sentence: str):
    with pytest.raises(DeclarationError, match=sentence):
        InstallFlow(policies=[policy])


@pytest.mark.parametrize("given", [Policy("X"), None, 7, {"X": 4}, [Policy("X"), "VIP"]])
def test_policies_are_a_list_of_them(given: Any):
    with pytest.raises(DeclarationError, match=r"policies is a list of Policy, as \[Policy\('Alpha Réseaux'\)\], not "):
        InstallFlow(policies=given)


def test_a_policy_of_a_shipped_name_takes_its_place(opened):
    flow = opened(policies=[Policy("vip telecom")])
    flow.record(opened_order(flow, partner="VIP TELECOM"), ClientContacted(), by=SONIA)


def test_the_default_policy_is_the_application_s_to_set(opened):
    flow = opened(policies=[Policy("défaut", parameters={"collecte_threshold": 0})])
    with pytest.raises(Refused):
        flow.record(opened_order(flow, partner="Inconnu"), StagingStarted(), by=SONIA)
