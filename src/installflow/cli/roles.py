"""The roles there are, in French beside the code's; a mistyped one would be told that it may do nothing."""

from __future__ import annotations

from installflow.app import KINDS
from installflow.cli.nearby import near_of
from installflow.errors import Invalid
from installflow.orders.terms import key_of

READERS = frozenset({"auditor", "system"})
"""Roles no rule grants anything to."""

FRENCH = {
    "auditor": ("auditrice", "auditeur"),
    "billing": ("facturation",),
    "client": ("client", "cliente"),
    "operator": ("opératrice", "opérateur"),
    "partner": ("partenaire",),
    "planner": ("planificatrice", "planificateur", "planning"),
    "project_manager": ("chef de projet", "cheffe de projet", "cp"),
    "supervisor": ("superviseuse", "superviseur", "responsable"),
    "system": ("système",),
    "technician": ("technicien", "technicienne"),
    "workshop": ("atelier", "staging"),
}
"""What people call the roles, the name to show first."""


def role_of(text: str) -> str:
    """A role as typed, in French or in English; raises `Invalid`, with those that are near, for one there is not."""
    workflows = [kind.workflow for kind in KINDS]
    known = READERS.union(*(w.every_role for w in workflows), *(r for w in workflows for r in w.roles.values()))
    names = {key_of(name): role for role in sorted(known) for name in (role, *FRENCH.get(role, ()))}
    wanted = key_of(text)
    if wanted in names:
        return names[wanted]
    near = dict.fromkeys(names[name] for name in near_of(wanted, list(names)))
    hint = f"peut-être {' ou '.join(map(role_said, near))}" if near else f"au choix : {_list(known)}"
    msg = f"« {text.strip()[:60]} » n'est pas un rôle ; {hint}"
    raise Invalid(msg, code="role")


def _list(roles: frozenset[str]) -> str:
    return ", ".join(map(role_said, sorted(roles, key=lambda role: key_of(FRENCH.get(role, (role,))[0]))))


def role_said(role: str) -> str:
    """A role by its French name, with the code's behind."""
    said = FRENCH.get(role, (role,))[0]
    return role if said == role else f"{said} ({role})"
