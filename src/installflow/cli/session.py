"""What a command works with: the store, who acts, and how it ends."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from installflow.errors import DeclarationError, Invalid, NotFound

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from installflow.app import InstallFlow
    from installflow.workflow.event import Actor
    from installflow.workflow.policy import Policy

DEFAULT_DB = "sqlite:///installflow.db"
_SQLITE = "sqlite:///"


@dataclass(slots=True)
class Session:
    """What the command line and the environment say: an option given wins over the environment."""

    db: str | None = None
    by: str = ""
    role: str = ""
    policies: str | None = None
    """The application's own, ``MODULE:NAME``; ``None`` asks the environment."""
    json: bool = False
    exit_code: int = 0
    recorded: bool = False
    """Whether something is stored already: what fails afterwards has to say so."""
    clock: Callable[[], dt.datetime] | None = None
    remarks: int | None = None
    """How many remarks an import shows; ``None``: what a terminal or a pipe shows of itself."""

    @property
    def url(self) -> str:
        """The store's URL; one that was given blank stays so, for nobody meant a new file by that."""
        return os.environ.get("INSTALLFLOW_DB", DEFAULT_DB) if self.db is None else self.db

    @property
    def acting_role(self) -> str:
        """The role given, blank for none; raises `Invalid` for one there is not."""
        given = self.role or os.environ.get("INSTALLFLOW_ROLE", "")
        if not given.strip():
            return ""
        from installflow.cli.roles import role_of  # noqa: PLC0415  # --help does not need it

        return role_of(given)

    def flow(self) -> InstallFlow:
        """The flow over that store, made where there is none; close it (use it in a ``with``)."""
        return self._flow(self.url)

    def reading(self) -> InstallFlow:
        """The flow over a store that is there: a command that only reads makes none. Raises `NotFound`."""
        return self._flow(self.url_in_use())

    def url_in_use(self) -> str:
        """The URL of a store that is there; raises `NotFound` where there is no file."""
        path = self._missing()
        if path:
            empty = Path(path).exists()
            there = f"le fichier {path} est vide" if empty else f"aucune base {path} ici"
            begin = "« installflow import FICHIER », « installflow open » ou « installflow db init »"
            msg = f"{there} : commencer par {begin}, ou donner --db"
            raise NotFound(msg, code="no_store")
        return self.url

    def trying(self, *, dry_run: bool) -> InstallFlow:
        """The flow to change; a trial where there is no store takes place in memory."""
        return self._flow(None if dry_run and self._missing() else self.url)

    def _missing(self) -> str:
        """The file of the store when its folder is there and it is not, or is empty; blank otherwise."""
        path = self.url.removeprefix(_SQLITE)
        if path in (self.url, "", ":memory:") or "\0" in path:
            return ""
        try:
            file = Path(os.path.realpath(path))
            if not file.parent.is_dir() or file.is_symlink():  # no folder, or links in a ring: for the store to say
                return ""
            return path if not file.exists() or (file.is_file() and not file.stat().st_size) else ""
        except OSError:  # what is wrong there is the store's to say
            return ""

    def _flow(self, url: str | None) -> InstallFlow:
        from installflow.app import InstallFlow  # noqa: PLC0415  # --help does not need it

        own = self._own_policies()
        try:
            return InstallFlow(url, clock=self.clock, policies=own)
        except DeclarationError as error:
            if not own:
                raise
            msg = f"--policies : ces politiques ne conviennent pas ({error.sentence})"
            raise Invalid(msg, code="policies") from error

    def _own_policies(self) -> tuple[Policy, ...]:
        given = os.environ.get("INSTALLFLOW_POLICIES", "") if self.policies is None else self.policies
        if not given.strip():
            return ()
        from installflow.cli.own_policies import load_policies  # noqa: PLC0415  # as above

        return load_policies(given)

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
