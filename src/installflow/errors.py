"""The errors installflow raises, each named by what its reader does next.

Every error carries a stable ``code`` for programs and one sentence for people: in French where the
business reads it (a refusal, an invalid value), in English where developers do (a store, a declaration).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was refused: the guard that said no, its French sentence, and the target it stands for."""

    guard: str
    sentence: str
    target: str | None = None


class InstallflowError(Exception):
    """The root of the tree: catch it to catch everything installflow raises on purpose."""

    code: ClassVar[str] = "error"

    def __init__(self, sentence: str, *, reasons: Iterable[Reason] = (), code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.reasons = tuple(reasons)
        if code is not None:
            self.code = code  # type: ignore[misc]  # an instance may be more precise than its class


class Invalid(InstallflowError, ValueError):
    """A value is not one the event accepts: correct it and try again. Nothing was stored."""

    code = "invalid"


class Refused(InstallflowError):
    """A rule says no: read ``reasons``, lift them, try again. Nothing was stored."""

    code = "refused"


class Forbidden(InstallflowError):
    """This role may not: ask one of the roles the sentence names. Nothing was stored."""

    code = "forbidden"


class NotFound(InstallflowError):
    """No such aggregate, event or view: check the name."""

    code = "not_found"


class Conflict(InstallflowError):
    """Somebody else wrote first, or a command id was used for something else: reload and decide again."""

    code = "conflict"


class OutcomeUnknown(InstallflowError):
    """The connection broke at the commit: send the same again under the same ``command_id``, which is done once."""

    code = "outcome_unknown"


class StoreUnavailable(InstallflowError):
    """The store cannot be opened, read or written: mend it (its ``code`` says what is wrong) and start again.

    ``event`` is the id (``<aggregate id>/<version>``) of the one event that cannot be read, where that is all: the
    other aggregates go on.
    """

    code = "store_unavailable"

    def __init__(
        self, sentence: str, *, reasons: Iterable[Reason] = (), code: str | None = None, event: str = ""
    ) -> None:
        super().__init__(sentence, reasons=reasons, code=code)
        self.event = event


class ImportRejected(InstallflowError):
    """The file cannot be imported: another file, or a mended one. Nothing was stored."""

    code = "import_rejected"


class DeclarationError(InstallflowError):
    """A workflow, policy, view or aggregate is declared wrongly: mend the declaration."""

    code = "declaration"
