"""What a row shows to be looked at, on the day it is read: alerts, the list of the day, reminders, the bill."""

from __future__ import annotations

import datetime as dt
import hashlib
from uuid import UUID

import pytest
from pydantic_core import to_json

from installflow.billing import BILLING
from installflow.billing.statement import statement
from installflow.orders import events as e
from installflow.orders import notes as n
from installflow.orders.agenda import AGENDA, agenda
from installflow.orders.alerts import alerts_of, clashes, overdue
from installflow.orders.brief import Brief
from installflow.orders.planning import PLANNING
from installflow.orders.planning_row import PlanningRow
from installflow.orders.terms import OrderStatus as S
from installflow.orders.today import SECTIONS, today_list
from installflow.workflow.event import SYSTEM
from tests.orders.told import APRIL_14, NINE, TODAY, Step, history, planned, received, row, rows

THE_13TH, THE_15TH = dt.date(2027, 4, 13), dt.date(2027, 4, 15)
READY = (planned(), (e.InstallationConfirmed(), S.RDV_POSE))
CONFIRMED = (planned(), e.TechnicianConfirmed(), (e.InstallationConfirmed(), S.RDV_POSE))
CANCELLED: Step = (e.OrderCancelled(confirmed_by="M. X", how="mail"), S.ANNULER)
ON_HOLD: Step = (e.PutOnStandBy(reason="x"), S.STAND_BY)


def alerts(one: PlanningRow, today: dt.date = TODAY, threshold: int = 4, confirmer: str = "") -> str:
    return "\n".join(alerts_of(one, today, {"collecte_threshold": threshold, "confirmer": confirmer, "lookalike": ""}))


