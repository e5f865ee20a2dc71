"""Which order each line of a board is: by the id of our export, else by CLIENT and PARTENAIRE; never by a guess.

In this order, each step leaving aside the lines and orders already paired:

1. the id an exported workbook carries;
2. a line equal to what an order shows, or to what was last imported of it (open orders before finished ones): so two
   lines alike are two orders, and find them again in their order;
3. where several orders bear or bore that CLIENT and PARTENAIRE, a line equal to what one of them said at some earlier
   moment: an old line, whose order may have been renamed or finished since;
4. the open orders of that CLIENT and PARTENAIRE, under their present names or those last imported; among several,
   one parcel number, one portability, one reference in common decide, then there being only one left of each;
5. an open order of that CLIENT whose PARTENAIRE is still to be given, on one side or the other;
6. a finished order, if STATUT and DATE are still what the order shows or what was last imported: anything else is a
   new order of a client we know.

What is left is a new order, unless an open order no line claims bore that name, or has that parcel or portability:
then the client was perhaps renamed, and that is for a person to say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from installflow.orders.cells import cells_of
from installflow.orders.spreadsheet.typed import tidy_lines
from installflow.orders.terms import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from installflow.orders.planning_row import PlanningRow
    from installflow.orders.spreadsheet.row import ReadRow

Name = tuple[str, str]
_NUMBER = re.compile(r"(?:\d[ .]?){8,}|[A-Z0-9]{12}")
"""What makes a portability one client's own: a telephone number, a RIO."""


@dataclass(slots=True)
class Known:
    """An order the flow has, with its cells; ``names`` are those a line may call it by."""

    row: PlanningRow
    cells: Mapping[str, str]
    names: tuple[Name, ...]
    former: frozenset[Name] = frozenset()
    """The names it bore before."""


@dataclass(slots=True)
class Matches:
    """What became of each line, by its index: an order, or a sentence saying why none can be told; else it is new."""

    found: dict[int, Known] = field(default_factory=dict)
    unsure: dict[int, str] = field(default_factory=dict)
    absent: list[Known] = field(default_factory=list)
    """The open orders that no line of the file is, or may be."""


def match(
    rows: Sequence[ReadRow],
    orders: Iterable[PlanningRow],
    canonical: Callable[[str], str],
    was: Callable[[PlanningRow, ReadRow], bool],
) -> Matches:
    """Pair the lines of a file with the orders.

    ``canonical`` writes a partner's name as its policy does; ``was`` says whether an order ever said what a line says.
    """

    def name_of(client: str, partner: str) -> Name:
        return key_of(client), key_of(canonical(partner))

    known = [_known(row, name_of) for row in sorted(orders, key=lambda row: (row.is_final, row.opened_at, row.id))]
    names = [name_of(row.client, row.partner) for row in rows]
    matching = _Matching(rows, names, known, was)
    matching.by_id()
    matching.by_line()
    matching.by_past()
    matching.by_name()
    matching.by_finished()
    matching.renamed()
    free = (one for one in known if not one.row.is_final)
    matching.matches.absent = [one for one in free if id(one) not in matching.taken | matching.doubtful]
    return matching.matches


def same_text(one: str, other: str) -> bool:
    """Whether two cells hold the same text: composed, blanks around and doubled left out."""
    return one == other or tidy_lines(one) == tidy_lines(other)


def _known(row: PlanningRow, name_of: Callable[[str, str], Name]) -> Known:
    names = [name_of(row.client, row.partner)]
    if "CLIENT" in row.typed:
        typed = name_of(row.typed["CLIENT"], row.typed.get("PARTENAIRE", "").partition("/")[0])
        names += [typed] if typed not in names else []
    former = frozenset(name_of(client, partner) for client, partner in row.names) - set(names)
    return Known(row, cells_of(row), tuple(names), former)


