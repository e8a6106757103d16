"""Time a sponsor keeps free for a leader: offered, and taken or not."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.models import ProtectedTime
from coaching.sponsoring.policies import ensure_is_leader, ensure_may_support
from coaching.sponsoring.rules import ensure_minutes, ensure_protected_on
from cohorts.audit import record
from cohorts.enrolment.current import date_at, take_turns
from cohorts.models import Enrolment, Membership
from cohorts.web.refusals import NotNow, NotYours
from cohorts.web.revisions import lock


@transaction.atomic
def offer_time(
    *, enrolment: Enrolment, on: date, minutes: int, key: UUID, by: Membership, now: datetime
) -> ProtectedTime:
    """Offer a leader time on a day. The same key again is the same offer."""
    ensure_may_support(by, enrolment)
    ensure_minutes(minutes)
    ensure_protected_on(on, today=date_at(enrolment, now))
    take_turns(enrolment)
    values = {"offered_by": by, "on": on, "minutes": minutes, "offered_at": now}
    time, is_new = ProtectedTime.objects.get_or_create(enrolment=enrolment, key=key, defaults=values)
    if is_new:
        record(by=by, verb="offered time", thing=time, now=now, on=str(on), minutes=minutes)
    return time


@transaction.atomic
def take_back_offer(*, time: ProtectedTime, by: Membership, now: datetime) -> None:
    """Undo an offer that the leader has not taken."""
    if time.offered_by_id != by.pk:
        raise NotYours(_("Only the one who offered it can take it back."))
    lock(time)
    if time.accepted_at is not None:
        raise NotNow(_("The leader has taken it already, so it’s in their plan."))
    record(by=by, verb="took back offered time", thing=time, now=now)
    time.delete()


@transaction.atomic
def answer_offer(*, time: ProtectedTime, is_taken: bool, by: Membership, now: datetime) -> None:
    """The leader takes the time, or not. The newest tap stands."""
    ensure_is_leader(by, time.enrolment)
    lock(time)
    time.accepted_at, time.declined_at = (now, None) if is_taken else (None, now)
    time.save(update_fields=["accepted_at", "declined_at"])
    record(by=by, verb="accepted time" if is_taken else "declined time", thing=time, now=now)


@transaction.atomic
def take_back_offer_answer(*, time: ProtectedTime, by: Membership, now: datetime) -> None:
    """Undo: the offer waits for an answer again."""
    ensure_is_leader(by, time.enrolment)
    lock(time)
    time.accepted_at = time.declined_at = None
    time.save(update_fields=["accepted_at", "declined_at"])
    record(by=by, verb="took back answer to offered time", thing=time, now=now)
