"""A small disk of one process's own: a tmpfs in a mount namespace, which nobody else sees and which ends with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path


@cache
def apart() -> tuple[str, ...]:
    """How to start a process that may mount; empty where that is not allowed."""
    for command in (("unshare", "--mount"), ("unshare", "--mount", "--map-root-user")):
        with tempfile.TemporaryDirectory(prefix="installflow-disk-") as folder:
            tried = [*command, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]
            if shutil.which("unshare") and subprocess.run(tried, capture_output=True, check=False).returncode == 0:
                return command
    return ()


def mount_small(folder: Path, mebibytes: int) -> None:
    """Mount it; for a process started `apart`, and for no other."""
    mine, outer = (Path(f"/proc/{process}/ns/mnt").readlink() for process in (os.getpid(), os.getppid()))
    assert mine != outer, "not in a namespace apart"
    _run("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder))


def unmount(folder: Path) -> None:
    """Take it away before the process ends."""
    _run("umount", str(folder))


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
