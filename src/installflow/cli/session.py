"""What a command works with: the store, who acts, and how it ends."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installflow.errors import Invalid

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from installflow.app import InstallFlow
    from installflow.workflow.event import Actor

DEFAULT_DB = "sqlite:///installflow.db"


@dataclass(slots=True)
class Session:
    """What the command line and the environment say: an option given wins over the environment."""

    db: str = ""
    by: str = ""
    role: str = ""
    json: bool = False
    exit_code: int = 0
    clock: Callable[[], dt.datetime] | None = None

    @property
    def url(self) -> str:
        """The store's URL."""
        return self.db or os.environ.get("INSTALLFLOW_DB") or DEFAULT_DB

    @property
    def acting_role(self) -> str:
        """The role given, blank for none."""
        return self.role or os.environ.get("INSTALLFLOW_ROLE", "")

    def flow(self) -> InstallFlow:
        """The flow over that store; close it (use it in a ``with``)."""
        from installflow.app import InstallFlow  # noqa: PLC0415  # --help does not need it

        return InstallFlow(self.url, clock=self.clock)

    def actor(self, on_behalf_of: str = "", source: str = "") -> Actor:
        """Who changes something; raises `Invalid` when nobody said who."""
        from installflow.workflow.event import Actor  # noqa: PLC0415  # as above

        name = self.by or os.environ.get("INSTALLFLOW_BY", "")
        missing = [
            words
            for given, words in (
                (name, "--by NOM (ou $INSTALLFLOW_BY)"),
                (self.acting_role, "--role RÔLE (ou $INSTALLFLOW_ROLE)"),
            )
            if not given.strip()
        ]
        if missing:
            msg = f"il faut dire qui agit : ajouter {' et '.join(missing)}"
            raise Invalid(msg, code="actor")
        return Actor(name, role=self.acting_role, on_behalf_of=on_behalf_of, source=source)
