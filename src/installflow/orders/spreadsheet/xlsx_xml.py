"""The XML of a workbook's parts, measured as it streams by, before anything builds it in memory."""

from __future__ import annotations

import contextlib
import posixpath
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ELEMENTS = 12_000_000
"""All the elements of a workbook; 100,000 lines of a board make about five million."""
MAX_PIECES = 2_500_000
"""Lines and shared texts: each leaves a little in memory once read."""
MAX_PIECE = 250_000
"""Elements read as one whole: a line of 16,384 cells has 50,000."""
MAX_PIECE_SIZE = 16 * 1024 * 1024
"""What is read as one whole costs twenty times its size in memory."""
_DIGITS = 12
_CHUNK = 256 * 1024
_BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_STREAMED = {"worksheet": "worksheet", "sst": "sharedStrings"}
"""The two parts that are read piece by piece, by their root: what the rest of the workbook must call them."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_READ_WHOLE = frozenset({"styles.xml", "workbook.xml", "theme1.xml", "core.xml", "custom.xml", "[content_types].xml"})


class Outsized(Exception):
    """The part would not fit in memory."""


class HasEntities(Exception):
    """The part declares entities."""


class Misplaced(Exception):
    """A line stands above the one before it: openpyxl would leave it out in silence."""


@dataclass(slots=True)
class Measures:
    """What the parts measured so far come to, and how they speak of one another."""

    elements: int = 0
    pieces: int = 0
    streamed: dict[str, str] = field(default_factory=dict)
    """Large parts that only fit when read piece by piece, by file name, with what they must be called."""
    called: list[tuple[str, str]] = field(default_factory=list)
    """File names, and what a relation or a content type calls them."""

    def check_roles(self) -> None:
        """Refuses a large part that something calls otherwise: it would be read as one whole."""
        for name, role in self.streamed.items():
            calls = [call for called, call in self.called if called == name]
            if name in _READ_WHOLE or any(call != role for call in calls):
                raise Outsized

    def measure(self, name: str, file: IO[bytes]) -> None:
        """Read a part through; what is no XML, or stops being it, is left where the real reading stops too.

        Parts are told by what they hold, not by their names: openpyxl finds them by their content types.
        """
        start = file.read(_CHUNK)
        if start.lstrip(_BLANK)[:1] in {b"", b"<"}:
            _Part(self, name).read(start, file)


@dataclass(slots=True)
class _Part:
    measures: Measures
    name: str
    root: str = ""
    whole: bool = False
    """Whether it is read as one whole; the others are read piece by piece."""
    depth: int = 0
    piece: int = 0
    """Elements of the piece under way; ``kept``: of those before that stay in memory; ``elements``: of them all."""
    kept: int = 0
    elements: int = 0
    pieces: int = 0
    start: int = 0
    """Where the piece under way begins."""
    line: int = 0
    freed: bool = False
    """Whether the piece under way is forgotten once read."""
    in_lines: bool = False
    free: tuple[int, str] = (0, "")
    """The depth and the name of what is forgotten once read."""
    parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)

    def read(self, start: bytes, file: IO[bytes]) -> None:
        parser = self.parser
        parser.StartElementHandler, parser.EndElementHandler = self._opened, self._closed
        parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = self._doctype, _entity
        fed = 0
        with contextlib.suppress(expat.ExpatError):
            for chunk in _chunks(start, file):
                fed += len(chunk)
                parser.Parse(chunk, False)
                self._check(fed)
        self._check(fed)
        self.measures.elements += self.elements + self.piece
        self.measures.pieces += self.pieces
        if not self.whole and self.root and (self.elements + self.piece > MAX_PIECE or fed > MAX_PIECE_SIZE):
            self.measures.streamed[_file_name(self.name)] = _STREAMED[self.root]

    def _check(self, fed: int) -> None:
        if (
            self.kept + self.piece > MAX_PIECE
            or fed - self.start > MAX_PIECE_SIZE + _CHUNK
            or self.measures.elements + self.elements + self.piece > MAX_ELEMENTS
            or self.measures.pieces + self.pieces > MAX_PIECES
        ):
            raise Outsized

    # These two run for each of a million elements: what the top of the tree alone needs stands apart.
    def _opened(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth = depth = self.depth + 1
        self.piece += 1
        if depth <= 3:  # noqa: PLR2004  where lines stand
            self._near_top(depth, tag, attributes)

    def _closed(self, _tag: str) -> None:
        self.depth -= 1

    def _near_top(self, depth: int, tag: str, attributes: dict[str, str]) -> None:
        if depth == 1:
            prefix, colon, self.root = tag.rpartition(":")
            self.whole = self.root not in _STREAMED or attributes.get(f"xmlns{colon}{prefix}") != _MAIN
            self.free = (2, f"{prefix}{colon}si") if self.root == "sst" else (3, f"{prefix}{colon}row")
        elif not self.whole and (depth == 2 or self.in_lines):  # noqa: PLR2004  a shared text, a part of a sheet, a line
            self._next_piece(depth, tag, attributes)
        elif depth == 2:  # noqa: PLR2004
            self._note(_local(tag), attributes)

    def _next_piece(self, depth: int, tag: str, attributes: dict[str, str]) -> None:
        if self.piece > MAX_PIECE:
            raise Outsized
        self.elements += self.piece - 1
        self.kept += 0 if self.freed else self.piece - 1
        self.piece, self.start = 1, self.parser.CurrentByteIndex
        self.pieces += 1
        # openpyxl forgets lines and shared texts as it goes, and keeps whatever it does not know by this very name.
        known = not any(name.startswith("xmlns") for name in attributes)
        self.freed = known and (depth, tag) == self.free
        if depth == 2:  # noqa: PLR2004
            self.line = 0
            self.in_lines = known and _local(tag) == "sheetData"
        elif self.freed:
            self.line = _number(attributes.get("r"), self.line)

    def _doctype(self, *_: object) -> None:
        if not self.name.endswith(".bin"):  # a Mac's printer settings are such a document, and declare nothing
            raise HasEntities

    def _note(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            call = attributes.get("Type", "").rpartition("/")[2]
            self.measures.called.append((_file_name(attributes.get("Target", "")), call))
        elif tag == "Override":
            call = attributes.get("ContentType", "").rpartition(".")[2].removesuffix("+xml")
            self.measures.called.append((_file_name(attributes.get("PartName", "")), call))


def _entity(*_: object) -> None:
    raise HasEntities


def _chunks(start: bytes, file: IO[bytes]) -> Iterator[bytes]:
    chunk = start
    while chunk:
        yield chunk
        chunk = file.read(_CHUNK)


def _number(given: str | None, last: int) -> int:
    """The line's number: the one it gives, or the next."""
    if given is None or not given.lstrip("-").isdecimal():  # openpyxl refuses what is no number
        return last + 1
    if int(given[:_DIGITS]) <= last:
        raise Misplaced
    return int(given[:_DIGITS])


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _file_name(path: str) -> str:
    return posixpath.basename(posixpath.normpath(path)).casefold()
