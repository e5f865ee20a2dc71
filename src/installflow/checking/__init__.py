"""Reads a whole store, counts what each view took in, and names what is wrong, in one pass of bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from installflow.checking.accounts import Account
from installflow.checking.events import RESTORE, EventChecks
from installflow.checking.findings import Checked, Finding, Findings, ViewCount
from installflow.checking.naming import remembering
from installflow.errors import StoreUnavailable
from installflow.projections.folding import slices

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from installflow.store import Store
    from installflow.store.mapper import Mapper
    from installflow.workflow.aggregate import Aggregate
    from installflow.workflow.view import View

__all__ = ["Checked", "Finding", "ViewCount", "check"]

DAMAGED_STORE = "store_corrupt"

FAULTS = {
    DAMAGED_STORE: "la base est abîmée : la remplacer par sa sauvegarde",
    "event_id": f"l'identifiant de dossier de cet événement ne se lit plus : {RESTORE}",
    "event_version": f"la version de cet événement ne se lit plus : {RESTORE}",
    "event_topic": f"le type de cet événement manque : {RESTORE}",
    "event_state": f"le contenu de cet événement manque : {RESTORE}",
    "command_without_events": "cette commande dit avoir enregistré des événements qui n'y sont pas : "
    "restaurer la base depuis une sauvegarde, et ne pas refaire la commande sans regarder l'historique",
    "command_unreadable": f"ce que cette commande a enregistré ne se lit plus : {RESTORE}",
    "positions_behind": "le compteur des positions est en retard sur les événements : l'avancer au-delà du dernier "
    "(setval), sans quoi rien ne s'enregistre",
}
"""What is wrong in the database itself, as people who run the service read it."""


def check(store: Store, mapper: Mapper, kinds: Sequence[type[Aggregate]], views: Sequence[View[Any]]) -> Checked:
    """Read every event in full and compare every view row with the fold of its events; nothing is changed.

    Views are counted as far as they have come: whoever records or reads meanwhile does no harm.
    """
    findings = Findings()
    _check_store(store, findings)
    events = EventChecks(store, kinds, findings)
    try:
        accounts = [Account(store, view, mapper.decode, findings) for view in views]
        _read(store, mapper, events, accounts)
        counts = [account.close() for account in accounts]
    except StoreUnavailable as error:
        if error.code != DAMAGED_STORE:
            raise
        # Half an account would call what was not read skipped.
        counts = []
        if not any(found.code == DAMAGED_STORE for found in findings.found):
            findings.add(DAMAGED_STORE, "", f"{FAULTS[DAMAGED_STORE]} (lecture arrêtée à {events.events} événements)")
    return Checked(events.events, events.aggregates, findings.told(), counts)


def _check_store(store: Store, findings: Findings) -> None:
    try:
        for fault in store.check():
            where = "" if fault.code == DAMAGED_STORE else fault.where
            findings.add(fault.code, where, FAULTS.get(fault.code, fault.sentence))
    except StoreUnavailable as error:
        if error.code != DAMAGED_STORE:
            raise
        findings.add(DAMAGED_STORE, "", FAULTS[DAMAGED_STORE])


def _read(store: Store, mapper: Mapper, events: EventChecks, accounts: Sequence[Account]) -> None:
    current: UUID | None = None
    for one, rows in slices(store, store.position(), ()):
        if current is not None and one != current:
            for account in accounts:
                account.finish(current)
        current = one
        decode = remembering(mapper.decode)
        events.take(one, rows, decode)
        for account in accounts:
            account.take(one, rows, decode)
    if current is not None:
        for account in accounts:
            account.finish(current)
