"""Every command once on PostgreSQL, with the answers of a file: the code above the store is the same."""

from __future__ import annotations

import re

import pytest

from installflow.cli.commands import COMMANDS
from tests.cli.conftest import Cli
from tests.conftest import ROOT

ALONE = ("demo",)
"""It keeps its base to itself."""
PAGE = str(ROOT / "examples" / "openip" / "OC204817.txt")
DAY = ("--today", "2026-11-21")
STORY = (
    ("db", "init"),
    ("db", "upgrade"),
    ("import", str(ROOT / "examples" / "planning.csv"), *DAY),
    ("open", "client=Boulangerie Morel", "partner=HIGHCOM", "phones=3", "ref=M-1", "--command-id", "one"),
    ("record", "M-1", "planifier_rdv", "date=14/04/2027", "slot=9H30", "origin=Direct", "technician=Karim",
     "project_manager=Inès", "--command-id", "two"),
    ("record", "M-1", "planifier_rdv", "date=14/04/2027", "slot=9H30", "origin=Direct", "technician=Karim",
     "project_manager=Inès", "--command-id", "two"),
    ("record", "M-1", "demarrer_staging", "--expected-version", "9"),
    ("absent", "Karim", "2027-05-03", "--reason", "congés"),
    ("options", "M-1", *DAY),
    ("views", "status"),
    ("today", *DAY),
    ("board", *DAY),
    ("board", *DAY, "--as-of", "2026-01-01"),
    ("agenda", *DAY),
    ("billing", "--all"),
    ("openip", "observe", PAGE),
    ("openip", "observe", PAGE, "--dry-run"),
    ("openip", "link", "OC204817", "M-1"),
    ("openip", "link", "OC204817", "M-1"),
    ("openip", "--all"),
    ("openip", "show", "OC204817"),
    ("openip", "unlink", "OC204817", "M-1"),
    ("openip", "schema"),
    ("show", "M-1"),
    ("history", "M-1"),
    ("events",),
    ("diagram", "commande"),
    ("follow", "--once"),
    ("views", "parked"),
    ("views", "retry"),
    ("rebuild",),
    ("db", "check"),
    ("show", "nobody"),
)  # fmt: skip

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:\+\d\d:\d\d|Z)"  # a program's
    r"|\d\d/\d\d/\d{4} \d\d:\d\d"  # a sentence's
)


def told(sonia: Cli, url: str) -> list[tuple[tuple[str, ...], int, str]]:
    """The story's answers on a store, each order by its rank of appearance and no time of the clock."""
    ranks: dict[str, str] = {}
    answers: list[tuple[tuple[str, ...], int, str]] = []
    for words in STORY:
        ran = sonia(*words, "--json", "--db", url)
        text = UUID.sub(lambda one: ranks.setdefault(one[0], f"#{len(ranks)}"), ran.out)
        answers.append((words, ran.code, TIME.sub("…", text).replace(url, "the base")))
    return answers


@pytest.mark.no_cover  # every command is covered elsewhere
def test_every_command_answers_on_postgres_what_it_answers_on_a_file(sonia: Cli, new_postgres_url, tmp_path):
    on_file = told(sonia, f"sqlite:///{tmp_path / 'orders.db'}")
    on_postgres = told(sonia, new_postgres_url(initialised=False))
    for here, there in zip(on_file, on_postgres, strict=True):
        assert here == there
    assert [(words[0], code) for words, code, _ in on_file if code] == [("record", 5), ("show", 4)]


@pytest.mark.parametrize("moment", ["2026-11-21T23:31:04.250001+00:00", "2026-11-21T23:31:04Z", "21/11/2026 23:31"])
def test_no_answer_depends_on_the_minute_it_is_given_in(moment: str):
    assert TIME.sub("…", f"le 14/04/2027, {moment} Reçue") == "le 14/04/2027, … Reçue"


def test_no_command_is_forgotten():
    assert {words[0] for words in STORY} | set(ALONE) == set(COMMANDS)
