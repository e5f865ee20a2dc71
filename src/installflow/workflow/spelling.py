"""One key for all the spellings of one name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BETWEEN = re.compile(r"[\W_]+")


@lru_cache(maxsize=8192)  # the same partners, technicians and words come back on every line of a board
def key_of(name: str) -> str:
    """The key under which the spellings of one name meet: no case, accents, punctuation or doubled blanks.

    Invisible characters do not make another name; a text without letters or digits has a blank key.

    >>> key_of("  VIP Télécom ") == key_of("vip TELECOM")
    True
    """
    if not name.isascii():
        bare = unicodedata.normalize("NFKD", name)
        name = "".join([c for c in bare if c < "\x80" or not _is_silent(c)])
    return _BETWEEN.sub(" ", name).casefold().strip()


def _is_silent(character: str) -> bool:
    return unicodedata.combining(character) != 0 or unicodedata.category(character) == "Cf"
