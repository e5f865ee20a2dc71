"""The XML of a workbook's parts, measured as it streams by, before anything builds it in memory."""

from __future__ import annotations

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

    def read(self, start: bytes, file: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        depth = elements = piece = piece_start = pieces = kept = 0
        freed = in_lines = whole = False
        free: dict[int, str] = {}

        # These two run for each of a million elements: what the top of the tree alone needs stands apart.
        def opened(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth, piece
            depth += 1
            piece += 1
            if depth <= 3:  # noqa: PLR2004  where lines stand
                near_top(tag, attributes)

        def closed(_tag: str) -> None:
            nonlocal depth
            depth -= 1

        def near_top(tag: str, attributes: dict[str, str]) -> None:
            nonlocal elements, piece, piece_start, pieces, kept, freed, in_lines, whole
            if depth == 1:
                prefix, colon, self.root = tag.rpartition(":")
                whole = self.root not in _STREAMED or attributes.get(f"xmlns{colon}{prefix}") != _MAIN
                free.update({2: f"{prefix}{colon}si"} if self.root == "sst" else {3: f"{prefix}{colon}row"})
            elif not whole and (depth == 2 or in_lines):  # noqa: PLR2004  a shared text, a part of a sheet, a line
                if piece > MAX_PIECE:
                    raise Outsized
                elements += piece - 1
                kept += 0 if freed else piece - 1
                piece, piece_start = 1, parser.CurrentByteIndex
                pieces += 1
                # openpyxl forgets these two as it goes, and keeps whatever it does not know by this very name.
                freed = tag == free.get(depth) and not any(name.startswith("xmlns") for name in attributes)
                if depth == 2:  # noqa: PLR2004
                    in_lines = _local(tag) == "sheetData" and not any(name.startswith("xmlns") for name in attributes)
            elif depth == 2:  # noqa: PLR2004
                self._note(_local(tag), attributes)

        def doctype(*_: object) -> None:
            if not self.name.endswith(".bin"):  # a Mac's printer settings are such a document, and declare nothing
                raise HasEntities

        def entity(*_: object) -> None:
            raise HasEntities

        parser.StartElementHandler, parser.EndElementHandler = opened, closed
        parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = doctype, entity
        fed = 0
        try:
            for chunk in _chunks(start, file):
                fed += len(chunk)
                parser.Parse(chunk, False)
                if (
                    kept + piece > MAX_PIECE
                    or fed - piece_start > MAX_PIECE_SIZE + _CHUNK
                    or self.measures.elements + elements + piece > MAX_ELEMENTS
                    or self.measures.pieces + pieces > MAX_PIECES
                ):
                    raise Outsized
        except expat.ExpatError:
            pass
        elements += piece
        self.measures.elements += elements
        self.measures.pieces += pieces
        if not whole and (elements > MAX_PIECE or fed > MAX_PIECE_SIZE):
            self.measures.streamed[_file_name(self.name)] = _STREAMED[self.root]

    def _note(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            call = attributes.get("Type", "").rpartition("/")[2]
            self.measures.called.append((_file_name(attributes.get("Target", "")), call))
        elif tag == "Override":
            call = attributes.get("ContentType", "").rpartition(".")[2].removesuffix("+xml")
            self.measures.called.append((_file_name(attributes.get("PartName", "")), call))


def _chunks(start: bytes, file: IO[bytes]) -> Iterator[bytes]:
    chunk = start
    while chunk:
        yield chunk
        chunk = file.read(_CHUNK)


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _file_name(path: str) -> str:
    return posixpath.basename(posixpath.normpath(path)).casefold()
