"""What reaches the terminal, or the pipe: widths, colours, JSON, and characters a poor terminal can show."""

from __future__ import annotations

import codecs
import contextlib
import io
import json as jsonlib
import os
import sys
import unicodedata
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console
    from rich.text import Text

    from installflow.cli.failures import Failure
    from installflow.cli.session import Session

UNLIMITED = 100_000
"""The width of a pipe: nothing is cut or wrapped for a program."""

NARROWEST = 40
LONGEST_NUMBER = 9
"""Digits of a width worth reading."""

_PLAIN = {
    "«": '"', "»": '"', "’": "'", "‘": "'", "“": '"', "”": '"', "—": "-", "–": "-", "…": "...", "→": "->", "✓": "+",
    "✗": "x", "⚠": "!", "·": "-", "•": "-", "\u00a0": " ", "\u202f": " ", "œ": "oe", "Œ": "OE", "€": "EUR", "─": "-",
    "°": "o",
}  # fmt: skip
"""What stands for a character the terminal's encoding has not; accents are dropped, the rest is a question mark."""


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(map(_plainer, bad)), error.end


def _plainer(character: str) -> str:
    known = _PLAIN.get(character)
    if known is not None:
        return known
    bare = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return bare or "?"


codecs.register_error("installflow.plain", _plain)


def plain_where_needed() -> None:
    """Let stdout and stderr write what their encoding has not as something near it, where they would break."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="installflow.plain")


def open_missing_streams() -> None:
    """Put something empty where the shell closed a standard stream (``>&-``): Python has ``None`` there."""
    # In this order: each takes the lowest number that is free, which is its own.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  # open to the end


class OutputLost(Exception):  # what happened, as the other words here
    """What was to be shown could not be written: the disk it goes to is full, or the terminal is gone."""


class _Told:
    """Stdout whose faults are told from those of any other file."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        return int(self._or_lost(lambda: self._stream.write(text)))

    def flush(self) -> None:
        self._or_lost(self._stream.flush)

    @staticmethod
    def _or_lost(function: Callable[[], Any]) -> Any:
        try:
            return function()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputLost from error


@contextlib.contextmanager
def telling_lost_output() -> Iterator[None]:
    """While it lasts, what stdout cannot take raises `OutputLost`; a reader who left is still a `BrokenPipeError`."""
    with contextlib.redirect_stdout(cast("TextIO", _Told(sys.stdout))):
        yield


def silence(name: str) -> None:
    """Forget what ``stdout`` or ``stderr`` still has to write, so that Python does not complain at its end."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, getattr(sys, name).fileno())
    except (OSError, ValueError):  # a stream that is no file
        setattr(sys, name, io.StringIO())
    finally:
        os.close(nothing)


def write_json(value: Any, *, indent: int | None = 2) -> None:
    """One JSON document on stdout, readable where the encoding allows; without ``indent`` on one line."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = jsonlib.dumps(value, ensure_ascii=not unicode, indent=indent)
    # A lone surrogate has no UTF-8; as an escape it is JSON all the same.
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


def write_failure(failure: Failure, session: Session) -> None:
    """A failure on stderr, and as an object on stdout for programs."""
    try:
        sys.stdout.flush()
    finally:
        warn(*failure.lines())
    if session.json:
        write_json(failure.as_json())


def width() -> int:
    """How wide the screen is: ``$COLUMNS``, the terminal's own, or unlimited in a pipe."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_NUMBER and int(asked):
        return min(max(int(asked), NARROWEST), UNLIMITED)
    try:
        columns = os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else 0
    except (OSError, ValueError):
        columns = 0
    return max(columns, NARROWEST) if columns else UNLIMITED


def screen() -> Console:
    """The console of stdout: colours on a terminal only, and none when ``$NO_COLOR`` is set."""
    from rich.console import Console  # noqa: PLC0415  # --json and --help do without

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to the end of the run, which knows what to do."""
            raise  # noqa: PLE0704  # rich calls this while it handles BrokenPipeError

    # The height is of no use here, but without one rich reads $COLUMNS again, whatever it holds.
    return Screen(width=width(), height=1, highlight=False, markup=False, emoji=False, soft_wrap=False)


def write(*lines: str | Text) -> None:
    """Lines on the screen, long ones wrapped at words."""
    console = screen()
    for line in lines:
        console.print(line)


def warn(*lines: str) -> None:
    """Lines for the person, beside what a program reads; lost where nobody can read them."""
    try:
        sys.stderr.writelines(f"{line}\n" for line in lines)
        sys.stderr.flush()
    except OSError:
        silence("stderr")
