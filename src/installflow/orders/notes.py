"""What happens to an order and leaves its status alone: the rest of the row, recordable in every status."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from installflow.orders.entry import Day, KindField, Names, Numbers, Origins, PortaField, SlotField
from installflow.orders.events import Booking, Cells, Phones
from installflow.orders.terms import Porta
from installflow.workflow.event import Event
from installflow.workflow.fields import (
    FilledPersonal,
    Personal,
    PersonalMark,
    PersonalText,
    Text,
    clean,
    on_recording,
    whole_on_recording,
    wrong,
)


def _filled_comment(text: str) -> str:
    if not (text := clean(text)):
        msg = "le commentaire est vide : écrire quelque chose"
        raise wrong(msg)
    return text


Remark = Annotated[str, PersonalMark(), on_recording(_filled_comment)]


class VisitScheduled(Booking, topic="order.visit_scheduled", trigger="planifier_rdv", said="RDV planifié"):
    """DATE, HEURE, TECH, NOM TECH or NOM CP are set; naming a technician and a date books the day (R-BOARD-06).

    Only what is given changes. ``remove_date`` clears date and slot. ``extra`` books one more visit beside the
    present one, for its own date (and technicians).
    """

    date: Day | None = None
    slot: SlotField | None = None
    origin: Origins = ()
    technician: Names = ()
    project_manager: Personal = ""
    remove_date: bool = False
    extra: bool = False

    @whole_on_recording
    def _says_something(self) -> None:
        if not (self.date or self.slot or self.origin or self.technician or self.project_manager or self.remove_date):
            msg = "rien n'est planifié : donner DATE, HEURE, TECH, NOM TECH ou NOM CP, ou retirer la date"
            raise wrong(msg)
        if self.remove_date and (self.date or self.slot):
            msg = "retirer la date et en donner une se contredisent : choisir l'un des deux"
            raise wrong(msg)
        if self.extra and not self.date:
            msg = "une visite de plus demande sa date (date=…)"
            raise wrong(msg)


class TechnicianAssigned(
    Booking, topic="order.technician_assigned", trigger="affecter_technicien", said="Technicien affecté"
):
    """The field technicians are named (R-BOARD-11); their day is booked when DATE is set."""

    technician: Annotated[Names, Field(min_length=1)]
    origin: Origins = ()


class TechnicianUnassigned(
    Event, topic="order.technician_unassigned", trigger="retirer_technicien", said="Technicien retiré"
):
    """The technicians, or the one named, are taken off the order and their day released."""

    technician: Names = ()
    reason: Personal = ""


class ProjectManagerAssigned(
    Event, topic="order.project_manager_assigned", trigger="affecter_cp", said="Chef de projet affecté"
):
    """The project manager who installs remotely is named (R-BOARD-12)."""

    project_manager: FilledPersonal


class ReminderSet(Event, topic="order.reminder_set", trigger="poser_imper", said="IMPER posé"):
    """A date to check the order on, against its status (R-BOARD-02)."""

    date: Day
    check: PersonalText = Field(default="", description="ce qu'il faut vérifier")


class ReminderDone(Event, topic="order.reminder_done", trigger="faire_imper", said="IMPER fait"):
    """A check was made: its result, and the next one if any (R-BOARD-03)."""

    result: Remark
    date: Day | None = Field(default=None, description="le rappel fait ; sans rien, le plus ancien")
    next: Day | None = Field(default=None, description="le prochain rappel")


class CommentAdded(Event, topic="order.comment_added", trigger="commenter", said="Commentaire"):
    """A dated, signed remark for the planning, with an optional category of the six (R-BOARD-33)."""

    text: Remark
    category: KindField | None = None


class ClientContacted(Event, topic="order.client_contacted", trigger="contacter_client", said="Contact avec le client"):
    """We and the client spoke; outgoing contacts are refused where the partner forbids them (R-BOARD-26)."""

    direction: Literal["sortant", "entrant"] = "sortant"
    who: Personal = ""
    note: PersonalText = ""


class ParcelSent(Event, topic="order.parcel_sent", trigger="envoyer_materiel", said="Matériel envoyé"):
    """Parcels left, under their tracking numbers when known (R-BOARD-34, R-BOARD-35)."""

    tracking: Numbers = ()


class ParcelDelivered(Event, topic="order.parcel_delivered", trigger="livrer_materiel", said="Matériel livré"):
    """Parcels arrived; without a number, all those on their way."""

    tracking: Numbers = ()


class ParcelReturned(Event, topic="order.parcel_returned", trigger="retourner_materiel", said="Matériel retourné"):
    """Parcels came back."""

    tracking: Numbers = ()
    reason: Personal = ""


class PortabilityNoted(Event, topic="order.portability_noted", trigger="noter_porta", said="Portabilité notée"):
    """PORTA PRÉVUE LE is filled in by hand: state, date, operator, remarks (R-BOARD-08); only what is given changes."""

    state: PortaField | None = None
    date: Day | None = None
    operator: Text = ""
    remarks: PersonalText = ""
    raw: PersonalText = Field(default="", description="la cellule telle que saisie")
    source: Personal = ""

    @whole_on_recording
    def _is_not_a_confirmation(self) -> None:
        if self.state is Porta.CONFIRMED:
            msg = "une portabilité confirmée se saisit par porta_fiabilisee, avec sa date et sa source"
            raise wrong(msg)


class BillingNoted(Event, topic="order.billing_noted", trigger="noter_facturation", said="Infos facturation"):
    """Something the billing back office must know (R-BOARD-36)."""

    text: Remark
    billed: bool = Field(default=False, description="vrai : la facture est faite")


class DetailsChanged(Event, topic="order.details_changed", trigger="modifier_commande", said="Commande modifiée"):
    """The client, partner, number of telephones or reference were put right; only what is given changes."""

    client: Personal = ""
    partner: Text = ""
    phones: Phones | None = None
    ref: Text = ""

    @whole_on_recording
    def _says_something(self) -> None:
        if not (self.client or self.partner or self.phones is not None or self.ref):
            msg = "rien ne change : donner client, partenaire, téléphones ou référence"
            raise wrong(msg)


class RowReimported(Event, topic="order.row_reimported", trigger="reimporter_ligne", said="Ligne réimportée"):
    """The order's line of the planners' board was read again: the line as typed, and what could not be taken."""

    typed: Cells
    extra: Cells = Field(default_factory=dict)
    unread: Cells = Field(default_factory=dict)
    remarks: tuple[Personal, ...] = ()
    conflicts: tuple[str, ...] = Field(default=(), description="colonnes changées des deux côtés : la base est gardée")


class AlertRaised(Event, topic="order.alert_raised", trigger="alerter", said="Alerte"):
    """Something elsewhere concerns this order and needs somebody's eyes."""

    sentence: Annotated[str, PersonalMark(), on_recording(_filled_comment)]
    about: Text = Field(default="", description="ce qui l'a levée")


class AlertSettled(Event, topic="order.alert_settled", schema=2, trigger="regler_alerte", said="Alertes réglées"):
    """Somebody dealt with the alerts of this order, import corrections included, or with those about one thing."""

    note: FilledPersonal
    about: Text = Field(default="", description="ce qui les avait levées, si ce n'est pas toutes")
