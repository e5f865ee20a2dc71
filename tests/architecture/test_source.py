"""The shape of the source: sizes, names, clocks, state, what the public names say of themselves."""

from __future__ import annotations

import ast
import inspect
import os
import re
from pathlib import Path

import pytest

import installflow
from tests.conftest import ROOT

SOURCE = ROOT / "src" / "installflow"
MODULES = sorted(SOURCE.rglob("*.py"))
MOST_LINES = 400
TELLS_NOTHING = {"utils", "util", "helpers", "helper", "managers", "manager", "common", "misc"}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}
# The edge, where the one clock of an InstallFlow is read.
CLOCK_FILE = SOURCE / "app.py"
MUTATORS = {
    "add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update",
}  # fmt: skip
CONTAINERS = {"list", "dict", "set", "defaultdict", "OrderedDict", "Counter", "deque"}
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")


def project_files():
    """The project's own text files, whether or not git is there."""
    foreign = {"build", "dist", "node_modules"}
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [f for f in folders if (not f.startswith(".") or f == ".ci") and f not in foreign]
        folders[:] = [f for f in folders if f != "__pycache__" and not f.endswith(".egg-info")]
        for name in files:
            file = Path(folder, name)
            if file.suffix in {".py", ".md", ".toml", ".feature", ".csv", ".json", ".txt"} or file.parent.name == ".ci":
                yield file


def clock_readings(tree):
    """The lines that ask the machine what time it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if (owner, node.attr) in CLOCKS:
                yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "time" and node.level == 0:
            yield from (node.lineno for name in node.names if ("time", name.name) in CLOCKS)


def is_container(value):
    if isinstance(value, ast.Call):
        name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        return name in CONTAINERS
    return isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)


def module_state(tree):
    """The lines that change what a module holds: `global`, or a module's own list, dict or set written to."""
    held = set()
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and is_container(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            held |= {target.id for target in targets if isinstance(target, ast.Name)}
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    for node in (node for function in functions for node in ast.walk(function)):
        if isinstance(node, ast.stmt | ast.expr) and (isinstance(node, ast.Global) or changed(node) in held):
            yield node.lineno


def changed(node):
    """The name whose content a node changes: `name[…] = …`, `del name[…]` or `name.append(…)`."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        owner = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
        owner = node.func.value
    else:
        return None
    return owner.id if isinstance(owner, ast.Name) else None


def test_no_file_is_long():
    files = [*MODULES, *(ROOT / "tests").rglob("*.py"), ROOT / "check.py"]
    long = {
        f.relative_to(ROOT).as_posix(): n for f in files if (n := len(f.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_every_module_is_named_after_something():
    assert [f for f in MODULES if f.stem in TELLS_NOTHING or f.parent.name in TELLS_NOTHING] == []


@pytest.mark.parametrize(
    "code",
    [
        "import datetime\ndatetime.datetime.now()",
        "import datetime as dt\ndt.datetime.utcnow()",
        "from datetime import date\ndate.today()",
        "import time\ntime.time()",
        "from time import time",
    ],
)
def test_a_clock_is_seen(code):
    assert len(list(clock_readings(ast.parse(code)))) == 1


def test_the_clock_is_read_once_at_the_edge():
    readings = {file: lines for file in MODULES if (lines := list(clock_readings(ast.parse(file.read_text("utf-8")))))}
    assert set(readings) <= {CLOCK_FILE}
    assert sum(map(len, readings.values())) <= 1


@pytest.mark.parametrize(
    "code",
    [
        "SEEN = {}\ndef f(): SEEN[1] = 2",
        "SEEN: list[int] = []\ndef f(): SEEN.append(1)",
        "SEEN = set()\ndef f(): SEEN.add(1)",
        "N = 0\ndef f():\n    global N",
        "SEEN = {}\nclass C:\n    def f(self):\n        del SEEN[1]",
    ],
)
def test_module_state_is_seen(code):
    assert len(list(module_state(ast.parse(code)))) == 1


def test_a_constant_is_no_state():
    assert list(module_state(ast.parse("NAMES = {'a': 1}\ndef f(seen):\n    seen.append(NAMES['a'])"))) == []


def test_no_module_holds_state():
    """Two InstallFlow objects of one process share nothing."""
    state = {file: lines for file in MODULES if (lines := list(module_state(ast.parse(file.read_text("utf-8")))))}
    assert state == {}


def test_the_public_names_say_what_they_are():
    names = installflow.__all__
    assert len(set(names)) == len(names) > 0
    assert [name for name in names if not inspect.getdoc(getattr(installflow, name))] == []


def test_nothing_is_left_unfinished():
    files = [f for f in project_files() if f.suffix in {".py", ".md", ".feature"}]
    assert [f.relative_to(ROOT).as_posix() for f in files if UNFINISHED.search(f.read_text("utf-8"))] == []


def test_no_file_names_the_machine_it_was_written_on():
    homes = {str(ROOT), str(Path.home())} - {"/"}
    path = re.compile("|".join(rf"(?<![\w.~/-]){re.escape(home)}(?![\w-])" for home in sorted(homes)))
    files = list(project_files())
    assert ROOT / "README.md" in files
    assert [f.relative_to(ROOT).as_posix() for f in files if path.search(f.read_text("utf-8", "replace"))] == []
