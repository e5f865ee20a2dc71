"""One look at the portal: read, compared with what is known, recorded by units of work that hold together."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from installflow.errors import Conflict, Invalid
from installflow.observing.observed import DocumentSeen, Observed, seen
from installflow.openip import Offer, Page, Sheet, SheetLinked, SheetUnlinked, SupplyOrder, read_json, read_page
from installflow.openip.looking import designates, events_of, looks
from installflow.openip.offer import offer_id
from installflow.openip.said import UNSAID
from installflow.openip.supply_order import supply_order_id
from installflow.openip.telling import LABELS
from installflow.store.engine import ATTEMPTS, PAUSE
from installflow.store.store import MAX_EVENT_BYTES, VersionTaken
from installflow.store.unit_of_work import Command, Request
from installflow.workflow.event import SYSTEM, Actor
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from installflow.app import InstallFlow
    from installflow.openip.looking import Look
    from installflow.store.unit_of_work import Outcome, UnitOfWork
    from installflow.workflow.event import Event

ROOM = 1600
"""Bytes of an envelope around an event, and a little more."""
UNIT_EVENTS, UNIT_BYTES = 90, 110 * 1024
"""What one commit takes at most, with room left below the store's own limits."""
EVENTS_EACH = 3
"""Events a document may come to: its status, what is said of it, a link."""


def observe(
    flow: InstallFlow,
    page: str | Page,
    *,
    by: Actor,
    seen_at: dt.datetime | dt.date | str | None = None,
    dry_run: bool = False,
) -> Observed:
    """Record what a page of MyOpenIP tells that was not known: its text as pasted, its JSON, or what was read of it.

    ``seen_at`` is when the portal said so, now unless it is given: a document known from a later look keeps what it
    has. The same page again records nothing, whoever looks at the same time. With ``dry_run`` nothing is stored.
    Raises `Invalid` for a text that is no page, `Forbidden`, or `Conflict` when others kept writing first.
    """
    acting: object = by  # what a caller without types may pass
    if not isinstance(acting, Actor):
        msg = f"by is an Actor, as Actor('Sonia', role='planner'), not {type(acting).__name__}"
        raise Invalid(msg)
    read = page if isinstance(page, Page) else _read(page)
    found, left = looks(read)
    looking = Looking(flow, by, flow.happened(seen_at), dry_run, left=list(dict.fromkeys(left)))
    for unit in _units(found):
        looking.record(unit)
    return Observed(
        tuple(looking.documents),
        len(found) - len(looking.documents),
        read.remarks,
        read.missing,
        tuple(looking.left),
        dry_run,
    )


def _read(text: str) -> Page:
    given: object = text  # what a caller without types may pass
    if not isinstance(given, str):
        msg = f"une page est un texte, pas {type(given).__name__}"
        raise Invalid(msg)
    return read_json(text) if text.lstrip("\ufeff \t\r\n").startswith("{") else read_page(text)


def _units(found: Sequence[Look]) -> Iterator[list[Look]]:
    """The looks to commit together: an offer with its sheets, and several such as long as there is room."""
    together: dict[UUID, list[Look]] = {}
    for look in found:
        together.setdefault(_head(look), []).append(look)
    unit: list[Look] = []
    weight = 0
    for group in together.values():
        weights = [EVENTS_EACH * ROOM + len(look.facts.model_dump_json().encode()) for look in group]
        if unit and not _fits(len(unit) + len(group), weight + sum(weights)):
            yield unit
            unit, weight = [], 0
        for look, more in zip(group, weights, strict=True):
            if unit and not _fits(len(unit) + 1, weight + more):  # one offer that no unit can hold
                yield unit
                unit, weight = [], 0
            unit.append(look)
            weight += more
    if unit:
        yield unit


def _fits(documents: int, weight: int) -> bool:
    return EVENTS_EACH * documents <= UNIT_EVENTS and weight <= UNIT_BYTES


def _head(look: Look) -> UUID:
    """The document a look goes with: a sheet's offer, else its order."""
    if look.aggregate is Sheet:
        if designates(look.facts.offer_ref):
            return offer_id(look.facts.offer_ref)
        if designates(look.facts.order_ref):
            return supply_order_id(look.facts.order_ref)
    return look.id


