"""Which event a changed STATUT may stand for: what a planner decides, or an answer the new status itself tells.

A refusal, a failure or a report is never read into a status: the file does not say who answered what, nor why. Then
the status is corrected, and alerted until somebody records what happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from installflow.orders import events as e
from installflow.orders.spreadsheet.changes import SOURCE
from installflow.orders.terms import OrderStatus as S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from installflow.orders.spreadsheet.row import ReadRow
    from installflow.workflow.event import Event


def moves(wanted: S, read: ReadRow, partner: str) -> Iterator[tuple[Event, ...]]:
    """The events that may lead to a status, in the order to try them; the workflow says which one does."""
    if wanted is S.STAND_BY:
        yield (e.PutOnStandBy(reason=SOURCE),)
    elif wanted is S.ANNULER:
        if read.cancel_confirmed and read.cancel_reason and partner:
            asked = e.CancellationRequested(reason=read.cancel_reason)
            done = e.OrderCancelled(confirmed_by=partner, how=SOURCE)
            yield (done,)
            yield (asked, done)
    else:
        yield (e.Resumed(next=wanted),)
        for event in _STEPS.get(wanted, ()):
            yield (event,)
        if wanted is S.ATTENTE_PARTE:
            yield (e.PartnerAwaited(reason=SOURCE, confirmer=read.confirmer),)
        if wanted is S.ATT_PORTA:
            yield (e.PortabilityAwaited(operator=read.porta.operator),)
        if wanted is not S.TO_PLAN:  # nobody knows whether the answer was a yes
            yield (e.TechnicianConfirmed(next=wanted),)
            yield (e.PartnerConfirmed(next=wanted),)
        if read.porta.date and wanted is not S.ATT_PORTA:
            date, operator = read.porta.date, read.porta.operator
            yield (e.PortabilityConfirmed(date=date, source=SOURCE, operator=operator, next=wanted),)


def correction(wanted: S) -> e.StatusCorrected:
    """What is recorded where the workflow knows no such passage."""
    return e.StatusCorrected(status=wanted, reason=SOURCE, imported=True)


_STEPS: dict[S, tuple[Event, ...]] = {
    S.COLLECTE: (e.CollecteStarted(), e.CollecteReopened(reason=SOURCE)),
    S.STAGING: (e.CollecteCompleted(), e.StagingStarted(), e.StagingReopened(reason=SOURCE)),
    S.TO_PLAN: (e.StagingCompleted(),),
    S.ATTENTE_TECH: (e.TechnicianRequested(),),
    S.ATT_5COM: (e.TechnicianRequested(),),
    S.RDV_POSE: (e.InstallationConfirmed(),),
}