ALERTS: dict[str, tuple[PlanningRow, dt.date, str, PlanningRow]] = {
    "no partner": (
        row(e.OrderImported(status=S.NEW, client="A")), TODAY, "PARTENAIRE à préciser", row(),
    ),
    "a cancellation asked for": (
        row(e.CancellationRequested(reason="perte du contrat")), TODAY, "annulation demandée (perte du contrat)",
        row(e.CancellationRequested(reason="x"), e.CancellationWithdrawn()),
    ),
    "presumed steps": (
        row(e.OrderImported(status=S.TO_PLAN, client="A", phones=9)), TODAY, "présumées faites",
        row(e.OrderImported(status=S.NEW, client="A", phones=9)),
    ),
    "phones unknown": (row(received(phones=None)), TODAY, "nombre de téléphones inconnu", row(received(phones=0))),
    "collecte not seen": (
        row(e.OrderImported(status=S.TO_PLAN, client="A", phones=5)), TODAY, "obligatoire au-delà de 4 téléphones",
        row(e.OrderImported(status=S.TO_PLAN, client="A", phones=4)),
    ),
    "5 com in the wrong wait": (
        row(planned(origin="5 com"), (e.TechnicianRequested(), S.ATTENTE_TECH)), TODAY, "plutôt Att 5COM",
        row(planned(), (e.TechnicianRequested(), S.ATTENTE_TECH)),
    ),
    "ours in the wrong wait": (
        row(planned(), (e.TechnicianRequested(), S.ATT_5COM)), TODAY, "plutôt Attente tech",
        row(planned(origin="5 com"), (e.TechnicianRequested(), S.ATT_5COM)),
    ),
    "a day off": (
        row(planned(date=dt.date(2027, 7, 14))), TODAY, "DATE le 14/07/2027 : jour férié (Fête nationale)",
        row(planned()),
    ),
    "a date gone by": (row(planned()), THE_15TH, "DATE passée (14/04/2027)", row(planned())),
    "a day nobody holds": (
        row(planned(), e.TechnicianDeclined(reason="x")), TODAY, "journée non réservée (14/04/2027)", row(planned()),
    ),
    "an appointment gone by": (row(*CONFIRMED), THE_15TH, "passé : clôture à confirmer", row(*CONFIRMED)),
    "an appointment to confirm again": (
        row(*CONFIRMED, n.VisitScheduled(slot="14H")), TODAY, "à reconfirmer", row(*CONFIRMED),
    ),
    "no project manager": (
        row(planned(project_manager=""), (e.InstallationConfirmed(), S.RDV_POSE)), TODAY, "NOM CP manquant",
        row(*READY),
    ),
    "no technician": (
        row(planned(technician=""), (e.InstallationConfirmed(), S.RDV_POSE)), TODAY, "NOM TECH manquant",
        row(planned(technician="", origin="5 com"), (e.InstallationConfirmed(), S.RDV_POSE)),
    ),
    "no slot": (
        row(n.VisitScheduled(date=APRIL_14), (e.StatusCorrected(status=S.RDV_POSE, reason="x"))), TODAY,
        "HEURE manquante", row(*READY),
    ),
    "equipment not there three days before": (
        row(*CONFIRMED), dt.date(2027, 4, 11), "matériel non livré", row(*CONFIRMED, n.ParcelDelivered()),
    ),
    "portability unknown": (row(*READY), TODAY, "portabilité inconnue", row(*READY, n.PortabilityNoted(state="sans"))),
    "portability unconfirmed": (
        row(*READY, n.PortabilityNoted(state="demandée")), TODAY, "portabilité non confirmée",
        row(*READY, e.PortabilityConfirmed(date=APRIL_14, source="x")),
    ),
    "portability after the installation": (
        row(*READY, e.PortabilityConfirmed(date=THE_15TH, source="x")), TODAY, "le 15/04/2027, après l'installation",
        row(*READY, e.PortabilityConfirmed(date=APRIL_14, source="x")),
    ),
    "portability before it": (
        row(*READY, e.PortabilityConfirmed(date=THE_13TH, source="x")), TODAY, "le 13/04/2027, avant l'installation",
        row(*READY),
    ),
    "a reminder gone by": (
        row(n.ReminderSet(date=TODAY - dt.timedelta(days=1))), TODAY, "IMPER dépassé (01/03/2027)",
        row(n.ReminderSet(date=TODAY)),
    ),
    "no reminder while waiting": (
        row((e.PartnerAwaited(reason="x"), S.ATTENTE_PARTE)), TODAY, "par exemple le 04/03/2027", row(),
    ),
    "no reminder for a portability": (
        row((e.PortabilityAwaited(), S.ATT_PORTA)), TODAY, "par exemple le 05/03/2027",
        row((e.PortabilityAwaited(), S.ATT_PORTA), n.ReminderSet(date=TODAY)),
    ),
    "a parcel without a number": (
        row(n.ParcelSent()), TODAY, "ENVOYÉ sans N° CHRONO", row(n.ParcelSent(tracking="8X1")),
    ),
    "a cell that could not be read": (
        row(e.OrderImported(status=S.NEW, client="A", unread={"HEURE": "midi"})), TODAY, "HEURE illisible : « midi »",
        row(e.OrderImported(status=S.NEW, client="A", unread={"HEURE": "midi"}), n.VisitScheduled(slot="9H")),
    ),
    "portability still running on hold": (
        row(e.PortabilityAwaited(asked_on=TODAY), ON_HOLD), TODAY, "portabilité toujours en cours", row(ON_HOLD),
    ),
    "equipment away on hold": (
        row(n.ParcelSent(), ON_HOLD), TODAY, "à récupérer", row(n.ParcelSent(), n.ParcelReturned(), ON_HOLD),
    ),
    "one of two parcels away": (
        row(n.ParcelSent(tracking=("A1", "A2")), n.ParcelReturned(tracking=("A1",)), ON_HOLD), TODAY, "à récupérer",
        row(n.ParcelSent(tracking=("A1", "A2")), n.ParcelReturned(tracking=("A1", "A2")), ON_HOLD),
    ),
    "another parcel left after one came back": (
        row(
            n.ParcelSent(tracking=("A1",)), n.ParcelReturned(tracking=("A1",)), n.ParcelSent(tracking=("A2",)), ON_HOLD,
        ),
        TODAY, "à récupérer", row(n.ParcelSent(tracking=("A1",)), n.ParcelReturned(tracking=("A1",)), ON_HOLD),
    ),
    "staging not done three days before": (
        row(*READY, (e.TechnicianConfirmed(), S.RDV_POSE), e.StagingReopened(reason="x")), dt.date(2027, 4, 12),
        "staging non terminé", row(*CONFIRMED, e.StagingCompleted()),
    ),
    "a visit told before its day": (
        row(*CONFIRMED, e.VisitDone(report="x")), TODAY, "visite enregistrée avant le jour du RDV (14/04/2027)",
        row(*CONFIRMED),
    ),
    "phones added after the staging": (
        row((e.StagingStarted(), S.STAGING), n.DetailsChanged(phones=9)), TODAY, "collecte obligatoire (plus de 4",
        row((e.StagingStarted(), S.STAGING), n.DetailsChanged(phones=4)),
    ),
    "equipment away once cancelled": (
        row(n.ParcelDelivered(), CANCELLED), TODAY, "à récupérer", row(CANCELLED),
    ),
    "cancelled after it was billed": (
        row(n.BillingNoted(text="x", billed=True), CANCELLED), TODAY, "avoir à établir", row(CANCELLED),
    ),
    "cancelled in the sheet, unconfirmed": (
        row(e.OrderImported(status=S.ANNULER, client="A")), TODAY, "sans confirmation du partenaire",
        row(e.OrderImported(status=S.ANNULER, client="A", cancel_confirmed=True)),
    ),
    "raised elsewhere": (
        row(n.AlertRaised(sentence="Karim est absent")), TODAY, "Karim est absent",
        row(n.AlertRaised(sentence="Karim est absent"), n.AlertSettled(note="vu")),
    ),
    "a portability postponed": (
        row(e.PortabilityPostponed(reason="report")), TODAY, "reportée sans date : vérifier le RDV (report)", row(),
    ),
    "a partner who refused": (
        row(e.PartnerDeclined(reason="client absent")), TODAY, "HIGHCOM a refusé (client absent)", row(),
    ),
    "a status corrected by an import": (
        row(e.StatusCorrected(status=S.STAGING, reason="tableau", imported=True)), TODAY, "à régulariser",
        row(e.StatusCorrected(status=S.STAGING, reason="x")),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("shown", "today", "sentence", "silent"), ALERTS.values(), ids=ALERTS)
def test_an_alert_and_what_silences_it(shown: PlanningRow, today: dt.date, sentence: str, silent: PlanningRow):
    assert sentence in alerts(shown, today)
    assert sentence not in alerts(silent, today if today != THE_15TH else TODAY)


def test_the_word_of_the_confirmer_is_asked_again_when_the_appointment_moves():
    set_for = row(planned(), e.PartnerConfirmed(), (e.TechnicianConfirmed(), S.RDV_POSE))
    moved = row(
        planned(), e.PartnerConfirmed(), (e.TechnicianConfirmed(), S.RDV_POSE),
        n.VisitScheduled(date="16/04/2027"),
    )  # fmt: skip
    assert "confirmation de VIP TELECOM à reprendre" in alerts(moved, confirmer="VIP TELECOM")
    assert "confirmation de" not in alerts(set_for, confirmer="VIP TELECOM")
    assert "confirmation de" not in alerts(moved)


def test_a_closed_order_asks_for_nothing():
    assert alerts(row(received(phones=None), *READY, (e.InstallationClosed(report="x"), S.CLOTUREE)), THE_15TH) == ""


def two(first: tuple[Step, ...], second: tuple[Step, ...]) -> list[PlanningRow]:
    return rows(
        history(received(client="Morel"), *first, id=UUID(int=1)),
        history(received(client="Petit"), *second, id=UUID(int=2)),
    )


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ((planned(),), (planned(project_manager="Paul"),), "double réservation du technicien le 14/04/2027"),
        ((planned(),), (planned(technician="Léa"),), "le chef de projet a deux installations le 14/04/2027 à 09:30"),
        ((n.ParcelSent(tracking="8X1"),), (n.ParcelSent(tracking="8x1"),), "N° CHRONO en double"),
    ],
)
def test_what_only_two_rows_show_together(first: tuple[Step, ...], second: tuple[Step, ...], sentence: str):
    found = clashes(two(first, second))
    assert found[UUID(int=1)] == [f"{sentence} (aussi : Petit)"]
    assert found[UUID(int=2)] == [f"{sentence} (aussi : Morel)"]
    assert clashes(two(first, ())) == {}


