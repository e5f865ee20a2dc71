"""Compares what the events say of the commands they came by with what is kept under the ids callers chose.

Both sides are read once, by pages, and compared as sums: only where those differ is anything looked for again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from installflow.checking.events import RESTORE
from installflow.errors import StoreUnavailable
from installflow.projections.folding import PAGE
from installflow.store.kept import places_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from installflow.checking.findings import Findings
    from installflow.projections.folding import Decode
    from installflow.store import Row, Store

MADE_UP = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
"""What an id looks like that we made up ourselves, and keep nothing under. A caller may have chosen one like it."""

TOGETHER = 1_000
"""Command ids looked up at once."""

BUCKETS = 1 << 16
"""Sums kept of what the commands say less what the events say: one that is not zero tells which to look at again."""

CLOSER = 1_000
"""Commands looked at again at most, and ids named at most: whoever has more has one cause to look for."""

SENTENCES = {
    "command_missing": "cet événement vient d'une commande dont l'identifiant a été choisi, et que la base ne connaît "
    f"plus : envoyée encore une fois, elle serait faite une seconde fois ; {RESTORE}",
    "command_astray": "ce qui est gardé de cette commande est l'événement d'une autre : envoyée encore une fois, elle "
    f"serait refusée ; {RESTORE}",
}


class Commands:
    """Both sides of what each command recorded, the events handed over by aggregate and version."""

    def __init__(self, store: Store, upto: int, findings: Findings) -> None:
        self._store = store
        self._upto = upto
        self._findings = findings
        self._sums = [0] * BUCKETS
        self._waiting: dict[str, list[tuple[UUID, int]]] = {}
        self._named: set[str] = set()

    def take(self, one: UUID, events: Sequence[Row], decode: Decode) -> None:
        """Note which command each event says it came by."""
        for row in events:
            try:
                command = decode(row).command_id
            except Exception:  # noqa: BLE001, S112  # whatever is wrong with the event, the checks on events name it
                continue
            self._waiting.setdefault(command, []).append((one, row.version))
        if len(self._waiting) >= TOGETHER:
            self._look_up()

    def finish(self, one: UUID) -> None:
        """Nothing is left to do."""

    def close(self, decode: Decode) -> None:
        """Read what the commands say, and name those of which the events say otherwise."""
        for command, places in self._kept():
            for place in places:
                self._add(command, place, 1)
        self._take_what_came_since(decode)
        amiss = {number for number, total in enumerate(self._sums) if total}
        if not amiss:
            return
        looked_at = 0
        for command, places in self._kept():
            for place in places:
                if _bucket(_sum_of(command, place)) in amiss and looked_at < CLOSER:
                    looked_at += 1
                    self._look_closer(command, place, decode)

    def _look_up(self) -> None:
        kept = self._store.commands(list(self._waiting))
        for command, events in self._waiting.items():
            if command not in kept:
                self._say_missing(command, events[0])
                continue
            places = set(_places(command, kept[command]))
            for event in events:  # those of reactions are not kept under it
                if event in places:
                    self._add(command, event, -1)
        self._waiting = {}

    def _say_missing(self, command: str, event: tuple[UUID, int]) -> None:
        if MADE_UP.fullmatch(command) or command in self._named or len(self._named) >= CLOSER:
            return
        self._named.add(command)
        self._findings.add("command_missing", f"{event[0]}/{event[1]}", SENTENCES["command_missing"])

    def _take_what_came_since(self, decode: Decode) -> None:
        upto = self._store.position()
        after = self._upto
        while after < upto and (rows := self._store.log(after, PAGE)):
            for row in rows:
                self.take(row.id, [row], decode)
            after = rows[-1].position
        self._look_up()

    def _look_closer(self, command: str, place: tuple[UUID, int], decode: Decode) -> None:
        one, version = place
        found = [row for row in self._store.load(one, after=version - 1) if row.version == version]
        try:
            theirs = [row for row in found if decode(row).command_id != command]
        except Exception:  # noqa: BLE001  # as above
            return
        if theirs:
            self._findings.add("command_astray", command, SENTENCES["command_astray"])

    def _kept(self) -> Iterator[tuple[str, list[tuple[UUID, int]]]]:
        after = ""
        while page := self._store.command_page(after, TOGETHER):
            for command, events in page:
                yield command, _places(command, events)
            after = page[-1][0]

    def _add(self, command: str, place: tuple[UUID, int], sign: int) -> None:
        number = _sum_of(command, place)
        self._sums[_bucket(number)] += sign * number


def _places(command: str, events: str) -> list[tuple[UUID, int]]:
    """The events a command recorded, each once; none of what cannot be read, which the store's check names."""
    try:
        return list(dict.fromkeys(places_of(command, events)))
    except StoreUnavailable:
        return []


def _sum_of(command: str, place: tuple[UUID, int]) -> int:
    """The number one event of one command adds; it means nothing outside this process."""
    return hash((command, place))


def _bucket(number: int) -> int:
    return number % BUCKETS
