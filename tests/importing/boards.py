"""Boards written as a planner would, and a flow they are imported into."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

from installflow import Actor, InstallFlow
from installflow.importing import ImportReport, import_board
from installflow.orders.terms import HEADERS

TODAY = dt.date(2026, 11, 21)
PLANNER = Actor("Sonia", role="planner")

Lines = list[dict[str, str]]


def line(client: str, partner: str = "HIGHCOM", status: str = "New", **cells: str) -> dict[str, str]:
    """A line of a board; the other headers are given by their first word."""
    named = {_header(word): text for word, text in cells.items()}
    return {"CLIENT": client, "PARTENAIRE": partner, "STATUT": status} | named


def _header(word: str) -> str:
    short = {"PORTA": "PORTA PRÉVUE LE", "NOM": "NOM TECH", "CP": "NOM CP", "COMMENT": "COMMENTAIRES PLANIF",
             "MATERIEL": "MATÉRIEL REÇU", "CHRONO": "N° CHRONO", "INFOS": "INFOS FACTURATION"}  # fmt: skip
    return short.get(word, word)


def write(path: Path, lines: Lines, headers: tuple[str, ...] = HEADERS) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, headers, delimiter=";", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)
    return path


class Board:
    """A flow, and boards imported into it."""

    def __init__(self, flow: InstallFlow, folder: Path) -> None:
        self.flow = flow
        self.folder = folder

    def imports(self, *lines: dict[str, str], headers: tuple[str, ...] = HEADERS, **options: Any) -> ImportReport:
        path = write(self.folder / "planning.csv", list(lines), headers)
        return import_board(self.flow, path, by=PLANNER, today=TODAY, **options)

    def file(self, name: str, *lines: dict[str, str]) -> Path:
        return write(self.folder / name, list(lines))

    def cells(self, client: str) -> dict[str, str]:
        cells: dict[str, str] = self.one(client).cells
        return cells

    def one(self, client: str) -> Any:
        (found,) = (row for row in self.flow.planning(all=True) if row.row.client == client)
        return found

    def events(self, client: str) -> list[str]:
        """The events of an order after the first, as their class names."""
        return [entry.recorded.event_type.__name__ for entry in self.flow.history(self.one(client).id)][1:]

    @property
    def position(self) -> int:
        return self.flow._store.position()

    def record(self, client: str, event: Any) -> None:
        self.flow.record(self.one(client).id, event, by=PLANNER)


def counts(report: ImportReport) -> dict[str, int]:
    """What is not zero."""
    return {name: count for name, count in report.as_json().items() if name not in {"warnings", "rows"} and count}


def told(report: ImportReport, column: str) -> list[str]:
    return [warning["message"] for warning in report.warnings if warning["column"] == column]
