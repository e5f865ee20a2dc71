"""What a look at the portal recorded, in French and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from installflow.openip import offer, sheet
from installflow.openip.offer import OfferStatusObserved
from installflow.openip.sheet import SheetLinked, SheetStatusObserved, SheetUnlinked
from installflow.openip.telling import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from installflow.store.unit_of_work import Outcome

KINDS = {"offer": "offre", "sheet": "fiche", "supply_order": "commande", "conversation": "conversation"}
"""Each kind of document as people call it: all are feminine."""


@dataclass(frozen=True, slots=True)
class DocumentSeen:
    """One document the look told something new of: each sentence is a thing recorded."""

    kind: str
    id: UUID
    label: str
    new: bool
    told: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """All of it on one line."""
        new = " (nouvelle)" if self.new else ""
        return f"{KINDS[self.kind]} {self.label}{new} : {' ; '.join(self.told) or 'vue'}"

    def as_json(self) -> dict[str, Any]:
        """The document for programs."""
        return {"kind": self.kind, "id": str(self.id), "ref": self.label, "new": self.new, "told": list(self.told)}


@dataclass(frozen=True, slots=True)
class Observed:
    """What a look recorded (or would, in a trial), and what is to be known of the page.

    ``remarks`` are on what was read, ``missing`` on what a whole page would have had besides, ``left`` on what could
    not be recorded: it designates nothing, is older than what is known, or too long.
    """

    documents: tuple[DocumentSeen, ...]
    unchanged: int
    remarks: tuple[str, ...]
    missing: tuple[str, ...]
    left: tuple[str, ...]
    dry_run: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything, a sentence each."""
        return (*(document.sentence for document in self.documents), *self.left, *self.remarks, *self.missing)

    def as_json(self) -> dict[str, Any]:
        """What `installflow openip observe --json` prints."""
        return {
            "documents": [document.as_json() for document in self.documents],
            "unchanged": self.unchanged,
            "remarks": list(self.remarks),
            "missing": list(self.missing),
            "left": list(self.left),
            "dry_run": self.dry_run,
        }


def seen(outcomes: Sequence[Outcome]) -> DocumentSeen:
    """The document some outcomes, all on one aggregate, are about."""
    first, last = outcomes[0].before, outcomes[-1].after
    sentences = tuple(sentence for outcome in outcomes for sentence in _told(outcome))
    return DocumentSeen(type(last).kind, last.id, last.label, not first.version, sentences)


def _told(outcome: Outcome) -> Iterator[str]:
    event: Any = outcome.recorded.event
    if isinstance(event, OfferStatusObserved | SheetStatusObserved):
        before = outcome.before.status if outcome.before.status_seen else None
        unexpected = (offer if isinstance(event, OfferStatusObserved) else sheet).unexpected
        odd = " (transition inattendue)" if unexpected(before, event.status) else ""
        came = f"« {before.label} » → " if before else ""
        yield f"statut : {came}« {event.status.label} »{odd}"
    elif isinstance(event, SheetLinked | SheetUnlinked):
        what = "rattachée à" if isinstance(event, SheetLinked) else "détachée de"
        yield f"{what} la commande d'installation {event.order.hex[:8]}"
    else:
        yield from told(outcome.before.said if outcome.before.version else None, event.said_now)
