"""Closed lists of words: a stored value that never changes, and the label the business reads."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A word of a closed list: ``NAME = "stored value", "Business label"``; stored values are for ever.

    Two that share a label take a third text that tells them apart where it matters (``told``).
    """

    label: str
    detail: str

    def __new__(cls, value: str, label: str, detail: str = "") -> Self:
        """Make a member of its stored value, its label and what tells it apart."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.detail = detail
        return member

    @property
    def told(self) -> str:
        """The label, and what tells this member apart from another of the same label."""
        return f"{self.label} ({self.detail})" if self.detail else self.label

    def __str__(self) -> str:
        return self.label


class Status(Labelled):
    """Base of a lifecycle's statuses; two may share a label (the two moments of "Installation")."""
