from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from installflow import InstallFlow, Refused
from installflow.importing import import_board
from installflow.orders import BillingNoted, OrderReceived, events, notes
from installflow.orders.spreadsheet import BoardLine, write_csv, write_xlsx
from installflow.orders.terms import HEADERS, OrderStatus
from tests.importing.boards import PLANNER, TODAY, Board, counts, line
from tests.importing.conftest import FreshStore, seconds

DAYS = ("25/11/2026", "26/11/2026", "14/12/2026", "12/01/2027")
CLIENTS = ("Garage Petit", "Hôtel du Lac", "Crèche", "Lycée")
PARTNERS = ("HIGHCOM", "VIP TELECOM", "Entreprise Pro", "Autre")
PEOPLE = ("Karim", "Nadia L.", "Y. Morvandel")
REST = tuple(header for header in HEADERS if header not in {"CLIENT", "PARTENAIRE"})
TEXTS = ("rappeler", "switch à prévoir\n2 bornes", "=1+1", "12 postes", "- à voir", "porte 3 ; code « 12 »")

acts: dict[str, st.SearchStrategy[Any]] = {
    "visit": st.builds(
        notes.VisitScheduled,
        date=st.sampled_from(DAYS),
        slot=st.sampled_from(("9H", "14H 30", None)),
        origin=st.sampled_from(((), "Direct", "5 com", "Direct + Occitech")),
        technician=st.sampled_from(((), *PEOPLE, "Karim / Nadia L.")),
        project_manager=st.sampled_from(("", "Inès")),
        override_reason=st.sampled_from(("", "renfort sur le même site")),
    ),
    "no date": st.just(notes.VisitScheduled(remove_date=True)),
    "reminder": st.builds(
        notes.ReminderSet, date=st.sampled_from(DAYS), check=st.sampled_from(("", "rappeler le partenaire"))
    ),
    "reminder done": st.builds(notes.ReminderDone, result=st.just("vu")),
    "comment": st.builds(notes.CommentAdded, text=st.sampled_from(TEXTS)),
    "billing": st.builds(BillingNoted, text=st.sampled_from(TEXTS)),
    "sent": st.builds(notes.ParcelSent, tracking=st.sampled_from(((), "XW004123875FR", "EE550187324FR / 6A12345678"))),
    "delivered": st.just(notes.ParcelDelivered()),
    "porta": st.builds(
        notes.PortabilityNoted,
        state=st.sampled_from(("sans", "à demander", "demandée", None)),
        date=st.sampled_from((None, *DAYS)),
        operator=st.sampled_from(("", "opérateur historique")),
    ),
    "porta confirmed": st.builds(
        events.PortabilityConfirmed, date=st.sampled_from(DAYS), source=st.just("OpenIP")
    ),
    "status": st.builds(
        events.StatusCorrected, status=st.sampled_from(list(OrderStatus)), reason=st.just("erreur de saisie")
    ),
    "collecte": st.just(events.CollecteStarted()),
    "stand by": st.just(events.PutOnStandBy(reason="travaux")),
    "resumed": st.just(events.Resumed()),
    "cancelled": st.just(events.CancellationRequested(reason="perte du contrat")),
    "details": st.builds(notes.DetailsChanged, phones=st.integers(0, 30)),
}  # fmt: skip
act = st.one_of(*acts.values())
opening = st.builds(
    OrderReceived,
    client=st.sampled_from(CLIENTS),
    partner=st.sampled_from(PARTNERS),
    phones=st.one_of(st.none(), st.integers(0, 30)),
    porta=st.sampled_from(("inconnue", "sans", "demandee")),
)
cell = st.sampled_from(
    ("", "14/12/2026", "lundi 23 nov", "9h30", "Karim", "stand by", "Installation", "??", "12 postes")
)
typed_line = st.builds(
    lambda client, partner, cells: {"CLIENT": client, "PARTENAIRE": partner} | dict(zip(REST, cells, strict=True)),
    st.sampled_from(CLIENTS),
    st.sampled_from(PARTNERS),
    st.tuples(*([cell] * len(REST))),
)
stories = st.lists(st.tuples(opening, st.lists(act, max_size=7)), max_size=4)
histories = st.tuples(stories, st.lists(typed_line, max_size=3))


def one_line_each(most: int) -> st.SearchStrategy[list[dict[str, str]]]:
    """Lines of different clients, or partners: none is like another."""
    return st.lists(
        typed_line, min_size=1, max_size=most, unique_by=lambda cells: (cells["CLIENT"], cells["PARTENAIRE"])
    )


