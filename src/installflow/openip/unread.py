"""What a reader of one value says when it does not understand: the end of a French sentence."""

from __future__ import annotations


class Unread(ValueError):
    """A text that is no such value; its message ends the sentence « … » begins, and quotes nothing.

    It stays inside the reading of pages: a page with such a value is read without it, and a remark says so.
    """
