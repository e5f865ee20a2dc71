"""« Alors »: what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import parsers, then

from installflow.testing.passages import declared, labels
from installflow.testing.world import Table, World, compare, name_of, status_of

if TYPE_CHECKING:
    from collections.abc import Iterable

ORDER = r'(?:elle|la commande(?: "(?P<client>[^"]+)")?)'


@then(parsers.re(r'c\'est refusé ?: "(?P<sentence>.+)"'))
def refused(world: World, sentence: str) -> None:
    """Some reason of the refusal holds the text quoted."""
    reasons, wanted = world.told_reasons(), world.text(sentence)
    assert any(wanted in reason for reason in reasons), "\n".join(reasons)  # noqa: S101


@then(parsers.re(r"le passage est (?P<decision>accepté|refusé)"))
def decided(world: World, decision: str) -> None:
    """Whether it was refused."""
    if decision == "refusé":
        world.told_reasons()
    else:
        world.went_well()


@then(parsers.re(ORDER + r' est en "(?P<status>[^"]+)"'))
def is_in(world: World, client: str | None, status: str) -> None:
    """The status of an order."""
    world.went_well()
    found = world.flow.load(world.id_of(client)).status
    assert found is status_of(status), f"elle est en « {name_of(found)} »"  # noqa: S101


@then(parsers.re(r"il s'est passé ?:"))
def happened(world: World, datatable: Table) -> None:
    """Everything the « Quand » recorded, in order, to the letter of the history."""
    world.went_well()
    compare([[line] for line in world.happened()], [[world.text(line)] for (line,) in datatable])


@then(parsers.re(r"il ne s'est rien passé"))
def nothing_happened(world: World) -> None:
    """The « Quand » recorded nothing."""
    world.went_well()
    compare([[line] for line in world.happened()], [])


@then(parsers.re(ORDER + r' attend "(?P<waits>[^"]+)"'))
def waits_for(world: World, client: str | None, waits: str) -> None:
    """The open waits of an order, all of them, joined with « et »."""
    world.went_well()
    found = " et ".join(wait.said for wait in world.flow.load(world.id_of(client)).waits)
    assert found == waits, found  # noqa: S101


@then(parsers.re(ORDER + r" n'attend (?:plus )?rien"))
def waits_for_nothing(world: World, client: str | None) -> None:
    """No wait is open."""
    world.went_well()
    waits = world.flow.load(world.id_of(client)).waits
    assert not waits, waits  # noqa: S101


@then(parsers.re(r'une alerte(?: sur "(?P<client>[^"]+)")? dit ?: "(?P<sentence>.+)"'))
def alerted(world: World, client: str | None, sentence: str) -> None:
    """Some alert of the order's row holds the text quoted."""
    world.went_well()
    alerts = world.flow.row(world.id_of(client)).alerts
    assert any(world.text(sentence) in alert for alert in alerts), "\n".join(alerts) or "(aucune)"  # noqa: S101


@then(parsers.re(r'aucune alerte(?: sur "(?P<client>[^"]+)")? ne dit ?: "(?P<sentence>.+)"'))
def not_alerted(world: World, client: str | None, sentence: str) -> None:
    """No alert of the order's row holds the text quoted."""
    world.went_well()
    alerts = world.flow.row(world.id_of(client)).alerts
    assert not any(world.text(sentence) in alert for alert in alerts), "\n".join(alerts)  # noqa: S101


@then(parsers.re(r'(?P<who>\w+) est (?:prévenue?) ?: "(?P<sentence>.+)"'))
def warned(world: World, who: str, sentence: str) -> None:
    """What the receipt warns of."""
    del who
    world.went_well()
    warnings = world.seen.warnings
    assert any(world.text(sentence) in warning for warning in warnings), "\n".join(warnings) or "(rien)"  # noqa: S101


@then(parsers.re(r"(?P<technician>\w+) est libre le (?P<day>.+)"))
def free(world: World, technician: str, day: str) -> None:
    """Nobody holds the technician's day."""
    world.went_well()
    assert world.held_by(technician, world.day(day)) == (), world.held_by(technician, world.day(day))  # noqa: S101


@then(parsers.re(r'(?P<technician>\w+) est pris le (?P<day>.+?) par "(?P<clients>.+)"'))
def taken(world: World, technician: str, day: str, clients: str) -> None:
    """Who holds the technician's day; several clients joined with « et »."""
    world.went_well()
    found = world.held_by(technician, world.day(day))
    assert sorted(found) == sorted(clients.split(" et ")), found or "(libre)"  # noqa: S101


@then(parsers.re(r"seuls ces passages sont permis, les autres sont refusés ?:"))
def whole_table(world: World, datatable: Table) -> None:
    """The table of passages: what was really made, and the workflow's own table, are what it says."""
    world.went_well()
    (_, *targets), *lines = datatable
    assert targets == labels() == [line[0] for line in lines], labels()  # noqa: S101
    cells = ((source, target, cell) for source, *line in lines for target, cell in zip(targets, line, strict=True))
    said = {(source, target) for source, target, cell in cells if cell == "oui"}
    made = {(name_of(source), name_of(target)) for source, target in world.seen}
    table = {(name_of(source), name_of(target)) for source, target in declared()}
    faults = [
        *_faults("permis ici, jamais fait", said - made),
        *_faults("refusé ici, fait quand même", made - said),
        *_faults("permis ici, absent de la table", said - table),
        *_faults("refusé ici, présent dans la table", table - said),
    ]
    assert not faults, "\n".join(faults)  # noqa: S101


def _faults(what: str, passages: Iterable[tuple[str, str]]) -> list[str]:
    return sorted(f"{what} : {source} → {target}" for source, target in passages)
