"""The days each member works, and where they are, for limits, reminders and invitations."""

from collections.abc import Iterable
from datetime import date

from cohorts.enrolment.current import current_enrolments
from cohorts.models import Cohort, Membership, Organisation
from cohorts.models.cohort import monday_to_friday
from cohorts.schedule.calendars import calendar_of, pauses_by_enrolment
from cohorts.schedule.closed_days import ClosedDays, closed_days
from cohorts.schedule.path import Calendar


def calendars_of(members: Iterable[Membership], organisation: Organisation) -> dict[int, Calendar]:
    """By member, the days they work: an enrolled leader's own, else Monday to Friday in the member's own zone.

    Those who are in no cohort follow the closed days of the newest cohort in their zone, or of the newest one.
    At most three queries.
    """
    everybody = {member.pk: member for member in members}
    enrolments = current_enrolments(everybody)
    pauses = pauses_by_enrolment(list(enrolments.values()))
    calendars = {key: calendar_of(each, organisation, pauses.get(each.pk, ())) for key, each in enrolments.items()}
    others = [member for member in everybody.values() if member.pk not in calendars]
    cohorts = list(Cohort.objects.order_by("-day1_on", "-pk")) if others else []
    return calendars | {member.pk: _office_days(member, cohorts, organisation) for member in others}


def calendar_of_member(member: Membership, organisation: Organisation) -> Calendar:
    return calendars_of([member], organisation)[member.pk]


def _office_days(member: Membership, cohorts: list[Cohort], organisation: Organisation) -> Calendar:
    near = next((cohort for cohort in cohorts if cohort.zone == member.zone), cohorts[0] if cohorts else None)
    return Calendar(
        day1=date.min,
        zone=member.zone,
        hour=member.digest_hour,
        working_days=frozenset(monday_to_friday()),
        holidays=closed_days(near) if near else ClosedDays(),
        quiet_from=organisation.quiet_from,
        quiet_until=organisation.quiet_until,
    )
