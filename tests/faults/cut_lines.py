"""The line to PostgreSQL cut at every request of a command, and while the server still works on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import count, product
from pathlib import Path
from tempfile import TemporaryDirectory

from installflow.store.engine import Engine
from tests.faults.calls import answer_of, cases, judged, recorded_by, replace_engine
from tests.faults.oracles import caught_up
from tests.faults.places import Place
from tests.faults.processes import DEADLINE, eventually
from tests.faults.proxy import Moment, Proxy, append, nth
from tests.faults.report import Report

WAITING = (  # for the table, and behind whoever does, for their turn to append
    "SELECT count(*) FROM pg_locks WHERE NOT granted"
    " AND 'installflow_events'::regclass IN (relation, CASE WHEN locktype = 'advisory' THEN objid END)"
)
"""How many wait for their turn to write."""

MOMENTS: tuple[Moment, ...] = ("before", "during", "after")


def cut_lines(place: Place, *, engine: type[Engine] = Engine, shapes: int = 5) -> Report:
    """Every request of every command, cut off in every way: whole or absent, and honestly so."""
    answers: Counter[str] = Counter()
    broken: list[str] = []
    with _door_to(place) as (door, behind), behind.open() as flow, place.open() as straight:
        replace_engine(flow, engine)
        for name, prepared in list(cases(flow))[:shapes]:
            whole = recorded_by(prepared().act, straight._store)[1]
            for moment, deaf in product(MOMENTS, (False, True)):
                for number in count(1):
                    case = prepared()
                    door.cut(nth(number), moment, deaf=deaf)
                    answer, topics = recorded_by(case.act, straight._store, door.mend)
                    if not door.cuts:
                        break
                    answers[answer] += 1
                    told = f"{name}, cut {moment} request {number}{', then deaf' if deaf else ''}"
                    broken += [f"{told}: {finding}" for finding in judged(flow, case, answer, topics, whole)]
        broken += caught_up(straight)
    return Report(f"{answers.total()} lines cut: {_said(answers, broken)}", broken)


def cut_while_served(place: Place, *, tries: int, engine: type[Engine] = Engine) -> Report:
    """The line is cut while the server waits for its turn to write: it writes after the caller was answered.

    A caller who chose the command's id sends it again at once, while the server still waits.
    """
    import psycopg  # an extra: the faults of SQLite do without

    answers: Counter[str] = Counter()
    broken: list[str] = []
    late = 0
    with _door_to(place) as (door, behind), place.open() as straight, psycopg.connect(place.address) as other:
        wholes = [recorded_by(prepared().act, straight._store)[1] for _, prepared in cases(straight)]

        def let_it_write(waiting: int) -> None:
            eventually(lambda: other.execute(WAITING).fetchone() == (waiting,))
            other.rollback()
            door.mend()

        for number in range(tries):
            # A flow of its own for each: its first append is prepared, and so seen at the door.
            with behind.open(lock_timeout=60) as flow, ThreadPoolExecutor(1) as impatient:
                replace_engine(flow, engine)
                shape = number % len(wholes)
                case = list(cases(straight, flow))[shape][1]()
                other.execute("LOCK TABLE installflow_events IN EXCLUSIVE MODE")
                door.cut(append(), "during")
                before = straight._store.position()
                answer = answer_of(case.act)
                assert door.cuts, "no append was seen"
                if case.command_id is None:
                    let_it_write(1)
                else:
                    again = impatient.submit(answer_of, case.act)
                    let_it_write(2)
                    if again.result(DEADLINE) != "done":
                        broken.append(f"try {number}: sent again at once: {again.result()}")
                topics = [row.topic for row in straight._store.log(before, 1_000)]
                late += bool(topics)
                answers[answer] += 1
                found = judged(flow, case, answer, topics, wholes[shape])
                broken += [f"try {number}: {finding}" for finding in found]
        broken += caught_up(straight)
    figure = (
        f"{tries} lines cut while the server waited to write, {late} written all the same: {_said(answers, broken)}"
    )
    return Report(figure, broken)


def _said(answers: Counter[str], broken: list[str]) -> str:
    return (
        f"{answers['done']} answered as recorded, {answers['error']} an error with nothing stored, "
        f"{answers['unknown']} an outcome unknown and then looked up; {len(broken)} half done, twice or dishonest"
    )


@contextmanager
def _door_to(place: Place) -> Iterator[tuple[Proxy, Place]]:
    """A door of its own to the server of a place, and the place behind it."""
    # A socket's path has about a hundred characters: pytest's folders are too deep.
    with TemporaryDirectory(prefix="installflow-door-") as folder, Proxy(place.address, Path(folder)) as door:
        yield door, replace(place, url=door.url)
