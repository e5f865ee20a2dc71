"""From the French sentence the history tells to the event it tells of: features speak one language both ways."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from installflow.orders.calendar import TechnicianAbsent
from installflow.orders.events import OrderReceived, PortabilityConfirmed, StatusCorrected
from installflow.orders.narrative import WORDS
from installflow.orders.notes import AlertSettled, BillingNoted, ClientContacted, CommentAdded
from installflow.workflow.entry import parse_event

if TYPE_CHECKING:
    from installflow import Event, InstallFlow

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_DAY = re.compile(rf"\b(1er|\d{{1,2}}) ({'|'.join(MONTHS)})( \d{{4}})?\b")
_BRACKETS = r"(?: \((?P<fields>.*)\))?"
_FIELDS = re.compile(rf"(?P<said>.+?){_BRACKETS}", re.DOTALL)

_TOLD: tuple[tuple[str, type[Event]], ...] = (
    (rf"Commande reçue de (?P<partner>[^(]*?)(?: pour (?P<phones>\d+) téléphones?)?{_BRACKETS}", OrderReceived),
    (rf"CORRECTION : statut mis à (?:« |\")(?P<status>.+?)(?: »|\"){_BRACKETS}", StatusCorrected),
    (r"Commentaire(?: \[(?P<category>.+?)\])? : (?P<text>.*)", CommentAdded),
    (r"Infos facturation : (?P<text>.+?)(?P<billed> \(facture faite\))?", BillingNoted),
    (r"Contact (?P<direction>\w+) avec le client(?: : (?P<note>.+))?", ClientContacted),
    (r"Alertes réglées : (?P<note>.+)", AlertSettled),
    (rf"Portabilité confirmée pour le (?P<date>\S+){_BRACKETS}", PortabilityConfirmed),
    (r"(?P<technician>.+) absent le (?P<day>\S+) : (?P<reason>.+)", TechnicianAbsent),
)  # fmt: skip
"""The events whose sentence has a form of its own; the others say ``their words (field : value, …)``."""

_DEFAULTS: dict[type[Event], dict[str, str]] = {PortabilityConfirmed: {"source": "l'opérateur"}}
PHASES = {"Installation (RDV posé)": "installation.rdv_pose", "Installation (clôturée)": "installation.cloturee"}
"""The two moments of Installation, as features tell them apart."""


def with_dates(text: str, year: int) -> str:
    """The text with its days written in figures; one without a year is of this one.

    >>> with_dates("du 1er mai au 14 juin 2028", 2027)
    'du 01/05/2027 au 14/06/2028'
    """

    def figures(found: re.Match[str]) -> str:
        day, month, own = found.groups()
        return f"{int(day.removesuffix('er')):02}/{MONTHS.index(month) + 1:02}/{int(own or year)}"

    return _DAY.sub(figures, text)


def day_of(text: str, year: int) -> dt.date:
    """One day, written in words or figures.

    >>> day_of("14 avril", 2027)
    datetime.date(2027, 4, 14)
    """
    return dt.datetime.strptime(with_dates(text.strip(), year), "%d/%m/%Y").date()  # noqa: DTZ007  # a day has no zone


def event_of(flow: InstallFlow, sentence: str, *, client: str = "") -> Event:
    """The event a sentence tells of; raises `Invalid` as a form would, `ValueError` for words that tell nothing.

    >>> from installflow import InstallFlow
    >>> with InstallFlow() as flow:
    ...     event_of(flow, "RDV reporté (motif : congés, date : 21/04/2027)")
    VisitRescheduled(...reason='congés', date=datetime.date(2027, 4, 21), ...)
    """
    for pattern, event_type in _TOLD:
        told = re.fullmatch(pattern, sentence, re.DOTALL)
        if told is not None:
            given = {name: value for name, value in told.groupdict().items() if value is not None and name != "fields"}
            if "billed" in given:
                given["billed"] = "oui"
            if "status" in given:
                given["status"] = PHASES.get(given["status"], given["status"])
            if event_type is OrderReceived:
                given["client"] = client
            fields = _fields_of(event_type, told.groupdict().get("fields") or "")
            return parse_event(event_type, {**_DEFAULTS.get(event_type, {}), **given, **fields})
    told = _FIELDS.fullmatch(sentence)
    said = told["said"] if told else sentence
    known = {event_type.said: event_type for event_type in flow.registry}
    if said not in known:
        msg = f"« {sentence} » ne dit rien de connu ; les phrases : {' · '.join(sorted(known))}"
        raise ValueError(msg)
    return parse_event(known[said], _fields_of(known[said], (told["fields"] if told else "") or ""))


def _fields_of(event_type: type[Event], text: str) -> dict[str, str]:
    """The fields written between the brackets, by their names in the code."""
    if not text:
        return {}
    words = {WORDS.get(name, name): name for name in event_type.model_fields}
    starts = list(re.finditer(rf"(?:^|, )({'|'.join(map(re.escape, words))}) : ", text))
    if not starts or starts[0].start():
        msg = f"« {text} » : écrire « mot : valeur » ; les mots de « {event_type.said} » : {', '.join(words)}"
        raise ValueError(msg)
    ends = [start.start() for start in starts[1:]] + [len(text)]
    found = {words[start[1]]: text[start.end() : end] for start, end in zip(starts, ends, strict=True)}
    if "next" in found:
        found["next"] = PHASES.get(found["next"], found["next"])
    return found
