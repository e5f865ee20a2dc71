"""Opening a planner's file, whatever it turns out to be: a board, or one sentence saying why not."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

from installflow.errors import ImportRejected
from installflow.orders.spreadsheet.csv_in import read_csv

if TYPE_CHECKING:
    from installflow.orders.spreadsheet.board import Board

MAX_BYTES = 64 * 1024 * 1024
"""A board of 20,000 lines weighs about 5 MiB."""

_WAY = "enregistrez le planning en .xlsx ou en .csv"
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"GIF8", "une image GIF"),
    (b"\x1f\x8b", "une archive compressée"),
    (b"7z\xbc\xaf", "une archive compressée"),
    (b"Rar!", "une archive compressée"),
    (b"SQLite format 3", "une base de données"),
    (b"{\\rtf", "un document RTF"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_board(path: str | Path) -> Board:
    """The planning board in a ``.csv`` or ``.xlsx`` file, recognised by its content and not by its name.

    :raises ImportRejected: the file is missing, is something else, is damaged or hostile, or has no board in it.
    """
    path = Path(path)
    data = read_bytes(path)
    if data is None:
        from installflow.orders.spreadsheet.xlsx_in import read_xlsx  # noqa: PLC0415  openpyxl is an extra

        return read_xlsx(path)
    return read_csv(data, path.name)


def read_bytes(path: Path) -> bytes | None:
    """The file's bytes when it is text, ``None`` when it is a zip and so perhaps a workbook.

    :raises ImportRejected: it is neither, or it cannot be read.
    """
    place = path.name or str(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            sentence = f"{place} : c'est un dossier ; indiquez le fichier du planning"
            raise ImportRejected(sentence)
        if not stat.S_ISREG(status.st_mode):
            sentence = f"{place} : ce n'est pas un fichier ordinaire ; {_WAY}"
            raise ImportRejected(sentence)
        if status.st_size > MAX_BYTES:
            sentence = f"{place} : le fichier dépasse {MAX_BYTES >> 20} Mio ; découpez-le, par exemple par année"
            raise ImportRejected(sentence)
        with path.open("rb") as file:
            start = file.read(1024)
            if start.startswith(_ZIP):
                return None
            data = start + file.read(MAX_BYTES)
    except FileNotFoundError as error:
        sentence = f"{place} : le fichier est introuvable ; vérifiez son nom et son dossier"
        raise ImportRejected(sentence) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        sentence = f"{place!r} : le fichier ne peut pas être lu ; fermez-le ailleurs ou vérifiez vos droits"
        raise ImportRejected(sentence) from error
    _refuse_other_kinds(data, place)
    return data


def _refuse_other_kinds(data: bytes, place: str) -> None:
    sentence = ""
    if not data.strip():
        sentence = f"{place} : le fichier est vide ; exportez à nouveau le planning"
    elif data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            sentence = f"{place} : le classeur est protégé par un mot de passe ; enregistrez-le sans mot de passe"
        else:
            sentence = f"{place} : c'est un document Office d'avant 2007 (.xls) ; {_WAY}"
    elif kind := next((kind for magic, kind in _KINDS if data.startswith(magic)), ""):
        sentence = f"{place} : c'est {kind}, pas un planning ; {_WAY}"
    elif data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        sentence = f"{place} : c'est une page web ou du XML, pas un planning ; {_WAY}"
    if sentence:
        raise ImportRejected(sentence)
