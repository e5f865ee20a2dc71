"""The order's lifecycle: every row of the transition table (T01 to T111), and who may record what."""

from __future__ import annotations

from installflow.orders import events as e
from installflow.orders import guards as g
from installflow.orders import notes as n
from installflow.orders.calendar import HALF_DAY, WHOLE_DAY
from installflow.orders.terms import OrderStatus as S
from installflow.orders.waits import CANCELLATION, FINALS, PARTNER, PORTABILITY, TECHNICIAN
from installflow.workflow.guard import Guard
from installflow.workflow.table import PREVIOUS, SAME, OneOf, Target, Transition, Workflow, all_but

OPEN = frozenset(S) - FINALS
WAITING = frozenset({S.ATTENTE_TECH, S.ATT_5COM})
BEFORE_VISIT = all_but(OPEN, S.STAND_BY, S.RDV_POSE)

# The order of choice where one answer may lead to several statuses: the appointment if everything holds, the
# status the order came from, another open wait, En attente de planification.
INSTALLATION = Target(S.RDV_POSE, wanted=True)
TO_TECHNICIAN = (*g.COLLECTED, g.technician_is_ours_or_occitech)
TO_5COM = (*g.COLLECTED, g.technician_is_5com)


def _asked(needs: tuple[Guard, ...], status: S, *when: Guard) -> Target:
    return Target(status, guards=needs, when=when)


AFTER_THE_PARTNER = (
    INSTALLATION,
    Target(S.NEW, guards=(g.came_from(S.NEW),)),
    Target(S.COLLECTE, guards=(g.came_from(S.COLLECTE),)),
    Target(S.STAGING, guards=g.COLLECTED, when=(g.came_from(S.STAGING),)),
    Target(
        S.ATT_PORTA, guards=(g.portability_is_not_confirmed,), when=(g.came_from(S.ATT_PORTA), g.portability_is_awaited)
    ),
    _asked(TO_TECHNICIAN, S.ATTENTE_TECH, g.technician_is_awaited),
    _asked(TO_5COM, S.ATT_5COM, g.technician_is_awaited),
    Target(S.ATT_PORTA, guards=(g.portability_is_not_confirmed,), when=(g.portability_is_awaited,)),
    Target(S.TO_PLAN),
)
AFTER_PORTABILITY = (
    INSTALLATION,
    Target(S.STAGING, guards=(*g.COLLECTED, g.staging_is_not_done), when=(g.came_from(S.STAGING),)),
    _asked((*TO_TECHNICIAN, g.date_is_set), S.ATTENTE_TECH, g.technician_is_awaited),
    _asked((*TO_5COM, g.date_is_set), S.ATT_5COM, g.technician_is_awaited),
    Target(S.TO_PLAN),
)
ALL_BUT_THE_CONFIRMER = (
    *g.COLLECTED, *g.PLANNED, g.portability_is_reliable_when_required, g.technician_has_confirmed_the_visit,
)  # fmt: skip
ALL_BUT_PORTABILITY = (
    *g.COLLECTED, *g.PLANNED, g.confirmer_has_confirmed_the_visit, g.technician_has_confirmed_the_visit,
)  # fmt: skip
AFTER_THE_TECHNICIAN = (
    INSTALLATION,
    Target(S.ATTENTE_PARTE, guards=(*ALL_BUT_THE_CONFIRMER, g.confirmer_is_still_silent)),
    Target(S.ATT_PORTA, guards=(*ALL_BUT_PORTABILITY, g.portability_is_unreliable)),
    Target(S.TO_PLAN),
)
REQUESTED = (
    Target(S.ATTENTE_TECH, guards=(g.technician_is_ours_or_occitech, g.date_is_set)),
    Target(S.ATT_5COM, guards=(g.technician_is_5com, g.date_is_set)),
)
BACK_FROM_STAND_BY = {
    S.NEW: (),
    S.COLLECTE: (),
    S.STAGING: g.COLLECTED,
    S.TO_PLAN: (),
    S.ATTENTE_TECH: (*TO_TECHNICIAN, g.date_is_set, g.technician_is_awaited),
    S.ATT_5COM: (*TO_5COM, g.date_is_set, g.technician_is_awaited),
    S.ATTENTE_PARTE: (g.partner_is_awaited,),
    S.ATT_PORTA: (g.portability_is_not_confirmed, g.portability_is_awaited),
}

NOTES = (
    n.VisitScheduled, n.TechnicianAssigned, n.TechnicianUnassigned, n.ProjectManagerAssigned, n.ReminderSet,
    n.ReminderDone, n.CommentAdded, n.ParcelSent, n.ParcelDelivered, n.ParcelReturned, n.PortabilityNoted,
    n.BillingNoted, n.DetailsChanged, n.RowReimported, n.AlertRaised, n.AlertSettled,
)  # fmt: skip

