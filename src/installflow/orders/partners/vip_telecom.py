"""VIP TELECOM: we may not contact the client; the partner confirms with the client (R-BOARD-26, A-11)."""

from __future__ import annotations

from installflow.orders.terms import OrderStatus
from installflow.orders.waits import PARTNER
from installflow.workflow.policy import Policy, WaitAsked

POLICY = Policy(
    "VIP TELECOM",
    spellings=("VIP Télécom", "VIP"),
    parameters={"client_contact": False, "confirmer": "VIP TELECOM"},
    waits={
        "TechnicianRequested": (WaitAsked(PARTNER, "VIP TELECOM"),),
        OrderStatus.ATTENTE_PARTE: (WaitAsked(PARTNER, "VIP TELECOM"),),
    },
)
