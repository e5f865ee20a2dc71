"""Billing: a view over what the other features record."""

from __future__ import annotations

from installflow.billing.statement import BILLING, BillingLine, BillingRow, statement

__all__ = ["BILLING", "BillingLine", "BillingRow", "statement"]
