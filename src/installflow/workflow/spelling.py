"""One key for all the spellings of one name."""

from __future__ import annotations

import re
import unicodedata

_BETWEEN = re.compile(r"[\W_]+")


def key_of(name: str) -> str:
    """The key under which the spellings of one name meet: no case, accents, punctuation or doubled blanks.

    >>> key_of("  VIP Télécom ") == key_of("vip TELECOM")
    True
    """
    if not name.isascii():
        bare = unicodedata.normalize("NFKD", name)
        name = "".join([c for c in bare if not unicodedata.combining(c)])
    return _BETWEEN.sub(" ", name).casefold().strip()
