"""The planners' own file: taken over, imported again, exported."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from pytest_bdd import given, parsers, then, when

from installflow.importing import ImportReport, import_board
from installflow.orders.spreadsheet import BoardLine, write_csv
from installflow.orders.terms import HEADERS
from installflow.testing.world import Table, World, compare, rows_of

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

BLANKS = {"(insécable)": "\u00a0", "(double)": "  "}
"""Characters nobody can see in a table."""


@given(parsers.re(r"(?P<who>\w+) a importé le planning ?:"))
def imported(world: World, tmp_path: Path, who: str, datatable: Table) -> None:
    """Take a planning over; columns the table leaves out are blank."""
    report = _import(world, _file(tmp_path, datatable), who)
    for raw in rows_of(datatable):
        world.know(raw["CLIENT"], _order_of(world, raw["CLIENT"]))
    assert report.created, report.as_json()  # noqa: S101


@when(parsers.re(r"(?P<who>\w+) importe (?:de nouveau )?le planning ?:"))
def import_again(world: World, tmp_path: Path, who: str, datatable: Table) -> None:
    """Import a planning; columns the table leaves out are blank."""
    path = _file(tmp_path, datatable)
    world.act(lambda: _import(world, path, who))
    for raw in rows_of(datatable):
        if raw["CLIENT"] and world.refusal is None:
            world.know(raw["CLIENT"], _order_of(world, raw["CLIENT"]))


@when(parsers.re(r"(?P<who>\w+) importe un fichier qui n'a que ces colonnes ?:"))
def import_other(world: World, tmp_path: Path, who: str, datatable: Table) -> None:
    """Import a file of just these columns."""
    path = tmp_path / "autre.csv"
    _write(path, datatable)
    world.act(lambda: _import(world, path, who))


@when(parsers.re(r"(?P<who>\w+) exporte le tableau, puis l'importe"))
def export_and_import(world: World, tmp_path: Path, who: str) -> None:
    """Write the board as a file, and import what was written."""
    path = tmp_path / "export.csv"
    write_csv(path, [BoardLine(str(row.id), row.cells) for row in world.flow.planning(all=True)])
    world.act(lambda: _import(world, path, who))


COUNTS = r"(?P<created>\d+) créées?, (?P<updated>\d+) changées?, (?P<unchanged>\d+) inchangées?"


@then(parsers.re(r"l'import compte " + COUNTS))
def counts(world: World, created: str, updated: str, unchanged: str) -> None:
    """How many lines were new, changed, unchanged."""
    world.went_well()
    report: ImportReport = world.seen
    found = (report.created, report.updated, report.unchanged)
    assert found == (int(created), int(updated), int(unchanged)), report.as_json()  # noqa: S101


@then(parsers.re(r"l'import remarque ?:"))
def remarks(world: World, datatable: Table) -> None:
    """Remarks on the cells, at least these; what is quoted is a part of the sentence."""
    world.went_well()
    report: ImportReport = world.seen
    told = [f"{r.line} | {r.column} | {r.value} | {r.message}" for r in report.remarks]
    for line in rows_of(datatable):
        place = f"{line['ligne']} | {line['colonne']} | "
        assert any(one.startswith(place) and line["remarque"] in one for one in told), "\n".join(told)  # noqa: S101


@then(parsers.re(r"l'import refuse la ligne (?P<number>\d+) ?: \"(?P<sentence>.+)\""))
def line_refused(world: World, number: str, sentence: str) -> None:
    """A line left aside, and why."""
    world.went_well()
    report: ImportReport = world.seen
    told = [remark.message for remark in report.remarks if remark.line == int(number)]
    assert report.skipped, told  # noqa: S101
    assert any(sentence in one for one in told), "\n".join(told)  # noqa: S101


@then(parsers.re(r"le tableau garde, hors du fichier ?:"))
def absent(world: World, datatable: Table) -> None:
    """The open orders the file does not have."""
    world.went_well()
    report: ImportReport = world.seen
    compare(sorted([order.client] for order in report.absent_orders), datatable)


def _import(world: World, path: Path, who: str) -> ImportReport:
    return import_board(world.flow, path, by=world.actor(who))


def _order_of(world: World, client: str) -> UUID:
    rows = [row for row in world.flow.planning(all=True) if row.row.client == client.strip()]
    assert rows, f"pas de ligne « {client} »"  # noqa: S101
    return rows[0].id


def _file(folder: Path, table: Table) -> Path:
    path = folder / "planning.csv"
    lines = [[row.get(header, "") for header in HEADERS] for row in rows_of(table)]
    _write(path, [list(HEADERS), *lines])
    return path


def _write(path: Path, lines: Table) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([[_typed(cell) for cell in line] for line in lines])


def _typed(cell: str) -> str:
    for name, blank in BLANKS.items():
        cell = cell.replace(name, blank)
    return cell
