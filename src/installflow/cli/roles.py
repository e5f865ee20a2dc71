"""The roles there are, in French beside the code's; a mistyped one would be told that it may do nothing."""

from __future__ import annotations

import re

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


RESERVED = "réservé aux rôles : "
_THE_ROLE = re.compile(r"(?<=le rôle « )\w+(?= »)")

LEAST = 4
"""Letters that may be the beginning of one."""

NEAR = 0.75
"""How like a role a word has to be: another occupation is no mistyped role."""


def role_of(text: str) -> str:
    """A role as typed, in French or in English; raises `Invalid`, with those that are near, for one there is not."""
    workflows = [kind.workflow for kind in KINDS]
    known = READERS.union(*(w.every_role for w in workflows), *(r for w in workflows for r in w.roles.values()))
    names = {key_of(name): role for role in sorted(known) for name in (role, *FRENCH.get(role, ()))}
    wanted = key_of(text)
    if wanted in names:
        return names[wanted]
    begun = [name for name in names if len(wanted) >= LEAST and name.startswith(wanted)]
    near = dict.fromkeys(names[name] for name in begun or near_of(wanted, list(names), NEAR))
    hint = f"peut-être {' ou '.join(map(role_said, near))}" if near else f"au choix : {_list(known)}"
    msg = f"« {text.strip()[:60]} » n'est pas un rôle ; {hint}"
    raise Invalid(msg, code="role")


def _list(roles: frozenset[str]) -> str:
    return ", ".join(map(role_said, sorted(roles, key=lambda role: key_of(french_of(role)))))


def in_french(sentence: str) -> str:
    """A refusal of the rules with its roles by their French names."""
    before, found, roles = sentence.partition(RESERVED)
    if found:
        return f"{before}{found}{', '.join(french_of(role) for role in roles.split(', '))}"
    return _THE_ROLE.sub(lambda match: french_of(match[0]), sentence)


def french_of(role: str) -> str:
    """A role by its French name alone; by its own where it has none."""
    return FRENCH.get(role, (role,))[0]


def role_said(role: str) -> str:
    """A role by its French name, with the code's behind."""
    said = french_of(role)
    return role if said == role else f"{said} ({role})"
