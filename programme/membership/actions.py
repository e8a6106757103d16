"""Remove a member, or leave: each app lets go of what it holds, in one transaction with the floor's part."""

from datetime import datetime

from django.db import transaction

from coaching.calendars import clock
from coaching.calendars.actions.feed import end_feed
from coaching.mentors.actions.stopping import end_of_those_who_left
from coaching.models import Booking, VisitState
from coaching.models.visiting import LIVE
from coaching.visiting.actions.bookings import leave as leave_visit
from cohorts.enrolment.actions.enrolments import leave as leave_cohort
from cohorts.enrolment.current import date_at
from cohorts.models import Enrolment, Membership, Organisation
from cohorts.people.actions.access import end_membership
from cohorts.people.ownership import ensure_an_owner_stays
from cohorts.people.policies import ensure_may_end
from cohorts.web.refusals import NotNow
from feedback360.rounds.actions.nominations import end_asking
from goals.teams.actions.links import close_links_of
from programme.membership.consequences import handed_over_first
from programme.membership.facts import facts_of


@transaction.atomic
def end_everything(*, member: Membership, by: Membership, organisation: Organisation, now: datetime) -> None:
    """Removal by an admin, or the member's own leaving. Idempotent.

    Raises NotNow for the last owner and for what somebody else has to take over first, NotYours for an owner removed by
    an admin.
    """
    ensure_an_owner_stays(member)
    ensure_may_end(by, member)
    member.refresh_from_db()
    if member.left_at is not None:
        return
    if first := handed_over_first(facts_of(member, now=now)):
        raise NotNow(" ".join(first))
    for booking in Booking.objects.filter(
        guest=member, state__in=LIVE, visit__state=VisitState.OPEN, visit__starts_at__gt=now
    ).select_related("visit__host__member", "guest__person"):
        leave_visit(booking=booking, by=member, now=now)
    end_asking(member=member, now=now)
    end_feed(member=member, now=now)
    close_links_of(leader=member, now=now)
    for enrolment in Enrolment.objects.active().filter(leader=member).select_related("cohort"):
        leave_cohort(enrolment=enrolment, on=date_at(enrolment, now), by=by, now=now)
    end_membership(member=member, by=by, now=now)
    end_of_those_who_left(organisation=organisation, now=now)
    clock.wake(now)
