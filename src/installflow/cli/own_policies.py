"""`--policies MODULE:NAME`: the application's own policies, so that a command decides as it does."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from installflow.cli.writing import warn
from installflow.errors import Invalid, StoreUnavailable
from installflow.workflow.policy import Policy
from installflow.workflow.spelling import key_of

if TYPE_CHECKING:
    from uuid import UUID

    from installflow.app import InstallFlow

CODE = "policies"


def load_policies(text: str) -> tuple[Policy, ...]:
    """The policies of ``MODULE:NAME``, several separated by commas; raises `Invalid` for what cannot be loaded.

    NAME is a policy or a sequence of them; MODULE is looked for in the current folder too.
    """
    return tuple(policy for one in text.split(",") if one.strip() for policy in _named(one.strip()))


def _named(text: str) -> tuple[Policy, ...]:
    module, colon, name = text.partition(":")
    if not (module and colon and name):
        msg = f"--policies : « {text[:80]} » n'est pas de la forme MODULE:NOM (mes_regles:POLITIQUES)"
        raise Invalid(msg, code=CODE)
    try:
        here = str(Path.cwd())
        if here not in sys.path:
            sys.path.insert(0, here)
        found = getattr(importlib.import_module(module), name)
    except Exception as error:
        # Whatever the module does when it is imported is the application's own fault to read.
        msg = f"--policies : « {text[:80]} » ne se charge pas ({type(error).__name__} : {error})"
        raise Invalid(msg, code=CODE) from error
    several = (found,) if isinstance(found, Policy) else found
    if not isinstance(several, list | tuple) or not all(isinstance(policy, Policy) for policy in several):
        msg = f"--policies : « {text[:80]} » n'est ni une politique (Policy) ni une liste de politiques"
        raise Invalid(msg, code=CODE)
    return tuple(several)


def warn_of_unknown_policy(flow: InstallFlow, one: UUID) -> None:
    """Say on stderr that an order's decisions follow a policy this command has not loaded.

    An earlier decision counts as well while the order is still that partner's: a command without the policy must
    not hide what it bypassed. Of a damaged history nothing is said here.
    """
    try:
        history = flow.history(one)
    except StoreUnavailable as error:
        if error.event:
            return
        raise
    known: dict[str, str] = {}
    for entry in history:
        digest = entry.recorded.workflow
        if digest and digest not in known:
            known[digest] = _policy_in(flow.workflow_document(digest))
    last = known.get(history[-1].recorded.workflow or "", "")
    if last and not _loaded(flow, last):
        warn(f"⚠ la dernière décision suit la politique « {last} », que cette commande n'a pas chargée (--policies)")
        return
    partner = key_of(flow.load(one).partner)
    for name in dict.fromkeys(known.values()):
        if name and key_of(name) == partner and not _loaded(flow, name):
            warn(f"⚠ des décisions ont suivi la politique « {name} », que cette commande n'a pas chargée (--policies)")


def _policy_in(document: str | None) -> str:
    """The policy a kept table names; none in a table that no longer reads, which the check of the store names."""
    try:
        found = json.loads(document or "{}")
    except (ValueError, TypeError, RecursionError):
        return ""
    name = found.get("policy") if isinstance(found, dict) else None
    return name if isinstance(name, str) else ""


def _loaded(flow: InstallFlow, name: str) -> bool:
    return flow.policies.named(name).policy.name == name
