"""When what lists of the API show last changed, of rows that are there already: now. No table is rewritten."""

from django.db import migrations

from cohorts.tenancy.tracking import FUNCTIONS, dates_whole, tracked


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0028_address_corrections")]

    operations = [
        FUNCTIONS,
        tracked(
            "cohorts_person",
            "email",
        ),
        tracked(
            "cohorts_membership",
            "revision",
            "name",
            "roles",
            "manager_id",
            "zone",
            "suspended_at",
            "left_at",
        ),
        tracked(
            "cohorts_invitation",
            "accepted_at",
            "revoked_at",
        ),
        dates_whole("cohorts_membership", "cohorts_invitation", "membership_id"),
        tracked(
            "cohorts_curriculumversion",
            "number",
            "published_at",
            "title",
            "languages",
        ),
        tracked(
            "cohorts_cohort",
            "revision",
            "name",
            "version_id",
            "classroom_ends_on",
            "day1_on",
            "zone",
            "nudge_hour",
            "working_days",
            "holidays",
            "is_sending",
        ),
        tracked(
            "cohorts_enrolment",
            "revision",
            "cohort_id",
            "leader_id",
            "sponsor_id",
            "day1_on",
            "zone",
            "nudge_hour",
            "working_days",
            "rota_on",
            "rota_off",
            "rota_from",
            "channels",
            "last_practice_on",
            "left_on",
        ),
        dates_whole("cohorts_cohort", "cohorts_enrolment", "cohort_id"),
        tracked(
            "cohorts_pause",
            "enrolment_id",
            "starts_on",
            "ends_on",
        ),
        dates_whole("cohorts_enrolment", "cohorts_pause", "enrolment_id", when="OLD.enrolment_id IS NOT NULL"),
        dates_whole("cohorts_cohort", "cohorts_pause", "cohort_id", when="OLD.enrolment_id IS NULL"),
        tracked(
            "cohorts_nudge",
            "state",
            "reason",
            "due_at",
            "sent_at",
        ),
    ]
