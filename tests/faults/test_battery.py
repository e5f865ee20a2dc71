from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import battery
from tests.faults.__main__ import main
from tests.faults.battery import BEGIN, END, FAULTS, PAGE, figures_in, write
from tests.faults.places import Place
from tests.faults.report import Report


def asked(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr("sys.argv", ["tests.faults", *arguments])


def pretend(monkeypatch: pytest.MonkeyPatch, *broken: str) -> None:
    """A fault that hurts nobody."""
    fault = battery.Fault(lambda _: Report("3 kills: 0 lost", list(broken)), ("memory",))
    monkeypatch.setitem(battery.FAULTS, "poison", fault)


def test_every_fault_has_its_figure_in_the_docs_for_every_store():
    figures = figures_in(PAGE.read_text(encoding="utf-8"))
    assert figures.keys() == {(name, store) for name, fault in FAULTS.items() for store in fault.stores}
    assert all(any(letter.isdigit() for letter in figure) for figure in figures.values())


def test_a_figure_takes_the_place_of_the_one_before_and_leaves_the_others(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n\n{BEGIN}\n{END}\n\nAfter.\n", encoding="utf-8")
    write({("poison", "memory"): "1 of 5", ("machine", "memory"): "2 steps"}, page)
    write({("machine", "memory"): "3 steps"}, page)
    text = page.read_text(encoding="utf-8")
    assert figures_in(text) == {("poison", "memory"): "1 of 5", ("machine", "memory"): "3 steps"}
    assert text.startswith("# Before\n")
    assert text.endswith(f"{END}\n\nAfter.\n")


def test_the_command_prints_a_figure_and_writes_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    page = tmp_path / "page.md"
    page.write_text(f"{BEGIN}{END}", encoding="utf-8")
    monkeypatch.setattr("tests.faults.__main__.PAGE", page)
    pretend(monkeypatch)
    asked(monkeypatch, "poison", "--store", "memory", "--write")
    main()
    assert capsys.readouterr().out == "poison (memory): 3 kills: 0 lost\n"
    assert figures_in(page.read_text(encoding="utf-8")) == {("poison", "memory"): "3 kills: 0 lost"}


def test_a_broken_promise_is_told_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    before = PAGE.read_bytes()
    pretend(monkeypatch, "lost: w-3")
    asked(monkeypatch, "poison", "--store", "memory", "--write")
    with pytest.raises(SystemExit, match="1 of 1 broke a promise: nothing is written"):
        main()
    assert capsys.readouterr().out.splitlines()[1:] == ["  lost: w-3"]
    assert PAGE.read_bytes() == before


def test_a_fault_this_machine_does_not_allow_is_said_and_not_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def refuse(_: Place) -> Report:
        raise AssertionError("run all the same")

    monkeypatch.setitem(FAULTS, "poison", battery.Fault(refuse, ("memory",), allowed=lambda _: False))
    asked(monkeypatch, "poison", "--store", "memory")
    main()
    assert capsys.readouterr().out == "poison (memory): NOT RUN, this machine does not allow it\n"


def test_an_unknown_fault_is_refused_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    asked(monkeypatch, "flood")
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert "no fault is called 'flood': choose among kill-writer" in capsys.readouterr().err
