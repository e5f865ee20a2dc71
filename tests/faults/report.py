"""What a fault's run comes back with: the figure to print, and what its oracle found broken."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Report:
    """One run of a fault: ``broken`` is empty when every promise held."""

    figure: str
    broken: list[str] = field(default_factory=list)

    def __add__(self, other: Report) -> Report:
        """Both runs as one."""
        return Report(f"{self.figure}; {other.figure}", self.broken + other.broken)
