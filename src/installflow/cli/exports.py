"""`--csv` and `--xlsx`: a screen written to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from installflow.cli.writing import write

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

    from installflow.orders import BoardRow, TodayItem

    Value = str | dt.date | None


def file_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--csv`` and ``--xlsx``."""
    xlsx = click.option("--xlsx", "xlsx_file", metavar="FICHIER", help="l'écrire dans un classeur Excel")
    csv = click.option("--csv", "csv_file", metavar="FICHIER", help="l'écrire dans un fichier .csv (;)")
    return csv(xlsx(function))


def write_board_files(
    csv_file: str | None, xlsx_file: str | None, rows: Sequence[BoardRow], today: dt.date, items: Sequence[TodayItem]
) -> list[str]:
    """Write the board with its 14 headers; answers the files written."""
    from installflow.exporting import export_board  # noqa: PLC0415  # only when a file is asked for

    if csv_file:
        export_board(rows, csv_file, today=today, kind="csv")
    if xlsx_file:
        export_board(rows, xlsx_file, today=today, agenda=items, kind="xlsx")
    return [name for name in (csv_file, xlsx_file) if name]


def write_table_files(
    csv_file: str | None, xlsx_file: str | None, title: str, headers: Sequence[str], rows: Iterable[Sequence[Value]]
) -> list[str]:
    """Write a plain table; answers the files written."""
    from installflow.orders.spreadsheet.tables import write_table_csv, write_table_xlsx  # noqa: PLC0415

    kept = list(rows)
    if csv_file:
        write_table_csv(csv_file, headers, kept)
    if xlsx_file:
        write_table_xlsx(xlsx_file, title, headers, kept)
    return [name for name in (csv_file, xlsx_file) if name]


def tell_files(files: Sequence[str], count: int, what: str) -> None:
    """Say what was written where."""
    for name in files:
        write(f"{count} {what} dans {name}")
