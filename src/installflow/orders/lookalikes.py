"""Technicians whose names may be one person's, spelt twice: said, and never joined (a name is nobody's identity)."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from itertools import permutations
from typing import TYPE_CHECKING
from unicodedata import normalize

from installflow.orders.calendar import technician_key
from installflow.workflow.spelling import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from uuid import UUID

    from installflow.orders.visit import Visit

    Order = tuple[UUID, str, Visit]
    """An order: its id, its client, its visit."""

CLIENTS = 5
"""Orders a sentence names."""

SAME = "si c'est la même personne, écrire le même nom"

_WORD = re.compile(r"[^\W_]+\.?")
_TITLES = frozenset({"mme", "mlle", "mr", "monsieur", "madame", "mademoiselle"})
_ABBREVIATED = 3
"""Letters of the longest first name cut short by a point (``Chr. Durand``)."""

_FIRST_NAMES = 4
"""Words beside the surname of the longest name of a person."""


def alike(one: str, other: str) -> bool:
    """Whether two spellings that are two technicians may be one person's.

    They share a whole word (the surname), and what else stands there is missing on one side, or cut short on one of
    them; in any order, whatever the case and the accents. Two different whole first names are two people.

    >>> alike("Yves MORVANDEL", "Morvandel Y."), alike("Zoé Durand", "DURAND"), alike("Zoé Durand", "Yves Durand")
    (True, True, False)
    """
    if technician_key(one) == technician_key(other):
        return False
    mine, theirs = _words(one), _words(other)
    shared = mine & theirs
    if not any(len(word) > 1 and not cut for word, cut in shared):
        return False
    few, many = sorted((list((mine - shared).elements()), list((theirs - shared).elements())), key=len)
    if len(many) > _FIRST_NAMES:
        return False
    if any(len(rest) == 1 and _initials(some) == rest[0][0] for rest, some in ((few, many), (many, few))):
        return True
    return any(all(map(_may_be, few, order)) for order in permutations(many, len(few)))


def _words(name: str) -> Counter[tuple[str, bool]]:
    """The words of a name, each with whether it is cut short."""
    words: list[tuple[str, bool]] = []
    for typed in _WORD.findall(normalize("NFC", name)):
        word = key_of(typed)
        if word and word not in _TITLES:
            words.append((word, len(word) == 1 or (typed.endswith(".") and len(word) <= _ABBREVIATED)))
    return Counter(words)


def _may_be(one: tuple[str, bool], other: tuple[str, bool]) -> bool:
    """Whether one of two first names is the other cut short."""
    return (one[1] and other[0].startswith(one[0])) or (other[1] and one[0].startswith(other[0]))


def _initials(words: list[tuple[str, bool]]) -> str:
    """``jp`` of Jean-Pierre; nothing of a single word."""
    return "".join(word[0] for word, _ in words) if len(words) > 1 else ""


def surnames_of(name: str) -> frozenset[str]:
    """The words of a name of which a name that is `alike` has one."""
    return frozenset(word for word, cut in _words(name) if len(word) > 1 and not cut)


def named_on(visit: Visit) -> dict[str, str]:
    """The technicians named on an order, by their key."""
    names = (*visit.technicians, *(name for further in visit.further for name in further.technicians))
    return {technician_key(name): name for name in names}


class Technicians:
    """Who is named on some orders and whose days these hold, to tell of each name those that are `alike`."""

    def __init__(self, orders: Iterable[Order]) -> None:
        self._names: dict[str, str] = {}
        self._bearing: dict[str, dict[UUID, str]] = defaultdict(dict)
        self._holding: dict[tuple[str, dt.date], dict[UUID, str]] = defaultdict(dict)
        self._by_word: dict[str, dict[str, None]] = defaultdict(dict)
        self._near: dict[str, list[str]] = {}
        for one, client, visit in orders:
            for key, name in named_on(visit).items():
                self._bearing[key][one] = client
                if key not in self._names:
                    self._names[key] = name
                    for word in surnames_of(name):
                        self._by_word[word][key] = None
            for held in visit.days():
                self._holding[held][one] = client

    def near(self, name: str) -> list[str]:
        """The names that are `alike`, as they are spelt on the orders."""
        known = self._near.get(name)
        if known is None:
            keys = {key: None for word in sorted(surnames_of(name)) for key in self._by_word.get(word, ())}
            known = self._near[name] = [self._names[key] for key in keys if alike(name, self._names[key])]
        return known

    def bearing(self, name: str, but: UUID | None = None) -> Mapping[UUID, str]:
        """The orders that bear a name to the letter, with their clients, but one."""
        return _but(self._bearing.get(technician_key(name), {}), but)

    def holding(self, name: str, day: dt.date, but: UUID | None = None) -> Mapping[UUID, str]:
        """The orders that hold a technician's day, with their clients, but one."""
        return _but(self._holding.get((technician_key(name), day), {}), but)

    def taken(self, name: str, day: dt.date, but: UUID | None = None) -> Iterator[tuple[str, Mapping[UUID, str]]]:
        """The names that are `alike` and taken that day, each with the orders that hold it."""
        for near in self.near(name):
            holding = self.holding(near, day, but)
            if holding:
                yield near, holding

    def told(self, one: UUID, before: Visit, after: Visit) -> list[str]:
        """What to know of the names an order now bears, and of the days it newly holds."""
        said: dict[str, None] = {}
        met: set[str] = set()
        days = after.days()
        for (key, day), (name, _) in days.items():
            if (key, day) not in before.days():
                for near, holding in self.taken(name, day, one):
                    said[taken_told(name, near, day, holding.values())] = None
                    met.add(key)
        known = named_on(before)
        for key, name in named_on(after).items():
            if key not in known and key not in met and not self.bearing(name, one):
                for near in self.near(name):
                    if clients := self.bearing(near, one):
                        said[known_told(name, near, clients.values())] = None
        return list(said)


def _but(orders: Mapping[UUID, str], one: UUID | None) -> Mapping[UUID, str]:
    return {other: client for other, client in orders.items() if other != one} if one in orders else orders


def taken_told(name: str, near: str, day: dt.date, clients: Iterable[str]) -> str:
    """That a name resembles one whose day is taken."""
    return f"{name} ressemble à {near}, qui est pris le {day:%d/%m/%Y} ({clients_told(clients)}) : {SAME}"


def known_told(name: str, near: str, clients: Iterable[str]) -> str:
    """That a name nobody bore resembles one that is known."""
    return f"{name} ressemble à {near}, déjà connu ({clients_told(clients)}) : {SAME}"


def absent_told(name: str, near: str, day: dt.date, reason: str) -> str:
    """That a name resembles one who is away."""
    return f"{name} ressemble à {near}, qui est absent le {day:%d/%m/%Y} ({reason}) : {SAME}"


def clients_told(clients: Iterable[str]) -> str:
    """The first clients of some orders, and how many more."""
    names = sorted(set(clients))
    return ", ".join(names[:CLIENTS]) + (f" et {len(names) - CLIENTS} de plus" if len(names) > CLIENTS else "")
