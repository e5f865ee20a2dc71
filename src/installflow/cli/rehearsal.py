"""The board as it would be after commands that were only tried: what a rehearsal alerts is what the real one would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installflow.orders import PLANNING, archive
from installflow.orders.board import one_on_board
from installflow.workflow.reading import Line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from installflow.app import InstallFlow
    from installflow.orders import BoardRow, PlanningRow
    from installflow.receipt import Receipt


def rows_rehearsed(flow: InstallFlow, receipts: Iterable[Receipt]) -> dict[UUID, BoardRow]:
    """The rows on the board that the commands of these receipts would leave, all of them carried out."""
    changed: dict[UUID, PlanningRow] = {}
    for receipt in receipts:
        known = flow.projections.rows(PLANNING, [receipt.id])
        if not receipt.repeated and (known or receipt.version == 1):  # of an order no view can follow nothing is told
            row = PLANNING.fold(known[0] if known else None, receipt.recorded)
            changed |= {receipt.id: row} if row else {}
    numbers = archive.numbers_of(changed.values())
    lines = {row.id: Line.of(PLANNING, row.id, row) for row in flow.projections.archived(PLANNING, numbers)}
    lines |= {line.id: line for line in flow.projections.lines(PLANNING)}
    lines |= {one: Line.of(PLANNING, one, row) for one, row in changed.items()}
    shown = (one_on_board(one, lines.values(), flow.today_is, flow.parameters) for one in changed)
    return {board.id: board for board in shown if board}
