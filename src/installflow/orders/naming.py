"""Whether an order bears a name somebody typed: spelt otherwise, in part, or by where its technician comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installflow.orders.terms import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from installflow.orders.planning_row import PlanningRow


def squeezed(name: str) -> str:
    """The key of a name without its blanks: ``viptelecom`` is ``VIP TELECOM``, ``5com`` is ``5 com``."""
    return key_of(name).replace(" ", "")


def is_among(typed: str, names: Iterable[str]) -> bool:
    """Whether what was typed is one of these names, or a part of one."""
    wanted = squeezed(typed)
    return any(wanted in squeezed(name) for name in names)


def technicians_of(row: PlanningRow) -> tuple[str, ...]:
    """NOM TECH of every visit to come, and TECH: of a subcontractor's visit often nothing else is known."""
    further = (name for one in row.visit.further for name in one.technicians)
    return (*row.visit.technicians, *further, *(origin.label for origin in row.visit.origins))


def people_of(row: PlanningRow) -> tuple[str, ...]:
    """Everybody an order is the business of."""
    return (row.visit.project_manager, *technicians_of(row), row.partner)
