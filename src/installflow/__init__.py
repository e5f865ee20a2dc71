"""An event-sourced workflow engine, and on it the whole life of a telecom installation order.

The names below are imported when they are first used: installing installflow puts its pytest plugin in every pytest
run and its command on the path, and neither should pay for what it does not use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from installflow.app import InstallFlow
    from installflow.audit import HistoryEntry
    from installflow.billing import BillingLine
    from installflow.checking import Checked, Finding, ViewCount
    from installflow.errors import (
        Conflict,
        DeclarationError,
        Forbidden,
        ImportRejected,
        InstallflowError,
        Invalid,
        NotFound,
        OutcomeUnknown,
        Reason,
        Refused,
        StoreUnavailable,
    )
    from installflow.exporting import export_board
    from installflow.importing import ImportReport, import_board
    from installflow.observing import DocumentSeen, Observed, observe
    from installflow.projections import Follower, Parked, Rebuilt, Retried, ViewStatus
    from installflow.receipt import Receipt
    from installflow.screens import Past
    from installflow.workflow.decision import Option
    from installflow.workflow.event import Actor, Event, Recorded
    from installflow.workflow.guard import Facts, reads_event
    from installflow.workflow.policy import Policy, WaitAsked

_HOMES = {
    "installflow.app": ("InstallFlow",),
    "installflow.audit": ("HistoryEntry",),
    "installflow.billing": ("BillingLine",),
    "installflow.checking": ("Checked", "Finding", "ViewCount"),
    "installflow.exporting": ("export_board",),
    "installflow.importing": ("ImportReport", "import_board"),
    "installflow.observing": ("DocumentSeen", "Observed", "observe"),
    "installflow.projections": ("Follower", "Parked", "Rebuilt", "Retried", "ViewStatus"),
    "installflow.receipt": ("Receipt",),
    "installflow.screens": ("Past",),
    "installflow.workflow.event": ("Actor", "Event", "Recorded"),
    "installflow.workflow.decision": ("Option",),
    "installflow.workflow.guard": ("Facts", "reads_event"),
    "installflow.workflow.policy": ("Policy", "WaitAsked"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Actor",
    "BillingLine",
    "Checked",
    "Conflict",
    "DeclarationError",
    "DocumentSeen",
    "Event",
    "Facts",
    "Finding",
    "Follower",
    "Forbidden",
    "HistoryEntry",
    "ImportRejected",
    "ImportReport",
    "InstallFlow",
    "InstallflowError",
    "Invalid",
    "NotFound",
    "Observed",
    "Option",
    "OutcomeUnknown",
    "Parked",
    "Past",
    "Policy",
    "Reason",
    "Rebuilt",
    "Receipt",
    "Recorded",
    "Refused",
    "Retried",
    "StoreUnavailable",
    "ViewCount",
    "ViewStatus",
    "WaitAsked",
    "export_board",
    "import_board",
    "observe",
    "reads_event",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Whatever has no other home is an error.
    value = getattr(import_module(_HOME_OF.get(name, "installflow.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, imported already or not."""
    return sorted({*globals(), *__all__})
