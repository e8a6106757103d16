"""Many leaders at once, for benches and fault tests: one cohort of an organisation, everybody's mail due now."""

from django.db import connection

from cohorts.models import Cohort, Organisation, Step
from cohorts.tenancy.wall import within
from tests import factories as make

ENROL = """
WITH people AS (
    INSERT INTO cohorts_person (email, language, theme, is_active, joined_at, password)
    SELECT 'leader' || n || '@crowd.test', 'en', 'auto', true, now(), '!' FROM generate_series(1, %(leaders)s) AS n
    RETURNING id
), members AS (
    INSERT INTO cohorts_membership (organisation_id, person_id, name, roles, zone, digest_hour, digest_weekday,
        digest_on, link_version)
    SELECT %(key)s, id, 'Åse Number ' || id, '{leader}', 'Europe/Oslo', '08:00', 1, true, 1 FROM people RETURNING id
)
INSERT INTO cohorts_enrolment (organisation_id, cohort_id, leader_id, day1_on, zone, nudge_hour, working_days,
    channels, cadence)
SELECT %(key)s, %(cohort)s, id, current_date - 10, 'Europe/Oslo', '09:00', '{1,2,3,4,5,6,7}', '{app,mail}', 2
FROM members
"""
WIND = """
INSERT INTO cohorts_clock (organisation_id, enrolment_id, next_at, next_on, next_day, next_step_id, next_step_day,
    is_next_core, channels, last_core_day, last_extra_day, is_held, is_simulated, is_finished)
SELECT %(key)s, id, now(), current_date, 11, %(step)s, 11, true, '{app,mail}', 0, 0, false, false, false
FROM cohorts_enrolment WHERE organisation_id = %(key)s
"""
SENTENCE = "Six kilobytes is what a nudge weighs with both of its parts. "
TEXT = {
    "en": {
        "title": "One good question before the shift",
        "why": SENTENCE * 4,
        "practice": SENTENCE * 3,
        "question": SENTENCE,
    }
}


def crowd(leaders: int, *, slug: str = "crowd") -> tuple[Organisation, Step]:
    """An organisation without quiet hours, with one cohort of so many leaders; no clock is wound yet."""
    organisation = make.OrganisationFactory(slug=slug, quiet_from="00:00", quiet_until="00:00")
    with within(organisation), connection.cursor() as cursor:
        version = make.CurriculumVersionFactory()
        step = make.StepFactory(version=version, day=11, text=TEXT)
        cohort: Cohort = make.CohortFactory(version=version)
        cursor.execute(ENROL, {"key": organisation.pk, "cohort": cohort.pk, "leaders": leaders})
    return organisation, step


def wind_clocks(organisation: Organisation, step: Step) -> None:
    """Everybody's next nudge is due now."""
    with within(organisation), connection.cursor() as cursor:
        cursor.execute(WIND, {"key": organisation.pk, "step": step.pk})
