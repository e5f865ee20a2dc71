"""Processes that race for one technician's day."""

from __future__ import annotations

from collections import Counter

from tests.faults.oracles import caught_up, double_bookings, log
from tests.faults.places import Place
from tests.faults.processes import Worker, workers
from tests.faults.report import Report
from tests.flow.acts import opened_order

MORE = 50


def race_for_a_day(place: Place, *, racers: int, days: int, flags: tuple[str, ...] = ()) -> Report:
    """All see the day free, then all book it: one does, the others are refused, on every day.

    Two that happen to come one after the other prove nothing: with honest racers more days are raced, up to
    ``MORE`` times as many, until somebody came second to a commit.
    """
    raced = 0
    answers: Counter[str] = Counter()
    with place.open(synchronous="NORMAL") as flow, workers(racers, "race", place.address, *flags) as running:
        for worker in running:
            assert worker.line() == "ready"
        while raced < days or (not flags and not answers["conflict"] and raced < days * MORE):
            answers += _raced(running, [f"T{raced} {opened_order(flow)}" for _ in running])
            raced += 1
        for worker in running:
            worker.finish()
        broken = double_bookings(log(flow))
        if not flags:
            broken += caught_up(flow)
    booked, refused, conflicts = (answers[answer] for answer in ("booked", "technician_is_free", "conflict"))
    figure = (
        f"{racers} processes, {raced} days: {len(double_bookings_of(broken))} double bookings, "
        f"{refused} refusals, {conflicts} conflicts decided again"
    )
    if booked != raced:
        broken.append(f"{booked} bookings answered for {raced} days")
    if not conflicts:
        broken.append("nobody came second to a commit: there was no race")
    return Report(figure, broken)


def _raced(running: list[Worker], given: list[str]) -> Counter[str]:
    """One race: what each was answered, and the conflicts on the way."""
    answers: Counter[str] = Counter()
    for worker, what in zip(running, given, strict=True):
        worker.tell(what)
    for worker in running:
        assert worker.line() == "free"
    for worker in running:
        worker.tell("go")
    for worker in running:
        answer, _, conflicts = worker.line().partition(" ")
        answers.update({answer: 1, "conflict": int(conflicts)})
    return answers


def double_bookings_of(broken: list[str]) -> list[str]:
    """The findings that are double bookings."""
    return [finding for finding in broken if finding.endswith(" orders")]
