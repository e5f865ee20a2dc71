"""An event-sourced workflow engine, and on it the whole life of a telecom installation order."""

from __future__ import annotations

from installflow.app import InstallFlow
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
from installflow.receipt import Receipt
from installflow.screens import Past
from installflow.workflow.event import Actor, Event, Recorded
from installflow.workflow.policy import Option, Policy, WaitAsked

__all__ = [
    "Actor",
    "Conflict",
    "DeclarationError",
    "Event",
    "Forbidden",
    "ImportRejected",
    "InstallFlow",
    "InstallflowError",
    "Invalid",
    "NotFound",
    "Option",
    "OutcomeUnknown",
    "Past",
    "Policy",
    "Reason",
    "Receipt",
    "Recorded",
    "Refused",
    "StoreUnavailable",
    "WaitAsked",
]
