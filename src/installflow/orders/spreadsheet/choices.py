"""HEURE, TECH, STATUT and MATÉRIEL REÇU, the board's closed lists, in every spelling that can only mean one thing."""

from __future__ import annotations

import difflib
import re

from installflow.orders.spreadsheet.typed import in_doubt, tidy
from installflow.orders.terms import Material, OrderStatus, Origin, Slot, key_of

_TIME = re.compile(r"([0-9]{1,2})\s*(?:h|heures?|:)\s*([0-9]{2})?(?:\s*(?:min|mn))?(?::00)?", re.IGNORECASE)
_DAY_FRACTION = re.compile(r"0[.,]([0-9]{1,17})")
_MINUTES = 24 * 60

_ORIGINS = {
    "direct": Origin.DIRECT,
    "direct a nous": Origin.DIRECT,
    "a nous": Origin.DIRECT,
    "5com": Origin.CINQ_COM,
    "5 com": Origin.CINQ_COM,
    "occitech": Origin.OCCITECH,
}
_STATUSES: dict[str, OrderStatus] = {
    # The label "Installation" alone means the appointment: closing is a fact of its own.
    **{key_of(status.label): status for status in reversed(OrderStatus)},
    "installation": OrderStatus.RDV_POSE,
    "nouveau": OrderStatus.NEW,
    "nouvelle": OrderStatus.NEW,
    "en collecte": OrderStatus.COLLECTE,
    "en staging": OrderStatus.STAGING,
    "att tech": OrderStatus.ATTENTE_TECH,
    "attente technicien": OrderStatus.ATTENTE_TECH,
    "en attente tech": OrderStatus.ATTENTE_TECH,
    "att parte": OrderStatus.ATTENTE_PARTE,
    "attente partenaire": OrderStatus.ATTENTE_PARTE,
    "attente du partenaire": OrderStatus.ATTENTE_PARTE,
    "att partenaire": OrderStatus.ATTENTE_PARTE,
    "attente porta": OrderStatus.ATT_PORTA,
    "attente portabilite": OrderStatus.ATT_PORTA,
    "att 5 com": OrderStatus.ATT_5COM,
    "attente 5com": OrderStatus.ATT_5COM,
    "attente 5 com": OrderStatus.ATT_5COM,
    "standby": OrderStatus.STAND_BY,
    "en stand by": OrderStatus.STAND_BY,
    "attente planif": OrderStatus.TO_PLAN,
    "attente planification": OrderStatus.TO_PLAN,
    "attente de planif": OrderStatus.TO_PLAN,
    "attente de planification": OrderStatus.TO_PLAN,
    "en attente planif": OrderStatus.TO_PLAN,
    "en attente de planif": OrderStatus.TO_PLAN,
    "installation rdv pose": OrderStatus.RDV_POSE,
    "installation confirmee": OrderStatus.RDV_POSE,
    "installation confirmer": OrderStatus.RDV_POSE,
    "installation cloturee": OrderStatus.CLOTUREE,
    "installation cloturer": OrderStatus.CLOTUREE,
    "annule": OrderStatus.ANNULER,
    "annulee": OrderStatus.ANNULER,
}
CLOSED = "Installation clôturée"
"""What to type for an order that is over: the label alone is the appointment (A-01)."""
_LABELS = ", ".join(dict.fromkeys(status.label for status in OrderStatus))
_HINTS: tuple[tuple[str, OrderStatus], ...] = (
    (r"\bko\b|echec|echoue|replanif|report", OrderStatus.TO_PLAN),
    (
        (
            r"^(?!(?:pas|non|a|en cours)\b).*"
            r"(?:clotur|\bclos(?:ed?)?\b|termine|installee?\b|fini|\b(?:factur|sold)ee?\b)"
            r"|^posee?\b|\binstall\w* (?:est |bien )*(?:faite?|ok|realisee?)\b|^faite?\b"
        ),
        OrderStatus.CLOTUREE,
    ),
    (r"\brdv\b|confirme", OrderStatus.RDV_POSE),
    (r"annul|resili", OrderStatus.ANNULER),
    (r"porta", OrderStatus.ATT_PORTA),
    (r"5 ?com", OrderStatus.ATT_5COM),
    (r"planif", OrderStatus.TO_PLAN),
    (r"parten", OrderStatus.ATTENTE_PARTE),
    (r"\btech", OrderStatus.ATTENTE_TECH),
    (r"\binstall", OrderStatus.RDV_POSE),
    (r"^(?:en )?att(?:ente)?$", OrderStatus.TO_PLAN),
)
_MATERIAL = re.compile(r"(?P<word>envoyee?s?|livree?s?)(?: (?P<rest>(?:le )?[0-9].*))?")


