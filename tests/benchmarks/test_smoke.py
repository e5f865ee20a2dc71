from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, main, measure, write
from benchmarks.measuring import TINY, Figure, compare, table


@pytest.mark.parametrize("name", BENCHMARKS)
def test_each_benchmark_runs_and_prints_a_ratio(name: str):
    figures = measure(name, TINY)

    assert all(figure.ratio > 0 for figure in figures)
    lines = table(figures).splitlines()
    assert len(lines) == 2 + len(figures) > 2
    assert all(f"**{figure.ratio:.2f}**" in line for figure, line in zip(figures, lines[2:], strict=True))


def test_each_side_runs_once_a_round_and_takes_turns_at_going_first():
    calls: list[str] = []

    def side(name: str):
        def run(number: int) -> int:
            calls.append(f"{name}{number}")
            return 1

        return run

    (figure,) = compare("work", "things", 2, side("ours"), {"theirs": side("theirs")})

    assert calls == ["theirs0", "ours0", "ours1", "theirs1", "theirs2", "ours2"]
    assert figure.against == "theirs"


def test_figures_are_added_below_those_already_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    readme = tmp_path / "README.md"
    readme.write_text("## Results\n", encoding="utf-8")
    monkeypatch.setattr("benchmarks.__main__.README", readme)

    write([Figure("work", "2 things/s", "others", "1 things/s", 2.0)])

    text = readme.read_text(encoding="utf-8")
    assert text.startswith("## Results\n\n### ")
    assert text.endswith("| work | 2 things/s | others | 1 things/s | **2.00** |\n")


def test_an_unknown_name_is_refused_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.argv", ["benchmarks", "nothing"])

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == 2
    assert "no benchmark is called 'nothing': choose among decide, commands" in capsys.readouterr().err
