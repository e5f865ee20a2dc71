"""What people read: the board, the list of the day, the reminders, the bills, the history."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from pytest_bdd import parsers, then, when

from installflow import Past
from installflow.orders.narrative import told
from installflow.testing.world import Table, World, compare, name_of, rows_of
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    from collections.abc import Callable

    from installflow.audit import HistoryEntry
    from installflow.screens import Screens


SCREENS = "le tableau|la liste du jour|l'agenda|la facturation|l'histoire"


@when(parsers.re(rf"(?P<who>\w+) lit (?:{SCREENS})(?: le (?P<day>.+))?"))
def read(world: World, who: str, day: str | None) -> None:
    """Read a screen, on a day that the clock moves to."""
    del who
    if day:
        world.clock.set(world.day(day))
    world.act(lambda: world.flow.screens)


@when(parsers.re(r"(?P<who>\w+) lit la liste du jour de (?P<person>.+)"))
def read_own(world: World, who: str, person: str) -> None:
    """Read the list of the day of one person's orders."""
    del who
    world.act(lambda: world.flow.today(person))


@when(parsers.re(r"(?P<who>\w+) relit la commande au (?P<day>.+)"))
def read_as_of(world: World, who: str, day: str) -> None:
    """Read what was true at the end of a day, with all that is known today."""
    del who
    world.act(lambda: world.flow.as_of(world.day(day)))


@when(parsers.re(r"(?P<who>\w+) relit ce que montrait le tableau du (?P<day>.+)"))
def read_known_on(world: World, who: str, day: str) -> None:
    """Read what the screens showed at the end of a day."""
    del who
    world.act(lambda: world.flow.known_on(world.day(day)))


@when(parsers.re(r'(?P<who>\w+) cherche "(?P<text>[^"]+)" dans le tableau'))
def search(world: World, who: str, text: str) -> None:
    """Search the board."""
    del who
    world.act(lambda: world.flow.planning(search=text))


@then(parsers.re(r'(?:elle|il) la voit en "(?P<status>[^"]+)"'))
def seen_in(world: World, status: str) -> None:
    """The status of the order in what was read."""
    world.went_well()
    past: Past = world.seen
    rows = {row.id: row for row in past.planning(all=True)}
    shown = name_of(rows[world.id_of()].status) if world.id_of() in rows else "(absente)"
    assert shown == status, shown  # noqa: S101


@then(parsers.re(r"le tableau montre ?:"))
def board_shows(world: World, datatable: Table) -> None:
    """Columns of the board, those of the table's header, finished orders included."""
    world.went_well()
    rows = world.seen if isinstance(world.seen, list) else world.flow.planning(all=True)
    header, *lines = datatable
    found = [[_cell(row, column) for column in header] for row in rows]
    compare(found, [[_text(world, column, cell) for column, cell in zip(header, line, strict=True)] for line in lines])


def _cell(row: Any, column: str) -> str:
    if column == "alertes":
        return " ; ".join(row.alerts)
    if column == "visites":
        return " ; ".join(f"{_day(visit.date)} {visit.technician} : {visit.outcome}" for visit in row.row.visits)
    text: str = row.cells[column]
    return text.replace("\n", " / ")


def _text(world: World, column: str, cell: str) -> str:
    return cell if column in {"CLIENT", "PARTENAIRE", "STATUT"} else world.text(cell)


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


@then(parsers.re(r"les colonnes du tableau sont ?:"))
def columns_are(world: World, datatable: Table) -> None:
    """The headers of the board, in their order."""
    world.went_well()
    (row, *_) = world.flow.planning(all=True)
    compare([[header] for header in row.cells], datatable)


@then(parsers.re(r"la liste du jour montre ?:"))
def today_shows(world: World, datatable: Table) -> None:
    """The list of the day, line by line."""
    world.went_well()
    items = world.seen if isinstance(world.seen, list) else _screens(world).today()
    found = [[item.section, item.client, item.what] for item in items]
    lines = [[line["rubrique"], line["CLIENT"], world.text(line["à faire"])] for line in rows_of(datatable)]
    compare(found, lines)


@then(parsers.re(r"la liste du jour compte (?P<count>\d+) lignes?"))
def today_counts(world: World, count: str) -> None:
    """How many things there are to do."""
    world.went_well()
    items = world.seen if isinstance(world.seen, list) else _screens(world).today()
    assert len(items) == int(count), [(item.section, item.client, item.what) for item in items]  # noqa: S101


@then(parsers.re(r"l'agenda montre ?:"))
def agenda_shows(world: World, datatable: Table) -> None:
    """The reminders, the oldest first."""
    world.went_well()
    entries = _screens(world).agenda()
    found = [[_day(entry.date), entry.client, name_of(entry.status), entry.check, entry.state] for entry in entries]
    expected = [
        [world.text(line["le"]), line["CLIENT"], line["STATUT"], line["à vérifier"], line["quand"]]
        for line in rows_of(datatable)
    ]
    compare(found, expected)


@then(parsers.re(r"(?P<who>\w+) lit, à facturer ?:"))
def billing_shows(world: World, who: str, datatable: Table) -> None:
    """What the billing back office reads."""
    del who
    world.went_well()
    lines = _screens(world).billing(all=True)
    columns: dict[str, Callable[[Any], str]] = {
        "CLIENT": lambda line: line.row.client,
        "où on en est": lambda line: line.state,
        "INFOS FACTURATION": lambda line: " / ".join(note.text for note in line.row.notes),
        "déplacements": lambda line: " / ".join(line.row.billable_trips),
    }
    header, *rows = datatable
    found = [[columns[column](line) for column in header] for line in lines]
    compare(found, [[world.text(cell) for cell in row] for row in rows])


@then(parsers.re(r"l'histoire montre ?:"))
def history_shows(world: World, datatable: Table) -> None:
    """The history of the order: when it happened, who did it, what, and when it was entered if later."""
    world.went_well()
    entries = world.flow.history(world.id_of())
    columns: dict[str, Callable[[HistoryEntry], str]] = {
        "le": lambda e: _day(e.recorded.occurred_at.astimezone(PARIS).date()),
        "qui": lambda e: e.recorded.by.name,
        "ce qui s'est passé": lambda e: told(e.recorded.event),
        "STATUT": lambda e: name_of(e.after) if e.after else "",
        "saisi le": lambda e: _day(e.recorded.recorded_at.astimezone(PARIS).date()) if _late(e) else "",
    }
    header, *rows = datatable
    found = [[columns[column](entry) for column in header] for entry in entries]
    compare(found, [[world.text(cell) for cell in row] for row in rows])


def _late(entry: HistoryEntry) -> bool:
    recorded = entry.recorded
    return recorded.recorded_at.date() != recorded.occurred_at.date()


def _screens(world: World) -> Screens:
    return world.flow.screens
