"""Finding the board's columns: which line of a sheet holds the headers, and which column holds what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from installflow.errors import ImportRejected
from installflow.orders.terms import HEADERS, key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

REQUIRED = ("CLIENT", "STATUT")
"""Without these two a line says neither whose order it is nor where it stands."""

SEARCH_DEPTH = 50
"""How many lines may stand above the headers (titles, logos, a legend)."""

NO_HEADERS = (
    "{place} : aucune ligne d'en-têtes du planning n'a été trouvée ; "
    "mettez CLIENT, PARTENAIRE, STATUT et les autres en-têtes au-dessus des lignes"
)

_ENOUGH = 3
"""Fewer known headers than this on a line, unless they are the required ones, is chance, not a board."""

_EXACT: dict[str, str] = {key_of(header): header for header in HEADERS} | {
    # "N° CHRONO" is typed with a degree sign, an ordinal o, a numero sign, or spelt out.
    "no chrono": "N° CHRONO",
    "numero chrono": "N° CHRONO",
    "num chrono": "N° CHRONO",
    "nchrono": "N° CHRONO",
}
_LOOSE: dict[str, str] = {
    "clients": "CLIENT",
    "partenaires": "PARTENAIRE",
    "date installation": "DATE",
    "date d installation": "DATE",
    "date install": "DATE",
    "porta": "PORTA PRÉVUE LE",
    "porta prevue": "PORTA PRÉVUE LE",
    "portabilite prevue le": "PORTA PRÉVUE LE",
    "heures": "HEURE",
    "technicien": "NOM TECH",
    "nom technicien": "NOM TECH",
    "nom du tech": "NOM TECH",
    "nom du technicien": "NOM TECH",
    "nom du cp": "NOM CP",
    "cp": "NOM CP",
    "status": "STATUT",
    "statuts": "STATUT",
    "commentaire planif": "COMMENTAIRES PLANIF",
    "commentaires planification": "COMMENTAIRES PLANIF",
    "commentaires": "COMMENTAIRES PLANIF",
    "commentaire": "COMMENTAIRES PLANIF",
    "materiel": "MATÉRIEL REÇU",
    "materiels recus": "MATÉRIEL REÇU",
    "chrono": "N° CHRONO",
    "info facturation": "INFOS FACTURATION",
    "infos factu": "INFOS FACTURATION",
    "facturation": "INFOS FACTURATION",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the headers stand: the line's index in its sheet (from 0), columns by header, the others by name."""

    index: int
    known: dict[str, int]
    extra: dict[int, str]


def find_columns(lines: Sequence[Sequence[str]], place: str) -> Columns | None:
    """The board's columns among a sheet's first lines, ``None`` when no line looks like the headers.

    ``place`` names the sheet or the file in the refusals: a required column is missing, a header stands twice.
    """
    best, score = -1, 0
    for index, line in enumerate(lines[:SEARCH_DEPTH]):
        headers = {header for cell in line if (header := _header(cell))}
        # The two that a board needs are enough: with them a line ranks as one that has three others.
        found = max(len(headers), _ENOUGH) if headers.issuperset(REQUIRED) else len(headers)
        if found > score:
            best, score = index, found
    if score < _ENOUGH:
        return None
    return _columns(best, lines[best], place)


def repeats_headers(line: Sequence[str], columns: Columns) -> bool:
    """Whether a line is the headers again, as when two boards were pasted one under the other."""
    filled = [(h, line[i]) for h, i in columns.known.items() if i < len(line) and line[i].strip()]
    return len(filled) >= min(_ENOUGH, len(columns.known)) and all(_header(cell) == header for header, cell in filled)


def stands_apart(name: str) -> bool:
    """Whether a column of that name beside the board's 14 is read as another column."""
    return bool(name.strip()) and key_of(name) not in _EXACT


def _header(cell: str) -> str | None:
    if len(cell) > 60:  # noqa: PLR2004  a sentence, not a header: spare the folding
        return None
    key = key_of(cell)
    return _EXACT.get(key) or _LOOSE.get(key)


def _columns(index: int, line: Sequence[str], place: str) -> Columns:
    places: dict[str, list[int]] = {}
    for table in (_EXACT, _LOOSE):  # a header to the letter wins over one that is only close to it
        close: dict[str, list[int]] = {}
        for column, cell in enumerate(line):
            header = table.get(key_of(cell)) if len(cell) <= 60 else None  # noqa: PLR2004
            if header is not None and header not in places:
                close.setdefault(header, []).append(column)
        places |= close
    for header, columns in places.items():
        if len(columns) > 1:
            where = " et ".join(column_name(c) for c in columns)
            sentence = (
                f"{place} : la colonne « {header} » figure {len(columns)} fois (colonnes {where}) ; "
                "renommez celles qui ne sont pas à lire"
            )
            raise ImportRejected(sentence)
    missing = [header for header in REQUIRED if header not in places]
    if missing:
        names = " et ".join(f"« {header} »" for header in missing)
        sentence = f"{place} : il manque la colonne {names} ; ajoutez-la, ou vérifiez son en-tête"
        raise ImportRejected(sentence)
    known = {header: places[header][0] for header in HEADERS if header in places}
    return Columns(index, known, _extra_names(line, set(known.values())))


def _extra_names(line: Sequence[str], taken: set[int]) -> dict[int, str]:
    names: dict[int, str] = {}
    for column, cell in enumerate(line):
        if column in taken:
            continue
        name = " ".join(cell.split()) or f"colonne {column_name(column)}"
        names[column] = name if name not in names.values() else f"{name} (colonne {column_name(column)})"
    return names


def column_name(column: int) -> str:
    """The letters a spreadsheet shows for a column; 0 is A.

    >>> column_name(0), column_name(27), column_name(16383)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
