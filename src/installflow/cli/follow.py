"""`installflow follow`: the views kept ahead of their readers, until somebody stops it."""

from __future__ import annotations

import contextlib
import math
import queue
import signal
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from installflow.cli.commands import command
from installflow.cli.failures import Failure, detail_of, failure_of
from installflow.cli.place import place_of
from installflow.cli.session import Session
from installflow.cli.views import NAMES
from installflow.cli.writing import warn, write, write_json
from installflow.errors import InstallflowError, Invalid, StoreUnavailable
from installflow.projections.reasons import reason_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from installflow.app import InstallFlow
    from installflow.projections import Follower, Parked

INTERVAL = 0.1
LONGEST = 3600.0
"""Seconds between two looks at the log: as the library does, and at most."""

LOOK = 0.2
"""Seconds between two looks at the follower, for what there is to say."""

Stop = queue.SimpleQueue[int]


@dataclass(slots=True)
class Teller:
    """Says what happens to a follower, each thing once: in sentences, or with ``--json`` as one object a line."""

    session: Session
    views: tuple[str, ...] = ()
    folded: int = 0
    lost: bool = False
    position: int = -1
    parked: frozenset[Parked] = frozenset()

    def say(self, what: str, told: str = "", **more: str | int) -> None:
        """Tell one thing: sentences of faults go where faults go."""
        if self.session.json:
            write_json({"what": what, "folded": self.folded, **more}, indent=None)
        elif what in ("lost", "back", "parked"):
            warn(told)
        elif told:
            write(told)
        sys.stdout.flush()

    def end(self, failure: Failure) -> None:
        """Tell a program why it ends: the object of any failure, on the one line that is the last."""
        warn(*failure.lines())
        write_json({"what": "stopped", "folded": self.folded, **failure.as_json()}, indent=None)
        self.session.exit_code = failure.exit_code

    def look(self, follower: Follower) -> None:
        """Tell what has changed since the last look; raises what no waiting mends."""
        error, running, folded = follower.error, follower.running, follower.folded
        if error is not None and not running:
            raise error
        if error is not None and not self.lost:
            failure = failure_of(error, self.session.url) or Failure.unexpected(error)
            warn(*detail_of(error))
            self.say("lost", f"⚠ {failure.sentence}", error=failure.code, sentence=failure.sentence)
        elif error is None and self.lost:
            self.say("back", f"✓ {place_of(self.session.url)} répond de nouveau")
        self.lost = error is not None
        if folded != self.folded and not self.lost:
            self.folded = folded
            self.say("folded")

    def look_aside(self, flow: InstallFlow, follower: Follower) -> None:
        """Tell what the views left aside since the last look, where the log has gone on."""
        position = follower.position
        if position != self.position:
            # A store that has just gone away is told by the next look, and asked again after it.
            with contextlib.suppress(StoreUnavailable):
                self.tell_parked(flow)
                self.position = position

    def tell_parked(self, flow: InstallFlow) -> None:
        """Tell what the views left aside and was not told yet."""
        parked = frozenset(one for one in flow.parked() if one.view in (self.views or (one.view,)))
        for one in sorted(parked - self.parked, key=lambda one: (one.view, one.position)):
            told = f"⚠ {one.view} : le dossier {one.id} est laissé de côté ({reason_told(one.reason)})"
            self.say("parked", told, view=one.view, id=str(one.id), position=one.position, reason=one.reason)
        self.parked = parked


@command(
    "follow",
    f"VUE : {NAMES} ; sans rien, toutes. Jusqu'à Ctrl-C ou SIGTERM ; une base qui s'absente est "
    "attendue, un dossier qu'une vue ne peut pas suivre est signalé une fois. Les écrans sont justes sans elle aussi : "
    "une lecture met à jour ce qu'elle lit. Plusieurs à la fois ne se gênent pas.",
)
@click.argument("views", nargs=-1, metavar="[VUE]...")
@click.option("--interval", metavar="S", help="secondes entre deux regards sur la base (0,1 sans cette option)")
@click.option("--once", is_flag=True, help="mettre les vues à jour une fois, puis s'arrêter")
@click.pass_obj
def follow_command(session: Session, *, views: tuple[str, ...], interval: str | None, once: bool) -> None:
    """Keep the views, or those named, ahead of their readers."""
    teller = Teller(session, views)
    try:
        _follow(teller, _seconds(interval), once=once)
    except InstallflowError as error:
        failure = failure_of(error, session.url)
        if not session.json or failure is None:
            raise
        warn(*detail_of(error))
        teller.end(failure)


def _follow(teller: Teller, seconds: float, *, once: bool) -> None:
    session, views = teller.session, teller.views
    with session.reading() as flow:
        if once:
            named = [flow.projections.named(view) for view in views or flow.projections.views]
            teller.folded = flow.projections.catch_up(*named)
            teller.tell_parked(flow)
        else:
            with flow.follow(seconds, views=views) as follower, _until_stopped() as stop:
                teller.say("following", f"les vues de {place_of(session.url)} sont tenues à jour ; Ctrl-C pour arrêter")
                _watch(teller, flow, follower, stop)
                follower.stop()
                teller.folded = follower.folded
                teller.look_aside(flow, follower)
    teller.say("caught_up" if once else "stopped", f"{teller.folded} événement(s) repris dans les vues")


def _watch(teller: Teller, flow: InstallFlow, follower: Follower, stop: Stop) -> None:
    """Tell what happens until a signal comes."""
    while True:
        teller.look(follower)
        teller.look_aside(flow, follower)
        with contextlib.suppress(queue.Empty):
            stop.get(timeout=LOOK)
            return


@contextlib.contextmanager
def _until_stopped() -> Iterator[Stop]:
    """A queue in which Ctrl-C and SIGTERM arrive; a second one ends the program as it always did."""
    # The one queue a signal may write to while its own thread reads it.
    stop: Stop = queue.SimpleQueue()
    before: dict[signal.Signals, signal._HANDLER] = {}

    def give_back() -> None:
        while before:
            signal.signal(*before.popitem())

    def stopped(number: int, _frame: object) -> None:
        give_back()
        stop.put(number)

    if threading.current_thread() is threading.main_thread():  # Python lets no other set them
        for one in (signal.SIGINT, signal.SIGTERM):
            before[one] = signal.signal(one, stopped) or signal.SIG_DFL
    try:
        yield stop
    finally:
        give_back()


def _seconds(text: str | None) -> float:
    """A number of seconds as typed, with a point or a comma; raises `Invalid`."""
    if text is None:
        return INTERVAL
    try:
        seconds = float(text.replace(",", "."))
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= LONGEST:  # false for what is no number, too
        msg = f"--interval : « {text[:60]} » n'est pas un nombre de secondes (0.5), de plus de 0 à {LONGEST:.0f}"
        raise Invalid(msg, code="usage")
    return seconds
