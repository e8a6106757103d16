"""How a leader feels supported by their sponsor: asked twice, answered once each time."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.models import Moment, SupportAnswer
from coaching.sponsoring.felt_support import ITEMS
from coaching.sponsoring.policies import ensure_has_sponsor, ensure_is_leader
from coaching.sponsoring.rules import ensure_items
from coaching.sponsoring.support_moments import moment_on
from coaching.sponsoring.thresholds import smallest_group
from cohorts.enrolment.current import date_at, take_turns
from cohorts.models import Enrolment, Membership, Organisation
from cohorts.schedule.calendars import calendar_of, pauses_of
from cohorts.web.refusals import NotNow


@transaction.atomic
def answer_support(
    *, enrolment: Enrolment, items: Mapping[str, int], organisation: Organisation, by: Membership, now: datetime
) -> SupportAnswer:
    """Answer all five items. The first answer of a moment stands: a figure may hold it already. No audit line."""
    ensure_is_leader(by, enrolment)
    sponsor = ensure_has_sponsor(enrolment)
    ensure_items(items)
    moment = open_moment(enrolment, organisation, now)
    if not moment:
        raise NotNow(_("You are asked half-way and at the end. Nothing is open right now."))
    take_turns(enrolment)
    values = {name: items[name] for name in ITEMS} | {
        "sponsor": sponsor,
        "threshold": smallest_group(),
        "answered_at": now,
    }
    answer, _is_new = SupportAnswer.objects.get_or_create(enrolment=enrolment, moment=moment, defaults=values)
    return answer


def open_moment(enrolment: Enrolment, organisation: Organisation, now: datetime) -> str:
    calendar = calendar_of(enrolment, organisation, pauses_of(enrolment))
    moment = moment_on(calendar, date_at(enrolment, now))
    return Moment(moment).value if moment else ""
