"""Cells whose blank neighbours were lost on the way: which column each can be in, where only one will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from installflow.openip.portal.layout import Field


def placed(cells: Sequence[str], columns: Sequence[Field | None]) -> dict[int, str] | None:
    """The cells by column, of those that can stand in one column alone; `None` when they cannot all stand somewhere.

    The cells keep their order, any column may be blank. What is certain is what all the ways to place them share.
    """
    count, width = len(cells), len(columns)
    if count > width:
        return None
    if count == width and all(
        c is None or c.kind.free or c.kind.fits(cell) for cell, c in zip(cells, columns, strict=True)
    ):
        return dict(enumerate(cells))
    fits = [[column is None or column.kind.fits(cell) for column in columns] for cell in cells]
    # before[i][j]: the first i cells can stand in the first j columns; behind[i][j]: the others in the others.
    before = [[i == 0] * (width + 1) for i in range(count + 1)]
    for i in range(1, count + 1):
        for j in range(1, width + 1):
            before[i][j] = before[i][j - 1] or (before[i - 1][j - 1] and fits[i - 1][j - 1])
    behind = [[i == count] * (width + 1) for i in range(count + 1)]
    for i in range(count - 1, -1, -1):
        for j in range(width - 1, -1, -1):
            behind[i][j] = behind[i][j + 1] or (behind[i + 1][j + 1] and fits[i][j])
    if not before[count][width]:
        return None
    certain: dict[int, str] = {}
    for i, cell in enumerate(cells):
        ways = [j for j in range(width) if before[i][j] and fits[i][j] and behind[i + 1][j + 1]]
        if len(ways) == 1:
            certain[ways[0]] = cell
    return certain
