"""Amounts in euros and margins, read and written as the portal prints them; always `Decimal`."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import TYPE_CHECKING

from installflow.openip.unread import Unread

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["margin", "read_money", "read_percent", "total", "write_money", "write_percent"]

UNDEFINED = "—"
"""A margin on a client's price of 0."""

_CENT = Decimal("0.01")
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " ") | {"\u2212": "-", "\u2013": "-"})
_NUMBER = r"(?P<sign>[+-]? ?)(?P<whole>[0-9]{1,3}(?: [0-9]{3}){1,3}|[0-9]{1,12})(?:[.,](?P<cents>[0-9]{1,2}))?"
_MONEY = re.compile(rf"{_NUMBER} ?(?:€(?: ?HT)?)?", re.IGNORECASE)
_PERCENT = re.compile(rf"{_NUMBER} ?%")


def read_money(text: str) -> Decimal:
    """The amount a text gives, with its two decimals; raises `Unread` for what could be another amount.

    >>> read_money("1 234,5 €")
    Decimal('1234.50')
    """
    if not (match := _MONEY.fullmatch(_flat(text))):
        msg = "n'est pas un montant (attendu par exemple « 64.00 € »)"
        raise Unread(msg)
    return _decimal(match)


def write_money(amount: Decimal) -> str:
    """The amount as the portal prints it.

    >>> write_money(Decimal("1234.5"))
    '1234.50 €'
    """
    return f"{_rounded(amount)} €"


def read_percent(text: str) -> Decimal | None:
    """The percentage a text gives, ``None`` for a dash; raises `Unread` for anything else."""
    flat = _flat(text)
    if flat in {"-", UNDEFINED}:
        return None
    if not (match := _PERCENT.fullmatch(flat)):
        msg = "n'est pas un pourcentage (attendu par exemple « 100.00 % »)"
        raise Unread(msg)
    return _decimal(match)


def write_percent(percent: Decimal | None) -> str:
    """The percentage as the portal prints it, a dash where there is none."""
    return UNDEFINED if percent is None else f"{_rounded(percent)} %"


def margin(client: Decimal, operator: Decimal) -> Decimal | None:
    """The margin in percent of the client's price, ``None`` when that is 0 (R-OPENIP-11).

    >>> margin(Decimal("64.00"), Decimal("0.00"))
    Decimal('100.00')
    >>> margin(Decimal("3.00"), Decimal("4.00"))
    Decimal('-33.33')
    """
    if not client:
        return None
    with localcontext(_EXACT):
        return _rounded((client - operator) * 100 / client)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of amounts, with two decimals; of none it is 0.00."""
    with localcontext(_EXACT):
        return _rounded(sum(amounts, Decimal(0)))


def _rounded(number: Decimal) -> Decimal:
    with localcontext(_EXACT):
        rounded = number.quantize(_CENT, ROUND_HALF_UP)
        return rounded or abs(rounded)  # never "-0.00"


def _flat(text: str) -> str:
    return " ".join(text.translate(_SPACES).split())


def _decimal(match: re.Match[str]) -> Decimal:
    number = Decimal(f"{match['whole'].replace(' ', '')}.{match['cents'] or '0'}")
    return _rounded(-number if "-" in match["sign"] else number)
