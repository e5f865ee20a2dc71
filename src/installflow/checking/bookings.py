"""Compares the technicians' days the orders hold with those that are booked for them: each side tells of the other.

A stream cut at its end has no gap: only the other side can tell that its last event is gone.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from installflow.checking.events import RESTORE
from installflow.orders import Order, TechnicianDay
from installflow.orders.calendar import day_id
from installflow.projections.folding import slices

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from installflow.checking.findings import Findings
    from installflow.projections.folding import Decode
    from installflow.store import Row, Store
    from installflow.workflow.aggregate import Aggregate

KINDS: dict[str, type[Order | TechnicianDay]] = {kind.kind: kind for kind in (Order, TechnicianDay)}
TOPICS = tuple(event.topic for kind in KINDS.values() for event in kind.workflow.events)

BUCKETS = 4_096
"""Sums kept of the days held less those booked: those that are not zero tell which few days to look at again."""

CLOSER = 256
"""Sums looked into at most, which bounds the days in memory; of the others each has something to tell."""

UNKNOWN = 10_000
"""Aggregates that cannot be folded, remembered at most: with more of them there is nothing sound to compare."""

SIZE = 16

SENTENCES = {
    "day_not_booked": "ce dossier compte sur un technicien le {day:%d/%m/%Y}, mais sa journée ({date_id}) n'est pas "
    f"réservée pour lui, un autre dossier pourrait la prendre : {RESTORE}",
    "day_not_held": "cette journée de technicien ({day:%d/%m/%Y}) est réservée pour le dossier {order}, qui ne compte "
    f"pas dessus : {RESTORE}",
}


class Bookings:
    """Both sides of every booking, handed over by aggregate and version; kept as sums, whatever the store holds."""

    def __init__(self, store: Store, upto: int, findings: Findings) -> None:
        self._store = store
        self._upto = upto
        self._findings = findings
        self._sums = [0] * BUCKETS
        self._unknown: set[UUID] = set()
        self._folding = Folding()

    def take(self, one: UUID, events: Sequence[Row], decode: Decode) -> None:
        """Fold the next events of an aggregate."""
        self._folding.take(one, events, decode)

    def finish(self, one: UUID) -> None:
        """Add what an aggregate says of the bookings to the sums."""
        if not self._folding.known:
            if len(self._unknown) < UNKNOWN:
                self._unknown.add(one)
        else:
            for sign, order, date_id, _ in self._folding.holds():
                place, number = _sum_of(order, date_id)
                self._sums[place] += sign * number
        self._folding = Folding()

    def close(self, decode: Decode) -> None:
        """Name the days that differ; they are read again, for only their sums were kept."""
        amiss = [place for place, total in enumerate(self._sums) if total]
        if not amiss or len(self._unknown) >= UNKNOWN:
            return
        for (order, date_id), (sign, day) in sorted(self._differing(frozenset(amiss[:CLOSER]), decode).items()):
            code, where = ("day_not_booked", order) if sign > 0 else ("day_not_held", date_id)
            self._findings.add(code, str(where), SENTENCES[code].format(day=day, date_id=date_id, order=order))
        self._findings.untold += len(amiss[CLOSER:])

    def _differing(self, amiss: frozenset[int], decode: Decode) -> dict[tuple[UUID, UUID], tuple[int, dt.date]]:
        """The bookings only one side knows of, with its sign; aggregates nobody can fold accuse nobody."""
        found: dict[tuple[UUID, UUID], tuple[int, dt.date]] = {}
        for folding in _folded(self._store, self._upto, decode):
            for sign, order, date_id, day in folding.holds() if folding.known else ():
                if _sum_of(order, date_id)[0] not in amiss or not self._unknown.isdisjoint((order, date_id)):
                    continue
                if found.pop((order, date_id), None) is None:
                    found[order, date_id] = sign, day
        return found


class Folding:
    """One order, or one technician's day, as far as its events were folded."""

    def __init__(self) -> None:
        self.known = True
        """Whether every event could be folded."""
        self._aggregate: Aggregate | None = None

    def take(self, one: UUID, events: Sequence[Row], decode: Decode) -> None:
        """Fold the next events; the first tells what it is."""
        for row in events:
            if not self.known:
                return
            try:
                recorded = decode(row)
                if self._aggregate is None:
                    kind = KINDS.get(recorded.event_type.kind())
                    if kind is None:
                        return
                    self._aggregate = kind(one)
                if row.version != self._aggregate.version + 1:
                    self.known = False
                else:
                    self._aggregate.evolve(recorded)
            except Exception:  # noqa: BLE001  # whatever is wrong with the event, the checks on events name it
                self.known = False

    def holds(self) -> Iterator[tuple[int, UUID, UUID, dt.date]]:
        """Each booking: +1 of an order that counts on it, -1 of a day that keeps it; the order, the day's id, when."""
        match self._aggregate:
            case Order() as order:
                for technician, day in order.visit.days():
                    yield 1, order.id, day_id(technician, day), day
            case TechnicianDay() as booked if booked.day is not None:
                for held in booked.held:
                    yield -1, held.order, booked.id, booked.day


def _folded(store: Store, upto: int, decode: Decode) -> Iterator[Folding]:
    current: UUID | None = None
    folding = Folding()
    for one, rows in slices(store, upto, TOPICS):
        if one != current:
            yield folding
            current, folding = one, Folding()
        folding.take(one, rows, decode)
    yield folding


def _sum_of(order: UUID, date_id: UUID) -> tuple[int, int]:
    """The place of a booking among the sums, and the number it adds to it."""
    number = int.from_bytes(blake2b(order.bytes + date_id.bytes, digest_size=SIZE).digest())
    return number % BUCKETS, number
