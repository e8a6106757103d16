"""The dates of a round as stored, and the calendar it keeps to."""

from dataclasses import replace

from cohorts.models import Cohort, Organisation
from cohorts.schedule.milestone_calendar import Diary, diary_of
from cohorts.schedule.path import Calendar
from feedback360.models import Round
from feedback360.rounds.timetable import Timetable


def round_calendar(cohort: Cohort, organisation: Organisation, diary: Diary | None = None) -> Calendar:
    """The cohort's calendar with the organisation's quiet hours. A caller that has read the diary hands it over."""
    calendar = (diary or diary_of(organisation, [cohort])).calendar(cohort)
    return replace(calendar, quiet_from=organisation.quiet_from, quiet_until=organisation.quiet_until)


def timetable_of(round_: Round) -> Timetable:
    return Timetable(round_.nominates_at, round_.opens_at, round_.reminds_at, round_.closes_at, round_.releases_at)
