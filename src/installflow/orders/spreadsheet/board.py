"""A board read from a file: its lines as typed, and everything that was left aside, with the reason."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from installflow.errors import ImportRejected
from installflow.orders.spreadsheet.headers import Columns, column_name, repeats_headers
from installflow.orders.spreadsheet.row import RawRow, Remark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_ROWS = 100_000
CELL_REFUSED = 131_072
"""A cell longer than this many characters is no cell typed by anyone: the file is refused."""


_COMMENT = "note sur la cellule, pas dans la commande : « {text} » ; recopiez-la en COMMENTAIRES PLANIF si elle compte"
_CLIENT_MERGED = (
    "CLIENT est fusionné avec la ligne {row} (« {above} ») : une ligne est une commande ; un passage de plus "
    "s'enregistre par « installflow record COMMANDE planifier_rdv extra=oui date=… », une autre commande se tape ici "
    "avec son CLIENT"
)
_MERGED = "{header} est fusionné avec la ligne {row} (« {above} »), qui l'a seule : défusionnez et retapez-le ici"


@dataclass(frozen=True, slots=True)
class Skipped:
    """Consecutive lines left aside for one reason (``ligne vide``, ``en-tête répété``)."""

    line: int
    reason: str
    last: int
    sheet: str = ""

    @property
    def count(self) -> int:
        """How many lines that makes."""
        return self.last - self.line + 1


@dataclass(frozen=True, slots=True)
class IgnoredSheet:
    """A sheet of the workbook that was not read, and why."""

    name: str
    reason: str
    board: bool = False
    """Whether it has the headers all the same."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where one sheet keeps the board: what turns a line and a header into a cell again."""

    sheet: str
    header_row: int
    """The headers' own row, 1 being the sheet's first; our line 1."""
    columns: dict[str, int]
    """Column by header, 0 being A."""


@dataclass(frozen=True, slots=True)
class Board:
    """A planning board as typed.

    A line's number is its place under its sheet's headers, which are line 1: titles above them shift nothing. In a
    CSV file a line is a record: a cell with line breaks in it counts once.
    """

    rows: tuple[RawRow, ...]
    skipped: tuple[Skipped, ...] = ()
    ignored_sheets: tuple[IgnoredSheet, ...] = ()
    layouts: tuple[Layout, ...] = ()
    extract: frozenset[str] | None = None
    """The ids of the orders that were in it, when it is our own filtered export: it never had the others."""


@dataclass(slots=True)
class SheetReader:
    """Turns a sheet's lines into rows, one by one, given its columns."""

    columns: Columns
    sheet: str = ""
    rows: list[RawRow] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    _line: int = 1

    def take(
        self, line: Sequence[str], notes: Sequence[tuple[int, str]] = (), shown: Mapping[int, str] | None = None
    ) -> None:
        """The next line; ``notes`` are remarks on columns by index, ``shown`` what formulas showed."""
        self._line += 1
        if not any(line) or not any(cell.strip() for cell in line):
            self._skip("ligne vide")
            return
        cells = {h: line[i] if i < len(line) else "" for h, i in self.columns.known.items()}
        if not any(cell.strip() for cell in cells.values()):
            self._skip("aucune des colonnes du planning n'est remplie")
            return
        if repeats_headers(line, self.columns):
            self._skip("en-tête répété")
            return
        if len(self.rows) >= MAX_ROWS:
            sentence = f"le fichier a plus de {MAX_ROWS} lignes ; découpez-le, par exemple par année"
            raise ImportRejected(sentence)
        known = set(self.columns.known.values())
        names = self.columns.extra
        extra = {
            names.get(i) or f"colonne {column_name(i)}": cell
            for i, cell in enumerate(line)
            if cell and i not in known and cell.strip()
        }
        headers = {i: h for h, i in self.columns.known.items()}
        remarks = tuple(
            Remark(self._line, headers[i], line[i], message, self.sheet) for i, message in notes if i in headers
        )
        results = {headers[i]: text for i, text in shown.items() if i in headers} if shown else {}
        row = self.columns.index + self._line
        self.rows.append(RawRow(self._line, cells, extra, None, self.sheet, remarks=remarks, row=row, shown=results))

    def see_comments(self, comments: Mapping[int, Sequence[tuple[int, str]]]) -> None:
        """Remarks the comments on cells, by row and column of the sheet: they are no cells' texts."""
        headers = {i: h for h, i in self.columns.known.items()} | self.columns.extra
        for place, row in enumerate(self.rows if comments else ()):
            told = [
                Remark(row.line, headers[i], row.cells.get(headers[i], ""), _COMMENT.format(text=text), self.sheet)
                for i, text in comments.get(row.row, ())
                if i in headers
            ]
            if told:
                self.rows[place] = replace(row, remarks=(*row.remarks, *told))

    def see_merged(self, ranges: Mapping[int, Sequence[tuple[int, int]]]) -> None:
        """Tells blank cells that Excel shows merged into one above; by column, first and last rows, in order."""
        texts = {row.row: row.cells for row in self.rows} if ranges else {}
        for header, column in self.columns.known.items():
            if not (spans := ranges.get(column)):
                continue
            starts = [first for first, _ in spans]
            for place, row in enumerate(self.rows):
                at = bisect_right(starts, row.row) - 1
                if at < 0 or not starts[at] < row.row <= spans[at][1] or row.cells[header].strip():
                    continue
                first = starts[at]
                above = " ".join(texts.get(first, {}).get(header, "").split())[:60]
                if header == "CLIENT":
                    self.rows[place] = replace(row, aside=_CLIENT_MERGED.format(row=first, above=above))
                elif above:
                    message = _MERGED.format(header=header, row=first, above=above)
                    remark = Remark(row.line, header, "", message, self.sheet)
                    self.rows[place] = replace(row, remarks=(*row.remarks, remark))

    @property
    def layout(self) -> Layout:
        """Where this sheet keeps the board."""
        return Layout(self.sheet, self.columns.index + 1, self.columns.known)

    def _skip(self, reason: str) -> None:
        before = self.skipped[-1] if self.skipped else None
        if before and before.reason == reason and before.last == self._line - 1:
            self.skipped[-1] = Skipped(before.line, reason, self._line, self.sheet)
        else:
            self.skipped.append(Skipped(self._line, reason, self._line, self.sheet))
