"""`installflow views` and `rebuild`: how far the views have come, what they left aside, and building them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from installflow.cli.columns import Column, Line, show_remark, show_table
from installflow.cli.commands import command, family
from installflow.cli.named import order_of
from installflow.cli.session import Session
from installflow.cli.writing import screen, warn, write, write_json
from installflow.errors import NotFound
from installflow.projections.reasons import reason_told
from installflow.projections.rebuilding import DIFFERENCES_TOLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from installflow.app import InstallFlow
    from installflow.projections import Parked, Rebuilt, Retried, ViewStatus

STILL_PARKED = 1
DIFFERS = 1
"""Exit codes of what did not end as one would wish, though nothing failed."""

NAMED = 10
"""Orders a line names before « et n autres »."""

NAMES = "agenda, billing, conversations, offers, planning, sheets ou supply_orders"

BEHIND = "RETARD : des événements qu'une vue n'a pas encore lus ; c'est normal, sa prochaine lecture commence par eux"

COLUMNS = (
    Column("VUE"),
    Column("VERSION", wraps=False),
    Column("POSITION", wraps=False),
    Column("RETARD", wraps=False),
    Column("LIGNES", wraps=False),
    Column("ÉVÉNEMENTS", wraps=False),
    Column("DE CÔTÉ", wraps=False),
    Column("ÉTAT", weight=2),
)

views_command = family(
    "views",
    "Une vue se met à jour quand on la lit : ces commandes montrent où elle en est avant cela. Un dossier qu'une vue "
    "ne peut pas suivre est laissé de côté, tel qu'il était avant ; les autres continuent.",
)


@views_command.declare("status", "où en est chaque vue, et ce qu'il lui reste à lire")
@click.pass_obj
def status_command(session: Session) -> None:
    """Show how far each view has come."""
    with session.reading() as flow:
        views = flow.views()
    if session.json:
        write_json([_status_as_json(view) for view in views])
    else:
        show_table(COLUMNS, [_line(view) for view in views])
        if any(view.behind for view in views if view.live):
            write("", BEHIND)


def _line(view: ViewStatus) -> Line:
    figures = (view.version, view.position, view.behind, view.rows, view.events, view.parked)
    state = "lue par les écrans" if view.live else "en construction" if view.building else "d'une autre version"
    return Line((view.name, *map(str, figures), state), style="" if view.live else "dim")


def _status_as_json(view: ViewStatus) -> dict[str, Any]:
    return {
        "name": view.name, "version": view.version, "position": view.position, "behind": view.behind,
        "rows": view.rows, "events": view.events, "parked": view.parked, "building": view.building, "live": view.live,
    }  # fmt: skip


@views_command.declare(
    "parked",
    "les dossiers qu'une vue n'a pas pu suivre, et pourquoi",
    "Ils sont montrés tels qu'ils étaient avant ; « installflow views retry » les reprend, une fois la cause réparée. "
    "Code de sortie 1 quand il y en a.",
)
@click.pass_obj
def parked_command(session: Session) -> None:
    """Show what the views left aside."""
    with session.reading() as flow:
        parked = flow.parked()
    session.exit_code = STILL_PARKED if parked else 0
    if session.json:
        write_json([_parked_as_json(one) for one in parked])
        return
    for one in parked:
        show_remark(screen(), f"{_said(one)}, {one.tries} essai(s)", indent=0)
    if not parked:
        write("aucun dossier n'est laissé de côté")


def _parked_as_json(one: Parked) -> dict[str, Any]:
    return {
        "view": one.view, "id": str(one.id), "position": one.position, "reason": one.reason, "tries": one.tries,
    }  # fmt: skip


def _said(one: Parked) -> str:
    return f"{one.view} : {one.id} ne se lit plus à la position {one.position} ({reason_told(one.reason)})"


@views_command.declare(
    "retry",
    "reprendre depuis le début les dossiers laissés de côté",
    f"VUE : {NAMES} ; sans rien, toutes. COMMANDE : une seule commande d'installation (identifiant, début "
    "d'identifiant, référence ou client). Code de sortie 1 quand il en reste un que la vue ne peut pas suivre.",
)
@click.argument("view", required=False, metavar="[VUE]")
@click.argument("order", required=False, metavar="[COMMANDE]")
@click.pass_obj
def retry_command(session: Session, *, view: str | None, order: str | None) -> None:
    """Fold parked orders again from their first event."""
    with session.reading() as flow:
        names = [flow.projections.named(view).name] if view else sorted(flow.projections.views)
        one = _named(flow, names[0], order) if order else None
        retried = [tried for name in names for tried in flow.retry(name, one)]
    left = [tried for tried in retried if not tried.followed]
    session.exit_code = STILL_PARKED if left else 0
    if session.json:
        write_json([_retried_as_json(tried) for tried in retried])
        return
    for tried in retried:
        if tried.parked is None:
            write(f"✓ {tried.view} : {tried.id} est suivi de nouveau")
        else:
            show_remark(screen(), f"{_said(tried.parked)} : toujours laissé de côté", indent=0)
    if not retried:
        write("aucun dossier n'est laissé de côté : rien à reprendre")


def _named(flow: InstallFlow, view: str, text: str) -> UUID:
    """An order a view left aside, by its id, the beginning of its id or its reference; raises `NotFound`."""
    parked = {one.id for one in flow.parked() if one.view == view}
    prefix = text.strip().replace("-", "").lower()
    found = [one for one in parked if prefix and one.hex.startswith(prefix)]
    # An order parked from its first event on stands in no screen, where `find` looks.
    one = found[0] if len(found) == 1 else order_of(flow, text)
    if one not in parked:
        msg = f"« {text.strip()[:80]} » n'est pas laissée de côté : la liste est « installflow views parked »"
        raise NotFound(msg)
    return one


def _retried_as_json(tried: Retried) -> dict[str, Any]:
    return {
        "view": tried.view,
        "id": str(tried.id),
        "followed": tried.followed,
        "reason": tried.parked.reason if tried.parked else None,
    }


@command(
    "rebuild",
    f"VUE : {NAMES} ; sans rien, toutes. Les écrans montrent l'ancienne vue jusqu'à ce que la nouvelle soit entière. "
    "Code de sortie 1 quand un dossier est laissé de côté, ou avec --compare quand une ligne diffère.",
)
@click.argument("view", required=False, metavar="[VUE]")
@click.option("--compare", is_flag=True, help="dire ce qui diffère, et ne rien changer")
@click.pass_obj
def rebuild_command(session: Session, *, view: str | None, compare: bool) -> None:
    """Build one view, or all, again from the first event, beside the live one."""
    with session.reading() as flow:
        built = flow.rebuild(view, compare_only=compare)
        parked = [one for one in flow.parked() if one.view in built]
    differs = compare and any(map(_differing, built.values()))
    session.exit_code = STILL_PARKED if parked else DIFFERS if differs else 0
    if session.json:
        write_json({name: _rebuilt_as_json(one) for name, one in built.items()})
    else:
        for name, one in built.items():
            _show_rebuilt(name, one, "recalculée(s)" if compare else "reconstruite(s)")
    for left in parked:
        warn(f"⚠ {left.view} : le dossier {left.id} est laissé de côté ({reason_told(left.reason)})")


def _differing(one: Rebuilt) -> int:
    return len(one.changed) + len(one.added) + len(one.removed)


def _show_rebuilt(name: str, one: Rebuilt, done: str) -> None:
    differing = _differing(one)
    least = "au moins " if differing >= DIFFERENCES_TOLD else ""
    if not one.compared:
        write(f"{name} : {one.rows} ligne(s) {done}, jamais construite jusqu'ici : rien à comparer")
        return
    told = f"{least}{differing} de différence avec ce que montraient les écrans" if differing else "aucune différence"
    write(f"{name} : {one.rows} ligne(s) {done}, {told}")
    for what, ids in (("autres", one.changed), ("manquaient", one.added), ("en trop", one.removed)):
        if ids:
            write(f"  {what} : {_listed(ids)}")


def _listed(ids: Sequence[UUID]) -> str:
    """The first of these ids, and how many more."""
    names = ", ".join(map(str, ids[:NAMED]))
    return f"{names} et {len(ids) - NAMED} autre(s)" if len(ids) > NAMED else names


def _rebuilt_as_json(one: Rebuilt) -> dict[str, Any]:
    return {
        "rows": one.rows,
        "changed": _texts(one.changed),
        "added": _texts(one.added),
        "removed": _texts(one.removed),
        "compared": one.compared,
    }


def _texts(ids: Iterable[UUID]) -> list[str]:
    return [str(one) for one in ids]
