"""Pairings that follow the sponsors of enrolments, their end, how often the two meet, and when they are due."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from coaching.calendars.invitations import cancelled
from coaching.meetings.cadence import due_on
from coaching.meetings.days import Days, days_by_pairing, days_of
from coaching.meetings.policies import ensure_may_meet
from coaching.meetings.rules import ensure_cadence
from coaching.models import Action, Pairing, PairingKind, PairingState, SessionState
from cohorts.audit import record
from cohorts.enrolment.current import own_enrolment, take_turns
from cohorts.models import Enrolment, Membership, Organisation
from cohorts.schedule.time_zones import local_date
from cohorts.web.refusals import NotNow, NotYours
from cohorts.web.revisions import lock_revision, save_revision


@transaction.atomic
def follow_sponsors(*, organisation: Organisation, now: datetime) -> int:
    """End the pairings whose sponsor changed and open one for each enrolled leader who lacks it. Idempotent.

    Returns how many changed. A leader in two cohorts meets the sponsor of the newer one. Leaves no line in the audit
    trail: the change of sponsor has its own.
    """
    overtaken = list(_overtaken().select_for_update(no_key=True, of=("self",)))
    for pairing in overtaken:
        _end(pairing, now=now, organisation=organisation)
    missing = list(_without_pairing().values_list("pk", flat=True))
    list(Enrolment.objects.select_for_update(no_key=True).filter(pk__in=missing).order_by("pk").values_list("pk"))
    opened = _open(list(_without_pairing().filter(pk__in=missing)), organisation=organisation, now=now)
    return len(overtaken) + len(opened)


@transaction.atomic
def sponsor_pairing(*, enrolment: Enrolment, organisation: Organisation, by: Membership, now: datetime) -> Pairing:
    """The pairing of this leader and their present sponsor, opened now if the engine has not come by yet.

    The sponsor of an older cohort, which the leader is in, too, or has left, opens none: it would end the present one.
    """
    if enrolment.sponsor_id is None:
        raise NotNow(_("There is no sponsor here yet. A programme admin can name one."))
    if by.pk not in (enrolment.leader_id, enrolment.sponsor_id):
        raise NotYours(_("Only the two who meet can see this."))
    take_turns(enrolment)
    if own_enrolment(enrolment.leader) != enrolment:
        raise NotNow(
            _("%(name)s holds these 1:1s with the sponsor of a newer cohort, or has left this one.")
            % {"name": enrolment.leader.name}
        )
    theirs = Pairing.objects.active().filter(kind=PairingKind.SPONSOR, leader=enrolment.leader_id)
    for pairing in theirs.exclude(partner=enrolment.sponsor_id):
        _end(pairing, now=now, organisation=organisation)
    found = theirs.filter(partner=enrolment.sponsor_id).first()
    return found or _open([enrolment], organisation=organisation, now=now)[0]


@transaction.atomic
def end_pairing(
    *, pairing: Pairing, organisation: Organisation, by: Membership | None, now: datetime, **details: str | int
) -> None:
    """End it: planned talks are cancelled, and open actions of the partner wait for an owner. All of it stays readable.

    The caller has asked whether `by` may. `details` go to the audit trail.
    """
    lock_revision(pairing, None, "state")
    if pairing.state != PairingState.ACTIVE:
        return
    _end(pairing, now=now, organisation=organisation)
    record(by=by, verb="ended pairing", thing=pairing, now=now, **details)


@transaction.atomic
def change_cadence(
    *, pairing: Pairing, cadence_days: int, by: Membership, now: datetime, expected_revision: int | None = None
) -> None:
    """How often the two want to talk: either of them says it."""
    ensure_may_meet(by, pairing)
    ensure_cadence(cadence_days)
    lock_revision(pairing, expected_revision, "cadence_days", "last_held_on")
    if pairing.cadence_days == cadence_days:
        return
    due = _due(pairing, days_of(pairing), cadence_days=cadence_days)
    save_revision(pairing, cadence_days=cadence_days, due_on=due)
    record(by=by, verb="changed cadence", thing=pairing, now=now, days=cadence_days)


def note_held(pairing: Pairing) -> None:
    """Tell a locked pairing when the two last held a talk, and so when the next one is due."""
    days = days_of(pairing)
    last = pairing.sessions.filter(state=SessionState.HELD).order_by("-starts_at").first()
    zone = days.enrolment.zone if days.enrolment else pairing.leader.zone
    pairing.last_held_on = local_date(last.starts_at, zone) if last else None
    pairing.due_on = _due(pairing, days)
    pairing.save(update_fields=["last_held_on", "due_on"])


def refresh_due(*, pairings: QuerySet[Pairing] | None = None) -> int:
    """Move the due dates that days away have moved. Returns how many."""
    rows = list((Pairing.objects.all() if pairings is None else pairings).filter(state=PairingState.ACTIVE))
    days = days_by_pairing(rows)
    moved = []
    for pairing in rows:
        due = _due(pairing, days[pairing.pk])
        if due != pairing.due_on:
            pairing.due_on = due
            moved.append(pairing)
    Pairing.objects.bulk_update(moved, ["due_on"], batch_size=500)
    return len(moved)


def _newest() -> QuerySet[Enrolment]:
    """Each leader's current enrolment."""
    newer = (
        Enrolment.objects.active()
        .filter(leader=OuterRef("leader"))
        .filter(Q(day1_on__gt=OuterRef("day1_on")) | Q(day1_on=OuterRef("day1_on"), pk__gt=OuterRef("pk")))
    )
    return Enrolment.objects.active().filter(~Exists(newer))


