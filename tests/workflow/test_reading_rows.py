"""Rows read again: those that did not change are the same objects; each is read as far as somebody asks."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

import pytest

from installflow.workflow.reading import UNREADABLE, Line, Reading
from installflow.workflow.view import CUT, Frozen, View


class Name(Frozen):
    text: str


class Initial(NamedTuple):
    letter: str

    @classmethod
    def of(cls, row: Name) -> Initial:
        return cls(row.text[:1])

    @classmethod
    def read(cls, stored: list[str]) -> Initial:
        return cls(*stored)


NAMES: View[Name] = View("names", 1, Name, lambda row, _recorded: row, ())
INITIALS: View[Name] = View(
    "initials", 1, Name, lambda row, _recorded: row, (), lambda row: () if row.text == "over" else None, Initial
)
ID, OTHER = UUID(int=1), UUID(int=2)


def never(one: UUID) -> Name:
    raise AssertionError(one)


def line(view: View[Name], stored: bytes) -> Line[Name]:
    return Line(view, ID, stored, never)


def test_what_there_is_room_for_is_kept_and_the_rest_is_read_anew():
    one, two = ((each, NAMES.encode(Name(text=text))) for each, text in ((ID, "one"), (OTHER, "two")))
    reading = Reading(NAMES, never, limit=len(one[1]))
    first, second = reading.everyday([one, two])
    again, anew = reading.everyday([one, two])
    assert again is first
    assert (anew.row, anew is second) == (second.row, False)


def test_a_brief_stands_before_the_rows_everyday_screens_show_and_nothing_before_the_others():
    assert INITIALS.encode(Name(text="a,\nb")) == b'[["a"]' + CUT + b'{"text":"a,\\nb"}]'
    assert INITIALS.encode(Name(text="over")) == NAMES.encode(Name(text="over")) == b'{"text":"over"}'
    for text in ("a,\nb", "over", ""):
        row = Name(text=text)
        assert INITIALS.decode(INITIALS.encode(row)) == row
        assert line(INITIALS, INITIALS.encode(row)).brief == Initial.of(row) == Line.of(INITIALS, ID, row).brief


def test_a_row_is_not_read_for_what_stands_before_it():
    damaged = line(INITIALS, b'[["a"]' + CUT + b"{]")
    assert damaged.brief == Initial("a")
    with pytest.raises(UNREADABLE):
        damaged.read()


def test_a_damaged_row_is_made_again_when_it_is_asked_for():
    one = Line(INITIALS, ID, b'[["a"]' + CUT + b"{]", lambda one: Name(text=str(one)))
    assert one.row == Name(text=str(ID))
    assert one.row is one.row


@pytest.mark.parametrize("stored", [b"{", b"[[" + CUT, b'[["a","b"]' + CUT + b"{}]", b"[5" + CUT + b"{}]"])
def test_a_damaged_brief_is_no_brief(stored: bytes):
    with pytest.raises(UNREADABLE):
        line(INITIALS, stored).brief  # noqa: B018  # reading it is what fails


def test_a_line_has_nothing_else_and_no_brief_where_its_view_makes_none():
    with pytest.raises(AttributeError):
        line(NAMES, NAMES.encode(Name(text="a"))).brief  # noqa: B018  # reading it is what fails
    with pytest.raises(AttributeError):
        line(INITIALS, b"").text  # noqa: B018
