"""Several processes on one store: making it, and death in the middle of a write."""

from __future__ import annotations

import subprocess
import sys

import pytest

from installflow.store import open_store

OPEN_AND_APPEND = """
import sys
from uuid import uuid4
from installflow.store import open_store
print("ready", flush=True)
sys.stdin.readline()
store = open_store(sys.argv[1])
print(*[store.append([(uuid4(), 1, "order.order_received", b"[]")])[0] for _ in range(10)])
store.close()
"""

INIT_AND_APPEND = OPEN_AND_APPEND.replace(
    "store = open_store", "from installflow.store import init_store\ninit_store(sys.argv[1])\nstore = open_store"
)

APPEND_FOR_EVER = """
import sys
from uuid import uuid4
from installflow.store import open_store
store = open_store(sys.argv[1])
while True:
    order = uuid4()
    store.append([(order, version, "order.order_received", b"[]") for version in (1, 2, 3)])
    print(order, flush=True)
"""


def started(script: str, url: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", script, url], stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.parametrize("kind", ["file", "postgres"])
def test_four_processes_make_one_new_store_at_once(request: pytest.FixtureRequest, file_url: str, opener, kind: str):
    if kind == "file":  # made by whoever opens it first
        url, script = file_url, OPEN_AND_APPEND
    else:
        url, script = request.getfixturevalue("new_postgres_url")(initialised=False), INIT_AND_APPEND
    processes = [started(script, url) for _ in range(4)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    positions: list[int] = []
    for process in processes:
        output, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (0, "")
        positions += map(int, output.split())
    assert sorted(positions) == list(range(1, 41))
    assert opener(url).position() == 40


def test_what_was_acknowledged_before_a_kill_is_there_and_no_unit_is_half_stored(store_url: str | None):
    if store_url is None:
        pytest.skip("what is in memory dies with its process")
    process = started(APPEND_FOR_EVER, store_url)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(30)]
    process.kill()
    acknowledged += process.communicate(timeout=30)[0].split()
    store = open_store(store_url)
    stored = [str(row.id) for row in store.log(0, 1_000_000)]
    store.close()
    assert "" not in acknowledged
    assert set(acknowledged) <= set(stored)
    assert {stored.count(order) for order in stored} == {3}
