"""Writing the board out: the lines to write, the CSV file, and never half a file."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from installflow.errors import Invalid
from installflow.orders.spreadsheet.formula import shielded
from installflow.orders.terms import HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One order as a line of the board: the text of each cell, and what a workbook adds to it."""

    id: str
    cells: dict[str, str]
    typed: dict[str, dt.date | dt.time] = field(default_factory=dict)
    """Cells that are one date or one time: a workbook sorts on them. The text wins where the two differ."""
    due: bool = False
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One thing to do today, under the heading the list of the day gives it (R-BOARD-43)."""

    section: str
    client: str
    partner: str
    status: str
    date: dt.date | None
    text: str


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert of one order."""

    client: str
    partner: str
    status: str
    text: str


def write_csv(path: str | Path, rows: Iterable[BoardLine]) -> None:
    """The board as Excel in French opens it: 14 headers, ``;``, UTF-8 with BOM; it reads back without a change."""
    with written(path) as temporary, temporary.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEADERS)
        for row in rows:
            writer.writerow([shielded(row.cells.get(header, "")) for header in HEADERS])


@contextlib.contextmanager
def written(path: str | Path) -> Iterator[Path]:
    """A new file beside ``path`` that takes its place once it is whole; on an error nothing is left behind.

    :raises Invalid: the folder is missing or closed to us, or the file is a folder or open elsewhere.
    """
    path = Path(path)
    temporary = path.parent / f".{path.name[:80]}.{uuid.uuid4().hex}.tmp"
    try:
        _check_place(path)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        sentence = f"« {path.name} » ne peut pas être écrit : fermez-le s'il est ouvert, ou choisissez un autre dossier"
        raise Invalid(sentence) from error
    finally:
        with contextlib.suppress(OSError, ValueError):  # ValueError: a NUL in the folder's name
            temporary.unlink(missing_ok=True)


def _check_place(path: Path) -> None:
    sentence = ""
    if "\0" in str(path):
        sentence = f"« {path.name!r} » n'est pas un nom de fichier : choisissez-en un autre"
    elif not path.name or path.is_dir():
        sentence = f"« {path} » est un dossier : indiquez le nom du fichier à écrire"
    elif not path.parent.is_dir():
        sentence = f"le dossier « {path.parent} » n'existe pas : créez-le ou choisissez-en un autre"
    if sentence:
        raise Invalid(sentence)