@dataclass(slots=True)
class _Matching:
    rows: Sequence[ReadRow]
    names: list[Name]
    known: list[Known]
    was: Callable[[PlanningRow, ReadRow], bool]
    matches: Matches = field(default_factory=Matches)
    taken: set[int] = field(default_factory=set)
    doubtful: set[int] = field(default_factory=set)
    """The orders that some line may be."""

    def by_id(self) -> None:
        ids = {str(one.row.id): one for one in self.known}
        for index, row in enumerate(self.rows):
            one = ids.get(row.raw.order_id or "")
            if one and id(one) not in self.taken:
                self._pair(index, one)

    def by_line(self) -> None:
        for headers in {tuple(row.raw.cells) for row in self.rows}:
            lines: dict[tuple[str, ...], list[Known]] = defaultdict(list)
            for one in reversed(self.known):
                for line in {_line(headers, one.row.typed), _line(headers, one.cells)}:
                    lines[line].append(one)
            for index in self._left():
                cells = self.rows[index].raw.cells
                if tuple(cells) != headers:
                    continue
                alike = lines.get(_line(headers, cells), [])
                while alike and id(alike[-1]) in self.taken:
                    alike.pop()
                if alike:
                    self._pair(index, alike.pop())

    def by_past(self) -> None:
        named: dict[Name, list[Known]] = defaultdict(list)
        for one in self.known:
            for name in (*one.names, *one.former):
                named[name].append(one)
        for name, indexes in self._groups().items():
            orders = self._free(named.get(name, ()))
            if len(orders) == 1 and name in orders[0].names and not orders[0].row.is_final:
                continue  # its only order, whatever it said before
            for index in indexes:
                said = [one for one in self._free(orders) if self.was(one.row, self.rows[index])]
                kept = [one for one in said if not one.row.is_final] or said
                if len(kept) == 1:
                    self._pair(index, kept[0])

    def by_name(self) -> None:
        named: dict[Name, list[Known]] = defaultdict(list)
        unnamed: dict[str, list[Known]] = defaultdict(list)
        for one in self.known:
            if one.row.is_final:
                continue
            for name in one.names:
                named[name].append(one)
            unnamed[key_of(one.row.client)].append(one)
        for name, indexes in self._groups().items():
            self._decide(indexes, self._free(named.get(name, ())))
        for (client, partner), indexes in self._groups().items():
            blank = [one for one in self._free(unnamed.get(client, ())) if not (partner and one.row.partner)]
            self._decide(indexes, blank)

    def by_finished(self) -> None:
        finished: dict[Name, list[Known]] = defaultdict(list)
        for one in self.known:
            if one.row.is_final:
                for name in one.names:
                    finished[name].append(one)
        for name, indexes in self._groups().items():
            for index in indexes:
                cells = self.rows[index].raw.cells
                kept = [one for one in self._free(finished.get(name, ())) if _untouched(cells, one)]
                if len(kept) == 1:
                    self._pair(index, kept[0])
                else:
                    self._doubt([index], kept)

    def renamed(self) -> None:
        former: dict[Name, list[Known]] = defaultdict(list)
        parcels: dict[str, list[Known]] = defaultdict(list)
        portas: dict[Hashable, list[Known]] = defaultdict(list)
        for one in self._free(self.known):
            if one.row.is_final:
                continue
            for name in one.former:
                former[name].append(one)
            for number in _parcels(one):
                parcels[number].append(one)
            if (porta := _porta(one.row.porta)) is not None:
                portas[porta].append(one)
        for index in self._left():
            row = self.rows[index]
            if since := former.get(self.names[index]):
                self.doubtful.update(map(id, since))
                self.matches.unsure[index] = _renamed(since)
                continue
            found = {id(one): one for number in row.tracking for one in parcels.get(key_of(number), ())}
            found |= {id(one): one for one in portas.get(_porta(row.porta), ())}
            if len(found) == 1:
                one = next(iter(found.values()))
                self.doubtful.add(id(one))
                self.matches.unsure[index] = (
                    f"client renommé ? le colis ou la portabilité de cette ligne est à la commande {_short(one)} "
                    f"({one.row.client}) : renommez-la (modifier_commande client=…) ou corrigez la ligne"
                )

    def _decide(self, indexes: list[int], orders: list[Known]) -> None:
        """Pair lines and open orders of one name, as far as something tells them apart."""
        if not orders:
            return
        for told in (_told_by_parcel, _told_by_porta, _told_by_ref):
            if len(indexes) == len(orders) == 1:
                break
            by_row, by_order = told([self.rows[index] for index in indexes], orders)
            for value, mine in by_row.items():
                theirs = [one for one in by_order.get(value, ()) if id(one) not in self.taken]
                left = [place for place in mine if indexes[place] not in self.matches.found]
                if len(left) == len(theirs) == 1:
                    self._pair(indexes[left[0]], theirs[0])
            indexes = [index for index in indexes if index not in self.matches.found]
            orders = self._free(orders)
        if len(indexes) == len(orders) == 1:
            self._pair(indexes[0], orders[0])
        else:
            self._doubt(indexes, orders)

    def _pair(self, index: int, one: Known) -> None:
        self.matches.found[index] = one
        self.taken.add(id(one))

    def _doubt(self, indexes: list[int], orders: Sequence[Known]) -> None:
        """Say of these lines that each may be any of these orders."""
        if not (indexes and orders):
            return
        self.doubtful.update(map(id, orders))
        listed = ", ".join(map(_short, orders[:5])) + (", …" if len(orders) > 5 else "")  # noqa: PLR2004
        several = f"{len(orders)} commandes" if len(orders) > 1 else "plusieurs lignes pour la commande"
        sentence = (
            f"{several} de ce CLIENT et de ce PARTENAIRE ({listed}) : rien n'est enregistré ; "
            "précisez le client (le site) ou le N° CHRONO, ou partez d'un export .xlsx"
        )
        self.matches.unsure |= dict.fromkeys(indexes, sentence)

    def _left(self) -> list[int]:
        done = self.matches.found.keys() | self.matches.unsure.keys()
        return [index for index in range(len(self.rows)) if index not in done]

    def _groups(self) -> dict[Name, list[int]]:
        groups: dict[Name, list[int]] = defaultdict(list)
        for index in self._left():
            groups[self.names[index]].append(index)
        return groups

    def _free(self, orders: Iterable[Known]) -> list[Known]:
        return [one for one in orders if id(one) not in self.taken]


