"""Field types for events: checked when an event is recorded, never again when it is read back.

A check tightened later must not break rows stored before it, so every check of ours goes through
`on_recording`, which stands aside when the store reads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import VERSION, AfterValidator, BeforeValidator, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Callable

E = TypeVar("E")

ON_FIRST_USE = tuple(map(int, VERSION.split(".")[:2])) >= (2, 14)
"""Whether the validators of events and rows are built when they are first used: no command uses them all.

Older pydantic builds them when the class is made: there, two threads at a first use took the base class's validators.
"""

READING = "reading"
"""Validation context of an event read back from the store."""

TEXT_LIMIT = 500
LONG_TEXT_LIMIT = 16_000
"""Lengths in characters; an event as a whole is at most 32 KiB."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but for tabs and line ends, and halves of characters: no store can keep them."""


class PersonalMark:
    """Marks a field that names or reaches a person, so that those fields can be found (and one day encrypted)."""


def on_recording(check: Callable[[Any], Any]) -> AfterValidator:
    """Make ``check`` a validator that runs on new events only; it answers the value or raises `wrong`."""

    def validate(value: Any, info: ValidationInfo) -> Any:
        return value if info.context == READING else check(value)

    return AfterValidator(_standing_aside(validate))


def before_recording(read: Callable[[Any], Any]) -> BeforeValidator:
    """Make ``read`` (what people type → the stored value) a validator that runs on new events only."""

    def validate(value: Any, info: ValidationInfo) -> Any:
        return value if info.context == READING else read(value)

    return BeforeValidator(_standing_aside(validate))


def whole_on_recording(check: Callable[[Any], None]) -> Any:
    """Make a method of an event that looks at several fields a check of new events only; it raises `wrong`."""

    def validate(event: E, info: ValidationInfo) -> E:
        if info.context != READING:
            check(event)
        return event

    return model_validator(mode="after")(_standing_aside(validate))


def _standing_aside(validate: Callable[..., Any]) -> Callable[..., Any]:
    validate.stands_aside = True  # type: ignore[attr-defined]  # a mark on the function, for `reading`
    return validate


def reading(schema: Any) -> Any:
    """The core schema of an event as the store reads it: without the functions that then stand aside anyway.

    Calling them from pydantic's Rust only to be handed the value back took over half of the time of reading an event.
    """
    if isinstance(schema, list):
        return [reading(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") in ("function-before", "function-after"):
        function = schema["function"]["function"]
        if getattr(function, "stands_aside", False):
            inner = reading(schema["schema"])
            return {**inner, "ref": schema["ref"]} if "ref" in schema else inner
    return {key: reading(part) for key, part in schema.items()}


def wrong(sentence: str) -> PydanticCustomError:
    """The error a check raises: its French sentence, kept to the letter."""
    return PydanticCustomError("refused_value", "{sentence}", {"sentence": sentence})


def is_storable(text: str) -> bool:
    """Whether a text has none of the characters no store can keep."""
    return not _FORBIDDEN.search(text)


def clean(text: str, limit: int = LONG_TEXT_LIMIT) -> str:
    """The text without blanks around it; refuses control characters and excessive length."""
    if len(text) > limit:
        msg = f"le texte fait {len(text)} caractères, la limite est {limit} : le raccourcir ou le joindre autrement"
        raise wrong(msg)
    if not is_storable(text):
        msg = "le texte contient des caractères de contrôle : le retaper"
        raise wrong(msg)
    return text.strip()


def _filled(limit: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        text = clean(text, limit)
        if not any(c.isprintable() and not c.isspace() for c in text):  # nothing anybody could see
            msg = "ce champ est obligatoire et ne peut pas être vide"
            raise wrong(msg)
        return text

    return check


Text = Annotated[str, on_recording(lambda text: clean(text, TEXT_LIMIT))]
"""A line of text, possibly blank, stripped."""

LongText = Annotated[str, on_recording(clean)]
"""A text of several lines, possibly blank."""

FilledText = Annotated[str, on_recording(_filled(TEXT_LIMIT))]
"""A line of text that may not be blank."""

FilledLongText = Annotated[str, on_recording(_filled(LONG_TEXT_LIMIT))]
"""A text of several lines that may not be blank."""

Personal = Annotated[str, PersonalMark(), on_recording(lambda text: clean(text, TEXT_LIMIT))]
"""A text that names or reaches a person; possibly blank. No personal value stands outside fields of this type."""

FilledPersonal = Annotated[str, PersonalMark(), on_recording(_filled(TEXT_LIMIT))]
"""A text that names or reaches a person and may not be blank."""

FilledPersonalText = Annotated[str, PersonalMark(), on_recording(_filled(LONG_TEXT_LIMIT))]
"""Free text of several lines in which people are named and that may not be blank."""

PersonalText = Annotated[str, PersonalMark(), on_recording(clean)]
"""Free text of several lines in which people are named; possibly blank."""
