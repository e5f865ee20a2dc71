"""The lines of a pasted text and their cells, whatever the browser, the editor or a copy of a copy made of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from installflow.errors import Invalid
from installflow.workflow.fields import is_storable
from installflow.workflow.spelling import key_of

TEXT_SIZE = 2_000_000
"""The longest text read, in characters: a list of ten thousand offers."""
LINE_SIZE = 20_000
"""A longer line is no line of the portal's: it is passed over."""
LABEL_SIZE = 80
"""A longer cell is no label, heading or column title."""

HOW = "dans MyOpenIP, ouvrez la page, sélectionnez tout (Ctrl+A), copiez (Ctrl+C) et collez le texte tel quel"
"""The way forward of every refusal."""

_BLANKS = dict.fromkeys(
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
)
_ENDS = dict.fromkeys("\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n")
_INVISIBLE = dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
_TIDIED = str.maketrans(_BLANKS | _ENDS | _INVISIBLE)
_MARKS = re.compile(r"</?(?:b|strong|i|em|u)>|\*\*", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]{0,200})\]\([^()]{0,500}\)")
_BULLET = re.compile(r"(?:#{1,6}|[•✓◇*-]) +(?![0-9])")
_GAP = re.compile(r" {2,}")
_RULE = re.compile(r":?-{2,}:?")


@dataclass(frozen=True)
class Line:
    """A line as its cells; ``placed`` when the place of a cell tells its column (a tab, or a bar, between them)."""

    cells: tuple[str, ...]
    placed: bool = False

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The cells that are not blank."""
        return tuple(cell for cell in self.cells if cell)

    @cached_property
    def key(self) -> str:
        """The key of the line's only cell; blank when it has none, or several, or is too long for a label."""
        return label_key(self.filled[0]) if len(self.filled) == 1 else ""

    @property
    def alone(self) -> str:
        """The text of the line's only cell; blank when it has none or several."""
        return self.filled[0] if len(self.filled) == 1 else ""


def label_key(cell: str) -> str:
    """The key under which a label or heading is looked up; blank for a text too long to be one."""
    return key_of(cell) if len(cell) <= LABEL_SIZE else ""


def checked(text: str) -> str:
    """The text with one kind of line end, blank and accent; raises `Invalid` for what is no pasted text at all."""
    if len(text) > TEXT_SIZE:
        msg = (
            f"le texte fait {len(text)} caractères, plus que n'en a une page de MyOpenIP (au plus {TEXT_SIZE}) : "
            "collez moins de pages à la fois"
        )
        raise Invalid(msg)
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TIDIED)
    if not text.strip():
        msg = f"le texte est vide : {HOW}"
        raise Invalid(msg)
    if not is_storable(text):
        msg = f"ce n'est pas un texte copié, il contient des caractères de contrôle : {HOW}"
        raise Invalid(msg)
    return unicodedata.normalize("NFC", text)


def lines_of(text: str) -> list[Line]:
    """Every line of a checked text, the blank ones included."""
    return [_line(line) for line in text.split("\n")]


def _line(line: str) -> Line:
    if not line or len(line) > LINE_SIZE:
        return Line(())
    if "<" in line or "**" in line:
        line = _MARKS.sub("", line)
    if "](" in line:
        line = _LINK.sub(r"\1", line)
    if "\t" in line:
        return Line(tuple(map(_tidy, line.split("\t"))), placed=True)
    line = line.strip(" ")
    if line.startswith("|") and line.endswith("|") and len(line) > 1:
        cells = tuple(map(_tidy, line[1:-1].split("|")))
        return Line(() if all(_RULE.fullmatch(cell) for cell in cells) else cells, placed=True)
    line = line[match.end() :] if (match := _BULLET.match(line)) else line
    return Line(tuple(filter(None, map(_tidy, _GAP.split(line)))))


def _tidy(cell: str) -> str:
    cell = " ".join(cell.split())
    if len(cell) > 2 and cell[0] == cell[-1] == "*":  # noqa: PLR2004  # slanted, in Markdown
        cell = cell[1:-1].strip()
    return cell