TRANSITIONS = (
    # Collecte and staging
    Transition(e.CollecteStarted, {S.NEW}, S.COLLECTE),
    Transition(e.CollecteCompleted, {S.COLLECTE}, S.STAGING, guards=(g.phones_are_known,)),
    Transition(e.CollecteCompleted, all_but(OPEN, S.COLLECTE), SAME),
    Transition(e.CollecteReopened, {S.STAGING, S.TO_PLAN, S.ATT_PORTA} | WAITING, S.COLLECTE),
    Transition(e.StagingStarted, {S.NEW}, S.STAGING, guards=g.COLLECTED),
    Transition(e.StagingCompleted, {S.STAGING}, S.TO_PLAN),
    Transition(e.StagingCompleted, all_but(OPEN, S.STAGING), SAME),
    Transition(e.StagingReopened, {S.TO_PLAN, S.ATT_PORTA} | WAITING, S.STAGING, guards=g.COLLECTED),
    Transition(
        e.StagingSkipped, {S.NEW, S.COLLECTE}, S.TO_PLAN, guards=(g.there_is_nothing_to_prepare, *g.COLLECTED)
    ),
    # The partner
    Transition(e.PartnerAwaited, all_but(OPEN, S.STAND_BY, S.ATTENTE_PARTE), S.ATTENTE_PARTE),
    Transition(e.PartnerConfirmed, {S.ATTENTE_PARTE}, AFTER_THE_PARTNER),
    Transition(e.PartnerConfirmed, all_but(OPEN, S.ATTENTE_PARTE), SAME),
    Transition(e.PartnerDeclined, {S.ATTENTE_PARTE}, S.TO_PLAN),
    Transition(e.PartnerDeclined, all_but(OPEN, S.ATTENTE_PARTE), SAME),
    # Portability
    Transition(
        e.PortabilityAwaited,
        {S.NEW, S.COLLECTE, S.STAGING},
        S.ATT_PORTA,
        guards=(g.portability_was_asked, g.portability_is_not_confirmed),
    ),
    Transition(
        e.PortabilityAwaited, {S.TO_PLAN}, S.ATT_PORTA, guards=(g.portability_was_asked, g.portability_is_not_confirmed)
    ),
    Transition(e.PortabilityAwaited, WAITING, S.ATT_PORTA, guards=(g.portability_is_not_confirmed,)),
    Transition(e.PortabilityConfirmed, {S.ATT_PORTA}, AFTER_PORTABILITY),
    Transition(e.PortabilityConfirmed, all_but(OPEN, S.ATT_PORTA), SAME),
    Transition(
        e.PortabilityPostponed,
        {S.RDV_POSE},
        (Target(S.ATT_PORTA, guards=(g.portability_is_lost_or_moved,), only_named=True), SAME),
    ),
    Transition(e.PortabilityPostponed, all_but(OPEN, S.RDV_POSE), SAME),
    Transition(e.PortabilityRefused, OPEN, SAME),
    # The technician
    Transition(e.TechnicianRequested, {S.STAGING, S.TO_PLAN}, REQUESTED, guards=g.COLLECTED),
    Transition(e.TechnicianConfirmed, WAITING, AFTER_THE_TECHNICIAN),
    Transition(e.TechnicianConfirmed, OPEN - WAITING, SAME),
    Transition(e.TechnicianDeclined, WAITING, S.TO_PLAN),
    Transition(e.TechnicianDeclined, OPEN - WAITING, SAME),
    Transition(
        e.TechnicianOriginChanged, {S.ATTENTE_TECH}, S.ATT_5COM, guards=(g.origin_differs, g.origin_changes_the_wait)
    ),
    Transition(
        e.TechnicianOriginChanged,
        {S.ATT_5COM},
        S.ATTENTE_TECH,
        guards=(g.origin_differs, g.origin_changes_the_wait),
    ),
    Transition(
        e.TechnicianWithdrew,
        {S.RDV_POSE},
        (
            Target(S.ATTENTE_TECH, guards=(g.technician_is_ours_or_occitech,)),
            Target(S.ATT_5COM, guards=(g.technician_is_5com,)),
        ),
    ),
    # The appointment
    Transition(e.InstallationConfirmed, {S.TO_PLAN}, S.RDV_POSE),
    Transition(
        e.VisitRescheduled,
        {S.RDV_POSE},
        (
            Target(
                SAME,
                guards=(
                    g.new_date_is_given, *g.PLANNED, g.confirmer_has_confirmed_the_visit,
                    g.technician_has_confirmed_the_visit,
                ),
                wanted=True,
            ),
            Target(
                S.ATTENTE_PARTE,
                when=(
                    g.new_date_is_given, *g.PLANNED, g.technician_has_confirmed_the_visit, g.confirmer_is_still_silent,
                ),
            ),
            Target(
                S.ATTENTE_TECH,
                guards=(g.new_date_is_given, g.technician_is_ours_or_occitech),
                when=(g.technician_has_not_confirmed,),
            ),
            Target(
                S.ATT_5COM, guards=(g.new_date_is_given, g.technician_is_5com), when=(g.technician_has_not_confirmed,)
            ),
            Target(S.TO_PLAN, guards=(g.no_new_date_is_given,)),
        ),
    ),
    Transition(
        e.VisitDone,
        {S.RDV_POSE},
        (Target(SAME, guards=(g.work_is_finished_or_goes_on,), wanted=True), S.TO_PLAN),
        guards=(g.work_is_not_finished_yet,),
    ),
    Transition(
        e.VisitFailed,
        {S.RDV_POSE},
        (Target(S.ATTENTE_PARTE, guards=(g.partner_alone_contacts_the_client,)), S.TO_PLAN),
    ),
    Transition(
        e.InstallationClosed,
        {S.RDV_POSE},
        S.CLOTUREE,
        guards=(g.date_has_come, g.report_is_present, g.no_wait_is_open, g.sheets_are_delivered),
    ),
    # Stand BY and the end
    Transition(e.PutOnStandBy, all_but(OPEN, S.STAND_BY), S.STAND_BY),
    Transition(e.Resumed, {S.STAND_BY}, (Target(PREVIOUS, among=BACK_FROM_STAND_BY, wanted=True), S.TO_PLAN)),
    Transition(e.CancellationRequested, OPEN, SAME, guards=(g.cancellation_is_not_requested_yet,)),
    Transition(e.CancellationWithdrawn, OPEN, SAME, guards=(g.cancellation_was_requested,)),
    Transition(
        e.OrderCancelled, OPEN, S.ANNULER, guards=(g.cancellation_was_requested, g.confirmation_is_not_to_come)
    ),
    # The rest of the row, in every status, final ones included; late answers and reports are facts there too
    Transition(n.ClientContacted, frozenset(S), SAME, guards=(g.we_may_contact_the_client,)),
    *(Transition(note, frozenset(S), SAME) for note in NOTES),
    *(
        Transition(fact, FINALS, SAME)
        for fact in (
            e.CollecteCompleted, e.StagingCompleted, e.PartnerConfirmed, e.TechnicianConfirmed, e.PortabilityConfirmed,
            e.PortabilityPostponed, e.PortabilityRefused, e.VisitDone,
        )
    ),
)  # fmt: skip

