"""Runs the code of a Markdown page and follows its links.

In a page's order, in one namespace and one temporary folder that sees `examples/`:

- every ```python block is executed (as a doctest where it is written with `>>>`);
- every `$ installflow …` line of a ```console block runs the command; where the block shows output,
  it must be that output (`...` stands for anything), and `# exit 3` at the line's end is its exit code;
- `$ export NAME=value …` in such a block sets the environment for the rest of the page.

```bash and ```text blocks are only shown. Sybil and pytest-examples do the first half; neither runs
console blocks, so one small reader for both is less to learn.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import sys
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```\s*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(\s*<?([^)\s>]+)")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
EXIT = re.compile(r"\s+# exit (\d)$")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the line of its first line, its text."""

    language: str
    line: int
    text: str


@dataclass(frozen=True)
class Command:
    """One `$` line of a console block, the exit code it announces and the output shown under it."""

    line: int
    text: str
    code: int
    output: str


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for match in FENCE.finditer(text):
        indent, language, body = match.groups()
        lines = [line.removeprefix(indent) for line in body.splitlines()]
        yield Block(language, text.count("\n", 0, match.start(3)) + 1, "\n".join(lines))


def commands(block: Block) -> Iterator[Command]:
    """The commands of a console block."""
    lines = block.text.split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        announced = EXIT.search(lines[start])
        text = EXIT.sub("", lines[start].removeprefix("$ "))
        output = "\n".join(lines[start + 1 : end]).strip("\n")
        yield Command(block.line + start, text, int(announced[1]) if announced else 0, output)


def run_page(page: Path) -> dict[str, Any]:
    """Run a page's code in the current folder; answers the names it left.

    Raises AssertionError at the first line that is not true.
    """
    namespace: dict[str, Any] = {"__name__": "__page__"}
    environment = dict(os.environ)
    try:
        for block in blocks(page.read_text(encoding="utf-8")):
            if block.language == "python":
                run_python(block, namespace, page)
            elif block.language == "console":
                for command in commands(block):
                    run_command(command, page)
    finally:
        os.environ.clear()
        os.environ.update(environment)
    return namespace


def run_python(block: Block, namespace: dict[str, Any], page: Path) -> None:
    """Execute a block, or check it where it is a doctest."""
    if block.text.lstrip().startswith(">>>"):
        test = doctest.DocTestParser().get_doctest(block.text, namespace, page.name, str(page), block.line - 1)
        report = io.StringIO()
        failed, _ = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=report.write, clear_globs=False)
        namespace.update(test.globs)
        assert not failed, report.getvalue()
        return
    code = compile("\n" * (block.line - 1) + block.text, str(page), "exec", dont_inherit=True)
    exec(code, namespace)  # noqa: S102  # the project's own pages


def run_command(command: Command, page: Path) -> None:
    """Call the installed entry point, as the shell would."""
    place = f"{page.name}:{command.line}: $ {command.text}"
    name, *arguments = shlex.split(command.text)
    if name == "export":
        os.environ.update({name: value for name, _, value in (setting.partition("=") for setting in arguments)})
        return
    assert name == "installflow", f"{place}\nonly installflow runs in a console block: put it in a bash block"
    assert not {"|", ">", "<", "&&", ";"} & set(arguments), f"{place}\nno shell reads this line"
    output, code = call(arguments)
    assert code == command.code, f"{place}\nexit {code}, not {command.code}\n{output}"
    if command.output:
        checker = doctest.OutputChecker()
        # A last line of dots stands for whatever follows, if anything does.
        shown = re.sub(r"\n\.\.\.\Z", "...", command.output)
        same = checker.check_output(shown + "\n", output, FLAGS)
        assert same, f"{place}\nshown:\n{command.output}\nprinted:\n{output}"


def call(arguments: list[str]) -> tuple[str, int]:
    """What `installflow ARGUMENTS` prints, on both outputs, and its exit code."""
    (script,) = entry_points(group="console_scripts", name="installflow")
    main = script.load()
    # As a pipe does: an encoding, but no terminal.
    memory = io.BytesIO()
    printed = io.TextIOWrapper(memory, encoding="utf-8", write_through=True)
    before, sys.argv = sys.argv, ["installflow", *arguments]
    code: Any = 0
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.argv = before
    return memory.getvalue().decode(), code if isinstance(code, int) else int(code is not None)


def anchors(text: str) -> set[str]:
    """The anchors GitHub gives a page's headings."""
    titles = HEADING.findall(FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken_links(page: Path) -> list[str]:
    """The page's links to files or headings that are not there."""
    broken = []
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            broken.append(target)
    return broken