def _renamed(orders: Sequence[Known]) -> str:
    since = ", ".join(
        f"« {one.row.client} » ({one.row.partner or 'sans partenaire'}, {_short(one)})" for one in orders[:5]
    )
    return (
        f"renommée depuis en {since} : rien n'est enregistré ; "
        "donnez à la ligne le nouveau nom, ou ouvrez la commande ici si c'en est une autre (installflow open)"
    )


def _line(headers: Sequence[str], cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(tidy_lines(cells.get(header, "")) for header in headers)


def _untouched(cells: Mapping[str, str], one: Known) -> bool:
    return all(
        same_text(cells.get(header, ""), one.cells[header]) or same_text(cells.get(header, ""), typed)
        for header in ("STATUT", "DATE")
        for typed in [one.row.typed.get(header, "")]
    )


Told = tuple[dict["Hashable", list[int]], dict["Hashable", list[Known]]]


def _told(rows: Iterable[Iterable[Hashable]], orders: Iterable[tuple[Known, Iterable[Hashable]]]) -> Told:
    by_row: dict[Hashable, list[int]] = defaultdict(list)
    by_order: dict[Hashable, list[Known]] = defaultdict(list)
    for place, values in enumerate(rows):
        for value in values:
            by_row[value].append(place)
    for one, values in orders:
        for value in values:
            by_order[value].append(one)
    return by_row, by_order


def _told_by_parcel(rows: list[ReadRow], orders: list[Known]) -> Told:
    return _told(
        ([key_of(number) for number in row.tracking] for row in rows), ((one, _parcels(one)) for one in orders)
    )


def _told_by_porta(rows: list[ReadRow], orders: list[Known]) -> Told:
    def porta(cell: object) -> list[Hashable]:
        date = getattr(cell, "date", None)
        return [date] if date else []

    return _told((porta(row.porta) for row in rows), ((one, porta(one.row.porta)) for one in orders))


def _told_by_ref(rows: list[ReadRow], orders: list[Known]) -> Told:
    in_rows = ([key_of(text) for text in row.raw.extra.values()] for row in rows)
    return _told(in_rows, ((one, [key_of(one.row.ref)] if one.row.ref else []) for one in orders))


def _parcels(one: Known) -> set[str]:
    return {key_of(parcel.number) for parcel in one.row.parcels}


def _porta(porta: object) -> Hashable | None:
    """A portability nobody else has: with its operator, or a number in its remarks."""
    operator, remarks = getattr(porta, "operator", ""), getattr(porta, "remarks", "")
    if not _NUMBER.search(remarks):
        return None
    return getattr(porta, "date", None), key_of(operator), key_of(remarks)


def _short(one: Known) -> str:
    return one.row.ref or str(one.row.id)[:8]