# Each example is a store or two: half as many as the profile asks for.
HALF = settings(max_examples=settings().max_examples // 2)


def played(board: Board, history: Any) -> None:
    """A store after a random history: orders imported, orders opened, and things that happened to both."""
    orders, lines = history
    if lines:
        board.imports(*lines)
    ids = [row.id for row in board.flow.planning(all=True)]
    for order, story in orders:
        ids.append(board.flow.open(order, by=PLANNER).id)
        for place, event in enumerate(story):
            try:
                board.flow.record(ids[place % len(ids)], event, by=PLANNER)
            except Refused:
                continue


def exported(board: Board, name: str) -> Path:
    lines = [BoardLine(str(row.id), row.cells) for row in board.flow.planning(all=True)]
    path = board.folder / name
    if name.endswith("xlsx"):
        write_xlsx(path, lines, today=TODAY)
    else:
        write_csv(path, lines)
    return path


@HALF
@given(histories, st.sampled_from(("export.csv", "export.xlsx")))
def test_an_export_imported_again_is_no_change(fresh_store: FreshStore, history: Any, name: str) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        InstallFlow(fresh_store(), clock=seconds(), synchronous="NORMAL") as flow,
    ):
        board = Board(flow, Path(folder))
        played(board, history)
        path, position = exported(board, name), board.position
        report = import_board(flow, path, by=PLANNER, today=TODAY)
        assert (report.created, report.updated, report.conflicts, report.absent) == (0, 0, 0, 0), report.warnings
        assert board.position == position


@HALF
@given(histories)
def test_an_export_into_a_fresh_store_is_the_same_board(fresh_store: FreshStore, history: Any) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        InstallFlow(fresh_store(), clock=seconds(), synchronous="NORMAL") as flow,
    ):
        board = Board(flow, Path(folder))
        played(board, history)
        path = exported(board, "export.csv")
        with InstallFlow() as fresh:
            report = import_board(fresh, path, by=PLANNER, today=TODAY)
            before = sorted(map(shown, flow.planning(all=True)))
            assert report.created == len(before), report.warnings
            assert sorted(map(shown, fresh.planning(all=True))) == before


def shown(row: Any) -> list[str]:
    return [" ".join(text.split()) for text in row.cells.values()]


@HALF
@given(one_line_each(4), st.data())
def test_any_edit_of_a_file_is_taken_once(
    fresh_store: FreshStore, lines: list[dict[str, str]], data: st.DataObject
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        InstallFlow(fresh_store(), clock=seconds(), synchronous="NORMAL") as flow,
    ):
        board = Board(flow, Path(folder))
        board.imports(*lines)
        edited = [dict(cells) for cells in lines]
        for cells in edited:
            cells.update(data.draw(st.dictionaries(st.sampled_from(REST), cell, max_size=4)))
        report = board.imports(*edited)
        assert (report.skipped, report.conflicts) == (0, 0), report.warnings
        position = board.position
        again = board.imports(*edited)
        assert (again.created, again.updated, again.skipped, again.conflicts) == (0, 0, 0, 0), again.warnings
        assert board.position == position


@HALF
@given(
    st.lists(typed_line, min_size=1, max_size=3, unique_by=lambda c: (c["CLIENT"], c["PARTENAIRE"])),
    st.lists(act, max_size=6),
)
def test_an_old_file_never_reverts_newer_work(
    fresh_store: FreshStore, lines: list[dict[str, str]], story: list[Any]
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        InstallFlow(fresh_store(), clock=seconds(), synchronous="NORMAL") as flow,
    ):
        board = Board(flow, Path(folder))
        board.imports(*lines)
        ids = [row.id for row in flow.planning(all=True)]
        for place, event in enumerate(story):
            try:
                flow.record(ids[place % len(ids)], event, by=PLANNER)
            except Refused:
                continue
        position = board.position
        assert counts(board.imports(*lines)).get("unchanged") == len(lines)
        assert board.position == position


def test_a_formula_comes_back_as_the_text_it_is(board: Board) -> None:
    board.imports(line("Hôtel", INFOS="=SOMME(150;36)", COMMENT="+33 1 99 00 45 10"))
    for name in ("export.csv", "export.xlsx"):
        assert counts(import_board(board.flow, exported(board, name), by=PLANNER, today=TODAY)) == {"unchanged": 1}


renaming = st.builds(notes.DetailsChanged, client=st.sampled_from(CLIENTS))


@HALF
@given(histories, st.lists(st.tuples(st.integers(0, 9), st.one_of(act, renaming)), max_size=6))
def test_an_old_export_never_reverts_newer_work(
    fresh_store: FreshStore, history: Any, newer: list[tuple[int, Any]]
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        InstallFlow(fresh_store(), clock=seconds(), synchronous="NORMAL") as flow,
    ):
        board = Board(flow, Path(folder))
        played(board, history)
        old = exported(board, "export.csv")
        ids = [row.id for row in flow.planning(all=True)]
        for place, event in newer if ids else ():
            try:
                flow.record(ids[place % len(ids)], event, by=PLANNER)
            except Refused:
                continue
        before = {row.id: row.cells for row in flow.planning(all=True)}
        import_board(flow, old, by=PLANNER, today=TODAY)
        assert {row.id: row.cells for row in flow.planning(all=True)} == before
