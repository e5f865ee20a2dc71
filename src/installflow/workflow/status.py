"""Closed lists of words: a stored value that never changes, and the label the business reads."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A word of a closed list: ``NAME = "stored value", "Business label"``; stored values are for ever."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Make a member of its stored value and its label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    def __str__(self) -> str:
        return self.label


class Status(Labelled):
    """Base of a lifecycle's statuses; two may share a label (the two moments of "Installation")."""
