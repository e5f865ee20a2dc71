"""`--csv` and `--xlsx`: a screen written to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from installflow.cli.writing import write
from installflow.orders.terms import HEADERS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

    from installflow.orders import BoardRow, TodayItem

    Value = str | dt.date | None


def file_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--csv``, ``--xlsx`` and ``--force``."""
    force = click.option("--force", is_flag=True, help="remplacer ce fichier même s'il n'est pas un export d'ici")
    xlsx = click.option("--xlsx", "xlsx_file", metavar="FICHIER", help="l'écrire dans un classeur Excel")
    csv = click.option("--csv", "csv_file", metavar="FICHIER", help="l'écrire dans un fichier .csv (;)")
    return csv(xlsx(force(function)))


def write_board_files(
    csv_file: str | None,
    xlsx_file: str | None,
    rows: Sequence[BoardRow],
    today: dt.date,
    items: Sequence[TodayItem],
    *,
    force: bool,
    extract: bool,
) -> list[str]:
    """Write the board with its 14 headers; answers the files written."""
    from installflow.exporting import export_board  # noqa: PLC0415  # only when a file is asked for

    _spare_others((csv_file, xlsx_file), HEADERS, force=force)
    if csv_file:
        export_board(rows, csv_file, today=today, kind="csv")
    if xlsx_file:
        export_board(rows, xlsx_file, today=today, agenda=items, kind="xlsx", extract=extract)
    return [name for name in (csv_file, xlsx_file) if name]


def write_table_files(
    csv_file: str | None,
    xlsx_file: str | None,
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    force: bool,
) -> list[str]:
    """Write a plain table; answers the files written."""
    from installflow.orders.spreadsheet.tables import write_table_csv, write_table_xlsx  # noqa: PLC0415

    kept = list(rows)
    _spare_others((csv_file, xlsx_file), headers, force=force)
    if csv_file:
        write_table_csv(csv_file, headers, kept)
    if xlsx_file:
        write_table_xlsx(xlsx_file, title, headers, kept)
    return [name for name in (csv_file, xlsx_file) if name]


def _spare_others(names: Iterable[str | None], headers: Sequence[str], *, force: bool) -> None:
    """Refuse, before anything is written, to replace files that are no exports."""
    if force or not any(names):
        return
    from installflow.orders.spreadsheet.ours import refuse_others  # noqa: PLC0415  # only when a file is asked for

    for name in filter(None, names):
        refuse_others(name, headers)


def tell_files(files: Sequence[str], count: int, what: str) -> None:
    """Say what was written where."""
    for name in files:
        write(f"{count} {what} dans {name}")
