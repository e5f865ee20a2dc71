"""The rows under the titles of a table: each cell in its column, or said to be in none for certain."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from installflow.openip.portal.lines import Line, label_key
from installflow.openip.portal.placing import placed
from installflow.openip.portal.readers import is_action
from installflow.openip.portal.structure import Header, is_structure
from installflow.openip.unread import Unread
from installflow.openip.values import is_nothing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from installflow.openip.portal.layout import Field

_FEWEST = 3
"""A line of fewer filled cells is no row."""
_JOINED = 4
"""Over how many lines the cells of one row may go on."""
_TOTALS = frozenset({"total", "totaux"})


@dataclass(slots=True)
class TableRead:
    """What a table says: its rows as fields, its line of totals, and the sentences on both."""

    header: Header
    after: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    totals: dict[str, Any] | None = None
    remarks: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def read_table(lines: list[Line], header: Header) -> TableRead:
    """The rows under a header, up to what is no row of it any more."""
    read = TableRead(header, header.after)
    title = header.table.title
    read.remarks += [
        f"{title} : la colonne « {shown(name)} » n'est pas connue, elle n'est pas lue" for name in header.unknown
    ]
    if header.stacked:
        _read_stacked(lines, read)
    else:
        _read_rows(lines, read)
    return read


def is_totals(line: Line) -> bool:
    """Whether a line is that of the totals."""
    return bool(line.filled) and label_key(line.filled[0]) in _TOTALS


def _read_rows(lines: list[Line], read: TableRead) -> None:
    columns = read.header.columns
    at = read.header.after
    while at < len(lines):
        line = lines[at]
        if not line.filled:
            at += 1
            continue
        if read.header.table.totals and is_totals(line):
            _take_totals(line, read)
            read.after = at + 1
            return
        if is_structure(lines, at) or len(line.filled) < min(_FEWEST, len(columns)):
            break
        line, after = _joined(lines, at, columns)
        _take_row(line, read, doubtful=len(line.cells) < len(columns) and _may_go_on(lines, after))
        at = read.after = after


def _joined(lines: list[Line], at: int, columns: Sequence[Field | None]) -> tuple[Line, int]:
    """The row that begins at a line, with the next lines where a cell of it goes on over them."""
    line = lines[at]
    if not line.placed or len(line.cells) >= len(columns):
        return line, at + 1
    cells = list(line.cells)
    for after in range(at + 1, min(at + _JOINED, len(lines))):
        more = lines[after].cells
        if not more or is_totals(lines[after]) or len(cells) + len(more) - 1 > len(columns):
            break
        if is_structure(lines, after) or (columns[0] and columns[0].kind.fits(more[0]) and len(more) > 1):
            break
        cells = [*cells[:-1], f"{cells[-1]} {more[0]}".strip(), *more[1:]]
        if len(cells) == len(columns) and all(map(_sound, cells, columns)):
            return Line(tuple(cells), placed=True), after + 1
    return line, at + 1


def _sound(cell: str, column: Field | None) -> bool:
    return not cell or column is None or not column.kind.strict or column.kind.fits(cell)


def _may_go_on(lines: list[Line], after: int) -> bool:
    """Whether the last cell of a short row may have been cut: the text ends there, or goes on with no row."""
    if after < len(lines) and lines[after].filled:
        following = lines[after]
        return len(following.filled) < _FEWEST and not (is_totals(following) or is_structure(lines, after))
    return not any(line.filled for line in lines[after : after + 50])


def _take_row(line: Line, read: TableRead, *, doubtful: bool = False) -> None:
    columns = read.header.columns
    title = read.header.table.title
    number = len(read.rows) + 1
    if read.header.table.name == "overall":
        read.remarks.append(f"{title} : une ligne qui n'est pas « Totaux » n'est pas lue")
        return
    cells = list(line.cells) if line.placed else list(line.filled)
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > len(columns):
        read.missing.append(f"{title}, ligne {number} : plus de cases que de titres, elle n'est pas lue ; recopiez-la")
        return
    pairs: dict[int, str] | None
    if line.placed:
        pairs = {i: cell for i, cell in enumerate(cells) if cell}
    else:
        pairs = placed(cells, columns)
        if pairs is None or len(pairs) < len(cells):
            read.missing.append(
                f"{title}, ligne {number} : des cases n'ont pas de place certaine, elles ne sont pas lues"
            )
    if not pairs:
        return
    last = max(pairs)
    if doubtful and (column := columns[last]) and column.name and not column.kind.strict:
        del pairs[last]
        read.missing.append(f"{title}, ligne {number} : elle est coupée ; recopiez la page entière")
    _take(pairs, read, number)


def _take(pairs: dict[int, str], read: TableRead, number: int) -> None:
    """Add a row of the cells whose column is certain, if one of them says something."""
    where = f"{read.header.table.title}, ligne {number}"
    row = dict(_values(pairs, read.header.columns, where, read.remarks))
    if row:
        read.rows.append(row)


def _values(
    pairs: dict[int, str], columns: Sequence[Field | None], where: str, remarks: list[str]
) -> Iterator[tuple[str, Any]]:
    for index, cell in sorted(pairs.items()):
        column = columns[index]
        if column is None or not column.name:
            continue
        try:
            yield column.name, column.kind.read(cell)
        except Unread as why:
            remarks.append(f"{where} : {column.label} « {shown(cell)} » {why} ; la valeur n'est pas lue")


def _take_totals(line: Line, read: TableRead) -> None:
    columns = read.header.columns
    title = read.header.table.title
    totalled = [i for i, column in enumerate(columns) if column and column.kind.strict and column.name != "delivery"]
    if line.placed and len(line.cells) == len(columns):
        pairs = {i: line.cells[i] for i in totalled if line.cells[i]}
    elif len(line.filled) - 1 == len(totalled):
        pairs = dict(zip(totalled, line.filled[1:], strict=True))
    else:
        read.missing.append(f"{title} : la ligne « Totaux » n'a pas ses {len(totalled)} montants, elle n'est pas lue")
        return
    read.totals = dict(_values(pairs, columns, f"{title}, totaux", read.remarks))


def _read_stacked(lines: list[Line], read: TableRead) -> None:
    """Rows whose cells stand one a line: cut where a row of that table begins, or after the button that ends it."""
    table, columns = read.header.table, read.header.columns
    first = columns[0]
    chunk: list[str] = []
    at = read.header.after
    while at < len(lines):
        line = lines[at]
        if not line.filled:
            at += 1
            continue
        if table.totals and is_totals(line):
            _take_chunk(chunk, read)
            read.after = _stacked_totals(lines, at, read)
            return
        if len(line.filled) > 1 or is_structure(lines, at):
            break
        cell = line.alone
        if not table.ends_with_action and first and first.kind.fits(cell) and not is_nothing(cell):
            _take_chunk(chunk, read)
            chunk = []
        chunk.append(cell)
        at += 1
        if table.ends_with_action and is_action(cell):
            _take_chunk(chunk, read)
            chunk = []
        read.after = at
    if table.ends_with_action:
        if _has_values(chunk, columns):
            read.missing.append(f"{table.title} : la dernière ligne est coupée, elle n'est pas lue")
    else:
        _take_chunk(chunk, read, last=True)


def _take_chunk(chunk: list[str], read: TableRead, *, last: bool = False) -> None:
    if not chunk:
        return
    columns = read.header.columns
    title = read.header.table.title
    number = len(read.rows) + 1
    cells = chunk[: len(columns)]
    if not last and len(chunk) > len(columns):
        cells = []
    pairs = placed(cells, columns)
    while last and cells and pairs is None:
        cells.pop()
        pairs = placed(cells, columns)
    if not pairs:
        read.missing.append(f"{title}, ligne {number} : ses cases n'ont pas de place certaine, elle n'est pas lue")
        return
    left = chunk[len(cells) :]
    if len(pairs) < len(cells) or _has_values(left, columns):
        read.missing.append(f"{title}, ligne {number} : des cases n'ont pas de place certaine, elles ne sont pas lues")
    _take(pairs, read, number)


def _has_values(cells: Sequence[str], columns: Sequence[Field | None]) -> bool:
    """Whether one of the cells is a date or an amount, which no line beside a table is."""
    return any(column and column.kind.strict and column.kind.fits(cell) for cell in cells for column in columns)


def _stacked_totals(lines: list[Line], at: int, read: TableRead) -> int:
    columns = [column for column in read.header.columns if column and column.kind.strict and column.name != "delivery"]
    cells: list[str] = [lines[at].alone]
    at += 1
    after = at
    while at < len(lines) and len(cells) <= len(columns):
        cell = lines[at].alone
        if cell and not columns[len(cells) - 1].kind.fits(cell):
            break
        at += 1
        if cell:
            cells.append(cell)
            after = at
        elif lines[at - 1].filled:
            break
    _take_totals(Line(tuple(cells)), read)
    return after


def shown(text: str) -> str:
    """The text short enough to stand in a sentence."""
    return text if len(text) <= 40 else text[:37] + "..."  # noqa: PLR2004
