"""The leader's current enrolment and local date."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from cohorts.models import Clock, Enrolment, Membership
from cohorts.schedule.time_zones import local_date
from cohorts.web.refusals import NotNow

TURNING = ("sponsor_id", "left_on", "cadence", "cadence_until")


def own_enrolment(membership: Membership) -> Enrolment | None:
    """The member's current enrolment, the newest one; None if there is none."""
    mine = Enrolment.objects.active().filter(leader=membership).order_by("-day1_on", "-pk")
    return mine.select_related("leader", "sponsor", "cohort__version").first()


def current_enrolments(members: Iterable[Membership | int]) -> dict[int, Enrolment]:
    """By leader, the current enrolment of each of these members who has one, with its cohort. One query."""
    theirs = Enrolment.objects.active().filter(leader__in=members).select_related("cohort")
    return {each.leader_id: each for each in theirs.order_by("day1_on", "pk")}


def own_clock(membership: Membership, **more: Any) -> Clock | None:
    """The clock of the current enrolment, with enrolment and next step, in one query.

    `more` are annotations: what a page asks about the same row.
    """
    mine = Clock.objects.filter(enrolment__leader=membership, enrolment__left_on=None)
    newest = mine.annotate(**more).order_by("-enrolment__day1_on", "-enrolment__pk")
    return newest.select_related("enrolment__sponsor", "enrolment__cohort__version", "next_step").first()


def ensure_enrolment(membership: Membership) -> Enrolment:
    """The member's current enrolment. Raises NotNow if there is none."""
    enrolment = own_enrolment(membership)
    if enrolment is None:
        raise not_in_a_cohort()
    return enrolment


def not_in_a_cohort() -> NotNow:
    return NotNow(_("You are not in a cohort at the moment, so there is nothing to log here."))


def date_at(enrolment: Enrolment, now: datetime) -> date:
    """The local date in the leader's own time zone."""
    return local_date(now, enrolment.zone)


def take_turns(enrolment: Enrolment) -> None:
    """Serialise writes of one leader: a second request waits here, then sees what the first wrote.

    Who their sponsor is, whether they have left and how often nudges come is read anew: ask policies afterwards.
    """
    now = Enrolment.objects.select_for_update(no_key=True).values(*TURNING).get(pk=enrolment.pk)
    for name, value in now.items():
        setattr(enrolment, name, value)
