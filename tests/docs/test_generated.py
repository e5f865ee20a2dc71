"""The reference pages say what the code says: some are written from it, others are compared with it."""

from __future__ import annotations

import re

import pytest

from installflow.checking import FAULTS
from installflow.checking.accounts import SENTENCES
from installflow.checking.bookings import SENTENCES as BOOKINGS
from installflow.checking.events import DAMAGED, DAMAGES, TABLES
from installflow.cli.commands import COMMANDS, installflow
from tests.conftest import ROOT
from tests.docs.generated import REFERENCE, pages

GUARANTEES = ROOT / "docs" / "explanation" / "guarantees.md"


@pytest.mark.parametrize("file", sorted(pages()), ids=lambda file: file.relative_to(REFERENCE).as_posix())
def test_the_page_is_the_code(file):
    assert file.read_text(encoding="utf-8") == pages()[file], "write it again: python -m tests.docs.generated"


def every_command():
    """Each command under its whole name, those of a family too (`db init`)."""
    for name in COMMANDS:
        command = installflow.get_command(installflow.make_context("installflow", [name]), name)
        assert command is not None
        yield name, command
        yield from ((f"{name} {under}", one) for under, one in getattr(command, "commands", {}).items())


@pytest.mark.parametrize(("name", "command"), list(every_command()))
def test_every_command_and_option_is_told(name, command):
    told = (REFERENCE / "command-line.md").read_text(encoding="utf-8")
    (line, *_) = [line for line in told.splitlines() if re.match(rf"\| `{name}\b", line)]
    shared = told[: told.index("## Change")] + "--on-behalf-of --source --occurred-at --command-id --dry-run"
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    assert not [option for option in sorted(options) if option not in line and option not in shared]


def test_every_finding_of_a_check_is_explained():
    told = (ROOT / "docs" / "how-to" / "check-a-store.md").read_text(encoding="utf-8")
    said = (file.read_text(encoding="utf-8") for file in (ROOT / "src" / "installflow" / "checking").glob("*.py"))
    added = {code for text in said for code in re.findall(r"""(?:\.add\(|code, sentence = )"(\w+)\"""", text)}
    codes = {*FAULTS, *SENTENCES, *BOOKINGS, *TABLES, DAMAGED[0], *(code for code, _ in DAMAGES.values()), *added}
    assert {"store_corrupt", "missing_version", "version_out_of_place", "unknown_table", "parked"} <= codes
    assert [code for code in sorted(codes) if f"`{code}`" not in told] == []


@pytest.mark.parametrize("name", re.findall(r"`(tests/\S+)`", GUARANTEES.read_text(encoding="utf-8")))
def test_a_guarantee_names_a_test_that_is_there(name):
    file, _, test = name.partition("::")
    assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")
