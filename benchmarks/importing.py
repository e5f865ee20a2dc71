"""Importing a planning board into an empty store: rows a second, and the memory it takes at its highest."""

from __future__ import annotations

import csv
import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from openpyxl import Workbook

from benchmarks.life import BY, NOW
from benchmarks.measuring import Figure, Result, Run, Side, Skipped, compare
from benchmarks.memory import peak
from benchmarks.places import NEW, OURS, Place, PostgresPlace, SQLitePlace
from benchmarks.worker import Worker
from installflow import InstallFlow
from installflow.importing import import_board
from installflow.orders.terms import HEADERS

MEMORY_LIMIT = 500
"""MiB an import of 20,000 rows may take."""

RATE_ASKED = 2_000
"""Rows a second."""

TOGETHER = 80
"""Rows of one bare transaction: as many as the import commits together."""

STATUSES = ("New", "Collecte", "Staging", "En attente de planification", "Attente tech", "Installation")
SLOTS = ("9H", "9h30", "11H", "14h", "15h30")
MANAGERS = ("Inès", "Marc", "Sonia", "Paul")


def board_row(number: int) -> dict[str, str]:
    """One line of a board; every third has a visit, its technician's own for that day."""
    row = dict.fromkeys(HEADERS, "") | {
        "CLIENT": f"Boulangerie {number}",
        "PARTENAIRE": ("HIGHCOM", "VIP TELECOM", "Entreprise Pro")[number % 3],
        "NOM CP": MANAGERS[number % len(MANAGERS)],
        "STATUT": STATUSES[number % len(STATUSES)],
        "COMMENTAIRES PLANIF": f"{1 + number % 12} postes, accès par la cour.\nLe client préfère le matin.",
    }
    if number % 2:
        row["IMPER"] = f"{dt.date(2026, 11, 23) + dt.timedelta(number % 20):%d/%m/%Y}"
    if number % 3 == 2:
        row["DATE"] = f"{dt.date(2026, 11, 30) + dt.timedelta(number % 60):%d/%m/%Y}"
        row |= {"HEURE": SLOTS[number % len(SLOTS)], "TECH": "Direct", "NOM TECH": f"Technicien {number // 60}"}
    return row


def write_csv(path: Path, rows: int) -> None:
    """A board as a spreadsheet saves it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, HEADERS, delimiter=";")
        writer.writeheader()
        writer.writerows(map(board_row, range(rows)))


def write_xlsx(path: Path, rows: int) -> None:
    """The same board as a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Planning")
    sheet.append(HEADERS)
    for number in range(rows):
        sheet.append(list(board_row(number).values()))
    book.save(path)


def take_in(board: Path, url: str) -> int:
    """Import a board; answers its rows."""
    with InstallFlow(url, clock=lambda: NOW) as flow:
        report = import_board(flow, board, by=BY)
    assert report.created == report.rows, report.warnings[:3]
    return report.rows


def run(run: Run) -> list[Result]:
    """Time both formats against what was asked for and against bare inserts, then measure the memory each takes."""
    rows = run.sizes.imported
    boards = {"csv": run.folder / "board.csv", "xlsx": run.folder / "board.xlsx"}
    write_csv(boards["csv"], rows)
    write_xlsx(boards["xlsx"], rows)
    place = SQLitePlace(run.folder, "FULL")
    results = [figure for kind, board in boards.items() for figure in _timed(kind, board, place, run)]
    results += _memory(boards, place, run)
    if run.postgres is None:
        return [*results, Skipped("importing on PostgreSQL", "no server: give --postgres URL")]
    server = PostgresPlace(run.postgres)
    try:
        return [*results, *_timed("csv", boards["csv"], server, run)]
    finally:
        server.close()


def _timed(kind: str, board: Path, place: Place, run: Run) -> list[Result]:
    rows = run.sizes.imported
    stored = f"stored-{kind}"
    take_in(board, place.url(stored))
    rates: list[float] = []

    def ours(number: int) -> int:
        start = time.perf_counter()
        done = take_in(board, place.url(f"{kind}-{number}"))
        rates.append(done / (time.perf_counter() - start))
        return done

    against = f"bare inserts of the same events, {TOGETHER} a commit"
    what = f"importing {rows:,} rows of {kind}, {place.name}"
    compared = compare(what, "rows", run.sizes.long_rounds, ours, {against: _inserts(place, stored, rows)})
    rate = median(rates[1:])
    asked = Figure(
        what, f"{rate:,.0f} rows/s", "what was asked for", f"{RATE_ASKED:,} rows/s", rate / RATE_ASKED, target=1.0
    )
    return [asked, *compared]


def _inserts(place: Place, stored: str, rows: int) -> Side:
    """Insert what an import stored; a row of the board counts once, whatever the number of its events."""
    source = place.bare(stored, OURS)
    events = list(source.events())
    source.close()

    def insert(number: int) -> int:
        bare = place.bare(f"bare-{stored}-{number}", NEW)
        for start in range(0, len(events), TOGETHER):
            bare.insert_many(events[start : start + TOGETHER])
        bare.close()
        return rows

    return insert


def _memory(boards: dict[str, Path], place: Place, run: Run) -> list[Result]:
    """The most memory a process takes that does nothing but import, against the limit; one process a board, at once."""
    workers = {
        kind: Worker("benchmarks.importing:importer", str(board), place.url(f"memory-{kind}"), apart=run.sizes.apart)
        for kind, board in boards.items()
    }
    for worker in workers.values():
        worker.ask()
    results: list[Result] = []
    for kind, worker in workers.items():
        with worker:
            taken = worker.answer()
        what = f"memory of importing {run.sizes.imported:,} rows of {kind}"
        results.append(
            Figure(what, f"{taken:,.0f} MiB", "the limit", f"{MEMORY_LIMIT} MiB", MEMORY_LIMIT / taken, target=1.0)
        )
    return results


def importer(board: str, url: str) -> Callable[[object], float]:
    """A worker that imports a board and answers the most memory it took."""

    def take(_request: object) -> float:
        take_in(Path(board), url)
        return peak()

    return take
