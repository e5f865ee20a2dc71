"""A page of OpenIP's portal, as somebody pasted it, into events: what is new since the last look, and nothing else.

What a page tells is read and compared in ``openip``, purely; here it meets the flow. An offer and its sheets are one
unit of work as far as one can hold them, and nothing is lost by an interruption: the same page again records the rest.
"""

from __future__ import annotations

from installflow.observing.observed import DocumentSeen, Observed
from installflow.observing.observing import observe

__all__ = ["DocumentSeen", "Observed", "observe"]
