"""Writing the board out: the lines to write, the CSV file, and never half a file."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import stat
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from installflow.errors import Invalid
from installflow.orders.spreadsheet.formula import shielded
from installflow.orders.spreadsheet.headers import stands_apart
from installflow.orders.terms import HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterator


CREATOR = "installflow"
"""Whose a workbook, or a note on a cell, says it is."""
_SQLITE = b"SQLite format 3"
_BESIDE_A_STORE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One order as a line of the board: the text of each cell, and what a workbook adds to it."""

    id: str
    cells: dict[str, str]
    typed: dict[str, dt.date | dt.time] = field(default_factory=dict)
    """Cells that are one date or one time: a workbook sorts on them. The text wins where the two differ."""
    due: bool = False
    alerts: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)
    """The cells of the planner's own columns, by their headers: they are written after the 14."""


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
    """The board as Excel in French opens it: 14 headers, ``;``, UTF-8 with BOM; it reads back without a change.

    The planners' own columns stand after the 14.
    """
    rows = list(rows)
    others = other_headers(rows)
    with written(path) as temporary, temporary.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow([*HEADERS, *map(shielded, others)])
        for row in rows:
            cells = [row.cells.get(header, "") for header in HEADERS] + [row.extra.get(name, "") for name in others]
            writer.writerow(map(shielded, cells))


def other_headers(rows: Iterable[BoardLine]) -> list[str]:
    """The headers of the planners' own columns, in the order they are first met."""
    return [name for name in dict.fromkeys(name for row in rows for name in row.extra) if stands_apart(name)]


@contextlib.contextmanager
def written(path: str | Path) -> Iterator[Path]:
    """A new file that takes the place of ``path`` once it is whole; on an error nothing is left behind.

    A link is followed: what it points to is replaced, and the link stays.

    :raises Invalid: the folder is missing or closed to us, or what stands there is a store, a folder, a device, or
        open elsewhere.
    """
    path = Path(path)
    temporary: Path | None = None
    try:
        target = place_of(path)
        temporary = target.parent / f".{target.name[:80]}.{uuid.uuid4().hex}.tmp"
        yield temporary
        temporary.replace(target)
    except OSError as error:
        sentence = f"« {path.name} » ne peut pas être écrit : fermez-le s'il est ouvert, ou choisissez un autre dossier"
        raise Invalid(sentence) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def place_of(path: Path) -> Path:
    """Where the file is to stand, links followed.

    :raises Invalid: no file of ours may stand there.
    """
    if "\0" in str(path):
        sentence = f"« {path.name!r} » n'est pas un nom de fichier : choisissez-en un autre"
        raise Invalid(sentence)
    try:
        mode: int | None = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        mode = None
    target = path.resolve()
    sentence = ""
    if not path.name or (mode is not None and stat.S_ISDIR(mode)):
        sentence = f"« {path} » est un dossier : indiquez le nom du fichier à écrire"
    elif mode is not None and not stat.S_ISREG(mode):
        sentence = f"« {path} » n'est pas un fichier ordinaire : choisissez un autre nom"
    elif not target.parent.is_dir():
        sentence = f"le dossier « {target.parent} » n'existe pas : créez-le ou choisissez-en un autre"
    elif _is_store(target) or _serves_a_store(target):
        sentence = f"« {path.name} » est une base de données, elle serait perdue : choisissez un autre nom de fichier"
    if sentence:
        raise Invalid(sentence)
    return target


def _is_store(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _serves_a_store(path: Path) -> bool:
    """Whether SQLite keeps, or would look for, a store's latest events under that name."""
    name = path.name.casefold()
    for ending in _BESIDE_A_STORE:
        if name.endswith(ending):
            return name.endswith(f".db{ending}") or _is_store(path.with_name(path.name[: -len(ending)] or "."))
    return False
