"""The order's reference table, `docs/reference/order_transitions.csv`, in the words of the code."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from installflow.orders.order import Order
from installflow.orders.terms import OrderStatus
from installflow.workflow.event import Event, Registry

FILE = Path(__file__).parents[2] / "docs" / "reference" / "order_transitions.csv"
EVERY_OPEN, UNMOVED, NOTHING = "(tout statut ouvert, Stand BY compris)", "(inchangé)", "∅"
STATUSES = {status.label: status for status in OrderStatus} | {
    "Installation (RDV posé)": OrderStatus.RDV_POSE,
    "Installation (clôturée)": OrderStatus.CLOTUREE,
}
REGISTRY = Registry(Order.workflow.events)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    number: str
    source: str
    target: str
    trigger: str
    actor: str

    @property
    def event(self) -> type[Event]:
        event = REGISTRY.named(self.trigger)
        assert event is not None, f"{self.number}: no event answers to {self.trigger}"
        return event

    @property
    def is_answer(self) -> bool:
        """Whether it is one of the facts recordable in every open status."""
        return self.source == EVERY_OPEN


def rows() -> list[Row]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Row(line["id"], line["de"], line["vers"], line["declencheur"], line["acteur"])
            for line in csv.DictReader(file, delimiter=";")
        ]
