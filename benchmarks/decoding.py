"""The fastest JSON decoder there is on this machine, for the raw limits."""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from pydantic_core import from_json

Decoder = Callable[[bytes], Any]
OPTIONAL = {"orjson": "loads", "msgspec.json": "decode"}
"""Decoders that are tried where they happen to be installed."""


def fastest(sample: Sequence[bytes]) -> tuple[str, Decoder]:
    """The name and function of the one that is quickest over a sample."""
    decoders: dict[str, Decoder] = {"json": json.loads, "pydantic_core": from_json}
    for module, function in OPTIONAL.items():
        try:
            decoders[module] = getattr(importlib.import_module(module), function)
        except ImportError:
            continue
    return min(decoders.items(), key=lambda named: _seconds(named[1], sample))


def _seconds(decode: Decoder, sample: Sequence[bytes]) -> float:
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for one in sample:
            decode(one)
        best = min(best, time.perf_counter() - start)
    return best
