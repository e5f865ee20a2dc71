"""What happens to an order and moves its status; the rest of its row is in ``notes``."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from installflow.orders.entry import Day, Names, Numbers, Origins, PortaField, SlotField, StatusField
from installflow.orders.terms import Material, OrderStatus, Origin, Porta, Slot
from installflow.workflow.event import Event
from installflow.workflow.fields import (
    FilledPersonal,
    FilledPersonalText,
    FilledText,
    Personal,
    PersonalMark,
    PersonalText,
    Text,
)
from installflow.workflow.policy import WaitAsked

OVERRIDE_REASONS = (
    "accord du technicien",
    "deux installations courtes le même jour",
    "renfort sur le même site",
    "demande du partenaire",
)
"""Preset reasons to book a technician who is already taken; any other text will do (R-BOARD-07)."""

CANCEL_REASONS = ("perte du contrat", "changement d'avis du client")
"""The known reasons of a cancellation; any other text will do (R-BOARD-32)."""

CORRECTION_REASONS = ("erreur de saisie",)

Phones = Annotated[int, Field(ge=0, le=100_000, description="nombre de téléphones, bases DECT non comptées")]


Cells = Annotated[dict[str, str], PersonalMark()]
"""Cells of a board as typed, by column header; people are named in them."""


class Waiting(Event):
    """An event that may open the waits a policy asks for; they are stored with it, filled in when it is decided."""

    waits: tuple[WaitAsked, ...] = ()


class Choosing(Event):
    """An event after which the planner may name the status to go to; else the first that holds is taken."""

    next: StatusField | None = Field(default=None, description="statut voulu ensuite, si ses conditions tiennent")


class Booking(Event):
    """An event that may book technicians' days; a day already taken needs ``override_reason``."""

    override_reason: Personal = Field(
        default="", description="raison de réserver un technicien déjà pris", examples=list(OVERRIDE_REASONS)
    )


class OrderReceived(Waiting, topic="order.received", trigger="recevoir_commande", said="Commande reçue"):
    """The partner's order arrived (R-BOARD-13)."""

    client: FilledPersonal
    partner: FilledText
    phones: Phones | None = None
    ref: Text = ""
    equipment: bool | None = Field(default=None, description="faux : rien à préparer au staging")
    porta: PortaField = Porta.UNKNOWN


class ImportedReminder(BaseModel):
    """A reminder as read in the IMPER cell of a board."""

    model_config = ConfigDict(frozen=True)

    date: dt.date
    note: str = ""


class OrderImported(
    Waiting, topic="order.imported", trigger="reprendre_du_tableau", said="Commande reprise du tableau"
):
    """An order was taken over from the planners' board in the status it shows; its earlier steps are presumed.

    What was read is stored beside the row as typed, so that a text is never read differently later.
    """

    status: OrderStatus
    client: FilledPersonal
    partner: Text = ""
    confirmer: Personal = ""
    phones: Phones | None = None
    date: dt.date | None = None
    slot: Slot | None = None
    origins: tuple[Origin, ...] = ()
    technicians: Names = ()
    project_manager: Personal = ""
    reminders: tuple[ImportedReminder, ...] = ()
    porta: Porta = Porta.UNKNOWN
    porta_date: dt.date | None = None
    porta_operator: Text = ""
    porta_remarks: PersonalText = ""
    comments: PersonalText = ""
    material: Material | None = None
    tracking: Numbers = ()
    billing: PersonalText = ""
    cancel_reason: Personal = ""
    cancel_confirmed: bool = False
    typed: Cells = Field(default_factory=dict, description="la ligne telle que saisie, par colonne")
    extra: Cells = Field(default_factory=dict, description="les autres colonnes, telles que saisies")
    unread: Cells = Field(default_factory=dict, description="les cellules qui n'ont pas pu être lues")
    remarks: tuple[Personal, ...] = ()


class CollecteStarted(Event, topic="order.collecte_started", trigger="demarrer_collecte", said="Collecte démarrée"):
    """The project manager began to collect the client's information (R-BOARD-14)."""


class CollecteCompleted(Event, topic="order.collecte_completed", trigger="terminer_collecte", said="Collecte terminée"):
    """Everything the installation needs to know was collected (R-BOARD-24)."""

    phones: Phones | None = None


class CollecteReopened(Event, topic="order.collecte_reopened", trigger="reprendre_collecte", said="Collecte reprise"):
    """Some information was missing: the collecte has to be taken up again."""

    reason: FilledPersonal
    phones: Phones | None = None


