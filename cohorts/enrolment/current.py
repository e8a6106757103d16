"""Where somebody walks: their newest place in a cohort, and the date it is there."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from cohorts.models import Clock, Enrolment, Membership
from cohorts.web.refusals import NotNow


def own_enrolment(membership: Membership) -> Enrolment | None:
    """The place the member walks now, or None. The newest one when somebody walks a second time."""
    mine = Enrolment.objects.active().filter(leader=membership).order_by("-day1_on", "-pk")
    return mine.select_related("leader", "sponsor", "cohort__version").first()


def own_clock(membership: Membership) -> Clock | None:
    """The cursor of the same place, with the place itself and the next step: all in one query."""
    mine = Clock.objects.filter(enrolment__leader=membership, enrolment__left_on=None)
    newest = mine.order_by("-enrolment__day1_on", "-enrolment__pk")
    return newest.select_related("enrolment__sponsor", "enrolment__cohort__version", "next_step").first()


def ensure_enrolment(membership: Membership) -> Enrolment:
    """The place the member walks now. Raises NotNow when there is none."""
    enrolment = own_enrolment(membership)
    if enrolment is None:
        raise NotNow(_("You are not in a cohort just now, so there is nothing to write here."))
    return enrolment


def date_at(enrolment: Enrolment, now: datetime) -> date:
    """The date on the leader's own calendar, which may differ from the date of where they sit in the organisation."""
    return now.astimezone(enrolment.zone).date()


def take_turns(enrolment: Enrolment) -> None:
    """Two taps at once: the second waits here for the first one's transaction, and then finds what it wrote."""
    Enrolment.objects.select_for_update(no_key=True).values_list("pk").get(pk=enrolment.pk)
