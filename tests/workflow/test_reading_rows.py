"""Rows read again: those that did not change are the same objects, as far as there is room for them."""

from __future__ import annotations

from installflow.workflow.view import Frozen, Reading, View


class Name(Frozen):
    text: str


NAMES: View[Name] = View("names", 1, Name, lambda row, _recorded: row, ())
ONE, TWO = (NAMES.encode(Name(text=text)) for text in ("one", "two"))


def test_what_there_is_room_for_is_kept_and_the_rest_is_read_anew():
    reading = Reading(NAMES, limit=len(ONE))
    first, second = reading.everyday([ONE, TWO])
    again, anew = reading.everyday([ONE, TWO])
    assert again is first
    assert (anew, anew is second) == (second, False)
