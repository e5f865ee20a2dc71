"""Views: pure folds of recorded events into rows, one row an aggregate."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic_core import from_json, to_json

from installflow.workflow.fields import ON_FIRST_USE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from installflow.workflow.event import Recorded

MEMO = "_worked_out"
"""Where a row keeps what was worked out of it: beside its fields, so neither stored, compared nor handed on."""

CUT = b",\n"
"""What stands between a stored row's brief and the row: in JSON without blanks a line ends nowhere else."""

KEY = 80
"""Characters of a key: what begins alike is found together, and told apart by who reads it."""


class Frozen(BaseModel):
    """A row of a view, or a part of one: it never changes, its successors are made of it.

    A fold makes one row an event, so `begun` and `changed` take values as they are: they come from events, which
    were checked when they were recorded.
    """

    model_config = ConfigDict(frozen=True, defer_build=ON_FIRST_USE)

    @classmethod
    def begun(cls, **values: Any) -> Self:
        """A row of these values and the defaults of the others."""
        return _made(cls, _defaults(cls) | values)

    def changed(self, values: dict[str, Any]) -> Self:
        """This row with other values."""
        fields = self.__dict__ | values
        fields.pop(MEMO, None)
        return _made(type(self), fields)

    def __copy__(self) -> Self:
        """The same row, on which `model_copy` may put other values."""
        return self.changed({})


_new = object.__new__
_put_fields, _put_named, _put_extra, _put_private = (
    vars(BaseModel)[slot].__set__
    for slot in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)
_NOBODY_ASKS: set[str] = set()
"""Which fields were given: rows are stored without their defaults, so it does not matter."""

R = TypeVar("R", bound=BaseModel)
F = TypeVar("F", bound=Frozen)
T = TypeVar("T")


def _made(cls: type[F], fields: dict[str, Any]) -> F:
    """A row around its fields: all that pydantic's own constructor leaves behind, without its checks."""
    row = _new(cls)
    _put_fields(row, fields)
    _put_named(row, _NOBODY_ASKS)
    _put_extra(row, None)
    _put_private(row, None)
    return row


@cache
def _defaults(cls: type[Frozen]) -> dict[str, Any]:
    """Every field in its order, as a class gives it; shared by all its rows, whose values are replaced, not changed."""
    fields = cls.model_fields.items()
    return {
        name: None if field.is_required() else field.get_default(call_default_factory=True) for name, field in fields
    }


def once_a_row(work: Callable[[F], T]) -> Callable[[F], T]:
    """Keep with a row what a function answers for it: a row never changes, so neither does the answer."""
    name = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def remembered(row: F) -> T:
        try:
            return row.__dict__[MEMO][name]  # type: ignore[no-any-return]  # what work answered
        except KeyError:
            answer = memo_of(row)[name] = work(row)
            return answer

    return remembered


def memo_of(row: Frozen) -> dict[Any, Any]:
    """What was worked out of a row so far; the row's successors begin without it."""
    return row.__dict__.setdefault(MEMO, {})  # type: ignore[no-any-return]  # made here


def key_for(kind: str, text: str) -> str:
    """A key archived rows are found by: of what kind, and what is looked for; several texts may share one."""
    return f"{kind} {text if text.isprintable() else ''.join(filter(str.isprintable, text))}"[:KEY]


class Brief(Protocol):
    """What is read most of a row, in values JSON knows."""

    @classmethod
    def of(cls, row: Any, /) -> Any:
        """Work it out of a row."""

    @classmethod
    def read(cls, stored: Any, /) -> Any:
        """The same again, of what JSON made of it."""


@dataclass(frozen=True, slots=True)
class View(Generic[R]):
    """A screen's rows as a pure function of events: ``fold(row or None, recorded)`` → the row after, or ``None``.

    A row's key is its aggregate's id. The same fold serves four ways: kept up to date in the store, folded live,
    folded as of a day, folded in bulk. Raise ``version`` when the fold or the row changes: the view is rebuilt.
    ``topics`` are the events it wants to see.

    ``archived`` answers ``None`` for the rows everyday screens show. They do not read the others, unless by one of the
    keys (`key_for`) it answers for them. It is stored with the row, so raise ``version`` when it changes too.

    ``brief`` is what those screens show of a row as far as it can be said beforehand. It stands before the rows they
    show, and is read without them; so raise ``version`` when it changes, too.
    """

    name: str
    version: int
    row: type[R]
    fold: Callable[[R | None, Recorded], R | None]
    topics: tuple[str, ...]
    archived: Callable[[R], Collection[str] | None] = lambda _row: None
    brief: type[Brief] | None = None

    @property
    def key(self) -> str:
        """The view's own tracking key in the store."""
        return f"{self.name}@{self.version}"

    def encode(self, row: R) -> bytes:
        """A row as it is stored: without what stands at its default, behind its brief if it has one."""
        stored = row.__pydantic_serializer__.to_json(row, exclude_defaults=True)
        if self.brief is None or self.archived(row) is not None:
            return stored
        return b"[%b%b%b]" % (to_json(self.brief.of(row)), CUT, stored)

    def archived_under(self, row: R) -> str | None:
        """The keys of an archived row as they are stored, a line each; ``None`` for an everyday row."""
        keys = self.archived(row)
        return None if keys is None else "\n".join(sorted(set(keys)))

    def decode(self, stored: bytes) -> R:
        """A stored row."""
        _, cut, row = stored.partition(CUT)
        return self.row.__pydantic_validator__.validate_json(row[:-1] if cut else stored)  # type: ignore[no-any-return]  # the row's own

    def decode_brief(self, stored: bytes) -> Any:
        """What stands before a stored row, ``None`` where nothing does; the row is not read."""
        brief, cut, _ = stored.partition(CUT)
        return self.brief.read(from_json(brief[1:], cache_strings="none")) if cut and self.brief else None

    def fold_all(self, history: Iterable[Recorded]) -> dict[UUID, R]:
        """The rows of a whole history, in its order."""
        rows: dict[UUID, R | None] = {}
        wanted = frozenset(self.topics)
        for recorded in history:
            if recorded.topic in wanted:
                rows[recorded.id] = self.fold(rows.get(recorded.id), recorded)
        return {key: row for key, row in rows.items() if row is not None}


def view(
    name: str,
    *,
    version: int,
    row: type[R],
    topics: Iterable[str],
    archived: Callable[[R], Collection[str] | None] = lambda _row: None,
    brief: type[Brief] | None = None,
) -> Callable[[Callable[[R | None, Recorded], R | None]], View[R]]:
    """Declare the decorated fold as a view."""

    def declare(fold: Callable[[R | None, Recorded], R | None]) -> View[R]:
        return View(name, version, row, fold, tuple(topics), archived, brief)

    return declare
