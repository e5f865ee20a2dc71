"""Work done in a process of its own: asked and answered in lines of JSON, over pipes.

It imports nothing but the standard library, so that it also runs in an environment without installflow.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent

Handler = Callable[[Any], Any]
"""Answers one request; made once by calling what ``target`` names with its arguments."""


def made(target: str, arguments: list[Any]) -> Handler:
    """The handler of a target, as in ``benchmarks.writers:writer``."""
    module, _, name = target.partition(":")
    handler: Handler = getattr(importlib.import_module(module), name)(*arguments)
    return handler


class Worker:
    """A handler in a process of its own, or, with ``apart=False``, in this one (asked when it is read)."""

    def __init__(self, target: str, *arguments: Any, apart: bool = True, python: str = sys.executable) -> None:
        self._asked: list[Any] = []
        self._handler = None if apart else made(target, list(arguments))
        self._process = (
            subprocess.Popen(
                [python, "-m", "benchmarks.worker", target, json.dumps(arguments)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            if apart
            else None
        )

    def ask(self, request: Any = None) -> None:
        """Have it begin; several workers asked one after the other work at once."""
        self._asked.append(request)
        if self._process and self._process.stdin:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()

    def answer(self) -> Any:
        """What it answers to the request made first; raises `RuntimeError` when it is no more."""
        request = self._asked.pop(0)
        if self._handler:
            return self._handler(request)
        assert self._process
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a worker ended with {self._process.wait()}: see what it said above")
        return json.loads(line)

    def do(self, request: Any = None) -> Any:
        """Ask, and wait for the answer."""
        self.ask(request)
        return self.answer()

    def __enter__(self) -> Self:
        """The worker, once it is ready."""
        return self

    def __exit__(self, *_: object) -> None:
        """End its process."""
        if self._process:
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.close()
            self._process.wait(timeout=60)
            self._process.stdout.close()


def serve() -> None:
    """Answer requests until there are no more."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # what a library prints is no answer
    handler = made(sys.argv[1], json.loads(sys.argv[2]))
    for line in sys.stdin:
        print(json.dumps(handler(json.loads(line))), file=answers, flush=True)
    sys.stderr.flush()
    os._exit(0)  # a library may have left threads that wait for ever


if __name__ == "__main__":
    serve()
