"""The command line in process: arguments in, exit code and what was written out."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from installflow import InstallFlow
from installflow.cli import main

DAY = "2026-11-21"


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _fresh_place(tmp_path, monkeypatch):
    """Each test in a folder of its own, with no setting from outside."""
    for name in ("DB", "BY", "ROLE", "DEBUG"):
        monkeypatch.delenv(f"INSTALLFLOW_{name}", raising=False)
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def cli(capsys, monkeypatch) -> Cli:
    """Run one command."""

    def run(*words: str, stdin: str = "") -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = main(words)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def sonia(cli) -> Cli:
    """Run one command as a planner."""
    return lambda *words, stdin="": cli(*words, "--by", "Sonia", "--role", "planner", stdin=stdin)


@pytest.fixture
def open_order(sonia) -> Callable[..., str]:
    """Open an order and answer its id."""

    def opened(client: str = "Boulangerie Morel", **fields: object) -> str:
        given = {"client": client, "partner": "HIGHCOM", "phones": 6} | fields
        ran = sonia("open", *(f"{name}={value}" for name, value in given.items()), "--json")
        assert ran.code == 0, ran.err
        return str(ran.json["id"])

    return opened


@pytest.fixture
def empty_base() -> None:
    """A base where nothing was recorded yet."""
    InstallFlow("sqlite:///installflow.db").close()


@pytest.fixture(scope="module")
def _kept() -> dict[str, tuple[Path, Any]]:
    """What `once` has made for the tests of this file."""
    return {}


@pytest.fixture
def once(tmp_path, tmp_path_factory, _kept) -> Callable[[Callable[[], Any]], Any]:
    """What a fixture puts into its test's folder: made by the first test of a file, copied for the others."""

    def made(make: Callable[[], Any]) -> Any:
        name = make.__qualname__
        if name in _kept:
            shutil.copytree(_kept[name][0], tmp_path, dirs_exist_ok=True)
        else:
            answer = make()
            _kept[name] = shutil.copytree(tmp_path, tmp_path_factory.mktemp("once") / "folder"), answer
        return _kept[name][1]

    return made
