"""Importing a planning board into an empty store: rows a second, and the memory it takes at its highest."""

from __future__ import annotations

import csv
import datetime as dt
import resource
import subprocess
import sys
from pathlib import Path

from openpyxl import Workbook

from benchmarks.life import BY, database, opened
from benchmarks.measuring import Figure, Side, Sizes, compare
from installflow.importing import import_board
from installflow.orders.terms import HEADERS
from installflow.store.sqlite_schema import EVENTS_TABLE

MEMORY_LIMIT = 500
"""MiB an import of 20,000 rows may take."""

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


def take_in(board: Path, store: Path) -> int:
    """Import a board; answers its rows."""
    with opened(store, "FULL") as flow:
        report = import_board(flow, board, by=BY)
    assert report.created == report.rows, report.warnings[:3]
    return report.rows


def run(sizes: Sizes, folder: Path) -> list[Figure]:
    """Time both formats against bare inserts of the bytes they stored, then measure the memory each takes."""
    boards = {"csv": folder / "board.csv", "xlsx": folder / "board.xlsx"}
    write_csv(boards["csv"], sizes.imported)
    write_xlsx(boards["xlsx"], sizes.imported)
    figures = []
    for kind, board in boards.items():
        stored = folder / f"stored-{kind}.db"
        take_in(board, stored)

        def ours(number: int, kind: str = kind, board: Path = board) -> int:
            return take_in(board, folder / f"{kind}-{number}.db")

        others = {f"bare inserts of the same events, {TOGETHER} a commit": _inserts(stored, folder, kind)}
        figures += compare(f"importing {sizes.imported:,} rows of {kind}", "rows", sizes.rounds, ours, others)
    return figures + _memory(boards, sizes.imported)


def _inserts(stored: Path, folder: Path, kind: str) -> Side:
    """Insert what an import stored; a row of the board counts once, whatever the number of its events."""
    source = database(stored, "FULL")
    columns = "originator_id, originator_version, topic, state"
    events: list[tuple[str, int, str, bytes]] = source.execute(f"SELECT {columns} FROM stored_events").fetchall()
    rows = sum(topic == "order.imported" for _, _, topic, _ in events)
    source.close()

    def insert(number: int) -> int:
        bare = database(folder / f"bare-{kind}-{number}.db", "FULL")
        bare.execute(EVENTS_TABLE)
        for start in range(0, len(events), TOGETHER):
            bare.execute("BEGIN IMMEDIATE")
            bare.executemany(
                f"INSERT INTO stored_events ({columns}) VALUES (?, ?, ?, ?)", events[start : start + TOGETHER]
            )
            bare.execute("COMMIT")
        bare.close()
        return rows

    return insert


def _memory(boards: dict[str, Path], rows: int) -> list[Figure]:
    """The most memory a process takes that does nothing but import, against the limit; one process a board, at once."""
    alone = {
        kind: subprocess.Popen(
            [sys.executable, "-m", "benchmarks.importing", str(board)],
            cwd=Path(__file__).parent.parent,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for kind, board in boards.items()
    }
    figures = []
    for kind, process in alone.items():
        peak = int(process.communicate()[0])
        what = f"memory of importing {rows:,} rows of {kind}"
        figures.append(Figure(what, f"{peak} MiB", "the limit", f"{MEMORY_LIMIT} MiB", MEMORY_LIMIT / peak))
    return figures


def _peak() -> int:
    """The most memory this process has taken, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux's getrusage also counts what the parent held when it forked
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) // 1024
    peak: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    take_in(path, path.with_name(f"{path.name}.db"))
    print(_peak())
