"""The command line: `installflow`, and `python -m installflow`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]

USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code; never raises but for the debugger's sake (INSTALLFLOW_DEBUG=1)."""
    try:
        from installflow.cli.entry import run  # noqa: PLC0415  # click and rich are an extra
    except ModuleNotFoundError as error:
        if error.name not in ("click", "rich"):
            raise
        sys.stderr.write("la ligne de commande demande l'extra « cli » : pip install 'installflow[cli]'\n")
        return USAGE
    return run(sys.argv[1:] if arguments is None else list(arguments))
