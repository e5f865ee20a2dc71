"""How screens name a status: its label, and for an Installation that is over, that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installflow.orders import OrderStatus

if TYPE_CHECKING:
    from installflow.workflow.status import Status


def status_shown(status: Status) -> str:
    """The label; the two moments of Installation are told apart by the second."""
    return status.told if status is OrderStatus.CLOTUREE else status.label
