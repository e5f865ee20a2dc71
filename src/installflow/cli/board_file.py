"""`installflow import`: a planner's spreadsheet taken over, or taken up again."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from installflow.cli.columns import show_remark
from installflow.cli.commands import command
from installflow.cli.moments import day_said
from installflow.cli.session import Session
from installflow.cli.writing import screen, warn, write, write_json
from installflow.errors import Invalid
from installflow.orders.spreadsheet.dates import YEARS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from installflow.importing import ImportInterrupted, ImportReport
    from installflow.orders.spreadsheet import Remark

ABSENT_SHOWN = 10
"""How many orders that the file has not are listed: they come before what there is to read."""

SHOWN = 20
"""How many warnings a terminal shows; a pipe gets them all, and so does --report."""

COUNTS = (
    ("created", "créée(s)"),
    ("updated", "modifiée(s)"),
    ("unchanged", "inchangée(s)"),
    ("skipped", "ligne(s) laissée(s) de côté"),
    ("absent", "absente(s) du fichier, gardée(s)"),
    ("conflicts", "conflit(s)"),
)


@command(
    "import",
    "Importer de nouveau le même fichier n'enregistre rien ; ce qui n'a pas pu être lu reste tel que saisi et est "
    "signalé. Interrompu, il suffit de relancer.",
)
@click.argument("file", metavar="FICHIER")
@click.option("--base", metavar="FICHIER", help="le fichier d'où partait celui-ci, pour savoir ce qui y a changé")
@click.option("--dry-run", is_flag=True, help="tout lire et décider sans rien enregistrer")
@click.option(
    "--today", metavar="JOUR", help="le jour du fichier, pour lire « lundi » ou « 12/10 » (défaut : aujourd'hui)"
)
@click.option("--report", metavar="FICHIER.xlsx", help="le même fichier, avec les remarques sur ses cellules")
@click.pass_obj
def import_command(
    session: Session, *, file: str, base: str | None, dry_run: bool, today: str | None, report: str | None
) -> None:
    """Take a planning board over, and report what could not be read."""
    from installflow.importing import ImportInterrupted, import_board  # noqa: PLC0415  # openpyxl is slow to load

    actor = session.actor()
    if report:
        from installflow.orders.spreadsheet.report import refuse_place  # noqa: PLC0415  # as above

        refuse_place(file, report)  # before anything is recorded
    try:
        with session.trying(dry_run=dry_run) as flow, _progress(shown=not session.json) as progress:
            done = import_board(
                flow,
                Path(file),
                by=actor,
                today=_day_of_the_file(today, flow.today_is),
                base=Path(base) if base else None,
                dry_run=dry_run,
                progress=progress,
            )
    except ImportInterrupted as interrupted:
        warn(_interrupted(interrupted, dry_run=dry_run))
        raise
    session.recorded = not dry_run
    if report:
        from installflow.orders.spreadsheet.report import write_report  # noqa: PLC0415  # as above

        write_report(file, [*done.remarks, *done.absences], report)
    if session.json:
        write_json(done.as_json())
        return
    show_import(done, Path(file).name, dry_run=dry_run, most=session.remarks)
    if report:
        write(f"les remarques sont dans {report}")


def _day_of_the_file(text: str | None, today: dt.date) -> dt.date | None:
    """The day a file is read on, however it is said; raises `Invalid`."""
    day = day_said(text, today)
    if day and day.year not in YEARS:
        msg = f"--today {day.isoformat()} : une année de {YEARS[0]} à {YEARS[-1]}, comme les dates d'un planning"
        raise Invalid(msg)
    return day


def show_import(done: ImportReport, name: str, *, dry_run: bool = False, most: int | None = None) -> None:
    """What an import did, and what it warns about."""
    counts = done.as_json()
    told = ", ".join(f"{_count(counts[key])} {words}" for key, words in COUNTS if _count(counts[key]))
    trial = " (essai : rien n'est enregistré)" if dry_run else ""
    write(Text(f"{name} : {counts['rows']} ligne(s) lue(s){trial}", style="bold"), f"  {told or 'rien à faire'}")
    console, most = screen(), most or (SHOWN if sys.stdout.isatty() else None)
    _lines(console, done, most)
    if not done.remarks:
        return
    news = done.news
    if news:
        console.print(f"\n{len(news)} remarque(s)", style="bold yellow")
    for remark in news[:most]:
        urgent = remark in done.urgent
        show_remark(console, _said(remark, done), mark="✗" if urgent else "⚠", style="bold red" if urgent else "yellow")
    if len(news) > len(news[:most]):
        left = len(news) - len(news[:most])
        console.print(f"  … et {left} autres (--report FICHIER.xlsx les montre toutes)", style="dim")
    if before := len(done.remarks) - len(news):
        console.print(
            f"  {before} remarque(s) sur des lignes inchangées, déjà dites (--report ou --json les donne)", style="dim"
        )


def _lines(console: Console, done: ImportReport, most: int | None) -> None:
    """Which lines were created or changed, and which orders the file has not; a first import is all creations."""
    told = [("~", one, ", ".join(one.what)) for one in done.updated_lines]
    if done.updated or done.unchanged:
        told = [*(("+", one, "créée") for one in done.created_lines), *told]
    changed = [(mark, f"{done.place(one.line, one.sheet)}, {one.client} : {what}") for mark, one, what in told]
    for mark, said in changed[:most]:
        show_remark(console, said, mark=mark, style="")
    if left := len(changed) - len(changed[:most]):
        console.print(f"  … et {left} autres", style="dim")
    for row in done.absent_orders[:ABSENT_SHOWN]:
        show_remark(console, f"{row.client} ({row.partner or 'sans partenaire'}) : absente", mark="-", style="")
    if (left := len(done.absent_orders) - ABSENT_SHOWN) > 0:
        absent = "autre absente" if left == 1 else "autres absentes"
        console.print(f"  … et {left} {absent} (--report FICHIER.xlsx les donne toutes)", style="dim")


def _interrupted(interrupted: ImportInterrupted, *, dry_run: bool) -> str:
    """What is recorded of an import stopped from the keyboard, and how to finish it."""
    if dry_run:
        return "interrompu : c'était un essai, rien n'est enregistré"
    some, count = "" if interrupted.exact else "au moins ", interrupted.recorded
    plural = "s" if count > 1 else ""
    return (
        f"interrompu : {some}{count} ligne{plural} enregistrée{plural} ; relancer la même commande pour finir, "
        "elle n'enregistrera que le reste"
    )


def _count(value: Any) -> int:
    return value if isinstance(value, int) else len(value)


def _said(remark: Remark, done: ImportReport) -> str:
    typed = " ".join(remark.value.split())
    value = f" « {typed} »" if typed and typed not in remark.message else ""
    column = f", {remark.column}" if remark.column else ""
    return f"{done.place(remark.line, remark.sheet)}{column}{value} : {remark.message}"


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on a terminal, and nothing elsewhere."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  # only here
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("lecture du planning"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
