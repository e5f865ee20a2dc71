"""What the board shows of an order, as far as it can be said when its row is folded: stored before the row."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from installflow.orders import archive
from installflow.orders.alerts import NUMBER, Dated, alerts_of, alerts_on_any_day, held, told_on
from installflow.orders.cells import cells_of
from installflow.orders.terms import OrderStatus
from installflow.workflow.view import memo_of, once_a_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from installflow.orders.planning_row import PlanningRow
    from installflow.workflow.reading import Line

NO_POLICY: Mapping[str, Any] = {"lookalike": "", "confirmer": "", "collecte_threshold": float("inf")}
"""A policy under which nothing is alerted that depends on one."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


class Brief(NamedTuple):
    """All a board without filters needs of a row, in values of JSON; the day and the policies come when it is read."""

    status: str
    partner: str
    opened: int
    """When it was opened, in microseconds."""
    cells: Sequence[str]
    """The texts of the 14 columns, in their order."""
    beside: str
    """What else a search looks through."""
    keys: Sequence[str]
    """What only one order may hold, first the keys of its tracking numbers: two orders that clash share one."""
    alerts: Sequence[str | Dated | list[Any]]
    """What is alerted, each on every day or on some (`Dated`)."""
    phones: int
    """Of a policy that asks for a Collecte from fewer phones on, there is more to alert."""
    unconfirmed: bool
    """Of a policy that names somebody who confirms, there is more to alert."""

    @classmethod
    def of(cls, row: PlanningRow) -> Brief:
        """Work it out of a row."""
        return _brief_of(row)

    @classmethod
    def read(cls, stored: list[Any]) -> Brief:
        """The same again; raises `TypeError` when there is not all of it."""
        return cls._make(stored)


@once_a_row
def _brief_of(row: PlanningRow) -> Brief:
    appointment = row.status is OrderStatus.RDV_POSE and row.visit.date is not None
    return Brief(
        row.status.value,
        row.partner,
        (row.opened_at - _EPOCH) // _MICROSECOND,
        tuple(cells_of(row).values()),
        " ".join((row.ref, *row.extra.values())),
        archive.numbers_of([row]) + [f"{thing.kind} {thing.what}" for thing in held(row) if thing.kind != NUMBER],
        list(alerts_on_any_day(row, NO_POLICY)),
        0 if row.collected else row.phones or 0,
        appointment and not row.visit.partner_holds,
    )


def alerted(line: Line[PlanningRow], day: int, policy: Mapping[str, Any]) -> tuple[str, ...]:
    """The alerts of `alerts_of` on the day of a number; where the policy adds to them, the row is read."""
    brief: Brief = line.brief
    if (
        policy["lookalike"]
        or brief.phones > policy["collecte_threshold"]
        or (brief.unconfirmed and policy["confirmer"])
    ):
        return _under(line.row, day, policy)
    return tuple(told_on(day, brief.alerts))


def _under(row: PlanningRow, day: int, policy: Mapping[str, Any]) -> tuple[str, ...]:
    """The alerts of a row; asked again for the same day and policy, the same ones."""
    memo = memo_of(row)
    known = memo.get("alerts")
    if known is None or known[:2] != (day, policy):
        known = memo["alerts"] = day, policy, tuple(alerts_of(row, dt.date.fromordinal(day), policy))
    alerts: tuple[str, ...] = known[2]
    return alerts
