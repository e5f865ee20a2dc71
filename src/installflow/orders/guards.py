"""What must be true before an order moves: one named guard a condition, G1 to G9 of the requirements (2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.terms import Origin, Porta
from installflow.orders.visit import READ_BY_VISIT
from installflow.orders.waits import PARTNER, PORTABILITY, TECHNICIAN
from installflow.workflow.guard import reads_event

if TYPE_CHECKING:
    from installflow.orders.order import Order
    from installflow.orders.terms import OrderStatus
    from installflow.workflow.event import Event
    from installflow.workflow.guard import Guard

reads_visit = reads_event(*READ_BY_VISIT)


# G2: telephones known, and above the threshold the collecte finished (R-BOARD-24, R-BOARD-25).


@reads_event(e.CollecteCompleted, e.StagingSkipped)
def phones_are_known(order: Order, _facts: Any, event: Event | None) -> str | None:
    """The number of telephones is known, or the order was taken over past Collecte."""
    if order.phones is None and not order.collecte_presumed and getattr(event, "phones", None) is None:
        return "le nombre de téléphones est inconnu : le donner (modifier_commande téléphones=…)"
    return None


@reads_event(e.CollecteCompleted, e.StagingSkipped)
def collecte_is_done_above_threshold(order: Order, facts: Any, event: Event | None) -> str | None:
    """Above the threshold of telephones (strictly), the collecte is finished."""
    phones = getattr(event, "phones", None)
    phones = order.phones if phones is None else phones
    done = order.collected or order.collecte_presumed or isinstance(event, e.CollecteCompleted)
    done = done or getattr(event, "collecte_completed", False)
    if (phones or 0) > facts.collecte_threshold and not done:
        threshold = facts.collecte_threshold
        return (
            f"la collecte est obligatoire au-delà de {threshold} téléphones : la terminer d'abord (terminer_collecte)"
        )
    return None


def there_is_nothing_to_prepare(order: Order, _facts: Any) -> str | None:
    """The order has no equipment to prepare (A-04)."""
    return "la commande a du matériel à préparer : elle passe par le staging" if order.equipment else None


def staging_is_not_done(order: Order, _facts: Any) -> str | None:
    """There still is something to prepare."""
    return "le staging est déjà fait" if order.staged else None


# G3: DATE, HEURE, TECH, NOM CP, and NOM TECH for our own technicians (R-BOARD-12).


@reads_visit
def date_is_set(order: Order, _facts: Any, event: Event | None) -> str | None:
    """DATE is set."""
    return None if order.visit.after(event).date else "la DATE manque : la poser (planifier_rdv date=…)"


@reads_visit
def slot_is_set(order: Order, _facts: Any, event: Event | None) -> str | None:
    """HEURE is set."""
    return None if order.visit.after(event).slot else "l'HEURE manque : choisir un créneau (planifier_rdv heure=…)"


@reads_visit
def origin_is_set(order: Order, _facts: Any, event: Event | None) -> str | None:
    """TECH is set."""
    return (
        None if order.visit.after(event).origins else "TECH manque : Direct, 5 com ou Occitech (planifier_rdv tech=…)"
    )


@reads_visit
def project_manager_is_set(order: Order, _facts: Any, event: Event | None) -> str | None:
    """NOM CP is set."""
    if order.visit.after(event).project_manager:
        return None
    return "le NOM CP manque : l'installation se fait avec un chef de projet (affecter_cp)"


@reads_visit
def own_technician_is_named(order: Order, _facts: Any, event: Event | None) -> str | None:
    """NOM TECH is set for `Direct`; 5COM and Occitech may name theirs later."""
    visit = order.visit.after(event)
    if Origin.DIRECT in visit.origins and not visit.technicians:
        return "le NOM TECH manque : un technicien Direct se nomme avant de confirmer (affecter_technicien)"
    return None


# G4, G5, G6: portability, the partner's word, the technician's availability.


@reads_event(e.PortabilityConfirmed)
def portability_is_reliable_when_required(order: Order, facts: Any, event: Event | None) -> str | None:
    """Where the policy wants portability before installation, it is confirmed or there is none."""
    if not facts.porta_before_installation or event is not None or order.porta in (Porta.CONFIRMED, Porta.NONE):
        return None
    return "la portabilité n'est pas fiabilisée, ce que ce partenaire exige avant l'installation (porta_fiabilisee)"


@reads_visit
def confirmer_has_confirmed_the_visit(order: Order, facts: Any, event: Event | None) -> str | None:
    """Where the policy names a confirmer, it said yes for this DATE and HEURE (R-BOARD-26, R-BOARD-27)."""
    if not facts.confirmer or order.visit.after(event).partner_holds:
        return None
    return f"{facts.confirmer} n'a pas confirmé cette DATE et cette HEURE : le lui demander (partenaire_confirme)"


@reads_visit
def confirmer_is_still_silent(order: Order, facts: Any, event: Event | None) -> str | None:
    """Only the confirmer's word is missing."""
    return (
        "la confirmation du partenaire n'est pas en attente"
        if not facts.confirmer
        else ("le partenaire a déjà confirmé" if order.visit.after(event).partner_holds else None)
    )