def test_an_order_on_hold_or_finished_clashes_with_nobody():
    assert clashes(two((planned(), ON_HOLD), (planned(),))) == {}
    assert clashes(two((planned(), CANCELLED), (planned(),))) == {}


def test_an_answer_is_late_after_two_working_days_and_a_portability_after_three():
    partner, porta = row((e.PartnerAwaited(reason="x"), S.ATTENTE_PARTE)), row((e.PortabilityAwaited(), S.ATT_PORTA))
    friday, monday = dt.date(2027, 3, 5), dt.date(2027, 3, 8)
    assert overdue(partner, dt.date(2027, 3, 4)) == []
    assert overdue(partner, friday) == [("partenaire", "HIGHCOM", 3)]
    assert overdue(porta, friday) == []
    assert overdue(porta, monday) == [("portabilité", "", 4)]


# The list of the day


def sections(one: PlanningRow, today: dt.date) -> dict[str, str]:
    return {item.section: item.what for item in today_list([one], today)}


def test_the_list_of_the_day_has_its_headings():
    assert sections(row(n.ReminderSet(date=TODAY)), TODAY) == {
        "Rappels à faire": "IMPER du 02/03/2027 : collecte ou staging à lancer",
    }  # fmt: skip
    twice = row(
        n.CommentAdded(text="devis envoyé"), n.ReminderSet(date=TODAY), n.ReminderSet(date=TODAY - dt.timedelta(days=1))
    )
    assert sections(twice, TODAY)["Rappels à faire"] == (
        "IMPER des 01/03/2027 et 02/03/2027 : collecte ou staging à lancer (« devis envoyé »)"
    )
    assert len(today_list([twice], TODAY)) == 1
    waiting = row((e.PartnerAwaited(reason="x"), S.ATTENTE_PARTE), n.ReminderSet(date=TODAY))
    assert sections(waiting, TODAY)["Rappels à faire"].startswith("IMPER du 02/03/2027 : attend partenaire (HIGHCOM)")
    near = sections(row(*CONFIRMED), THE_13TH)
    assert near["RDV des trois prochains jours"] == (
        "14/04 à 9H30, Karim, CP Inès : il manque le colis (matériel non livré), l'état de la portabilité (inconnu)"
    )
    everything = row(*CONFIRMED, n.ParcelDelivered(), n.PortabilityNoted(state="sans"))
    assert (
        sections(everything, APRIL_14)["RDV des trois prochains jours"]
        == "14/04 à 9H30, Karim, CP Inès : tout est prêt"
    )
    ported = row(e.PortabilityConfirmed(date=APRIL_14, source="x", operator="SFR"))
    assert sections(ported, APRIL_14)["Portabilités du jour"] == "portabilité confirmée, SFR"
    late = sections(row((e.PartnerAwaited(reason="x"), S.ATTENTE_PARTE)), dt.date(2027, 3, 5))
    assert late["Réponses en retard"] == "partenaire : HIGHCOM attendu(e) depuis 3 jours ouvrés"
    still = "Sans rappel ni mouvement depuis dix jours"
    assert still in sections(row(), TODAY + dt.timedelta(days=10))
    assert still not in sections(row(), TODAY + dt.timedelta(days=9))
    assert "RDV du 14/04/2027 passé" in sections(row(*CONFIRMED), THE_15TH)["À clôturer"]
    closed = row(e.VisitFailed(reason="x", billable=True), (e.InstallationClosed(report="x"), S.CLOTUREE))
    assert sections(closed, TODAY) == {"À facturer": "installation clôturée, 1 déplacement(s) à facturer"}
    assert set(SECTIONS) >= set(near) | set(late)


