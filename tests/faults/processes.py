"""Processes of the battery's own: told what to do through a pipe, listened to with a deadline, killed."""

from __future__ import annotations

import multiprocessing
import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]

DEADLINE = 60.0
"""Seconds after which a process that says nothing is taken for hung."""

PAUSE = 0.01

SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["tests.faults.workers", "installflow.store.postgres"])


def eventually(holds: Callable[[], Any], *, within: float = DEADLINE) -> Any:
    """The first true answer, asked for again and again; raises when there is none by the deadline."""
    deadline = time.monotonic() + within
    while not (answer := holds()):
        assert time.monotonic() < deadline, f"not within {within} seconds"
        time.sleep(PAUSE)
    return answer


class Worker:
    """One of the scripts of `tests.faults.workers`, in a process of its own; killed at the end if it still lives.

    It is forked from a server that has everything imported and no thread, which takes a hundredth of a second; with
    ``under``, a command that starts it elsewhere, it is started like any program.
    """

    def __init__(self, *arguments: str, under: Sequence[str] = ()) -> None:
        self._errors = tempfile.NamedTemporaryFile()  # noqa: SIM115  # closed with the worker
        self._line, theirs = socket.socketpair()
        self._heard = b""
        self._process: BaseProcess | subprocess.Popen[bytes]
        with theirs:
            if under:
                command = [*under, sys.executable, "-m", "tests.faults.workers", *arguments]
                self._process = subprocess.Popen(
                    command, cwd=ROOT, stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=self._errors
                )
            else:
                given = (theirs, self._errors.name, arguments)
                self._process = SERVER.Process(target=run_forked, args=given, daemon=True)
                self._process.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._line.close()
        self._errors.close()

    def line(self) -> str:
        """The next line it says; fails with its errors when it ends or says nothing in time."""
        deadline = time.monotonic() + DEADLINE
        while b"\n" not in self._heard:
            assert self._listen(deadline), f"it said nothing more: {self._complaint()}"
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode()

    def lines_within(self, seconds: float) -> list[str]:
        """What it says during so many seconds."""
        deadline = time.monotonic() + seconds
        while self._listen(deadline):
            pass
        return self._whole_lines()

    def tell(self, text: str) -> None:
        """Write it a line."""
        self._line.sendall(f"{text}\n".encode())

    def kill(self) -> list[str]:
        """Kill it, no matter what it is doing; the lines it had still said."""
        self._process.kill()
        self._ended()
        return self._rest()

    def finish(self) -> list[str]:
        """Close its input and wait for its end, which has to be a good one; the lines it had still said."""
        self._line.shutdown(socket.SHUT_WR)
        lines = self._rest()
        assert self._ended() == 0, self._complaint()
        return lines

    def _ended(self) -> int | None:
        if isinstance(self._process, subprocess.Popen):
            return self._process.wait(DEADLINE)
        self._process.join(DEADLINE)
        return self._process.exitcode

    def _rest(self) -> list[str]:
        deadline = time.monotonic() + DEADLINE
        while self._listen(deadline):
            pass
        return self._whole_lines()

    def _listen(self, deadline: float) -> bool:
        """Read what there is; ``False`` at the deadline, or when it has closed its output."""
        ready, _, _ = select.select([self._line], [], [], max(0.0, deadline - time.monotonic()))
        try:
            heard = self._line.recv(1 << 16) if ready else b""
        except ConnectionResetError:  # killed before it had read what it was told
            heard = b""
        self._heard += heard
        return bool(heard)

    def _whole_lines(self) -> list[str]:
        whole, _, self._heard = self._heard.rpartition(b"\n")
        return whole.decode().split("\n") if whole else []

    def _complaint(self) -> str:
        return Path(self._errors.name).read_text(errors="replace")[-2000:]


def say(line: object) -> None:
    """One line, in one write: a process killed meanwhile said all of it or nothing."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def told() -> str:
    """The next line we are told; none ends the process."""
    line = sys.stdin.readline()
    if not line:
        raise SystemExit
    return line.strip()


def run_forked(line: socket.socket, errors: str, arguments: Sequence[str]) -> None:
    """Run a script in a process just forked, its input and output on the line."""
    with Path(errors).open("ab") as complaints:
        os.dup2(complaints.fileno(), 2)
    os.dup2(line.fileno(), 0)
    os.dup2(line.fileno(), 1)
    line.close()
    sys.stdin = os.fdopen(0)
    from tests.faults.workers import run  # it imports this module

    run(*arguments)


@contextmanager
def workers(number: int, *arguments: str) -> Iterator[list[Worker]]:
    """Several workers started at once, each told its number after the arguments."""
    with ExitStack() as stack:
        yield [stack.enter_context(Worker(*arguments, str(each))) for each in range(number)]
