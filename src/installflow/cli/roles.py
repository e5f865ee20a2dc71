"""The roles there are; a mistyped one would be told that it may do nothing."""

from __future__ import annotations

from installflow.app import KINDS
from installflow.cli.nearby import near_of
from installflow.errors import Invalid

READERS = frozenset({"auditor", "system"})
"""Roles no rule grants anything to."""


def role_of(text: str) -> str:
    """A role as typed; raises `Invalid`, with the roles that are near, for one there is not."""
    workflows = [kind.workflow for kind in KINDS]
    known = READERS.union(*(w.every_role for w in workflows), *(r for w in workflows for r in w.roles.values()))
    role = text.strip()
    if role in known:
        return role
    near = near_of(role, sorted(known))
    hint = f"peut-être {' ou '.join(near)}" if near else f"au choix : {', '.join(sorted(known))}"
    msg = f"« {role[:60]} » n'est pas un rôle ; {hint}"
    raise Invalid(msg, code="role")
