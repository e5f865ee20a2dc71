"""Names of people as they are typed: several in one text, and words that are no name at all."""

from __future__ import annotations

import re

from installflow.orders.spreadsheet.typed import in_doubt, tidy
from installflow.orders.terms import key_of

_BETWEEN = re.compile(r"[/+&;\n]| et ", re.IGNORECASE)
_NO_NAME = re.compile(
    r"\b(?:absente?|puis|conges?|malade|arret|indispo\w*|dispo\w*|remplac\w*|annul\w*|report\w*|attente)\b"
)
"""Words that say something of a person, or name two."""


def is_no_name(text: str) -> bool:
    """Whether a text names nobody for certain: ``?``, ``-``, ``à confirmer``, ``Karim puis Luc``.

    >>> is_no_name("à définir"), is_no_name("-"), is_no_name("Y. Morvandel")
    (True, True, False)
    """
    return in_doubt(text) or not key_of(text) or _NO_NAME.search(key_of(text)) is not None


def names_in(text: str) -> list[str]:
    """The names of a text, in their order.

    >>> names_in("Luc Petit et Karim Benali / Y. Morvandel")
    ['Luc Petit', 'Karim Benali', 'Y. Morvandel']
    """
    return [name for name in map(tidy, _BETWEEN.split(text)) if key_of(name)]


def counted(names: list[str]) -> str:
    """How many technicians were read, and who."""
    count = "deux" if len(names) == 2 else str(len(names))  # noqa: PLR2004
    return f"{count} techniciens lus : {', '.join(names)} ; si c'est une seule personne, corrigez"
