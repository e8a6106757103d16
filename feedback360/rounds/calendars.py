"""The calendar a round keeps to: its cohort's, with the organisation's quiet hours."""

from dataclasses import replace

from cohorts.models import Cohort, Organisation
from cohorts.schedule.milestone_calendar import Diary, diary_of
from cohorts.schedule.path import Calendar


def round_calendar(cohort: Cohort, organisation: Organisation, diary: Diary | None = None) -> Calendar:
    """A caller that has read the diary hands it over."""
    calendar = (diary or diary_of(organisation, [cohort])).calendar(cohort)
    return replace(calendar, quiet_from=organisation.quiet_from, quiet_until=organisation.quiet_until)
