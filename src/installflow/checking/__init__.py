"""Reads a whole store, counts what each view took in, and names what is wrong, in one pass of bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from installflow.checking.accounts import MEND, Account
from installflow.checking.bookings import Bookings
from installflow.checking.commands import Commands
from installflow.checking.events import RESTORE, EventChecks
from installflow.checking.findings import Checked, Finding, Findings, ViewCount
from installflow.checking.naming import remembering
from installflow.errors import StoreUnavailable
from installflow.projections.folding import slices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from installflow.projections.folding import Decode
    from installflow.store import Row, Store
    from installflow.store.mapper import Mapper
    from installflow.workflow.aggregate import Aggregate
    from installflow.workflow.view import View

T = TypeVar("T")

__all__ = ["Checked", "Finding", "ViewCount", "check"]

DAMAGED_STORE = "store_corrupt"
UNREADABLE = {DAMAGED_STORE, "store_failed"}
"""Codes of a database that answers and cannot be read on; the other faults say nothing of what is in it."""

FAULTS = {
    DAMAGED_STORE: "la base est abîmée : la remplacer par sa sauvegarde",
    "store_failed": "la base ne se lit pas jusqu'au bout : la remplacer par sa sauvegarde",
    "store_incomplete": "il manque cette clé, cet index, ce défaut ou cette fonction, ou ce ne sont plus les nôtres : "
    "lancer installflow db upgrade, ou remplacer la base par sa sauvegarde",
    "store_altered": "quelqu'un a posé ceci sur une table de la base, ce qui peut fausser ce qui s'y enregistre : "
    "l'enlever",
    "event_id": f"l'identifiant de dossier de cet événement ne se lit plus : {RESTORE}",
    "event_version": f"la version de cet événement ne se lit plus : {RESTORE}",
    "event_topic": f"le type de cet événement manque : {RESTORE}",
    "event_state": f"le contenu de cet événement manque : {RESTORE}",
    "event_position": f"cet événement est à une position d'avant la première, qu'aucune vue ne lit : {RESTORE}",
    "missing_position": f"les événements de ces positions ne sont plus dans la base : {RESTORE}",
    "missing_tail": "les derniers événements de la base n'y sont plus, le compteur des positions est allé plus loin : "
    f"{RESTORE}",
    "positions_moved": "le compteur des positions (sqlite_sequence) n'est plus là où les événements l'ont laissé, on "
    "ne peut plus dire si les derniers sont là : restaurer la base depuis une sauvegarde saine",
    "command_without_events": "cette commande dit avoir enregistré des événements qui n'y sont pas : "
    "restaurer la base depuis une sauvegarde, et ne pas refaire la commande sans regarder l'historique",
    "command_unreadable": f"ce que cette commande a enregistré ne se lit plus : {RESTORE}",
    "view_position": "cette vue dit avoir repris jusque là, où le journal n'est pas : elle se reconstruit à la "
    "prochaine lecture (ou installflow rebuild)",
    "view_stray": "cette vue a une ligne sous ce qui n'est pas un identifiant : la reconstruire (installflow rebuild)",
    "view_row_damaged": "ce que cette vue laisse de côté ne se lit plus : la reconstruire (installflow rebuild)",
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
        upto = store.position()
        bookings = Bookings(store, upto, findings)
        accounts = [Guarded(store, view, mapper.decode, findings) for view in sorted(views, key=lambda view: view.name)]
        commands = Commands(store, upto, findings)
        _read(store, upto, mapper, (events, bookings, commands, *accounts))
        bookings.close(mapper.decode)
        commands.close(mapper.decode)
        counts = [count for account in accounts if (count := account.close())]
    except StoreUnavailable as error:
        if error.code not in UNREADABLE:
            raise
        # Half an account would call what was not read skipped.
        counts = []
        if not any(found.code in UNREADABLE for found in findings.found):
            findings.add(error.code, "", f"{FAULTS[error.code]} (lecture arrêtée à {events.events} événements)")
    return Checked(events.events, events.aggregates, findings.told(), counts)


def _check_store(store: Store, findings: Findings) -> None:
    try:
        for fault in store.check():
            where = "" if fault.code == DAMAGED_STORE else fault.where
            findings.add(fault.code, where, FAULTS.get(fault.code, fault.sentence))
    except StoreUnavailable as error:
        if error.code not in UNREADABLE:
            raise
        findings.add(error.code, "", FAULTS[error.code])


class Part(Protocol):
    """What looks at one side of the events, handed over by aggregate and version."""

    def take(self, one: UUID, events: Sequence[Row], decode: Decode, /) -> None:
        """Look at the next events of an aggregate."""

    def finish(self, one: UUID, /) -> None:
        """An aggregate has no more events."""


class Guarded:
    """A view's account that is given up where it fails: whatever is wrong with one view, the check goes on."""

    def __init__(self, store: Store, view: View[Any], decode: Decode, findings: Findings) -> None:
        self._view, self._findings = view, findings
        self._account: Account | None = None
        self._account = self._try(lambda: Account(store, view, decode, findings))

    def take(self, one: UUID, events: Sequence[Row], decode: Decode) -> None:
        """Fold the next events of an aggregate."""
        if account := self._account:
            self._try(lambda: account.take(one, events, decode))

    def finish(self, one: UUID) -> None:
        """Compare an aggregate's row."""
        if account := self._account:
            self._try(lambda: account.finish(one))

    def close(self) -> ViewCount | None:
        """The account; ``None`` for one that was given up."""
        return self._try(account.close) if (account := self._account) else None

    def _try(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  # values of a type nobody writes raise whatever they like
            self._account = None
            name = self._view.name
            sentence = f"la vue « {name} » ne se lit plus ({type(error).__name__}){MEND.format(view=name)}"
            self._findings.add("view_damaged", "", sentence)
            return None


def _read(store: Store, upto: int, mapper: Mapper, parts: Sequence[Part]) -> None:
    current: UUID | None = None
    for one, rows in slices(store, upto, ()):
        if current is not None and one != current:
            for part in parts:
                part.finish(current)
        current = one
        decode = remembering(mapper.decode)
        for part in parts:
            part.take(one, rows, decode)
    if current is not None:
        for part in parts:
            part.finish(current)
