"""`installflow db`: make a store's tables, bring them to today's format, check what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click
from rich.text import Text

from installflow.cli.columns import Column, Line, show_remark, show_table
from installflow.cli.commands import family
from installflow.cli.failures import sentence_of
from installflow.cli.place import place_of, without_password
from installflow.cli.session import Session
from installflow.cli.writing import screen, write, write_json
from installflow.errors import StoreUnavailable

if TYPE_CHECKING:
    from installflow.checking import Checked, ViewCount

FOUND = 1
"""The exit code of a check that found something."""

AMISS = frozenset(
    {
        *("store_corrupt", "store_failed", "store_not_a_database", "store_foreign", "store_older", "store_newer"),
        "store_incomplete",
    }
)
"""What is found of a store though it cannot even be opened; what keeps us from looking is said as ever."""

COLUMNS = (
    Column("VUE"),
    Column("ÉVÉNEMENTS", wraps=False),
    Column("REPRIS", wraps=False),
    Column("DE CÔTÉ", wraps=False),
    Column("MANQUANTS", wraps=False),
)


class Told(NamedTuple):
    """A finding as it is shown."""

    code: str
    where: str
    sentence: str


db_command = family(
    "db",
    "Une base SQLite se prépare d'elle-même au premier usage ; une base PostgreSQL demande « installflow db init » "
    "une fois, par quelqu'un qui a le droit d'y créer des tables.",
)


@db_command.declare(
    "init",
    "préparer une base : y créer les tables, si elles n'y sont pas",
    "Peut se répéter, et se lancer de plusieurs endroits à la fois : une base prête est laissée telle quelle.",
)
@click.pass_obj
def init_command(session: Session) -> None:
    """Make the tables of a store."""
    from installflow.app import InstallFlow  # noqa: PLC0415  # --help does not need it

    made = InstallFlow.init(session.url)
    if session.json:
        write_json({"made": made})
    else:
        place = place_of(session.url)
        write(f"✓ {place} est prête" if made else f"{place} était déjà prête : rien à faire")


@db_command.declare(
    "upgrade",
    "mettre une base au format de cette version",
    "Rend aussi les clés, index et fonctions qui manquent, après une restauration inachevée. Les événements ne "
    "changent pas ; les vues se reconstruisent à la première lecture. Sauvegarder la base et arrêter ce qui l'utilise "
    "d'abord : une version plus ancienne d'installflow ne la lira plus.",
)
@click.pass_obj
def upgrade_command(session: Session) -> None:
    """Bring a store to the format of this version."""
    from installflow.app import InstallFlow  # noqa: PLC0415  # as above

    before, after = InstallFlow.upgrade(session.url_in_use())
    if session.json:
        write_json({"before": before, "after": after})
        return
    place = place_of(session.url)
    if before == after:
        write(f"{place} est au format {after}, et rien ne lui manque")
    else:
        write(f"✓ {place} est passée du format {before} au format {after}")


@db_command.declare(
    "check",
    "vérifier une base : tout relire, et compter ce que chaque vue a repris",
    "Ne change rien. Code de sortie 0 quand tout va bien, 1 quand quelque chose est signalé, 4 quand il n'y a pas de "
    "base. Ce que dit chaque code, et quoi faire : docs/how-to/check-a-store.md.",
)
@click.pass_obj
def check_command(session: Session) -> None:
    """Read a whole store, count what each view took in, name what is wrong."""
    session.url_in_use()
    checked: Checked | None = None
    fault: StoreUnavailable | None = None
    try:
        with session.reading() as flow:
            checked = flow.check()
    except StoreUnavailable as error:
        if error.code not in AMISS:
            raise
        fault = error
    findings = _told(session, checked, fault)
    session.exit_code = FOUND if findings else 0
    if session.json:
        write_json(_as_json(checked, findings))
        return
    if checked is not None:
        _show_counts(checked)
    for code, where, sentence in findings:
        place = f"{where} : " if where else ""
        show_remark(screen(), f"{place}{sentence} ({code})", indent=0)
    if not findings:
        write(Text(f"✓ {place_of(session.url)} est saine", style="green"))


def _told(session: Session, checked: Checked | None, fault: StoreUnavailable | None) -> list[Told]:
    """What is wrong, in French: what the check found, or the one fault that kept it from looking."""
    if fault is not None:
        return [Told(fault.code, "", sentence_of(fault, session.url))]
    findings = checked.findings if checked else []
    return [Told(one.code, without_password(one.where), without_password(one.sentence)) for one in findings]


def _show_counts(checked: Checked) -> None:
    write(f"{checked.events} événement(s) de {checked.aggregates} dossier(s)")
    if checked.views:
        show_table(COLUMNS, [_line(count) for count in checked.views])


def _line(count: ViewCount) -> Line:
    figures = (count.recorded, count.projected, count.parked, count.skipped)
    return Line((count.view, *map(str, figures)), styles={4: "bold red"} if count.skipped else {})


def _as_json(checked: Checked | None, findings: list[Told]) -> dict[str, Any]:
    return {
        "sound": not findings,
        "events": checked.events if checked else None,
        "aggregates": checked.aggregates if checked else None,
        "views": [_count_as_json(count) for count in checked.views] if checked else [],
        "findings": [finding._asdict() for finding in findings],
    }


def _count_as_json(count: ViewCount) -> dict[str, Any]:
    return {
        "view": count.view, "recorded": count.recorded, "projected": count.projected, "parked": count.parked,
        "skipped": count.skipped,
    }  # fmt: skip
