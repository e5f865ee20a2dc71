"""One key for all the spellings of one name."""

from __future__ import annotations

import re
import unicodedata

_BETWEEN = re.compile(r"[\W_]+")


def key_of(name: str) -> str:
    """The key under which the spellings of one name meet: no case, accents, punctuation or doubled blanks.

    Invisible characters do not make another name; a text without letters or digits has a blank key.

    >>> key_of("  VIP Télécom ") == key_of("vip TELECOM")
    True
    """
    if not name.isascii():
        bare = unicodedata.normalize("NFKD", name)
        name = "".join([c for c in bare if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"])
    return _BETWEEN.sub(" ", name).casefold().strip()
