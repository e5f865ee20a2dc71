"""How the store is named to people: by its URL, and never with the password it may hold."""

from __future__ import annotations

import re
from urllib.parse import unquote

_FILE = "sqlite:///"

# In a sentence a URL ends at a blank; one that stands alone may hold any character, a blank in its password too.
# What separates may be written in percent too: nobody connects so, but what was meant as a password is one.
_USER_IN_TEXT = re.compile(r"(?i)(?<=://)([^\s:/@%]*(?:%(?!3a)[^\s:/@%]*)*)(:|%3a)[^\s»]*@")
_SETTING_IN_TEXT = re.compile(r"(?i)([^\s?&=«»]{1,200}?)(=|%3d)[^&\s»]*")
_USER = re.compile(r"(?is)(?<=://)([^:/@%]*(?:%(?!3a)[^:/@%]*)*)(:|%3a).*@")
_SETTING = re.compile(r"(?is)([^?&=]{1,200}?)(=|%3d)[^&]*")

_SECRET = "password"  # noqa: S105  # the end of a parameter's name


def without_password(text: str) -> str:
    """A sentence in which no URL shows its password."""
    return _SETTING_IN_TEXT.sub(_setting, _USER_IN_TEXT.sub(r"\1:…@", text))


def place_of(url: str) -> str:
    """The store as sentences name it."""
    shown = url if url.startswith(_FILE) else _SETTING.sub(_setting, _USER.sub(r"\1:…@", url))
    return f"la base « {shown} »"


def _setting(found: re.Match[str]) -> str:
    """A parameter as it is shown, however its name is spelt: PostgreSQL reads ``%70assword`` as ``password``."""
    name = before = found[1]
    while (name := unquote(before)) != before:
        before = name
    return f"{found[1]}{found[2]}…" if name.strip().lower().endswith(_SECRET) else found[0]
