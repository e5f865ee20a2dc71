"""On a real terminal, in a pipe, on a poor or narrow screen: the command line as a process of its own."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from installflow.cli.demo import example_board

COMMAND = [sys.executable, "-m", "installflow"]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PYTHON", "INSTALLFLOW"))}
    return kept | {"LANG": "C.UTF-8", "TERM": "xterm-256color"} | more


def ran(*words: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *words], input=stdin.encode(), capture_output=True, env=environment(**env), check=False
    )


def on_terminal(*words: str, **env: str) -> str:
    """What a command shows on a terminal of 100 columns."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment(COLUMNS="100", **env)
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # the other end is closed: that is all
            pass
        os.close(ours)
        assert process.wait() == 0
    return shown.decode()


@pytest.fixture
def order(open_order, sonia) -> str:
    one = open_order("Société de la très longue raison sociale du bout de la rue", phones="")
    sonia("record", one, "planifier_rdv", "date=14/04/2027", "slot=9H30", "technician=Karim", "project_manager=Inès")
    return str(one)


def test_a_terminal_gets_colours_and_no_line_wider_than_it(order):
    shown = on_terminal("board")
    assert "\x1b[" in shown
    bare = on_terminal("board", NO_COLOR="1")
    assert "\x1b[3" not in bare
    assert max(len(line) for line in on_terminal("board", TERM="dumb").splitlines()) <= 100


def test_an_import_on_a_terminal_shows_its_progress_and_not_every_remark():
    words = ("import", str(example_board()), "--today", "2026-11-21", "--by", "Sonia", "--role", "planner")
    shown = on_terminal(*words)
    assert "lecture du planning" in shown
    assert "autres (--report FICHIER.xlsx les montre toutes)" in shown


def test_a_pipe_gets_whole_lines_without_colours(order):
    out = ran("board").stdout.decode()
    assert "\x1b" not in out
    line = next(line for line in out.splitlines() if line.startswith(order[:8]))
    assert "Société de la très longue raison sociale du bout de la rue" in line
    assert "Karim" in line


