"""COMMENTAIRES PLANIF: what the free text says that the board has no column for; proposals, never decisions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installflow.france.telephone import without_numbers
from installflow.orders.spreadsheet.dates import scan
from installflow.orders.spreadsheet.typed import tidy
from installflow.orders.terms import key_of

if TYPE_CHECKING:
    import datetime as dt

CONTRACT_LOST = "perte du contrat"
MIND_CHANGED = "changement d'avis du client"

_WORDS = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
_COUNTS = {"une": 1} | {word: count for count, word in enumerate(_WORDS, 1)}
_PHONES = re.compile(
    rf"(?<![\w.,/:+\-])(?P<count>[0-9]{{1,3}}|{'|'.join(_COUNTS)})\s?x?\s?"
    r"(?P<noun>postes?|t[ée]l[ée]phones?|t[ée]ls?\b|combin[ée]s?|portables?\b|T[0-9]{2}[A-Z]?\b)",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?:\+\s?de|plus de|moins de|au moins|environ|env\.?|~|≈|(?<![0-9])[0-9]{1,3}\s?(?:à|a|ou|-|–|/))\s?"
    rf"(?:[0-9]{{1,3}}|{'|'.join(_COUNTS)})\s?x?\s?"
    r"(?:postes?|t[ée]l[ée]phones?|t[ée]ls?\b|combin[ée]s?|portables?\b)",
    re.IGNORECASE,
)
_LOST = re.compile(r"\bperte (?:du|de|d un) contrat|\bcontrat perdu\b")
_CHANGED = re.compile(r"\bne veu(?:t|lent) plus\b|\bchange(?:ment)? d avis\b|\brenonce\b|\bse retracte\b")
_CONFIRMED_BY = re.compile(r"\bconfirm(?:e|ee|ation)s? (?:par|de|du|avec) (?P<who>.*)")
_NOT_CONFIRMED = re.compile(r"\b(?:pas|non|attente|attend|a) (?:encore |de (?:la )?)?confirm")
_POSTPONED = re.compile(r"\b(?:report\w*|d[ée]cal\w*)\b[^.\n]{0,30}?\b(?:au|le)\s", re.IGNORECASE)
_SAYS_CONFIRMED = re.compile(r"\bporta(?:bilite)? (?:est |bien )*(?:fiabilisee|confirmee|validee)\b")
_NO_COLLECTE = re.compile(r"\bcollecte (?:pas|non|jamais) faite\b|\b(?:sans|pas de) collecte\b|\bcollecte a faire\b")
_BVC = re.compile(r"\bbvc\b(?: orange\b)?")
_CLIENT = r"(?:le |la |les |du |au )?(?:client|cliente|clients|gerant|gerante|responsable|directeur|directrice)"
_REACHED = r"(?:appele|rappele|contacte|recontacte|joint|eu|prevenu|relance|telephone|ecrit)s?(?: a| au)?"
_WE_CALLED = re.compile(
    rf"\b(?:j ai|on a|nous avons|je viens de?|je l ai)\s(?:deja |bien |re)?{_REACHED} {_CLIENT}\b"
    rf"|(?:^|\n)(?:appele|rappele|contacte|joint|relance) {_CLIENT}\b"
    r"|\bclient(?:e|s)? (?:appele|rappele|contacte|joint|relance|prevenu)e?s?"
    r"(?: par (?:nous|nos|mail|tel|telephone)\b| le [0-9]| ce | hier\b|$)"
    rf"|\b(?:vu|confirme|cale) (?:par (?:mail|tel|telephone|sms) )?avec {_CLIENT}\b"
)


@dataclass(frozen=True, slots=True)
class Phones:
    """Telephones read in a text: the count when one can be told, and the sentence to show."""

    count: int | None = None
    message: str = ""


def read_phones(text: str) -> Phones:
    """The telephones a comment announces; bases, antennas, switches and telephone numbers are none (A-03).

    >>> read_phones("3 postes T46 + 1 base DECT").count, read_phones("12 postes + 2 bornes").count
    (3, 12)
    """
    plain = without_numbers(tidy(text))
    if vague := [match[0] for match in _VAGUE.finditer(plain)]:
        shown = ", ".join(f"« {one} »" for one in vague)
        return Phones(None, f"nombre de téléphones imprécis en commentaire ({shown}) : précisez-le")
    found = [(m, _count(m["count"])) for m in _PHONES.finditer(plain)]
    nouns = [_noun(m["noun"]) for m, _ in found]
    shown = ", ".join(f"« {m[0]} »" for m, _ in found)
    if len(set(nouns)) < len(nouns):
        if len({count for _, count in found}) > 1:
            return Phones(None, f"plusieurs nombres de téléphones en commentaire ({shown}) : précisez-le")
        found = found[:1]
    count = sum(count for _, count in found)
    if not count:
        return Phones()
    plural = "s" if count > 1 else ""
    return Phones(count, f"{count} téléphone{plural} lu{plural} en commentaire ({shown}) : à confirmer")


def cancel_reason(text: str) -> str:
    """Why the order was cancelled, one of the seed's two reasons, blank when the comment does not say."""
    key = key_of(text)
    return CONTRACT_LOST if _LOST.search(key) else MIND_CHANGED if _CHANGED.search(key) else ""


def partner_confirmed(text: str, partner: str) -> bool:
    """Whether the comment says that this partner confirmed (``confirmé par Highcom le 16/11``)."""
    names = {key_of(partner), "partenaire", "le partenaire"} - {""}
    for clause in re.split(r"[\n.;(]", text):
        key = key_of(clause)
        match = _CONFIRMED_BY.search(key)
        if not match or _NOT_CONFIRMED.search(key):
            continue
        if any(re.match(rf"{re.escape(name)}\b", match["who"]) for name in names):
            return True
    return False


def says_we_called(text: str) -> bool:
    """Whether the comment says that we reached the client ourselves; an incoming call or an instruction is not that.

    >>> says_we_called("j'ai appelé le client pour confirmer"), says_we_called("NE PAS APPELER LE CLIENT")
    (True, False)
    """
    return any(_WE_CALLED.search(key_of(clause)) for clause in re.split(r"[\n.;,]", text))


def names_bvc(text: str) -> bool:
    """Whether the comment names the BVC Orange, who confirm for Entreprise Pro (R-BOARD-27)."""
    return _BVC.search(key_of(text)) is not None


def says_porta_confirmed(text: str) -> bool:
    """Whether the comment says that the portability was made reliable."""
    return _SAYS_CONFIRMED.search(key_of(text)) is not None


def says_no_collecte(text: str) -> bool:
    """Whether the comment says that the collecte was not done."""
    return _NO_COLLECTE.search(key_of(text)) is not None


def postponed_to(text: str, today: dt.date) -> dt.date | None:
    """The date to which the comment says something is postponed."""
    flat = tidy(text)
    for match in _POSTPONED.finditer(flat):
        date = next((one.date for one in scan(flat[match.end() :][:40], today) if one.start == 0), None)
        if date:
            return date
    return None


def _count(typed: str) -> int:
    return _COUNTS.get(typed.lower()) or int(typed)


def _noun(typed: str) -> str:
    key = key_of(typed)
    return "t46" if key[:1] == "t" and key[1:2].isdigit() else "telephone" if key.startswith("tel") else key.rstrip("s")
