"""Stop, and take it back; end what a coach or leader who left cannot go on with.

Why somebody stopped is a number that grows, nothing else: no row says which pairing, who or when. The address of Undo
carries the reason signed, so that taking it back takes the number back, too. The audit trail says that a pairing
ended and not by whom, so that nobody looks for somebody to blame.
"""

from dataclasses import astuple, dataclass
from datetime import date, datetime

from django.core import signing
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from coaching.calendars.clock import wake
from coaching.meetings.actions.pairings import end_pairing, refresh_due
from coaching.meetings.actions.sessions import restore_session
from coaching.mentors.actions.wishes import take_turns
from coaching.mentors.finding import has_room
from coaching.mentors.policies import ensure_may_stop
from coaching.mentors.stop_figures import quarter_of
from coaching.models import (
    Action,
    MentorKind,
    MentorProfile,
    MentorWish,
    Pairing,
    PairingState,
    Session,
    SessionState,
    StopCount,
    StopReason,
)
from coaching.models.mail import MAIL_DELAY
from cohorts.audit import record
from cohorts.models import Membership, Organisation, Role
from cohorts.schedule.time_zones import local_date
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock, save_revision

UNDO_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Stopped:
    """What stopping changed, for Undo."""

    actions: tuple[int, ...]
    sessions: tuple[int, ...]
    reason: str
    quarter: str


@transaction.atomic
def stop(*, pairing: Pairing, reason: str, by: Membership, organisation: Organisation, now: datetime) -> Stopped:
    """End it for both, from now. What was written stays; what the partner had agreed to do waits for an owner."""
    ensure_may_stop(by, pairing)
    if reason:
        ensure_choice("reason", reason, StopReason.values)
    lock(pairing)
    if pairing.state != PairingState.ACTIVE:
        raise NotNow(_("This has ended already."))
    theirs = Action.objects.open().filter(pairing=pairing, owner=pairing.partner_id)
    ahead = Session.objects.filter(pairing=pairing, state=SessionState.PLANNED, starts_at__gt=now)
    quarter = quarter_of(local_date(now, organisation.zone))
    stopped = Stopped(
        tuple(theirs.values_list("pk", flat=True)),
        tuple(ahead.values_list("pk", flat=True)),
        reason,
        quarter.isoformat(),
    )
    end_pairing(pairing=pairing, organisation=organisation, by=None, now=now)
    wake(now + MAIL_DELAY)
    if reason:
        StopCount.objects.bulk_create([StopCount(quarter_on=quarter, reason=reason)], ignore_conflicts=True)
        StopCount.objects.filter(quarter_on=quarter, reason=reason).update(number=F("number") + 1)
    return stopped


@transaction.atomic
def go_on(*, pairing: Pairing, stopped: Stopped, by: Membership, now: datetime) -> None:
    """Undo of stopping, while the place is free and the leader has nobody else. Idempotent."""
    ensure_may_stop(by, pairing)
    profile = MentorProfile.objects.filter(member=pairing.partner_id).first()
    if profile is not None:
        lock(profile)
    take_turns(pairing.leader)
    lock(pairing)
    if pairing.state != PairingState.ENDED:
        return
    others = Pairing.objects.active().filter(leader=pairing.leader_id, kind=pairing.kind)
    is_full = profile is not None and not has_room(profile)
    if is_full or others.exists():
        raise NotNow(_("The place has gone to someone else in the meantime. What you wrote stays yours to read."))
    save_revision(pairing, state=PairingState.ACTIVE, ends_on=None)
    refresh_due(pairings=Pairing.objects.filter(pk=pairing.pk))
    Action.objects.open().filter(pk__in=stopped.actions, pairing=pairing, owner=None).update(
        owner=pairing.partner_id, revision=F("revision") + 1
    )
    for session in Session.objects.filter(pk__in=stopped.sessions, pairing=pairing, state=SessionState.CANCELLED):
        session.pairing = pairing
        restore_session(session=session, by=by, now=now)
    if stopped.reason:
        counted = StopCount.objects.filter(quarter_on=date.fromisoformat(stopped.quarter), reason=stopped.reason)
        counted.filter(number__gt=0).update(number=F("number") - 1)
    record(by=None, verb="took up pairing again", thing=pairing, now=now)


def undo_token(stopped: Stopped, *, pairing: Pairing, by: Membership) -> str:
    return signing.dumps(astuple(stopped), salt=_salt(pairing, by), compress=True)


def read_undo(token: str, *, pairing: Pairing, by: Membership) -> Stopped:
    """What a token says. Raises NotNow when it is another's, damaged or older than a day."""
    try:
        actions, sessions, reason, quarter = signing.loads(token, salt=_salt(pairing, by), max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise NotNow(_("It is too late to take this back.")) from error
    return Stopped(tuple(actions), tuple(sessions), reason, quarter)


def end_of_those_who_left(*, organisation: Organisation, now: datetime) -> int:
    """End pairings with a coach or leader who has left or is no coach any more. What was written stays. Idempotent."""
    gone = Q(partner__left_at__isnull=False) | Q(leader__left_at__isnull=False) | Q(partner__person__is_active=False)
    gone |= ~Q(partner__roles__contains=[Role.COACH])
    theirs = Pairing.objects.filter(gone, kind__in=MentorKind.values).select_related("partner", "leader")
    ended = 0
    for pairing in theirs.filter(state=PairingState.ACTIVE).order_by("pk"):
        end_pairing(pairing=pairing, organisation=organisation, by=None, now=now)
        ended += 1
    for pairing in theirs.filter(state=PairingState.REQUESTED).order_by("pk"):
        with transaction.atomic():
            lock(pairing)
            if pairing.state == PairingState.REQUESTED:
                save_revision(pairing, state=PairingState.WITHDRAWN)
                ended += 1
    MentorWish.objects.filter(leader__left_at__isnull=False).delete()
    return ended


def _salt(pairing: Pairing, by: Membership) -> str:
    return f"coaching.stop:{pairing.organisation_id}:{pairing.pk}:{by.pk}"
