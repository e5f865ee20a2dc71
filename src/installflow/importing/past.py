"""What an order said at each moment of its history: a line that says no more than that comes from an old file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from installflow.orders import PLANNING
from installflow.orders.cells import cells_of
from installflow.orders.spreadsheet.merge import says, values_of, values_read
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from installflow.app import InstallFlow
    from installflow.orders.planning_row import PlanningRow
    from installflow.orders.spreadsheet import ReadRow


@dataclass(frozen=True, slots=True)
class Moment:
    """An order as it stood from one unit of work to the next."""

    day: dt.date
    cells: Mapping[str, str]
    typed: dict[str, str]
    values: dict[str, Any]
    extra: dict[str, str]


@dataclass(slots=True)
class Pasts:
    """The pasts of the orders of one import, folded when first asked for."""

    flow: InstallFlow
    _kept: dict[tuple[UUID, int], list[Moment]] = field(default_factory=dict)

    def day_of(self, order: PlanningRow, line: ReadRow) -> dt.date | None:
        """The last day on which the order said all that a line says, to the letter or in values; ``None`` for never."""
        theirs = values_read(line, self.flow.policies.canonical)
        for moment in reversed(self._moments(order)):
            same = all(moment.extra.get(name) == text for name, text in line.raw.extra.items())
            if same and says(line.raw.cells, theirs, moment.cells, moment.typed, moment.values):
                return moment.day
        return None

    def _moments(self, order: PlanningRow) -> list[Moment]:
        key = order.id, order.version
        if key not in self._kept:
            self._kept[key] = list(self._folded(order.id))
        return self._kept[key]

    def _folded(self, one: UUID) -> Iterator[Moment]:
        """What was committed together was never seen apart: only what each unit of work ended with counts."""
        history = [entry.recorded for entry in self.flow.history(one)]
        row: PlanningRow | None = None
        for recorded, following in zip(history, [*history[1:], None], strict=True):
            row = PLANNING.fold(row, recorded)
            if row is not None and (following is None or following.command_id != recorded.command_id):
                day = recorded.recorded_at.astimezone(PARIS).date()
                yield Moment(day, cells_of(row), row.typed, values_of(row), row.extra)
