"""PORTA PRÉVUE LE: a state, a date, an operator and remarks, out of one free text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from installflow.orders.spreadsheet.dates import read_date, scan
from installflow.orders.spreadsheet.row import ReadPorta
from installflow.orders.spreadsheet.typed import in_doubt, tidy
from installflow.orders.terms import Porta, key_of

if TYPE_CHECKING:
    import datetime as dt

    from installflow.orders.spreadsheet.dates import Found

NO_PORTA = "sans porta"
_NONE = {f"{no} {what}" for no in ("sans", "pas de", "aucune") for what in ("porta", "portabilite")}
_NONE |= {"sans", "aucune", "non", "neant"}
_NEGATED = re.compile(r"\b(?:non|pas|jamais|plus|avant|si|quand|attente|attend)\b")
_CONFIRMED = re.compile(r"\b(?:fiabilisee?s?|confirmee?s?|validee?s?)\b")
_OK = re.compile(r"\bporta(?:bilite)? (?:(?:est|bien|prevue) )*ok\b|\bok (?:pour )?(?:la )?porta|^ok\b(?! rio)")
_OK_AFTER = re.compile(r"[\s:;,\-–(]*ok\b", re.IGNORECASE)
_OK_BEFORE = re.compile(r"\bok(?:\s+(?:pour|le|au|du))*[\s:;,\-–(]*$", re.IGNORECASE)
_RIO_CAME = re.compile(r"\brio (?:\w+ ){0,2}?(?:ok|recus?|fiabilise|confirme|valide)\b|\bok (?:pour )?(?:le )?rio\b")
"""That the RIO came, or is right, says nothing of the day."""
_ASKED = re.compile(r"\b(?:demandee?s?|demande (?:envoyee|faite|en cours))\b")
_TO_ASK = re.compile(r"\ba (?:demander|faire|lancer)\b")
_OPERATOR = re.compile(
    r"\(?\s*\b(?:op[ée]rateur\s+donneur|donneur|op[ée]rateur|op[ée])\s*[:=]\s*(?P<name>[^();,\n]+?)\s*(?:\)|(?=[;,\n])|\Z)",
    re.IGNORECASE,
)
_LABELS = {key_of(state.label): state for state in Porta if state is not Porta.UNKNOWN}
_FILLER = re.compile(r"^(?:porta(?:bilit[ée])?\s*)?(?:pr[ée]vue\s*)?(?:le\b|au\b)?\s*", re.IGNORECASE)


def read_porta(text: str, today: dt.date) -> tuple[ReadPorta, tuple[str, ...], str]:
    """The cell's pieces, the remarks on them, and the sentence saying why the date could not be read (or blank)."""
    flat = tidy(text)
    if key_of(flat) in _NONE:
        return ReadPorta(Porta.NONE, raw=text), (), ""
    notes: list[str] = []
    found = scan(flat, today)
    dates = {one.date for one in found if one.date}
    # A whole cell may also be one of Excel's serial numbers.
    date = next(iter(dates)) if len(dates) == 1 else read_date(flat, today).date if flat.isdecimal() else None
    why = ""
    if len(dates) > 1:
        why = "PORTA PRÉVUE LE : plusieurs dates dans la cellule ; n'en laissez qu'une"
    elif any(one.date is None for one in found):
        date, why = None, " ; ".join(note for one in found if one.date is None for note in one.notes)
    else:
        notes += [f"PORTA : {note}" for one in found for note in one.notes]
    state, by_ok = _state(flat, found)
    if by_ok:
        notes.append("« ok » est lu comme confirmée : à vérifier")
    if in_doubt(flat):
        notes.append("porta non confirmée : la cellule dit qu'elle reste à vérifier")
    operator, rest = "", flat if date is None else _without_dates(flat, found)
    if match := _OPERATOR.search(rest):
        operator, rest = match["name"].strip(), rest[: match.start()] + " ; " + rest[match.end() :]
    remarks = _remarks(rest) if date is None or found else ""
    if not why and date is None and state is Porta.UNKNOWN and not operator:
        why = f"PORTA PRÉVUE LE sans date certaine « {flat[:60]} » : tapez un jour, ou « {NO_PORTA} »"
    return ReadPorta(state, date, operator, remarks, text), tuple(notes), why


def _state(flat: str, found: list[Found]) -> tuple[Porta, bool]:
    """The state, and whether a mere « ok » of the portability or of its date says it."""
    if in_doubt(flat):
        return Porta.UNKNOWN, False
    key = _RIO_CAME.sub(" ", key_of(flat))
    negated = _NEGATED.search(key)
    by_ok = _OK.search(key.strip()) is not None or any(
        _OK_AFTER.match(flat, one.end) or _OK_BEFORE.search(flat, 0, one.start) for one in found
    )
    if by_ok or _CONFIRMED.search(key):
        return (Porta.UNKNOWN, False) if negated else (Porta.CONFIRMED, by_ok)
    if _TO_ASK.search(key):
        return Porta.TO_ASK, False
    return (Porta.ASKED if _ASKED.search(key) and not negated else Porta.UNKNOWN), False


def _without_dates(flat: str, found: list[Found]) -> str:
    rest = flat
    for one in reversed(found):
        rest = rest[: one.start] + " ; " + rest[one.end :]
    return rest


def _remarks(rest: str) -> str:
    """What is left, without the separators, the words that only announce the date and a bare state."""
    pieces = []
    for piece in rest.split(" ; "):
        piece = piece.strip(" ;,:-()")  # noqa: PLW2901
        piece = _FILLER.sub("", piece).strip(" ;,:-()") if _FILLER.fullmatch(piece) else piece  # noqa: PLW2901
        if piece and key_of(piece) not in _LABELS:
            pieces.append(piece)
    return " ; ".join(pieces)
