"""The policies of one flow: which one applies to an aggregate, and the workflow under it."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from installflow.errors import DeclarationError
from installflow.workflow.decision import PolicyWorkflow
from installflow.workflow.policy import Policy
from installflow.workflow.spelling import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from installflow.workflow.aggregate import Aggregate
    from installflow.workflow.event import Event


class Policies:
    """Every lifecycle under every policy, compiled once; the order's by partner, the others under the default.

    A policy of the embedding application replaces the shipped one of the same name. Raises `DeclarationError`
    for a name that does not exist, or a spelling two partners share.
    """

    def __init__(
        self,
        kinds: Iterable[type[Aggregate]],
        governed: type[Aggregate],
        default: Policy,
        shipped: Sequence[Policy],
        own: Iterable[Policy],
    ) -> None:
        self._governed = governed
        alone = (kind for kind in kinds if kind is not governed)
        self._by_kind = {kind.kind: PolicyWorkflow(kind.workflow, Policy(default.name)) for kind in alone}
        given: object = own  # what a caller without types may pass
        own = tuple(own) if isinstance(given, Iterable) else ()
        if not isinstance(given, Iterable) or not all(isinstance(policy, Policy) for policy in own):
            msg = f"policies is a list of Policy, as [Policy('Alpha Réseaux')], not {given!r}"
            raise DeclarationError(msg)
        twice = [name for name, count in Counter(key_of(policy.name) for policy in own).items() if count > 1]
        if twice:
            msg = f"two policies are named {twice[0]!r}"
            raise DeclarationError(msg)
        named = {key_of(policy.name): policy for policy in (*shipped, *own)}
        chosen = {key_of(default.name): default} | named
        self._default = PolicyWorkflow(governed.workflow, chosen.pop(key_of(default.name)))
        self._by_name: dict[str, PolicyWorkflow] = {}
        self._lookalikes: dict[str, str] = {}
        for policy in chosen.values():
            bound = PolicyWorkflow(governed.workflow, policy)
            for spelling in (policy.name, *policy.spellings):
                taken = self._by_name.setdefault(key_of(spelling), bound)
                if taken is not bound:
                    msg = f"policies {taken.policy.name!r} and {policy.name!r} share the spelling {spelling!r}"
                    raise DeclarationError(msg)

    def of(self, aggregate: Aggregate, event: Event | None = None) -> PolicyWorkflow:
        """The workflow that decides for an aggregate; for one being opened, the partner its event names."""
        if not isinstance(aggregate, self._governed):
            return self._by_kind[aggregate.kind]
        return self.named(aggregate.policy_name or getattr(event, "partner", ""))

    def named(self, partner: str) -> PolicyWorkflow:
        """The order's workflow for a partner, in any spelling; the default one for a partner without a policy."""
        return self._by_name.get(key_of(partner), self._default)

    def lookalike(self, partner: str) -> str:
        """The partner with a policy whose name this one resembles, when it has none of its own; else blank."""
        key = key_of(partner)
        if not key or key in self._by_name:
            return ""
        if key not in self._lookalikes:
            near = difflib.get_close_matches(key, self._by_name, n=1, cutoff=0.8)
            self._lookalikes[key] = self._by_name[near[0]].policy.name if near else ""
        return self._lookalikes[key]

    def canonical(self, partner: str) -> str:
        """The partner's name as its policy writes it; as typed when it has none."""
        bound = self._by_name.get(key_of(partner))
        return bound.policy.name if bound else " ".join(partner.split())
