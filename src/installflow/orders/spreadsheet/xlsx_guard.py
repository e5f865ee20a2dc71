"""What a workbook must be before anything parses it: sizes, entities, kind."""

from __future__ import annotations

import contextlib
import warnings
import zipfile
import zlib
from typing import TYPE_CHECKING

from installflow.errors import ImportRejected
from installflow.orders.spreadsheet.xlsx_xml import HasEntities, Measures, Misplaced, Outsized

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_UNPACKED = 160 * 1024 * 1024
"""All the parts of a workbook, unpacked, pictures included; 20,000 lines of a board make about 30 MiB."""
MAX_PARTS = 5_000
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


def check_workbook(path: Path) -> None:
    """Refuses, in one sentence, what is no workbook or what would not fit in memory.

    The sizes a zip declares bind: the standard reader never unpacks more of a part than was declared for it, and only
    for the two compressions Excel knows, so these are the only ones let through.
    """
    place = path.name
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive, place)
    except _DAMAGED as error:
        raise ImportRejected(damaged(place)) from error


def damaged(place: str) -> str:
    """The sentence for a workbook that cannot be parsed."""
    return f"{place} : le classeur est abîmé ou n'en est pas un ; rouvrez-le dans Excel et réenregistrez-le en .xlsx"


@contextlib.contextmanager
def parsing(path: Path) -> Iterator[None]:
    """Turns whatever openpyxl raises on a damaged workbook into one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # drop-downs and styles openpyxl does not keep: we do not read them
            yield
    except ImportRejected:
        raise
    except ImportError as error:
        sentence = "pour lire un classeur Excel, installez l'extra « xlsx » : pip install 'installflow[xlsx]'"
        raise ImportRejected(sentence) from error
    except Exception as error:  # openpyxl raises KeyError, TypeError, ParseError... on damaged parts
        raise ImportRejected(damaged(path.name)) from error


def _check_parts(archive: zipfile.ZipFile, place: str) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        sentence = f"{place} : c'est un classeur binaire (.xlsb) ; enregistrez-le en .xlsx"
        raise ImportRejected(sentence)
    if "content.xml" in names and "mimetype" in names:
        sentence = f"{place} : c'est un document LibreOffice ; enregistrez-le en .xlsx ou en .csv"
        raise ImportRejected(sentence)
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        sentence = (
            f"{place} : c'est une archive ou un autre document, pas un classeur ; enregistrez le planning en .xlsx"
        )
        raise ImportRejected(sentence)
    if any(part.flag_bits & 1 for part in parts):
        sentence = f"{place} : l'archive est protégée par un mot de passe ; enregistrez-la sans mot de passe"
        raise ImportRejected(sentence)
    if (
        len(parts) > MAX_PARTS
        or sum(part.file_size for part in parts) > MAX_UNPACKED
        or any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts)
    ):
        raise ImportRejected(_outsized(place))
    measures = Measures()
    try:
        for part in parts:
            with archive.open(part) as file:
                measures.measure(part.filename, file)
        measures.check_roles()
    except Outsized:
        raise ImportRejected(_outsized(place)) from None
    except Misplaced:
        raise ImportRejected(damaged(place)) from None
    except HasEntities:
        sentence = f"{place} : le classeur contient des entités XML, qu'Excel n'écrit jamais ; réenregistrez-le"
        raise ImportRejected(sentence) from None


def _outsized(place: str) -> str:
    return (
        f"{place} : décompressé, le classeur serait démesuré ; "
        "copiez les lignes utiles dans un classeur neuf et importez celui-ci"
    )
