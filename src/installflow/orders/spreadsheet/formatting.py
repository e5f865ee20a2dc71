"""The text of a cell for each value: what is written here is read back as the same value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from installflow.orders.spreadsheet.porta import NO_PORTA
from installflow.orders.terms import Porta

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from installflow.orders.terms import Material, OrderStatus, Origin, Slot


class AReminder(Protocol):
    """A day to check the order on, and what to check: as read from a cell, or as a row of the board has it."""

    @property
    def date(self) -> dt.date:
        """The day."""

    @property
    def note(self) -> str:
        """What to check."""


class APorta(Protocol):
    """PORTA PRÉVUE LE in its pieces: as read from a cell, or as a row of the board has it."""

    @property
    def state(self) -> Porta:
        """How far it has come."""

    @property
    def date(self) -> dt.date | None:
        """The day it takes place."""

    @property
    def operator(self) -> str:
        """The operator the numbers leave."""

    @property
    def remarks(self) -> str:
        """The rest."""


def format_date(date: dt.date | None) -> str:
    """DATE as ``dd/mm/yyyy``, blank for none."""
    return f"{date.day:02d}/{date.month:02d}/{date.year:04d}" if date else ""


def format_reminders(reminders: Iterable[AReminder]) -> str:
    """IMPER: the reminders, each with its note, joined with " puis "."""
    return " puis ".join([f"{format_date(r.date)} {r.note}" if r.note else format_date(r.date) for r in reminders])


def format_slot(slot: Slot | None) -> str:
    """HEURE to the letter of the board (``14H 30``), blank for none."""
    return slot.label if slot else ""


def format_origins(origins: Iterable[Origin]) -> str:
    """TECH: the origins, joined with " + "."""
    return " + ".join([origin.label for origin in origins])


def format_names(names: Iterable[str]) -> str:
    """NOM TECH, or N° CHRONO: several names or numbers joined with " / "."""
    return " / ".join(names)


def format_partner(partner: str, confirmer: str = "") -> str:
    """PARTENAIRE, with who beside them must confirm."""
    return f"{partner}/{confirmer}" if confirmer else partner


def format_status(status: OrderStatus | None) -> str:
    """STATUT: one of the 11 labels; both moments of Installation have the same."""
    return status.label if status else ""


def format_material(material: Material | None) -> str:
    """MATÉRIEL REÇU: ``ENVOYÉ``, ``LIVRÉ``, or blank: nothing was sent."""
    return material.label if material else ""


def format_porta(porta: APorta) -> str:
    """PORTA PRÉVUE LE: date, state, operator and remarks, joined with " ; "."""
    if porta.state is Porta.NONE:
        return NO_PORTA
    state = "" if porta.state is Porta.UNKNOWN else porta.state.label
    operator = f"donneur : {porta.operator}" if porta.operator else ""
    return " ; ".join([part for part in (format_date(porta.date), state, operator, porta.remarks) if part])
