"""The most memory this process has taken."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from pathlib import Path


def peak() -> float:
    """In MiB, since it began."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux's getrusage also counts what the parent held when it forked
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return highest / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measured() -> Callable[[object], float]:
    """A worker that only says what it has taken."""
    return lambda _request: peak()
