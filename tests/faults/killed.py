"""Processes killed at any moment: one that records, one that keeps the views."""

from __future__ import annotations

import random
from itertools import islice

from tests.faults.commands import commands
from tests.faults.oracles import HALF, LOST, TWICE, by_command, caught_up, count, log, unkept, untrue
from tests.faults.places import Place
from tests.faults.processes import Worker
from tests.faults.report import Report

A_MOMENT = 0.004
"""Seconds, about what two commands take: a kill within it falls anywhere in one."""


def killed_writer(place: Place, *, kills: int, commands: int, script: str = "write", seed: int = 1) -> Report:
    """Processes record one after the other and are killed; all that they acknowledged is there, whole."""
    chance = random.Random(seed)  # noqa: S311  # moments to kill at
    place.open().close()
    acknowledged: list[str] = []
    for life in range(kills):
        with Worker(script, place.address, f"w{life}") as writer:
            acknowledged += [writer.line() for _ in range(-(-commands // kills))]
            acknowledged += writer.lines_within(chance.random() * A_MOMENT)
            acknowledged += writer.kill()
    with place.open() as flow:
        broken = unkept(flow, acknowledged)
        unanswered = len(by_command(log(flow)).keys() - set(acknowledged))
        figure = (
            f"{kills} kills, {len(acknowledged):,} commands acknowledged: {count(broken, LOST)} lost, "
            f"{count(broken, HALF)} half recorded, {count(broken, TWICE)} recorded twice "
            f"({unanswered} recorded and killed before their answer)"
        )
        return Report(figure, [*broken, *caught_up(flow)])


def killed_projection(
    place: Place, *, kills: int, recorded: int, scripts: tuple[str, ...] = ("catch-up", "rebuild"), seed: int = 1
) -> Report:
    """Processes that catch views up, or build them again, are killed; what they leave is what the events make."""
    chance = random.Random(seed)  # noqa: S311  # moments to kill at
    with place.open(synchronous="NORMAL") as flow:
        for _, carry_out in islice(commands(flow, "w"), recorded):
            carry_out()
        broken = caught_up(flow)
        for turn in range(kills):
            with Worker(scripts[turn % len(scripts)], place.address, f"p{turn}") as projector:
                for _ in range(chance.randrange(2, 30)):
                    if projector.line() == "torn":
                        break
                projector.lines_within(chance.random() * A_MOMENT)
                projector.kill()
            broken += untrue(flow)
        broken += caught_up(flow)
        events = sum(1 for _ in log(flow))
    figure = f"{kills} kills of a catch-up or a rebuild over {events:,} events: {len(broken)} rows that differ"
    return Report(figure, broken)