@reads_visit
def technician_has_confirmed_the_visit(order: Order, _facts: Any, event: Event | None) -> str | None:
    """The technician, or the subcontractor, is available for this DATE, HEURE and NOM TECH (G6)."""
    if order.visit.after(event).technician_holds:
        return None
    return "la disponibilité du technicien n'est pas confirmée pour ce RDV (confirmer_technicien)"


@reads_visit
def technician_has_not_confirmed(order: Order, _facts: Any, event: Event | None) -> str | None:
    """The technician still has to be asked for this DATE and HEURE."""
    return "le technicien a déjà confirmé" if order.visit.after(event).technician_holds else None


@reads_event(e.PortabilityConfirmed)
def portability_is_unreliable(order: Order, facts: Any, event: Event | None) -> str | None:
    """The policy wants portability first, and it is not there yet."""
    missing = portability_is_reliable_when_required(order, facts, event)
    return None if missing else "la portabilité n'est pas ce qui manque"


COLLECTED = (phones_are_known, collecte_is_done_above_threshold)
PLANNED = (date_is_set, slot_is_set, origin_is_set, own_technician_is_named, project_manager_is_set)
READY = (
    *COLLECTED,
    *PLANNED,
    portability_is_reliable_when_required,
    confirmer_has_confirmed_the_visit,
    technician_has_confirmed_the_visit,
)
"""G2 to G6: what an appointment needs to be set."""


# Where the order waits, where it came from.


@reads_visit
def technician_is_ours_or_occitech(order: Order, _facts: Any, event: Event | None) -> str | None:
    """TECH is Direct or Occitech."""
    visit = order.visit.after(event)
    if not visit.origins:
        return "TECH manque : Direct, 5 com ou Occitech (planifier_rdv tech=…)"
    return "TECH est 5 com : l'attente se montre en « Att 5COM »" if visit.is_5com else None


@reads_visit
def technician_is_5com(order: Order, _facts: Any, event: Event | None) -> str | None:
    """TECH is 5 com (R-BOARD-29)."""
    visit = order.visit.after(event)
    if not visit.origins:
        return "TECH manque : Direct, 5 com ou Occitech (planifier_rdv tech=…)"
    return None if visit.is_5com else "TECH n'est pas 5 com : l'attente se montre en « Attente tech »"


@reads_event(e.TechnicianOriginChanged)
def origin_differs(order: Order, _facts: Any, event: e.TechnicianOriginChanged | None) -> str | None:
    """Another origin than the present one is asked."""
    if event is not None and set(event.origin) == set(order.visit.origins):
        return "c'est déjà l'origine demandée : en donner une autre"
    return None


@reads_event(e.TechnicianOriginChanged)
def origin_changes_the_wait(order: Order, _facts: Any, event: Event | None) -> str | None:
    """The new origin waits in the other status; within one, only TECH changes."""
    if event is None or order.visit.after(event).is_5com != order.visit.is_5com:
        return None
    return "cette origine s'attend dans le même statut : changer seulement TECH (planifier_rdv tech=…)"


@reads_event(e.PortabilityAwaited)
def portability_was_asked(order: Order, _facts: Any, event: Event | None) -> str | None:
    """The portability was asked of the operator."""
    if order.porta is Porta.ASKED or getattr(event, "asked_on", None):
        return None
    return "la portabilité n'a pas été demandée : le noter (noter_porta état=demandée, ou demandée_le=…)"


def portability_is_not_confirmed(order: Order, _facts: Any) -> str | None:
    """There is a portability, and it is not reliable yet."""
    if order.porta is Porta.CONFIRMED:
        return "la portabilité est déjà fiabilisée"
    return "la commande est sans portabilité" if order.porta is Porta.NONE else None


@reads_event(e.PortabilityPostponed)
def portability_is_lost_or_moved(order: Order, _facts: Any, event: Event | None) -> str | None:
    """The portability date is lost, or is another day than DATE."""
    date = getattr(event, "date", None)
    return (
        "la nouvelle date de portabilité est le jour de l'installation" if date and date == order.visit.date else None
    )


@reads_event(e.VisitRescheduled)
def new_date_is_given(_order: Order, _facts: Any, event: Event | None) -> str | None:
    """The appointment is moved to a day."""
    return None if getattr(event, "date", None) else "il n'y a pas de nouvelle DATE (date=…)"


@reads_event(e.VisitRescheduled)
def no_new_date_is_given(_order: Order, _facts: Any, event: Event | None) -> str | None:
    """The appointment is moved to no day yet."""
    return "une nouvelle DATE est donnée" if getattr(event, "date", None) else None


