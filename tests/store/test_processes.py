"""Several processes on one file: first opening, and death in the middle of a write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


def test_four_processes_open_one_new_file_at_once(tmp_path: Path, opener):
    url = f"sqlite:///{tmp_path}/new.db"
    processes = [started(OPEN_AND_APPEND, url) for _ in range(4)]
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


def test_what_was_acknowledged_before_a_kill_is_there_and_no_unit_is_half_stored(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/orders.db"
    process = started(APPEND_FOR_EVER, url)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(30)]
    process.kill()
    acknowledged += process.communicate(timeout=30)[0].split()
    store = open_store(url)
    stored = [str(row.id) for row in store.log(0, 1_000_000)]
    store.close()
    assert "" not in acknowledged
    assert set(acknowledged) <= set(stored)
    assert {stored.count(order) for order in stored} == {3}
