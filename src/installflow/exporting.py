"""The planning board written to a file that planners work in and `import_board` reads back without a change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from installflow.errors import Invalid
from installflow.orders.board import typed_of
from installflow.orders.spreadsheet import AgendaLine, AlertLine, BoardLine, write_csv, write_xlsx

if TYPE_CHECKING:
    from installflow.orders import BoardRow, TodayItem


def export_board(
    rows: Iterable[BoardRow],
    path: str | Path,
    *,
    today: dt.date,
    agenda: Iterable[TodayItem] = (),
    kind: Literal["csv", "xlsx"] | None = None,
    extract: bool = False,
) -> None:
    """Write rows of the board under its 14 headers, then the planners' own columns, as ``.csv`` or ``.xlsx``.

    ``rows`` are what ``flow.planning()`` answers, ``agenda`` what ``flow.today()`` does: the workbook has a sheet for
    it, and colours the reminders due by ``today``. ``kind`` is the ending of the file's name unless it is given.
    ``extract`` says that ``rows`` were filtered: the import of that workbook tells no other order absent. What stands
    there already is replaced.
    Raises `Invalid` when the file cannot be written there, or as that.
    """
    kept, ending = list(rows), kind or Path(path).suffix.casefold().removeprefix(".")
    if ending == "csv":
        write_csv(path, [_line(board, today) for board in kept])
    elif ending == "xlsx":
        alerts = [_alert(board, alert) for board in kept for alert in board.alerts]
        items = [AgendaLine(i.section, i.client, i.partner, i.status.label, i.date, i.what) for i in agenda]
        lines = [_line(board, today) for board in kept]
        write_xlsx(path, lines, today=today, agenda=items, alerts=alerts, extract=extract)
    else:
        msg = f"« {Path(path).name} » : le planning s'écrit en .csv ou en .xlsx"
        raise Invalid(msg)


def _line(board: BoardRow, today: dt.date) -> BoardLine:
    due = not board.row.is_final and any(reminder.date <= today for reminder in board.row.reminders)
    row = board.row
    return BoardLine(str(row.id), board.cells, dict(typed_of(row)), due=due, alerts=board.alerts, extra=row.extra)


def _alert(board: BoardRow, alert: str) -> AlertLine:
    return AlertLine(board.row.client, board.row.partner, board.status.label, alert)
