"""The validators of events are built on first use: of reading or of recording, whichever comes first."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from installflow.workflow.event import Event
from installflow.workflow.fields import ON_FIRST_USE, FilledText


def declared() -> type[Event]:
    class Lit(Event, topic="lamp.lit"):
        """Somebody lit the lamp."""

        colour: FilledText

    return Lit


def test_nothing_is_built_when_an_event_is_declared():
    assert declared().__pydantic_complete__ is not ON_FIRST_USE


def test_what_is_built_first_for_reading_still_checks_what_is_new():
    lit = declared()
    assert lit.read({"colour": ""}, 1).model_dump() == {"colour": ""}
    with pytest.raises(ValidationError, match="obligatoire"):
        lit.model_validate({"colour": ""})
    with pytest.raises(ValidationError, match="extra_forbidden"):
        lit.model_validate({"colour": "red", "shade": "dark"})
