"""A PostgreSQL restarted at once, and its backends ended, under writers and a follower."""

from __future__ import annotations

from contextlib import ExitStack

from tests.faults.oracles import HALF, LOST, TWICE, UNTRUE, caught_up, count, log, unkept
from tests.faults.places import Place
from tests.faults.processes import Worker, eventually, workers
from tests.faults.report import Report

FEW = 8
"""Commands every writer gets through between two blows."""

END_ALL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'installflow'"


def hurt_server(
    place: Place, *, writers: int, restarts: int, kills: int, script: str = "write-patiently", follower: bool = True
) -> Report:
    """Writers that try again get through; everything acknowledged is there once; the follower catches up by itself."""
    import psycopg  # an extra: the faults of SQLite do without

    assert place.server is not None, "only a server of our own may be hurt"
    acknowledged: list[str] = []
    ended = 0
    blows = ["restart"] * restarts + ["kill"] * kills
    with ExitStack() as stack:
        writing = stack.enter_context(workers(writers, script, place.address))
        following = stack.enter_context(Worker("follow", place.address)) if follower else None
        if following:
            assert following.line() == "following"
        for blow in [*blows[::2], *blows[1::2]]:
            acknowledged += _let_work(writing)
            if blow == "restart":
                place.server.restart()
            else:
                with psycopg.connect(place.server.url, application_name="the battery") as admin:
                    ended += admin.execute(END_ALL).fetchone()[0]  # type: ignore[index]  # one row always
        acknowledged += _let_work(writing)
        for writer in writing:
            acknowledged += writer.kill()
        with place.open() as flow:
            broken = unkept(flow, acknowledged)
            if following:
                last = flow._store.position()
                eventually(lambda: _reached(following) == last)
            broken += caught_up(flow)
            events = sum(1 for _ in log(flow))
    figure = (
        f"{restarts} restarts, {ended} backends ended under {writers} writers{' and a follower' * follower}: "
        f"{len(acknowledged):,} commands acknowledged, {count(broken, LOST)} lost, {count(broken, HALF)} half "
        f"recorded, {count(broken, TWICE)} recorded twice; "
        f"{count(broken, UNTRUE)} rows of the views of {events:,} events differ"
    )
    return Report(figure, broken)


def _let_work(writing: list[Worker]) -> list[str]:
    """Wait until every writer got a few more commands through."""
    said = []
    for writer in writing:
        said += [writer.line() for _ in range(FEW)]
    for writer in writing:
        said += writer.lines_within(0)
    return said


def _reached(following: Worker) -> int:
    following.tell("where")
    return int(following.line())


def sleepy(place: Place) -> None:
    """Have the server write down only what it is asked to: what a session does not wait for stays in memory."""
    import psycopg  # as above

    assert place.server is not None
    with psycopg.connect(place.server.url, autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        admin.execute("SELECT pg_reload_conf()")
