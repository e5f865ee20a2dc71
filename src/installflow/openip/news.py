"""What a look at the portal adds to what is known: the difference is recorded, and nothing else."""

from __future__ import annotations

from typing import Any, TypeVar

from installflow.openip.said import UNSAID, Part

P = TypeVar("P", bound=Part)


def news(known: P, seen: P) -> P | None:
    """What is said now and was not, or was otherwise; ``None`` where nothing is.

    A field the page does not tell says nothing; one it says there is none of (``None``) is news where there was one.
    Parts within parts are compared field by field, lists as a whole.
    """
    said = {
        field: new
        for field in type(known).model_fields
        if (new := _new(getattr(known, field), getattr(seen, field))) is not UNSAID
    }
    return type(known).model_construct(**said) if said else None


def _new(known: Any, seen: Any) -> Any:
    if seen is UNSAID or seen == known:
        return UNSAID
    if _told_in_parts(seen):
        return news(known if isinstance(known, Part) else type(seen)(), seen) or UNSAID
    return seen


def _told_in_parts(value: Any) -> bool:
    """Whether a page may tell some fields of it and not others: a duration is whole, or it is none."""
    return isinstance(value, Part) and not any(field.is_required() for field in type(value).model_fields.values())


def merged(known: P, later: P) -> P:
    """What is known once something was said later."""
    said = {
        field: merged(before, value) if _told_in_parts(value) and isinstance(before, Part) else value
        for field in type(known).model_fields
        if (value := getattr(later, field)) is not UNSAID
        for before in [getattr(known, field)]
    }
    return known.model_copy(update=said) if said else known
