from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, main, measure, write
from benchmarks.decoding import fastest
from benchmarks.measuring import TINY, Figure, Result, Skipped, compare, table
from benchmarks.worker import Worker

NO_SERVER = "no server: give --postgres URL"
IN_MEMORY = Path("/dev/shm")  # noqa: S108  # a folder in memory, where there is one


@pytest.fixture(autouse=True)
def in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing is measured here, so no commit has to wait for a disk.
    if IN_MEMORY.is_dir():
        monkeypatch.setattr("tempfile.tempdir", str(IN_MEMORY))


def figures(results: list[Result]) -> list[Figure]:
    return [one for one in results if isinstance(one, Figure)]


@pytest.mark.parametrize("name", sorted(set(BENCHMARKS) - {"peers"}))
def test_each_benchmark_runs_and_prints_a_ratio(name: str):
    results = measure(name, TINY)

    measured = figures(results)
    assert all(figure.ratio > 0 for figure in measured)
    lines = table(measured).splitlines()
    assert len(lines) == 2 + len(measured) > 2
    assert all(f"**{figure.ratio:.2f}**" in line for figure, line in zip(measured, lines[2:], strict=True))
    skipped = [one for one in results if isinstance(one, Skipped)]
    assert [one.why for one in skipped] == ([] if name == "decide" else [NO_SERVER])


@pytest.mark.parametrize("name", ["board", "commands", "rebuild"])
def test_postgresql_is_measured_beside_the_files(name: str, postgres_address: str):
    results = measure(name, TINY, postgres_address)

    assert results == figures(results)
    assert any("PostgreSQL" in figure.what and figure.ratio > 0 for figure in figures(results))


def test_peers_are_said_to_be_left_out_where_they_have_no_environment():
    assert [one.what for one in measure("peers", TINY) if isinstance(one, Skipped)] == ["eventsource-py", "protean"]


def test_each_side_runs_once_a_round_and_takes_turns_at_going_first():
    calls: list[str] = []

    def side(name: str):
        def run(number: int) -> int:
            calls.append(f"{name}{number}")
            return 1

        return run

    (figure,) = figures(compare("work", "things", 2, side("ours"), {"theirs": side("theirs")}))

    assert calls == ["theirs0", "ours0", "ours1", "theirs1", "theirs2", "ours2"]
    assert figure.against == "theirs"


@pytest.mark.parametrize(
    ("ratio", "target", "row"),
    [
        (2.0, 1.5, "| **2.00** | ≥ 1.5 | yes |"),
        (1.5, 1.5, "| **1.50** | ≥ 1.5 | yes |"),
        (1.49, 1.5, "| **1.49** | ≥ 1.5 | no |"),
        (1.49, None, "| **1.49** |  |  |"),
    ],
)
def test_a_figure_says_whether_its_target_is_met(ratio: float, target: float | None, row: str):
    assert table([Figure("work", "2 things/s", "others", "1 things/s", ratio, target)]).endswith(row)


def test_a_worker_answers_from_a_process_of_its_own_and_says_when_it_is_no_more():
    with Worker("benchmarks.memory:measured") as worker:
        assert worker.do() > 1

    with Worker("benchmarks.memory:nothing") as lost, pytest.raises(RuntimeError, match="a worker ended with 1"):
        lost.do()


def test_the_fastest_decoder_reads_what_was_written():
    _, decode = fastest([b'{"a": [1, null, "\xc3\xa9"]}'])

    assert decode(b'{"a": [1, null, "\xc3\xa9"]}') == {"a": [1, None, "é"]}


def test_figures_are_added_below_those_already_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    readme = tmp_path / "README.md"
    readme.write_text("## Results\n", encoding="utf-8")
    monkeypatch.setattr("benchmarks.__main__.README", readme)

    write([Figure("work", "2 things/s", "others", "1 things/s", 2.0), Skipped("more", "no time")], "PostgreSQL 15")

    text = readme.read_text(encoding="utf-8")
    assert text.startswith("## Results\n\n### ")
    assert "PostgreSQL 15" in text
    assert text.endswith(
        "| work | 2 things/s | others | 1 things/s | **2.00** |  |  |\n\n- not measured: more (no time)\n"
    )


def test_an_unknown_name_is_refused_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.argv", ["benchmarks", "nothing"])

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == 2
    assert "no benchmark is called 'nothing': choose among decide, commands" in capsys.readouterr().err
