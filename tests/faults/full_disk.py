"""A disk that fills up under an open store, and is given room again."""

from __future__ import annotations

from collections import Counter

from tests.faults.disk import apart
from tests.faults.oracles import LOST, by_command, caught_up, count, log, unkept
from tests.faults.places import Place
from tests.faults.processes import Worker
from tests.faults.report import Report

HONEST = {"recorded", "store_full", "not_found", "recorded_after", "history_shown", "board_shown", "board_store_full"}
"""What a full disk may answer; ``not_found`` is for what follows an order that could not be opened."""


def full_disk(place: Place, *, script: str = "fill") -> Report:
    """Record until the disk is full, try on, make room, record on: in one process, which then hands the store over."""
    answers, acknowledged, refused, broken = _filled(place, script)
    with place.open() as flow:
        broken += unkept(flow, acknowledged)
        broken += [f"refused and recorded: {one}" for one in set(refused) & by_command(log(flow)).keys()]
        broken += caught_up(flow)
    return _report(answers, broken)


def full_server(place: Place) -> Report:
    """The same under PostgreSQL; that process judges by itself, for nobody else sees its disk."""
    answers, _, _, broken = _filled(place, "fill-server")
    return _report(answers, broken)


def _filled(place: Place, script: str) -> tuple[Counter[str], list[str], list[str], list[str]]:
    answers: Counter[str] = Counter()
    acknowledged: list[str] = []
    refused: list[str] = []
    broken: list[str] = []
    disk = place.folder / "disk"
    disk.mkdir()
    kept = str(place.file) if place.store == "sqlite" else ""
    with Worker(script, str(disk), kept, under=apart()) as worker:
        for line in worker.finish():
            answer, _, told = line.partition(" ")
            if answer == "broken":
                broken.append(told)
                continue
            answers[answer] += 1
            if answer.startswith("recorded"):
                acknowledged.append(told)
            elif told:
                refused.append(told)
    return answers, acknowledged, refused, broken


def _report(answers: Counter[str], broken: list[str]) -> Report:
    broken += [f"answered {answer}" for answer in answers.keys() - HONEST]
    if not answers["recorded_after"]:
        broken.append("it did not recover")
    if not answers["history_shown"]:
        broken.append("no history was read while it was full")
    if not answers["store_full"]:
        broken.append(f"it was not said full: {dict(answers)}")
    figure = (
        f"{answers['recorded']} commands until full, {answers['store_full']} refused as store_full, then "
        f"{answers['recorded_after']} by the same process: {count(broken, LOST)} lost"
    )
    return Report(figure, broken)
