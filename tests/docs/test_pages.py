"""What the docs say is true: their code runs, their commands print what is shown, their links lead somewhere."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager

import pytest

import installflow
import installflow.openip
import installflow.orders
import installflow.testing
from installflow import InstallFlow, Invalid, StoreUnavailable
from installflow.store import url as urls
from tests.conftest import ROOT
from tests.docs import pages

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
POSTGRES_URL = re.compile(r"\bpostgresql://[^\s`\"')»<]*")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A reader's folder: empty but for the examples, with no setting of ours in the environment."""
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("INSTALLFLOW_DB", "INSTALLFLOW_BY", "INSTALLFLOW_ROLE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def page(folder, text):
    file = folder / "page.md"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_the_code_runs(file, desk):
    pages.run_page(file)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_the_links_lead_somewhere(file):
    assert pages.broken_links(file) == []


def test_every_postgresql_url_can_be_read():
    """By libpq and by us: one that is copied from a page should not be refused for how it is written."""
    pytest.importorskip("psycopg", reason="no PostgreSQL: psycopg is not installed")
    shown = {url: file.name for file in PAGES for url in POSTGRES_URL.findall(file.read_text(encoding="utf-8"))}
    unreadable = {}
    for url, name in shown.items():
        try:
            urls._shown(url)
        except Invalid:
            unreadable[url] = name
    assert len(shown) > 3
    assert unreadable == {}


def test_every_type_of_the_python_reference_has_a_public_name():
    text = (ROOT / "docs" / "reference" / "python-api.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`((?:[A-Z][a-z]+)+)(?:\(.*\))?`", text)) - {"True", "ValidationError"}
    public = {
        *installflow.__all__,
        *installflow.orders.__all__,
        *installflow.openip.__all__,
        *installflow.testing.__all__,
    }
    assert {"Receipt", "BoardRow", "BillingLine", "Story"} <= told
    assert told - public == set()


def test_the_recipe_lends_an_empty_postgresql_store_and_leaves_nothing(desk, postgres_address: str):
    recipe = pages.run_page(ROOT / "docs" / "how-to" / "test-your-own-rules.md")
    with contextmanager(recipe["empty_store"])(postgres_address) as url:
        with InstallFlow(url) as flow:
            assert flow.planning() == []
        assert not InstallFlow.init(url)
    with pytest.raises(StoreUnavailable) as dropped:
        InstallFlow(url)
    assert dropped.value.code == "store_not_initialised"


def test_every_page_is_reached_from_the_index():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    adrs = (ROOT / "docs" / "adr" / "index.md").read_text(encoding="utf-8")
    for file in (ROOT / "docs").rglob("*.md"):
        name = file.relative_to(ROOT / "docs").as_posix()
        if file.parent.name == "adr" and name != "adr/index.md":
            assert f"({file.name})" in adrs, f"{name} is not in docs/adr/index.md"
        elif name != "index.md":
            assert f"({name})" in index, f"{name} is not in docs/index.md"


def test_ci_runs_the_command_of_the_readme():
    command = (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1]
    shown = [b.text for b in pages.blocks((ROOT / "README.md").read_text(encoding="utf-8")) if b.language == "bash"]
    assert any(command in text.splitlines() for text in shown)


def test_blocks_share_a_namespace(desk):
    pages.run_page(
        page(desk, "```python\na = 1\n```\n\n```python\n>>> a + 1\n2\n```\n\n```python\nassert a == 1\n```\n")
    )


@pytest.mark.parametrize("code", ["assert 1 == 2", ">>> 1 + 1\n3"])
def test_code_that_is_not_true_fails(desk, code):
    with pytest.raises(AssertionError):
        pages.run_page(page(desk, f"Text.\n\n```python\n{code}\n```\n"))


def test_an_error_tells_its_line(desk):
    with pytest.raises(ZeroDivisionError) as caught:
        pages.run_page(page(desk, "Text.\n\n```python\na = 1\na / 0\n```\n"))
    assert caught.traceback[-1].lineno == 4


def test_a_command_is_run(desk):
    pages.run_page(page(desk, "```console\n$ installflow --help\n...installflow...\n```\n"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("$ installflow --help  # exit 3", "exit 0, not 3"),
        ("$ installflow no-such-command", "exit 2, not 0"),
        ("$ installflow --help\nNothing of the kind.", "printed:"),
        ("$ rm -r .", "only installflow"),
        ("$ installflow board | head", "no shell"),
    ],
)
def test_a_command_that_does_something_else_fails(desk, text, told):
    with pytest.raises(AssertionError, match=told):
        pages.run_page(page(desk, f"```console\n{text}\n```\n"))


def test_a_setting_lasts_to_the_end_of_the_page(desk):
    export = "```console\n$ export INSTALLFLOW_BY='Sonia M.' INSTALLFLOW_DB=sqlite:///here.db\n```\n\n"
    check = "import os\nassert os.environ['INSTALLFLOW_BY'] == 'Sonia M.'"
    pages.run_page(page(desk, f"{export}```python\n{check}\n```\n"))
    assert not {"INSTALLFLOW_BY", "INSTALLFLOW_DB"} & set(os.environ)


def test_bash_is_only_shown(desk):
    pages.run_page(page(desk, "```bash\n$ installflow no-such-command\n```\n"))


@pytest.mark.parametrize("target", ["gone.md", "page.md#gone", "#gone", "gone/"])
def test_a_broken_link_is_seen(desk, target):
    assert pages.broken_links(page(desk, f"# Here\n\n[there]({target})\n")) == [target]


@pytest.mark.parametrize("target", ["page.md", "#it-is-here", "page.md#it-is-here", "https://example.org", "examples"])
def test_a_good_link_is_followed(desk, target):
    assert pages.broken_links(page(desk, f"# It is here!\n\n[there]({target})\n")) == []