def partner_alone_contacts_the_client(_order: Order, facts: Any) -> str | None:
    """We may not contact this partner's clients (R-BOARD-26)."""
    return "nous pouvons joindre le client nous-mêmes" if facts.client_contact else None


@reads_event(n.ClientContacted)
def we_may_contact_the_client(_order: Order, facts: Any, event: n.ClientContacted | None) -> str | None:
    """An outgoing contact is allowed; an incoming one is a fact (R-BOARD-26)."""
    if facts.client_contact or (event is not None and event.direction == "entrant"):
        return None
    return "chez ce partenaire, c'est lui qui contacte le client, pas nous : passer par lui (attendre_partenaire)"


def _waits_for(kind: str, sentence: str) -> Guard:
    def is_awaited(order: Order, _facts: Any) -> str | None:
        return None if order.waits_for(kind) else sentence

    is_awaited.__name__ = {TECHNICIAN: "technician", PARTNER: "partner", PORTABILITY: "portability"}[
        kind
    ] + "_is_awaited"
    return is_awaited


technician_is_awaited = _waits_for(TECHNICIAN, "aucun technicien n'est attendu")
partner_is_awaited = _waits_for(PARTNER, "le partenaire n'est plus attendu")
portability_is_awaited = _waits_for(PORTABILITY, "la portabilité n'est plus attendue")


def came_from(*statuses: OrderStatus) -> Guard:
    """The status was left for the present wait: where its answer leads back to."""

    def came_from_there(order: Order, _facts: Any) -> str | None:
        if order.came_from.get(order.status) in statuses:
            return None
        return f"la commande ne venait pas de « {statuses[0].label} »"

    came_from_there.__name__ = "came_from_" + statuses[0].name.lower()
    return came_from_there


# G8 and G9: the two ends.


def cancellation_was_requested(order: Order, _facts: Any) -> str | None:
    """A cancellation is confirmed, or withdrawn, only once it was asked for (R-BOARD-32, R-BOARD-41)."""
    return (
        None if order.cancellation else "aucune annulation n'a été demandée : la demander d'abord (demander_annulation)"
    )


@reads_event(e.OrderCancelled)
def confirmation_is_not_to_come(_order: Order, facts: Any, event: e.OrderCancelled | None) -> str | None:
    """The partner has confirmed, today or before."""
    if event is None or event.confirmed_on is None or event.confirmed_on <= facts.today:
        return None
    return f"la confirmation du {event.confirmed_on:%d/%m/%Y} est à venir : annuler quand le partenaire aura confirmé"


def cancellation_is_not_requested_yet(order: Order, _facts: Any) -> str | None:
    """A cancellation is asked for once."""
    return (
        "l'annulation est déjà demandée : la confirmer (annuler) ou la retirer (retirer_annulation)"
        if order.cancellation
        else None
    )


def date_has_come(order: Order, facts: Any) -> str | None:
    """DATE is today or past."""
    date = order.visit.date
    if date is None:
        return "la DATE manque : la poser (planifier_rdv date=…)"
    return f"le RDV est le {date:%d/%m/%Y} : clôturer ce jour-là ou après" if date > facts.today else None


@reads_event(e.InstallationClosed)
def report_is_present(order: Order, _facts: Any, event: e.InstallationClosed | None) -> str | None:
    """A visit, or the closing itself, leaves a report."""
    if order.reported or (event is not None and event.report):
        return None
    return "le compte rendu manque : enregistrer la visite (visite_faite) ou le joindre (compte_rendu=…)"


def no_wait_is_open(order: Order, _facts: Any) -> str | None:
    """Nothing is waited for any more."""
    open_waits = ", ".join(wait.said for wait in order.waits)
    return f"il reste une attente ouverte : {open_waits}" if open_waits else None


@reads_event(e.InstallationClosed)
def sheets_are_delivered(_order: Order, facts: Any, event: e.InstallationClosed | None) -> str | None:
    """Every product sheet is delivered, or a reasoned waiver says why not."""
    if not facts.sheets_pending or (event is not None and event.waiver):
        return None
    return f"{facts.sheets_pending} fiche(s) produit non livrée(s) : attendre, ou déroger avec un motif (dérogation=…)"


def work_is_not_finished_yet(order: Order, _facts: Any) -> str | None:
    """A visit is reported once: what follows a finished one is the closing, or another appointment."""
    return "la visite est déjà faite et terminée : clôturer (cloturer), ou reporter le RDV" if order.reported else None


@reads_event(e.VisitDone)
def work_is_finished_or_goes_on(order: Order, _facts: Any, event: Event | None) -> str | None:
    """The work is finished, or another visit is booked for the rest (R-BOARD-42)."""
    if getattr(event, "result", "terminé") == "terminé" or order.visit.further:
        return None
    return "le travail est à finir et aucune autre visite n'est réservée (planifier_rdv visite_de_plus=oui date=…)"