def test_a_reaction_is_no_move_of_the_order():
    one = row(n.AlertRaised(sentence="x"), by=SYSTEM)
    assert one.last_at == one.opened_at == NINE


def test_the_list_of_one_person():
    mine, other = two(
        (*CONFIRMED,), (planned(technician="Léa", project_manager="Paul"), (e.InstallationConfirmed(), S.RDV_POSE))
    )
    assert {item.client for item in today_list([mine, other], APRIL_14, "karim")} == {"Morel"}
    assert {item.client for item in today_list([mine, other], APRIL_14, "PAUL")} == {"Petit"}
    assert {item.client for item in today_list([mine, other], APRIL_14)} == {"Morel", "Petit"}


# Reminders


def reminders(*steps: Step, today: dt.date = TODAY, every: bool = False) -> list[tuple[dt.date, str, str]]:
    folded = AGENDA.fold_all(history(received(), *steps)).values()
    return [(entry.date, entry.state, entry.check) for entry in agenda(folded, today, every=every)]


def test_reminders_are_listed_oldest_first_with_their_state():
    day = dt.timedelta(days=1)
    told = (n.ReminderSet(date=TODAY + day), n.ReminderSet(date=TODAY - day, check="colis"), n.ReminderSet(date=TODAY))
    assert reminders(*told) == [
        (TODAY - day, "en retard", "colis"), (TODAY, "aujourd'hui", ""), (TODAY + day, "à venir", ""),
    ]  # fmt: skip


