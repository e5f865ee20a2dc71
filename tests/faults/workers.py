"""What the battery's own processes do: ``python -m tests.faults.workers SCRIPT …``; answers go to the output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import partial
from itertools import count, islice
from typing import Any, Literal
from uuid import UUID

from installflow import InstallFlow, NotFound, OutcomeUnknown, Refused, StoreUnavailable
from installflow.orders import VisitScheduled
from installflow.projections import building
from installflow.projections import steps as view_steps
from installflow.store import VersionTaken
from tests.faults.commands import DAY, commands
from tests.faults.filling import fill, fill_carelessly, fill_server
from tests.faults.processes import eventually, say, told
from tests.faults.stores import Wrapped, rewired
from tests.flow.acts import SONIA, planned

FEW = 3
"""Events between two moves of a view: many moves, so that a kill falls between any two statements of one."""

AT_ONCE = 12
"""Commands recorded or acknowledged together."""


def write(url: str, writer: str) -> None:
    """Record for ever, and acknowledge each command once it is recorded."""
    with InstallFlow(url) as flow:
        for command_id, carry_out in commands(flow, writer):
            carry_out()
            say(command_id)


def write_eagerly(url: str, writer: str) -> None:
    """The control: acknowledge a few commands, then record them."""
    with InstallFlow(url) as flow:
        steps = commands(flow, writer)
        while True:
            some = list(islice(steps, AT_ONCE))
            say("\n".join(command_id for command_id, _ in some))
            for _, carry_out in some:
                carry_out()


def write_patiently(url: str, writer: str, *, synchronous: Literal["FULL", "NORMAL"] = "FULL") -> None:
    """Record for ever; after an error try the same command again, under the same id."""
    with InstallFlow(url, synchronous=synchronous) as flow:
        for command_id, carry_out in commands(flow, writer):
            eventually(partial(_carried_out, carry_out))
            say(command_id)


def _carried_out(carry_out: Callable[[], object]) -> bool:
    try:
        carry_out()
    except (StoreUnavailable, OutcomeUnknown):
        return False
    return True


def write_at_ease(url: str, writer: str) -> None:
    """The control: the same, acknowledging what the server has not yet written down; goes on where orders were lost."""
    for life in count():
        with suppress(NotFound, Refused):
            write_patiently(url, f"{writer}.{life}", synchronous="NORMAL")


def follow(url: str) -> None:
    """Keep the views ahead; asked, say how far they have all come."""
    with InstallFlow(url) as flow, flow.follow(0.02):
        say("following")
        while True:
            told()
            try:
                say(min(view.position for view in flow.views()))
            except StoreUnavailable:
                say(0)


class Watched(Wrapped):
    """Says when a view is about to move, and when it has."""

    def called(self, name: str, call: Callable[[], Any]) -> Any:
        if name not in {"view_advance", "view_build", "view_swap"}:
            return call()
        say(name)
        done = call()
        say(f"{name} done")
        return done


class Torn(Watched):
    """The control: writes a view's rows in one transaction and moves its position in another."""

    def view_advance(
        self, view: str, expected: int, position: int, changed: Mapping[UUID, Any], *rest: Any, **named: Any
    ) -> bool:
        say("view_advance")
        self.store.view_advance(view, expected, expected, changed, *rest, **named)
        say("torn")
        told()
        return bool(self.store.view_advance(view, expected, position, {}))


def catch_up(url: str, writer: str, watched: type[Watched] = Watched) -> None:
    """Record some, bring every view to the end of the log in small steps, and so on for ever."""
    view_steps.CHUNK = FEW
    building.LEASE = 0  # whoever was building has just been killed
    with InstallFlow(url, synchronous="NORMAL") as flow:
        flow.projections.catch_up(*flow.projections.views.values())
        rewired(flow, watched(flow._store))
        steps = commands(flow, writer)
        while True:
            for _, carry_out in islice(steps, AT_ONCE):
                carry_out()
            flow.projections.catch_up(*flow.projections.views.values())


def catch_up_torn(url: str, writer: str) -> None:
    """The control: the same in two transactions."""
    catch_up(url, writer, Torn)


def rebuild(url: str, writer: str) -> None:
    """Build every view again, over and over."""
    del writer
    building.LEASE = 0
    with InstallFlow(url) as flow:
        rewired(flow, Watched(flow._store))
        while True:
            flow.rebuild()


class Contended(Wrapped):
    """Counts the commits that found somebody else had been first."""

    conflicts = 0

    def called(self, name: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except VersionTaken:
            self.conflicts += 1
            raise


def race(url: str, *flags: str) -> None:
    """Told ``technician order``, look at the board, wait for the others, then book the technician's day."""
    with InstallFlow(url) as flow:
        store = Contended(flow._store)
        rewired(flow, store)
        if "--on-the-board" in flags:  # the control: what the board shows decides, and no day arbitrates
            flow._engine.reactions = ()
        say("ready")
        for line in iter(sys.stdin.readline, ""):
            technician, order = line.split()
            shown: Collection[str] = {name for row in flow.planning() for name in row.row.visit.technicians}
            say("free" if technician not in shown else "taken")
            told()
            event = VisitScheduled.model_validate(planned(technician=technician, date=DAY).model_dump())
            before = store.conflicts
            try:
                flow.record(order, event, by=SONIA)
            except Refused as refused:
                answer = refused.reasons[0].guard
            else:
                answer = "booked"
            say(f"{answer} {store.conflicts - before}")


SCRIPTS: dict[str, Callable[..., None]] = {
    script.__name__.replace("_", "-"): script
    for script in (
        write,
        write_eagerly,
        write_patiently,
        write_at_ease,
        follow,
        catch_up,
        catch_up_torn,
        rebuild,
        race,
        fill,
        fill_carelessly,
        fill_server,
    )
}


def run(script: str, *arguments: str) -> None:
    """Run a script by its name."""
    SCRIPTS[script](*arguments)


if __name__ == "__main__":
    run(*sys.argv[1:])
