"""The policies of one flow: which one applies to an aggregate, and the workflow under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installflow.errors import DeclarationError
from installflow.workflow.policy import Policy, PolicyWorkflow
from installflow.workflow.spelling import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
        own: Sequence[Policy],
    ) -> None:
        self._governed = governed
        alone = (kind for kind in kinds if kind is not governed)
        self._by_kind = {kind.kind: PolicyWorkflow(kind.workflow, Policy(default.name)) for kind in alone}
        named = {key_of(policy.name): policy for policy in (*shipped, *own)}
        chosen = {key_of(default.name): default} | named
        self._default = PolicyWorkflow(governed.workflow, chosen.pop(key_of(default.name)))
        self._by_name: dict[str, PolicyWorkflow] = {}
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

    def canonical(self, partner: str) -> str:
        """The partner's name as its policy writes it; as typed when it has none."""
        bound = self._by_name.get(key_of(partner))
        return bound.policy.name if bound else " ".join(partner.split())