def read_slot(text: str) -> tuple[Slot | None, str]:
    """HEURE, or the French sentence saying why it is none of the nine starts.

    >>> read_slot("9 H 30")[0], read_slot("0,395833333333333")[0], read_slot("12H")
    (<Slot.H0930: '09:30'>, <Slot.H0930: '09:30'>, (None, 'HEURE 12H hors créneaux : choisissez 9H, 9H30, 10H, \
10H30, 11H, 14H, 14H 30, 15H ou 15H30'))
    """
    text = tidy(text)
    minutes: int | None = None
    if match := _TIME.fullmatch(text):
        minutes = int(match[1]) * 60 + int(match[2] or 0)
    elif match := _DAY_FRACTION.fullmatch(text):
        minutes = round(float(f"0.{match[1]}") * _MINUTES)
    labels = [slot.label for slot in Slot]
    way = f"choisissez {', '.join(labels[:-1])} ou {labels[-1]}"
    if minutes is None:
        return None, f"HEURE imprécise « {text[:60]} » : {way}"
    start = f"{minutes // 60:02d}:{minutes % 60:02d}"
    slot = next((slot for slot in Slot if slot.value == start), None)
    return slot, "" if slot else f"HEURE {text} hors créneaux : {way}"


def read_origins(text: str) -> tuple[tuple[Origin, ...], str]:
    """TECH, which may name several origins, or the sentence saying which word is none."""
    words = [word for part in re.split(r"[+/,;&\n]| et ", text) if (word := tidy(part))]
    origins = [_ORIGINS.get(key_of(word)) for word in words]
    unknown = [word for word, origin in zip(words, origins, strict=True) if origin is None]
    if unknown or not words:
        what = " et ".join(f"« {word[:60]} »" for word in unknown) or "vide"
        return (), f"TECH inconnu {what} : choisissez {', '.join(o.label for o in Origin)}"
    return tuple(dict.fromkeys(origin for origin in origins if origin)), ""


def read_status(text: str) -> tuple[OrderStatus | None, OrderStatus | None, str]:
    """STATUT, else the status it seems to mean, with the sentence to show."""
    key = key_of(text)
    if not key:
        typed = f" (« {tidy(text)} »)" if tidy(text) else ""
        return None, OrderStatus.NEW, f"STATUT vide{typed} : choisissez-en un ; « New » est proposé"
    status = None if "?" in text else _STATUSES.get(key)
    if status:
        return status, None, ""
    suggested = _suggestion(key)
    if suggested is OrderStatus.CLOTUREE:
        way = f" ({_LABELS}) ; pour une commande finie, écrivez « {CLOSED} »"
    else:
        way = f" ; « {suggested.label} » est proposé" if suggested else f" : {_LABELS}"
    return None, suggested, f"statut inconnu « {tidy(text)[:60]} » : choisissez l'un des 11{way}"


def read_material(text: str) -> tuple[Material | None, str]:
    """MATÉRIEL REÇU, with a sentence when something is unknown or left unread beside it."""
    match = None if in_doubt(text) else _MATERIAL.fullmatch(key_of(text))
    if not match:
        return None, f"MATÉRIEL REÇU inconnu « {tidy(text)[:60]} » : choisissez ENVOYÉ ou LIVRÉ, ou laissez vide"
    material = Material.SENT if match["word"].startswith("envoye") else Material.DELIVERED
    rest = f"« {match['rest']} » n'est pas lu : notez le jour en commentaire" if match["rest"] else ""
    return material, rest


def _suggestion(key: str) -> OrderStatus | None:
    for pattern, status in _HINTS:
        if re.search(pattern, key):
            return status
    close = difflib.get_close_matches(key[:60], _STATUSES, n=1, cutoff=0.75)
    return _STATUSES[close[0]] if close else None
