"""What every test shares: the plugin under test, requirement tags as markers, what was collected of the features."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, is_hypothesis_test, settings
from pytest_bdd.scenario import find_fixturedefs_for_step, scenario_wrapper_template_registry
from pytest_bdd.steps import step_function_context_registry
from pytest_bdd.utils import registry_get_safe

ROOT = Path(__file__).resolve().parent.parent
FEATURES = ROOT / "features"
UNTRACED = {ROOT / "tests" / folder for folder in ("benchmarks", "docs", "faults")}

# pyproject.toml blocks the entry point and says why; the plugin is loaded here, once coverage has started.
pytest_plugins = ["installflow.testing.plugin", "installflow.testing.steps", "tests.postgres"]

# The suite finds the same examples every time, so a red run is a change and never luck.
# Looking for new ones: pytest --hypothesis-profile=explore.
settings.register_profile(
    "steady", derandomize=True, deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

Scenarios = dict[str, Counter[tuple[Path, str]]]
COLLECTED = pytest.StashKey[Scenarios]()


def pytest_configure(config: pytest.Config) -> None:
    """Register the tags of the feature files, so that markers stay strict."""
    tags = {
        tag
        for file in FEATURES.rglob("*.feature")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.lstrip().startswith("@")
        for tag in re.findall(r"@(\S+)", line)
    }
    for tag in sorted(tags - {"question"}):
        config.addinivalue_line("markers", f"{tag}: examples of this requirement")


def pytest_bdd_apply_tag(tag: str, function: object) -> bool | None:
    """Show a red card as skipped, with its reason: without steps it would pass."""
    if tag != "question":
        return None
    pytest.mark.skip(reason="question sans réponse")(function)
    return True


def pytest_bdd_before_step(request: pytest.FixtureRequest, step) -> None:
    """Refuse a sentence that two steps understand: pytest-bdd would take one by alphabetical order."""
    definitions = find_fixturedefs_for_step(step, request._fixturemanager, request.node)
    contexts = (step_function_context_registry[definition.func] for definition in definitions)
    understood_by = {context.step_func.__qualname__ for context in contexts}
    if len(understood_by) > 1:
        pytest.fail(f"« {step.name} » is understood by several steps: {', '.join(sorted(understood_by))}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Remember which scenarios were collected, before anything is deselected; leave out of coverage what repeats."""
    found: Scenarios = {}
    lasts: dict[str, pytest.Item] = {}
    scenarios: list[pytest.Item] = []
    for item in items:
        # The same lines a hundred times over, at more than twice the price.
        if is_hypothesis_test(getattr(item, "obj", None)) or item.path.parent in UNTRACED:
            item.add_marker(pytest.mark.no_cover)
        template = registry_get_safe(scenario_wrapper_template_registry, getattr(item, "obj", None))
        if template is not None:
            store = item.callspec.params["store_url"]  # type: ignore[attr-defined]  # a scenario has a store
            found.setdefault(store, Counter())[Path(template.feature.filename).resolve(), template.name] += 1
            scenarios.append(item)
            if store == "memory":
                lasts[template.feature.filename] = item
    # The last of each file shows what its steps do; what examples show of the trade is covered by the unit tests.
    for item in set(scenarios).difference(lasts.values()):
        item.add_marker(pytest.mark.no_cover)
    config.stash[COLLECTED] = found


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Leave out of coverage what such a test sets up, too: pytest-cov pauses while it is called, and only then."""
    return (yield from _untraced(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """And what it takes down."""
    return (yield from _untraced(item))


def _untraced(item: pytest.Item) -> Generator[None, None, None]:
    tracer = Coverage.current()
    if tracer is None or item.get_closest_marker("no_cover") is None:
        return (yield)
    tracer.stop()
    try:
        return (yield)
    finally:
        tracer.start()


@pytest.fixture
def collected_scenarios(request: pytest.FixtureRequest) -> Scenarios:
    """How many times each scenario, by file and title, was collected for each store in this run of the whole suite."""
    config = request.config
    asked = {(config.invocation_params.dir / argument).resolve() for argument in config.args}
    if not {ROOT / folder for folder in config.getini("testpaths")} <= asked and ROOT not in asked:
        pytest.skip("only a run of the whole suite collects every scenario")
    return config.stash[COLLECTED]