def test_a_check_made_is_history_and_may_set_the_next():
    later = dt.date(2027, 3, 9)
    assert reminders(n.ReminderSet(date=TODAY), n.ReminderDone(result="rien", next=later)) == [(later, "à venir", "")]
    assert reminders(n.ReminderSet(date=TODAY), n.ReminderSet(date=later), n.ReminderDone(result="x", date=later)) == [
        (TODAY, "aujourd'hui", ""),
    ]  # fmt: skip
    assert reminders(n.ReminderDone(result="rien à faire")) == []
    (entry,) = agenda(
        AGENDA.fold_all(
            history(received(), n.ReminderSet(date=later), n.ReminderDone(result="vu", next=later))
        ).values(),
        TODAY,
    )
    assert entry.last is not None
    assert (entry.last.by, entry.last.result, entry.last.date) == ("Sonia", "vu", later)


def test_a_finished_order_is_checked_on_demand():
    assert reminders(n.ReminderSet(date=TODAY), CANCELLED) == []
    assert len(reminders(n.ReminderSet(date=TODAY), CANCELLED, every=True)) == 1


# Billing


def bill(*steps: Step, every: bool = False) -> list[str]:
    lines = statement(BILLING.fold_all(history(received(), *steps)).values(), every=every)
    return [line.state for line in lines]


CLOSED: Step = (e.InstallationClosed(report="x"), S.CLOTUREE)


@pytest.mark.parametrize(
    ("steps", "shown", "state"),
    [
        ((), [], "en cours"),
        ((n.BillingNoted(text="x"),), ["en cours"], "en cours"),
        ((e.VisitFailed(reason="x", billable=True),), ["en cours"], "en cours"),
        ((e.VisitFailed(reason="x"),), [], "en cours"),
        ((CLOSED,), ["à facturer"], "à facturer"),
        ((CLOSED, n.BillingNoted(text="x", billed=True)), [], "facturée"),
        ((CLOSED, e.StatusCorrected(status=S.TO_PLAN, reason="x")), [], "en cours"),
        ((CANCELLED,), [], "annulée"),
        ((e.VisitFailed(reason="x", billable=True), CANCELLED), ["déplacement à facturer"], "déplacement à facturer"),
        ((n.BillingNoted(text="x", billed=True), CANCELLED), ["avoir à établir"], "avoir à établir"),
    ],
)
def test_what_there_is_to_bill(steps: tuple[Step, ...], shown: list[str], state: str):
    assert bill(*steps) == shown
    assert bill(*steps, every=True) == [state]


def test_what_is_stored_of_alerts_changes_with_the_version_of_the_view():
    """Stored briefs say what was true of an older release: a change here that is no new example raises the version."""
    briefs = b"".join(to_json(Brief.of(one)) for shown, _, _, silent in ALERTS.values() for one in (shown, silent))
    assert (PLANNING.version, hashlib.sha256(briefs).hexdigest()[:16]) == (3, "55feb31e603efa52")
