"""An aggregate's history: the envelopes for programs, and who did what for whom, when, in French for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from installflow.openip import KINDS as OPENIP_KINDS
from installflow.openip.telling import sentence as told_of_openip
from installflow.orders.narrative import told
from installflow.store.mapper import FORMAT
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    from installflow.workflow.event import Recorded
    from installflow.workflow.status import Status


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event of a history, with the status before and after it."""

    recorded: Recorded
    before: Status | None
    after: Status | None

    @property
    def sentence(self) -> str:
        """What happened, by whom and for whom, when, and when it was entered if later, as one French sentence."""
        recorded, by = self.recorded, self.recorded.by
        who = by.name if not by.on_behalf_of else f"{by.name} pour {by.on_behalf_of}"
        source = f", source : {by.source}" if by.source else ""
        happened = recorded.occurred_at.astimezone(PARIS)
        entered = recorded.recorded_at.astimezone(PARIS)
        late = "" if entered - happened < dt.timedelta(minutes=1) else f" (saisi le {entered:%d/%m/%Y %H:%M})"
        moved = ""
        if self.after is not None and self.before != self.after:
            moved = f" : {self.before.told} → {self.after.told}" if self.before else f" : {self.after.told}"
        seen = self.facts
        tell = told_of_openip if recorded.event_type.kind() in OPENIP_NAMES else told
        what = f"{tell(recorded.event)}{moved} — {who} ({by.role}{source}){late}{seen}"
        return f"{happened:%d/%m/%Y %H:%M} {' '.join(what.split())}"

    @property
    def facts(self) -> str:
        """The facts the guards saw, in words; blank for none."""
        facts = self.recorded.facts or {}
        known = [f"{_FACTS[name]} {_said(value)}" for name, value in facts.items() if name in _FACTS and value != ""]
        return f" [vu : {', '.join(known)}]" if known else ""

    def envelope(self) -> dict[str, Any]:
        """The event as stored, for programs, with its French sentence."""
        recorded, by = self.recorded, self.recorded.by
        return {
            "format": FORMAT,
            "position": recorded.position,
            "id": str(recorded.id),
            "version": recorded.version,
            "event_id": recorded.event_id,
            "topic": recorded.topic,
            "type": recorded.event_type.__name__,
            "schema": recorded.schema,
            "status": recorded.status,
            "from": self.before.value if self.before else None,
            "to": self.after.value if self.after else None,
            "workflow": recorded.workflow,
            "facts": None if recorded.facts is None else dict(recorded.facts),
            "by": {
                "id": by.id,
                "name": by.name,
                "role": by.role,
                "kind": by.kind,
                "on_behalf_of": by.on_behalf_of,
                "source": by.source,
            },
            "recorded_at": recorded.recorded_at.isoformat(),
            "occurred_at": recorded.occurred_at.isoformat(),
            "command_id": recorded.command_id,
            "correlation_id": recorded.correlation_id,
            "causation_id": recorded.causation_id,
            "event": recorded.event.model_dump(mode="json"),
            "sentence": self.sentence,
        }


OPENIP_NAMES = frozenset(kind.kind for kind in OPENIP_KINDS)

_FACTS = {
    "collecte_threshold": "seuil de collecte",
    "today": "le jour",
    "confirmer": "à confirmer par",
    "client_contact": "contact client permis",
    "porta_before_installation": "portabilité exigée avant",
    "sheets_pending": "fiches non livrées",
}


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value)


def history_of(statuses: type[Status], recorded: Iterable[Recorded]) -> list[HistoryEntry]:
    """The entries of a history, oldest first, each with the status before and after it."""
    entries: list[HistoryEntry] = []
    status: Status | None = None
    for one in recorded:
        before = status
        if one.status is not None:
            status = one.status_among(statuses)
        entries.append(HistoryEntry(one, before, status))
    return entries
