"""openpyxl's reader of workbooks, kept to what a board is read from: the texts and the lines of each sheet.

openpyxl hands XML to defusedxml, whose parser is written in Python and takes most of the time. `check_workbook` has
read every part before with the same expat and refused the file if one declares anything: what is streamed here goes to
the parser of the standard library, written in C.
"""

# ruff: noqa: SLF001 - as openpyxl's own readers do

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import iterparse

from openpyxl.cell.text import Text
from openpyxl.packaging.relationship import get_dependents
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import FORMULA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import COMMENTS_NS, SHARED_STRINGS, SHEET_MAIN_NS

from installflow.orders.spreadsheet.formula import Formula

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHARED = f"{{{SHEET_MAIN_NS}}}si"
_PLAIN = f"{{{SHEET_MAIN_NS}}}t"
_MERGED = f"{{{SHEET_MAIN_NS}}}mergeCell"
_AUTHOR = f"{{{SHEET_MAIN_NS}}}author"
_COMMENT = f"{{{SHEET_MAIN_NS}}}comment"


class Reader(ExcelReader):
    """Reads shared texts as they are: openpyxl drops every ``x005F_``, and what was escaped can no longer be told."""

    def read_strings(self) -> None:
        """Read the texts cells share."""
        package: Any = self.package
        if (part := package.find(SHARED_STRINGS)) is None:
            return
        with self.archive.open(part.PartName[1:]) as file:
            for _, node in iterparse(file):  # noqa: S314  see above
                if node.tag == _SHARED:
                    self.shared_strings.append(_text(node))
                    node.clear()

    def read_worksheets(self) -> None:
        """List the sheets, without reading them."""
        parser: Any = self.parser
        book: Any = self.wb
        for sheet, part in parser.find_sheets():
            if part.target not in self.valid_files:
                continue
            if "chartsheet" in part.Type:
                self.read_chartsheet(sheet, part)
                continue
            listed = Sheet(book, sheet.name, part.target, self.shared_strings)
            listed.sheet_state = sheet.state
            book._sheets.append(listed)


class Sheet(ReadOnlyWorksheet):
    """A sheet read line by line."""

    merged: list[str]
    """The ranges of merged cells (``B3:B4``): they stand under the lines, and are known once these are read."""

    def _get_size(self) -> None:
        """Leave out the size a sheet declares: it may be a lie, or its last possible cell, and is long to look for."""

    def lines(self) -> Iterator[tuple[Any, ...]]:
        """The values of each line up to its last cell; a line that is left out is empty."""
        sheet: Any = self  # what openpyxl keeps to itself has no types
        book: Any = self.parent
        following = 1
        self.merged = []
        with sheet._get_source() as source:
            parser = _Lines(
                source,
                sheet._shared_strings,
                data_only=book.data_only,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for number, cells in parser.by_line():
                for _ in range(following, number):
                    yield ()
                following = number + 1
                yield sheet._get_row(cells, values_only=True)
            self.merged = parser.merged

    def comments(self) -> Iterator[tuple[str, str, str]]:
        """Where each comment on a cell stands (``B3``), who wrote it, and its text."""
        sheet: Any = self
        archive = sheet.parent._archive
        names, relations = set(archive.namelist()), _relations_of(sheet._worksheet_path)
        for part in get_dependents(archive, relations).find(COMMENTS_NS) if relations in names else ():
            if part.target in names:
                with archive.open(part.target) as file:
                    yield from _comments(file)


class _Lines(WorkSheetParser):
    """Takes the lines and leaves all else a sheet declares: filters, drop-downs, widths."""

    merged: list[str]

    def by_line(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """The number and the cells of each line."""
        source: Any = self.source
        node: Any
        self.merged = []
        for _, node in iterparse(source):  # noqa: S314  see above
            tag = node.tag
            if tag == ROW_TAG:
                yield self.parse_row(node)
                node.clear()
            elif tag == _MERGED:
                self.merged.append(node.get("ref", ""))

    def parse_formula(self, element: Any) -> Formula:
        """Keep beside the formula what Excel showed of it."""
        parse: Any = super().parse_formula
        value = parse(element)
        text = value if isinstance(value, str) else str(getattr(value, "text", "") or "")
        column = self.col_counter
        element.remove(element.find(FORMULA_TAG))
        shown = self.parse_cell(element)["value"]
        self.col_counter = column
        return Formula(text, shown)


def _comments(file: Any) -> Iterator[tuple[str, str, str]]:
    authors: list[str] = []
    for _, node in iterparse(file):  # noqa: S314  see above
        if node.tag == _AUTHOR:
            authors.append(node.text or "")
        elif node.tag == _COMMENT:
            number = node.get("authorId", "")
            author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
            yield node.get("ref", ""), author, "".join(piece.text or "" for piece in node.iter(_PLAIN))
            node.clear()


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _text(node: Any) -> str:
    """A shared text; most are one piece, and openpyxl takes long to find what else it might be."""
    if len(node) == 1 and node[0].tag == _PLAIN:
        return node[0].text or ""
    text: Any = Text.from_tree(node)
    content: str = text.content
    return content
