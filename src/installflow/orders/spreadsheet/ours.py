"""Whether a file that a screen is to be written to was written by us: anything else is somebody's work."""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from installflow.errors import Invalid
from installflow.orders.spreadsheet.identity import IDS_SHEET
from installflow.orders.spreadsheet.writing import CREATOR, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_BOM = b"\xef\xbb\xbf"
_READ = 256 * 1024
_IDS = re.compile(rf"<(?:\w+:)?sheet [^>]*name=\"{IDS_SHEET}\"".encode())
_CREATOR = re.compile(rf"<dc:creator>{CREATOR}</dc:creator>".encode())


def refuse_others(path: str | Path, headers: Sequence[str]) -> None:
    """Refuse to replace a file that is no earlier export of ours; an empty one holds nothing to lose.

    A workbook of ours says so, and still does once a planner has saved it; a ``.csv`` begins with our ``headers``.

    :raises Invalid: somebody else's file stands there, or no file may.
    """
    with suppress(OSError):  # what cannot be looked at cannot be replaced either: the writing says so
        target = place_of(Path(path))
        if not target.exists() or not target.stat().st_size or _is_ours(target, headers):
            return
        sentence = (
            f"« {Path(path).name} » existe déjà et n'est pas un export d'installflow : "
            "donnez un autre nom, ou --force pour le remplacer"
        )
        raise Invalid(sentence)


def _is_ours(path: Path, headers: Sequence[str]) -> bool:
    if zipfile.is_zipfile(path):
        return _says(path, "xl/workbook.xml", _IDS) or _says(path, "docProps/core.xml", _CREATOR)
    first = _BOM + ";".join(headers).encode()
    with path.open("rb") as file:
        return file.read(len(first) + 1) in {first + b"\r", first + b";"}


def _says(path: Path, part: str, what: re.Pattern[bytes]) -> bool:
    unreadable = (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError)
    with suppress(*unreadable), zipfile.ZipFile(path) as archive, archive.open(part) as file:
        return what.search(file.read(_READ)) is not None
    return False
