"""What a check answers."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 1_000
"""Findings told at most: whoever has so many has one cause to look for."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: a stable code, where (an event, an aggregate, a place of the store), and what to do."""

    code: str
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ViewCount:
    """A view's account: the events recorded up to its position, those in its rows, those parked, those left out.

    ``unjudged`` rows could not be compared, because others wrote to the view all the time: their events are in none.
    """

    view: str
    recorded: int
    projected: int
    parked: int
    skipped: int
    unjudged: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check read, and what it found wrong."""

    events: int
    aggregates: int
    findings: list[Finding]
    views: list[ViewCount]


class Findings:
    """What was found so far, as much of it as is told."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.untold = 0

    def add(self, code: str, where: str, sentence: str) -> None:
        """One more."""
        if self.full:
            self.untold += 1
        else:
            self.found.append(Finding(code, where, sentence))

    @property
    def full(self) -> bool:
        """Whether the next one is only counted."""
        return len(self.found) >= MOST

    def told(self) -> list[Finding]:
        """All of them, the last saying how many more there are."""
        more = f"{self.untold} autre(s) constat(s) ne sont pas détaillés : réparer d'abord ceux-ci"
        return [*self.found, Finding("more", "", more)] if self.untold else self.found
