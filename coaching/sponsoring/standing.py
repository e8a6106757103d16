"""Where leaders stand in their ninety days, and since when they have the sponsor they have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from coaching.models import Pairing, PairingKind
from coaching.sponsoring.weeks import A_WEEK, open_weeks
from cohorts.models import Enrolment, Organisation
from cohorts.schedule.calendars import calendar_of, pauses_by_enrolment
from cohorts.schedule.path import Calendar


@dataclass(frozen=True, slots=True)
class SponsorStanding:
    """One leader's calendar, since when they have this sponsor, and when the two should talk next."""

    calendar: Calendar
    since: date
    talk_due_on: date | None = None

    def open_weeks(self, today: date) -> frozenset[int]:
        return open_weeks(self.calendar, self.since, today)


def standings_of(enrolments: Sequence[Enrolment], organisation: Organisation) -> dict[int, SponsorStanding]:
    """By enrolment. Two queries."""
    pauses = pauses_by_enrolment(enrolments)
    calendars = {each.pk: calendar_of(each, organisation, pauses.get(each.pk, ())) for each in enrolments}
    return standings_with(calendars, enrolments)


def standings_with(calendars: Mapping[int, Calendar], enrolments: Sequence[Enrolment]) -> dict[int, SponsorStanding]:
    """The same for calendars that were read already. One query.

    The sponsor's pairing says since when. Before it is opened, they count as the sponsor from the beginning.
    """
    leaders = [each.leader_id for each in enrolments]
    pairings = Pairing.objects.active().filter(kind=PairingKind.SPONSOR, leader__in=leaders)
    found = {(each.leader_id, each.partner_id): each for each in pairings}
    standings = {}
    for each in enrolments:
        pairing, calendar = found.get((each.leader_id, each.sponsor_id)), calendars[each.pk]
        start = calendar.day1 - A_WEEK
        since = max(pairing.starts_on, start) if pairing else start
        standings[each.pk] = SponsorStanding(calendar, since, pairing.due_on if pairing else None)
    return standings
