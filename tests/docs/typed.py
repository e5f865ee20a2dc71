"""Checks the types of the docs' Python as a reader's own `mypy --strict` would, in one call with the code's.

    python -m tests.docs.typed

Each page becomes one module, its blocks on the lines they have in the page, so that an error tells the page's line.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from tests.docs.pages import blocks

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / ".mypy_cache" / "pages"
PROMPTS = (">>> ", "... ")


def module_of(page: str) -> str:
    """The Python of a page, every line where the page has it; what a doctest prints is left out."""
    lines = [""] * (page.count("\n") + 1)
    for block in blocks(page):
        if block.language != "python":
            continue
        code = block.text.split("\n")
        if code[0].startswith(PROMPTS[0]):
            code = [line[4:] if line.startswith(PROMPTS) else "" for line in code]
        lines[block.line - 1 : block.line - 1 + len(code)] = code
    return "\n".join(lines) + "\n"


def check(pages: Iterable[Path], arguments: Iterable[str] = (), folder: Path = MODULES) -> tuple[int, str]:
    """Run mypy on the pages and with other arguments; answers its exit code and what it says, in the pages' own names.

    The modules are kept in ``folder``: mypy's cache remembers errors under the path they were found at.
    """
    folder.mkdir(parents=True, exist_ok=True)
    modules = {}
    for page in pages:
        name = page.relative_to(ROOT).as_posix() if page.is_relative_to(ROOT) else page.name
        code = module_of(page.read_text(encoding="utf-8"))
        if code.strip():
            module = folder / ("page_" + name.removesuffix(".md").replace("/", "_").replace("-", "_") + ".py")
            module.write_text(code, encoding="utf-8")
            modules[str(module)] = name
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *arguments, *modules],
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": str(folder)},
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    told = done.stdout + done.stderr
    for written, name in modules.items():
        # mypy tells a path from the current folder where it can
        told = told.replace(os.path.relpath(written, ROOT), name).replace(written, name)
    return done.returncode, told.rstrip()


def main() -> int:
    """Check the code and every page."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pages = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    code, told = check(pages, settings["tool"]["mypy"]["files"])
    print(told)  # noqa: T201  # what the gate shows
    return code


if __name__ == "__main__":
    sys.exit(main())
