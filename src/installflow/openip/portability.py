"""Number portability: which numbers, with which RIO, by when, and what stands against it. Advice, never a refusal.

What the law says is data, each with its date and its source; a rule that changes is one line more. « Jour ouvré »
(Monday to Friday, the 2009 text) or « jour ouvrable » (Monday to Saturday, the 2013 text) is the caller's to say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from installflow.france.rio import FROM_DONOR, Rio, check_rio
from installflow.france.telephone import Numbers, PhoneKind, Telephone, phone_numbers, spoken, telephone
from installflow.france.workdays import working_days_after

__all__ = [
    "DELAYS",
    "LONGEST_INTERRUPTION",
    "QUARANTINE",
    "RIO_RULES",
    "Delay",
    "Numbers",
    "Rio",
    "RioRule",
    "Step",
    "check_rio",
    "delay_on",
    "earliest_portability",
    "installation_gap",
    "missing_rio",
    "number_warnings",
    "phone_numbers",
    "quarantine_end",
    "quarantine_warning",
    "rio_rule_on",
    "too_early",
]

_DECISION = "ARCEP, décision 2013-0830, art. 8 (legal.tricoteuses.fr/articles/JORFARTI000028143173)"
_FASTER = (
    "ARCEP, communiqué du 21/03/2023 (arcep.fr/actualites/actualites-et-communiques, portabilite-des-numeros-210323)"
)
_FIXED_RIO = "ARCEP, dossier « La portabilité des numéros fixes » : RIO fixe depuis le 1er octobre 2015"
_BUSINESS_RIO = "alloforfait.fr/internet/news/115785, d'après la décision de l'ARCEP publiée le 21/03/2023"

LONGEST_INTERRUPTION = dt.timedelta(hours=4)
"""How long a number may be out of service on the day it moves."""
QUARANTINE = dt.timedelta(days=40)
"""Calendar days for which a terminated number, and its RIO, can still be recovered (2013-0830, art. 12)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a request, as the planner reads it, and the working days it may take at most."""

    what: str
    days: int


@dataclass(frozen=True, slots=True)
class Delay:
    """How long a portability may take, for requests from a day on."""

    since: dt.date
    business: bool
    steps: tuple[Step, ...]
    source: str

    @property
    def days(self) -> int:
        """The working days all steps take together."""
        return sum(step.days for step in self.steps)


@dataclass(frozen=True, slots=True)
class RioRule:
    """From when on a request needs the RIO of each number."""

    since: dt.date
    business: bool
    grouped: bool
    source: str


_FORWARDED = Step(
    "demande transmise à l'opérateur donneur le jour même (80 %), au plus tard le lendemain ouvrable avant midi",
    0,
)
_PORTED = Step("numéro porté, sauf si le client demande une date plus tardive", 1)
_ANSWERED = "réponse de l'opérateur donneur sur l'éligibilité"

DELAYS = (
    Delay(dt.date(2013, 6, 25), False, (_FORWARDED, Step(_ANSWERED, 2), _PORTED), _DECISION),
    Delay(dt.date(2013, 6, 25), True, (_FORWARDED, Step(_ANSWERED, 6), _PORTED), _DECISION),
    Delay(dt.date(2027, 7, 1), True, (_FORWARDED, Step(_ANSWERED, 2), _PORTED), _FASTER),
)
"""The legal delays, oldest first. How the 3 days of 2027 divide is read from « comme pour le grand public »."""

RIO_RULES = (
    RioRule(dt.date(2015, 10, 1), business=False, grouped=False, source=_FIXED_RIO),
    RioRule(dt.date(2025, 7, 1), business=True, grouped=False, source=_BUSINESS_RIO),
    RioRule(dt.date(2027, 7, 1), business=True, grouped=True, source=_BUSINESS_RIO),
)
"""When the RIO became mandatory; a business's numbers have had one since 01/12/2023, without need to give it."""


def delay_on(day: dt.date, *, business: bool = True, delays: Sequence[Delay] = DELAYS) -> Delay:
    """The delay a request of that day is under; the oldest known, for a day before all of them."""
    own = sorted((delay for delay in delays if delay.business is business), key=lambda delay: delay.since)
    return next((delay for delay in reversed(own) if delay.since <= day), own[0])


def earliest_portability(
    asked_on: dt.date, *, business: bool = True, saturday: bool = False, delays: Sequence[Delay] = DELAYS
) -> dt.date:
    """The first day by which the law makes operators port a number asked for on a day, that day not counted.

    ``saturday`` counts in « jours ouvrables » instead of « jours ouvrés »; ``delays`` may be those of a contract.

    >>> earliest_portability(dt.date(2026, 12, 21)), earliest_portability(dt.date(2026, 12, 21), saturday=True)
    (datetime.date(2026, 12, 31), datetime.date(2026, 12, 30))
    """
    return working_days_after(asked_on, delay_on(asked_on, business=business, delays=delays).days, saturday=saturday)


def too_early(
    portability: dt.date,
    asked_on: dt.date,
    *,
    business: bool = True,
    saturday: bool = False,
    delays: Sequence[Delay] = DELAYS,
) -> str | None:
    """A warning when a portability is wanted before the law makes operators port it."""
    if portability < asked_on:
        return (
            f"portabilité voulue le {portability:%d/%m/%Y}, avant la demande du {asked_on:%d/%m/%Y} : corrigez"
            " l'une des deux dates"
        )
    earliest = earliest_portability(asked_on, business=business, saturday=saturday, delays=delays)
    if portability >= earliest:
        return None
    count = delay_on(asked_on, business=business, delays=delays).days
    counted = "ouvrables" if saturday else "ouvrés"
    return (
        f"portabilité voulue le {portability:%d/%m/%Y}, plus tôt que le délai légal ({count} jours {counted} après la"
        f" demande du {asked_on:%d/%m/%Y}) : demandez le {earliest:%d/%m/%Y} ou plus tard, ou faites confirmer"
        " cette date par OpenIP"
    )


