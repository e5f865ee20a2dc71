"""What reaches the terminal, or the pipe: widths, colours, JSON, and characters a poor terminal can show."""

from __future__ import annotations

import codecs
import io
import json as jsonlib
import os
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from installflow.cli.failures import Failure
    from installflow.cli.session import Session

UNLIMITED = 100_000
"""The width of a pipe: nothing is cut or wrapped for a program."""

NARROWEST = 40
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


def silence_stdout() -> None:
    """Forget what is still to be written to a reader who left, so that Python does not complain at its end."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, sys.stdout.fileno())
    except (OSError, ValueError):  # a stdout that is no file
        sys.stdout = io.StringIO()
    finally:
        os.close(nothing)


def write_json(value: Any) -> None:
    """One JSON document on stdout, readable where the encoding allows."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = jsonlib.dumps(value, ensure_ascii=not unicode, indent=2)
    # A lone surrogate has no UTF-8; as an escape it is JSON all the same.
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


def write_failure(failure: Failure, session: Session) -> None:
    """A failure on stderr, and as an object on stdout for programs."""
    sys.stdout.flush()
    warn(*failure.lines())
    if session.json:
        write_json(failure.as_json())


def width() -> int:
    """How wide the screen is: ``$COLUMNS``, the terminal's own, or unlimited in a pipe."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isascii() and asked.isdigit() and int(asked):
        return max(int(asked), NARROWEST)
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

    return Screen(width=width(), highlight=False, markup=False, emoji=False, soft_wrap=False)


def write(*lines: str | Text) -> None:
    """Lines on the screen, long ones wrapped at words."""
    console = screen()
    for line in lines:
        console.print(line)


def warn(*lines: str) -> None:
    """Lines for the person, beside what a program reads."""
    sys.stderr.writelines(f"{line}\n" for line in lines)
