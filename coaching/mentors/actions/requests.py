"""Ask a mentor, answer, take back, let lapse; and hand a free place to the leader who waited longest.

A place is taken by a request or an active pairing. Everything that takes or frees one holds the mentor's profile, so
that two at once see each other: the second reads what the first wrote.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.calendars.clock import wake
from coaching.calendars.members import calendar_of_member
from coaching.calendars.working_time import add_working_hours, working_hours_between
from coaching.meetings.actions.pairings import refresh_due
from coaching.mentors.actions.wishes import may_take_turns, take_turns, wait
from coaching.mentors.finding import barrier_between, has_room, place_in_queue, queue_of, with_room
from coaching.mentors.mail_names import ANSWERED, ASKED
from coaching.mentors.matching import Barrier
from coaching.mentors.policies import ensure_asked, ensure_asker
from coaching.mentors.refusal_words import why_not
from coaching.mentors.rules import ensure_words
from coaching.models import (
    CoachingMail,
    MentorKind,
    MentorProfile,
    MentorRequest,
    MentorWish,
    Pairing,
    PairingState,
)
from coaching.models.mail import MAIL_DELAY
from cohorts.audit import record
from cohorts.models import Membership, Organisation
from cohorts.schedule.time_zones import local_date
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock, save_revision

ANSWER_WITHIN_WORKING_HOURS = 5 * 8
LAPSES_BEFORE_CLOSING = 2


@dataclass(frozen=True, slots=True)
class AskOutcome:
    """A request that waits for the mentor, or a place in the queue."""

    request: MentorRequest | None = None
    queue_place: int = 0


@transaction.atomic
def ask(*, profile: MentorProfile, words: str, by: Membership, organisation: Organisation, now: datetime) -> AskOutcome:
    """Ask a mentor; without a free place the leader stands in the queue and is asked on when one is free."""
    ensure_words("words", words)
    lock(profile)
    take_turns(by)
    _ensure_possible(by, profile)
    if _is_asking(by):
        raise NotNow(_("You have asked someone already. Wait for the answer, or take that request back first."))
    ahead = queue_of(profile).exclude(leader=by).count()
    if ahead or not has_room(profile):
        wish = wait(profile=profile, words=words, leader=by, now=now)
        return AskOutcome(queue_place=place_in_queue(wish))
    request = _request(profile, by, words, organisation=organisation, now=now)
    MentorWish.objects.filter(leader=by, profile=profile).update(waiting_since=None, words=words.strip())
    record(by=by, verb="asked mentor", thing=request.pairing, now=now)
    return AskOutcome(request=request)


@transaction.atomic
def take_back(*, request: MentorRequest, by: Membership, now: datetime) -> None:
    """The leader takes a request back before it is answered. The place is free again."""
    ensure_asker(by, request)
    _lock_both(request)
    _ensure_unanswered(request)
    _close(request, PairingState.WITHDRAWN, now=now)
    record(by=by, verb="took request back", thing=request.pairing, now=now)


@transaction.atomic
def accept(
    *, request: MentorRequest, answer: str, by: Membership, organisation: Organisation, now: datetime
) -> Pairing:
    """Say yes: the pairing is active from today. Raises NotNow if all places are taken by people they work with."""
    ensure_asked(by, request)
    ensure_words("answer", answer)
    profile = _lock_both(request)
    _ensure_unanswered(request)
    pairing = request.pairing
    active = Pairing.objects.active().filter(partner=by, kind__in=MentorKind.values)
    if active.count() >= profile.places:
        raise NotNow(_("All your places are taken. Open one more in your profile, or decline this one."))
    if Pairing.objects.active().filter(leader=pairing.leader_id, kind=pairing.kind).exists():
        raise NotNow(_("They have found someone else in the meantime."))
    save_revision(pairing, state=PairingState.ACTIVE, starts_on=local_date(now, organisation.zone))
    refresh_due(pairings=Pairing.objects.filter(pk=pairing.pk))
    _answer(request, answer, organisation=organisation, now=now)
    _tell(pairing.leader, ANSWERED, request, now=now)
    MentorWish.objects.filter(leader=pairing.leader_id, profile__kind=pairing.kind).delete()
    record(by=by, verb="accepted request", thing=pairing, now=now)
    return pairing


@transaction.atomic
def decline(*, request: MentorRequest, answer: str, by: Membership, organisation: Organisation, now: datetime) -> None:
    """Say no. The leader can ask their next wish."""
    ensure_asked(by, request)
    ensure_words("answer", answer)
    _lock_both(request)
    _ensure_unanswered(request)
    _close(request, PairingState.DECLINED, now=now)
    _answer(request, answer, organisation=organisation, now=now)
    MentorWish.objects.filter(leader=request.pairing.leader_id, profile=request.profile_id).delete()
    record(by=by, verb="declined request", thing=request.pairing, now=now)


@transaction.atomic
def answer_again(*, request: MentorRequest, by: Membership, now: datetime) -> None:
    """Undo of declining: the request waits for an answer again, unless the place is gone or the leader asked on."""
    ensure_asked(by, request)
    profile = _lock_both(request)
    if request.pairing.state != PairingState.DECLINED:
        return
    if _is_asking(request.pairing.leader) or not has_room(profile):
        raise NotNow(_("The place has gone to someone else, or they have asked someone else. Nothing was changed."))
    save_revision(request.pairing, state=PairingState.REQUESTED)
    request.answered_at, request.took_hours, request.answer = None, None, ""
    request.save(update_fields=["answered_at", "took_hours", "answer"])
    record(by=by, verb="took answer back", thing=request.pairing, now=now)


def lapse_requests(*, now: datetime) -> int:
    """Give unanswered requests back to their leaders; after two, their mentor takes nobody for now. Idempotent."""
    waiting = MentorRequest.objects.filter(pairing__state=PairingState.REQUESTED, answer_by__lte=now)
    lapsed = 0
    for request in waiting.select_related("pairing", "profile").order_by("profile", "pk"):
        with transaction.atomic():
            profile = _lock_both(request)
            if request.pairing.state != PairingState.REQUESTED:
                continue
            _close(request, PairingState.LAPSED, now=now)
            MentorRequest.objects.filter(pk=request.pk).update(took_hours=ANSWER_WITHIN_WORKING_HOURS)
            record(by=None, verb="request lapsed", thing=request.pairing, now=now)
            if profile.is_accepting and lapses_of(profile) >= LAPSES_BEFORE_CLOSING:
                save_revision(profile, is_accepting=False)
                record(by=None, verb="closed for requests", thing=profile, now=now)
            lapsed += 1
    return lapsed


def lapses_of(profile: MentorProfile) -> int:
    """Requests nobody answered since the mentor last began to take people."""
    mine = MentorRequest.objects.filter(profile=profile, asked_at__gte=profile.opened_at)
    return mine.filter(pairing__state=PairingState.LAPSED).count()


def ask_on(*, organisation: Organisation, now: datetime) -> int:
    """Ask for the first in each queue where a place is free. Returns how many requests were made. Idempotent."""
    waited_for = MentorWish.objects.filter(waiting_since__isnull=False).values("profile")
    asked = 0
    for profile in with_room(MentorProfile.objects.offered().filter(pk__in=waited_for, is_accepting=True)).order_by(
        "pk"
    ):
        with transaction.atomic():
            lock(profile)
            asked += _ask_for_the_first(profile, organisation=organisation, now=now)
    return asked


def _ask_for_the_first(profile: MentorProfile, *, organisation: Organisation, now: datetime) -> int:
    asked = 0
    for wish in queue_of(profile).select_related("leader__person"):
        if not has_room(profile):
            break
        if not may_take_turns(wish.leader):
            continue
        if wish.leader.suspended_at is not None:  # keeps the place in the line until they are back
            continue
        if wish.leader.left_at is not None or barrier_between(wish.leader, profile):
            MentorWish.objects.filter(pk=wish.pk).update(waiting_since=None)
            continue
        request = _request(profile, wish.leader, wish.words, organisation=organisation, now=now)
        MentorWish.objects.filter(pk=wish.pk).update(waiting_since=None)
        record(by=None, verb="asked mentor", thing=request.pairing, now=now)
        asked += 1
    return asked


def _request(
    profile: MentorProfile, leader: Membership, words: str, *, organisation: Organisation, now: datetime
) -> MentorRequest:
    pairing = Pairing.objects.create(
        kind=profile.kind,
        leader=leader,
        partner_id=profile.member_id,
        state=PairingState.REQUESTED,
        cadence_days=profile.cadence_days,
        starts_on=local_date(now, organisation.zone),
    )
    calendar = calendar_of_member(profile.member, organisation)
    answer_by = add_working_hours(now, ANSWER_WITHIN_WORKING_HOURS, calendar)
    request = MentorRequest.objects.create(
        pairing=pairing, profile=profile, words=words.strip(), asked_at=now, answer_by=answer_by
    )
    wake(answer_by)
    _tell(profile.member, ASKED, request, now=now)
    return request


def _ensure_possible(leader: Membership, profile: MentorProfile) -> None:
    what = barrier_between(leader, profile)
    if what not in (None, Barrier.FULL):
        raise NotNow(why_not(what))


def _is_asking(leader: Membership) -> bool:
    return Pairing.objects.filter(leader=leader, state=PairingState.REQUESTED).exists()


def _lock_both(request: MentorRequest) -> MentorProfile:
    """The profile first, then the leader: the next to get them sees what happened, and whom else they asked."""
    profile = request.profile
    lock(profile)
    take_turns(request.pairing.leader)
    lock(request.pairing)
    return profile


def _ensure_unanswered(request: MentorRequest) -> None:
    if request.pairing.state != PairingState.REQUESTED:
        raise NotNow(_("This request is not waiting any more."))


def _close(request: MentorRequest, state: PairingState, *, now: datetime) -> None:
    """Free the place. Who waits for it hears after the time for Undo."""
    save_revision(request.pairing, state=state)
    wake(now + MAIL_DELAY)
    if state != PairingState.WITHDRAWN:
        _tell(request.pairing.leader, ANSWERED, request, now=now)


def _tell(member: Membership, kind: str, request: MentorRequest, *, now: datetime) -> None:
    at = now + MAIL_DELAY
    mail = CoachingMail(recipient=member, kind=kind, about=request.pk, due_at=at, not_before=at)
    CoachingMail.objects.bulk_create([mail], ignore_conflicts=True)


def _answer(request: MentorRequest, answer: str, *, organisation: Organisation, now: datetime) -> None:
    calendar = calendar_of_member(request.profile.member, organisation)
    request.answer, request.answered_at = answer.strip(), now
    request.took_hours = working_hours_between(request.asked_at, now, calendar)
    request.save(update_fields=["answer", "answered_at", "took_hours"])
