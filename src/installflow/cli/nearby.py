"""Says on stderr that a name typed as a filter is nobody's: an empty list would look like good news."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from installflow.cli.writing import warn
from installflow.orders.naming import is_among, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable

NEAR = 3
CLOSE = 0.6


def tell_nobody(said: str, typed: str, names: Iterable[str]) -> None:
    """Say ``said`` of a name that is none of these, nor a part of one, with those that are near."""
    if not typed.strip():
        return
    known = list(dict.fromkeys(filter(None, names)))
    if is_among(typed, known):
        return
    near = near_of(typed, known)
    hint = f" ; peut-être {' ou '.join(near)}" if near else ""
    warn(f"⚠ {said} « {typed.strip()[:60]} » au tableau{hint}")


def near_of(typed: str, names: Iterable[str], cutoff: float = CLOSE) -> list[str]:
    """The names that what was typed is near of, whole or by one of their words."""
    keys: dict[str, str] = {}
    for name in names:
        for part in (name, *name.split()):
            keys.setdefault(squeezed(part), name)
    close = difflib.get_close_matches(squeezed(typed), keys, n=2 * NEAR, cutoff=cutoff)
    return list(dict.fromkeys(keys[key] for key in close))[:NEAR]
