"""Views that count the events of an order, and a store that lets a test step in between two of its calls."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from installflow import InstallFlow
from installflow.orders import CommentAdded, Order
from installflow.projections import Projections
from installflow.store import Store
from installflow.workflow.event import Recorded
from installflow.workflow.view import View, view

TOPICS = [event.topic for event in Order.workflow.events]


class Count(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: UUID
    events: int = 0


@view("count", version=1, row=Count, topics=TOPICS)
def COUNT(row: Count | None, recorded: Recorded) -> Count:  # noqa: N802  # a view is a constant
    row = row or Count(id=recorded.id)
    return row.model_copy(update={"events": row.events + 1})


def touchy(stumbles: Collection[str] | Callable[[str], bool]) -> View[Count]:
    """The same view, stumbling over comments of these texts for as long as they are in there."""
    over = stumbles if callable(stumbles) else stumbles.__contains__

    @view("touchy", version=1, row=Count, topics=TOPICS)
    def fold(row: Count | None, recorded: Recorded) -> Count | None:
        if isinstance(recorded.event, CommentAdded) and over(recorded.event.text):
            raise ValueError(recorded.event.text)
        return COUNT.fold(row, recorded)

    return fold


class Beside:
    """A store as it is, but for the calls a test puts others in place of: ``Beside(store, view_snapshot=…)``."""

    def __init__(self, store: Store, **others: Callable[..., Any]) -> None:
        self._store = store
        self.__dict__.update(others)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def projections_of(flow: InstallFlow, *views: View[Any], **others: Callable[..., Any]) -> Projections:
    """The upkeep of views of one's own over a flow's store."""
    return Projections(cast("Store", Beside(flow._store, **others)), flow._mapper, views)


def counted(projections: Projections, one: View[Any]) -> dict[UUID, int]:
    """How many events each row of a counting view has folded."""
    return {row.id: row.events for row in projections.rows(one)}