PROJECT = frozenset({"project_manager"})
ROLES = {
    e.OrderReceived: {"partner"} | PROJECT,
    e.CollecteStarted: PROJECT,
    e.CollecteCompleted: PROJECT,
    e.CollecteReopened: PROJECT | {"workshop"},
    e.StagingStarted: PROJECT | {"workshop"},
    e.StagingCompleted: {"workshop"},
    e.StagingReopened: {"workshop"},
    e.StagingSkipped: PROJECT,
    e.PartnerAwaited: PROJECT | {"partner"},
    e.PartnerConfirmed: {"partner"},
    e.PartnerDeclined: {"partner"},
    e.PortabilityConfirmed: {"operator"},
    e.PortabilityPostponed: {"operator"},
    e.PortabilityRefused: {"operator"},
    e.TechnicianConfirmed: {"technician"},
    e.TechnicianDeclined: {"technician"},
    e.TechnicianWithdrew: {"technician"},
    e.InstallationConfirmed: PROJECT,
    e.VisitRescheduled: PROJECT | {"partner"},
    e.VisitDone: PROJECT | {"technician"},
    e.VisitFailed: PROJECT | {"technician", "operator"},
    e.InstallationClosed: PROJECT | {"technician"},
    e.PutOnStandBy: PROJECT | {"partner"},
    e.CancellationRequested: PROJECT | {"partner", "client"},
    e.CancellationWithdrawn: PROJECT | {"partner", "client"},
    n.ProjectManagerAssigned: PROJECT,
    n.ReminderSet: PROJECT | {"workshop", "technician", "billing", "supervisor"},
    n.ReminderDone: PROJECT | {"workshop", "technician", "billing", "supervisor"},
    n.CommentAdded: PROJECT | {"workshop", "technician", "partner", "operator", "billing", "client", "supervisor"},
    n.ClientContacted: PROJECT | {"technician"},
    n.ParcelSent: {"workshop"},
    n.ParcelDelivered: PROJECT | {"workshop", "technician", "partner", "client"},
    n.ParcelReturned: {"workshop", "technician"},
    n.PortabilityNoted: PROJECT | {"operator"},
    n.BillingNoted: PROJECT | {"billing"},
    n.AlertSettled: PROJECT | {"supervisor"},
}

WORKFLOW = Workflow(
    "order",
    statuses=S,
    opens={e.OrderReceived: S.NEW},
    takeovers=(e.OrderImported,),
    corrections=(e.StatusCorrected,),
    transitions=TRANSITIONS,
    finals=FINALS,
    entry={S.RDV_POSE: g.READY},
    parameters={
        "collecte_threshold": 4,
        "client_contact": True,
        "confirmer": "",
        "porta_before_installation": False,
        "booking_unit": OneOf(WHOLE_DAY, HALF_DAY),
    },
    waits={CANCELLATION, PARTNER, PORTABILITY, TECHNICIAN},
    internal={n.AlertRaised, n.RowReimported},
    roles=ROLES,
    every_role={"planner"},
)