class StagingStarted(Event, topic="order.staging_started", trigger="demarrer_staging", said="Staging démarré"):
    """The workshop began to prepare the order's equipment (R-BOARD-15)."""


class StagingCompleted(Event, topic="order.staging_completed", trigger="terminer_staging", said="Staging terminé"):
    """The equipment is ready."""


class StagingReopened(Event, topic="order.staging_reopened", trigger="reprendre_staging", said="Staging repris"):
    """The equipment changed and has to be prepared again."""

    reason: FilledPersonal


class StagingSkipped(Event, topic="order.staging_skipped", trigger="passer_sans_staging", said="Passée sans staging"):
    """There is nothing to prepare: the order goes without staging (A-04)."""

    reason: Personal = ""
    phones: Phones | None = None
    collecte_completed: bool = Field(default=False, description="la collecte est complète")


class PartnerAwaited(Waiting, topic="order.partner_awaited", trigger="attendre_partenaire", said="Partenaire attendu"):
    """Something is asked of the partner, or of the confirmer it names, and waited for (R-BOARD-17, R-BOARD-27)."""

    reason: FilledPersonal
    confirmer: Personal = Field(default="", description="qui doit confirmer, si ce n'est pas le partenaire")


class PartnerConfirmed(
    Waiting, Choosing, topic="order.partner_confirmed", trigger="partenaire_confirme", said="Partenaire : confirmé"
):
    """The partner, or its confirmer, said yes; to the appointment, when one is set."""

    confirmed_by: Personal = ""
    date: Day | None = Field(default=None, description="le jour confirmé, si ce n'est pas celui affiché")
    slot: SlotField | None = None
    how: Personal = ""


class PartnerDeclined(Event, topic="order.partner_declined", trigger="partenaire_refuse", said="Partenaire : refusé"):
    """The partner, or its confirmer, said no; the technician is released."""

    reason: FilledPersonal
    declined_by: Personal = ""


class PortabilityAwaited(
    Event, topic="order.portability_awaited", trigger="attendre_porta", said="Portabilité attendue"
):
    """The portability was asked of the operator, whose reliable date is waited for (R-BOARD-18)."""

    operator: Text = ""
    asked_on: Day | None = Field(default=None, description="le jour où la portabilité a été demandée")


class PortabilityConfirmed(
    Choosing, topic="order.portability_confirmed", trigger="porta_fiabilisee", said="Portabilité fiabilisée"
):
    """The operator made the portability date reliable (R-BOARD-28)."""

    date: Day
    source: FilledPersonal = Field(description="d'où vient la date : OpenIP, l'opérateur…")
    operator: Text = ""


class PortabilityPostponed(
    Choosing, topic="order.portability_postponed", trigger="porta_reportee", said="Portabilité reportée"
):
    """The portability date moved, or was lost (no date); the technician's day is kept and alerted."""

    date: Day | None = None
    reason: Personal = ""


class PortabilityRefused(Event, topic="order.portability_refused", trigger="porta_refusee", said="Portabilité refusée"):
    """The operator refused the portability."""

    reason: FilledPersonal


class TechnicianRequested(
    Waiting, Booking, topic="order.technician_requested", trigger="demander_technicien", said="Technicien demandé"
):
    """A technician's availability was asked for the proposed date (R-BOARD-16, R-BOARD-19)."""


class TechnicianConfirmed(
    Waiting, Choosing, Booking,
    topic="order.technician_confirmed", trigger="confirmer_technicien", said="Technicien confirmé",
):  # fmt: skip
    """The technician, or the subcontractor, is available on that day and slot; it may name its technician."""

    technician: Names = ()
    date: Day | None = Field(default=None, description="le jour confirmé, si ce n'est pas celui affiché")
    slot: SlotField | None = None


class TechnicianDeclined(
    Event, topic="order.technician_declined", trigger="refuser_technicien", said="Technicien indisponible"
):
    """The technician, or the subcontractor, is not available; the day is released, the date stays shown."""

    reason: FilledPersonal


class TechnicianOriginChanged(
    Booking,
    topic="order.technician_origin_changed",
    trigger="changer_origine_technicien",
    said="Origine du technicien changée",
):
    """Another origin of technician is asked instead while waiting: the status follows it (2.1)."""

    origin: Origins
    technician: Names = ()


