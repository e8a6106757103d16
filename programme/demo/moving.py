"""The demo cohort that began with an earlier version of its curriculum goes on with the standard one."""

from datetime import date, datetime

from cohorts.curriculum.actions.versions import move_cohort, newer_versions
from cohorts.curriculum.rows import load_curriculum
from cohorts.models import Cohort
from programme.demo.acting import first_admin
from programme.demo.people import Company


def move(company: Company, on: date, now: datetime) -> None:
    """On the first evening of its week, publish the standard version and move the cohorts to it."""
    if not company.moves_in_week:
        return
    for cohort in Cohort.objects.select_related("version__curriculum"):
        if (on - cohort.day1_on).days == 7 * (company.moves_in_week - 1):
            load_curriculum(now=now)
            for version in newer_versions(cohort)[:1]:
                move_cohort(cohort=cohort, version=version, by=first_admin(), now=now)
