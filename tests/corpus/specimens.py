"""One event of each type with every field filled in, and one with only what it cannot do without."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from installflow.orders import calendar as c
from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.events import ImportedReminder
from installflow.orders.terms import CommentKind, Material, OrderStatus, Origin, Porta, Slot
from installflow.workflow.event import Event
from installflow.workflow.policy import WaitAsked
from tests.corpus import openip_specimens as openip

DAY, LATER = dt.date(2027, 4, 14), dt.date(2027, 4, 15)
ORDER = UUID("0b8a1b52-6c19-4f5e-9f0b-64c1d2f3a4b5")
WAITS = (WaitAsked("partenaire", "BVC Orange"), WaitAsked("technicien", "Karim B."))
OVERRIDE = "accord du technicien"
NEXT = OrderStatus.RDV_POSE
TWO = ("Karim B.", "Léa")
BOTH = (Origin.DIRECT, Origin.CINQ_COM)

FULL: tuple[Event, ...] = (
    e.OrderReceived(
        waits=WAITS, client="Boulangerie Morel", partner="VIP TELECOM", phones=6, ref="C-2041", equipment=True,
        porta=Porta.ASKED,
    ),
    e.OrderImported(
        waits=WAITS, status=OrderStatus.ATTENTE_PARTE, client="Garage Petit", partner="Entreprise Pro",
        confirmer="BVC Orange", phones=3, date=DAY, slot=Slot.H1430, origins=BOTH, technicians=TWO,
        project_manager="Inès", reminders=(ImportedReminder(date=DAY, note="colis"), ImportedReminder(date=LATER)),
        porta=Porta.CONFIRMED, porta_date=LATER, porta_operator="SFR", porta_remarks="deux numéros\nisolés",
        comments="durée 2 h", material=Material.SENT, tracking=("8X00000000001", "8X00000000002"), billing="à Lucie",
        cancel_reason="perte du contrat", cancel_confirmed=True, typed={"CLIENT": " Garage Petit "},
        extra={"Zone": "Nord"}, unread={"HEURE": "midi"}, remarks=("HEURE : « midi » n'est pas un créneau",),
    ),
    e.CollecteStarted(),
    e.CollecteCompleted(phones=6),
    e.CollecteReopened(reason="adresse manquante", phones=7),
    e.StagingStarted(),
    e.StagingCompleted(),
    e.StagingReopened(reason="un poste de plus"),
    e.StagingSkipped(reason="portabilité seule", phones=2, collecte_completed=True),
    e.PartnerAwaited(waits=WAITS, reason="accord sur la date", confirmer="Mme Orange"),
    e.PartnerConfirmed(waits=WAITS, next=NEXT, confirmed_by="M. X", date=DAY, slot=Slot.H0930, how="mail"),
    e.PartnerDeclined(reason="client indisponible", declined_by="M. X"),
    e.PortabilityAwaited(operator="SFR", asked_on=DAY),
    e.PortabilityConfirmed(next=OrderStatus.TO_PLAN, date=LATER, source="OpenIP", operator="SFR"),
    e.PortabilityPostponed(next=OrderStatus.ATT_PORTA, date=LATER, reason="demande de report"),
    e.PortabilityRefused(reason="RIO faux"),
    e.TechnicianRequested(waits=WAITS, override_reason=OVERRIDE),
    e.TechnicianConfirmed(
        waits=WAITS, next=NEXT, override_reason=OVERRIDE, technician=TWO, date=DAY, slot=Slot.H1100,
    ),
    e.TechnicianDeclined(reason="congés"),
    e.TechnicianOriginChanged(override_reason=OVERRIDE, origin=BOTH, technician=TWO),
    e.TechnicianWithdrew(override_reason=OVERRIDE, reason="malade", origin=(Origin.OCCITECH,), technician=("Léa",)),
    e.InstallationConfirmed(override_reason=OVERRIDE),
    e.VisitRescheduled(
        waits=WAITS, next=OrderStatus.ATTENTE_TECH, override_reason=OVERRIDE, reason="client absent", date=LATER,
        slot=Slot.H1400, technician_confirmed=True, partner_confirmed=True,
    ),
    e.VisitDone(report="posé,\ntesté avec Mme Morel", result="à finir"),
    e.VisitFailed(waits=WAITS, reason="porte close", cause="client absent", billable=True),
    e.InstallationClosed(report="tout fonctionne", waiver="fiche en retard, accord du client"),
    e.PutOnStandBy(reason="travaux"),
    e.Resumed(next=OrderStatus.COLLECTE),
    e.CancellationRequested(reason="changement d'avis du client"),
    e.CancellationWithdrawn(reason="le client a rappelé"),
    e.OrderCancelled(confirmed_by="M. X", how="téléphone", confirmed_on=DAY, reason="perte du contrat"),
    e.StatusCorrected(
        waits=WAITS, override_reason=OVERRIDE, status=OrderStatus.CLOTUREE, reason="erreur de saisie",
        open_waits=("technicien", "partenaire", "portabilité"), imported=True,
    ),
    n.VisitScheduled(
        override_reason=OVERRIDE, date=DAY, slot=Slot.H1530, origin=BOTH, technician=TWO, project_manager="Inès",
        extra=True,
    ),
    n.TechnicianAssigned(override_reason=OVERRIDE, technician=TWO, origin=BOTH),
    n.TechnicianUnassigned(technician=("Léa",), reason="formation"),
    n.ProjectManagerAssigned(project_manager="Inès"),
    n.ReminderSet(date=DAY, check="réponse du partenaire"),
    n.ReminderDone(result="pas de réponse", date=DAY, next=LATER),
    n.CommentAdded(text="prévoir une échelle", category=CommentKind.MATERIAL),
    n.ClientContacted(direction="entrant", who="Mme Morel", note="demande la date"),
    n.ParcelSent(tracking=("8X00000000001", "8X00000000002")),
    n.ParcelDelivered(tracking=("8X00000000001",)),
    n.ParcelReturned(tracking=("8X00000000001",), reason="adresse inconnue"),
    n.PortabilityNoted(
        state=Porta.ASKED, date=LATER, operator="SFR", remarks="groupe de 10", raw="15/04 SFR groupe de 10",
        source="mail",
    ),
    n.BillingNoted(text="déplacement en plus", billed=True),
    n.DetailsChanged(client="Boulangerie Moreau", partner="HIGHCOM", phones=8, ref="C-2042"),
    n.RowReimported(
        typed={"CLIENT": "Garage Petit"}, extra={"Zone": "Sud"}, unread={"DATE": "bientôt"},
        remarks=("DATE illisible",), conflicts=("STATUT",),
    ),
    n.AlertRaised(sentence="Karim B. est absent", about="technicien_absent"),
    n.AlertSettled(note="vu avec Karim", about="technicien_absent"),
    c.DayBooked(
        technician="Karim B.", day=DAY, order=ORDER, client="Boulangerie Morel", part="matin", override_reason=OVERRIDE,
    ),
    c.DayReleased(order=ORDER),
    c.TechnicianAbsent(technician="Karim B.", day=DAY, reason="congés"),
    c.AbsenceCancelled(technician="Karim B.", day=DAY),
    *openip.FULL,
)  # fmt: skip

LEAST: tuple[Event, ...] = (
    e.OrderReceived(client="A", partner="B"),
    e.OrderImported(status=OrderStatus.NEW, client="A"),
    e.CollecteStarted(),
    e.CollecteCompleted(),
    e.CollecteReopened(reason="x"),
    e.StagingStarted(),
    e.StagingCompleted(),
    e.StagingReopened(reason="x"),
    e.StagingSkipped(),
    e.PartnerAwaited(reason="x"),
    e.PartnerConfirmed(),
    e.PartnerDeclined(reason="x"),
    e.PortabilityAwaited(),
    e.PortabilityConfirmed(date=DAY, source="x"),
    e.PortabilityPostponed(),
    e.PortabilityRefused(reason="x"),
    e.TechnicianRequested(),
    e.TechnicianConfirmed(),
    e.TechnicianDeclined(reason="x"),
    e.TechnicianOriginChanged(origin=(Origin.DIRECT,)),
    e.TechnicianWithdrew(reason="x"),
    e.InstallationConfirmed(),
    e.VisitRescheduled(reason="x"),
    e.VisitDone(report="x"),
    e.VisitFailed(reason="x"),
    e.InstallationClosed(),
    e.PutOnStandBy(reason="x"),
    e.Resumed(),
    e.CancellationRequested(reason="x"),
    e.CancellationWithdrawn(),
    e.OrderCancelled(confirmed_by="x", how="x"),
    e.StatusCorrected(status=OrderStatus.NEW, reason="x"),
    n.VisitScheduled(remove_date=True),
    n.TechnicianAssigned(technician=("x",)),
    n.TechnicianUnassigned(),
    n.ProjectManagerAssigned(project_manager="x"),
    n.ReminderSet(date=DAY),
    n.ReminderDone(result="x"),
    n.CommentAdded(text="x"),
    n.ClientContacted(),
    n.ParcelSent(),
    n.ParcelDelivered(),
    n.ParcelReturned(),
    n.PortabilityNoted(),
    n.BillingNoted(text="x"),
    n.DetailsChanged(ref="x"),
    n.RowReimported(typed={}),
    n.AlertRaised(sentence="x"),
    n.AlertSettled(note="x"),
    c.DayBooked(technician="x", day=DAY, order=ORDER),
    c.DayReleased(order=ORDER),
    c.TechnicianAbsent(technician="x", day=DAY, reason="x"),
    c.AbsenceCancelled(technician="x", day=DAY),
    *openip.LEAST,
)  # fmt: skip


def full() -> dict[str, Event]:
    """By topic, every field filled in."""
    return {event.topic: event for event in FULL}


def least() -> dict[str, Event]:
    """By topic, only what is obligatory."""
    return {event.topic: event for event in LEAST}
