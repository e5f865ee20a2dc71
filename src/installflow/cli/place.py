"""How the store is named to people: by its URL, and never with the password it may hold."""

from __future__ import annotations

import re

_FILE = "sqlite:///"

# In a sentence a URL ends at a blank; one that stands alone may hold any character, a blank in its password too.
_USER_IN_TEXT = re.compile(r"(?<=://)([^\s:/@]*):[^\s»]*@")
_SETTING_IN_TEXT = re.compile(r"(?i)\b((?:ssl)?password)=[^&\s»]*")
_USER = re.compile(r"(?s)(?<=://)([^:/@]*):.*@")
_SETTING = re.compile(r"(?is)\b((?:ssl)?password)=[^&]*")


def without_password(text: str) -> str:
    """A sentence in which no URL shows its password."""
    return _SETTING_IN_TEXT.sub(r"\1=…", _USER_IN_TEXT.sub(r"\1:…@", text))


def place_of(url: str) -> str:
    """The store as sentences name it."""
    shown = url if url.startswith(_FILE) else _SETTING.sub(r"\1=…", _USER.sub(r"\1:…@", url))
    return f"la base « {shown} »"