@dataclass(slots=True)
class Looking:
    """One look under way, and what it came to so far."""

    flow: InstallFlow
    by: Actor
    at: dt.datetime | None
    dry_run: bool
    documents: list[DocumentSeen] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def record(self, unit: Sequence[Look]) -> None:
        """Record the looks of one unit of work, compared again where somebody wrote first."""
        for attempt in range(1, ATTEMPTS + 1):
            work, left = self.flow.unit(), list[str]()
            documents = self._decided(work, unit, left)
            try:
                work.check() if self.dry_run else work.commit()
            except VersionTaken:
                time.sleep(random.uniform(0, PAUSE * 2**attempt))  # noqa: S311  # no secret
                continue
            except Invalid as error:
                if error.code != "unit_too_large" or len(unit) == 1:
                    raise
                for look in unit:
                    self.record([look])
                return
            self.documents += documents
            self.left += left
            return
        msg = "quelqu'un d'autre observe les mêmes documents : recommencer, le reste seul sera enregistré"
        raise Conflict(msg)

    def _decided(self, work: UnitOfWork, unit: Sequence[Look], left: list[str]) -> list[DocumentSeen]:
        work.load({look.id: look.aggregate for look in unit})
        command_id, documents = str(uuid4()), []
        for look in unit:
            known = work.aggregate(look.aggregate, look.id)
            if known.seen and self.at and self.at < known.seen:
                when = known.seen.astimezone(PARIS)
                left.append(f"{known.label} : vu plus récemment, le {when:%d/%m/%Y %H:%M} ; cette page n'y change rien")
                continue
            outcomes = self._asked(work, look, list(_fitting(look, known, left)), self.by, command_id)
            if look.aggregate is Sheet and work.aggregate(Sheet, look.id).version:
                outcomes += self._asked(work, look, list(_links(work, look.id)), SYSTEM, command_id)
            if outcomes:
                documents.append(seen(outcomes))
        return documents

    def _asked(
        self, work: UnitOfWork, look: Look, events: Sequence[Event], by: Actor, command_id: str
    ) -> list[Outcome]:
        commands = [Command(look.aggregate, look.id, event, opens=True) for event in events]
        return work.add(Request(commands, by, command_id, self.at)) if commands else []


def _links(work: UnitOfWork, one: UUID) -> Iterator[Event]:
    """What makes a sheet serve the installation orders its offer and its order serve, and no other through them."""
    sheet = work.aggregate(Sheet, one)
    heads: list[Any] = []
    if designates(sheet.said.offer_ref):
        heads.append(work.aggregate(Offer, offer_id(sheet.said.offer_ref)))
    if designates(sheet.said.order_ref):
        heads.append(work.aggregate(SupplyOrder, supply_order_id(sheet.said.order_ref)))
    for head in heads:
        through = {order for order, document in sheet.links if document == head.id}
        for order in sorted(set(head.orders) - through):
            yield SheetLinked(order=order, through=head.id)
        for order in sorted(through - set(head.orders)):
            yield SheetUnlinked(order=order, through=head.id)


def _fitting(look: Look, known: Any, left: list[str]) -> Iterator[Event]:
    """The events of a look, one too heavy for the store spread over several; a field too long by itself is left."""
    for event in events_of(look, known if known.version else None):
        facts = getattr(event, "said_now", None)
        if facts is None or _weight(event) <= MAX_EVENT_BYTES:
            yield event
            continue
        said: dict[str, Any] = {}
        for name in type(facts).model_fields:
            if (value := getattr(facts, name)) is UNSAID:
                continue
            if _weight(_saying(event, facts, {name: value})) > MAX_EVENT_BYTES:
                label = look.names.get("ref") or look.names.get("subject")
                left.append(f"{label} : « {LABELS.get(name, name)} » est trop long pour être enregistré")
                continue
            if said and _weight(_saying(event, facts, {**said, name: value})) > MAX_EVENT_BYTES:
                yield _saying(event, facts, said)
                said = {}
            said[name] = value
        if said:
            yield _saying(event, facts, said)


def _saying(event: Any, facts: Any, said: dict[str, Any]) -> Event:
    kept: Event = event.model_copy(update={"said_now": type(facts).model_construct(**said)})
    return kept


def _weight(event: Event) -> int:
    return ROOM + len(event.model_dump_json().encode())
