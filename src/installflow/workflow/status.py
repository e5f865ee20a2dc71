"""Statuses: a stored value that never changes, and the label the business reads."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Status(StrEnum):
    """Base of a lifecycle's statuses; each member is ``NAME = "stored value", "Business label"``.

    Stored values are for ever; two statuses may share a label (the two moments of "Installation").
    """

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Make a member of its stored value and its label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    def __str__(self) -> str:
        return self.label