def installation_gap(portability: dt.date, installation: dt.date) -> str | None:
    """A warning when the numbers do not move on the day of the installation."""
    days = (portability - installation).days
    if not days:
        return None
    apart = f"{abs(days)} jour" + ("s" if abs(days) > 1 else "")
    if days > 0:
        return (
            f"portabilité le {portability:%d/%m/%Y}, {apart} après l'installation du {installation:%d/%m/%Y} : demandez"
            " le même jour, ou installez avec des numéros provisoires en gardant l'ancienne ligne"
        )
    return (
        f"portabilité le {portability:%d/%m/%Y}, {apart} avant l'installation du {installation:%d/%m/%Y} : demandez un"
        " report ou avancez l'installation, sinon les numéros ne sonneront nulle part entre-temps"
    )


def rio_rule_on(day: dt.date, *, grouped: bool, business: bool = True) -> RioRule | None:
    """The rule that makes the RIO mandatory for a request of that day, or ``None`` as long as there is none."""
    rules = [rule for rule in RIO_RULES if rule.business is business and rule.grouped is (grouped and business)]
    return next((rule for rule in reversed(rules) if rule.since <= day), None)


def missing_rio(asked_on: dt.date, *, grouped: bool = False, business: bool = True) -> str:
    """What to do for a request that has no RIO: get it where it is mandatory, else what stands in for it.

    ``grouped`` numbers cannot be ported one without the others: a tête de ligne and its SDA.
    """
    numbers = "des numéros groupés" if grouped else "un numéro isolé"
    if rule := rio_rule_on(asked_on, grouped=grouped, business=business):
        return f"RIO obligatoire depuis le {rule.since:%d/%m/%Y} pour {numbers} : demandez-le {FROM_DONOR}"
    if grouped and business:
        return (
            "numéros groupés sans RIO : joignez la liste complète des SDA et la tête de ligne (NDI) ; le RIO sera"
            f" obligatoire le {RIO_RULES[-1].since:%d/%m/%Y}"
        )
    return f"RIO pas encore obligatoire pour {numbers} : donnez-le si le client l'a, la demande en est plus sûre"


def quarantine_end(terminated_on: dt.date) -> dt.date:
    """The last day on which a terminated number can be recovered."""
    return terminated_on + QUARANTINE


def quarantine_warning(terminated_on: dt.date, portability: dt.date) -> str | None:
    """A warning when the old contract ends before the numbers move; the new operator ends it, not the client."""
    if terminated_on >= portability:
        return None
    end = quarantine_end(terminated_on)
    ended = f"ancien contrat résilié le {terminated_on:%d/%m/%Y}, avant la portabilité du {portability:%d/%m/%Y}"
    if portability <= end:
        return (
            f"{ended} : faites annuler la résiliation, que le nouvel opérateur demande lui-même ; sinon ne reportez pas"
            f" au-delà du {end:%d/%m/%Y}, dernier jour où les numéros se récupèrent"
        )
    return (
        f"{ended} : les numéros ne se récupèrent que jusqu'au {end:%d/%m/%Y} ; avancez la portabilité, ou prévoyez de"
        " nouveaux numéros avec le client"
    )


def number_warnings(text: str) -> list[str]:
    """What stands against porting the numbers of a text as fixed numbers: services, mobiles, overseas, not attributed.

    >>> number_warnings("tranche 01 99 00 45 10 à 19")
    []
    """
    found = phone_numbers(text)
    if not found:
        return [_nothing_found(text)]
    return list(dict.fromkeys(warning for one in found for warning in _judged(one)))


def _nothing_found(text: str) -> str:
    try:
        return " ; ".join(_against(telephone(text)))
    except ValueError:
        return (
            f"aucun numéro français lu dans « {text.strip()[:60]} » : écrivez-le comme 01 99 00 45 10, et une"
            " tranche comme 01 99 00 45 10 à 19"
        )


def _judged(found: Numbers) -> Iterator[str]:
    """What is said of a range's first number is not said again of its last."""
    first = telephone(found.first)
    yield from _against(first, str(found))
    last = telephone(found.last)
    if (first.kind, first.territory) != (last.kind, last.territory):
        yield from _against(last, spoken(found.last))


def _against(phone: Telephone, shown: str = "") -> Iterator[str]:
    shown = shown or str(phone)
    if phone.kind is PhoneKind.SERVICE:
        yield (
            f"{shown} : numéro de service, il ne se porte pas avec les numéros fixes ; retirez-le de la demande et"
            " voyez avec l'opérateur du service"
        )
    elif phone.kind is PhoneKind.UNKNOWN:
        yield f"{shown} : numéro d'aucune tranche attribuée ; vérifiez-le sur une facture du client"
    elif phone.kind is PhoneKind.MOBILE:
        yield (f"{shown} : numéro mobile, il se porte par une demande à part ; retirez-le, et faites-la avec son RIO")
    if phone.overseas:
        where = f"de {phone.territory.label}" if phone.territory else "d'outre-mer"
        yield (
            f"{shown} : numéro {where}, qui ne se porte que dans son territoire ; vérifiez l'adresse du site, ou"
            " prévoyez un nouveau numéro"
        )
