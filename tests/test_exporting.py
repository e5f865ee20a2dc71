"""A board written by an application is the board it reads, and an import finds nothing changed in it."""

from __future__ import annotations

import datetime as dt

import pytest

from installflow import Invalid, export_board, import_board
from installflow.orders import OrderReceived, ReminderSet, Slot, VisitScheduled
from installflow.orders.spreadsheet import read_board

TODAY = dt.date(2027, 3, 2)


@pytest.fixture
def planned(flow, actor):
    order = flow.open(OrderReceived(client="Garage Petit", partner="HIGHCOM", phones=2), by=actor())
    flow.record(order.id, VisitScheduled(date=dt.date(2027, 4, 14), slot=Slot.H0930), by=actor())
    flow.record(order.id, ReminderSet(date=TODAY, check="colis parti ?"), by=actor())
    return order


@pytest.mark.parametrize("name", ["planning.csv", "planning.XLSX"])
def test_what_is_written_is_read_back_without_a_change(flow, actor, planned, tmp_path, name):
    file = tmp_path / name
    export_board(flow.planning(), file, today=TODAY, agenda=flow.today())
    (line,) = read_board(file).rows
    assert (line.cells["CLIENT"], line.cells["HEURE"]) == ("Garage Petit", "9H30")
    report = import_board(flow, file, by=actor(), today=TODAY)
    assert (report.unchanged, report.updated, report.created) == (1, 0, 0)


def test_the_workbook_has_the_list_of_the_day_and_the_alerts(flow, planned, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    export_board(flow.planning(), tmp_path / "planning.xlsx", today=TODAY, agenda=flow.today())
    book = openpyxl.load_workbook(tmp_path / "planning.xlsx")
    texts = {sheet.title: [cell.value for row in sheet for cell in row if cell.value] for sheet in book}
    assert any("colis parti ?" in text for text in texts["Aujourd'hui"])
    assert {*flow.row(planned.id).alerts} <= {*texts["Alertes"]}


def test_the_kind_may_be_said_apart_from_the_name(flow, planned, tmp_path):
    export_board(flow.planning(), tmp_path / "sent.txt", today=TODAY, kind="csv")
    assert "Garage Petit" in (tmp_path / "sent.txt").read_text(encoding="utf-8-sig")


def test_another_ending_is_refused_and_nothing_written(flow, planned, tmp_path):
    with pytest.raises(Invalid, match=r"s'écrit en \.csv ou en \.xlsx"):
        export_board(flow.planning(), tmp_path / "planning.ods", today=TODAY)
    assert list(tmp_path.iterdir()) == []
