"""One key for all the spellings of one name."""

from __future__ import annotations

import unicodedata


def key_of(name: str) -> str:
    """The key under which the spellings of one name meet: no case, accents, punctuation or doubled blanks.

    >>> key_of("  VIP Télécom ") == key_of("vip TELECOM")
    True
    """
    bare = unicodedata.normalize("NFKD", name)
    letters = (c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join("".join(letters).casefold().split())