class TechnicianWithdrew(
    Booking, topic="order.technician_withdrew", trigger="technicien_desiste", said="Technicien désisté"
):
    """The technician withdrew from a set appointment; date and slot are kept, the next one is asked."""

    reason: FilledPersonal
    origin: Origins = Field(default=(), description="TECH du suivant demandé, s'il change")
    technician: Names = Field(default=(), description="le suivant demandé")


class InstallationConfirmed(
    Booking, topic="order.installation_confirmed", trigger="confirmer_installation", said="Installation confirmée"
):
    """The appointment is set: date, slot, technician, project manager (R-BOARD-31)."""


class VisitRescheduled(
    Waiting, Choosing, Booking, topic="order.visit_rescheduled", trigger="reporter_rdv", said="RDV reporté"
):
    """The appointment is moved, to another day or to no date yet: neither a failure nor a withdrawal (R-BOARD-40)."""

    reason: FilledPersonal
    date: Day | None = None
    slot: SlotField | None = None
    technician_confirmed: bool = Field(default=False, description="le technicien a dit oui pour la nouvelle date")
    partner_confirmed: bool = Field(default=False, description="le partenaire a dit oui pour la nouvelle date")


class VisitDone(Event, topic="order.visit_done", trigger="visite_faite", said="Visite faite"):
    """A visit took place: its report, and whether the work is finished (R-BOARD-42)."""

    report: FilledPersonalText
    result: Literal["terminé", "à finir"] = "terminé"


class VisitFailed(Waiting, topic="order.visit_failed", trigger="rdv_en_echec", said="RDV en échec"):
    """The appointment failed on the day: its cause, and whether the trip is billable (R-BOARD-42)."""

    reason: FilledPersonal
    cause: Literal["client absent", "client pas prêt", "matériel manquant", "technique", "technicien", "autre"] = (
        "autre"
    )
    billable: bool = False


class InstallationClosed(Event, topic="order.installation_closed", trigger="cloturer", said="Installation clôturée"):
    """The installation is over: it can be billed (R-BOARD-31, guard G9)."""

    report: PersonalText = Field(default="", description="compte rendu, si la visite n'en a pas laissé")
    waiver: Personal = Field(default="", description="dérogation motivée aux fiches produit non livrées")


class PutOnStandBy(Event, topic="order.put_on_stand_by", trigger="mettre_en_stand_by", said="Mise en Stand BY"):
    """The order is put on hold; the status is remembered and the technician released (R-BOARD-20, R-BOARD-30)."""

    reason: FilledPersonal


class Resumed(Choosing, topic="order.resumed", trigger="reprendre", said="Reprise"):
    """The order is taken up again where it was left, if that still holds (R-BOARD-30)."""


class CancellationRequested(
    Event, topic="order.cancellation_requested", trigger="demander_annulation", said="Annulation demandée"
):
    """The cancellation was asked for; the order stays where it is until the partner confirms (R-BOARD-41)."""

    reason: FilledPersonal = Field(examples=list(CANCEL_REASONS))


class CancellationWithdrawn(
    Event, topic="order.cancellation_withdrawn", trigger="retirer_annulation", said="Demande d'annulation retirée"
):
    """The request to cancel was withdrawn."""

    reason: Personal = ""


class OrderCancelled(Event, topic="order.cancelled", trigger="annuler", said="Commande annulée"):
    """The order is cancelled, with the partner's confirmation (R-BOARD-32, guard G8)."""

    confirmed_by: FilledPersonal = Field(description="qui, chez le partenaire, a confirmé")
    how: FilledPersonal = Field(description="comment : mail, téléphone…")
    confirmed_on: Day | None = Field(default=None, description="quand, si ce n'est pas aujourd'hui")
    reason: Personal = Field(
        default="", description="motif, si ce n'est pas celui de la demande", examples=list(CANCEL_REASONS)
    )


class StatusCorrected(
    Waiting, Booking, topic="order.status_corrected", trigger="corriger_statut", said="Statut corrigé"
):
    """A planner put STATUT right by hand; marked in the history for ever.

    ``open_waits`` are the waits that result; without it, the one the new status shows and no other. ``imported``
    says that a reimported board asked for it: it is alerted until somebody settles it.
    """

    status: StatusField
    reason: FilledPersonal = Field(examples=list(CORRECTION_REASONS))
    filled: ClassVar[frozenset[str]] = frozenset({"waits", "imported"})
    open_waits: tuple[Literal["technicien", "partenaire", "portabilité"], ...] | None = None
    imported: bool = False
