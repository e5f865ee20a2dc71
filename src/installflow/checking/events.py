"""Reads every event in full, as nobody else does: envelope, payload, status, and the table it was decided by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from installflow.errors import StoreUnavailable
from installflow.workflow.decision import digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from installflow.checking.findings import Findings
    from installflow.projections.folding import Decode
    from installflow.store import Row, Store
    from installflow.workflow.aggregate import Aggregate
    from installflow.workflow.event import Recorded

RESTORE = "restaurer la base depuis une sauvegarde saine ; les autres dossiers se lisent"

DAMAGES = {
    "store_unknown_topic": (
        "unknown_topic",
        "cet événement est d'un type que cette version ne connaît pas : mettre installflow à jour",
    ),
    "store_newer_event": ("newer_event", "une version plus récente a écrit cet événement : mettre installflow à jour"),
}
DAMAGED = ("damaged_event", f"cet événement ne se lit plus, son dossier s'arrête avant lui : {RESTORE}")

TABLES = {
    "unknown_table": "n'est plus gardée",
    "damaged_table": "ne se lit plus",
    "altered_table": "n'est plus celle d'alors",
}


class EventChecks:
    """The checks on the events themselves, handed over by aggregate and version."""

    def __init__(self, store: Store, kinds: Sequence[type[Aggregate]], findings: Findings) -> None:
        self.events = 0
        self.aggregates = 0
        self._store = store
        self._kinds: Mapping[str, type[Aggregate]] = {kind.kind: kind for kind in kinds}
        self._findings = findings
        self._tables: set[str] = set()
        self._current: UUID | None = None
        self._version = 0

    def take(self, one: UUID, events: Sequence[Row], decode: Decode) -> None:
        """Check the next events of an aggregate."""
        if one != self._current:
            self._current, self._version = one, 0
            self.aggregates += 1
        self.events += len(events)
        for row in events:
            if row.version != self._version + 1:
                self._say_missing(one, row.version)
            self._version = max(self._version, row.version)
            try:
                recorded = decode(row)
                recorded.event  # noqa: B018  # the payload is decoded on first use
                self._check_status(recorded)
            except Exception as error:  # noqa: BLE001  # an upcast may raise whatever it likes
                code = error.code if isinstance(error, StoreUnavailable) else ""
                self._findings.add(*_at(f"{one}/{row.version}", DAMAGES.get(code, DAMAGED)))
            else:
                self._check_table(recorded)

    def _say_missing(self, one: UUID, found: int) -> None:
        first, last = self._version + 1, found - 1
        if last < first:
            code, sentence = "version_out_of_place", f"sa version {found} ne suit pas la {self._version} : {RESTORE}"
            self._findings.add(code, f"{one}/{found}", sentence)
            return
        which = f"l'événement {first}" if first == last else f"les événements {first} à {last}"
        manque = "manque" if first == last else "manquent"
        sentence = f"{which} de ce dossier {manque}, avant le {found} : {RESTORE}"
        self._findings.add("missing_version", f"{one}/{first}", sentence)

    def finish(self, one: UUID) -> None:
        """Nothing is left to look at."""

    def _check_status(self, recorded: Recorded) -> None:
        kind = self._kinds.get(recorded.event_type.kind())
        if kind is not None and (recorded.status is not None or recorded.version == 1):  # the first reaches one
            recorded.status_among(kind.workflow.statuses)

    def _check_table(self, recorded: Recorded) -> None:
        digest = recorded.workflow
        if digest not in self._tables:
            self._tables.add(digest)
            document = self._store.workflow(digest)
            if code := _amiss(digest, document):
                sentence = (
                    f"la table « {digest[:16]} » sous laquelle il a été décidé {TABLES[code]} : "
                    "l'événement se lit, mais ses règles d'alors ne s'expliquent plus"
                )
                self._findings.add(code, recorded.event_id, sentence)


def _amiss(digest: str, document: str | None) -> str | None:
    """What is wrong with the table kept under a digest."""
    if document is None:
        return "unknown_table"
    if not _is_object(document):
        return "damaged_table"
    return None if digest_of(document) == digest else "altered_table"


def _is_object(document: object) -> bool:
    """Whether a table reads: a JSON object."""
    try:
        return isinstance(json.loads(document), dict)  # type: ignore[arg-type]  # a hand may have put anything there
    except (ValueError, TypeError, RecursionError):
        return False


def _at(where: str, damage: tuple[str, str]) -> tuple[str, str, str]:
    code, sentence = damage
    return code, where, sentence