@pytest.mark.parametrize("columns", ["1", "45", "80", "120", "abc", "0", "9" * 5000])
def test_any_width_is_readable(cli, order, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    for command in (
        ("board",),
        ("show", order),
        ("options", order),
        ("history", order),
        ("today",),
        ("billing", "--all"),
    ):
        assert cli(*command).code == 0
    assert order[:8] in cli("board").out


def test_a_narrow_screen_gets_a_paragraph_an_order(cli, order, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    out = cli("board").out
    assert "DATE 14/04/27 · HEURE 9H30" in out
    assert max(map(len, out.splitlines())) <= 60


def test_a_terminal_without_unicode_is_still_served(order):
    shown = {}
    for command in (("board",), ("show", order), ("history", order), ("options", order)):
        done = ran(*command, PYTHONIOENCODING="ascii")
        assert done.returncode == 0, done.stderr
        shown[command[0]] = done.stdout.decode("ascii")
    assert "Societe de la tres longue" in shown["board"]
    assert "Société de la très longue" in ran("board", PYTHONIOENCODING="latin-1").stdout.decode("latin-1")
    refused = ran("record", order, "demarrer_staging", "--by", "Sonia", "--role", "planner", PYTHONIOENCODING="ascii")
    assert refused.returncode == 3
    assert b'" Staging demarre " : refuse' in refused.stderr


def test_json_is_json_in_any_encoding(cli, order):
    here = cli("show", order, "--json").json
    for encoding in ("ascii", "latin-1"):  # `here` is in UTF-8
        out = ran("show", order, "--json", PYTHONIOENCODING=encoding).stdout.decode(encoding)
        assert json.loads(out) == here


def test_a_reader_who_leaves_breaks_nothing(order):
    with subprocess.Popen(
        [*COMMAND, "events", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def in_shell(redirected: str, *words: str | bytes, first: str = "") -> subprocess.CompletedProcess[bytes]:
    """A command whose standard streams a shell redirects."""
    actor = environment(INSTALLFLOW_BY="Sonia", INSTALLFLOW_ROLE="planner")
    line = ["sh", "-c", f'{first}exec "$@" {redirected}', "sh", *COMMAND, *words]
    return subprocess.run(line, capture_output=True, env=actor, check=False)


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
LOST = "la réponse n'a pas pu être écrite"


@FULL
@pytest.mark.parametrize("words", [("board",), ("events", "--json"), ("--help",)])
def test_an_output_that_is_full_is_said_and_exits_1(order, words):
    done = in_shell(">/dev/full", *words)
    assert done.returncode == 1
    assert done.stderr.decode().startswith(LOST)
    assert "enregistré" not in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1


@FULL
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_what_is_recorded_is_said_even_when_the_receipt_is_lost(cli, order, more):
    before = len(cli("history", order, "--json").json)
    done = in_shell(">/dev/full", "record", order, "commenter", "text=vu", *more)
    assert done.returncode == 1
    assert f"{LOST}, ce qui était demandé est enregistré" in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1
    assert len(cli("history", order, "--json").json) == before + 1
    trial = in_shell(">/dev/full", "record", order, "commenter", "text=vu", "--dry-run", *more)
    assert LOST in trial.stderr.decode()
    assert "enregistré" not in trial.stderr.decode()


@FULL
def test_a_failure_keeps_its_exit_code_when_nobody_can_be_told():
    for redirected in ("2>/dev/full", ">/dev/full", ">/dev/full 2>/dev/full", "2>&-", ">&-", "<&- >&- 2>&-"):
        done = in_shell(redirected, "bord", "--json")
        assert done.returncode == 2, redirected
        assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("board",), ("board", "--json"), ("--help",)])
def test_a_closed_output_is_no_fault(order, words):
    done = in_shell(">&-", *words)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.usefixtures("order")
def test_orders_that_cannot_be_read_from_standard_input_are_refused(tmp_path):
    for redirected in ("<&-", f"0>{tmp_path}/sortie"):
        done = in_shell(redirected, "record", "-", "commenter", "text=vu")
        assert done.returncode == 2
        assert "entrée standard" in done.stderr.decode()


def test_a_command_id_of_bytes_that_are_no_text_is_refused(order):
    for words in (("record", order, "commenter", "text=vu"), ("open", "client=Morel", "partner=HIGHCOM")):
        done = in_shell("", *words, "--command-id", b"\xff")
        assert done.returncode == 2
        assert "identifiant de commande" in done.stderr.decode()


def test_a_folder_that_was_deleted_has_no_store():
    for words in (("board",), ("open", "client=Morel", "partner=HIGHCOM")):
        done = in_shell("", *words, first="mkdir parti && cd parti && rmdir ../parti && ")
        assert done.returncode == 2, done.stderr
        assert "n'existe pas" in done.stderr.decode()


def test_exit_codes_reach_the_shell(order):
    actor = ("--by", "Sonia", "--role", "planner")
    assert ran("board").returncode == 0
    assert ran("board", "--nope").returncode == 2
    assert ran("record", order, "demarrer_staging", *actor).returncode == 3
    assert ran("show", "zzz").returncode == 4
    assert ran("record", order, "commenter", "text=x", "--expected-version", "1", *actor).returncode == 5


def test_bytes_that_are_no_text_are_refused_in_one_sentence(order):
    done = subprocess.run(
        [*COMMAND, "record", order, "commenter", b"text=caf\xe9", "--by", "Sonia", "--role", "planner"],
        capture_output=True, env=environment(), check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_help_is_in_french_and_loads_no_screen(cli):
    page = cli("--help").out
    assert page.startswith("Usage : installflow [OPTIONS] COMMANDE")
    for name in ("demo", "import", "open", "record", "absent", "options", "today", "board", "agenda", "billing",
                 "show", "history", "events", "diagram", "follow", "views", "rebuild", "db"):  # fmt: skip
        assert f"  {name} " in page
        own = cli(name, "--help").out
        assert own.startswith("Usage : installflow")
        assert "Show this message" not in own
    program = """
import sys
from installflow.cli import main
main(["--help"])
sys.exit(any(name in sys.modules for name in ("openpyxl", "rich.console", "installflow.cli.board")))
"""
    loaded = subprocess.run([sys.executable, "-c", program], stdout=subprocess.DEVNULL, check=False, env=environment())
    assert loaded.returncode == 0


def test_the_version_is_the_package_s(cli):
    assert cli("--version").out.startswith("installflow ")


def test_the_module_and_the_script_are_one(tmp_path):
    script = Path(sys.executable).with_name("installflow")
    assert (
        subprocess.run([script, "events"], capture_output=True, check=True, env=environment()).stdout
        == ran("events").stdout
    )
