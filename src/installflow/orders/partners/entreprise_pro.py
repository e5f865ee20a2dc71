"""Entreprise Pro: waits for the confirmation of the BVC Orange (R-BOARD-27)."""

from __future__ import annotations

from installflow.orders.terms import OrderStatus
from installflow.orders.waits import PARTNER
from installflow.workflow.policy import Policy, WaitAsked

POLICY = Policy(
    "Entreprise Pro",
    spellings=("Entreprise Pro BVC Orange",),
    parameters={"confirmer": "BVC Orange"},
    waits={
        "TechnicianRequested": (WaitAsked(PARTNER, "BVC Orange"),),
        OrderStatus.ATTENTE_PARTE: (WaitAsked(PARTNER, "BVC Orange"),),
    },
)
