"""HIGHCOM: nothing of its own, the default process (A-12)."""

from __future__ import annotations

from installflow.workflow.policy import Policy

POLICY = Policy("HIGHCOM")