def _overtaken() -> QuerySet[Pairing]:
    """Active pairings with somebody who is not the leader's sponsor any more."""
    still = _newest().filter(leader=OuterRef("leader"), sponsor=OuterRef("partner"))
    return Pairing.objects.active().filter(~Exists(still), kind=PairingKind.SPONSOR)


def _without_pairing() -> QuerySet[Enrolment]:
    paired = Pairing.objects.active().filter(
        kind=PairingKind.SPONSOR, leader=OuterRef("leader"), partner=OuterRef("sponsor")
    )
    return _newest().filter(~Exists(paired), sponsor__isnull=False)


def _open(enrolments: Sequence[Enrolment], *, organisation: Organisation, now: datetime) -> list[Pairing]:
    today = local_date(now, organisation.zone)
    opened = Pairing.objects.bulk_create(
        Pairing(kind=PairingKind.SPONSOR, leader_id=each.leader_id, partner_id=each.sponsor_id, starts_on=today)
        for each in enrolments
        if each.sponsor_id
    )
    refresh_due(pairings=Pairing.objects.filter(pk__in=[each.pk for each in opened]))
    return opened


def _end(pairing: Pairing, *, now: datetime, organisation: Organisation) -> None:
    ahead = pairing.sessions.filter(state=SessionState.PLANNED, starts_at__gt=now)
    planned = list(ahead.select_related("pairing__leader", "pairing__partner"))
    ahead.update(state=SessionState.CANCELLED, revision=F("revision") + 1)
    cancelled(*planned, now=now)
    Action.objects.open().filter(pairing=pairing, owner=pairing.partner_id).update(
        owner=None, revision=F("revision") + 1
    )
    today = local_date(now, organisation.zone)
    pairing.state, pairing.ends_on, pairing.due_on = PairingState.ENDED, max(today, pairing.starts_on), None
    pairing.revision += 1
    pairing.save(update_fields=["state", "ends_on", "due_on", "revision"])


def _due(pairing: Pairing, days: Days, *, cadence_days: int | None = None) -> date:
    return due_on(
        pairing.last_held_on or pairing.starts_on, cadence_days or pairing.cadence_days, days.away, days.works_on
    )
