"""The suite's own PostgreSQL: where its programs are looked for, what is said without one, what is left of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import ADDRESS
from tests.postgres_server import ROOT, candidates, first_that_runs, new_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder the server's account may read: pytest's own is closed to it when root runs the tests."""
    made = new_folder()
    yield made
    shutil.rmtree(made)


def program(path: Path, script: str = "exit 0") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def programs(folder: Path, initdb: str = "exit 0", postgres: str = "exit 0") -> Path:
    program(folder / "initdb", initdb)
    return program(folder / "postgres", postgres).parent


def test_the_machine_s_programs_come_before_the_package_s_and_each_once(tmp_path: Path):
    debian, package = tmp_path / "debian", programs(tmp_path / "pginstall18" / "bin")
    ten, nine = programs(debian / "10" / "bin"), programs(debian / "9.6" / "bin")
    program(debian / "17" / "bin" / "psql")  # a client alone
    on_path, told = programs(tmp_path / "bin"), programs(tmp_path / "elsewhere")
    program(on_path / "pg_config", f"echo {told}")
    path = f"{tmp_path / 'nothing'}{os.pathsep}{on_path}"
    assert list(candidates(path, debian, [package, ten])) == [on_path, ten, nine, told, package]


def test_a_link_on_path_is_followed_to_where_the_programs_are(tmp_path: Path):
    there = programs(tmp_path / "15" / "bin")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "initdb").symlink_to(there / "initdb")
    assert list(candidates(str(tmp_path / "bin"), tmp_path / "no debian", [])) == [there]


def test_programs_that_cannot_run_leave_their_reason_and_the_next_is_tried(folder: Path):
    broken = programs(folder / "one", initdb="echo no such locale >&2; exit 1")
    ends = programs(folder / "two", initdb="mkdir data", postgres="echo out of memory >&2; exit 1")
    assert first_that_runs([broken, ends], folder) == (
        None,
        [f"{broken}: initdb: no such locale", f"{ends}: the server ended as it started: out of memory"],
    )
    assert not (folder / "data").exists(), "the next would find it"


def test_no_program_at_all_is_a_reason_too(folder: Path):
    server, (reason,) = first_that_runs([], folder)
    assert server is None
    assert reason.startswith("no initdb and postgres on PATH")


TWO_TESTS = """
def test_on_postgres(postgres_url): pass
def test_elsewhere(): pass
"""


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_run_without_postgres_says_so_loudly_and_fails_in_ci(tmp_path: Path, ci: str, code: int):
    (tmp_path / "test_two.py").write_text(TWO_TESTS, encoding="utf-8")
    nowhere = f"postgresql://me:secret@/postgres?host={tmp_path}"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.postgres", "-p", "no:cacheprovider", "-p", "no:installflow",
         "--rootdir", tmp_path, tmp_path],
        cwd=ROOT, env=os.environ | {ADDRESS: nowhere, "CI": ci}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == code, run.stdout
    assert "1 passed, 1 skipped" in run.stdout
    assert "1 TESTS NOT RUN: no PostgreSQL" in run.stdout
    assert f"what {ADDRESS} names does not answer" in run.stdout
    assert "1 in test_two.py" in run.stdout
    assert ("CI is set: this fails the run" in run.stdout) is bool(code)
    assert "secret" not in run.stdout + run.stderr


KEEPS = """
import sys
from tests.postgres_server import Keeper, ask
keeper = Keeper()
print(keeper.folder, keeper._process.pid, ask(keeper.door).url, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("killed", ["the run", "its keeper"])
def test_a_killed_run_leaves_no_server_and_no_folder(postgres_address: str, killed: str):
    import psycopg

    with subprocess.Popen(
        [sys.executable, "-c", KEEPS], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        folder, keeper, url = run.stdout.readline().split()
        if url == "None":
            pytest.skip(f"the programs of PostgreSQL are not here: {ADDRESS} names another machine's")
        with psycopg.connect(url) as connection:
            os.kill(run.pid if killed == "the run" else int(keeper), signal.SIGKILL)
            run.kill()
            # The pipe is also the keeper's and the watchdog's: it closes when the last of them is gone.
            assert run.stdout.read() == ""
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
    assert not Path(folder).exists()
